"""What doctor sees and repairs; it must see nothing where nothing is wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assay.errors import StoreDamaged
from assay.store import generations
from assay.store.checksums import SEAL, content_stamps
from assay.store.doctor import examine, repair
from assay.store.keeper import Mode, Store
from assay.store.owner_link import end_owner
from assay.types import IndexHit, IndexQuery, Symptom, Where
from tests.store.catalogue_kit import put, rows
from tests.store.index_kit import EXPECT, documents


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "store"
    with Store.open(place, mode="embedded", create=True, expect=EXPECT) as store:
        put(store.catalogue, *documents(15))
        store.deliver()
    yield place
    end_owner(place)


def opened(path: Path, mode: Mode = "embedded") -> Store:
    return Store.open(path, mode=mode, tolerant=True)


def ask(store: Store) -> list[IndexHit]:
    return store.index.search(IndexQuery(Where(None), ("word0", "word7"), rows("question", 1)[0], 40))


def wrong(store: Store) -> dict[str, Symptom]:
    return {symptom.name: symptom for symptom in examine(store).symptoms if not symptom.ok}


@pytest.mark.parametrize("mode", ["embedded", "owner"])
def test_a_healthy_store_has_no_symptom(path: Path, mode: Mode) -> None:
    with opened(path, mode) as store:
        report = examine(store)
        assert report.healthy and not wrong(store)
        seen = {symptom.name: symptom for symptom in report.symptoms}
        assert {"catalogue", "manifest", "index", "checksums", "points", "ids", "outbox", "disk"} <= seen.keys()
        assert "15 documents" in seen["catalogue"].seen and "60 points" in seen["index"].seen
        assert all(not symptom.repair for symptom in report.symptoms)
        assert examine(store, thorough=False).healthy


@pytest.mark.parametrize("mode", ["embedded", "owner"])
def test_a_damaged_index_is_seen_and_rebuilt_with_the_same_answers(path: Path, mode: Mode) -> None:
    with opened(path) as store:
        before = ask(store)
        folder = generations.folder_of(path, store.generation)
    victim = max((place for place in folder.rglob("*.json") if "segments" in place.parts), key=lambda p: p.name)
    victim.write_bytes(victim.read_bytes()[:-5])
    with pytest.raises(StoreDamaged, match=victim.name):
        Store.open(path, mode=mode)
    with opened(path, mode) as store:
        assert store.fault is not None
        with pytest.raises(StoreDamaged):
            ask(store)
        found = wrong(store)
        assert {"index", "checksums", "points", "ids"} <= found.keys()
        assert found["index"].repair == "assay doctor --repair" and victim.name in found["checksums"].seen
        assert repair(store).healthy
        assert ask(store) == before
    with Store.open(path, mode=mode) as store:
        assert ask(store) == before
        assert generations.numbers(path) == [store.generation]


def test_doctor_reads_every_file_whatever_its_stamp_says(path: Path) -> None:
    with opened(path) as store:
        folder = generations.folder_of(path, store.generation)
        victim = next(folder.rglob("version.info"))
        written = victim.stat()
        victim.write_bytes(bytes([victim.read_bytes()[0] ^ 1]) + victim.read_bytes()[1:])
        os.utime(victim, ns=(written.st_atime_ns, written.st_mtime_ns))
        # As if the disk had changed it by itself: then the stamp is the sealed one.
        seal, name = json.loads((folder / SEAL).read_text()), victim.relative_to(folder).as_posix()
        seal["stamps"][name] = content_stamps(folder)[name]
        (folder / SEAL).write_text(json.dumps(seal))
        assert "version.info has another content" in wrong(store)["checksums"].seen


def test_points_that_were_changed_behind_the_catalogue_are_named(path: Path) -> None:
    with opened(path) as store:
        before = ask(store)
        point = next(store.catalogue.points([5]))
        store.index.upsert([replace(point, access=("group:board",))])
        assert "point 5 first" in wrong(store)["points"].seen
        store.index.delete([1, 2])
        assert "2 missing" in wrong(store)["ids"].seen
        assert repair(store).healthy and ask(store) == before


def test_leftovers_and_traces_of_a_crash_are_seen_and_cleared(path: Path) -> None:
    with opened(path) as store:
        (path / "index" / "gen-000009").mkdir()
        (path / "owner-crash.txt").write_text("The index owner ended at: search\n")
        found = wrong(store)
        assert "generation 9" in found["generations"].seen and "ended at: search" in found["index owner"].seen
        assert repair(store).healthy
        assert not (path / "index" / "gen-000009").exists()


def test_files_that_others_may_read_are_seen_and_closed(path: Path) -> None:
    with opened(path) as store:
        (path / "catalogue.sqlite3").chmod(0o644)
        path.chmod(0o755)
        assert "2 files" in wrong(store)["permissions"].seen
        assert repair(store).healthy
        assert (path / "catalogue.sqlite3").stat().st_mode & 0o077 == 0


def test_a_damaged_catalogue_names_the_restore_command(path: Path) -> None:
    with opened(path) as store:
        store.flush()
        size = (path / "catalogue.sqlite3").stat().st_size
        with (path / "catalogue.sqlite3").open("r+b") as handle:
            for start in range(8192, size, 4096):
                handle.seek(start + 2)
                handle.write(b"\xa5" * 64)
        found = examine(store)
        assert not found.healthy
        damaged = next(symptom for symptom in found.symptoms if not symptom.ok)
        assert "restore" in damaged.repair
        store.fault = StoreDamaged("not worth flushing")
