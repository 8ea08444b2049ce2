"""What may be asked: every odd question, limit and filter ends in a clear message or in a clean question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import FilterError, InputError, QuestionError
from assay.guard.questions import admit_filters, admit_k, admit_question, admit_threshold
from assay.types import FieldFilter


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", "empty"),
        ("   \n\t ", "empty"),
        ("\x00\x07", "empty"),
        ("a", "too short"),
        ("?!... 🙂🙂", "no word"),
        ("x" * 100_000, "100,000 characters"),
        (None, "must be text"),
        (7, "must be text"),
    ],
)
def test_an_unusable_question_is_refused_with_the_reason(question: object, message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        admit_question(question)


def test_control_characters_and_direction_marks_are_taken_out_and_noted() -> None:
    text, notes = admit_question("what\x00 is \u202efair\u202c\u200b use?")
    assert text == "what is fair use?"
    assert [note.split(" ", 1)[1].split(" were")[0] for note in notes] == [
        "control characters",
        "text direction marks",
        "invisible characters",
    ]


@pytest.mark.parametrize("question", ["ما هو الاستخدام العادل؟", "מהו שימוש הוגן?", "is 🙂 a word?", "合理使用とは"])
def test_questions_in_any_script_pass_unchanged(question: str) -> None:
    assert admit_question(question) == (question, ())


@given(st.text(max_size=300))
def test_admission_is_total_and_its_result_passes_again_unchanged(text: str) -> None:
    try:
        cleaned, _ = admit_question(text)
    except QuestionError:
        return
    assert admit_question(cleaned) == (cleaned, ())


@pytest.mark.parametrize("k", [0, -1, 1_000_000, True, 2.5, "8"])
def test_an_impossible_k_is_refused(k: object) -> None:
    with pytest.raises(InputError, match="k cannot be"):
        admit_k(k, 8)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan"), "0.5", True])
def test_a_threshold_outside_zero_to_one_is_refused(threshold: object) -> None:
    with pytest.raises(InputError, match="score_threshold"):
        admit_threshold(threshold, 0.85)


def test_defaults_hold_where_nothing_is_given() -> None:
    assert admit_k(None, 8) == 8
    assert admit_threshold(None, 0.85) == 0.85
    assert admit_filters(None) == ()


def test_filters_of_every_form_become_conditions() -> None:
    found = admit_filters(
        {"court": "ca9", "year": {"gte": 2000, "lt": 2010}, "kind": ["a", "b"], "path": {"prefix": "us"}}
    )
    assert found == (
        FieldFilter("court", "any", ("ca9",)),
        FieldFilter("year", "gte", 2000),
        FieldFilter("year", "lt", 2010),
        FieldFilter("kind", "any", ("a", "b")),
        FieldFilter("path", "prefix", "us"),
    )


@pytest.mark.parametrize(
    "filters",
    [
        7,
        {"a": {}},
        {"a": {"near": 3}},
        {"a": []},
        {"a": None},
        {"a": {"gte": None}},
        {"a": {"gte": float("inf")}},
        {"a": {"prefix": ""}},
    ],
)
def test_an_impossible_filter_is_refused(filters: object) -> None:
    with pytest.raises(FilterError):
        admit_filters(filters)


def test_an_unknown_field_is_refused_with_the_fields_there_are() -> None:
    with pytest.raises(FilterError, match=r"'colour'.*court, year"):
        admit_filters({"colour": "red"}, frozenset({"year", "court"}))
