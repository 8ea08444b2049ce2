"""Every file of an index, truncated, garbled and removed: opening says so, or the answers are the same as before.

The index is opened in another process, since damaged files may end the process that loads them. The long run
(ASSAY_DAMAGE=full) also takes every file of an index that was not closed properly; the short one takes the files that
did harm there without being noticed by the engine, and a few of each other kind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assay.errors import StoreDamaged
from assay.store import checksums, generations
from assay.store.checksums import _extents
from assay.store.doctor import repair
from assay.store.edge import EdgeIndex
from assay.store.keeper import Store
from assay.types import IndexHit, IndexQuery, Where
from tests.store.catalogue_kit import put, rows
from tests.store.index_kit import EXPECT, documents, point, settings

ROOT = Path(__file__).parents[2]
MANNERS = ("truncate", "garble", "remove")
FULL = os.environ.get("ASSAY_DAMAGE") == "full"
KEPT = [point(key, access=("public",) if key % 3 else ("group:a",), year=2000 + key % 20) for key in range(1, 2001)]
DELETED = (5, 6, 7, 1700)
# Without a seal these files did harm that the engine did not notice, or ended its process (measured once, all files).
TREACHEROUS = ("id_tracker.mappings", "kind-map/deleted.bin", "access-map/deleted.bin", "n_year-numeric/page_0.dat")
OTHERS = ("segment.json", "matrix.dat", "graph.bin", "inverted_index.dat", "tracker.dat", "id_tracker.versions")

WORKER = f"""
import json, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from assay.errors import StoreError
from assay.store.edge import EdgeIndex
from tests.store.test_damage import KEPT, DELETED, questions
kept = [one for one in KEPT if one.id not in DELETED]
for line in sys.stdin:
    folder = Path(line.strip())
    try:
        index = EdgeIndex.open(folder)
    except StoreError as error:
        print(json.dumps(["refused", error.code, str(error)]), flush=True)
        continue
    try:
        if index.state().unverified and (index.ids() != {{one.id for one in kept}} or index.differing(kept)):
            print(json.dumps(["noticed"]), flush=True)
        else:
            answers = [[[hit.id, hit.bm25, hit.cosine] for hit in index.search(one)] for one in questions()]
            print(json.dumps(["answered", answers]), flush=True)
    except StoreError as error:
        print(json.dumps(["refused", error.code, str(error)]), flush=True)
    finally:
        try:
            index.close()
        except StoreError:
            pass
"""


def questions() -> list[IndexQuery]:
    """Both legs, the graph, and every kind of filter."""
    from assay.types import FieldFilter
    from tests.store.index_kit import query

    recent, some = FieldFilter("year", "gte", 2010), FieldFilter("year", "any", (2003, 2017))
    asked = [query(number * 97, access, 25) for number in range(8) for access in (None, ("public",), ("group:a",))]
    asked += [IndexQuery(Where(("public",), (one,)), asked[0].tokens, asked[0].vector, 25) for one in (recent, some)]
    return [*asked, IndexQuery(Where(None, document_ids=("doc-3", "doc-9")), asked[3].tokens, asked[3].vector, 25)]


class Worker:
    """A process that opens folders and says what came of it; started again when one of them ended it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def open(self, folder: Path) -> list[object]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", WORKER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=ROOT,
            )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            ended = self._process.wait()
            self.close()
            return ["died", ended]
        told: list[object] = json.loads(line)
        return told

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()
            self._process = None


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed index of about 2,000 points with an optimised segment, one that is not, and deletions."""
    folder = tmp_path_factory.mktemp("pristine") / "gen-000001"
    index = EdgeIndex.create(folder, settings(exact_below=0).changed(indexing_kb=32))
    index.upsert(KEPT[:1500])
    assert index.optimise(0)
    index.upsert(KEPT[1500:])
    index.delete(DELETED)
    for asked in questions():
        index.search(asked)
    index.close()
    EdgeIndex.open(folder).close()
    return folder


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def copy(source: Path, target: Path) -> None:
    """A copy that leaves holes where the source has them: the engine's files are large and nearly empty."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as reading, target.open("wb") as writing:
        size = source.stat().st_size
        for start, end in _extents(reading.fileno(), size):
            reading.seek(start)
            writing.seek(start)
            writing.write(reading.read(end - start))
        writing.truncate(size)


def copy_folder(source: Path, target: Path) -> None:
    for place in source.rglob("*"):
        if place.is_file():
            copy(place, target / place.relative_to(source))


def harm(place: Path, manner: str) -> bool:
    """Damage a file; False where there is nothing to damage."""
    size = place.stat().st_size
    if manner == "remove":
        place.unlink()
    elif size == 0:
        return False
    elif manner == "truncate":
        os.truncate(place, size // 2)
    else:
        with place.open("r+b") as handle:
            written = handle.read(200_000).rstrip(b"\0")
            middle = max(0, len(written) // 2)
            handle.seek(middle)
            handle.write(bytes(byte ^ 0xA5 for byte in written[middle : middle + 64]) or b"\xa5" * 8)
    return True


def files_of(folder: Path) -> list[Path]:
    own = (checksums.SEAL, checksums.BROKEN)
    return sorted(place.relative_to(folder) for place in folder.rglob("*") if place.is_file() and place.name not in own)


def test_any_damage_to_any_file_of_a_sealed_index_is_refused_by_name(
    pristine: Path, tmp_path: Path, worker: Worker
) -> None:
    folder = tmp_path / "gen-000001"
    copy_folder(pristine, folder)
    first = worker.open(folder)
    assert first[0] == "answered"
    worker.close()
    copy_folder(folder, tmp_path / "whole")
    cases = 0
    for relative in files_of(folder):
        for manner in MANNERS:
            if not harm(folder / relative, manner):
                continue
            cases += 1
            told = worker.open(folder)
            assert told[:2] == ["refused", "store_damaged"], (relative, manner, told)
            assert relative.name in str(told[2]) and "assay doctor --repair" in str(told[2])
            copy(tmp_path / "whole" / relative, folder / relative)
    assert cases > 300
    assert worker.open(folder) == first


def chosen(folder: Path) -> list[Path]:
    every = files_of(folder)
    if FULL:
        return every
    found = [place for name in TREACHEROUS for place in every if str(place).endswith(name)]
    for name in OTHERS:
        found += [place for place in every if place.name == name][:1]
    return list(dict.fromkeys(found))


@pytest.mark.slow
def test_damage_to_an_index_that_was_not_closed_is_noticed_or_does_not_matter(
    pristine: Path, tmp_path: Path, worker: Worker
) -> None:
    unsealed = tmp_path / "unsealed" / "gen-000001"
    copy_folder(pristine, unsealed)
    (unsealed / checksums.SEAL).rename(unsealed / checksums.BROKEN)
    copy_folder(unsealed, tmp_path / "whole" / "gen-000001")
    whole = worker.open(tmp_path / "whole" / "gen-000001")
    assert whole[0] == "answered"
    outcomes: dict[str, int] = {}
    for number, relative in enumerate(chosen(unsealed)):
        for manner in MANNERS:
            folder = tmp_path / f"case-{number}-{manner}" / "gen-000001"
            copy_folder(unsealed, folder)
            if harm(folder / relative, manner):
                told = worker.open(folder)
                assert told[0] in ("refused", "noticed") or told == whole, (relative, manner, told[0])
                outcomes[str(told[0])] = outcomes.get(str(told[0]), 0) + 1
    assert outcomes["refused"] and outcomes["noticed"]


def test_repair_brings_back_the_same_answers(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with Store.open(path, mode="embedded", create=True, expect=EXPECT) as store:
        put(store.catalogue, *documents(200))
        store.deliver()
        before = answers(store)
    for name, manner in (("page_0.dat", "garble"), ("segment.json", "remove"), ("chunk_0.mmap", "truncate")):
        folder = generations.folder_of(path, generations.numbers(path)[-1])
        victim = next(place for place in sorted(folder.rglob(name)))
        assert harm(victim, manner)
        with pytest.raises(StoreDamaged, match="assay doctor --repair"):
            Store.open(path, mode="embedded")
        with Store.open(path, mode="embedded", tolerant=True) as store:
            assert repair(store).healthy
            assert answers(store) == before
        with Store.open(path, mode="embedded") as store:
            assert answers(store) == before


def answers(store: Store) -> list[list[IndexHit]]:
    vectors = rows("questions", 5)
    asked = [(Where(access), np.asarray(one)) for one in vectors for access in (None, ("public",))]
    return [store.index.search(IndexQuery(where, ("word0", "word3", "word50"), one, 30)) for where, one in asked]
