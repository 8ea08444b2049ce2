"""A library in a folder that nobody can write, root included: a mount without write access in a namespace."""

from __future__ import annotations

from pathlib import Path

from tests.proofs.kit import LEASE, RENT, RENT_IS, Room, Terminal, fingerprints


def test_every_command_on_a_read_only_store_says_that_it_is_read_only_and_changes_nothing(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.write("lease.md", LEASE)
    terminal.write("tides.txt", "The tide at Fundy rises sixteen metres.\n")
    terminal.run("add", "lease.md")
    terminal.end_owner()
    before = fingerprints(terminal.store)
    room = Room(tmp_path, "mount --bind .assay .assay", "mount -o remount,bind,ro .assay")
    inside = Terminal(tmp_path, prefix=room.prefix)
    refused = inside.all_refused(
        ["ask", RENT],
        ["search", "rent"],
        ["list"],
        ["add", "tides.txt"],
        ["remove", "lease.md", "--yes"],
        ["doctor"],
        ["doctor", "--repair"],
        ["migrate"],
        ["init", ".assay/other"],
    )
    for command, message in refused.items():
        assert "cannot be written" in message and "read-only" in message, command
        assert "Check the permissions of the folder" in message, command
    room.close()
    assert fingerprints(terminal.store) == before
    assert RENT_IS in terminal.run("ask", RENT)
    terminal.end_owner()


def test_documents_in_a_read_only_folder_are_added_to_a_store_elsewhere(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.write("papers/lease.md", LEASE)
    room = Room(tmp_path, "mount --bind papers papers", "mount -o remount,bind,ro papers")
    inside = Terminal(tmp_path, prefix=room.prefix)
    assert "1 added" in inside.run("add", "papers")
    room.close()
    terminal.end_owner()
