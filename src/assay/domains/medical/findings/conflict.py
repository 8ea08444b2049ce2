"""Where findings of different documents disagree, and what is recorded that may explain it. Nothing is vote-counted.

Findings are put together by normalised intervention and outcome. Opposite significant effects are a conflict; an effect
beside a finding of no difference is imprecision, not a conflict; findings that all show no difference show no more than
that. How many stand on a side is never given as a reason for either.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assay.domains.medical.findings.direction import Direction
from assay.domains.medical.findings.reading import content_words
from assay.domains.medical.findings.study import StudyFinding
from assay.types import Record

Kind = Literal["opposite", "imprecise", "no_difference_shown"]
_ALIKE = 0.5
_OPPOSITE: dict[Direction, Direction] = {"increased": "decreased", "decreased": "increased"}


@dataclass(frozen=True, slots=True)
class Conflict(Record):
    """What several documents say of one outcome. `sides`: the findings of each side; `explanation`: in words."""

    kind: Kind
    intervention: str
    outcome: str
    sides: tuple[tuple[StudyFinding, ...], ...]
    explanation: str
    documents: tuple[str, ...]


def conflicts(findings: Sequence[StudyFinding]) -> tuple[Conflict, ...]:
    """The disagreements among findings of at least two documents, opposite ones first."""
    found = [conflict for group in _groups(findings) if (conflict := _judged(group)) is not None]
    order = ("opposite", "imprecise", "no_difference_shown")
    return tuple(sorted(found, key=lambda conflict: order.index(conflict.kind)))


def _groups(findings: Sequence[StudyFinding]) -> Iterator[list[StudyFinding]]:
    """Findings about the same outcome of the same intervention; where the arms are swapped, turned round."""
    groups: list[list[StudyFinding]] = []
    for finding in findings:
        if finding.direction == "unclear" or not finding.outcome:
            continue
        for group in groups:
            turned = _fitting(group[0], finding)
            if turned is not None:
                group.append(turned)
                break
        else:
            groups.append([finding])
    yield from groups


def _fitting(first: StudyFinding, other: StudyFinding) -> StudyFinding | None:
    if not alike(first.outcome, other.outcome):
        return None
    if alike(first.intervention, other.intervention):
        return other
    if (
        other.comparator
        and alike(first.intervention, other.comparator)
        and (not first.comparator or alike(first.comparator, other.intervention))
    ):
        direction = _OPPOSITE.get(other.direction, other.direction)
        return replace(other, direction=direction, intervention=other.comparator, comparator=other.intervention)
    return None


def alike(first: str, second: str) -> bool:
    """Whether two phrases share at least half of the words of the longer one, or all of the shorter one's."""
    a, b = _words(first), _words(second)
    if not a or not b:
        return False
    shared = len(a & b)
    return shared / max(len(a), len(b)) >= _ALIKE or (
        shared == min(len(a), len(b)) and shared >= 1 and max(len(a), len(b)) <= 3 * shared
    )


@functools.lru_cache(maxsize=4096)
def _words(phrase: str) -> frozenset[str]:
    return frozenset(content_words(phrase))


def _judged(group: list[StudyFinding]) -> Conflict | None:
    if len({finding.document_id for finding in group}) < 2:
        return None
    up, down, none = ([f for f in group if f.direction == name] for name in ("increased", "decreased", "no_difference"))
    effects = [f for f in (*up, *down) if f.significant is not False]
    if up and down and _documents(up) != _documents(down):
        return _conflict("opposite", (up, down, none), "the documents report effects in opposite directions")
    if effects and none and _documents(effects) != _documents(none):
        return _conflict(
            "imprecise",
            (effects, none),
            (
                "one side reports a difference, the other shows none; a difference that was not shown is not evid"
                "ence of equal effects, so this may be imprecision"
            ),
        )
    if none and not effects and len(_documents(none)) > 1:
        return _conflict(
            "no_difference_shown", (none,), "all of them show no difference; that is not evidence of equivalence"
        )
    return None


def _conflict(kind: Kind, sides: Iterable[list[StudyFinding]], said: str) -> Conflict:
    kept = tuple(tuple(side) for side in sides if side)
    every = [finding for side in kept for finding in side]
    differing = "; ".join(_differences(kept)) if len(kept) > 1 else ""
    recorded = (
        f". Recorded differences: {differing}"
        if differing
        else ". No difference between the studies is recorded"
        if len(kept) > 1
        else ""
    )
    return Conflict(
        kind, every[0].intervention, every[0].outcome, kept, f"{said}{recorded}.", tuple(sorted(_documents(every)))
    )


def _documents(findings: Iterable[StudyFinding]) -> set[str]:
    return {finding.document_id for finding in findings}


def _differences(sides: Sequence[Sequence[StudyFinding]]) -> Iterator[str]:
    """What is recorded differently on the sides: population, comparator, design, size, year."""
    for name, values in (
        ("population", [{f.population for f in side if f.population} for side in sides]),
        ("comparator", [{f.comparator for f in side if f.comparator} for side in sides]),
        ("design", [{f.design for f in side if f.design} for side in sides]),
        ("participants", [{str(f.n) for f in side if f.n is not None} for side in sides]),
        ("year", [{str(f.year) for f in side if f.year is not None} for side in sides]),
    ):
        if sum(bool(value) for value in values) > 1 and len({frozenset(value) for value in values}) > 1:
            yield f"{name} {' against '.join(', '.join(sorted(value)) or 'not recorded' for value in values)}"
