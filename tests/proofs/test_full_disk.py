"""A full disk, a real one: a small file system in a namespace of its own. What was acknowledged stays; then there is
room again and the work goes on."""

from __future__ import annotations

import shutil
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
        disk.write(f"big/d{number}.txt", f"Marker{number}x stands here.\n\n" + prose(number, 500))

    disk.resize(disk.used_kb() + SAFE_MB * 1024)
    told = disk.refused("add", "big")
    assert "no room left on the disk" in told and "next: Free some space" in told
    kept = disk.titles()
    assert "Lease" in kept and 1 <= len(kept) <= FILES, "the disk must be full in the middle of the job"
    assert RENT_IS in disk.run("ask", RENT)

    disk.resize(disk.used_kb())
    for command in (("ask", RENT), ("add", "lease.md"), ("list",), ("doctor",)):
        assert "no room left on the disk" in disk.refused(*command), command

    disk.resize(2 << 20)
    assert disk.titles() == kept
    resumed = disk.json("add", "--resume")
    assert resumed["failed"] == 0 and resumed["added"] + len(kept) + resumed["unchanged"] >= FILES + 1
    assert len(disk.titles()) == FILES + 1
    assert disk.json("add", "big")["unchanged"] == FILES
    assert "Marker9x stands here" in disk.run("ask", "What stands at Marker9x?")
    assert RENT_IS in disk.run("ask", RENT)
    assert disk.run("doctor").endswith("healthy")


def test_a_library_is_not_begun_on_a_full_disk_and_begun_once_there_is_room(disk: SmallDisk) -> None:
    disk.write("lease.md", LEASE)
    disk.resize(30 * 1024)
    assert "no room left on the disk" in disk.refused("add", "lease.md")
    disk.resize(2 << 20)
    assert "1 added" in disk.run("add", "lease.md")
    assert RENT_IS in disk.run("ask", RENT)


def test_the_command_that_starts_a_library_says_so_on_a_full_disk(disk: SmallDisk) -> None:
    disk.resize(4)
    assert shutil.which("nsenter")
    assert "no room left on the disk" in disk.refused("init", ".assay/new")
