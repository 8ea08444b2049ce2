"""The eval commands end to end over a small library: exit codes, files, gates."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.cli.app import run

TEXTS = {
    "lease": "Rent is paid on the first day of each month. Either party may terminate with ninety days of notice.",
    "trial": "Verapine reduced migraine days by two a month compared with placebo in adults.",
    "kite": "The red kite nests in old oaks and feeds on carrion along motorways.",
}
QUESTIONS = {
    "q1": ("How many days of notice terminate the lease?", "lease"),
    "q2": ("Did verapine reduce migraine days?", "trial"),
    "q3": ("Where does the red kite nest?", "kite"),
    "q4": ("Which trees do owls like?", "gone"),
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Corpus, questions and labels in a folder of their own, with the deterministic embedder set."""
    monkeypatch.setenv("ASSAY_MODELS_EMBEDDER", "hashing")
    monkeypatch.chdir(tmp_path)
    _write(tmp_path / "c.jsonl", [{"id": key, "title": key, "text": text} for key, text in TEXTS.items()])
    _write(tmp_path / "q.jsonl", [{"id": key, "text": text} for key, (text, _) in QUESTIONS.items()])
    labels = [f"{key}\t{document}\t1" for key, (_, document) in QUESTIONS.items()]
    (tmp_path / "r.tsv").write_text("\n".join(["query-id\tdoc-id\tgrade", *labels]) + "\n", encoding="utf-8")
    return tmp_path


def _write(path: Path, records: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


ASK = ["--corpus", "c.jsonl", "--queries", "q.jsonl", "--qrels", "r.tsv"]


def test_retrieval_counts_a_missing_document_and_does_not_score_it(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", "retrieval", *ASK, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["questions"], told["missing"], told["missing_ids"]) == (3, 1, ["q4"])
    assert told["metrics"]["hit@1"]["n"] == 3


def test_a_broken_limit_exits_with_2_and_a_kept_one_with_0(files: Path) -> None:
    assert run(["eval", "retrieval", *ASK, "--limit", "hit@5=0.9"]) == 0
    assert run(["eval", "retrieval", *ASK, "--limit", "p@100=0.9"]) == 2


def test_a_run_against_itself_is_no_regression_and_against_other_questions_is_refused(files: Path) -> None:
    assert run(["eval", "retrieval", *ASK, "--per-query", "a.jsonl"]) == 0
    assert run(["eval", "retrieval", *ASK, "--against", "a.jsonl"]) == 0
    assert run(["eval", "retrieval", *ASK, "--most", "2", "--against", "a.jsonl"]) == 1


def test_compare_exits_with_2_on_a_regression(files: Path) -> None:
    for name, value in (("a", 0.9), ("b", 0.4)):
        lines = [json.dumps({"id": f"q{i}", "key": "", "scores": {"ndcg@10": value}}) for i in range(20)]
        (files / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(["eval", "compare", "a.jsonl", "b.jsonl"]) == 2
    assert run(["eval", "compare", "b.jsonl", "a.jsonl"]) == 0


def test_answers_tells_modes_apart_and_writes_records_and_a_plot(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = ["--near-miss", "--records", "r.jsonl", "--plot", "p.svg", "--json"]
    assert run(["eval", "answers", *ASK, *more]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["groups"]["answerable"]["questions"] == told["groups"]["near_miss"]["questions"] == 3
    assert told["groups"]["near_miss"]["right_document"]["count"] == 0
    assert told["missing"] == ["q4"]
    assert (files / "p.svg").read_text(encoding="utf-8").startswith("<svg")
    assert len((files / "r.jsonl").read_text(encoding="utf-8").splitlines()) == 6


def test_answers_takes_questions_that_say_themselves_what_is_right(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = {"id": "own", "text": "When is the rent paid?", "expected_phrases": ["first day of each month"]}
    (files / "own.jsonl").write_text(json.dumps(question) + "\n", encoding="utf-8")
    assert run(["eval", "answers", "--corpus", "c.jsonl", "--queries", "own.jsonl", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["groups"]["answerable"]["right"]["count"] == 1


def test_calibration_reads_records_and_says_what_states_nothing(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", "answers", *ASK, "--records", "r.jsonl"]) == 0
    capsys.readouterr()
    assert run(["eval", "calibration", "--records", "r.jsonl", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["unstated"]["confidence"] > 0
    assert told["measured"]["confidence"] == {}


def test_fitting_on_too_little_is_refused_and_leaves_no_model(files: Path) -> None:
    assert run(["eval", "answers", *ASK, "--store", "kept", "--records", "r.jsonl"]) == 0
    assert run(["eval", "fit-confidence", "--records", "r.jsonl", "--store", "kept", "--embedder", "hashing"]) == 1
    assert not (files / "kept" / "confidence.json").exists()
