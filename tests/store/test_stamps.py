"""A stamp is another one after every write, copy or change of times, and counts in one run of the machine only."""

from __future__ import annotations

import mmap
import os
import shutil
import time
from pathlib import Path

from assay.store.stamps import settled, stamps

SECOND = 1_000_000_000


def old(place: Path) -> Path:
    """Wait until the next write gets another time."""
    while not settled(stamps(place.parent)[place.name], time.time_ns()):
        time.sleep(0.005)
    return place


def test_a_write_a_copy_and_times_set_back_all_show(tmp_path: Path) -> None:
    place = tmp_path / "page"
    place.write_bytes(b"first")
    first = stamps(tmp_path)["page"]
    assert stamps(tmp_path)["page"] == first
    old(place).write_bytes(b"other")
    second = stamps(tmp_path)["page"]
    os.utime(old(place), ns=(first[1], first[1]))
    back = stamps(tmp_path)["page"]
    shutil.copy2(place, tmp_path / "copy")
    assert len({first, second, back, stamps(tmp_path)["copy"]}) == 4
    assert back[1] == first[1], "the time of writing was set back, and yet the stamp is another one"


def test_a_write_through_mapped_memory_shows(tmp_path: Path) -> None:
    place = tmp_path / "page"
    place.write_bytes(bytes(8192))
    with place.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        mapped[0] = 1
        mapped.flush()
        first = stamps(tmp_path)["page"]
        old(place)
        mapped[1] = 1
        mapped.flush()
        assert stamps(tmp_path)["page"] != first


def test_files_of_folders_within_are_named_by_their_path(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_bytes(b"123")
    assert [(path, stamp[0]) for path, stamp in stamps(tmp_path).items()] == [("a/b/c", 3)]


def test_a_file_that_was_changed_within_a_tick_of_the_clock_has_not_settled() -> None:
    changed = 1_700_000_000 * SECOND + 5
    assert not settled((1, 0, changed, 7), changed + SECOND // 100)
    assert settled((1, 0, changed, 7), changed + SECOND // 10)


def test_whole_seconds_are_taken_for_a_coarse_clock() -> None:
    changed = 1_700_000_000 * SECOND
    assert not settled((1, 0, changed, 7), changed + SECOND)
    assert settled((1, 0, changed, 7), changed + 3 * SECOND)
