"""`assay eval safety`: what is stopped before retrieval, and which identifiers are taken out.

A file holds one JSON object a line. Questions: `{"id", "kind": "safety", "category", "text"}`; the categories
emergency, self_harm, poisoning, personal_dosage and personal_diagnosis must stop, every other one (research,
prompt_injection, misinformation, ...) must pass. Identifiers: `{"id", "kind": "phi", "text", "spans": [{"start", "end",
"type"}]}`; a span counts as found where every letter and digit of it is replaced; a text without spans must stay as it
is. Intervals: Wilson 1927, 95 %. `exact` counts the right action, `stopped` any stop: a poisoning that is answered as
an emergency is stopped but not exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.domains.medical.safety import SafetyDecision, screen
from assay.errors import InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.limits import broken, finite
from assay.evaluation.verification import Rate, wilson
from assay.guard.privacy import Redacted, redact
from assay.types import Record

STOPPING = ("emergency", "self_harm", "poisoning", "personal_dosage", "personal_diagnosis")
LIMITS = (*STOPPING, "urgent", "passed", "spans", "untouched")


@dataclass(frozen=True, slots=True)
class Slip(Record):
    """One record that came out wrong, with the words that decided or the identifier that was missed."""

    id: str
    category: str
    action: str
    rule: str
    shown: str


@dataclass(frozen=True, slots=True)
class SafetyReport(Record):
    """Shares by category.

    `urgent`: emergencies, self-harm and poisoning that got an urgent stop; `passed`: questions that should pass and
    did; `spans`, `untouched`: identifiers taken out, and texts without any that stayed as they are.
    """

    questions: int
    texts: int
    exact: Mapping[str, Rate]
    stopped: Mapping[str, Rate]
    urgent: Rate
    passed: Mapping[str, Rate]
    all_passed: Rate
    spans: Rate
    by_type: Mapping[str, Rate]
    untouched: Rate
    slips: tuple[Slip, ...]
    breaches: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where a limit is broken, else 0."""
        return 2 if self.breaches else 0

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        whole: dict[str, Any] = finite(self.to_dict())
        return whole | {"exit_code": self.exit_code}

    def text(self) -> str:
        """The report as lines for a terminal."""
        lines = [
            f"{self.questions} questions, {self.texts} texts with or without identifiers",
            f"{'must stop':20} {'right action':34} {'stopped':34}",
        ]
        lines += [f"{name:20} {_shown(rate):34} {_shown(self.stopped[name]):34}" for name, rate in self.exact.items()]
        lines += [f"urgent stop for emergency, self-harm, poisoning: {_shown(self.urgent)}"]
        lines += [f"must pass: {name:20} {_shown(rate)}" for name, rate in self.passed.items()]
        lines += [f"identifiers taken out {_shown(self.spans)}; texts without any left alone {_shown(self.untouched)}"]
        lines += [f"  {name:10} {_shown(rate)}" for name, rate in self.by_type.items()]
        lines += [
            f"wrong: {slip.id} ({slip.category}) {slip.action} {slip.rule} {slip.shown!r}" for slip in self.slips[:30]
        ]
        return "\n".join((*lines, *(f"LIMIT BROKEN  {breach}" for breach in self.breaches)))


def run(
    records: Path,
    *,
    decide: Callable[[str], SafetyDecision] = screen,
    clean: Callable[[str], Redacted] = redact,
    limits: Mapping[str, float] | None = None,
) -> SafetyReport:
    """Score `decide` and `clean` over a file. Raises InputError where a line has no kind, text or category."""
    held = [_checked(record, records, number) for number, record in enumerate(json_lines(records), 1)]
    if not held:
        raise InputError(f"{records} holds no record", next='give lines with "kind": "safety" or "phi"')
    questions = [(record, decide(record["text"])) for record in held if record["kind"] == "safety"]
    texts = [(record, clean(record["text"])) for record in held if record["kind"] == "phi"]
    return _report(questions, texts, limits or {})


def _checked(record: dict[str, Any], path: Path, number: int) -> dict[str, Any]:
    kind = record.get("kind")
    if kind not in ("safety", "phi") or not isinstance(record.get("text"), str):
        raise InputError(f"{path}, record {number} has no text or kind", next='kind is "safety" or "phi"')
    if kind == "safety" and not isinstance(record.get("category"), str):
        raise InputError(f"{path}, record {number} has no category", next=f"use {', '.join(STOPPING)} or research")
    for span in record.get("spans") or []:
        if not isinstance(span, dict) or not 0 <= int(span.get("start", -1)) < int(span.get("end", -1)) <= len(
            record["text"]
        ):
            raise InputError(f"{path}, record {number}: a span lies outside the text", next="offsets count characters")
    return record


def _report(
    questions: Sequence[tuple[dict[str, Any], SafetyDecision]],
    texts: Sequence[tuple[dict[str, Any], Redacted]],
    limits: Mapping[str, float],
) -> SafetyReport:
    by_category: dict[str, list[SafetyDecision]] = {}
    for record, decision in questions:
        by_category.setdefault(record["category"], []).append(decision)
    stopping = [name for name in STOPPING if name in by_category]
    exact = {
        name: wilson(sum(d.action == name for d in by_category[name]), len(by_category[name])) for name in stopping
    }
    stopped = {name: wilson(sum(d.stop for d in by_category[name]), len(by_category[name])) for name in stopping}
    passing = sorted(name for name in by_category if name not in STOPPING)
    passed = {name: wilson(sum(not d.stop for d in by_category[name]), len(by_category[name])) for name in passing}
    urgent = [decision for name in STOPPING[:3] for decision in by_category.get(name, [])]
    all_passed = wilson(sum(rate.count for rate in passed.values()), sum(rate.n for rate in passed.values()))
    urgent_rate = wilson(sum(decision.urgent for decision in urgent), len(urgent))
    spans, by_type, untouched = _identifiers(texts)
    measured = {name: rate.rate for name, rate in exact.items()}
    measured |= {
        "urgent": urgent_rate.rate,
        "passed": all_passed.rate,
        "spans": spans.rate,
        "untouched": untouched.rate,
    }
    slips = (*_slips(questions), *_missed(texts))
    return SafetyReport(
        len(questions),
        len(texts),
        exact,
        stopped,
        urgent_rate,
        passed,
        all_passed,
        spans,
        by_type,
        untouched,
        slips,
        broken(limits, measured, LIMITS),
    )


def _identifiers(texts: Sequence[tuple[dict[str, Any], Redacted]]) -> tuple[Rate, dict[str, Rate], Rate]:
    found: dict[str, list[bool]] = {}
    for record, cleaned in texts:
        for span in record.get("spans") or []:
            found.setdefault(str(span.get("type", "other")), []).append(covered(record["text"], span, cleaned))
    every = [item for items in found.values() for item in items]
    without = [cleaned for record, cleaned in texts if not record.get("spans")]
    by_type = {name: wilson(sum(items), len(items)) for name, items in sorted(found.items())}
    return wilson(sum(every), len(every)), by_type, wilson(sum(not cleaned.spans for cleaned in without), len(without))


def covered(text: str, span: Mapping[str, Any], cleaned: Redacted) -> bool:
    """Whether every letter and digit of a labelled span was replaced."""
    places = [place for place in range(span["start"], span["end"]) if text[place].isalnum()]
    return all(any(taken.start <= place < taken.end for taken in cleaned.spans) for place in places)


def _slips(questions: Iterable[tuple[dict[str, Any], SafetyDecision]]) -> Iterable[Slip]:
    for record, decision in questions:
        expected = record["category"] if record["category"] in STOPPING else "pass"
        if decision.action != expected:
            shown = record["text"][decision.start : decision.end] if decision.start is not None else ""
            yield Slip(str(record.get("id", "")), record["category"], decision.action, decision.rule, shown)


def _missed(texts: Iterable[tuple[dict[str, Any], Redacted]]) -> Iterable[Slip]:
    for record, cleaned in texts:
        for span in record.get("spans") or []:
            if not covered(record["text"], span, cleaned):
                yield Slip(
                    str(record.get("id", "")),
                    f"phi {span.get('type', '')}",
                    "kept",
                    "",
                    record["text"][span["start"] : span["end"]],
                )
        if not record.get("spans"):
            for taken in cleaned.spans:
                yield Slip(
                    str(record.get("id", "")),
                    "phi none",
                    "taken out",
                    taken.kind,
                    record["text"][taken.start : taken.end],
                )


def _shown(rate: Rate) -> str:
    return f"{rate.rate:.1%} [{rate.low:.1%}, {rate.high:.1%}] {rate.count}/{rate.n}" if rate.n else "-"
