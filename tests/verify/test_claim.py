"""What verification says of a claim, class by class of what can be wrong with it."""

from __future__ import annotations

import pytest

from assay.types import DraftClaim, DraftQuote
from assay.verify import verify_claim
from tests.verify.kit import check, failed, passage, question

TRIAL = (
    "We enrolled 120 adults. Metformin reduced the rate of progression by 31 % (95 % CI 17 to 43) within 24 months, "
    "and placebo did not change it. It may cause nausea."
)
SENTENCE = (
    "Metformin reduced the rate of progression by 31 % (95 % CI 17 to 43) within 24 months, "
    "and placebo did not change it."
)


def test_a_sentence_quoted_word_for_word_is_supported_in_full() -> None:
    claim = check(SENTENCE, SENTENCE, TRIAL)
    assert (claim.verdict, claim.support) == ("supported", 1.0)
    (cited,) = claim.citations
    assert TRIAL[cited.start : cited.end] == cited.quote == SENTENCE
    assert cited.chunk_id == 7


def test_a_quotation_is_cited_in_its_stored_characters() -> None:
    stored = "The “buyer” may\n  cancel the sale at once."
    claim = check('The "buyer" may cancel the sale at once.', 'The "buyer" may cancel the sale at once.', stored)
    assert claim.verdict == "supported"
    assert claim.citations[0].quote == stored
    assert not claim.citations[0].exact


@pytest.mark.parametrize(
    ("name", "changed", "into"),
    [
        ("number", "31 %", "13 %"),
        ("decimal", "43", "4.3"),
        ("unit", "24 months", "24 weeks"),
        ("percent", "31 %", "31 percentage points"),
        ("name", "Metformin", "Insulin"),
        ("direction", "reduced", "increased"),
        ("negation gone", "did not change", "did change"),
        ("negation new", "reduced the", "never reduced the"),
        ("bound", "within 24", "after 24"),
        ("swap", "by 31 % (95 % CI 17 to 43)", "by 17 % (95 % CI 31 to 43)"),
    ],
)
def test_a_changed_claim_is_not_supported(name: str, changed: str, into: str) -> None:
    claim = check(SENTENCE.replace(changed, into), SENTENCE, TRIAL)
    assert claim.verdict != "supported", name
    assert failed(claim)


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("The buyer shall inspect the goods.", "The buyer may inspect the goods."),
        ("The buyer may inspect the goods.", "The buyer must inspect the goods."),
        ("Employers should keep the records.", "Employers must keep the records."),
        ("All goods must be inspected.", "Some goods must be inspected."),
        ("Most patients recovered at home.", "All patients recovered at home."),
        ("It is due until March 3, 2020.", "It is due until March 3, 2021."),
        ("The term begins on 4 May 2019.", "The term begins on 5 May 2019."),
        ("It was deprecated in version 3.11 of Python.", "It was deprecated in version 3.12 of Python."),
        ("Section 6.1 governs the price.", "Section 6.10 governs the price."),
        ("At least 5 members must vote.", "At most 5 members must vote."),
        ("Smith sued Jones for the price.", "Jones sued Smith for the price."),
        ("Smith was sued by Jones in Ohio.", "Smith sued Jones in Ohio."),
        ("The Indemnified Party pays the Indemnifying Party.", "The Indemnifying Party pays the Indemnified Party."),
        ("The plaintiff argues that the law is void.", "The law is void."),
        ("The result holds if x == 5 in the loop.", "The result holds if x != 5 in the loop."),
        ("Warranty and support end in June.", "Warranty or support end in June."),
        ("The fee is due unless it was waived.", "The fee is due."),
    ],
)
def test_a_small_word_changed_is_a_statement_changed(source: str, claim: str) -> None:
    assert check(claim, source, f"Before it. {source} After it.").verdict != "supported"


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("The dose was 1 g for two days.", "The dose was 1,000 mg for 2 days."),
        ("The buyer shall pay the price.", "The buyer must pay the price."),
        ("The court held that the contract was void, relying on Ohio law.", "The contract was void."),
        ("The trial enrolled 120 patients, and it ended early.", "The trial enrolled 120 patients."),
        ("It doesn't apply to shops.", "It does not apply to shops."),
    ],
)
def test_a_claim_that_says_the_same_or_less_in_the_sources_words_is_supported(source: str, claim: str) -> None:
    made = check(claim, source, source)
    assert made.verdict == "supported", failed(made)
    assert 0.75 <= made.support <= 1.0


def test_words_of_two_sentences_put_together_are_nobodys_statement() -> None:
    text = "Aspirin reduced pain in adults. Warfarin reduced stroke in adults."
    assert check("Aspirin reduced stroke in adults.", text, text).verdict != "supported"


def test_a_paraphrase_that_the_span_does_not_cover_is_partly_supported() -> None:
    claim = check("The rate of progression was altered by Metformin within 24 months.", SENTENCE, TRIAL)
    assert claim.verdict == "partly"
    assert claim.support < 0.75


def test_a_fabricated_quotation_is_named_so() -> None:
    claim = check("The seller must pay.", "The seller must pay.", TRIAL)
    assert (claim.verdict, claim.support, claim.citations) == ("fabricated", 0.0, ())


def test_a_quotation_of_another_passage_is_misattributed_and_the_reason_says_whose_it_is() -> None:
    other = "The lessee must insure the house."
    claim = check(other, other, TRIAL, (passage(other, name="lease", title="The lease"), other))
    assert claim.verdict == "misattributed"
    assert "The lease" in failed(claim)["quotation"]


def test_a_passage_number_that_does_not_exist_is_no_way_around() -> None:
    assert check(SENTENCE, SENTENCE, TRIAL, cited=9).verdict == "misattributed"
    assert check("Made up entirely.", "Made up entirely.", TRIAL, cited=0).verdict == "fabricated"


def test_halves_of_two_sentences_are_stitched() -> None:
    claim = check("We enrolled ... may cause nausea.", "We enrolled ... may cause nausea.", TRIAL)
    assert claim.verdict == "unsupported"
    assert "stitched" in failed(claim)["quotation"]


def test_a_quotation_may_cross_the_seam_of_chunks() -> None:
    whole = passage(TRIAL, end=60)
    made = verify_claim(question(), DraftClaim(SENTENCE, (DraftQuote(1, SENTENCE),)), [whole], {"doc": TRIAL}.get)
    assert made.verdict == "supported"


def test_a_document_that_is_gone_supports_nothing() -> None:
    made = verify_claim(question(), DraftClaim(SENTENCE, (DraftQuote(1, SENTENCE),)), [passage(TRIAL)], lambda _: None)
    assert made.verdict == "unsupported"
    assert "no longer" in failed(made)["quotation"]


@pytest.mark.parametrize("draft", [DraftClaim("Something."), DraftClaim("", (DraftQuote(1, SENTENCE),))])
def test_a_claim_without_words_or_quotations_is_unsupported(draft: DraftClaim) -> None:
    assert verify_claim(question(), draft, [passage(TRIAL)], {"doc": TRIAL}.get).verdict == "unsupported"


def test_the_sources_own_title_may_introduce_a_claim_but_not_replace_a_name() -> None:
    text = "Zeidenberg bought the disc in a shop."
    titled = passage(text, title="ProCD v. Zeidenberg")
    texts = {"doc": text}.get

    def verdict(claim: str) -> str:
        return verify_claim(question(), DraftClaim(claim, (DraftQuote(1, text),)), [titled], texts).verdict

    assert verdict("In ProCD v. Zeidenberg, Zeidenberg bought the disc in a shop.") == "supported"
    assert verdict("ProCD bought the disc in a shop.") != "supported"


@pytest.mark.parametrize(
    "text", ["\x00\x00", "(" * 500, "5 " * 300, "not " * 300, "[a] [b] [c", "…" * 50, "é\u0301\u0301"]
)
def test_no_text_makes_verification_fail(text: str) -> None:
    for claim, quote in ((text, SENTENCE), (SENTENCE, text), (text, text)):
        assert check(claim, quote, TRIAL).verdict in {
            "supported",
            "partly",
            "unsupported",
            "fabricated",
            "misattributed",
        }
