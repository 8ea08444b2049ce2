"""Two runs over the same questions, compared question by question: the mean difference with its paired 95 % interval.

A run's file holds one line a question: `{"id", "key", "scores": {metric: value}}`; `key` is a hash of the question and
its labels, so that runs over different questions or labels are refused rather than compared. A regression is a mean
that fell by more than the tolerance with the whole interval below 0.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from assay.errors import InputError
from assay.evaluation.answers import finite
from assay.evaluation.dataset import LabelledQuery, json_lines
from assay.evaluation.metrics import Estimate, estimate, paired
from assay.types import Record

LOWER_IS_BETTER = frozenset({"brier", "seconds"})
Scores = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Difference(Record):
    """One metric in both runs. `change` is B - A over the same questions; `regression` says if B is worse."""

    before: Estimate
    after: Estimate
    change: Estimate
    regression: bool


@dataclass(frozen=True, slots=True)
class Comparison(Record):
    """Every metric that both runs have; metrics that only one has are named, not compared."""

    metrics: Mapping[str, Difference]
    questions: int
    tolerance: float
    only_one: tuple[str, ...]

    @property
    def regressions(self) -> tuple[str, ...]:
        """The metrics that fell."""
        return tuple(name for name, item in self.metrics.items() if item.regression)

    @property
    def exit_code(self) -> int:
        """2 where something fell, else 0."""
        return 2 if self.regressions else 0

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        told = cast("dict[str, Any]", finite(self.to_dict()))
        return told | {"regressions": list(self.regressions), "exit_code": self.exit_code}


def key_of(query: LabelledQuery) -> str:
    """A hash of a question and its labels."""
    told = [query.text, sorted(query.grades.items()), sorted(query.spans.items()), sorted(query.exclude)]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:16]


def write_scores(scores: Scores, keys: Mapping[str, str], target: Path) -> None:
    """One line a question."""
    with target.open("w", encoding="utf-8") as stream:
        for identity, values in scores.items():
            line = {"id": identity, "key": keys.get(identity, ""), "scores": dict(values)}
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_scores(path: Path) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """Scores and keys by question id; InputError where a line is something else."""
    scores: dict[str, dict[str, float]] = {}
    keys: dict[str, str] = {}
    for number, record in enumerate(json_lines(path), 1):
        identity, values = record.get("id"), record.get("scores")
        if not isinstance(identity, str) or not isinstance(values, dict):
            raise InputError(
                f"{path}, line {number} holds no scores of a question",
                next="make the file with --per-query FILE of an eval command",
            )
        if identity in scores:
            raise InputError(f"{path} holds question {identity!r} twice")
        scores[identity] = {name: float(value) for name, value in values.items()}
        keys[identity] = str(record.get("key", ""))
    if not scores:
        raise InputError(f"{path} holds no question")
    return scores, keys


def compare_files(first: Path, second: Path, *, tolerance: float = 0.0, metrics: Sequence[str] = ()) -> Comparison:
    """Run B (`second`) against run A (`first`)."""
    (before, keys), (after, other) = read_scores(first), read_scores(second)
    refuse_different(keys, other, str(first), str(second))
    return compare(before, after, tolerance=tolerance, metrics=metrics)


def refuse_different(keys: Mapping[str, str], other: Mapping[str, str], first: str, second: str) -> None:
    """InputError where the two runs are not over the same questions with the same labels."""
    alone = sorted(set(keys) ^ set(other))
    if alone:
        raise InputError(
            f"{first} and {second} are over different questions",
            why=f"{len(alone)} stand in one of them only, first {alone[0]!r}",
            next="run both over the same queries, qrels, filters and library",
        )
    changed = [identity for identity, key in keys.items() if key and other[identity] and key != other[identity]]
    if changed:
        raise InputError(
            f"{first} and {second} differ in the text or labels of {len(changed)} questions, first {changed[0]!r}",
            next="run both over the same queries and qrels",
        )


def compare(before: Scores, after: Scores, *, tolerance: float = 0.0, metrics: Sequence[str] = ()) -> Comparison:
    """Every metric (or those named) over the questions that have it in both runs."""
    names, others = _names(before), _names(after)
    unknown = [name for name in metrics if name not in names or name not in others]
    if unknown:
        raise InputError(f"there is no metric {unknown[0]!r} in both runs", next=f"there are {', '.join(names)}")
    found: dict[str, Difference] = {}
    for name in metrics or [name for name in names if name in others]:
        ids = [identity for identity in before if name in before[identity] and name in after[identity]]
        if ids:
            found[name] = _difference(name, [before[i][name] for i in ids], [after[i][name] for i in ids], tolerance)
    only_one = tuple(sorted(set(names) ^ set(others)))
    return Comparison(found, len(before), tolerance, only_one)


def _difference(name: str, first: Sequence[float], second: Sequence[float], tolerance: float) -> Difference:
    change = paired(first, second)
    lost, sure = (change.mean, change.low > 0) if name in LOWER_IS_BETTER else (-change.mean, change.high < 0)
    return Difference(estimate(first), estimate(second), change, lost > tolerance and sure)


def _names(scores: Scores) -> list[str]:
    return list(dict.fromkeys(name for values in scores.values() for name in values))


def lines(told: Comparison) -> Iterable[str]:
    """The comparison for a terminal."""
    yield f"{told.questions} questions; change is B - A with its paired 95 % interval; tolerance {told.tolerance:g}"
    for name, item in told.metrics.items():
        mark = "  REGRESSION" if item.regression else ""
        yield (
            f"  {name}: {item.before.mean:.4f} -> {item.after.mean:.4f}, {item.change.mean:+.4f} "
            f"({item.change.low:+.4f} to {item.change.high:+.4f}){mark}"
        )
    if told.only_one:
        yield f"  in one run only: {', '.join(told.only_one)}"
