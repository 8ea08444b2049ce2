"""`assay eval acceptance`: whole answers against what a person wrote down before seeing them.

A set holds one JSON object a line: `id`, `text`, and what a right answer is. `status`: one or a list of those that are
right (default `success`). `all`: phrases the answer holds; `any`: one of them is enough; `none`: it must not hold.
`cites`: documents, by id, title or a part of it, of which one must be
cited. `warns`: phrases that a warning, the disclaimer or the
metadata of the field must hold. `stopped`: why the field must stop the question. Optional `jurisdiction`, `version`,
`filters`, as the domain's own entry point takes them. Phrases are compared without regard to case, spacing and
typographic quotes.

Whatever the set says, an answer is wrong where a claim is not supported, or a citation's quotation does not stand at
its place in the stored text.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.verification import Rate, wilson
from assay.specialists import LegalDocumentRAG, TechnicalDocumentationRAG
from assay.system import ProductionRAGSystem
from assay.textual.normalise import plain as plain_text
from assay.types import Citation, QueryResult, Record, plain

_KNOWN = frozenset(
    {"id", "text", "status", "all", "any", "none", "cites", "warns", "stopped", "jurisdiction", "version", "filters"}
    | {"note", "kind"}
)


@dataclass(frozen=True, slots=True)
class Case(Record):
    """One question of a set and what a right answer to it is."""

    id: str
    text: str
    status: tuple[str, ...] = ("success",)
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    warns: tuple[str, ...] = ()
    stopped: str = ""
    kind: str = ""
    scope: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """What came of one question: `wrong` lists each way in which the answer is not right."""

    id: str
    text: str
    kind: str
    status: str
    answer: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AcceptanceReport(Record):
    """The share of right answers with its Wilson interval, by kind of question, and every miss."""

    right: Rate
    kinds: Mapping[str, Rate]
    causes: Mapping[str, int]
    outcomes: tuple[Outcome, ...]

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        return {
            "right": plain(self.right),
            "kinds": {name: plain(rate) for name, rate in self.kinds.items()},
            "causes": dict(self.causes),
            "misses": [plain(outcome) for outcome in self.outcomes if outcome.wrong],
        }

    def text(self) -> str:
        """The figures, then each miss with its causes."""
        lines = [f"right {_share(self.right)}"]
        lines += [f"  {name}: {_share(rate)}" for name, rate in self.kinds.items() if name]
        for outcome in self.outcomes:
            if outcome.wrong:
                lines.append(f"\n{outcome.id}: {outcome.text}\n  {outcome.status}: {outcome.answer[:300]}")
                lines += [f"  - {cause}" for cause in outcome.wrong]
        return "\n".join(lines)


def read_cases(path: Path) -> list[Case]:
    """The questions of a set; InputError names what is missing or unknown."""
    cases = [_case(record, f"{path}, record {number}") for number, record in enumerate(json_lines(path), 1)]
    twice = [name for name, count in Counter(case.id for case in cases).items() if count > 1]
    if twice:
        raise InputError(f"{path} has the id {twice[0]!r} twice", next="give every question an id of its own")
    if not cases:
        raise InputError(f"{path} holds no question")
    return cases


def accept(system: ProductionRAGSystem, cases: Iterable[Case]) -> AcceptanceReport:
    """Ask every question through the domain's own entry point and judge the answers."""
    outcomes = tuple(_judged(system, case) for case in cases)
    kinds = dict.fromkeys(outcome.kind for outcome in outcomes)
    return AcceptanceReport(
        right=_rate(outcomes),
        kinds={kind: _rate([o for o in outcomes if o.kind == kind]) for kind in kinds},
        causes=Counter(cause.partition(":")[0] for outcome in outcomes for cause in outcome.wrong),
        outcomes=outcomes,
    )


def _judged(system: ProductionRAGSystem, case: Case) -> Outcome:
    result = _ask(system, case)
    return Outcome(
        case.id,
        case.text,
        case.kind,
        result.status,
        result.answer,
        tuple([*_faults(case, result), *_unsound(system, result)]),
    )


def _ask(system: ProductionRAGSystem, case: Case) -> QueryResult:
    if isinstance(system, LegalDocumentRAG) and "jurisdiction" in case.scope:
        return system.process_legal_query(case.text, case.scope["jurisdiction"])
    if isinstance(system, TechnicalDocumentationRAG) and "version" in case.scope:
        return system.process_technical_query(case.text, case.scope["version"])
    return system.process_query(case.text, case.scope.get("filters"))


def _faults(case: Case, result: QueryResult) -> list[str]:
    """Each way in which the result is not what the case says."""
    found: list[str] = []
    answer = _folded(result.answer)
    if result.status not in case.status:
        found.append(f"status: {result.status}, right is {' or '.join(case.status)}")
    found += [f"not said: {phrase}" for phrase in case.all if _folded(phrase) not in answer]
    if case.any and not any(_folded(phrase) in answer for phrase in case.any):
        found.append(f"not said: one of {', '.join(case.any)}")
    found += [f"wrongly said: {phrase}" for phrase in case.none if _folded(phrase) in answer]
    cited = {name for claim in result.claims for citation in claim.citations for name in _names(citation)}
    if case.cites and not any(_folded(name) in held for name in case.cites for held in cited):
        found.append(f"not cited: one of {', '.join(case.cites)}")
    told = _folded(
        json.dumps(
            [result.warnings, result.disclaimer, result.message, plain(result.extra)], default=str, ensure_ascii=False
        )
    )
    found += [f"not warned: {phrase}" for phrase in case.warns if _folded(phrase) not in told]
    stop = result.get("stopped") or {}
    if case.stopped and stop.get("kind") != case.stopped:
        found.append(f"not stopped: {stop.get('kind') or 'went through'}, right is {case.stopped}")
    return found


def _unsound(system: ProductionRAGSystem, result: QueryResult) -> list[str]:
    """Claims without support, and citations that do not stand where they say."""
    found = [f"unsupported claim: {claim.text}" for claim in result.claims if claim.verdict != "supported"]
    found += [f"claim without citation: {claim.text}" for claim in result.claims if not claim.citations]
    for claim in result.claims:
        for citation in claim.citations:
            _, text = system.document(citation.document_id)
            if text[citation.start : citation.end] != citation.quote:
                found.append(f"misplaced citation: {citation.quote[:80]}")
            if not citation.reference:
                found.append(f"citation without reference: {citation.document_id}")
    return found


def _names(citation: Citation) -> set[str]:
    return {
        _folded(name) for name in (citation.document_id, citation.title, citation.source, citation.reference) if name
    }


def _case(record: Mapping[str, Any], where: str) -> Case:
    missing = [name for name in ("id", "text") if not isinstance(record.get(name), str)]
    unknown = sorted(set(record) - _KNOWN)
    if missing or unknown:
        what = f"lacks {', '.join(missing)}" if missing else f"has the unknown field {unknown[0]!r}"
        raise InputError(f"{where} {what}", next="see docs/evaluation.md for what a question of a set may hold")
    return Case(
        id=record["id"],
        text=record["text"],
        status=_several(record, "status") or ("success",),
        all=_several(record, "all"),
        any=_several(record, "any"),
        none=_several(record, "none"),
        cites=_several(record, "cites"),
        warns=_several(record, "warns"),
        stopped=str(record.get("stopped", "")),
        kind=str(record.get("kind", "")),
        scope={name: record[name] for name in ("jurisdiction", "version", "filters") if name in record},
    )


def _several(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = record.get(name, ())
    return (value,) if isinstance(value, str) else tuple(str(item) for item in value)


def _folded(text: str) -> str:
    return " ".join(plain_text(text).casefold().split())


def _rate(outcomes: Sequence[Outcome]) -> Rate:
    return wilson(sum(not outcome.wrong for outcome in outcomes), len(outcomes))


def _share(rate: Rate) -> str:
    return f"{rate.count} of {rate.n}, {rate.rate:.1%} ({rate.low:.1%} to {rate.high:.1%})"
