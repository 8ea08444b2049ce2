"""Spans of time in a research question are no person's age."""

from __future__ import annotations

import pytest

from assay.domains.medical.safety import screen


@pytest.mark.parametrize(
    "question",
    [
        "What was 28-day mortality with dexamethasone and usual care in RECOVERY?",
        "What was the 90-day mortality with intensive insulin in NICE-SUGAR?",
        "Do 6 months of aspirin reduce recurrent stroke after atrial fibrillation?",
        "Is a 12-week course of semaglutide followed by weight regain?",
        "Does 5 years of tamoxifen lower recurrence more than 2 years?",
    ],
)
def test_a_research_question_with_a_span_of_time_passes(question: str) -> None:
    assert screen(question).action == "pass"


@pytest.mark.parametrize(
    "question",
    ["How much ibuprofen for my 8 month old?", "My 3 year old weighs 14 kg, what dose of paracetamol should I give?"],
)
def test_the_age_of_a_child_still_counts(question: str) -> None:
    assert screen(question).stop
