"""The quality benchmark: verdicts without a check, the page, and that no set is named twice."""

from __future__ import annotations

from assay.types import Check, Claim
from benchmarks import quality_page
from benchmarks.quality_sets import SETS, chosen
from benchmarks.quality_verification import again


def _claim(verdict: str, support: float, *checks: Check) -> Claim:
    return Claim("text", verdict, support, checks=checks)  # type: ignore[arg-type]


COVERED = Check("coverage", True, 1.0)


def test_a_claim_that_failed_one_check_alone_passes_without_it() -> None:
    claim = _claim("unsupported", 0.0, COVERED, Check("negation", False, 0.0))
    assert again(claim, "negation") == ("supported", 1.0)


def test_a_claim_that_failed_two_checks_still_fails_without_one() -> None:
    claim = _claim("unsupported", 0.0, COVERED, Check("negation", False, 0.0), Check("numbers", False, 0.0))
    assert again(claim, "negation") == ("unsupported", 0.0)


def test_a_check_that_passed_changes_nothing_when_left_out() -> None:
    claim = _claim("partly", 0.5, COVERED, Check("numbers", True, 1.0), Check("context", False, 0.5))
    assert again(claim, "numbers") == ("partly", 0.5)


def test_what_remains_unproven_stays_partly() -> None:
    claim = _claim("unsupported", 0.0, COVERED, Check("context", False, 0.5), Check("names", False, 0.0))
    assert again(claim, "names") == ("partly", 0.7)


def test_sets_have_names_of_their_own_and_are_chosen_by_them() -> None:
    assert len({item.name for item in SETS}) == len(SETS)
    assert [item.name for item in chosen("ucc, faq")] == ["ucc", "faq"]


def test_the_page_tells_of_every_part_measured_or_not() -> None:
    text = quality_page.page()
    for title in ("Retrieval", "Answers", "Confidence", "Verification", "Tried and dropped", "Where it falls short"):
        assert f"## {title}" in text
