"""Fixed expressions that answer a word without having it."""

from __future__ import annotations

import pytest

from assay.answer.candidates import candidates
from assay.answer.implied import implied
from assay.textual.tokens import tokens
from tests.verify.kit import passage


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("This was an open-label trial.", "blinded"),
        ("The trial is filed as NCT01234567.", "registered"),
        ("Children took 250 micrograms twice a day.", "dose"),
    ],
)
def test_an_expression_stands_for_the_word_that_is_asked(sentence: str, word: str) -> None:
    assert set(tokens(word)) <= implied(sentence)
    assert not set(tokens(word)) & set(tokens(sentence))


@pytest.mark.parametrize("sentence", ["The label was open to debate.", "Glucose was 90 mg/dL.", "The NCT met in May."])
def test_other_words_and_concentrations_stand_for_nothing(sentence: str) -> None:
    assert implied(sentence) == frozenset()


def test_a_sentence_is_offered_with_the_words_that_it_implies() -> None:
    (found,) = candidates([passage("Both groups were treated in an open label manner for eight weeks.")])
    assert set(tokens("blinded")) <= found.tokens
