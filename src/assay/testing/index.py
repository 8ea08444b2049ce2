"""The contract of an index. Filters, access and the nearest alone have their own files.

It fixes no BM25 formula: it asks for the order and the independence that every one has. It measures no speed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from assay.ports import Index
from assay.testing.index_base import IndexBase, leaning, point, scores
from assay.testing.index_filters import IndexAccessTests, IndexFilterTests
from assay.testing.index_nearest import IndexNearestTests
from assay.types import IndexHit, IndexStatus

__all__ = ["IndexContract"]


class IndexContract(IndexAccessTests, IndexFilterTests, IndexNearestTests, IndexBase):
    """What `ports.Index` promises. Override `make_index`.

    `cosine_tolerance` is how far a cosine may be off (quantisation); `dimensions` the length of the tests' vectors.
    """

    # --- both legs

    def test_the_words_leg_finds_what_holds_a_word(self) -> None:
        index = self.filled({1: ("contract", "breach"), 2: ("contract",), 3: ("dosage",)})
        assert self.ids_of(index, tokens=("contract",)) == {1, 2}, "not exactly the points with the token were found"
        assert self.ids_of(index, tokens=("placebo",)) == set(), "a token that no point holds found something"

    def test_the_vector_leg_finds_the_nearest_first(self) -> None:
        cosines = {1: 0.3, 2: 0.9, 3: -0.4, 4: 0.6}
        index = self.index([point(key, ("word",), leaning(key, cosine)) for key, cosine in cosines.items()])
        hits = self.find(index, vector=leaning(0, 1.0))
        assert [hit.id for hit in hits] == [2, 4, 1, 3], f"the order by cosine is {[hit.id for hit in hits]}"
        for hit in hits:
            assert hit.cosine is not None
            assert abs(hit.cosine - cosines[hit.id]) <= self.cosine_tolerance, f"{hit} should be {cosines[hit.id]}"

    def test_a_hit_of_either_leg_has_both_signals(self) -> None:
        near = [point(key, ("other",), leaning(key, 0.9)) for key in range(1, 6)]
        worded = [point(key, ("rare", "word"), leaning(key, -0.9)) for key in range(6, 11)]
        hits = self.find(self.index([*near, *worded]), tokens=("rare",), vector=leaning(0, 1.0), depth=5)
        assert {hit.id for hit in hits} == set(range(1, 11)), "the hits are not the union of both legs"
        for hit in hits:
            assert hit.cosine is not None, f"point {hit.id} came without a cosine"
            assert hit.bm25 is not None, f"point {hit.id} came without a BM25 score"
            assert (hit.bm25 > 0) == (hit.id > 5), f"point {hit.id} has the BM25 score {hit.bm25}"
            expected = 0.9 if hit.id < 6 else -0.9
            assert abs(hit.cosine - expected) <= self.cosine_tolerance, f"point {hit.id} has the cosine {hit.cosine}"
        cosines = [hit.cosine or 0.0 for hit in hits]
        assert cosines == sorted(cosines, reverse=True), "the hits are not in the order of their cosines"

    def test_a_leg_that_was_not_asked_leaves_its_signal_out(self) -> None:
        index = self.filled({1: ("contract",)})
        (worded,) = self.find(index, tokens=("contract",))
        assert worded.cosine is None, f"no vector was given, yet the cosine is {worded.cosine}"
        (near,) = self.find(index, vector=leaning(0, 1.0))
        assert near.bm25 is None, f"no tokens were given, yet the BM25 score is {near.bm25}"

    def test_a_question_without_a_usable_word_still_finds_by_vector(self) -> None:
        hits = self.find(self.filled({1: ("contract",), 2: ("dosage",)}), tokens=(), vector=leaning(0, 1.0))
        assert {hit.id for hit in hits} == {1, 2}, "an empty list of tokens kept the vector leg from finding"
        assert [hit.bm25 for hit in hits] == [0.0, 0.0], "with no tokens every BM25 score is 0.0"

    def test_a_hit_names_its_document_and_comes_once(self) -> None:
        index = self.filled({1: ("contract",), 2: ("contract",)})
        hits = self.find(index, tokens=("contract", "contract"), vector=leaning(0, 1.0))
        assert all(isinstance(hit, IndexHit) for hit in hits), "search gave something other than IndexHit"
        found = sorted((hit.id, hit.document_id) for hit in hits)
        assert found == [(1, "document-1"), (2, "document-2")], f"the hits are {found}"

    def test_the_same_search_gives_the_same_hits(self) -> None:
        index = self.index([point(key, ("word", f"w{key % 7}"), leaning(key % 13, 0.5)) for key in range(1, 60)])
        first, *others = (self.find(index, tokens=("word", "w3"), vector=leaning(0, 1.0), depth=20) for _ in range(4))
        assert all(other == first for other in others), "the same search gave other hits or another order"

    # --- BM25

    def test_a_rare_word_counts_more_than_a_common_one(self) -> None:
        index = self.filled({1: ("rare", "x1"), **{key: ("common", f"x{key}") for key in range(2, 20)}})
        rare, common = scores(self.find(index, tokens=("rare",)))[1], scores(self.find(index, tokens=("common",)))[2]
        assert rare > common, f"the rare word scores {rare:.4f}, the common one {common:.4f}"

    def test_a_word_counts_more_in_a_short_text_and_when_repeated(self) -> None:
        long = ("contract", *(f"filler{n}" for n in range(50)))
        texts = {1: ("contract", "contract", "a", "b"), 2: ("contract", "x", "y", "z"), 3: long, 4: ("other",)}
        found = scores(self.find(self.filled(texts), tokens=("contract",)))
        assert found[1] > found[2] > found[3] > 0, f"BM25 orders repeated, short and long as {found}"

    def test_the_scores_of_several_words_add_up(self) -> None:
        index = self.filled(
            {1: ("contract", "breach"), 2: ("contract", "other"), 3: ("breach", "other"), 4: ("x", "y")}
        )
        both = scores(self.find(index, tokens=("contract", "breach")))[1]
        each = [scores(self.find(index, tokens=(word,)))[1] for word in ("contract", "breach")]
        assert abs(both - sum(each)) <= 1e-4 * both, f"together {both:.5f}, one by one {sum(each):.5f}"

    def test_tokens_are_compared_whole_and_as_they_are(self) -> None:
        words = ("2-106", "§", "os.path.join", "read_csv", "usc", "müller", "契約", '"', "a'b", "-x", "x:y", "*", "AND")
        index = self.filled({key: (word, "filler") for key, word in enumerate(words, 1)})
        for key, word in enumerate(words, 1):
            assert self.ids_of(index, tokens=(word,)) == {key}, f"the token {word!r} did not find exactly its point"
        for part in ("2", "106", "os", "join", "read", "csv", "u", "mull", "契", "x", "y"):
            assert self.ids_of(index, tokens=(part,)) == set(), f"{part!r}, a part of a token, found something"

    # --- depth and kind

    def test_each_leg_brings_at_most_its_depth_and_its_best(self) -> None:
        points = [point(key, ("word",) * key, leaning(key % 15, 1 - key / 100)) for key in range(1, 41)]
        index = self.index(points)
        worded = self.find(index, tokens=("word",), depth=7)
        assert {hit.id for hit in worded} == set(range(34, 41)), f"the 7 best by BM25 are not {_ids(worded)}"
        near = self.find(index, vector=leaning(0, 1.0), depth=7)
        assert [hit.id for hit in near] == list(range(1, 8)), f"the 7 best by cosine are not {_ids(near)}"
        assert {hit.id for hit in self.find(index, tokens=("word",), vector=leaning(0, 1.0), depth=7)} == {
            *range(1, 8),
            *range(34, 41),
        }, "with both legs the hits are not the best of each"

    def test_chunks_and_document_heads_are_kept_apart(self) -> None:
        index = self.filled({1: ("contract",)})
        index.upsert([point(2, ("contract",), leaning(2, 0.5), kind="document")])
        for kind, expected in (("chunk", {1}), ("document", {2})):
            asked: Literal["chunk", "document"] = "chunk" if kind == "chunk" else "document"
            found = {hit.id for hit in self.find(index, tokens=("contract",), vector=leaning(0, 1.0), kind=asked)}
            assert found == expected, f"a search for {kind}s found {found}"
        assert index.ids() == {1, 2}, f"ids() names {index.ids()}, not the ids of both kinds"

    # --- writing

    def test_a_point_is_found_by_the_next_search(self) -> None:
        index = self.filled({1: ("contract",)})
        index.upsert([point(2, ("contract",), leaning(2, 0.5))])
        assert self.ids_of(index, tokens=("contract",)) == {1, 2}, "a new point is not visible at once"
        index.delete([1])
        assert self.ids_of(index, tokens=("contract",)) == {2}, "a deleted point is still found"
        assert {hit.id for hit in self.find(index, vector=leaning(0, 1.0))} == {2}, "a deleted point is still near"

    def test_writing_the_same_points_again_changes_nothing(self) -> None:
        points = [point(key, ("word", f"w{key}"), leaning(key, 0.5)) for key in range(1, 9)]
        index = self.index(points)
        before = self.find(index, tokens=("word", "w2"), vector=leaning(0, 1.0))
        for _ in range(3):
            index.upsert(points)
        assert index.ids() == set(range(1, 9)), "upserting again changed the ids"
        assert index.status().points == 8, f"8 points became {index.status().points}"
        assert _equal(before, self.find(index, tokens=("word", "w2"), vector=leaning(0, 1.0))), (
            "upserting again changed hits"
        )

    def test_a_replaced_point_keeps_nothing_of_its_former_self(self) -> None:
        index = self.index([point(1, ("old",), leaning(1, 0.9), access=("user:ann",), fields={"court": "ca9"})])
        index.upsert([point(1, ("new",), leaning(1, -0.9), access=("user:bob",), fields={"year": 2020})])
        assert self.ids_of(index, tokens=("old",)) == set(), "the former tokens are still found"
        assert self.ids_of(index, tokens=("new",)) == {1}, "the new tokens are not found"
        (hit,) = self.find(index, vector=leaning(0, 1.0))
        assert hit.cosine is not None and hit.cosine < 0, "the former vector is still compared"
        assert self.ids_of(index, tokens=("new",), access=("user:ann",)) == set(), "the former access list still admits"
        assert self.ids_of(index, tokens=("new",), fields=(("court", "any", ("ca9",)),)) == set(), (
            "a former field is left"
        )

    def test_deleting_what_is_not_there_is_no_error(self) -> None:
        index = self.filled({1: ("contract",), 2: ("contract",)})
        index.delete([2, 99, 2, 2**40])
        index.delete([2])
        assert index.ids() == {1}, f"ids() names {index.ids()}"

    def test_empty_batches_are_no_error(self) -> None:
        index = self.filled({1: ("contract",)})
        index.upsert([])
        index.delete([])
        assert index.ids() == {1}, f"ids() names {index.ids()}"

    def test_an_empty_index_finds_nothing(self) -> None:
        index = self.index([])
        assert index.ids() == set(), "a new index holds ids"
        assert self.find(index, tokens=("contract",), vector=leaning(0, 1.0)) == [], "an empty index found something"
        assert index.status().points == 0, f"a new index counts {index.status().points} points"

    def test_what_was_deleted_no_longer_counts_in_the_scores(self) -> None:
        texts = {key: ("contract", f"w{key}") for key in range(1, 11)}
        index = self.filled(texts)
        before = scores(self.find(index, tokens=("contract", "w3")))
        index.upsert([point(key, ("contract",) * 30, leaning(0, 0.1)) for key in range(11, 60)])
        index.delete(range(11, 60))
        after = scores(self.find(index, tokens=("contract", "w3")))
        assert self.alike(before, after), f"BM25 still counts deleted points: {before} became {after}"

    def test_large_ids_are_kept_exactly(self) -> None:
        keys = (1, 2**31, 2**53 - 1)
        index = self.filled({key: ("contract",) for key in keys})
        assert index.ids() == set(keys), f"ids() names {index.ids()}"
        assert self.ids_of(index, tokens=("contract",)) == set(keys), "a large id came back changed"

    def test_a_large_batch_is_written_whole(self) -> None:
        index = self.index([point(key, ("word", f"w{key}"), leaning(key % 14, 0.5)) for key in range(1, 1501)])
        assert index.ids() == set(range(1, 1501)), f"of 1500 points {len(index.ids())} are there"
        assert self.ids_of(index, tokens=("w1499",)) == {1499}, "a point of a large batch is not found"
        index.delete(range(1, 1500))
        assert index.ids() == {1500}, "a large delete left points behind"

    # --- durability and status

    def test_what_was_flushed_survives_closing_and_opening(self) -> None:
        fields: dict[str, Any] = {"court": "ca9", "year": 2001, "topics": ["contract"]}
        points = [
            point(key, ("word", f"w{key}"), leaning(key, 0.5), access=("user:ann",), fields=fields) for key in (1, 2, 3)
        ]
        index = self.index(
            [*points, point(4, ("word",), leaning(4, 0.5), kind="document"), point(5, ("gone",), leaning(5, 0.5))]
        )
        index.delete([5])
        before = self.find(index, tokens=("word", "w2"), vector=leaning(0, 1.0))
        index.flush()
        again = self.reopened(index)
        assert again.ids() == {1, 2, 3, 4}, f"after opening again ids() names {again.ids()}"
        assert _equal(before, self.find(again, tokens=("word", "w2"), vector=leaning(0, 1.0))), "the hits changed"
        narrow = self.ids_of(again, tokens=("word",), access=("user:ann",), fields=(("topics", "any", ("contract",)),))
        assert narrow == {1, 2, 3}, f"after opening again access and fields admit {narrow}"

    def test_closing_without_a_flush_keeps_everything(self) -> None:
        again = self.reopened(self.filled({1: ("contract",), 2: ("contract",)}))
        assert self.ids_of(again, tokens=("contract",)) == {1, 2}, "close() lost what was not flushed"

    def test_status_counts_the_points(self) -> None:
        index = self.filled({key: ("word",) for key in range(1, 8)})
        index.delete([3])
        index.upsert([point(8, ("word",), leaning(8, 0.5), kind="document")])
        index.flush()
        status = index.status()
        assert isinstance(status, IndexStatus), f"status() gave {type(status).__name__}"
        assert status.points == len(index.ids()) == 7, f"status counts {status.points} points, ids() {len(index.ids())}"
        assert 0 <= status.unindexed <= status.points, f"{status.unindexed} of {status.points} points are not optimised"
        assert status.generation >= 0 and status.bytes >= 0, f"{status} holds a negative number"

    def test_closing_twice_is_harmless(self) -> None:
        index = self.filled({1: ("contract",)})
        index.close()
        index.close()

    # --- helpers

    def filled(self, texts: Mapping[int, Sequence[str]]) -> Index:
        """An index with one open chunk for each text (a list of tokens)."""
        return self.index([point(key, tuple(words), leaning(key % 14, 0.5)) for key, words in texts.items()])


def _ids(hits: Sequence[IndexHit]) -> list[int]:
    return [hit.id for hit in hits]


def _equal(left: Sequence[IndexHit], right: Sequence[IndexHit]) -> bool:
    """Whether two results name the same points with the same signals, whatever the order of equals."""
    if {hit.id for hit in left} != {hit.id for hit in right}:
        return False
    other = {hit.id: hit for hit in right}
    return all(
        np.allclose(
            [hit.bm25 or 0.0, hit.cosine or 0.0], [other[hit.id].bm25 or 0.0, other[hit.id].cosine or 0.0], atol=1e-3
        )
        for hit in left
    )
