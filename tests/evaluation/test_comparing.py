"""Comparing two runs: what is a regression, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.errors import InputError
from assay.evaluation.comparing import compare, compare_files, write_scores


def _scores(shift: float, n: int = 40) -> dict[str, dict[str, float]]:
    return {f"q{i}": {"ndcg@10": 0.5 + 0.01 * (i % 5) + shift, "brier": 0.2 + shift} for i in range(n)}


def test_a_fall_that_the_interval_confirms_is_a_regression_and_exits_with_2() -> None:
    told = compare(_scores(0.0), _scores(-0.1), metrics=["ndcg@10"])
    assert told.regressions == ("ndcg@10",)
    assert told.exit_code == 2
    assert told.metrics["ndcg@10"].change.mean == pytest.approx(-0.1)


def test_a_fall_within_the_tolerance_is_none() -> None:
    assert compare(_scores(0.0), _scores(-0.1), metrics=["ndcg@10"], tolerance=0.2).exit_code == 0


def test_a_fall_that_may_be_chance_is_none() -> None:
    before = {f"q{i}": {"p": float(i % 2)} for i in range(20)}
    after = {f"q{i}": {"p": float(i % 2) if i else 0.0} for i in range(20)} | {"q1": {"p": 0.0}}
    told = compare(before, after)
    assert told.metrics["p"].change.mean < 0
    assert told.exit_code == 0


def test_of_an_error_measure_the_rise_is_the_regression() -> None:
    assert compare(_scores(0.0), _scores(0.1), metrics=["brier"]).regressions == ("brier",)
    assert compare(_scores(0.0), _scores(0.1), metrics=["ndcg@10"]).regressions == ()


def test_runs_over_different_questions_are_refused(tmp_path: Path) -> None:
    write_scores(_scores(0.0, 40), {}, tmp_path / "a.jsonl")
    write_scores(_scores(0.0, 39), {}, tmp_path / "b.jsonl")
    with pytest.raises(InputError, match="different questions"):
        compare_files(tmp_path / "a.jsonl", tmp_path / "b.jsonl")


def test_runs_over_the_same_ids_with_other_labels_are_refused(tmp_path: Path) -> None:
    write_scores(_scores(0.0), {f"q{i}": "one" for i in range(40)}, tmp_path / "a.jsonl")
    write_scores(_scores(0.0), {f"q{i}": "two" for i in range(40)}, tmp_path / "b.jsonl")
    with pytest.raises(InputError, match="text or labels"):
        compare_files(tmp_path / "a.jsonl", tmp_path / "b.jsonl")


def test_a_metric_that_only_one_run_has_is_named_and_not_compared() -> None:
    before = {"q": {"a": 1.0, "b": 1.0}}
    after = {"q": {"a": 1.0}}
    told = compare(before, after)
    assert list(told.metrics) == ["a"]
    assert told.only_one == ("b",)


def test_an_unknown_metric_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError) as raised:
        compare(_scores(0.0), _scores(0.0), metrics=["recall"])
    assert "ndcg@10" in raised.value.next
