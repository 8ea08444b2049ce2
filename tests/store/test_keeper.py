"""Catalogue and index in step: what is delivered, what is recovered, what a kill at any moment leaves."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from assay.errors import ManifestMismatch, StoreDamaged, StoreInUse, StoreNotFound
from assay.store import generations
from assay.store.catalogue import open_catalogue
from assay.store.doctor import examine, repair
from assay.store.keeper import FLUSH_EVERY, Mode, Store
from assay.store.owner_link import end_owner
from assay.types import OWNER, IndexHit, IndexQuery, Where
from tests.store.catalogue_kit import put, rows
from tests.store.index_kit import EXPECT, documents

ROOT = Path(__file__).parents[2]
# The long run: ASSAY_KILLS=50
KILLS = int(os.environ.get("ASSAY_KILLS", "6"))


@pytest.fixture(params=["embedded", "owner"])
def mode(request: pytest.FixtureRequest) -> Mode:
    chosen: Mode = request.param
    return chosen


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "store"
    yield place
    if place.exists():
        end_owner(place)
        end_owner(place, "builder")


def opened(path: Path, mode: Mode = "embedded", **more: object) -> Store:
    return Store.open(path, mode=mode, create=True, expect=EXPECT, **more)  # type: ignore[arg-type]


def ask(store: Store, words: str = "word0 word5 word9") -> list[IndexHit]:
    return store.index.search(IndexQuery(Where(None), tuple(words.split()), rows("question", 1)[0], 40))


def in_step(store: Store) -> bool:
    """Equal ids, equal content, nothing waiting."""
    equal = generations.gap(store.catalogue, store.index).closed
    return equal and not list(generations.differences(store.catalogue, store.index))


def test_what_is_published_and_delivered_is_found_and_survives_closing(path: Path, mode: Mode) -> None:
    with opened(path, mode) as store:
        put(store.catalogue, *documents(12))
        assert store.deliver() == 1
        before = ask(store)
        assert before and in_step(store)
    with opened(path, mode) as store:
        assert ask(store) == before and in_step(store)
        assert not store.catalogue.outbox()


def test_replacing_and_removing_documents_reaches_the_index(path: Path, mode: Mode) -> None:
    with opened(path, mode) as store:
        put(store.catalogue, *documents(6))
        store.deliver()
        put(store.catalogue, *documents(2, text="zebra crossing a river of glass"))
        store.catalogue.remove(["doc-5"])
        store.deliver()
        assert in_step(store)
        hits = store.index.search(IndexQuery(Where(None), ("zebra",), None, 10))
        assert {hit.document_id for hit in hits} == {"doc-0", "doc-1"}
        assert "doc-5" not in {hit.document_id for hit in ask(store, "word0 word1 word2")}


def test_delivering_twice_changes_nothing(path: Path) -> None:
    with opened(path) as store:
        put(store.catalogue, *documents(3))
        assert store.deliver() == 1
        assert store.deliver() == 0
        assert store.catalogue.outbox(), "nothing is trimmed before the index has flushed"
        store.flush()
        assert not store.catalogue.outbox()


def test_a_long_load_trims_the_outbox_on_its_way(path: Path) -> None:
    with opened(path) as store:
        for first in range(0, FLUSH_EVERY // 4 + 100, 450):
            put(store.catalogue, *documents(450, first=first))
            store.deliver()
        assert len(store.index.ids()) > FLUSH_EVERY
        assert len(store.catalogue.outbox()) < 3
        assert generations.gap(store.catalogue, store.index).closed


def test_more_outbox_entries_than_one_look_shows_are_all_carried(path: Path) -> None:
    with opened(path) as store:
        put(store.catalogue, *documents(1))
        for number in range(520):
            put(store.catalogue, *documents(1, text=f"version {number} of the text"))
        assert store.deliver() == 1041
        assert in_step(store)


# --- recovery --------------------------------------------------------------------------------------------------------


def test_what_was_staged_and_never_published_is_dropped_on_opening(path: Path, mode: Mode) -> None:
    with opened(path, mode) as store:
        put(store.catalogue, *documents(2))
        store.catalogue.stage(documents(3, first=50))
        store.deliver()
        assert len(store.index.ids()) == 20
    with opened(path, mode) as store:
        assert len(store.index.ids()) == 8 and in_step(store)


def test_what_another_open_store_has_staged_is_left_alone(path: Path) -> None:
    with opened(path, "owner") as store:
        versions = store.catalogue.stage(documents(2))
        with opened(path, "owner") as other:
            other.deliver()
            assert len(other.index.ids()) == 8
        store.catalogue.publish(versions)
        store.deliver()
        assert in_step(store)


def lagging(path: Path) -> None:
    """A store whose index lacks points and whose outbox does not say so; its revision stands in the catalogue."""
    with opened(path) as store:
        put(store.catalogue, *documents(10))
        store.deliver()
    with opened(path) as store:
        store.index.delete([1, 2, 3])
        put(store.catalogue, *documents(1, first=70))
        store.catalogue.trim_outbox(10_000)


def test_an_index_of_another_revision_than_the_catalogue_names_is_brought_up_to_date(path: Path) -> None:
    lagging(path)
    with closing(open_catalogue(path, create=False)) as catalogue:
        catalogue.set_manifest(index_revision="another")
    with opened(path) as store:
        assert in_step(store)


def test_a_catalogue_of_an_earlier_day_is_brought_together_with_the_index(
    path: Path, mode: Mode, tmp_path: Path
) -> None:
    with opened(path, mode) as store:
        put(store.catalogue, *documents(10))
        store.deliver()
    shutil.copyfile(path / "catalogue.sqlite3", tmp_path / "earlier")
    with opened(path, mode) as store:
        put(store.catalogue, *documents(3, first=20))
        store.catalogue.remove(["doc-1"])
        store.deliver()
    end_owner(path)
    shutil.copyfile(tmp_path / "earlier", path / "catalogue.sqlite3")
    with opened(path, mode) as store:
        assert store.catalogue.count_documents() == 10 and in_step(store)


def test_an_index_of_the_revision_that_the_catalogue_names_is_not_compared_and_doctor_compares_it(path: Path) -> None:
    lagging(path)
    with opened(path) as store:
        assert not generations.gap(store.catalogue, store.index).closed
        assert "missing" in next(one.seen for one in examine(store).symptoms if one.name == "ids")
        assert repair(store).healthy and in_step(store)


def test_what_waits_in_the_outbox_on_opening_is_carried_and_both_sides_compared(path: Path) -> None:
    lagging(path)
    with closing(open_catalogue(path, create=False)) as catalogue:
        put(catalogue, *documents(1, first=90))
    with opened(path) as store:
        assert in_step(store)


_STEPS = ("carried", "checkpointed", "trimmed early", "sealed", "trimmed", "recorded")
_ENDED = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from tests.store.catalogue_kit import put
from tests.store.index_kit import EXPECT, documents
from assay.store.keeper import Store

path, last = Path(sys.argv[1]), sys.argv[2]

def reached(step):
    if step == last:
        os._exit(9)

store = Store.open(path, mode="embedded", create=True, expect=EXPECT)
put(store.catalogue, *documents(6))
store.catalogue.remove(["doc-2"])
store.deliver()
reached("carried")
if last in ("checkpointed", "trimmed early"):
    store.index.checkpoint()
    reached("checkpointed")
    store.catalogue.trim_outbox(store.index.state().marked)
    reached("trimmed early")
store.index.flush()
reached("sealed")
state = store.index.state()
store.catalogue.trim_outbox(state.marked)
reached("trimmed")
store.catalogue.set_manifest(index_revision=state.revision)
reached("recorded")
"""


@pytest.mark.parametrize("step", _STEPS)
def test_an_end_between_any_two_steps_of_carrying_and_sealing_leaves_both_sides_equal(path: Path, step: str) -> None:
    ended = subprocess.run([sys.executable, "-c", _ENDED, str(path), step], capture_output=True, text=True, check=False)
    assert ended.returncode == 9, ended.stderr
    with opened(path) as store:
        assert in_step(store) and store.catalogue.count_documents() == 5
    with opened(path) as store:
        assert in_step(store) and not store.catalogue.outbox()


def test_an_index_folder_that_is_gone_is_built_anew(path: Path, mode: Mode) -> None:
    with opened(path, mode) as store:
        put(store.catalogue, *documents(8))
        store.deliver()
        before = ask(store)
    end_owner(path)
    generations.sweep(path, [])
    with opened(path, mode) as store:
        assert ask(store) == before and in_step(store)


def test_points_that_differ_after_an_end_without_closing_are_damage(path: Path) -> None:
    with opened(path) as store:
        put(store.catalogue, *documents(5))
        store.deliver()
        store.flush()
        folder = generations.folder_of(path, store.generation)
        point = next(store.catalogue.points([2]))
        store.index.upsert([replace(point, access=("public", "group:x"))])
    (folder / "seal.json").rename(folder / "seal.broken.json")
    with pytest.raises(StoreDamaged, match="point 2 among them") as caught:
        opened(path)
    assert "assay doctor --repair" in str(caught.value)


def test_a_killed_owner_loses_nothing_that_was_acknowledged(path: Path) -> None:
    with opened(path, "owner") as store:
        put(store.catalogue, *documents(20))
        store.deliver()
        before = ask(store)
        os.kill(store.index.status().pid, signal.SIGKILL)
        assert ask(store) == before
        put(store.catalogue, *documents(5, first=100))
        os.kill(store.index.status().pid, signal.SIGKILL)
        store.deliver()
        assert in_step(store)


def test_an_owner_that_is_killed_between_staging_and_publishing_takes_nothing_with_it(path: Path) -> None:
    with opened(path, "owner") as store:
        versions = store.catalogue.stage(documents(4))
        os.kill(store.index.status().pid, signal.SIGKILL)
        store.deliver()
        store.catalogue.publish(versions)
        store.deliver()
        assert len(store.catalogue.documents(OWNER)) == 4 and in_step(store)


_LOADER = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from tests.store.catalogue_kit import put
from tests.store.index_kit import EXPECT, documents
from assay.store.keeper import Store

path, mode, first = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
store = Store.open(path, mode=mode, create=True, expect=EXPECT)
print("open", flush=True)
for number in range(first, first + 1000, 3):
    versions = store.catalogue.stage(documents(3, first=number))
    store.deliver()
    store.catalogue.publish(versions)
    print(f"+{{number}}", flush=True)
    if number % 5 == 0:
        print(f"?{{number}}", flush=True)
        store.catalogue.remove([f"doc-{{number}}"])
        print(f"-{{number}}", flush=True)
    store.deliver()
    if number % 4 == 0:
        store.flush()
    if number % 31 == 0:
        store.rebuild()
"""


def killed_loader(path: Path, mode: Mode, first: int, seconds: float) -> list[str]:
    """Run a loader and kill it (and, every other time, its owner) after a moment; what it had acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", _LOADER, str(path), mode, str(first)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None and process.stderr is not None
    line = process.stdout.readline()
    assert line == "open\n", process.stderr.read()
    time.sleep(seconds)
    if mode == "owner" and first % 2000:
        address = (path / "owner.lock").read_text()
        os.kill(int(address), signal.SIGKILL)
        time.sleep(0.02)
    process.kill()
    out, _ = process.communicate()
    return out.split()


def test_a_kill_at_any_moment_loses_nothing_and_leaves_both_sides_equal(path: Path, mode: Mode) -> None:
    rng = random.Random(7)
    there: set[str] = set()
    gone: set[str] = set()
    for kill in range(KILLS):
        for told in killed_loader(path, mode, kill * 1000, rng.uniform(0.05, 1.2)):
            if told[0] == "+":
                there |= {f"doc-{int(told[1:]) + i}" for i in range(3)}
            else:
                there.discard(f"doc-{told[1:]}")
            if told[0] == "-":
                gone.add(f"doc-{told[1:]}")
        with opened(path, mode) as store:
            assert in_step(store)
            live = {info.id: info for info in store.catalogue.documents(OWNER)}
            assert there <= live.keys() and not gone & live.keys()
            held = store.index.ids()
            assert len(held) == sum(info.chunks + 1 for info in live.values()), "no half document"


# --- manifest and processes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["fingerprint", "tokeniser", "dimensions", "chunker"])
def test_a_store_built_with_something_else_is_refused_with_the_command(path: Path, key: str) -> None:
    opened(path).close()
    with pytest.raises(ManifestMismatch, match=key) as caught:
        Store.open(path, mode="embedded", expect={**EXPECT, key: "other"})
    assert "assay migrate --rebuild" in str(caught.value)
    opened(path).close()


def test_an_empty_store_made_before_an_embedder_was_known_takes_its_dimensions(path: Path) -> None:
    with Store.open(path, mode="embedded", create=True) as store:
        assert store.index.settings.dimensions == 384
        store.agree(EXPECT)
        assert store.index.settings.dimensions == 8
        put(store.catalogue, *documents(2))
        store.deliver()
    with opened(path) as store:
        assert in_step(store)


def test_there_is_no_store_where_none_was_made(path: Path) -> None:
    with pytest.raises(StoreNotFound, match="assay init"):
        Store.open(path)


def test_an_index_held_inside_another_process_is_refused_and_that_process_named(path: Path) -> None:
    with opened(path):
        for mode in ("owner", "embedded"):
            with pytest.raises(StoreInUse, match=f"process {os.getpid()}"):
                opened(path, mode)


def test_an_embedded_store_reaches_an_index_that_an_owner_holds(path: Path) -> None:
    with opened(path, "owner") as store:
        put(store.catalogue, *documents(4))
        store.deliver()
        with opened(path, "embedded") as other:
            assert ask(other) == ask(store)
            assert other.index.status().pid == store.index.status().pid != os.getpid()


def test_two_processes_that_write_at_once_leave_both_sides_equal(path: Path) -> None:
    opened(path, "owner").close()
    code = _LOADER.replace("first + 1000", "first + 45").replace("store.rebuild()", "pass") + "store.close()\n"
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(path), "owner", str(first)], stdout=subprocess.DEVNULL)
        for first in (1000, 2000)
    ]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    with opened(path, "owner") as store:
        assert in_step(store)
        assert len(store.catalogue.documents(OWNER)) == 2 * (45 - 3)


def test_the_empty_index_of_a_new_store_takes_no_process_of_its_own_and_a_rebuild_does(path: Path) -> None:
    with closing(opened(path, "owner")) as store:
        assert not (path / "builder.lock").exists()
        store.rebuild()
        assert (path / "builder.lock").exists()
