"""What the contract of an index says on filters and access: in the query, deny by default, no trace of others."""

from __future__ import annotations

from typing import Any

from assay.ports import Index
from assay.testing.index_base import Condition, IndexBase, leaning, point, scores
from assay.types import IndexHit

_ROWS: dict[int, dict[str, Any]] = {
    1: {
        "court": "ca9",
        "year": 2001,
        "score": 0.5,
        "binding": True,
        "topics": ["contract", "licence"],
        "decided": "2001-03-05",
        "meta.judge": "Lee",
    },
    2: {
        "court": "scotus",
        "year": 2021,
        "score": 1.5,
        "binding": False,
        "topics": ["copyright"],
        "decided": "2021-04-05",
        "meta.judge": "Breyer",
    },
    3: {"court": "cadc", "year": 1996, "score": -2, "decided": "1996-06-20", "topics": ["contract"], "pages": [4, 12]},
    4: {"version": "three"},
    5: {"version": 3},
}
_CASES: tuple[tuple[Condition, set[int]], ...] = (
    (("court", "any", ("ca9",)), {1}),
    (("court", "any", ("ca9", "scotus", "nowhere")), {1, 2}),
    (("court", "any", ("ca",)), set()),
    (("court", "prefix", "ca"), {1, 3}),
    (("court", "prefix", "ca9"), {1}),
    (("court", "prefix", "a9"), set()),
    (("topics", "any", ("contract",)), {1, 3}),
    (("topics", "any", ("licence", "copyright")), {1, 2}),
    (("topics", "prefix", "co"), {1, 2, 3}),
    (("topics", "prefix", "lic"), {1}),
    (("pages", "any", (12,)), {3}),
    (("year", "any", (2001, 1996)), {1, 3}),
    (("year", "gte", 2001), {1, 2}),
    (("year", "gt", 2001), {2}),
    (("year", "lte", 2001), {1, 3}),
    (("year", "lt", 2001), {3}),
    (("year", "gte", 2000.5), {1, 2}),
    (("score", "gt", 0), {1, 2}),
    (("score", "lt", 0), {3}),
    (("score", "lte", 0.5), {1, 3}),
    (("binding", "any", (True,)), {1}),
    (("binding", "any", (False,)), {2}),
    (("decided", "gte", "2001-03-05"), {1, 2}),
    (("decided", "gt", "2001-03-05"), {2}),
    (("decided", "lte", "2001-03-05"), {1, 3}),
    (("decided", "lt", "2001-03-05"), {3}),
    (("decided", "lt", "2021"), {1, 3}),
    (("decided", "prefix", "2001-03"), {1}),
    (("decided", "any", ("1996-06-20",)), {3}),
    (("meta.judge", "any", ("Lee",)), {1}),
    (("version", "any", ("three",)), {4}),
    (("version", "any", (3,)), {5}),
    (("version", "gte", 2), {5}),
    (("nothing", "any", ("x",)), set()),
    (("nothing", "gte", 0), set()),
    (("nothing", "prefix", "x"), set()),
)


class IndexFilterTests(IndexBase):
    """Filters on fields, documents and kinds."""

    def test_a_filter_admits_exactly_the_points_that_meet_it(self) -> None:
        index = self._library()
        wrong = [
            f"{condition} admits {found}, not {expected}"
            for condition, expected in _CASES
            if (found := self._admitted(index, condition)) != expected
        ]
        assert not wrong, "; ".join(wrong)

    def test_a_filter_binds_the_vector_leg_as_well(self) -> None:
        index = self._library()
        wrong = [
            f"{condition} admits {found}, not {expected}"
            for condition, expected in _CASES
            if (found := {hit.id for hit in self.find(index, vector=leaning(0, 1.0), fields=(condition,))}) != expected
        ]
        assert not wrong, "; ".join(wrong)

    def test_all_of_several_filters_must_hold(self) -> None:
        index = self._library()
        assert self._admitted(index, ("year", "gte", 1990), ("year", "lt", 2010)) == {1, 3}, "a range of two bounds"
        assert self._admitted(index, ("court", "prefix", "ca"), ("topics", "any", ("licence",))) == {1}, "two fields"
        assert self._admitted(index, ("court", "any", ("ca9",)), ("year", "gt", 2001)) == set(), "filters that exclude"

    def test_document_ids_limit_the_search(self) -> None:
        index = self._library()
        for wanted, expected in (
            (None, {1, 2, 3, 4, 5}),
            (("document-2", "document-4", "no such"), {2, 4}),
            ((), set()),
        ):
            hits = self.find(index, tokens=("word",), vector=leaning(0, 1.0), document_ids=wanted)
            assert {hit.id for hit in hits} == expected, f"document_ids {wanted} admit {[hit.id for hit in hits]}"

    def test_filters_work_before_the_depth_is_cut(self) -> None:
        crowd = [point(key, ("word",) * 5, leaning(key % 14, 0.95), fields={"court": "ca9"}) for key in range(1, 401)]
        few = [point(key, ("word", "x"), leaning(key % 14, 0.1), fields={"court": "rare"}) for key in range(401, 406)]
        index = self.index([*crowd, *few])
        for tokens, vector in ((("word",), None), (None, leaning(0, 1.0))):
            hits = self.find(index, tokens=tokens, vector=vector, fields=(("court", "any", ("rare",)),), depth=5)
            leg = "words" if tokens else "vector"
            assert {hit.id for hit in hits} == set(range(401, 406)), (
                f"the {leg} leg filtered after cutting to its depth"
            )

    def test_odd_values_of_fields_do_not_break_a_search(self) -> None:
        odd = {
            "a": ["x"] * 60,
            "b": "",
            "c": 10**15,
            "d": -0.0,
            "é ü": "naïve",
            "q'\"": "';--",
            "list": [1, 2.5],
            "t": "x" * 256,
        }
        index = self.index([point(1, ("word",), leaning(1, 0.5), fields=odd)])
        for condition in (
            ("é ü", "any", ("naïve",)),
            ("q'\"", "any", ("';--",)),
            ("c", "gte", 10**14),
            ("list", "any", (2.5,)),
        ):
            assert self._admitted(index, condition) == {1}, f"{condition} does not admit the point"

    def _library(self) -> Index:
        rows = _ROWS.items()
        return self.index([point(key, ("word", f"w{key}"), leaning(key, 0.5), fields=fields) for key, fields in rows])

    def _admitted(self, index: Index, *conditions: Condition) -> set[int]:
        return self.ids_of(index, tokens=("word",), fields=conditions)


class IndexAccessTests(IndexBase):
    """Who finds what, and that nothing else shows."""

    def test_a_search_finds_only_what_one_of_its_tokens_opens(self) -> None:
        lists = {1: ("public",), 2: ("user:ann",), 3: ("group:lab", "user:bob"), 4: (), 5: ("user:annabel",)}
        index = self.index([point(key, ("word",), leaning(key, 0.5), access=access) for key, access in lists.items()])
        for access, expected in (
            (None, {1, 2, 3, 4, 5}),
            ((), set()),
            (("public",), {1}),
            (("public", "user:ann"), {1, 2}),
            (("user:bob",), {3}),
            (("group:lab", "user:annabel"), {3, 5}),
            (("user:", "user:*", "group", ""), set()),
        ):
            for leg, hits in (
                ("words", self.find(index, tokens=("word",), access=access)),
                ("vector", self.find(index, vector=leaning(0, 1.0), access=access)),
                ("both legs", self.find(index, tokens=("word",), vector=leaning(0, 1.0), access=access)),
            ):
                found = {hit.id for hit in hits}
                assert found == expected, f"access {access} admits {found} in {leg}, not {expected}"

    def test_access_holds_for_document_heads_too(self) -> None:
        heads = [point(key, ("word",), leaning(key, 0.5), access=(f"user:u{key}",), kind="document") for key in (1, 2)]
        hits = self.find(
            self.index(heads), tokens=("word",), vector=leaning(0, 1.0), access=("user:u1",), kind="document"
        )
        assert [hit.id for hit in hits] == [1], f"a search for heads found {[hit.id for hit in hits]}"

    def test_scores_count_nothing_outside_the_access(self) -> None:
        access = ("public", "user:ann")
        mine = [
            point(key, ("contract", *("breach",) * (key % 3), f"w{key}"), leaning(key, 0.5), access=(access[key % 2],))
            for key in range(1, 13)
        ]
        index = self.index(mine)
        before = self._asked(index, access)
        foreign = [
            point(key, ("contract", "breach") * (1 + key % 40), leaning(key, 0.99), access=(("user:bob",), ())[key % 2])
            for key in range(100, 180)
        ]
        index.upsert(foreign)
        self._unchanged(before, self._asked(index, access), "points of others came")
        index.delete([item.id for item in foreign])
        self._unchanged(before, self._asked(index, access), "points of others went")

    def test_others_take_no_place_among_the_hits(self) -> None:
        others = [point(key, ("word",) * 9, leaning(key % 14, 0.95), access=("user:bob",)) for key in range(1, 301)]
        mine = [point(key, ("word", "x"), leaning(key % 14, 0.2), access=("user:ann",)) for key in range(301, 305)]
        index = self.index([*others, *mine])
        for tokens, vector in ((("word",), None), (None, leaning(0, 1.0))):
            hits = self.find(index, tokens=tokens, vector=vector, access=("user:ann",), depth=4)
            assert {hit.id for hit in hits} == {301, 302, 303, 304}, "points of others pushed the caller's own out"

    def test_a_word_that_only_others_use_finds_nothing(self) -> None:
        index = self.index(
            [
                point(1, ("merger", "word"), leaning(1, 0.5), access=("user:bob",)),
                point(2, ("word",), leaning(2, 0.5), access=("user:ann",)),
            ]
        )
        hits = self.find(index, tokens=("merger",), vector=leaning(0, 1.0), access=("user:ann",))
        assert [(hit.id, hit.bm25) for hit in hits] == [(2, 0.0)], f"the hits are {hits}"

    def _asked(self, index: Index, access: tuple[str, ...]) -> list[IndexHit]:
        return self.find(index, tokens=("contract", "breach"), vector=leaning(0, 1.0), access=access, depth=20)

    def _unchanged(self, before: list[IndexHit], after: list[IndexHit], event: str) -> None:
        assert self.alike(scores(before), scores(after)), f"{event}: BM25 went from {scores(before)} to {scores(after)}"
        cosines = [{hit.id: round(hit.cosine or 0.0, 4) for hit in hits} for hits in (before, after)]
        assert cosines[0] == cosines[1], f"{event}: the cosines went from {cosines[0]} to {cosines[1]}"
