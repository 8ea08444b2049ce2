"""A quotation may not leave out what its own sentence says against it."""

from __future__ import annotations

import pytest

from assay.verify.context import context
from assay.verify.locate import Span


def fault(quote: str, text: str) -> str:
    start = text.index(quote)
    return context(text, Span(start, start + len(quote))).fault


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("the seller is liable for all loss", "Plaintiff contends that the seller is liable for all loss."),
        ("the drug is safe in pregnancy", "There is no evidence that the drug is safe in pregnancy."),
        ("the contract is void", "If the buyer lied, the contract is void."),
        ("The lease ends after two years", "The lease ends after two years, unless the tenant renews it."),
        ("The lease ends after two years", "The lease ends after two years, except for shops."),
        ("The drug reduced mortality", "The drug reduced mortality, but only in women."),
        ("The drug reduced mortality", "The drug reduced mortality in mice only."),
        ("The drug reduced mortality", "The drug reduced mortality in mice."),
        ("reduced mortality in men", "Aspirin reduced mortality in men."),
    ],
)
def test_a_cut_that_changes_what_is_said_is_a_fault(quote: str, text: str) -> None:
    assert fault(quote, text)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("The lease ends after two years.", "He agreed. The lease ends after two years. Unless renewed, it is gone."),
        ("Plaintiff contends that the seller is liable.", "Plaintiff contends that the seller is liable."),
        ("the contract was formed in Ohio", "The court held that the contract was formed in Ohio."),
        ("The court affirmed the judgment", "The court affirmed the judgment, reversing its earlier practice."),
        ("Mortality fell by 5 %", "CONCLUSIONS: Mortality fell by 5 %; the trial was stopped early."),
        ("The seller must repair the goods.", "(a) The seller must repair the goods."),
        ("it was sold at a loss", "Although the house was new, it was sold at a loss."),
    ],
)
def test_a_quotation_that_stands_alone_has_no_fault(quote: str, text: str) -> None:
    assert fault(quote, text) == ""


def test_an_item_is_offered_with_the_lead_in_that_negates_it() -> None:
    text = "The recipient shall not:\n(a) copy the software for others;\n(b) sell it at any price.\n"
    quote = "(b) sell it at any price."
    start = text.index(quote)
    found = context(text, Span(start, start + len(quote)))
    assert "not" in found.fault
    assert text[found.offered.start : found.offered.end].startswith("The recipient shall not:")


def test_whole_lines_of_code_may_stand_alone_and_parts_of_lines_may_not() -> None:
    text = "Use this:\n\n```python\nif not ready:\n    wait(5)\nrun()\n```\n"
    assert fault("    wait(5)\nrun()", text) == ""
    assert fault("wait(5", text)
