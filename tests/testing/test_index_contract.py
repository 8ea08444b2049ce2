"""The contract of an index: a correct one passes, and each kind of defect is found by the test that speaks of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.ports import Index
from assay.testing import IndexContract, failures_of
from assay.types import FieldFilter, IndexHit, IndexPoint, IndexQuery, IndexStatus, Matrix, Where
from tests.testing.memory_index import MemoryIndex


class TestMemoryIndex(IndexContract):
    def make_index(self, folder: Path) -> Index:
        return MemoryIndex(folder)


class SeesEverything(MemoryIndex):
    """An empty access tuple is taken for no access filter."""

    def counts(self, point: IndexPoint, where: Where) -> bool:
        return super().counts(point, replace(where, access=where.access or None))


class FiltersAfterwards(MemoryIndex):
    """Cuts to the depth first, and filters then."""

    def search(self, query: IndexQuery) -> list[IndexHit]:
        bare = replace(query, where=Where(None, kind=query.where.kind))
        return [
            hit
            for hit in super().search(bare)
            if self.counts(self.points[hit.id], query.where) and self.meets(self.points[hit.id], query.where)
        ]


class CountsOthers(MemoryIndex):
    """BM25 statistics over all points, hits only of the caller's own."""

    def search(self, query: IndexQuery) -> list[IndexHit]:
        everywhere = {
            hit.id: hit for hit in super().search(replace(query, where=replace(query.where, access=None), depth=999))
        }
        return [everywhere.get(hit.id, hit) for hit in super().search(query)]


class LeavesSignalsOut(MemoryIndex):
    """A hit has only the signal of the leg that found it."""

    def search(self, query: IndexQuery) -> list[IndexHit]:
        return [replace(hit, cosine=None if hit.bm25 else hit.cosine) for hit in super().search(query)]


class MixesKinds(MemoryIndex):
    def counts(self, point: IndexPoint, where: Where) -> bool:
        return super().counts(replace(point, kind=where.kind), where)


class AppendsInsteadOfReplacing(MemoryIndex):
    """The former tokens stay."""

    def upsert(self, points: Sequence[IndexPoint]) -> None:
        for point in points:
            old = self.points.get(point.id, point)
            super().upsert([replace(point, tokens=(*old.tokens, *point.tokens))])


class RefusesUnknownIds(MemoryIndex):
    def delete(self, ids: Sequence[int]) -> None:
        for key in ids:
            del self.points[key]


class ForgetsOnClosing(MemoryIndex):
    def close(self) -> None:
        self.points.clear()


class BoundsAreOpen(MemoryIndex):
    def holds(self, held: Any, one: FieldFilter) -> bool:
        return super().holds(held, FieldFilter(one.field, "gt", one.value) if one.op == "gte" else one)


class LooksAtListsWhole(MemoryIndex):
    def holds(self, held: Any, one: FieldFilter) -> bool:
        return super().holds(str(held) if isinstance(held, (list, tuple)) else held, one)


class WorstFirst(MemoryIndex):
    def search(self, query: IndexQuery) -> list[IndexHit]:
        return super().search(query)[::-1]


class IgnoresDepth(MemoryIndex):
    def search(self, query: IndexQuery) -> list[IndexHit]:
        return super().search(replace(query, depth=10**6))


class NearestOfAll(MemoryIndex):
    def nearest(self, where: Where, vectors: Matrix) -> list[float]:
        return super().nearest(Where(None), vectors)


class MiscountsPoints(MemoryIndex):
    def status(self) -> IndexStatus:
        return replace(super().status(), points=max(self.points, default=0))


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (SeesEverything, "test_a_search_finds_only_what_one_of_its_tokens_opens"),
        (FiltersAfterwards, "test_filters_work_before_the_depth_is_cut"),
        (FiltersAfterwards, "test_others_take_no_place_among_the_hits"),
        (CountsOthers, "test_scores_count_nothing_outside_the_access"),
        (LeavesSignalsOut, "test_a_hit_of_either_leg_has_both_signals"),
        (MixesKinds, "test_chunks_and_document_heads_are_kept_apart"),
        (AppendsInsteadOfReplacing, "test_a_replaced_point_keeps_nothing_of_its_former_self"),
        (AppendsInsteadOfReplacing, "test_writing_the_same_points_again_changes_nothing"),
        (RefusesUnknownIds, "test_deleting_what_is_not_there_is_no_error"),
        (ForgetsOnClosing, "test_what_was_flushed_survives_closing_and_opening"),
        (BoundsAreOpen, "test_a_filter_admits_exactly_the_points_that_meet_it"),
        (LooksAtListsWhole, "test_a_filter_binds_the_vector_leg_as_well"),
        (WorstFirst, "test_the_vector_leg_finds_the_nearest_first"),
        (IgnoresDepth, "test_each_leg_brings_at_most_its_depth_and_its_best"),
        (NearestOfAll, "test_nearest_is_the_best_cosine_of_what_passes"),
        (MiscountsPoints, "test_status_counts_the_points"),
    ],
)
def test_a_broken_index_fails(defect: type[MemoryIndex], found_by: str) -> None:
    class Broken(IndexContract):
        def make_index(self, folder: Path) -> Index:
            return defect(folder)

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]
