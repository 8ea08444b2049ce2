"""The values that binding is asked with and answered in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.types import Record

Status = Literal["published", "unpublished", "depublished", "table", "unknown"]
Part = Literal["majority", "plurality", "concurrence", "dissent", "syllabus", "unknown"]


@dataclass(frozen=True, slots=True)
class Authority(Record):
    """What is asked about. `kind` as in a citation; `court` and `jurisdiction` are paths; `date` ISO or a year.

    `part`: which part of a decision is relied on. `law`: the law that the holding is on, where known. `until`: the day
    from which enacted law is no longer in force.
    """

    kind: str
    court: str = ""
    jurisdiction: str = ""
    date: str = ""
    status: Status = "unknown"
    part: Part = "majority"
    en_banc: bool | None = None
    law: str = ""
    key: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Binding(Record):
    """The answer, why, and the short name of the rule that gave it."""

    value: Literal["yes", "persuasive", "no", "unknown"]
    reason: str
    rule: str


def yes(reason: str, rule: str) -> Binding:
    """It binds."""
    return Binding("yes", reason, rule)


def persuasive(reason: str, rule: str) -> Binding:
    """It may be followed, and need not be."""
    return Binding("persuasive", reason, rule)


def unknown(reason: str, rule: str) -> Binding:
    """What is known does not decide it."""
    return Binding("unknown", reason, rule)
