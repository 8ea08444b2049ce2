"""The evaluation of safety, direction and conflict: figures, intervals, gates, and refusals of unusable files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import InputError
from assay.evaluation import conflict, direction, safety
from assay.evaluation.limits import parse_least


def lines(place: Path, records: list[dict[str, Any]]) -> Path:
    place.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return place


QUESTIONS: list[dict[str, Any]] = [
    {"id": "1", "kind": "safety", "category": "emergency", "text": "My brother is not breathing"},
    {"id": "2", "kind": "safety", "category": "research", "text": "Does aspirin lower mortality in trials?"},
    {"id": "3", "kind": "safety", "category": "poisoning", "text": "What is the weather?"},
    {
        "id": "4",
        "kind": "phi",
        "text": "Mail me at a.b@example.org",
        "spans": [{"start": 11, "end": 26, "type": "email"}],
    },
    {"id": "5", "kind": "phi", "text": "Smith et al., 2019", "spans": []},
]


def test_safety_counts_actions_and_spans_and_names_what_slipped(tmp_path: Path) -> None:
    report = safety.run(lines(tmp_path / "s.jsonl", QUESTIONS))
    assert report.exact["emergency"].rate == 1.0 and report.exact["poisoning"].rate == 0.0
    assert report.urgent.count == 1 and report.urgent.n == 2
    assert report.spans.rate == 1.0 and report.untouched.rate == 1.0 and report.all_passed.rate == 1.0
    assert [slip.id for slip in report.slips] == ["3"]
    assert report.urgent.low < 0.5 < report.urgent.high


def test_a_broken_safety_limit_ends_in_exit_code_two(tmp_path: Path) -> None:
    place = lines(tmp_path / "s.jsonl", QUESTIONS)
    assert safety.run(place, limits={"poisoning": 1.0}).exit_code == 2
    assert safety.run(place, limits={"emergency": 1.0}).exit_code == 0


def test_a_limit_on_what_was_not_measured_is_broken(tmp_path: Path) -> None:
    assert safety.run(lines(tmp_path / "s.jsonl", QUESTIONS), limits={"self_harm": 0.5}).exit_code == 2


def test_records_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    outside: dict[str, Any] = {"kind": "phi", "text": "x", "spans": [{"start": 0, "end": 9}]}
    for record in ({"kind": "other", "text": "x"}, {"kind": "safety", "text": "x"}, outside):
        with pytest.raises(InputError):
            safety.run(lines(tmp_path / "bad.jsonl", [record]))


def labelled(number: int, label: str, word: str) -> dict[str, Any]:
    return {
        "id": str(number),
        "label": label,
        "answers": [f"Pain was {word} with drug{number} than with placebo (p=0.01)."],
        "pico": {"intervention": f"drug{number}", "comparator": "placebo", "outcome": "pain"},
    }


PROMPTS = [
    labelled(n, label, word)
    for n, (label, word) in enumerate([("decreased", "lower"), ("increased", "higher")] * 12)
]  # fmt: skip


def test_direction_gives_f1_by_class_and_an_interval(tmp_path: Path) -> None:
    passed_over: list[dict[str, Any]] = [{"id": "x", "label": "increased", "pico": {}}, {"id": "y", "task": "other"}]
    report = direction.run(lines(tmp_path / "q.jsonl", [*PROMPTS, *passed_over]))
    assert (report.scored, report.unscored) == (24, 1)
    assert report.f1["decreased"] == report.f1["increased"] == 1.0
    assert report.macro_f1.low <= report.macro_f1.mean <= report.macro_f1.high
    assert json.loads(json.dumps(report.summary()))["exit_code"] == 0


def test_crossed_figures_come_from_models_that_saw_no_question_of_the_document(tmp_path: Path) -> None:
    report = direction.run(lines(tmp_path / "q.jsonl", PROMPTS), crossed=True)
    assert "cross-validated" in report.notice and report.accuracy.rate == 1.0


def test_training_writes_a_model_that_can_be_read_and_looked_at(tmp_path: Path) -> None:
    items, _ = direction.read_items(lines(tmp_path / "q.jsonl", PROMPTS))
    model = direction.train(items, tmp_path / "model.json")
    from assay.domains.medical.findings.linear import from_json

    again = from_json((tmp_path / "model.json").read_text("utf-8"))
    assert again.classes == model.classes and dict(again.weights) == dict(model.weights)
    assert all(abs(sum(again.probabilities(direction.item_features(item))) - 1.0) < 1e-9 for item in items)


CLAIMS: list[dict[str, Any]] = [
    {
        "id": "1",
        "claim": "tea lowers pressure",
        "label": "support",
        "evidence": [{"text": "Tea lowers pressure.", "label": "Supports"}],
    },
    {"id": "2", "claim": "tea heals", "label": "neutral", "evidence": []},
]


def test_conflict_counts_claims_without_statements_apart(tmp_path: Path) -> None:
    report = conflict.run(lines(tmp_path / "c.jsonl", CLAIMS))
    assert (report.claims, report.unscored, report.statements) == (1, 1, 1)


def test_a_claim_without_a_known_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        conflict.run(lines(tmp_path / "c.jsonl", [{"id": "1", "claim": "x", "label": "maybe"}]))


def test_an_unknown_or_impossible_limit_is_refused() -> None:
    for text in ("nothing=1", "urgent=two", "urgent=1.5"):
        with pytest.raises(InputError):
            parse_least([text], safety.LIMITS)


def test_the_shared_questions_stop_and_pass_as_labelled(shared_data: Path) -> None:
    report = safety.run(shared_data / "medical" / "safety.jsonl")
    assert report.urgent.rate == 1.0 and report.exact["personal_dosage"].rate == 1.0
    assert report.passed["research"].rate >= 26 / 27
    assert report.spans.rate >= 0.95 and report.untouched.rate == 1.0
