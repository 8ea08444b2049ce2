"""Seals: what was not touched is not read again, what was touched is, and `doctor` reads everything."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from assay.errors import StoreDamaged
from assay.store import checksums
from assay.store.checksums import SEAL, read_seal, survey
from assay.store.edge import EdgeIndex
from assay.store.stamps import boot, settled
from tests.store.index_kit import point, query, settings

pytestmark = pytest.mark.skipif(not boot(), reason="the system does not name its run, so every file is always read")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sealed index, all of whose files have settled: one segment that was built, one that takes points."""
    place = tmp_path / "gen-000001"
    index = EdgeIndex.create(place, settings().changed(indexing_kb=32))
    index.upsert([point(key) for key in range(1, 1201)])
    assert index.optimise(0)
    index.upsert([point(key) for key in range(1201, 1301)])
    index.close()
    settle(place)
    EdgeIndex.open(place).close()
    settle(place)
    return place


def settle(folder: Path) -> None:
    """Wait until the next write to any file gets another time."""
    while not all(settled(stamp, time.time_ns()) for stamp in checksums.content_stamps(folder).values()):
        time.sleep(0.005)


def flip(place: Path, keep_times: bool = False) -> None:
    """Flip one bit of the file, in the middle of what was written to it."""
    told = place.stat()
    with place.open("r+b") as file:
        middle = len(file.read(200_000).rstrip(b"\0")) // 2
        file.seek(middle)
        byte = file.read(1)
        file.seek(middle)
        file.write(bytes([byte[0] ^ 1]))
    if keep_times:
        os.utime(place, ns=(told.st_atime_ns, told.st_mtime_ns))


def largest(folder: Path) -> Path:
    return next(iter(sorted(folder.rglob("matrix.dat"), key=lambda place: -place.stat().st_size)))


def told(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / SEAL).read_text("utf-8"))
    return found


def opened(folder: Path) -> set[str]:
    """Which files were read on opening, to compare them with their seal and to seal them again."""
    index = EdgeIndex.open(folder)
    index.close()
    settle(folder)
    return set(index.files_read)


def touched(folder: Path) -> set[str]:
    """The files that are not as the seal knows them; the engine writes small ones when it loads and closes."""
    seal = read_seal(folder)
    assert seal is not None
    return {path for path, stamp in checksums.content_stamps(folder).items() if seal.stamps.get(path) != stamp}


def data_of(folder: Path) -> set[str]:
    """The files that the engine wrote once and never again."""
    seal = read_seal(folder)
    assert seal is not None
    return set(seal.lasting().stamps)


def test_no_file_is_read_that_nobody_touched(folder: Path) -> None:
    seal, expected = read_seal(folder), touched(folder)
    assert seal is not None
    read = opened(folder)
    assert expected <= read and read < seal.files.keys()
    assert len(data_of(folder)) > 10 and not data_of(folder) & read
    assert set(survey(folder).read) == seal.files.keys(), "without a seal to go by, everything is read"


def test_a_flipped_bit_is_found_on_opening(folder: Path) -> None:
    victim = largest(folder)
    flip(victim)
    with pytest.raises(StoreDamaged, match="has another content"):
        EdgeIndex.open(folder)


def test_a_flipped_bit_behind_times_that_were_set_back_is_found_on_opening(folder: Path) -> None:
    flip(largest(folder), keep_times=True)
    with pytest.raises(StoreDamaged, match="matrix"):
        EdgeIndex.open(folder)


def test_a_copy_is_read_whole_once_and_a_flipped_bit_in_it_is_found(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "gen-000001"
    shutil.copytree(folder, copy)
    flip(largest(copy), keep_times=True)
    with pytest.raises(StoreDamaged, match="matrix"):
        EdgeIndex.open(copy)
    flip(largest(copy), keep_times=True)
    settle(copy)
    assert opened(copy) == told(copy)["files"].keys()
    assert not opened(copy) & data_of(copy)


def test_after_a_restart_of_the_machine_everything_is_read_once(folder: Path) -> None:
    seal = told(folder)
    (folder / SEAL).write_text(json.dumps({**seal, "boot": "an earlier run"}))
    assert opened(folder) == seal["files"].keys()
    assert not opened(folder) & data_of(folder)


def test_a_seal_without_stamps_still_holds(folder: Path) -> None:
    seal = {key: value for key, value in told(folder).items() if key not in ("boot", "stamps")}
    (folder / SEAL).write_text(json.dumps(seal))
    assert opened(folder) == seal["files"].keys()
    assert not opened(folder) & data_of(folder)
    assert told(folder)["digest"] == seal["digest"], "stamps are no part of the digest"
    flip(largest(folder))
    with pytest.raises(StoreDamaged):
        EdgeIndex.open(folder)


def test_what_stamps_cannot_show_is_found_by_reading_every_file(folder: Path) -> None:
    victim = largest(folder)
    flip(victim)
    settle(folder)
    seal, name = told(folder), victim.relative_to(folder).as_posix()
    # As if the disk had changed it by itself: the stamp is the sealed one.
    seal["stamps"][name] = list(checksums.content_stamps(folder)[name])
    (folder / SEAL).write_text(json.dumps(seal))
    found = read_seal(folder)
    assert found is not None
    assert checksums.faults_of(folder, found, survey(folder, found)) == []
    assert checksums.faults_of(folder, found) == [f"{name} has another content"]


def test_a_file_that_was_written_in_the_moment_of_sealing_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "fresh").write_bytes(b"1")
    seal = survey(tmp_path).seal("r", 0)
    if not settled(checksums.content_stamps(tmp_path)["fresh"], time.time_ns()):
        assert not seal.stamps
        assert survey(tmp_path, seal).read == ("fresh",)
    settle(tmp_path)
    again = survey(tmp_path, seal).seal("r", 0)
    assert survey(tmp_path, again).read == ()


def test_sealing_again_reads_what_the_engine_may_have_written_and_leaves_what_it_never_writes_twice(
    folder: Path,
) -> None:
    index = EdgeIndex.open(folder)
    before, kept = read_seal(folder), data_of(folder)
    assert before is not None
    for step in range(4):
        index.upsert([point(2000 + 50 * step + key) for key in range(50)])
        index.delete([step + 1, 1201 + step])
        index.search(query(step))
        index.flush()
        assert index.files_read and not kept & set(index.files_read)
        seal = read_seal(folder)
        assert seal is not None and seal.revision != before.revision
        assert checksums.faults_of(folder, seal) == [], "the seal says what every file holds"
    index.close()
    names = {Path(path).name for path in kept}
    assert "matrix.dat" in names and "id_tracker.deleted" not in names
    pages = {path for path in before.files if Path(path).name.startswith("page_")}
    assert pages & kept and pages - kept, "pages of a segment that takes points are not relied on"
