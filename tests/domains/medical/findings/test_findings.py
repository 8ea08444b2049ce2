"""Directions, findings and conflicts, on sentences written for these tests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domains.medical.findings import (
    StudyFinding,
    conflicts,
    direction_of,
    finding_from,
    finding_key,
    findings_of,
    stance_of,
    verdict_on,
)
from assay.domains.medical.findings.reading import prompt, read
from assay.types import Document, FrozenDict

ARMS = {"intervention": "zolvatine", "comparator": "placebo"}


@pytest.mark.parametrize(
    ("text", "outcome", "direction"),
    [
        ("Pain scores were lower with zolvatine than with placebo (P<0.001).", "pain scores", "decreased"),
        ("Serum iron was higher in the placebo group than in the zolvatine group (p=0.01).", "serum iron", "decreased"),
        ("Zolvatine increased walking distance compared with placebo (p=0.003).", "walking distance", "increased"),
        ("There was no difference in falls between zolvatine and placebo (p=0.45).", "falls", "no_difference"),
        ("Sleep time did not differ between the groups (p = 0.62).", "sleep time", "no_difference"),
    ],
)  # fmt: skip
def test_the_direction_is_read_with_the_order_of_the_arms(text: str, outcome: str, direction: str) -> None:
    reading = direction_of(text, outcome=outcome, **ARMS)
    assert reading.direction == direction
    assert 0.45 <= reading.confidence <= 1.0


def test_a_compound_names_its_arm() -> None:
    text = "Walking distance was greater in placebo-treated than in zolvatine-treated adults (p=0.01)."
    assert direction_of(text, outcome="walking distance", **ARMS).direction == "decreased"


def test_the_small_words_that_tell_two_doses_apart_name_the_arms() -> None:
    asked = prompt("high dose zolvatine", "low dose zolvatine", "falls")
    (row,) = read("The low dose group fell more than the high dose group", asked, [(0, 54)])
    assert [kind for kind in row.kinds if kind in "IC"] == ["C", "I"]


def test_an_amount_of_a_value_is_one_word_of_benefit_or_harm() -> None:
    assert "WORSE" in kinds_of("Zolvatine patients were less satisfied", "visits")
    assert "BETTER" in kinds_of("Zolvatine was more effective", "visits")
    assert "DOWN" not in kinds_of("Zolvatine patients were less satisfied", "visits")


def kinds_of(text: str, outcome: str) -> list[str]:
    (row,) = read(text, prompt("zolvatine", "placebo", outcome), [(0, len(text))])
    return row.kinds


def test_sooner_is_less_of_a_time_and_more_of_anything_else() -> None:
    assert "DOWN" in kinds_of("Zolvatine patients healed earlier", "time to healing")
    assert "UP" in kinds_of("Zolvatine patients healed faster", "healed wounds")


def test_general_names_of_arms_stand_back_where_an_arm_is_named() -> None:
    assert kinds_of("The treatment lowered pain more than placebo", "fever").count("I") == 0
    assert kinds_of("The treatment lowered pain", "fever")[0] == "I"


def test_a_sentence_without_a_result_is_unclear() -> None:
    assert direction_of("We describe the setting of the clinic.", outcome="pain", **ARMS).direction == "unclear"


@given(st.text(max_size=200), st.text(max_size=40))
def test_any_text_gets_a_direction(text: str, outcome: str) -> None:
    reading = direction_of(text, intervention="a drug", comparator="placebo", outcome=outcome)
    assert reading.direction in ("increased", "decreased", "no_difference", "unclear")


def study(
    text: str, title: str = "Zolvatine versus placebo for chronic pain: a randomized trial", **metadata: object
) -> Document:
    return Document("d", title, text, metadata=FrozenDict(metadata))


def test_a_finding_names_arms_outcome_direction_effect_and_its_sentence() -> None:
    text = (
        "METHODS: We randomised 200 adults. RESULTS: Mortality was significantly lower with zolvatine "
        "than with placebo (HR 0.72, 95% CI 0.58 to 0.89)."
    )
    (finding,) = findings_of(study(text, year=2019, sample_size=200, study_design="rct"))
    assert (finding.intervention, finding.comparator, finding.outcome) == ("zolvatine", "placebo", "Mortality")
    assert (finding.direction, finding.claim) == ("decreased", "difference")
    assert finding.benefit == "benefit" and finding.significant is True
    assert finding.effect.startswith("HR 0.72") and (finding.year, finding.n, finding.design) == (2019, 200, "rct")
    assert text[finding.start : finding.end].startswith("Mortality was")
    assert finding_from(finding.to_dict()) == finding


def test_no_difference_shown_is_never_called_equivalent() -> None:
    (finding,) = findings_of(
        study("RESULTS: There was no significant difference in pain intensity between the groups.")
    )
    assert (finding.direction, finding.claim) == ("no_difference", "no_difference_shown")


def test_non_inferior_is_said_only_where_the_source_says_so() -> None:
    (finding,) = findings_of(study("RESULTS: Zolvatine was non-inferior to placebo in symptom relief."))
    assert finding.claim == "non_inferior"


def test_a_hope_is_no_finding() -> None:
    assert findings_of(study("CONCLUSIONS: Zolvatine may reduce hospital admissions.")) == ()


def test_methods_and_background_give_no_findings() -> None:
    assert (
        findings_of(study("BACKGROUND: Zolvatine reduced mortality in earlier work. METHODS: We treated patients."))
        == ()
    )


@given(st.text(max_size=300))
def test_any_document_gives_findings_inside_its_text(text: str) -> None:
    for finding in findings_of(study(text)):
        assert 0 <= finding.start < finding.end <= len(text)


BASE = StudyFinding(
    intervention="zolvatine",
    comparator="placebo",
    outcome="mortality",
    population="adults",
    direction="decreased",
    claim="difference",
    effect="",
    significant=True,
    start=0,
    end=9,
    benefit="benefit",
    document_id="a",
    year=2010,
    n=900,
)


def test_opposite_significant_effects_are_a_conflict_with_recorded_differences() -> None:
    other = replace(BASE, direction="increased", document_id="b", population="children", year=2021)
    (found,) = conflicts([BASE, other])
    assert found.kind == "opposite" and found.documents == ("a", "b")
    assert "adults" in found.explanation and "children" in found.explanation and "2021" in found.explanation


def test_an_effect_beside_no_difference_is_imprecision_not_a_conflict() -> None:
    other = replace(BASE, direction="no_difference", claim="no_difference_shown", significant=False, document_id="b")
    (found,) = conflicts([BASE, other])
    assert found.kind == "imprecise" and "not evidence of equal effects" in found.explanation


def test_several_nulls_are_not_equivalence() -> None:
    null = replace(BASE, direction="no_difference", claim="no_difference_shown", significant=False)
    (found,) = conflicts([null, replace(null, document_id="b")])
    assert found.kind == "no_difference_shown" and "not evidence of equivalence" in found.explanation


def test_swapped_arms_are_turned_round_before_comparing() -> None:
    other = replace(BASE, intervention="placebo", comparator="zolvatine", direction="increased", document_id="b")
    assert conflicts([BASE, other]) == ()


def test_one_document_does_not_conflict_with_itself_and_other_outcomes_do_not_mix() -> None:
    assert conflicts([BASE, replace(BASE, direction="increased")]) == ()
    assert conflicts([BASE, replace(BASE, direction="increased", outcome="serum iron", document_id="b")]) == ()


def test_nothing_is_decided_by_how_many_stand_on_a_side() -> None:
    many = [replace(BASE, document_id=f"m{number}") for number in range(9)]
    (found,) = conflicts([*many, replace(BASE, direction="increased", document_id="z")])
    assert found.kind == "opposite" and "9" not in found.explanation


def test_findings_about_one_thing_share_a_key() -> None:
    assert finding_key(BASE) == finding_key(replace(BASE, outcome="the Mortality", document_id="x"))


def test_statements_that_say_nothing_of_a_claim_leave_it_neutral() -> None:
    assert stance_of("zolvatine lowers mortality", "The clinic opened in spring.").stance == "neutral"
    assert verdict_on("zolvatine lowers mortality", []) == "neutral"
