"""Counting overlap: ordered, weighted, exact."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assay.textual.similarity import coverage, jaccard, longest_common, rarity, weight


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=12))
def test_the_longest_common_subsequence_is_common_ordered_and_longest(first: list[str], second: list[str]) -> None:
    pairs = longest_common(first, second)
    assert all(first[i] == second[j] for i, j in pairs)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(pairs))
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, one in enumerate(first):
        for j, two in enumerate(second):
            table[i + 1][j + 1] = table[i][j] + 1 if one == two else max(table[i][j + 1], table[i + 1][j])
    assert len(pairs) == table[-1][-1]


def test_a_rare_word_weighs_more_than_a_common_one() -> None:
    rare = rarity([["lease", "goods"], ["goods"], ["goods"]])
    assert rare["lease"] > rare["goods"] > 0


def test_coverage_is_the_weighted_share_that_is_there() -> None:
    assert coverage(["lease", "2-106"], ["2-106"]) == weight("2-106") / (weight("2-106") + weight("leas"))
    assert coverage([], ["x"]) == 1.0


def test_sets_are_compared_by_what_they_share() -> None:
    assert jaccard("ab", "bc") == 1 / 3
    assert jaccard("", "") == 1.0
