"""Building the next generation of the index beside the present one, switching to it, going back, and erasing."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.errors import ManifestMismatch, OwnerLost, StoreNotFound
from assay.store import generations
from assay.store.edge_points import Bm25Parameters
from assay.store.keeper import Mode, Store
from assay.store.owner_link import end_owner
from assay.types import IndexHit, IndexQuery, Where
from tests.store.catalogue_kit import put, rows
from tests.store.index_kit import EXPECT, documents


@pytest.fixture(params=["embedded", "owner"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    mode: Mode = request.param
    made = Store.open(tmp_path / "store", mode=mode, create=True, expect=EXPECT)
    put(made.catalogue, *documents(20))
    made.deliver()
    yield made
    made.close()
    end_owner(tmp_path / "store")
    end_owner(tmp_path / "store", "builder")


def ask(store: Store, words: str = "word0 word5 word9") -> list[IndexHit]:
    return store.index.search(IndexQuery(Where(None), tuple(words.split()), rows("question", 1)[0], 40))


def test_a_new_generation_answers_as_the_former_one_did(store: Store) -> None:
    before = ask(store)
    assert store.rebuild() == 2
    assert store.generation == 2 and store.index.status().generation == 2
    assert ask(store) == before
    assert generations.numbers(store.path) == [1, 2]


def test_what_comes_and_goes_while_a_generation_is_built_is_in_it(store: Store) -> None:
    changed = False

    def meanwhile(done: int, total: int) -> None:
        nonlocal changed
        if not changed:
            changed = True
            put(store.catalogue, *documents(3, first=60), *documents(1, text="zebra crossing"))
            store.catalogue.remove(["doc-7"])
            store.deliver()
            store.flush()

    store.rebuild(progress=meanwhile)
    assert changed and generations.gap(store.catalogue, store.index).closed
    assert {hit.document_id for hit in store.index.search(IndexQuery(Where(None), ("zebra",), None, 5))} == {"doc-0"}
    put(store.catalogue, *documents(2, first=80))
    assert store.deliver() == 1
    assert not list(generations.differences(store.catalogue, store.index))


def test_going_back_serves_the_former_generation_brought_up_to_date(store: Store) -> None:
    store.rebuild(settings=store.index.settings.changed(bm25=Bm25Parameters(k1=2.0)))
    assert store.index.settings.bm25.k1 == 2.0
    put(store.catalogue, *documents(4, first=90))
    store.catalogue.remove(["doc-3"])
    store.deliver()
    assert store.rollback() == 1
    assert store.index.settings.bm25.k1 == 1.2
    assert generations.gap(store.catalogue, store.index).closed
    # The next generation never takes a number that was used before.
    assert store.rebuild() == 3


def test_there_is_no_going_back_to_what_is_not_kept_or_was_built_for_another_embedder(store: Store) -> None:
    with pytest.raises(StoreNotFound, match="no former generation"):
        store.rollback()
    store.rebuild(manifest={"tokeniser": "newer"})
    assert store.catalogue.manifest()["tokeniser"] == "newer"
    with pytest.raises(ManifestMismatch, match="tokeniser"):
        store.rollback()
    assert store.generation == 2 and ask(store)


def test_only_one_former_generation_is_kept(store: Store) -> None:
    for _ in range(3):
        store.rebuild()
    assert generations.numbers(store.path) == [3, 4]


def test_erasing_leaves_what_was_removed_in_no_file_of_the_store(store: Store) -> None:
    secret = "xylophonequartz"
    put(store.catalogue, *documents(1, first=500, text=f"The {secret} is {secret} and nothing but {secret}."))
    put(store.catalogue, *documents(1, first=501, text=f"Another {secret}."))
    store.deliver()
    store.rebuild()
    receipts = store.catalogue.remove(["doc-500", "doc-501"])
    assert len(receipts) == 2
    probes = store.compact(erase=True)
    assert probes["older generations"] == "none" and "0 points beyond" in probes["index"]
    assert generations.numbers(store.path) == [store.generation]
    for needle in (secret.encode(), b"doc-500", b"doc-501"):
        holding = [place.name for place in store.path.rglob("*") if place.is_file() and needle in place.read_bytes()]
        expected = {"catalogue.sqlite3", "catalogue.sqlite3-wal"} if needle != secret.encode() else set()
        assert set(holding) <= expected, "only the receipts may name a removed document"
    told = store.catalogue.receipts("doc-500")[0]
    assert told.compacted and "index" in told.probes and "catalogue file" in told.probes


def test_a_build_that_is_broken_off_leaves_the_present_generation_serving(store: Store) -> None:
    before = ask(store)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.rebuild(progress=stop)
    assert ask(store) == before and store.generation == 1
    assert generations.numbers(store.path) == [1]
    assert store.rebuild() == 2


def test_a_builder_that_is_killed_is_told_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store"
    with Store.open(path, mode="owner", create=True, expect=EXPECT) as store:
        put(store.catalogue, *documents(10))
        store.deliver()
        before = ask(store)

        def kill(done: int, total: int) -> None:
            os.kill(int((path / "builder.lock").read_text()), signal.SIGKILL)

        with pytest.raises(OwnerLost):
            store.rebuild(progress=kill)
        assert ask(store) == before and store.generation == 1
        assert store.rebuild() == 2 and ask(store) == before
    end_owner(path)


def test_leftovers_of_interrupted_work_are_swept_on_opening(tmp_path: Path) -> None:
    path = tmp_path / "store"
    Store.open(path, mode="embedded", create=True, expect=EXPECT).close()
    for name in ("gen-000007", "gen-000003.gone"):
        (path / "index" / name).mkdir()
    Store.open(path, mode="embedded", expect=EXPECT).close()
    assert [place.name for place in (path / "index").iterdir() if place.is_dir()] == ["gen-000001"]
