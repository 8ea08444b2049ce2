"""Evidence must meet words that tell what is asked, not only words that any text of the field has."""

from __future__ import annotations

import pytest

from assay.textual.tokens import tokens
from assay.verify import about
from assay.verify.telling import on_subject
from tests.verify.kit import passage, question

SALE = "The owner of goods may recover damages for infringement of the warranty of title from the seller."


def enough(asked: str, text: str, title: str = "") -> bool:
    return on_subject(asked, frozenset(tokens(text)), text.lower(), frozenset(tokens(title))).enough


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("What damages may a patent owner recover for patent infringement?", SALE),
        ("What is the penalty for insider trading?", "Usage of trade explains the agreement; a penalty is void."),
        ("Who is liable for injuries caused by a dog bite?", "The seller is liable for injuries caused by breach."),
    ],
)
def test_words_of_any_text_do_not_make_a_common_subject(asked: str, text: str) -> None:
    assert not enough(asked, text)
    found = about(question(asked), text, passage(text, title="Remedies"))
    assert not found.passed
    assert "another subject" in found.reason or "next to nothing" in found.reason


@pytest.mark.parametrize(
    ("asked", "text", "title"),
    [
        ("What damages may a seller recover when goods are rejected?", "Rejection of goods: the seller's loss.", ""),
        ("My jeweler sold my watch. Who owns it?", "An entrusted thing passes to a buyer in ordinary course.", ""),
        ("Is death rarer when comparing oxytocin to ergot?", "Fewer women bled to death.", "Oxytocin after birth"),
        ("Does HRT raise fracture risk?", "Hormone replacement therapy prevented fractures.", ""),
        ("Summarise the lease for me.", "Rent is due monthly.", ""),
    ],
)
def test_an_answerable_question_keeps_its_evidence(asked: str, text: str, title: str) -> None:
    assert enough(asked, text, title)
