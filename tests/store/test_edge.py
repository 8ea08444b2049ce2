"""The index on its own: what a search returns, what filters mean, what survives closing, what is refused."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assay.errors import FilterError, InputError, StoreDamaged, StoreError, StoreFull, StoreInUse
from assay.store.edge import EdgeIndex
from assay.store.edge_engine import check_room
from assay.store.edge_points import Bm25Parameters, as_moment, as_number, field_key, query_terms, term
from assay.types import FieldFilter, IndexPoint, IndexQuery, Vector, Where
from tests.store.index_kit import DIMENSIONS, point, query, settings, vector, words

TERM = 0x7EB511E3
MANY = [point(key) for key in range(1, 301)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeIndex]:
    index = EdgeIndex.create(tmp_path_factory.mktemp("index") / "gen-000001", settings())
    index.upsert(MANY)
    yield index
    index.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[EdgeIndex]:
    index = EdgeIndex.create(tmp_path / "gen-000001", settings())
    yield index
    index.close()


def bm25_by_hand(points: Sequence[IndexPoint], tokens: Sequence[str], bm25: Bm25Parameters) -> dict[int, float]:
    """Robertson's formula over Python lists: what the index must agree with."""
    found: dict[int, float] = {}
    for token in tokens:
        frequency = sum(token in one.tokens for one in points)
        idf = math.log(1 + (len(points) - frequency + 0.5) / (frequency + 0.5))
        for one in points:
            tf = Counter(one.tokens)[token]
            norm = bm25.k1 * (1 - bm25.b + bm25.b * len(one.tokens) / bm25.average_length)
            found[one.id] = found.get(one.id, 0.0) + idf * tf * (bm25.k1 + 1) / (tf + norm)
    return found


def test_every_hit_has_both_signals_and_they_equal_the_formulas(filled: EdgeIndex) -> None:
    asked = query(17)
    assert asked.tokens is not None and asked.vector is not None
    by_hand = bm25_by_hand(MANY, asked.tokens, filled.settings.bm25)
    unit = asked.vector / np.linalg.norm(asked.vector)
    hits = filled.search(asked)
    assert len(hits) > asked.depth
    for hit in hits:
        assert hit.bm25 == pytest.approx(by_hand[hit.id], abs=1e-4)
        assert hit.cosine == pytest.approx(float(MANY[hit.id - 1].vector @ unit), abs=1e-5)
        assert hit.document_id == MANY[hit.id - 1].document_id


def test_the_union_holds_the_best_of_each_leg(filled: EdgeIndex) -> None:
    asked = query(40, depth=10)
    assert asked.tokens is not None and asked.vector is not None
    by_hand = bm25_by_hand(MANY, asked.tokens, filled.settings.bm25)
    best_lexical = sorted(by_hand, key=lambda key: -by_hand[key])[:10]
    near = np.array([one.vector for one in MANY]) @ asked.vector
    best_dense = (np.argsort(-near)[:10] + 1).tolist()
    hits = filled.search(asked)
    assert {hit.id for hit in hits} == {*best_lexical, *best_dense}
    cosines = [hit.cosine or 0.0 for hit in hits]
    assert cosines == sorted(cosines, reverse=True)


def test_a_leg_that_was_not_asked_has_no_signal(filled: EdgeIndex) -> None:
    lexical = filled.search(replace(query(5), vector=None))
    dense = filled.search(replace(query(5), tokens=None))
    assert lexical and all(hit.cosine is None and hit.bm25 for hit in lexical)
    assert dense and all(hit.bm25 is None and hit.cosine for hit in dense)
    assert filled.search(replace(query(5), tokens=None, vector=None)) == []


def test_words_that_no_document_has_give_bm25_zero_and_never_a_lexical_hit(filled: EdgeIndex) -> None:
    hits = filled.search(replace(query(5), tokens=("unheard", "of")))
    assert len(hits) == 20 and all(hit.bm25 == 0.0 for hit in hits)
    assert filled.search(replace(query(5), tokens=("unheard",), vector=None)) == []
    assert filled.search(replace(query(5), tokens=(), vector=None)) == []


def test_replacing_and_deleting_show_in_the_next_search(empty: EdgeIndex) -> None:
    empty.upsert([point(1, tokens=["apple"]), point(2, tokens=["pear"])])
    asked = IndexQuery(Where(None), ("apple",), None, 10)
    assert [hit.id for hit in empty.search(asked)] == [1]
    empty.upsert([point(2, tokens=["apple"])])
    assert {hit.id for hit in empty.search(asked)} == {1, 2}
    empty.delete([1, 999])
    assert [hit.id for hit in empty.search(asked)] == [2]
    assert empty.ids() == {2}


def test_upserting_the_same_points_twice_changes_nothing(empty: EdgeIndex) -> None:
    empty.upsert(MANY[:50])
    first = empty.search(query(9))
    empty.upsert(MANY[:50])
    assert empty.search(query(9)) == first and len(empty.ids()) == 50


def test_optimising_changes_no_score(tmp_path: Path) -> None:
    made = settings(exact_below=0).changed(indexing_kb=8)
    index = EdgeIndex.create(tmp_path / "gen-000001", made)
    index.upsert(MANY)
    before = [index.search(query(number)) for number in range(0, 300, 30)]
    assert index.state().unindexed == 300
    assert index.optimise(0) is True
    assert index.state().unindexed < 300
    after = [index.search(query(number)) for number in range(0, 300, 30)]
    for one, other in zip(before, after, strict=True):
        scores = {hit.id: (hit.bm25, hit.cosine) for hit in one}
        assert all(scores[hit.id] == (hit.bm25, hit.cosine) for hit in other if hit.id in scores)
        assert len(scores.keys() & {hit.id for hit in other}) >= 0.9 * len(one)
    index.close()


FIRST = {"year": 2019, "court": "ca9", "decided": "2019-05-17", "open": True, "court.name": "x"}

# --- access and filters ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeIndex]:
    index = EdgeIndex.create(tmp_path_factory.mktemp("mixed") / "gen-000001", settings())
    index.upsert(
        [
            replace(point(1, access=["public"]), fields=FIRST),
            point(2, access=["group:a"], year="2020", court="ca2", decided="2020-02-29", parts=["i", "ii"]),
            point(3, access=["user:ann", "group:a"], year=2021.0, ratio=0.5, decided="2021-12-31T23:30:00-05:00"),
            point(4, access=[], year=1787, decided="1787-09-17", open="false", title="Ninth Circuit"),
            point(5, access=["public"], kind="document", year=2019),
        ]
    )
    yield index
    index.close()


def found(index: EdgeIndex, where: Where) -> set[int]:
    return {hit.id for hit in index.search(IndexQuery(where, None, vector(1), 50))}


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (None, {1, 2, 3, 4}),
        ((), set()),
        (("public",), {1}),
        (("group:a",), {2, 3}),
        (("public", "user:ann"), {1, 3}),
        (("group:b",), set()),
    ],
)
def test_access_admits_what_it_names_and_nothing_else(
    mixed: EdgeIndex, access: tuple[str, ...] | None, expected: set[int]
) -> None:
    assert found(mixed, Where(access)) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (("year", "any", (2019,)), {1}),
        (("year", "any", ("2020", 2021)), {2, 3}),
        (("year", "any", ()), set()),
        (("court", "any", ("ca9", "ca2")), {1, 2}),
        (("parts", "any", ("ii",)), {2}),
        (("open", "any", (True,)), {1}),
        (("open", "any", ("false",)), {4}),
        (("court.name", "any", ("x",)), {1}),
        (("year", "gte", 2020), {2, 3}),
        (("year", "gt", "2020"), {3}),
        (("year", "lt", 1900), {4}),
        (("ratio", "lte", 0.5), {3}),
        (("decided", "gte", "2020-02-29"), {2, 3}),
        (("decided", "lte", "2020-02"), {1, 2, 4}),
        (("decided", "lt", "2019-05-17"), {4}),
        (("decided", "gt", "2019"), {2, 3}),
        (("decided", "gt", 2021), {3}),
        (("title", "prefix", "Ninth"), {4}),
        (("title", "prefix", "ninth"), set()),
        (("nowhere", "any", ("x",)), set()),
        (("nowhere", "gte", 1), set()),
    ],
)
def test_a_filter_means_what_its_operation_says(
    mixed: EdgeIndex, condition: tuple[str, str, object], expected: set[int]
) -> None:
    name, op, value = condition
    assert found(mixed, Where(None, (FieldFilter(name, op, value),))) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "condition", [("year", "gte", "soon"), ("year", "lt", True), ("court", "prefix", ""), ("court", "any", (None,))]
)
def test_a_value_that_cannot_be_compared_is_refused_by_name(
    mixed: EdgeIndex, condition: tuple[str, str, object]
) -> None:
    name, op, value = condition
    with pytest.raises(FilterError, match=name):
        found(mixed, Where(None, (FieldFilter(name, op, value),)))  # type: ignore[arg-type]


def test_filters_join_with_access_kind_and_documents(mixed: EdgeIndex) -> None:
    recent = FieldFilter("year", "gte", 2019)
    assert found(mixed, Where(("public",), (recent,))) == {1}
    assert found(mixed, Where(("public",), (recent,), kind="document")) == {5}
    assert found(mixed, Where(None, (recent,), document_ids=("doc-0",))) == {1, 2, 3}
    assert found(mixed, Where(None, document_ids=())) == set()


def test_dates_and_numbers_are_read_strictly() -> None:
    assert as_moment("2020-05-17T10:00:00+02:00") == "2020-05-17T08:00:00.000000Z"
    assert as_moment("0787-01-01") == "0787-01-01T00:00:00.000000Z"
    assert [as_moment(text) for text in ("2020", "20200517", "5/17/2020", "2020-13-01", "tomorrow")] == [None] * 5
    assert [as_number(value) for value in (True, "nan", "inf", "1e3", "007", "v1")] == [None, None, None, 1000, 7, None]
    assert field_key("s", "court.name") != field_key("s", "court_name")


# --- edges -----------------------------------------------------------------------------------------------------------


def test_points_without_words_or_direction_are_held_and_found_by_the_other_leg(empty: EdgeIndex) -> None:
    blank = replace(point(1, tokens=()), vector=vector(1))
    still = replace(point(2, tokens=["apple"]), vector=np.zeros(DIMENSIONS, np.float32))
    empty.upsert([blank, still])
    assert {hit.id for hit in empty.search(IndexQuery(Where(None), ("apple",), vector(1), 5))} == {1, 2}
    assert empty.differing([blank, still]) == []


@pytest.mark.parametrize("wrong", [np.zeros(3, np.float32), np.full(DIMENSIONS, np.nan, np.float32)])
def test_a_vector_that_does_not_fit_is_refused_with_the_point_named(empty: EdgeIndex, wrong: Vector) -> None:
    with pytest.raises(InputError, match="Point 7"):
        empty.upsert([replace(point(7), vector=wrong)])
    with pytest.raises(InputError, match="question"):
        empty.search(IndexQuery(Where(None), None, wrong, 5))
    assert empty.ids() == set()


def test_differences_name_exactly_the_points_that_are_otherwise(empty: EdgeIndex) -> None:
    empty.upsert(MANY[:20])
    changed = [
        replace(MANY[0], access=("group:x",)),
        replace(MANY[1], tokens=("other",)),
        replace(MANY[2], vector=vector(999)),
        replace(MANY[3], fields={"year": 1}),
        point(5000),
        MANY[5],
    ]
    assert empty.differing(changed) == [1, 2, 3, 4, 5000]


def test_long_numbers_that_the_engine_rounds_are_not_taken_for_damage(empty: EdgeIndex) -> None:
    pages = replace(
        point(1), fields={"pages": "2047981614561285", "more": "2055102914564583", "last": 2050312117697173}
    )
    empty.upsert([pages])
    assert empty.differing([pages]) == []
    assert empty.differing([replace(pages, fields={**pages.fields, "pages": "2047981614561286"})]) == [1]


def test_no_word_of_a_document_lies_in_any_file_of_the_index(empty: EdgeIndex) -> None:
    secret = "xylophonequartz"
    empty.upsert([point(1, tokens=[secret, "plain"])])
    empty.flush()
    assert not [place for place in empty.folder.rglob("*") if place.is_file() and secret.encode() in place.read_bytes()]


def test_filtering_on_a_field_keeps_the_index_sealed_and_a_field_nobody_has_leaves_nothing(empty: EdgeIndex) -> None:
    empty.upsert([point(1, year=2020), point(2, year=2021)])
    empty.flush()
    revision, files = empty.state().revision, {str(place) for place in empty.folder.rglob("*")}
    asked = IndexQuery(Where(None, (FieldFilter("nobody", "any", ("x",)),)), None, vector(1), 5)
    assert empty.search(asked) == []
    assert {str(place) for place in empty.folder.rglob("*")} == files
    assert [hit.id for hit in empty.search(replace(asked, where=Where(None, (FieldFilter("year", "gt", 2020),))))] == [
        2
    ]
    assert empty.state().revision == revision and empty.status().clean
    empty.upsert([point(3, nobody="x")])
    assert [hit.id for hit in empty.search(asked)] == [3]


def test_a_term_is_the_same_number_on_every_machine() -> None:
    assert term("negligence") == TERM
    assert query_terms(("b", "a", "b"), 10) == sorted([(term("b"), 2), (term("a"), 1)])
    assert len(query_terms([f"t{number}" for number in range(500)], 256)) == 256


def test_a_tie_at_the_end_of_a_leg_is_settled_by_id(empty: EdgeIndex) -> None:
    empty.upsert([replace(point(key, tokens=["same"]), vector=vector(1)) for key in range(60, 0, -1)])
    hits = empty.search(IndexQuery(Where(None), ("same",), vector(1), 5))
    assert [hit.id for hit in hits] == [1, 2, 3, 4, 5]


# --- opening and closing ---------------------------------------------------------------------------------------------


def test_what_was_closed_is_there_again_and_sealed(tmp_path: Path) -> None:
    index = EdgeIndex.create(tmp_path / "gen-000001", settings())
    index.upsert(MANY[:80])
    before = index.search(query(3))
    index.close()
    index.close()
    with pytest.raises(StoreError, match="closed"):
        index.search(query(3))
    again = EdgeIndex.open(tmp_path / "gen-000001")
    assert again.search(query(3)) == before
    assert again.status().clean and not again.state().unverified
    again.close()


def test_a_folder_is_held_by_one_at_a_time(empty: EdgeIndex) -> None:
    with pytest.raises(StoreInUse, match=r"process \d+"):
        EdgeIndex.open(empty.folder)


def test_a_folder_without_its_settings_is_damaged_and_names_the_repair(tmp_path: Path) -> None:
    (tmp_path / "gen-000001").mkdir()
    with pytest.raises(StoreDamaged, match="assay doctor --repair"):
        EdgeIndex.open(tmp_path / "gen-000001")


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StoreFull, match="no room"):
        check_room(tmp_path, 1 << 60)


def test_the_seal_is_broken_before_a_change_and_renewed_by_a_flush(empty: EdgeIndex) -> None:
    empty.flush()
    first = empty.state().revision
    assert empty.status().clean
    empty.upsert([point(1, tokens=words(1))])
    assert not empty.status().clean and not (empty.folder / "seal.json").exists()
    empty.flush()
    assert empty.status().clean and empty.state().revision != first
    again = empty.state().revision
    empty.flush()
    assert empty.state().revision == again
