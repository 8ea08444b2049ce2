"""`assay eval treatment`: how well reports of negative treatment are told from words that only look like them.

A file holds one JSON object a line: `{"id", "text", "trigger", "trigger_start", "negative_treatment"}`, and where known
`"treatment"` (the kind), `"on_other_grounds"`, `"in_part"`, `"doc"`. The trigger is text[trigger_start:] and may begin
with the comma before it. A sentence counts as found where a negative treatment is read at its trigger.

Precision and recall carry Wilson intervals (1927), F1 a percentile bootstrap over sentences (2,000 draws, fixed seed).
`halves`: the same by the parity of sha256(doc): rules may be read against one half and judged on the other. A record
that cannot be scored is counted and named, and never enters a rate.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.domains.legal.treatments import Treatment, treatments
from assay.errors import InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.limits import Limits
from assay.evaluation.verification import REGRESSION, Rate, Unscored, wilson
from assay.types import Record

LIMITS = Limits(
    {
        "f1": "least F1 of negative treatment",
        "precision": "least precision",
        "recall": "least recall",
        "unscored": "most records that could not be scored (a count; 0 as soon as any limit is given)",
    },
    counts=frozenset({"unscored"}),
    zero=frozenset({"unscored"}),
)
_DRAWS, _SEED = 2000, 20260101


@dataclass(frozen=True, slots=True)
class Judged(Record):
    """One sentence: what it is labelled, what was read, and the kinds."""

    id: str
    half: str
    expected: bool
    found: bool
    expected_kind: str
    kind: str
    other_grounds: bool | None
    in_part: bool | None


@dataclass(frozen=True, slots=True)
class Scores(Record):
    """Rates over a group of sentences. `f1` with `f1_low` and `f1_high`; NaN where nothing was labelled or found.

    `kind`, `other_grounds`, `in_part`: of the sentences rightly found and labelled so, how many were read right.
    """

    sentences: int
    negative: int
    precision: Rate
    recall: Rate
    f1: float
    f1_low: float
    f1_high: float
    kind: Rate
    other_grounds: Rate
    in_part: Rate


@dataclass(frozen=True, slots=True)
class TreatmentReport(Record):
    """Scores of all sentences, by half and by labelled kind; what could not be scored; the limits that broke."""

    scores: Scores
    halves: Mapping[str, Scores]
    found_by_kind: Mapping[str, Rate]
    unscored: tuple[Unscored, ...]
    sha256: str
    limits: Mapping[str, float] = field(default_factory=dict)
    breaches: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    false_alarms: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where a limit is broken, else 0."""
        return REGRESSION if self.breaches else 0

    def summary(self) -> dict[str, Any]:
        """The report ready for JSON; what was not measured is None."""
        found: dict[str, Any] = _finite(self.to_dict())
        return found | {"exit_code": self.exit_code}

    def text(self) -> str:
        """The report as lines for a terminal."""
        return "\n".join(_lines(self))


Read = Callable[[str], Sequence[Treatment]]


def run(
    records: Path,
    *,
    limits: Mapping[str, float] | None = None,
    read: Read = treatments,
    progress: Callable[[int], None] = lambda done: None,
) -> TreatmentReport:
    """Score `read` over labelled sentences. InputError where the file or a limit cannot be used."""
    checked = LIMITS.check(limits or {})
    judged: list[Judged] = []
    unscored: list[Unscored] = []
    for number, record in enumerate(json_lines(records), 1):
        problem = _problem(record)
        if problem:
            unscored.append(Unscored(str(record.get("id", f"record {number}")), problem))
        else:
            judged.append(_judged(record, read))
        progress(number)
    if not judged:
        raise InputError(f"{records} holds no labelled sentence", next="see: assay eval treatment --help")
    return _report(judged, tuple(unscored), hashlib.sha256(records.read_bytes()).hexdigest(), checked)


# --- scoring --------------------------------------------------------------------------------------------------------


def _problem(record: Mapping[str, Any]) -> str:
    for name, kind in (("text", str), ("trigger", str), ("trigger_start", int), ("negative_treatment", bool)):
        if not isinstance(record.get(name), kind):
            return f"it has no {name}"
    start = record["trigger_start"]
    if not record["text"][start:].startswith(record["trigger"]):
        return "the trigger does not stand at trigger_start"
    return ""


def _judged(record: Mapping[str, Any], read: Read) -> Judged:
    start, end = record["trigger_start"], record["trigger_start"] + len(record["trigger"])
    hits = [t for t in read(record["text"]) if t.negative and t.trigger_start < end and t.trigger_end > start]
    hit = hits[0] if hits else None
    grounds, part = record.get("on_other_grounds"), record.get("in_part")
    return Judged(
        id=str(record.get("id", "")),
        half=_half(str(record.get("doc") or record.get("id", ""))),
        expected=record["negative_treatment"],
        found=hit is not None,
        expected_kind=str(record.get("treatment") or ""),
        kind=hit.kind if hit else "",
        other_grounds=hit.on_other_grounds == grounds if hit and isinstance(grounds, bool) else None,
        in_part=hit.in_part == part if hit and isinstance(part, bool) else None,
    )


def _half(document: str) -> str:
    return "even" if int(hashlib.sha256(document.encode()).hexdigest(), 16) % 2 == 0 else "odd"


def scores(judged: Sequence[Judged]) -> Scores:
    """The rates of a group."""
    right = [j for j in judged if j.expected and j.found]
    low, high = _bootstrap(judged)
    kinds = [j for j in right if j.expected_kind]
    grounds = [j.other_grounds for j in right if j.other_grounds is not None]
    part = [j.in_part for j in right if j.in_part is not None]
    return Scores(
        sentences=len(judged),
        negative=sum(j.expected for j in judged),
        precision=wilson(len(right), sum(j.found for j in judged)),
        recall=wilson(len(right), sum(j.expected for j in judged)),
        f1=_f1(judged),
        f1_low=low,
        f1_high=high,
        kind=wilson(sum(j.kind == j.expected_kind for j in kinds), len(kinds)),
        other_grounds=wilson(sum(grounds), len(grounds)),
        in_part=wilson(sum(part), len(part)),
    )


def _f1(judged: Sequence[Judged]) -> float:
    right = sum(j.expected and j.found for j in judged)
    named = sum(j.expected for j in judged) + sum(j.found for j in judged)
    return 2 * right / named if named else math.nan


def _bootstrap(judged: Sequence[Judged]) -> tuple[float, float]:
    """The 2.5 and 97.5 percentiles of F1 over sentences drawn with replacement."""
    rng = random.Random(_SEED)
    draws = [_f1(rng.choices(judged, k=len(judged))) for _ in range(_DRAWS)]
    values = sorted(value for value in draws if not math.isnan(value))
    if not values:
        return math.nan, math.nan
    return values[int(0.025 * (len(values) - 1))], values[math.ceil(0.975 * (len(values) - 1))]


def _report(
    judged: Sequence[Judged], unscored: tuple[Unscored, ...], sha256: str, limits: Mapping[str, float]
) -> TreatmentReport:
    whole = scores(judged)
    halves = {name: [j for j in judged if j.half == name] for name in ("even", "odd")}
    kinds = sorted({j.expected_kind for j in judged if j.expected and j.expected_kind})
    by_kind = {kind: [j for j in judged if j.expected and j.expected_kind == kind] for kind in kinds}
    return TreatmentReport(
        scores=whole,
        halves={name: scores(group) for name, group in halves.items() if group},
        found_by_kind={kind: wilson(sum(j.found for j in group), len(group)) for kind, group in by_kind.items()},
        unscored=unscored,
        sha256=sha256,
        limits=limits,
        breaches=_breaches(limits, whole, len(unscored)),
        missed=tuple(j.id for j in judged if j.expected and not j.found),
        false_alarms=tuple(j.id for j in judged if j.found and not j.expected),
    )


def _breaches(limits: Mapping[str, float], whole: Scores, unscored: int) -> tuple[str, ...]:
    """What breaks a limit; a rate for which nothing was measured breaks its limit."""
    measured = {"f1": whole.f1, "precision": whole.precision.rate, "recall": whole.recall.rate}
    found = []
    for name, limit in limits.items():
        if name == "unscored":
            if unscored > limit:
                found.append(f"unscored: {unscored} records, at most {limit:g} allowed")
        elif not measured[name] >= limit:
            found.append(f"{name}: {measured[name]:.3f}, at least {limit:.3f} required")
    return tuple(found)


# --- showing --------------------------------------------------------------------------------------------------------


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _lines(report: TreatmentReport) -> Iterable[str]:
    whole = report.scores
    yield (
        f"{whole.sentences} sentences scored, {whole.negative} with negative treatment, {len(report.unscored)} unscored"
    )
    yield _row("all", whole)
    yield from (_row(f"  {name} half of the documents", group) for name, group in report.halves.items())
    yield (
        f"of those rightly found: kind {_shown(whole.kind)}, other grounds {_shown(whole.other_grounds)}, "
        f"in part {_shown(whole.in_part)}"
    )
    yield from (f"  {kind or '(no kind)':20} found {_shown(rate)}" for kind, rate in report.found_by_kind.items())
    yield from (f"unscored {item.id}: {item.reason}" for item in report.unscored[:20])
    yield from (f"LIMIT BROKEN  {breach}" for breach in report.breaches)


def _row(name: str, group: Scores) -> str:
    f1 = "-" if math.isnan(group.f1) else f"{group.f1:.3f} [{group.f1_low:.3f}, {group.f1_high:.3f}]"
    return f"{name:28} F1 {f1}  precision {_shown(group.precision)}  recall {_shown(group.recall)}"


def _shown(rate: Rate) -> str:
    return f"{rate.rate:.3f} [{rate.low:.3f}, {rate.high:.3f}] {rate.count}/{rate.n}" if rate.n else "-"
