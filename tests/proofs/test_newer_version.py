"""A store that a newer version wrote: every command refuses it, names the newer version, and touches not a byte."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assay.store import edge_settings, migrations
from tests.proofs.kit import LEASE, RENT, Terminal, fingerprints


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a library with one document, nothing running."""
    terminal = Terminal(tmp_path_factory.mktemp("newer"))
    terminal.write("lease.md", LEASE)
    terminal.run("add", "lease.md")
    terminal.end_owner()
    yield terminal.folder


def newer_catalogue(store: Path) -> str:
    number, name = len(migrations.MIGRATIONS) + 1, "m999_of_the_future"
    with closing(sqlite3.connect(store / "catalogue.sqlite3")) as catalogue:
        catalogue.execute("INSERT INTO schema_version VALUES (?, ?, '2099-01-01T00:00:00Z')", (number, name))
        catalogue.commit()
        catalogue.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return name


def newer_index(store: Path) -> str:
    (file,) = store.glob("index/gen-*/index.json")
    told = json.loads(file.read_text("utf-8"))
    assert told["format"] == edge_settings.FORMAT
    file.write_text(json.dumps({**told, "format": edge_settings.FORMAT + 1}), "utf-8")
    return "index"


@pytest.mark.parametrize("change", [newer_catalogue, newer_index])
@pytest.mark.parametrize("mode", ["owner", "embedded"])
def test_a_store_of_a_newer_version_is_refused_by_every_command_and_not_touched(
    made: Path, tmp_path: Path, change: Callable[[Path], str], mode: str
) -> None:
    shutil.copytree(made, tmp_path / "copy")
    terminal = Terminal(tmp_path / "copy", assay_store_mode=mode)
    named = change(terminal.store)
    before = fingerprints(terminal.store)
    terminal.write("tides.txt", "The tide at Fundy rises sixteen metres.\n")
    refused = terminal.all_refused(
        ["ask", RENT],
        ["search", "rent"],
        ["list"],
        ["add", "tides.txt"],
        ["remove", "lease.md", "--yes"],
        ["doctor"],
        ["doctor", "--repair"],
        ["migrate", "--rebuild"],
        ["backup", "library.tar"],
    )
    for command, message in refused.items():
        assert "newer version" in message and named in message, (command, message)
        assert "Install the newer version" in message, (command, message)
    assert fingerprints(terminal.store) == before
    assert not (terminal.folder / "library.tar").exists()
