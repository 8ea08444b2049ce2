"""What is written like a product's name is put in no other words; who asks for a place gets one or nothing."""

from __future__ import annotations

import pytest

from assay.verify import about
from assay.verify.mentions import lacks_place, unmentioned
from tests.verify.kit import passage, question

READINGS = "The station lists its readings, oldest first. Ask for a page of readings with the cursor."


@pytest.mark.parametrize(
    "asked",
    [
        "How do I ask the station for readings with GraphQL?",
        "How do I list the readings of a station using Kubernetes?",
        "Does PostgreSQL hold the readings of the station?",
    ],
)
def test_a_document_that_never_mentions_a_product_says_nothing_of_it(asked: str) -> None:
    sentence = "The station lists its readings, oldest first."
    found = about(question(asked), sentence, passage(READINGS), "", READINGS)
    assert not found.passed
    assert "the document says nothing of" in found.reason


@pytest.mark.parametrize(
    "asked",
    [
        "How do I make MyClass list the readings of a station?",
        "How do I list the readings of `GraphBox` at a station?",
        "How do I list the readings of a station with Python?",
        "What does the Station list with care?",
        "List readings with GraphQL",
    ],
)
def test_the_askers_own_names_and_common_words_are_not_demanded(asked: str) -> None:
    assert unmentioned(asked, READINGS.lower(), READINGS) == ()


def test_a_name_anywhere_in_the_document_or_spelled_out_is_a_mention() -> None:
    asked = "How do I ask for readings with GraphQL?"
    assert unmentioned(asked, "readings", f"{READINGS}\n\nA gateway for GRAPHQL is planned.") == ()
    assert unmentioned("Which PDFs tell of IgE?", "", READINGS) == ()


def test_who_asks_in_which_country_needs_the_name_of_one() -> None:
    asked = "In which country does Corvane keep its data?"
    assert lacks_place(asked, "Corvane keeps readings of tide gauges.", "Corvane manual")
    assert not lacks_place(asked, "Corvane keeps its data in Iceland.", "Corvane manual")
    assert not lacks_place(asked, "The data stay in the country of the customer.", "Corvane manual")
    assert not lacks_place("Where does Corvane keep its data?", "Corvane keeps readings.", "Corvane manual")


def test_a_section_headed_with_one_word_of_the_question_is_not_its_subject() -> None:
    asked = "How do I train a neural network with the Penguin?"
    text = "It was installed with the network cut off."
    assert not about(question(asked), text, passage(text, breadcrumb=("Nothing of the Penguin is needed",))).passed


def test_a_document_that_never_names_the_medicine_asked_about_says_nothing_of_it() -> None:
    asked = "Does dapagliflozin lower blood pressure in older adults?"
    other = "blood pressure fell with candesartan in older adults."
    assert unmentioned(asked, other, other) == ("dapagliflozin",)
    assert unmentioned(asked, other, "Dapagliflozin or placebo was given. " + other) == ()


def test_of_two_medicines_compared_one_is_enough() -> None:
    asked = "Is apixaban safer than rivaroxaban?"
    assert unmentioned(asked, "bleeding was rare with apixaban.", "bleeding was rare with apixaban.") == ()


def test_the_plural_of_a_class_is_met_by_its_member() -> None:
    assert unmentioned("Do statins or rosuvastatins cause pain?", "x", "Rosuvastatin caused pain.") == ()
