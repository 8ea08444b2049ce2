"""The gate shows only what was checked, numbers it, repairs what is only partly proven, and keeps what it withheld."""

from __future__ import annotations

from assay.types import Draft, DraftClaim, DraftQuote, Verified
from assay.verify import Gate, verify
from tests.verify.kit import passage, question

LEASE = (
    "The lease ends after two years, unless the tenant renews it. The tenant must insure the house. "
    "Rent is due monthly."
)
TEXTS = {"doc": LEASE}


def gated(*claims: tuple[str, str], threshold: float = 0.85, asked: str = "What does it say?") -> Verified:
    draft = Draft(tuple(DraftClaim(text, (DraftQuote(1, quote),)) for text, quote in claims), "test")
    return verify(question(asked), draft, [passage(LEASE)], TEXTS.get, threshold=threshold)


def test_citations_are_numbered_by_first_appearance_and_a_span_keeps_its_number() -> None:
    one, two = "The tenant must insure the house.", "Rent is due monthly."
    draft = Draft(
        (
            DraftClaim(two, (DraftQuote(1, two),)),
            DraftClaim(one, (DraftQuote(1, one),)),
            DraftClaim(f"{two} {one}", (DraftQuote(1, two), DraftQuote(1, one))),
        ),
        "test",
    )
    shown = verify(question(), draft, [passage(LEASE)], TEXTS.get, threshold=0.85).claims
    assert [[cited.number for cited in claim.citations] for claim in shown] == [[1], [2], [1, 2]]


def test_a_partly_proven_claim_gives_way_to_the_full_sentence_and_says_so() -> None:
    found = gated(("The lease ends after two years", "The lease ends after two years"))
    (claim,) = found.claims
    assert claim.text == "The lease ends after two years, unless the tenant renews it."
    assert claim.citations[0].quote == claim.text
    assert [check.name for check in claim.checks if check.name == "repaired"] == ["repaired"]


def test_a_contradicted_claim_is_dropped_with_its_reason() -> None:
    found = gated(("The tenant may insure the house.", "The tenant must insure the house."))
    assert found.claims == ()
    (dropped,) = found.dropped
    assert dropped.verdict == "unsupported"
    assert "may" in found.reason


def test_the_same_sentence_twice_is_shown_once() -> None:
    found = gated(("Rent is due monthly.", "Rent is due monthly."), ("rent is due monthly", "Rent is due monthly."))
    assert len(found.claims) == 1
    assert found.dropped == ()


def test_the_threshold_is_compared_with_support() -> None:
    said = ("The tenant must insure the house", "The tenant must insure the house.")
    assert gated(said, threshold=1.0).claims
    reworded = ("The tenant shall insure the house.", "The tenant must insure the house.")
    assert gated(reworded, threshold=0.9).claims
    assert gated(reworded, threshold=0.99).claims == ()


def test_nothing_proposed_is_nothing_shown_with_a_reason() -> None:
    assert gated() == Verified((), (), "the writer found no answer in the passages")


def test_evidence_on_something_else_is_dropped_though_it_is_true() -> None:
    said = ("Rent is due monthly.", "Rent is due monthly.")
    found = gated(said, asked="What does UCC § 2-207 say about rent due monthly?")
    assert found.claims == ()
    assert "2-207" in found.reason


def test_claims_can_be_taken_one_by_one_with_the_numbers_of_the_whole() -> None:
    gate = Gate(question(), [passage(LEASE)], TEXTS.get, threshold=0.85)
    first = gate.take(DraftClaim("Rent is due monthly.", (DraftQuote(1, "Rent is due monthly."),)))
    second = gate.take(
        DraftClaim("The tenant must insure the house.", (DraftQuote(1, "The tenant must insure the house."),))
    )
    lost = gate.take(DraftClaim("Rent is due weekly.", (DraftQuote(1, "Rent is due weekly."),)))
    assert first is not None
    assert second is not None
    assert (first.citations[0].number, second.citations[0].number, lost) == (1, 2, None)
    assert gate.outcome().claims == (first, second)
