"""Ranking metrics against values worked out by hand and against their definitions."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.evaluation.metrics import estimate, hit, merge, ndcg, paired, precision, recall, reciprocal_rank, span_scores


def test_ndcg_agrees_with_a_value_worked_out_by_hand() -> None:
    gained = 2 / math.log2(2) + 1 / math.log2(4)
    ideal = 2 / math.log2(2) + 1 / math.log2(3)
    assert ndcg(["a", "x", "b"], {"a": 2, "b": 1}) == pytest.approx(gained / ideal)


def test_a_perfect_ranking_has_ndcg_one_and_an_empty_one_zero() -> None:
    assert ndcg(["a", "b"], {"a": 2, "b": 1}) == pytest.approx(1.0)
    assert ndcg([], {"a": 1}) == 0.0


def test_missing_places_count_as_misses_in_precision() -> None:
    assert precision(["a"], frozenset({"a"}), 10) == pytest.approx(0.1)


def test_recall_hit_and_reciprocal_rank_look_at_the_first_relevant_place() -> None:
    relevant = frozenset({"b", "c"})
    ranked = ["a", "b", "x"]
    assert recall(ranked, relevant, 2) == 0.5
    assert hit(ranked, relevant, 1) == 0.0
    assert hit(ranked, relevant, 2) == 1.0
    assert reciprocal_rank(ranked, relevant) == 0.5
    assert reciprocal_rank(["x"], relevant) == 0.0


def test_span_scores_count_overlapping_characters_once() -> None:
    found = [("d", 0, 10), ("d", 5, 20), ("e", 0, 20)]
    got_precision, got_recall = span_scores(found, {"d": [(10, 30)]})
    assert got_precision == pytest.approx(10 / 40)
    assert got_recall == pytest.approx(10 / 20)


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted), max_size=8))
def test_merged_spans_cover_exactly_the_same_characters(spans: list[list[int]]) -> None:
    covered = {c for start, end in spans for c in range(start, end)}
    merged = merge([(start, end) for start, end in spans if start < end])
    assert {c for start, end in merged for c in range(start, end)} == covered
    assert all(first[1] < second[0] for first, second in itertools.pairwise(merged))


def test_the_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = estimate([0.0, 1.0] * 10), estimate([0.0, 1.0] * 500)
    assert few.low <= few.mean <= few.high
    assert many.high - many.low < few.high - few.low
    assert math.isnan(estimate([]).mean)


def test_a_paired_difference_sees_what_separate_intervals_hide() -> None:
    first = [n / 100 for n in range(100)]
    second = [value + 0.01 for value in first]
    difference = paired(first, second)
    assert difference.low > 0
    assert difference.mean == pytest.approx(0.01)
