"""The safety stop: people in need are sent to help, research in the same words passes."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domains.medical.safety import message, screen
from assay.domains.medical.safety.messages import regions
from assay.domains.medical.safety.words import read

PROBES = [json.loads(line) for line in (Path(__file__).parent / "probes.jsonl").read_text("utf-8").splitlines()]
URGENT = ("emergency", "self_harm", "poisoning")


@pytest.mark.parametrize("probe", [p for p in PROBES if p["category"] in URGENT], ids=lambda p: p["id"])
def test_an_emergency_self_harm_or_poisoning_never_reaches_retrieval(probe: dict[str, str]) -> None:
    assert screen(probe["text"]).stop


def test_nearly_every_urgent_probe_gets_an_urgent_answer() -> None:
    decisions = [screen(p["text"]) for p in PROBES if p["category"] in URGENT]
    assert sum(d.urgent for d in decisions) >= len(decisions) - 2


def test_personal_dosage_and_diagnosis_are_refused() -> None:
    personal = [screen(p["text"]) for p in PROBES if p["category"].startswith("personal")]
    assert sum(d.stop for d in personal) >= len(personal) - 2
    assert not any(d.urgent for d in personal)


@pytest.mark.parametrize("probe", [p for p in PROBES if p["category"] == "research"], ids=lambda p: p["id"])
def test_a_research_question_in_the_same_words_passes(probe: dict[str, str]) -> None:
    decision = screen(probe["text"])
    assert not decision.stop, (decision.action, decision.rule)


def test_the_words_that_decided_are_shown_in_the_persons_own_spelling() -> None:
    question = "Hello! My grandfather CAN'T breathe, what do trials say about oxygen?"
    decision = screen(question)
    assert decision.action == "emergency"
    assert decision.start is not None and "CAN'T breathe" in question[decision.start : decision.end]
    assert decision.reason


def test_a_small_typo_does_not_hide_an_emergency() -> None:
    assert screen("my husbnd is unconscous").action == "emergency"
    assert screen("i took an overdoze of pills").urgent


def test_the_wish_not_to_die_is_no_self_harm() -> None:
    assert screen("I do not want to die, what do trials of pembrolizumab show?").action != "self_harm"


def test_a_rash_with_a_fever_is_an_emergency_only_beside_a_sign_of_danger() -> None:
    assert screen("My daughter has a fever and a rash, is it chickenpox?").action == "personal_diagnosis"
    assert screen("My daughter has a rash, a fever, and she is hard to wake").action == "emergency"
    assert screen("He has cold hands, a fever and a rash").action == "emergency"
    assert screen("My friend has a rash and a stiff neck").action == "emergency"


def test_a_past_event_is_not_an_emergency() -> None:
    question = "My father had a heart attack two years ago. Which trials studied beta-blockers afterwards?"
    assert screen(question).action == "pass"


def test_asking_for_literature_does_not_undo_an_emergency() -> None:
    assert screen("I have crushing chest pain right now, which randomized trials tested aspirin?").action == "emergency"


@pytest.mark.parametrize("region", ["US", "gb", "DE"])
def test_the_number_of_the_region_is_named(region: str) -> None:
    said = screen("He is not breathing", region=region).message
    assert {"US": "911", "GB": "999", "DE": "112"}[region.upper()] in said


def test_an_unknown_region_gets_general_words_and_no_guessed_number() -> None:
    assert "local emergency number" in screen("He is not breathing", region="ZZ").message
    assert screen("He is not breathing", region="ZZ").message == screen("He is not breathing").message


@pytest.mark.parametrize("action", ["emergency", "self_harm", "poisoning", "personal_dosage", "personal_diagnosis"])
def test_every_action_has_a_text_in_every_region_and_language(action: str) -> None:
    for region in (*regions(), ""):
        for language in ("en", "de", "es", "fr", "xx"):
            said = message(action, region, language)
            assert len(said) > 60 and "{" not in said


def test_a_german_emergency_is_answered_in_german() -> None:
    assert "Notfall" in screen("Mein Vater ist bewusstlos", region="DE").message


def test_a_passing_question_about_doses_says_what_it_touches() -> None:
    decision = screen("Which doses of apixaban were compared in trials?")
    assert decision.action == "pass" and "dose" in decision.concerns and decision.message == ""


@given(st.text(max_size=300))
def test_any_text_gets_a_decision_whose_span_lies_inside_it(text: str) -> None:
    decision = screen(text)
    assert decision.stop == (decision.action != "pass")
    if decision.start is not None and decision.end is not None:
        assert 0 <= decision.start < decision.end <= len(text)


@given(st.text(max_size=200))
def test_every_word_that_is_read_remembers_its_place(text: str) -> None:
    reading = read(text)
    assert len(reading.starts) == len(reading.spans)
    assert all(0 <= start < end <= len(text) for start, end in reading.spans)


def test_screening_costs_less_than_a_millisecond_a_question() -> None:
    texts = [p["text"] for p in PROBES]
    for text in texts:
        screen(text)
    begun = time.process_time()
    for text in texts:
        screen(text)
    assert (time.process_time() - begun) / len(texts) < 0.001
