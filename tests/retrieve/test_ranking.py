"""The sum of scaled signals, and the routing of questions that name a document."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.retrieve.ranking import Weights, best, rank, scaled, with_priors
from assay.retrieve.routing import best_documents, confirmed, covered, named_document
from assay.types import IndexHit

HITS = [IndexHit(1, "a", 10.0, 0.2), IndexHit(2, "b", 0.0, 0.9), IndexHit(3, "c", 5.0, 0.55)]


def test_each_signal_is_scaled_within_the_question_and_the_sum_orders_the_candidates() -> None:
    ranked = rank(HITS, Weights(1.0, 1.0))
    assert [(item.hit.id, round(item.score, 6)) for item in ranked] == [(1, 1.0), (2, 1.0), (3, 1.0)]
    ranked = rank(HITS, Weights(1.0, 2.0))
    assert [item.hit.id for item in ranked] == [2, 3, 1]


def test_a_score_is_the_sum_of_what_its_signals_say_they_add() -> None:
    for item in rank(HITS, Weights(0.7, 1.3)):
        assert item.score == pytest.approx(sum(signal.contribution for signal in item.signals))


@given(st.lists(st.floats(-1e6, 1e6), max_size=20))
def test_scaled_values_lie_between_zero_and_one_and_keep_their_order(values: list[float]) -> None:
    result = scaled(values)
    assert all(0 <= value <= 1 for value in result)
    order = sorted(range(len(values)), key=values.__getitem__)
    assert all(result[a] <= result[b] for a, b in itertools.pairwise(order))


def test_adding_a_constant_to_a_signal_changes_no_order() -> None:
    shifted = [IndexHit(h.id, h.document_id, (h.bm25 or 0) + 7, h.cosine) for h in HITS]
    weights = Weights(1.0, 0.5)
    assert [r.hit.id for r in rank(HITS, weights)] == [r.hit.id for r in rank(shifted, weights)]


def test_late_interaction_is_scaled_among_those_that_have_it_and_adds_nothing_to_others() -> None:
    late = {1: 0.4, 3: 0.8}
    ranked = {item.hit.id: item for item in rank(HITS, Weights(1.0, 1.0, 0.5), late)}
    assert ranked[3].score == pytest.approx(1.5)
    assert ranked[1].score == ranked[2].score == pytest.approx(1.0)
    assert [signal.name for signal in ranked[3].signals] == ["bm25", "cosine", "late"]
    assert [signal.name for signal in ranked[2].signals] == ["bm25", "cosine"]
    assert rank(HITS, Weights(1.0, 1.0, 0.5), late)[0].hit.id == 3


def test_the_best_before_late_interaction_are_the_first_of_the_ranking_without_it() -> None:
    weights = Weights(1.0, 2.0)
    assert best(HITS, weights, 2) == [item.hit.id for item in rank(HITS, weights)][:2]
    assert [item.hit.id for item in rank(HITS, weights, most=1)] == best(HITS, weights, 1)


def test_priors_move_a_candidate_and_are_shown_as_signals() -> None:
    ranked = rank(HITS, Weights(1.0, 2.0))
    again = with_priors(ranked, [{}, {}, {"kind": 5.0}], {"kind": "library page"})
    assert again[0].hit.id == ranked[2].hit.id
    assert again[0].signals[-1].note == "library page"


@pytest.mark.parametrize(
    ("question", "name", "outright"),
    [
        (
            "Consider the NDA between CopAcc and ToP Mentors; Does it survive?",
            "the NDA between CopAcc and ToP Mentors",
            True,
        ),
        ("What did the court hold in ProCD v. Zeidenberg?", "ProCD v. Zeidenberg", False),
        ('What does "Master Services Agreement" say on notice?', "Master Services Agreement", False),
        ("what is in licence.pdf on audits", "licence.pdf", False),
    ],
)
def test_a_question_that_names_a_document_is_recognised(question: str, name: str, outright: bool) -> None:
    named = named_document(question)
    assert named is not None
    assert (named.name, named.outright) == (name, outright)


@pytest.mark.parametrize(
    "question", ["Is aspirin effective in primary prevention?", "How do I sort a list?", "Consider a list; "]
)
def test_a_question_that_names_none_is_left_alone(question: str) -> None:
    assert named_document(question) is None


def test_at_most_three_documents_near_the_best_are_candidates() -> None:
    assert best_documents([("a", 10.0), ("b", 9.0), ("c", 8.5), ("d", 8.4)]) == ("a", "b", "c")
    assert best_documents([("a", 10.0), ("b", 7.9)]) == ("a",)
    assert best_documents([]) == ()


def test_a_hint_must_be_covered_whole_and_an_outright_name_by_half() -> None:
    heads = {"a": "ProCD, Inc. v. Zeidenberg 86 F.3d 1447", "b": "Zeidenberg on contracts"}
    named = named_document("What was held in ProCD v. Zeidenberg?")
    assert named is not None
    assert covered(named.name, heads["a"]) == 1.0
    assert confirmed(named, ["a", "b"], heads.__getitem__) == ("a",)


def test_asking_deeper_scales_the_first_candidates_as_before() -> None:
    near = [IndexHit(n, f"d{n}", 10.0 - n, 0.9 - n / 20) for n in range(1, 7)]
    far = [IndexHit(n, f"d{n}", 0.5, 0.01) for n in range(7, 40)]
    usual = rank(near, Weights())
    deeper = rank([*near, *far], Weights(), depth=6)
    assert [(item.hit.id, item.score) for item in deeper[:6]] == [(item.hit.id, item.score) for item in usual]
    assert [item.score for item in rank([*near, *far], Weights())[:6]] != [item.score for item in usual]
    assert all(item.score < deeper[5].score for item in deeper[6:])
    assert best([*near, *far], Weights(), 3, depth=6) == best(near, Weights(), 3)


def test_a_long_text_that_names_a_case_in_passing_gives_no_hint() -> None:
    short = "What did the court hold in Marsh v. Pender Mills on notice?"
    assert named_document(short) is not None
    long = "The seller shipped on the fifth and heard nothing. " * 6 + "See Marsh v. Pender Mills on notice."
    assert named_document(long) is None
    assert named_document(f"Consider the lease between Marsh and Pender; {long}") is not None
