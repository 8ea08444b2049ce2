"""`assay eval verification`: how often a verifier passes what is false, and refuses what is true.

A claims file holds one JSON object a line: `{"id", "class", "expected", "claim", "quotes": [{"passage", "quote"}],
"passages": [{"document_id", "title", "text"}], "question", "domain", "half"}`. `expected` is `supported`,
`not_supported` or `partly`; `passage` counts from 1. Optional: `kind` (`verbatim`, the default; `paraphrase` and
`control` are reported apart and never pooled) and `mutation.rule`.

A claim counts as supported when the verdict is "supported" and its support reaches the quality threshold. False
supported: that, where the label is not `supported`. False not supported: anything else, where the label is `supported`
(and "not even partly", where it is `partly`). Intervals: Wilson 1927, 95 %. A claim that could not be scored is
counted and named, and never enters a rate. This module knows no verifier and holds no rule of language.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

from assay.errors import AssayError, InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.limits import Limits
from assay.types import Record, Verdict

Verify = Callable[[Mapping[str, Any]], tuple[str, float] | None]
Expected = Literal["supported", "not_supported", "partly"]
Kind = Literal["verbatim", "paraphrase", "control"]
REGRESSION = 2
FROZEN_NOTICE = (
    "NOTICE: the frozen half is being scored. It is meant to be looked at once, after everything is settled; "
    "whatever is tuned after this is tuned on it."
)
_Z = 1.959963984540054  # the 97.5 % point of the normal distribution


@dataclass(frozen=True, slots=True)
class Rate(Record):
    """`count` of `n` with the 95 % Wilson interval; NaN where n is 0."""

    count: int
    n: int
    rate: float
    low: float
    high: float


def wilson(count: int, n: int) -> Rate:
    """The share count / n with its 95 % score interval (Wilson 1927)."""
    if n == 0:
        return Rate(0, 0, math.nan, math.nan, math.nan)
    share, square = count / n, _Z * _Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = _Z / (1 + square / n) * math.sqrt(share * (1 - share) / n + square / (4 * n * n))
    # At the ends the exact bound is 0 or 1; rounding error must not put the rate outside its own interval.
    return Rate(count, n, share, 0.0 if count == 0 else middle - half, 1.0 if count == n else middle + half)


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """What a verifier said of one claim, and whether that is an error."""

    id: str
    name: str
    kind: Kind
    domain: str
    rule: str
    expected: Expected
    verdict: Verdict
    support: float
    supported: bool
    error: Literal["", "false_supported", "false_not_supported"]


@dataclass(frozen=True, slots=True)
class Rates(Record):
    """The two error rates of a group of claims, and how often it was called supported or partly.

    `rejected`: the share of its true claims that were neither supported nor partly. A true claim that is only partly
    supported is an error too, but its reader still sees the quotation; a rejected one is lost.
    """

    claims: int
    false_supported: Rate
    false_not_supported: Rate
    rejected: Rate
    supported: Rate
    partly: Rate


@dataclass(frozen=True, slots=True)
class Unscored(Record):
    """A claim without a verdict, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class VerificationReport(Record):
    """Error rates: pooled over the verbatim classes, by class, by domain, by rule; paraphrases and controls apart.

    `coverage`: the share of true paraphrases that were called supported. `breaches` names each limit that was broken.
    """

    claims: int
    scored: int
    unscored: tuple[Unscored, ...]
    held_back: int
    sha256: str
    threshold: float
    verbatim: Rates
    paraphrases: Rates
    coverage: Rate
    by_class: Mapping[str, Rates]
    by_domain: Mapping[str, Rates]
    by_rule: Mapping[str, Rates]
    limits: Mapping[str, float] = field(default_factory=dict)
    breaches: tuple[str, ...] = ()
    notice: str = ""
    outcomes: tuple[Outcome, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where a limit is broken, else 0."""
        return REGRESSION if self.breaches else 0

    def summary(self) -> dict[str, Any]:
        """Everything but the single outcomes, ready for JSON (NaN, where nothing was measured, as None)."""
        whole = self.to_dict()
        del whole["outcomes"]
        return cast("dict[str, Any]", _finite(whole)) | {"exit_code": self.exit_code}

    def text(self) -> str:
        """The report as lines for a terminal."""
        return "\n".join(_lines(self))


def run(
    claims: Path,
    verify: Verify,
    *,
    threshold: float = 0.0,
    limits: Mapping[str, float] | None = None,
    frozen: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> VerificationReport:
    """Score `verify` over the claims in a file.

    `verify` gets one record and returns (verdict, support), or None where it has no answer. `threshold`: the least
    support that counts as supported. `limits`: by `LIMITS`. Records of the frozen half are held back unless `frozen`.
    Raises InputError where the file or a limit cannot be used; an AssayError of `verify` leaves that claim unscored.
    """
    checked = LIMITS.check(limits or {})
    records = [_checked(record, claims, number) for number, record in enumerate(json_lines(claims), 1)]
    chosen = [record for record in records if frozen or record.get("half") != "frozen"]
    _refuse_empty_or_doubled(chosen, records, claims)
    outcomes: list[Outcome] = []
    unscored: list[Unscored] = []
    for number, record in enumerate(chosen, 1):
        result = _outcome(record, verify, threshold)
        if isinstance(result, Outcome):
            outcomes.append(result)
        else:
            unscored.append(result)
        progress(number)
    looked_at = frozen and any(record.get("half") == "frozen" for record in chosen)
    return _report(
        outcomes,
        tuple(unscored),
        held_back=len(records) - len(chosen),
        sha256=hashlib.sha256(claims.read_bytes()).hexdigest(),
        threshold=threshold,
        limits=checked,
        notice=FROZEN_NOTICE if looked_at else "",
    )


# --- reading --------------------------------------------------------------------------------------------------------

_TEXTS = ("id", "class", "expected", "claim")


def _checked(record: dict[str, Any], path: Path, number: int) -> dict[str, Any]:
    where = f"{path}, claim {number}"
    missing = [name for name in _TEXTS if not isinstance(record.get(name), str) or not record[name]]
    if missing:
        raise InputError(
            f"{where} has no {', '.join(missing)}",
            next="give each claim id, class, expected, claim, quotes and passages",
        )
    for name, allowed, value in (
        ("expected", get_args(Expected), record["expected"]),
        ("kind", get_args(Kind), record.get("kind", "verbatim")),
    ):
        if value not in allowed:
            raise InputError(f"{where}: {name} is {value!r}", next=f"use one of {', '.join(allowed)}")
    passages, quotes = record.get("passages"), record.get("quotes")
    if not isinstance(passages, list) or not all(_is_passage(item) for item in passages):
        raise InputError(f"{where}: passages must be a list of objects with document_id and text")
    if not isinstance(quotes, list) or not all(_is_quote(item, len(passages)) for item in quotes):
        raise InputError(
            f"{where}: quotes must be a list of objects with passage and quote",
            why=f"passage counts from 1 to {len(passages)}",
        )
    return record


def _is_passage(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("document_id"), str) and isinstance(item.get("text"), str)


def _is_quote(item: Any, passages: int) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("quote"), str):
        return False
    place = item.get("passage")
    return isinstance(place, int) and not isinstance(place, bool) and 1 <= place <= passages


def _refuse_empty_or_doubled(
    chosen: Sequence[Mapping[str, Any]], records: Sequence[Mapping[str, Any]], path: Path
) -> None:
    if not records:
        raise InputError(f"{path} holds no claim")
    if not chosen:
        raise InputError(
            f"every claim in {path} belongs to the frozen half",
            why="the frozen half is scored once, at the end",
            next="score the development half, or say --frozen",
        )
    twice = [identity for identity, count in Counter(record["id"] for record in chosen).items() if count > 1]
    if twice:
        raise InputError(f"{path} holds {len(twice)} ids more than once, first {twice[0]!r}", next="give each its own")


# --- scoring --------------------------------------------------------------------------------------------------------


def _outcome(record: Mapping[str, Any], verify: Verify, threshold: float) -> Outcome | Unscored:
    identity = str(record["id"])
    try:
        answer = verify(record)
    except AssayError as error:
        return Unscored(identity, f"{error.code}: {error}")
    if answer is None:
        return Unscored(identity, "the verifier gave no verdict")
    verdict, support = answer
    if verdict not in get_args(Verdict):
        return Unscored(identity, f"the verdict {verdict!r} is not one of {', '.join(get_args(Verdict))}")
    if not 0.0 <= support <= 1.0:
        return Unscored(identity, f"the support {support!r} does not lie between 0 and 1")
    supported = verdict == "supported" and support >= threshold
    expected: Expected = record["expected"]
    return Outcome(
        identity,
        str(record["class"]),
        record.get("kind", "verbatim"),
        str(record.get("domain", "")),
        str((record.get("mutation") or {}).get("rule", "")),
        expected,
        cast("Verdict", verdict),
        float(support),
        supported,
        _error(expected, supported, verdict),
    )


def _error(expected: Expected, supported: bool, verdict: str) -> Literal["", "false_supported", "false_not_supported"]:
    if supported:
        return "" if expected == "supported" else "false_supported"
    if expected == "supported" or (expected == "partly" and verdict not in ("partly", "supported")):
        return "false_not_supported"
    return ""


def rates(outcomes: Iterable[Outcome]) -> Rates:
    """The rates of a group. False supported is of the claims not labelled supported; the other of all true ones."""
    group = list(outcomes)
    untrue = [o for o in group if o.expected != "supported"]
    true = [o for o in group if o.expected != "not_supported"]
    return Rates(
        len(group),
        wilson(sum(o.error == "false_supported" for o in untrue), len(untrue)),
        wilson(sum(o.error == "false_not_supported" for o in true), len(true)),
        wilson(sum(o.verdict not in ("supported", "partly") for o in true), len(true)),
        wilson(sum(o.supported for o in group), len(group)),
        wilson(sum(o.verdict == "partly" for o in group), len(group)),
    )


def _report(
    outcomes: list[Outcome],
    unscored: tuple[Unscored, ...],
    *,
    held_back: int,
    sha256: str,
    threshold: float,
    limits: Mapping[str, float],
    notice: str,
) -> VerificationReport:
    verbatim = [o for o in outcomes if o.kind == "verbatim"]
    natural = [o for o in outcomes if o.kind == "paraphrase"]
    true_natural = [o for o in natural if o.expected == "supported"]
    pooled, apart = rates(verbatim), rates(natural)
    coverage = wilson(sum(o.supported for o in true_natural), len(true_natural))
    return VerificationReport(
        claims=len(outcomes) + len(unscored) + held_back,
        scored=len(outcomes),
        unscored=unscored,
        held_back=held_back,
        sha256=sha256,
        threshold=threshold,
        verbatim=pooled,
        paraphrases=apart,
        coverage=coverage,
        by_class=_grouped(outcomes, lambda o: o.name),
        by_domain=_grouped(verbatim, lambda o: o.domain),
        by_rule=_grouped([o for o in outcomes if o.rule], lambda o: f"{o.name}: {o.rule}"),
        limits=limits,
        breaches=_breaches(limits, pooled, apart, coverage, len(unscored)),
        notice=notice,
        outcomes=tuple(outcomes),
    )


def _grouped(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, Rates]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(key(outcome), []).append(outcome)
    return {name: rates(groups[name]) for name in sorted(groups)}


def correct_by_claim(report: VerificationReport) -> dict[str, dict[str, float]]:
    """Whether each claim was judged rightly, for comparing two runs."""
    return {outcome.id: {"correct": float(not outcome.error)} for outcome in report.outcomes}


# --- limits ---------------------------------------------------------------------------------------------------------

LIMITS = Limits(
    {
        "false_supported": "most, over the verbatim classes",
        "false_not_supported": "most, over the verbatim classes",
        "paraphrase_false_supported": "most, over the paraphrases",
        "coverage": "least share of true paraphrases that are called supported",
        "unscored": "most claims without a verdict (a count; 0 as soon as any limit is given)",
    },
    counts=frozenset({"unscored"}),
    zero=frozenset({"unscored"}),
)


def _breaches(
    limits: Mapping[str, float], pooled: Rates, apart: Rates, coverage: Rate, unscored: int
) -> tuple[str, ...]:
    """What breaks a limit. A rate that nothing was measured for breaks its limit: it was asked for and not shown."""
    measured = {
        "false_supported": pooled.false_supported,
        "false_not_supported": pooled.false_not_supported,
        "paraphrase_false_supported": apart.false_supported,
        "coverage": coverage,
    }
    found = []
    for name, limit in limits.items():
        if name == "unscored":
            if unscored > limit:
                found.append(f"unscored: {unscored} claims, at most {limit:g} allowed")
            continue
        rate = measured[name]
        word = "at least" if name == "coverage" else "at most"
        kept = rate.n > 0 and (rate.rate >= limit if name == "coverage" else rate.rate <= limit)
        if not kept:
            seen = f"{rate.rate:.2%} ({rate.count} of {rate.n})" if rate.n else "nothing measured"
            found.append(f"{name}: {seen}, {word} {limit:.2%} allowed")
    return tuple(found)


# --- showing --------------------------------------------------------------------------------------------------------


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _lines(report: VerificationReport) -> Iterable[str]:
    if report.notice:
        yield report.notice
    yield (
        f"{report.scored} of {report.claims} claims scored, {len(report.unscored)} unscored, "
        f"{report.held_back} held back (frozen half); supported from {report.threshold:.2f}"
    )
    yield f"{'':28} {'claims':>6}  {'false supported':32} {'false not supported':32} {'rejected':>8} {'partly':>7}"
    yield _row("verbatim classes, pooled", report.verbatim)
    for name, group in report.by_domain.items():
        yield _row(f"  {name or '(no domain)'}", group)
    yield _row("paraphrases", report.paraphrases)
    yield f"coverage of true paraphrases: {_shown(report.coverage)}"
    for name, group in report.by_class.items():
        yield _row(name, group)
    yield from (f"unscored {item.id}: {item.reason}" for item in report.unscored[:20])
    yield from (f"LIMIT BROKEN  {breach}" for breach in report.breaches)


def _row(name: str, group: Rates) -> str:
    rejected, partly = (f"{rate.rate:.1%}" if rate.n else "-" for rate in (group.rejected, group.partly))
    passed, refused = _shown(group.false_supported), _shown(group.false_not_supported)
    return f"{name:28} {group.claims:6}  {passed:32} {refused:32} {rejected:>8} {partly:>7}"


def _shown(rate: Rate) -> str:
    return f"{rate.rate:.2%} [{rate.low:.2%}, {rate.high:.2%}] {rate.count}/{rate.n}" if rate.n else "-"
