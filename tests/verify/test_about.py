"""Evidence must speak of what the question names, and answerable questions are not lost over spelling."""

from __future__ import annotations

import pytest

from assay.types import Check
from assay.verify import about, addresses
from tests.verify.kit import passage, question


def judged(asked: str, sentence: str, **document: object) -> Check:
    return about(question(asked), sentence, passage(sentence, **document))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("What does UCC § 2-207 say about additional terms?", "Additional terms become part of it under § 2-206."),
        ("Was the function added in Python 3.12?", "Added in version 3.8: the function."),
        ("What does os.path.join return?", "It returns the real path of the file."),
        ("Does the vaccine work in children?", "The vaccine worked in older adults."),
        ("What did ProCD v. Zeidenberg decide?", "The parties settled the antitrust suit."),
        ("What changed in 2019?", "The rules changed in 2015 for all dealers."),
    ],
)
def test_evidence_on_another_thing_is_not_about_the_question(asked: str, sentence: str) -> None:
    assert not judged(asked, sentence).passed


@pytest.mark.parametrize(
    ("asked", "sentence", "document"),
    [
        (
            "What does UCC § 2-207 say about additional terms?",
            "Additional terms become part of it.",
            {"title": "UCC § 2-207"},
        ),
        (
            "What did ProCD v. Zeidenberg hold?",
            "The court held the licence valid.",
            {"title": "ProCD, Inc. v. Zeidenberg"},
        ),
        ("What does os.path.join return?", "The join function returns one path.", {"breadcrumb": ("os.path",)}),
        (
            "Was the function added in Python 3.12?",
            "The function was added.",
            {"version": "3.12.1", "library": "python"},
        ),
        ("How does COPD progress?", "Chronic obstructive pulmonary disease progresses slowly.", {}),
        ("Does the vaccine work in children?", "The vaccine worked in infants.", {}),
        (
            "What is the effect of negative pressure wound therapy (NPWT)?",
            "Negative pressure wound therapy had no effect.",
            {},
        ),
        ("sort list `mine` in reverse order", "Pass reverse to sort a list in reverse order.", {}),
    ],
)
def test_a_title_a_heading_metadata_or_another_spelling_meets_a_term(
    asked: str, sentence: str, document: dict[str, object]
) -> None:
    found = judged(asked, sentence, **document)
    assert found.passed, found.reason


def test_a_definition_above_the_sentence_still_governs_it() -> None:
    asked, sentence = question("What does functools.lru_cache do?"), "Results are kept in a dictionary."
    assert not about(asked, sentence, passage(sentence)).passed
    assert about(
        asked, sentence, passage(sentence), "functools.lru_cache(maxsize): caches the results that it returns"
    ).passed


def test_what_the_sentence_says_itself_counts_most() -> None:
    asked = "Who pays the insurance of the house?"
    near = passage("The tenant pays the insurance of the house.")
    far = passage("Rent is due. The tenant pays the insurance of the house.")
    assert addresses(asked, near.chunk.text, near) == 1.0
    assert 0 < addresses(asked, "Rent is due.", far) < 0.5


def test_evidence_on_another_case_is_no_evidence_on_the_one_that_is_named() -> None:
    asked = "Which court decided Feist Publications v. Rural Telephone Service?"
    other = judged(asked, "The directory listed 3,000 telephone subscribers, and a court decided on the service.")
    assert not other.passed and "Feist" in other.reason
    assert judged(asked, "Feist was decided by the Supreme Court: a telephone directory lacks originality.").passed
