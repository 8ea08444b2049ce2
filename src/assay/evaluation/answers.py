"""`assay eval answers`: how many questions are answered, how many of the answers rest on the right place, and how well
the system knows which. Counts with Wilson intervals, curves over `confidence`; no language model is needed.

What is right is said in `assay.evaluation.asking`. A question that was not answered counts with confidence 0 in every
curve and in the area under the ROC curve: a refusal is the lowest confidence there is.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from assay.evaluation.asking import Asked
from assay.evaluation.calibration import CoveragePoint, auroc_interval, precision_at, risk_coverage
from assay.evaluation.metrics import Estimate, estimate
from assay.evaluation.verification import Rate, wilson
from assay.types import Record

COVERAGES = (0.1, 0.25, 0.5, 1.0)
MEASURES = ("answered", "right", "right_first", "right_document", "answered_right")


@dataclass(frozen=True, slots=True)
class Group(Record):
    """One way of asking: what became of the questions, and of the answers how many were right."""

    questions: int
    statuses: Mapping[str, int]
    answered: Rate
    right: Rate
    right_first: Rate
    right_document: Rate
    right_of_all: Rate
    claims_per_answer: Estimate
    right_claims: Estimate
    spans: int


@dataclass(frozen=True, slots=True)
class NearMiss(Record):
    """Answerable questions beside the same with the right document hidden. `auroc`: confidence tells one from other."""

    auroc: Estimate
    answered_apart: Rate
    precision: Mapping[str, Estimate]
    curve: tuple[CoveragePoint, ...]
    pairs: int


@dataclass(frozen=True, slots=True)
class AnswersReport(Record):
    """All groups, curves over confidence, the questions whose document is missing, and what was asked with."""

    groups: Mapping[str, Group]
    curve: tuple[CoveragePoint, ...]
    precision: Mapping[str, Estimate]
    right_auroc: Estimate
    near_miss: NearMiss | None
    missing: tuple[str, ...]
    errors: tuple[str, ...]
    threshold: float
    domain: str

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON; NaN (nothing measured) as None."""
        return cast("dict[str, Any]", finite(self.to_dict()))

    def measured(self) -> dict[str, float]:
        """The figures that a --limit may name."""
        answerable = self.groups.get("answerable")
        found: dict[str, float] = {}
        if answerable:
            found |= {"answered": answerable.answered.rate, "right": answerable.right.rate}
            found |= {"right_first": answerable.right_first.rate, "false_refusals": 1 - answerable.answered.rate}
            found["precision@25"] = self.precision["0.25"].mean
        if "off_topic" in self.groups:
            found["off_topic_refused"] = 1 - self.groups["off_topic"].answered.rate
        if self.near_miss:
            found |= {"near_miss_auroc": self.near_miss.auroc.mean}
        return found


def report(
    rows: Sequence[Asked], *, missing: Iterable[str] = (), threshold: float = math.nan, domain: str = ""
) -> AnswersReport:
    """The account of these asked questions."""
    by_mode: dict[str, list[Asked]] = {}
    for row in rows:
        by_mode.setdefault(row.mode, []).append(row)
    labelled = by_mode.get("answerable", [])
    return AnswersReport(
        groups={mode: group(items) for mode, items in by_mode.items()},
        curve=risk_coverage(*stated(labelled)),
        precision=precisions(labelled),
        right_auroc=auroc_interval(*stated([row for row in labelled if row.answered])),
        near_miss=near_miss(labelled, by_mode["near_miss"]) if by_mode.get("near_miss") and labelled else None,
        missing=tuple(missing),
        errors=tuple(row.id for row in rows if row.status == "error"),
        threshold=threshold,
        domain=domain,
    )


def group(rows: Sequence[Asked]) -> Group:
    """One way of asking."""
    answers = [row for row in rows if row.answered]
    n = len(answers)
    return Group(
        questions=len(rows),
        statuses=dict(sorted(Counter(row.status for row in rows).items())),
        answered=wilson(n, len(rows)),
        right=wilson(sum(row.right for row in answers), n),
        right_first=wilson(sum(row.right_first for row in answers), n),
        right_document=wilson(sum(row.right_document for row in answers), n),
        right_of_all=wilson(sum(row.right for row in answers), len(rows)),
        claims_per_answer=estimate([float(row.claims) for row in answers]),
        right_claims=estimate([row.right_claims / row.claims for row in answers if row.claims]),
        spans=sum(row.spans for row in rows),
    )


def near_miss(answerable: Sequence[Asked], missed: Sequence[Asked]) -> NearMiss:
    """How well confidence tells questions whose document is there from those whose document is not."""
    chance, _ = stated([*answerable, *missed])
    there = [1.0] * len(answerable) + [0.0] * len(missed)
    both = [*answerable, *missed]
    return NearMiss(
        auroc=auroc_interval(chance, there),
        answered_apart=wilson(sum(row.answered for row in missed), len(missed)),
        precision=precisions(both),
        curve=risk_coverage(*stated(both)),
        pairs=min(len(answerable), len(missed)),
    )


def precisions(rows: Sequence[Asked]) -> dict[str, Estimate]:
    """The share right among the most confident 10, 25, 50 and 100 % of all these questions."""
    chance, right = stated(rows)
    return {f"{share:g}": precision_at(chance, right, share) for share in COVERAGES}


def stated(rows: Sequence[Asked]) -> tuple[list[float], list[float]]:
    """Confidence (0 where there was no answer, or none was stated) and whether it was right."""
    return [row.confidence or 0.0 if row.answered else 0.0 for row in rows], [float(row.right) for row in rows]


def per_query(rows: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """Scores by question, for comparing two runs."""
    return {
        f"{row.id}" if row.mode == "answerable" else f"{row.mode}:{row.id}": {
            "answered": float(row.answered),
            "right": float(row.right),
            "right_first": float(row.right_first),
            "right_document": float(row.right_document),
            **({"brier": (row.confidence - row.right) ** 2} if row.confidence is not None else {}),
        }
        for row in rows
    }


def finite(value: Any) -> Any:
    """NaN as None, all the way down."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def lines(told: AnswersReport) -> list[str]:
    """The report for a terminal."""
    found = [f"threshold {told.threshold:g}, domain {told.domain or 'general'}"]
    for mode, item in told.groups.items():
        statuses = ", ".join(f"{count} {name}" for name, count in item.statuses.items())
        found += [
            f"{mode.replace('_', ' ')}: {item.questions} questions ({statuses})",
            f"  answered {rate(item.answered)}",
        ]
        if mode != "off_topic" and item.answered.count:
            found += [
                f"  of the answers: cite a right place {rate(item.right)}",
                f"  cite it with their first claim {rate(item.right_first)}",
                f"  cite a labelled document {rate(item.right_document)}",
                f"  claims an answer {mean(item.claims_per_answer)}, of them right {mean(item.right_claims)}",
            ]
    shares = ", ".join(f"{float(name):.0%}: {mean(value)}" for name, value in told.precision.items())
    found += [f"right among the most confident: {shares}"] if "answerable" in told.groups else []
    if told.near_miss:
        shares = ", ".join(f"{float(name):.0%}: {mean(value)}" for name, value in told.near_miss.precision.items())
        found += [
            f"near misses: AUROC of confidence {mean(told.near_miss.auroc)} over {told.near_miss.pairs} pairs",
            f"  right among the most confident of both: {shares}",
        ]
    found += [f"{len(told.missing)} questions whose document is not in the library were left out"]
    return found + (
        [f"{len(told.errors)} questions ended in an error: {', '.join(told.errors[:5])}"] if told.errors else []
    )


def rate(value: Rate) -> str:
    """`0.512 (0.470 to 0.553; 284 of 555)`."""
    if not value.n:
        return "not measured"
    return f"{value.rate:.3f} ({value.low:.3f} to {value.high:.3f}; {value.count} of {value.n})"


def mean(value: Estimate) -> str:
    """`0.512 (0.470 to 0.553)`."""
    return f"{value.mean:.3f} ({value.low:.3f} to {value.high:.3f})" if value.n else "not measured"
