"""A full disk, a real one: a small file system in a namespace of its own. What was acknowledged stays; then there is
room again and the work goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.kit import LEASE, RENT, RENT_IS, Room, Terminal, prose

FILES = 16
SAFE_MB = 72
"""Room for a few batches above the 64 MB that the index keeps free so that it never writes into a full disk."""


class SmallDisk(Terminal):
    """A terminal whose folder `.assay` is a file system of a size that can be changed."""

    def __init__(self, folder: Path) -> None:
        self.room = Room(folder, "mkdir .assay", "mount -t tmpfs -o size=120m small .assay")
        super().__init__(folder, prefix=self.room.prefix)

    def used_kb(self) -> int:
        """How much is written."""
        return int(self.room.run("df", "--output=used", "-k", ".assay").split()[-1])

    def resize(self, kilobytes: int) -> None:
        """Make it larger or smaller; never smaller than what is written."""
        self.room.run("mount", "-o", f"remount,size={kilobytes}k", ".assay")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    made = SmallDisk(tmp_path)
    yield made
    made.room.close()


def test_on_a_full_disk_nothing_acknowledged_is_lost_and_the_work_goes_on_once_there_is_room(disk: SmallDisk) -> None:
    disk.write("lease.md", LEASE)
    disk.run("add", "lease.md")
    for number in range(FILES):
        disk.write(
            f"big/d{number}.txt", f"The warden of Dock{number} is Ondine Karsk{number}.\n\n" + prose(number, 500)
        )

    disk.resize(disk.used_kb() + SAFE_MB * 1024)
    told = disk.refused("add", "big")
    assert "no room left on the disk" in told and "next: Free some space" in told
    listed, answered = disk.all_run(["list", "--json"], ["ask", RENT])
    kept = titles(listed)
    assert "Lease" in kept and len(kept) < FILES, "the disk must become full while the job is at work"
    assert RENT_IS in answered

    disk.resize(disk.used_kb())
    refused = disk.all_refused(["ask", RENT], ["search", "rent"], ["add", "big"], ["list"], ["doctor"])
    assert all("no room left on the disk" in message and "Free some space" in message for message in refused.values())

    disk.resize(2 << 20)
    resumed = disk.json("add", "--resume")
    assert resumed["failed"] == 0 and resumed["added"] >= FILES + 1 - len(kept)
    listed, again, answered, seen = disk.all_run(
        ["list", "--json"], ["add", "big", "--json"], ["ask", "Who is the warden of Dock9?"], ["doctor"]
    )
    assert kept < titles(listed) and len(titles(listed)) == FILES + 1
    assert json.loads(again)["unchanged"] == FILES
    assert "Ondine Karsk9" in answered
    assert seen.endswith(" healthy")


def titles(listed: str) -> set[str]:
    return {str(item["title"]) for item in json.loads(listed)}


def test_a_library_that_could_not_be_begun_is_begun_by_the_same_command_once_there_is_room(disk: SmallDisk) -> None:
    disk.resize(64)
    assert "no room left on the disk" in disk.refused("init", ".assay/library")
    disk.resize(2 << 20)
    assert "library ready" in disk.run("init", ".assay/library")
