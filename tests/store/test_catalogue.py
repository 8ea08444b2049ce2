"""The catalogue as a reader and a writer see it: versions, access, points, outbox, manifest, receipts, audit."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assay.errors import FilterError, InputError, NotFound, StoreError
from assay.ports import Catalogue, JobLedger
from assay.store.catalogue import SqlCatalogue, open_catalogue
from assay.textual.access import access_tokens, readable
from assay.textual.tokens import chunk_tokens, head_text, tokens
from assay.types import OWNER, AccessList, Block, Chunk, FrozenDict, OriginSegment, Principal
from tests.store.catalogue_kit import DIMENSIONS, SetClock, put, staged

ANN = Principal("ann", groups=("law",))
BOB = Principal("bob")


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[SqlCatalogue]:
    opened = open_catalogue(tmp_path / "store", create=True, clock=SetClock())
    yield opened
    opened.close()


def test_the_ports_are_satisfied(catalogue: SqlCatalogue) -> None:
    seen: tuple[Catalogue, JobLedger] = (catalogue, catalogue.jobs)
    for port, adapter in zip((Catalogue, JobLedger), seen, strict=True):
        names = [name for name in vars(port) if not name.startswith("_")]
        assert [name for name in names if not callable(getattr(adapter, name, None))] == []


def ids_of(catalogue: SqlCatalogue, key: str) -> list[int]:
    return [point.id for point in catalogue.points() if point.document_id == key and point.kind == "chunk"]


def test_a_staged_document_is_not_seen_before_it_is_published(catalogue: SqlCatalogue) -> None:
    versions = catalogue.stage([staged("a")])
    assert catalogue.find("a") is None
    assert catalogue.text("a", OWNER) is None
    assert catalogue.documents(OWNER) == []
    assert catalogue.chunks(sorted(catalogue.point_ids()), OWNER) == {}
    catalogue.publish(versions)
    found = catalogue.find("a")
    assert found is not None
    assert (found.version, found.chunks, found.added_at) == (1, 3, "2026-03-01T12:00:00.000000Z")


def test_what_was_stored_comes_back_exactly(catalogue: SqlCatalogue) -> None:
    text = "§ 2-106 «Ünïcode» \x00 ends here.\r\nAnd 🙂 goes on."
    given = staged(
        "a", text, readers=("public", "user:ann"), metadata={"year": 1996, "tags": ["x", "y"], "n": {"k": None}}
    )
    document = replace(
        given.document,
        blocks=(Block("heading", 0, 7, 1), Block("table", 7, 20, 0, "", "Table 1")),
        origin=(OriginSegment(0, 7, 3, 10, "page 1"), OriginSegment(7, 20, 10, 40, "page 2")),
        warnings=("no dates found",),
    )
    put(catalogue, replace(given, document=document))
    back = catalogue.document("a", OWNER)
    assert back is not None
    assert back == replace(document, metadata=FrozenDict({"year": 1996, "tags": ("x", "y"), "n": FrozenDict(k=None)}))
    assert catalogue.text("a", OWNER) == text
    pairs = catalogue.chunks(ids_of(catalogue, "a"), OWNER)
    assert [replace(chunk, id=0) for chunk, _ in pairs.values()] == list(given.chunks)
    assert all(chunk.id == key and info.warnings == ("no dates found",) for key, (chunk, info) in pairs.items())


def test_a_replaced_document_never_shows_half_of_itself(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a", "old " * 30, pieces=5))
    old = ids_of(catalogue, "a")
    fresh = catalogue.stage([staged("a", "new " * 30, pieces=2)])
    assert set(catalogue.chunks(sorted(catalogue.point_ids()), OWNER)) == set(old)
    catalogue.publish(fresh)
    new = catalogue.chunks(sorted(catalogue.point_ids()), OWNER)
    assert set(new).isdisjoint(old)
    assert {info.version for _, info in new.values()} == {2}
    assert "".join(chunk.text for chunk, _ in new.values()) == "new " * 30
    assert catalogue.chunks(old, OWNER) == {}


def test_readers_during_a_replacement_see_one_version_whole(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a", "0" * 40, pieces=4))
    seen: list[set[str]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            got = catalogue.chunks(sorted(catalogue.point_ids()), OWNER).values()
            if got:
                seen.append({chunk.text[0] for chunk, _ in got})
                assert len(got) == 4

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for turn in range(1, 10):
        put(catalogue, staged("a", str(turn) * 40, pieces=4))
    stop.set()
    for reader in readers:
        reader.join()
    assert seen
    assert all(len(texts) == 1 for texts in seen)


def test_an_id_is_never_given_twice(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a"), staged("b"))
    before = catalogue.point_ids()
    assert len(before) == 8
    catalogue.remove(["a", "b"])
    catalogue.stage([staged("c")])
    catalogue.discard_staged()
    put(catalogue, staged("a"))
    assert min(catalogue.point_ids()) > max(before) + 4


def test_publishing_twice_is_harmless_and_publishing_a_discarded_version_is_refused_whole(
    catalogue: SqlCatalogue,
) -> None:
    versions = put(catalogue, staged("a"))
    before = (catalogue.find("a"), catalogue.outbox())
    catalogue.publish(versions)
    assert (catalogue.find("a"), catalogue.outbox()) == before
    lost = catalogue.stage([staged("b")])
    catalogue.discard_staged()
    kept = catalogue.stage([staged("c")])
    with pytest.raises(NotFound, match="discarded"):
        catalogue.publish([*kept, *lost])
    assert catalogue.find("c") is None


def test_of_two_versions_published_together_the_later_one_stays(catalogue: SqlCatalogue) -> None:
    first = catalogue.stage([staged("a", "first text of it")])
    second = catalogue.stage([staged("a", "second text of it")])
    catalogue.publish([*first, *second])
    assert catalogue.text("a", OWNER) == "second text of it"
    assert len(catalogue.point_ids()) == 4


def test_discarding_drops_staged_versions_only_and_tells_the_index(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a"))
    live = catalogue.point_ids()
    catalogue.stage([staged("a", "a later text"), staged("b")])
    waiting = catalogue.point_ids() - live
    assert catalogue.discard_staged() == 2
    assert catalogue.point_ids() == live
    assert set(catalogue.outbox()[-1].deletes) == waiting
    assert catalogue.discard_staged() == 0


def test_hashes_and_files_name_live_documents_only(catalogue: SqlCatalogue) -> None:
    put(
        catalogue,
        staged("a", source_file="x.jsonl"),
        staged("b", source_file="x.jsonl"),
        staged("c", source_file="y.txt"),
    )
    catalogue.stage([staged("d", source_file="x.jsonl")])
    assert catalogue.documents_of("x.jsonl") == ["a", "b"]
    assert set(catalogue.hashes([*"abcd", "nobody", *(f"no{i}" for i in range(2000))])) == {"a", "b", "c"}
    assert catalogue.hashes([]) == {}


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (OWNER, ["closed", "for-ann", "for-law", "open"]),
        (ANN, ["for-ann", "for-law", "open"]),
        (BOB, ["open"]),
        (Principal(""), ["open"]),
        (Principal("law"), ["open"]),
        (Principal("x", groups=("ann", "")), ["open"]),
        (Principal("owner"), ["open"]),
        (Principal("y", groups=(*(f"g{i}" for i in range(700)), "law")), ["for-law", "open"]),
    ],
)
def test_a_caller_sees_only_what_its_tokens_open(catalogue: SqlCatalogue, who: Principal, expected: list[str]) -> None:
    put(
        catalogue,
        staged("open", readers=("public",)),
        staged("for-ann", readers=("user:ann", "user:")),
        staged("for-law", readers=("group:law", "user:ann", "group:")),
        staged("closed"),
    )
    assert [info.id for info in catalogue.documents(who)] == expected
    assert {info.id for _, info in catalogue.chunks(sorted(catalogue.point_ids()), who).values()} == set(expected)
    for info in catalogue.documents(OWNER):
        assert readable(info.access, who) == (info.id in expected)
        assert (catalogue.text(info.id, who) is not None) == (info.id in expected)
        assert (catalogue.document(info.id, who) is not None) == (info.id in expected)


def test_access_is_denied_by_default() -> None:
    assert not readable(AccessList(), ANN)
    assert readable(AccessList(), OWNER)
    assert access_tokens(ANN) == ("public", "user:ann", "group:law")


def test_a_new_version_can_close_a_document(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a", readers=("public",)))
    put(catalogue, staged("a"))
    assert catalogue.documents(BOB) == []
    assert catalogue.chunks(sorted(catalogue.point_ids()), BOB) == {}


def test_listing_takes_a_glob_pages_and_treats_signs_of_sql_as_text(catalogue: SqlCatalogue) -> None:
    names = ("100%", "a_b", "axb", "Smith v. Jones", "z[1]", "back\\slash", "it's; DROP TABLE versions")
    put(catalogue, *(staged(name, title="T", source_file="f.txt") for name in names))

    def listed(pattern: str) -> list[str]:
        return [info.id for info in catalogue.documents(OWNER, matching=pattern)]

    assert listed("a_b") == ["a_b"]
    assert listed("a?b") == ["a_b", "axb"]
    assert listed("100%") == ["100%"]
    assert listed("%") == []
    assert listed("smith*") == ["Smith v. Jones"]
    assert listed("z[1]") == ["z[1]"]
    assert listed("back\\*") == ["back\\slash"]
    assert listed("it's;*") == ["it's; DROP TABLE versions"]
    assert len(listed("file:f.*")) == len(names)
    pages = [info.id for start in range(0, 8, 3) for info in catalogue.documents(OWNER, limit=3, offset=start)]
    assert pages == sorted(names)
    assert [info.id for info in catalogue.documents(OWNER, offset=6)] == sorted(names)[6:]
    assert catalogue.documents(OWNER, limit=0) == []


def test_impossible_limits_and_patterns_are_refused(catalogue: SqlCatalogue) -> None:
    with pytest.raises(InputError):
        catalogue.documents(OWNER, limit=-1)
    with pytest.raises(InputError):
        catalogue.documents(OWNER, offset=-1)
    with pytest.raises(FilterError):
        catalogue.documents(OWNER, matching="*" * 5000)


def test_removal_takes_everything_and_leaves_a_receipt(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a", title="Brief"), staged("b"))
    catalogue.stage([staged("a", "a staged later text")])
    mine = {point.id for point in catalogue.points() if point.document_id == "a"}
    receipts = catalogue.remove(["a", "nobody", "a"])
    assert [(r.document_id, r.title, r.chunks, r.compacted) for r in receipts] == [("a", "Brief", 3, False)]
    assert dict(receipts[0].probes) == {"catalogue": "0 rows left"}
    assert set(catalogue.outbox()[-1].deletes) == mine
    assert catalogue.find("a") is None
    assert catalogue.point_ids().isdisjoint(mine)
    assert catalogue.receipts("a") == receipts
    assert catalogue.remove(["a"]) == []
    amended = catalogue.add_probes("a", {"index": "0 points"})
    assert dict(amended.probes) == {"catalogue": "0 rows left", "index": "0 points"}
    assert catalogue.receipts() == [amended]
    with pytest.raises(NotFound):
        catalogue.add_probes("b", {})


def test_a_removed_document_can_come_back(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a"))
    catalogue.remove(["a"])
    put(catalogue, staged("a", "back again"))
    assert catalogue.text("a", OWNER) == "back again"


def test_the_outbox_holds_every_step_until_it_is_trimmed(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a"))
    old = catalogue.point_ids()
    put(catalogue, staged("a", "a newer text"))
    new = catalogue.point_ids()
    entries = catalogue.outbox()
    assert [(set(e.upserts), set(e.deletes)) for e in entries] == [(old, set()), (new, set()), (set(), old)]
    assert catalogue.outbox(limit=2) == entries[:2]
    catalogue.trim_outbox(entries[1].sequence)
    assert catalogue.outbox() == entries[2:]
    catalogue.trim_outbox(entries[2].sequence)
    put(catalogue, staged("b"))
    assert catalogue.outbox()[0].sequence > entries[2].sequence


def test_points_can_be_made_again_from_the_catalogue_alone(catalogue: SqlCatalogue) -> None:
    given = staged(
        "a",
        "Stones were thrown. 0.76 of them hit.",
        readers=("group:law",),
        metadata={"year": 1996, "court": {"id": "ca9"}},
    )
    put(catalogue, given)
    catalogue.stage([staged("b")])
    points = list(catalogue.points())
    assert {point.id for point in points} == catalogue.point_ids()
    mine = [point for point in points if point.document_id == "a"]
    assert [point.kind for point in mine] == ["chunk", "chunk", "chunk", "document"]
    half = np.concatenate([given.vectors, given.head_vector[np.newaxis]]).astype(np.float16).astype(np.float32)
    assert np.array_equal(np.stack([point.vector for point in mine]), half)
    assert all(point.vector.dtype == np.float32 and point.vector.shape == (DIMENSIONS,) for point in mine)
    assert [point.tokens for point in mine[:3]] == [chunk_tokens(c, given.document.title) for c in given.chunks]
    assert mine[3].tokens == tuple(tokens(head_text(given.document)))
    assert {point.access for point in mine} == {("group:law",)}
    assert dict(mine[0].fields) == {
        "year": 1996,
        "court.id": "ca9",
        "source_file": "notes.txt",
        "format": "text",
        "title": "Title of a",
    }
    some = [mine[3].id, mine[0].id, 10**9]
    assert sorted(point.id for point in catalogue.points(some)) == sorted(some[:2])
    assert list(catalogue.points([])) == []


def test_points_come_complete_over_many_batches(catalogue: SqlCatalogue) -> None:
    put(catalogue, *(staged(f"d{i:03}", "word " * 40, pieces=40) for i in range(40)))
    every = [point.id for point in catalogue.points()]
    assert len(every) == len(set(every)) == 40 * 41
    assert set(every) == catalogue.point_ids() == {point.id for point in catalogue.points(every)}
    assert len(catalogue.chunks(every, OWNER)) == 40 * 40


def test_a_document_without_chunks_still_has_a_head(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("empty", ""))
    assert [point.kind for point in catalogue.points()] == ["document"]
    assert catalogue.text("empty", OWNER) == ""


def _with_chunk(chunk: Chunk) -> object:
    given = staged("a")
    return replace(given, chunks=(chunk, *given.chunks[1:]))


@pytest.mark.parametrize(
    ("unfit", "why"),
    [
        (replace(staged("a"), vectors=staged("a").vectors[:2]), "vectors of shape"),
        (replace(staged("a"), vectors=staged("a").vectors * np.float32(np.nan)), "finite"),
        (replace(staged("a"), head_vector=staged("a").head_vector * np.float32(1e9)), "finite"),
        (replace(staged("a"), document=replace(staged("a").document, id="")), "id is empty"),
        (replace(staged("a"), document=replace(staged("a").document, text="another text")), "is not the text"),
        (_with_chunk(replace(staged("a").chunks[0], ordinal=7)), "says it is chunk 7"),
        (_with_chunk(replace(staged("a").chunks[0], document_id="b")), "of 'b'"),
        (_with_chunk(replace(staged("a").chunks[0], start=5, end=5, text="")), "is not the text"),
        (staged("a", "half \ud83d a pair"), "half a character"),
        (staged("a", title="half \ud83d"), "half a character"),
        (staged("a", metadata={"x": float("nan")}), "not JSON compliant"),
        (staged("a", metadata={"x": b"bytes"}), "bytes"),
    ],
)
def test_an_unfit_document_is_refused_and_nothing_of_its_batch_is_written(
    catalogue: SqlCatalogue, unfit: object, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        catalogue.stage([staged("good"), unfit])  # type: ignore[list-item]
    assert catalogue.point_ids() == set()
    assert catalogue.outbox() == []


def test_manifest_values_are_kept_and_replaced_one_by_one(catalogue: SqlCatalogue) -> None:
    assert catalogue.manifest() == {}
    catalogue.set_manifest(embedder="m1", generation=3, files={"a.bin": "00ff"})
    catalogue.set_manifest(generation=4, none=None)
    assert catalogue.manifest() == {"embedder": "m1", "generation": 4, "files": {"a.bin": "00ff"}, "none": None}
    with pytest.raises(InputError, match="generation"):
        catalogue.set_manifest(generation=object())
    assert catalogue.manifest()["generation"] == 4


def test_the_audit_trail_is_listed_newest_first_and_can_be_paged(catalogue: SqlCatalogue) -> None:
    for i in range(5):
        catalogue.append_audit("ann", "ask" if i % 2 else "remove", {"turn": i})
    latest = catalogue.audit(2)
    assert [entry.detail["turn"] for entry in latest] == [4, 3]
    assert [entry.detail["turn"] for entry in catalogue.audit(before=latest[-1].id)] == [2, 1, 0]
    assert [entry.detail["turn"] for entry in catalogue.audit(action="ask")] == [3, 1]
    assert latest[0].principal == "ann"
    assert latest[0].at == "2026-03-01T12:00:00.000000Z"


def test_what_was_acknowledged_is_there_after_opening_again(tmp_path: Path) -> None:
    first = open_catalogue(tmp_path / "s", create=True)
    put(first, staged("a"))
    first.close()
    first.close()
    with pytest.raises(StoreError, match="was closed"):
        first.find("a")
    second = open_catalogue(tmp_path / "s", create=False)
    assert second.find("a") is not None
    second.close()


def test_many_threads_share_one_catalogue(catalogue: SqlCatalogue) -> None:
    def work(name: int) -> None:
        for turn in range(4):
            put(catalogue, staged(f"{name}-{turn}"))
            assert catalogue.text(f"{name}-{turn}", OWNER)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    assert len(catalogue.documents(OWNER)) == 24
    assert len(catalogue.point_ids()) == 24 * 4
    assert catalogue.check() == []
