"""A claim in its quotations' own words is read as such, whatever links, brackets and introductions it has."""

from __future__ import annotations

import pytest

from assay.types import Claim, DraftClaim, DraftQuote
from assay.verify import verify_claim
from assay.verify.reading import said_word_for_word, unintroduced, unmarked
from tests.verify.kit import check, failed, passage, question

ONE, TWO = "The seller must repair the goods.", "The buyer must pay the price."


@pytest.mark.parametrize(
    "claim",
    [
        f"{ONE} {TWO}",
        "The seller must repair the goods; the buyer must pay the price.",
        "The seller must repair the goods, and the buyer must pay the price.",
        "The buyer must pay the price; the seller must repair the goods.",
    ],
)
def test_quotations_may_be_linked(claim: str) -> None:
    assert said_word_for_word(claim, [ONE, TWO])


@pytest.mark.parametrize(
    "claim",
    [
        "The seller must repair the goods or the buyer must pay the price.",
        "The seller must repair the goods because the buyer must pay the price.",
        "The seller must pay the price.",
        "The seller must repair the goods; the buyer must pay the price twice.",
        ONE,
    ],
)
def test_a_link_that_says_more_is_no_link(claim: str) -> None:
    assert not said_word_for_word(claim, [ONE, TWO])


def joined(claim: str, first: str, second: str) -> Claim:
    one, two = passage(first, name="one"), passage(second, name="two")
    draft = DraftClaim(claim, (DraftQuote(1, first), DraftQuote(2, second)))
    return verify_claim(question(), draft, [one, two], {"one": first, "two": second}.get)


def test_two_true_quotations_in_one_claim_are_supported_and_both_cited() -> None:
    made = joined("The seller must repair the goods; the buyer must pay the price.", ONE, TWO)
    assert (made.verdict, made.support, len(made.citations)) == ("supported", 1.0, 2)


def test_a_pronoun_of_another_source_does_not_take_a_new_meaning() -> None:
    made = joined("Smith sued Jones in Ohio. He lost the case.", "Smith sued Jones in Ohio.", "He lost the case.")
    assert made.verdict == "partly"
    assert "He" in failed(made)["context"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("[t]he buyer pays", "the buyer pays"),
        ("the bank [...] paid", "the bank paid"),
        ("the bank […], which paid", "the bank, which paid"),
        ("a list [1, 2] of two", "a list [1, 2] of two"),
        ("the :class:`X` and", "the :class:`X` and"),
    ],
)
def test_a_quoters_marks_are_not_words(text: str, plain: str) -> None:
    assert unmarked(text) == plain


def test_a_bracketed_capital_and_a_marked_aside_leave_a_claim_verbatim() -> None:
    text = "Before that. The loan (the “Loan”) is due in May. After that."
    for claim in ("[t]he loan (the “Loan”) is due in May.", "The loan [...] is due in May."):
        made = check(claim, claim, text)
        assert (made.verdict, made.support) == ("supported", 1.0), failed(made)


def test_a_marked_omission_does_not_hide_a_limit() -> None:
    text = "The loan (unless waived) is due in May."
    assert check("The loan [...] is due in May.", "The loan [...] is due in May.", text).verdict != "supported"


def test_a_claim_may_name_the_source_it_cites_and_no_other() -> None:
    said = "the buyer must pay the price."
    assert unintroduced(f"According to Smith v. Jones, {said}", ["Smith v. Jones"]) == said
    assert (
        unintroduced(f"The article “On Prices, Old and New” reports that {said}", ["On prices, old and new."]) == said
    )
    other = f"According to Brown v. Green, {said}"
    assert unintroduced(other, ["Smith v. Jones"]) == other
    assert check("According to A document, the buyer must pay the price.", TWO, TWO).verdict == "supported"
    assert check("According to Another document, the buyer must pay the price.", TWO, TWO).verdict != "supported"
