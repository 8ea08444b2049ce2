"""assay eval evidence: figures, what is missing, limits."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from assay.errors import InputError
from assay.evaluation.evidence import LIMITS, f1, run

TEXT = "In this double-blind trial, 412 adults with a cold were randomly assigned to saline drops or placebo."


def lines(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    corpus = lines(tmp_path / "corpus.jsonl", {"id": "d1", "title": "Drops: a randomised trial", "text": TEXT})
    gold = lines(
        tmp_path / "gold.jsonl",
        {
            "id": "s1",
            "kind": "study",
            "doc": "d1",
            "n_total": 412,
            "design": ["rct"],
            "blinding": "double",
            "ocebm_therapy_level": 2,
        },
        {"id": "s2", "kind": "study", "doc": "absent", "n_total": 5, "design": ["rct"]},
        {
            "id": "e1",
            "kind": "effect",
            "text": "OR 0.5 (95% CI 0.3 to 0.8).",
            "effects": [{"measure": "OR", "estimate": 0.5, "lower": 0.3, "upper": 0.8}],
        },
        {
            "id": "e2",
            "kind": "effect",
            "text": "No interval.",
            "effects": [{"measure": "HR", "estimate": 2, "lower": 1, "upper": 4}],
        },
    )
    labels = lines(
        tmp_path / "labels.jsonl", {"id": "d1", "task": "pubmed_pubtypes", "is_rct": True, "mesh_design": []}
    )
    return corpus, gold, labels


def test_each_figure_says_what_it_rests_on(files: tuple[Path, Path, Path]) -> None:
    corpus, gold, labels = files
    report = run(corpus, gold=gold, labels=labels)
    assert report.scores["sample_size_f1"].value == 1.0 and report.scores["sample_size_f1"].n == 1
    assert report.scores["blinding"].value == report.scores["level"].value == report.scores["design"].value == 1.0
    assert report.scores["effects_f1"].value == pytest.approx(2 / 3)
    assert report.scores["rct_f1"].value == 1.0
    assert report.missing == 1 and "without a document: 1" in report.text()
    assert json.loads(json.dumps(report.summary()))["exit_code"] == 0


def test_a_broken_limit_is_named_and_gives_exit_code_2(files: tuple[Path, Path, Path]) -> None:
    corpus, gold, _ = files
    report = run(corpus, gold=gold, limits=LIMITS.parse(["effects_f1=0.9", "designs_macro_f1=0.5"]))
    assert report.exit_code == 2
    assert any("effects_f1" in breach for breach in report.breaches)
    assert any("designs_macro_f1: not measured" in breach for breach in report.breaches)


def test_without_labels_or_with_an_unknown_limit_it_is_an_input_error(files: tuple[Path, Path, Path]) -> None:
    with pytest.raises(InputError):
        run(files[0])
    with pytest.raises(InputError):
        LIMITS.parse(["nonsense=1"])


def test_f1_of_nothing_is_no_number() -> None:
    assert math.isnan(f1(0, 0, 0)) and f1(1, 1, 0) == pytest.approx(2 / 3)


def test_grading_holds_its_figures_on_the_labelled_data(shared_data: Path) -> None:
    medical = shared_data / "medical"
    report = run(medical / "corpus.jsonl.gz", gold=medical / "evidence_gold.jsonl")
    assert report.scores["effects_f1"].value >= 0.9 and report.scores["sample_size_f1"].value >= 0.68
