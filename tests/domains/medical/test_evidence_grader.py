"""What the grader reads out of a report. The abstracts are written for these tests."""

from __future__ import annotations

import pytest

from assay.domains.medical.evidence import MedicalEvidenceGrader
from assay.domains.medical.evidence.certainty import LABEL
from assay.domains.medical.evidence.effects import effects_of
from assay.domains.medical.evidence.numbers import in_words, whole_numbers
from assay.domains.medical.evidence.reporting import blinding_of, follow_up_of, identifiers_of, registrations_of
from assay.domains.medical.evidence.sample import sample_size

TRIAL = (
    "BACKGROUND: Nasal drops are widely used for the common cold. METHODS: In this "
    "double-blind, placebo-controlled trial "
    "at six clinics, 412 adults with a cold were randomly assigned to saline drops (n = 205) or placebo (n = 207) and "
    "followed for 6 weeks. RESULTS: Symptoms resolved sooner with drops (hazard ratio 1.31, 95% CI 1.08 to 1.59; "
    "P=0.006). LIMITATIONS: The trial had a short follow-up. Trial registration: NCT09999991."
)
REVIEW = (
    "We searched MEDLINE, Embase and the Cochrane Library for randomised controlled trials of "
    "nasal drops. Two reviewers "
    "independently extracted data. Fourteen trials were included; heterogeneity was low. The "
    "pooled risk ratio was 0.88 "
    "(95% CI 0.80 to 0.97). The quality of evidence was moderate."
)
ANIMALS = (
    "Forty Wistar rats were randomly assigned to saline or drug by intraperitoneal injection "
    "(5 mg/kg). Lesion volume in "
    "the hippocampus was measured by immunohistochemistry after the animals were sacrificed. Treated rats had smaller "
    "lesions than control rats, and mRNA expression was decreased."
)
PLAN = (
    "This study protocol describes a trial in which 240 participants will be randomised to exercise or usual care. The "
    "primary outcome will be assessed at 12 months. Results will be disseminated in peer-reviewed journals."
)
CASE = (
    "We report the case of a 54-year-old woman who presented with sudden blindness. She was "
    "admitted, and magnetic resonance "
    "imaging revealed a rare lesion. To our knowledge this case is the first report of this presentation."
)
GRADER = MedicalEvidenceGrader()


@pytest.mark.parametrize(
    ("title", "text", "design", "level"),
    [
        ("Saline drops for the common cold: a randomised trial", TRIAL, "rct", 2),
        ("Nasal drops for colds: a systematic review and meta-analysis", REVIEW, "systematic_review", 1),
        ("A drug reduces lesions in a rat model of stroke", ANIMALS, "animal", 5),
        ("Exercise after surgery: study protocol for a randomised controlled trial", PLAN, "protocol", None),
        ("Sudden blindness: a case report", CASE, "case_report", 4),
    ],
)
def test_the_design_is_read_from_title_and_text(title: str, text: str, design: str, level: int | None) -> None:
    record = GRADER.read(title, text)
    assert (record.design.name, record.level) == (design, level)
    assert record.design.source == "text" and record.design.reason


def test_every_value_carries_the_place_that_states_it() -> None:
    record = GRADER.read("Saline drops for the common cold: a randomised trial", TRIAL)
    assert record.sample is not None and record.blinding is not None and record.follow_up is not None
    assert TRIAL[record.sample.start : record.sample.end] == "412" and record.sample.n == 412
    assert TRIAL[record.blinding.start : record.blinding.end] == "double-blind"
    assert "6 weeks" in TRIAL[record.follow_up.start : record.follow_up.end]
    (effect,) = record.effects
    assert "1.31" in TRIAL[effect.start : effect.end]
    assert record.design.start is not None and record.design.end is not None
    assert "random" in TRIAL[record.design.start : record.design.end]


def test_places_count_in_a_document_that_begins_with_its_title() -> None:
    title = "Saline drops for the common cold: a randomised trial"
    text = f"{title}\n\n{TRIAL}"
    record = GRADER.read(title, text)
    assert record.sample is not None and text[record.sample.start : record.sample.end] == "412"
    assert record.design.start is not None and "random" in text[record.design.start : record.design.end]


def test_a_publication_type_comes_before_the_text_and_is_named_as_source() -> None:
    record = GRADER.read("Nasal drops", "Drops were given.", {"publication_types": ["Randomized Controlled Trial"]})
    assert record.design.name == "rct" and record.design.source == "publication type"


def test_nothing_to_go_by_is_unknown_and_has_no_level() -> None:
    record = GRADER.read("Untitled", "Lorem ipsum dolor sit amet.")
    assert record.design.name == "unknown" and record.level is None and record.sample is None


def test_sampling_at_random_makes_no_trial() -> None:
    text = (
        "A cross-sectional survey of 900 randomly selected adults. Respondents completed a questionnaire; the "
        "prevalence of pain was 20%."
    )
    assert GRADER.read("Prevalence of pain: a survey", text).design.name == "cross_sectional"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Risk fell (OR 0.45; 95% CI: 0.30, 0.68; P = 0.001).", [("OR", 0.45, 0.30, 0.68)]),
        ("Survival (hazard ratio 0·72 [95% CI 0·58–0·89]) improved.", [("HR", 0.72, 0.58, 0.89)]),
        (
            "Independent factors were age (odds ratio 2.10, 95% CI 1.50 to 2.94, P<0.001) "
            "and sex (1.40, 1.02 to 1.92).",
            [("OR", 2.10, 1.50, 2.94), ("OR", 1.40, 1.02, 1.92)],
        ),
        ("The mean difference was -3.1 (95% CI -5.0 to -1.2).", [("MD", -3.1, -5.0, -1.2)]),
        ("Hazard ratios (HRs) and 95% CIs were calculated.", []),
        ("The prevalence was 12% (95% CI 9% to 15%).", []),
    ],
)
def test_effects_are_read_as_printed(sentence: str, expected: list[tuple[str, float, float, float]]) -> None:
    assert [(e.measure, e.estimate, e.lower, e.upper) for e in effects_of(sentence)] == expected


def test_an_interval_that_does_not_hold_its_estimate_is_kept_and_flagged() -> None:
    (effect,) = effects_of("Risk was lower (HR 0.5, 95% CI 0.91-0.98).")
    assert (effect.lower, effect.upper) == (0.91, 0.98) and not effect.contains_estimate


def test_the_level_of_an_interval_and_the_p_value_are_kept() -> None:
    (effect,) = effects_of("Survival was longer (hazard ratio 1.20, 90% confidence interval 1.03-1.40, P=0.04).")
    assert effect.level == 90.0 and effect.p == "=0.04" and not effect.crosses_null


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Sixty-four patients were randomised to drug or placebo.", 64),
        ("A total of 1,204 women were enrolled; 1,100 completed the study.", 1204),
        ("Patients received drug (n = 31) or placebo (n = 29) and were randomly assigned.", 60),
        ("We recruited 90 adults, of whom 84 were randomised.", 84),
        ("In March 2004, 25% of the dose was given.", None),
    ],
)
def test_the_sample_size_is_the_number_of_those_who_took_part(text: str, n: int | None) -> None:
    found = sample_size(text)
    assert (found.n if found else None) == n


def test_arms_that_are_added_up_are_told() -> None:
    found = sample_size("Patients were randomly assigned to drug (n = 31) or placebo (n = 29).")
    assert found is not None and found.arms == (31, 29)


def test_numbers_in_words_are_numbers() -> None:
    assert in_words("two hundred and six") == 206
    assert [item.value for item in whole_numbers("One hundred and sixty-two patients, 12.5 mg, 40%, 1,204 women")] == [
        162,
        1204,
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a triple-blind trial", "triple"),
        ("assessor-blinded", "single"),
        ("an open-label study", "open"),
        ("a study", None),
    ],
)
def test_blinding_is_what_is_stated_and_never_assumed(text: str, kind: str | None) -> None:
    found = blinding_of(text)
    assert (found.value if found else None) == kind


def test_the_longest_follow_up_counts() -> None:
    found = follow_up_of("Outcomes were measured at 6 weeks and at 12 months.")
    assert found is not None and found.value == "12 months"


def test_identifiers_in_the_text_are_found_without_the_punctuation_around_them() -> None:
    pmids, dois = identifiers_of("See PMID: 12345678 and doi:10.1000/xyz.123, and (https://doi.org/10.1000/abc).")
    assert [item.value for item in pmids] == ["12345678"]
    assert [item.value for item in dois] == ["10.1000/xyz.123", "10.1000/abc"]
    text = "Registered as NCT01234567, ISRCTN12345678 and EudraCT 2010-123456-12; NCT01234567 again."
    assert len(registrations_of(text)) == 3


def test_the_level_depends_on_the_question() -> None:
    assert GRADER.level("diagnostic", "diagnosis") == 2 and GRADER.level("diagnostic", "therapy") is None
    assert GRADER.level("rct", "therapy") == 2 and GRADER.level("rct", "prognosis") == 3
    assert GRADER.level("cross_sectional", "prevalence") == 3


def test_certainty_is_for_a_body_of_evidence_and_says_that_it_is_automated() -> None:
    one = {"design": "rct", "n": 900, "blinding": "double"}
    assert GRADER.certainty([one]).level == "not rated"
    two = GRADER.certainty([one, {**one, "n": 500}])
    assert two.level == "high" and two.label == LABEL
    small = GRADER.certainty([{**one, "n": 40, "blinding": None}, {**one, "n": 50, "blinding": "open"}])
    assert small.level == "low"
    assert any("risk of bias" in reason for reason in small.reasons)
    assert any("imprecision" in reason for reason in small.reasons)
    assert GRADER.certainty([{"design": "cohort", "n": 900, "blinding": "double"}] * 2).start == "low"
