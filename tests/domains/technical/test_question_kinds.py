"""What a question on software wants, told by its wording."""

from __future__ import annotations

import pytest

from assay.domains.technical.question_kinds import kind_of_question


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("drain the tank into two buckets", "task"),
        ("tank drain valve", "topic"),
        ("drain tank valve", "topic"),
        ("Removing rust from the tank", "task"),
        ("python: split a pipe `p` in two", "task"),
        ("How do I drain a tank?", "how"),
        ("What is the best way to drain a tank?", "how"),
        ("Is it possible to drain a tank twice?", "how"),
        ("How does a pump manage its water?", "question"),
        ("Why is water wet?", "why"),
        ("What is a valve?", "definition"),
        ("define pressure", "definition"),
        ("water pressure", "topic"),
        ("yield statement", "topic"),
    ],
)
def test_the_wording_tells_what_is_wanted(words: str, kind: str) -> None:
    assert kind_of_question(words, ()) == kind


def test_marks_inside_quoted_data_make_no_question() -> None:
    assert kind_of_question("split the line `line` at the pattern '(a|b)?'", ("line",)) == "task"
    assert kind_of_question("what follows the pattern '(a|b)?'", ()) == "question"


def test_a_symbol_with_the_word_signature_is_a_look_up_and_a_task_with_arguments_is_not() -> None:
    assert kind_of_question("signature of `pump.start`", ("pump.start",)) == "lookup"
    assert kind_of_question("start a pump with arguments `speed` and `time`", ("speed", "time")) == "task"


def test_words_of_versions_need_a_symbol_to_be_a_question_of_versions() -> None:
    assert kind_of_question("Is `pump.halt` deprecated?", ("pump.halt",)) == "status"
    assert kind_of_question("Is `pump.halt` gone, and if so, since which version?", ("pump.halt",)) == "status"
    assert kind_of_question("Since which version is `pump.halt` there?", ("pump.halt",)) == "added"
    assert kind_of_question("remove deprecated entries of the list", ()) == "task"
