"""What a legal citation is, and what was found out about it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.types import Record

Kind = Literal[
    "case",
    "statute",
    "regulation",
    "uniform",
    "rule",
    "constitution",
    "restatement",
    "session_law",
    "journal",
    "legislative",
]
Form = Literal["full", "short", "id", "supra"]
FLAGS = (
    "well_formed",
    "in_range",
    "consistent",
    "resolved",
    "in_library",
    "name_matches",
    "pin_found",
    "quotation_found",
    "supports_sentence",
)


@dataclass(frozen=True, slots=True)
class LegalCitation(Record):
    """One citation as it stands in a text.

    `start`, `end` span the whole of it with name, pin and parentheses; `core_start`, `core_end` the part that a look-up
    needs ("556 U.S. 662", "17 U.S.C. § 107(3)"). `key` is the normalised look-up key without pin, subsection and year;
    for id., supra and short forms the key of the citation they point to, "" where that is not certain. `reason` tells
    how they were resolved, or why not. Empty strings and None mean "not written there".
    """

    kind: Kind
    form: Form = "full"
    text: str = ""
    start: int = 0
    end: int = 0
    core_start: int = 0
    core_end: int = 0
    key: str = ""
    name: str = ""
    plaintiff: str = ""
    defendant: str = ""
    volume: str = ""
    reporter: str = ""
    page: str = ""
    title: str = ""
    code: str = ""
    section: str = ""
    subsection: str = ""
    pin: str = ""
    year: int | None = None
    court: str = ""
    court_text: str = ""
    jurisdiction: str = ""
    docket: str = ""
    nominative: str = ""
    parallel: tuple[str, ...] = ()
    parentheticals: tuple[str, ...] = ()
    signal: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Flag(Record):
    """One answer about a citation: True, False or None (unknown), and why."""

    value: bool | None
    reason: str = ""


UNCHECKED = Flag(None, "not looked into")


@dataclass(frozen=True, slots=True)
class Validation(Record):
    """The flags of a citation, each on its own: well formed is not in range, in range is not verified."""

    citation: LegalCitation | None
    well_formed: Flag = UNCHECKED
    in_range: Flag = UNCHECKED
    consistent: Flag = UNCHECKED
    resolved: Flag = UNCHECKED
    in_library: Flag = UNCHECKED
    name_matches: Flag = UNCHECKED
    pin_found: Flag = UNCHECKED
    quotation_found: Flag = UNCHECKED
    supports_sentence: Flag = UNCHECKED

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the flags that are False."""
        return tuple(name for name in FLAGS if self[name].value is False)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of the flags that are None."""
        return tuple(name for name in FLAGS if self[name].value is None)

    @property
    def valid(self) -> bool | None:
        """Whether the string can be a citation: False where its form, a range, its parts or its reference fail; True
        where form and ranges were checked and hold; else None. It does not say that the authority was found."""
        core = (self.well_formed.value, self.in_range.value, self.consistent.value, self.resolved.value)
        if False in core:
            return False
        return True if core[0] and core[1] else None
