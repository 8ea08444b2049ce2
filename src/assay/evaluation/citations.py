"""`assay eval citations`: how often the flags of a citation check are right, on strings labelled by hand.

A file holds one JSON object a line: `{"id", "text", "valid", "flags", "as_of", "kind", "why"}`. `valid` is whether
the string can be a citation to an existing source; `flags` names flags of `validate` and what each must say: true,
false, or null for unknown. A flag that is not named is not scored. `as_of` (ISO date; default today), `kind` and `why`
may be missing.

A string is right when every named flag says what the label says and, where `valid` is given, an invalid one is rejected
(some flag false) and a valid one is not. Intervals: Wilson 1927, 95 %. This module holds no rule about citations.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

from assay.domains.legal.citations import Validation, validate
from assay.domains.legal.citations.model import FLAGS
from assay.errors import InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.limits import Limits
from assay.evaluation.verification import REGRESSION, Rate, wilson
from assay.types import Record

LIMITS = Limits(
    {
        "right": "least share of strings with every label met",
        "valid_accepted": "least share of valid strings that are not rejected",
        "invalid_rejected": "least share of invalid strings that are rejected",
        "flags": "least share of single flags that say what the label says",
    },
)
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Miss(Record):
    """A string whose check went wrong: which flag, what it said, what it should have said, and the reason it gave."""

    id: str
    text: str
    flag: str
    said: bool | None
    expected: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class CitationReport(Record):
    """Rates over all strings, over valid and invalid ones, by flag and by kind; every miss; what breaks a limit.

    `undecided`: valid strings for which a range could not be checked; they count as accepted.
    """

    strings: int
    sha256: str
    right: Rate
    valid_accepted: Rate
    invalid_rejected: Rate
    flags: Rate
    undecided: int
    by_flag: Mapping[str, Rate]
    by_kind: Mapping[str, Rate]
    misses: tuple[Miss, ...]
    limits: Mapping[str, float] = field(default_factory=dict)
    breaches: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where a limit is broken, else 0."""
        return REGRESSION if self.breaches else 0

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON (NaN, where nothing was measured, as None)."""
        return cast("dict[str, Any]", _finite(self.to_dict())) | {"exit_code": self.exit_code}

    def text(self) -> str:
        """The report as lines for a terminal."""
        return "\n".join(_lines(self))


@dataclass(frozen=True, slots=True)
class _Outcome:
    record: Mapping[str, Any]
    valid: bool | None
    misses: tuple[Miss, ...]
    scored: tuple[tuple[str, bool], ...]


def run(
    path: Path,
    *,
    check: Callable[[str, date], Validation] = validate,
    limits: Mapping[str, float] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> CitationReport:
    """Score `check` over a file of labelled strings. InputError where the file or a limit cannot be used."""
    checked = LIMITS.check(limits or {})
    records = [_checked(record, path, number) for number, record in enumerate(json_lines(path), 1)]
    if not records:
        raise InputError(f"{path} holds no citation")
    outcomes = []
    for number, record in enumerate(records, 1):
        outcomes.append(_outcome(record, check))
        progress(number)
    return _report(outcomes, hashlib.sha256(path.read_bytes()).hexdigest(), checked)


def _checked(record: Mapping[str, Any], path: Path, number: int) -> Mapping[str, Any]:
    where = f"{path}, line {number}"
    if not isinstance(record.get("text"), str) or not record["text"].strip():
        raise InputError(f"{where} has no text", next="give each line id, text, valid and flags")
    if not isinstance(record.get("id"), str):
        raise InputError(f"{where} has no id", next="give each line an id of its own")
    if record.get("valid") not in (True, False, None):
        raise InputError(f"{where}: valid is {record['valid']!r}", next="use true or false, or leave it out")
    flags = record.get("flags", {})
    if not isinstance(flags, dict) or any(value not in (True, False, None) for value in flags.values()):
        raise InputError(f"{where}: flags must be an object of true, false and null")
    for name in flags:
        if name not in FLAGS:
            raise InputError(f"{where}: there is no flag {name!r}", next=f"use {', '.join(FLAGS)}")
    if record.get("valid") is None and not flags:
        raise InputError(f"{where} labels nothing", next="give valid, flags or both")
    _day(record, where)
    return record


def _day(record: Mapping[str, Any], where: str = "") -> date:
    written = record.get("as_of")
    if written is None:
        return date.today()
    try:
        return date.fromisoformat(str(written))
    except ValueError as error:
        raise InputError(f"{where}: as_of is {written!r}", next="write a date as 2026-01-31") from error


def _outcome(record: Mapping[str, Any], check: Callable[[str, date], Validation]) -> _Outcome:
    result = check(record["text"], _day(record))
    misses: list[Miss] = []
    scored: list[tuple[str, bool]] = []
    for name, expected in record.get("flags", {}).items():
        flag = result[name]
        scored.append((name, flag.value is expected))
        if flag.value is not expected:
            misses.append(Miss(record["id"], record["text"], name, flag.value, expected, flag.reason))
    wanted = record.get("valid")
    if wanted is not None and (result.valid is not False) != wanted:
        why = "; ".join(f"{name}: {result[name].reason}" for name in result.failed)
        misses.append(Miss(record["id"], record["text"], "valid", result.valid, wanted, why))
    return _Outcome(record, result.valid, tuple(misses), tuple(scored))


def _report(outcomes: Sequence[_Outcome], sha256: str, limits: Mapping[str, float]) -> CitationReport:
    valid = [o for o in outcomes if o.record.get("valid") is True]
    invalid = [o for o in outcomes if o.record.get("valid") is False]
    single = [pair for o in outcomes for pair in o.scored]
    measured = {
        "right": wilson(sum(not o.misses for o in outcomes), len(outcomes)),
        "valid_accepted": wilson(sum(o.valid is not False for o in valid), len(valid)),
        "invalid_rejected": wilson(sum(o.valid is False for o in invalid), len(invalid)),
        "flags": wilson(sum(right for _, right in single), len(single)),
    }
    return CitationReport(
        strings=len(outcomes),
        sha256=sha256,
        **measured,
        undecided=sum(o.valid is None for o in valid),
        by_flag=_shares((name, right) for name, right in single),
        by_kind=_shares((str(o.record["kind"]), not o.misses) for o in outcomes if o.record.get("kind")),
        misses=tuple(miss for o in outcomes for miss in o.misses),
        limits=limits,
        breaches=tuple(_breaches(limits, measured)),
    )


def _shares(pairs: Iterable[tuple[str, bool]]) -> dict[str, Rate]:
    groups: dict[str, list[bool]] = {}
    for name, right in pairs:
        groups.setdefault(name, []).append(right)
    return {name: wilson(sum(group), len(group)) for name, group in sorted(groups.items())}


def _breaches(limits: Mapping[str, float], measured: Mapping[str, Rate]) -> Iterator[str]:
    """What breaks a limit. A rate that nothing was measured for breaks its limit: it was asked for and not shown."""
    for name, limit in limits.items():
        rate = measured[name]
        if rate.n == 0 or rate.rate < limit:
            seen = f"{rate.rate:.2%} ({rate.count} of {rate.n})" if rate.n else "nothing measured"
            yield f"{name}: {seen}, at least {limit:.2%} wanted"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _lines(report: CitationReport) -> Iterator[str]:
    yield f"{report.strings} strings"
    for name in LIMITS.meanings:
        yield f"{name.replace('_', ' '):22} {_shown(report[name])}"
    yield f"valid strings without a range that could be checked: {report.undecided}"
    for title, groups in (("by flag", report.by_flag), ("by kind", report.by_kind)):
        for name, rate in groups.items():
            yield f"  {title}: {name:18} {_shown(rate)}"
    for miss in report.misses[:_SHOWN]:
        yield f"miss {miss.id}: {miss.text}"
        yield f"     {miss.flag} says {miss.said}, should say {miss.expected}: {miss.reason}"
    if len(report.misses) > _SHOWN:
        yield f"and {len(report.misses) - _SHOWN} misses more; --json lists them all"
    yield from (f"LIMIT BROKEN  {breach}" for breach in report.breaches)


def _shown(rate: Rate) -> str:
    return f"{rate.rate:.2%} [{rate.low:.2%}, {rate.high:.2%}] {rate.count}/{rate.n}" if rate.n else "-"
