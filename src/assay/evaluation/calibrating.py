"""`assay eval calibration`: how far `relevance` and `confidence` can be taken at their word, pooled by domain.

`relevance` is judged over every passage shown, `confidence` over every answer given, on questions as they are
(answerable); with near misses among the records, confidence is judged over both together as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from assay.evaluation.answers import finite, mean
from assay.evaluation.asking import Asked
from assay.evaluation.calibration import Calibration, calibration
from assay.types import Record


@dataclass(frozen=True, slots=True)
class CalibrationReport(Record):
    """By quantity ("relevance", "confidence", "confidence with near misses"), then by domain ("all" pools them)."""

    measured: Mapping[str, Mapping[str, Calibration]]
    unstated: Mapping[str, int]

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return cast("dict[str, Any]", finite(self.to_dict()))

    def limits(self) -> dict[str, float]:
        """The figures that a --limit may name: the worst domain's calibration error of each quantity."""
        return {
            f"{name}_ece": max((item.ece.mean for key, item in by.items() if key != "all"), default=float("nan"))
            for name, by in self.measured.items()
            if " " not in name
        }


def calibration_report(rows: Sequence[Asked]) -> CalibrationReport:
    """The account of these asked questions. What states nothing is counted, never taken for 0."""
    answers = [row for row in rows if row.answered and row.mode != "off_topic"]
    as_they_are = [row for row in answers if row.mode == "answerable"]
    given = [row for row in rows if row.mode == "answerable" and row.passages]
    measured = {
        "relevance": _by_domain([(row, r, float(t)) for row in given for r, t in _passages(row)]),
        "confidence": _by_domain([(row, row.confidence, float(row.right)) for row in as_they_are]),
    }
    if len(answers) > len(as_they_are):
        both = [(row, row.confidence, float(row.right)) for row in answers]
        measured["confidence with near misses"] = _by_domain(both)
    unstated = {
        "relevance": sum(not row.relevance for row in given),
        "confidence": sum(row.confidence is None for row in answers),
    }
    return CalibrationReport(measured, unstated)


def _passages(row: Asked) -> list[tuple[float, bool]]:
    return list(zip(row.relevance, row.relevant, strict=True)) if row.relevance else []


def _by_domain(items: Sequence[tuple[Asked, float | None, float]]) -> dict[str, Calibration]:
    groups: dict[str, list[tuple[float, float]]] = {}
    for row, stated, right in items:
        if stated is not None:
            for name in (row.domain, "all"):
                groups.setdefault(name, []).append((stated, right))
    return {name: calibration(*zip(*pairs, strict=True)) for name, pairs in sorted(groups.items())}


def lines(told: CalibrationReport) -> list[str]:
    """The report for a terminal."""
    found: list[str] = []
    for name, by in told.measured.items():
        found.append(name)
        for domain, item in by.items():
            found.append(
                f"  {domain}: error {mean(item.ece)} (a perfect forecaster would show {item.noise:.3f}), "
                f"Brier {mean(item.brier)}, AUROC {mean(item.auroc)}, n {item.n}"
            )
    for name, count in told.unstated.items():
        if count:
            found.append(f"{count} questions without {name}: the library's embedder has no fitted model")
    return found
