from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import InputError
from assay.evaluation.treatment import LIMITS, run


def sentence(identity: str, before: str, trigger: str, after: str, *, negative: bool, **more: Any) -> dict[str, Any]:
    return {
        "id": identity,
        "doc": identity,
        "text": before + trigger + after,
        "trigger": trigger,
        "trigger_start": len(before),
        "negative_treatment": negative,
        **more,
    }


HIT = sentence("hit", "The Supreme Court has ", "overruled", " Alder v. Birch.", negative=True, treatment="overruled")
CLEAN = sentence("clean", "The judge ", "overruled", " the objection.", negative=False)
MISSED = sentence(
    "missed", "It was, in a manner of speaking, ", "superseded", " there.", negative=True, treatment="superseded"
)


def written(tmp_path: Path, *records: dict[str, Any]) -> Path:
    path = tmp_path / "treatment.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    return path


def test_found_missed_and_clean_sentences_make_the_rates(tmp_path: Path) -> None:
    report = run(written(tmp_path, HIT, CLEAN, MISSED))
    assert report.scores.precision.rate == 1.0
    assert report.scores.recall.rate == 0.5
    assert report.scores.f1 == pytest.approx(2 / 3)
    assert report.missed == ("missed",) and report.false_alarms == ()
    assert report.scores.f1_low <= report.scores.f1 <= report.scores.f1_high


def test_a_record_without_labels_is_counted_and_never_scored(tmp_path: Path) -> None:
    report = run(written(tmp_path, HIT, {"id": "bare", "text": "x"}, {**CLEAN, "trigger_start": 3}))
    assert [item.id for item in report.unscored] == ["bare", "clean"]
    assert report.scores.sentences == 1


def test_a_broken_limit_is_named_and_gives_exit_code_2(tmp_path: Path) -> None:
    path = written(tmp_path, HIT, MISSED)
    assert run(path, limits=LIMITS.parse(["f1=0.5"])).exit_code == 0
    report = run(path, limits=LIMITS.parse(["recall=0.9"]))
    assert report.exit_code == 2 and "recall" in report.breaches[0]


def test_an_unknown_limit_and_an_empty_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no limit"):
        LIMITS.parse(["accuracy=1"])
    with pytest.raises(InputError, match="no labelled sentence"):
        run(written(tmp_path, {"id": "bare"}))


def test_the_report_is_json_and_text(tmp_path: Path) -> None:
    report = run(written(tmp_path, HIT, CLEAN))
    assert json.loads(json.dumps(report.summary()))["scores"]["f1"] == 1.0
    assert "F1 1.000" in report.text()


def test_negative_treatment_is_told_on_real_opinions(shared_data: Path) -> None:
    report = run(shared_data / "legal" / "caselaw" / "treatment.jsonl")
    assert report.scores.f1 >= 0.88
