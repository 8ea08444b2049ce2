"""A trigger word in its sentence, and the names and citations around it: what both forms of treatment look at."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.domains.legal.treatment_words import Kind

if TYPE_CHECKING:
    from assay.domains.legal.citations import LegalCitation

NAME = r"[A-Z][\w'’&.-]*[\w.]"
_JOIN = r"(?:of|the|and|&|for|de|del|la|et|al\.?|ex|rel\.?)"
CASE = rf"(?:(?:In re|Ex parte|Matter of|Estate of) {NAME}|{NAME}(?:,? (?:{NAME}|{_JOIN}))*,? vs?\.? {NAME})"
CITE = r"(?:\d{1,4}|_{2,}|-{2,}) ?[A-Z][A-Za-z.' ]{0,18}(?:2d|3d|4th|5th)? ?(?:\d{1,5}|_{2,}|-{2,})"
ADVERBS = (
    r"(?:(?:\w+ly|sub silentio|long since|since|later|then|now|also|therefore|thus|in effect|in part|in whole|both|been"
    r"|rather than \w+ly) )*"
)
FULL_CASE = re.compile(CASE)
CITED = re.compile(CITE)


@dataclass(frozen=True, slots=True)
class Reading:
    """A trigger in its sentence: text[start:end] is the sentence, text[at:after] the trigger."""

    text: str
    start: int
    end: int
    at: int
    after: int
    kind: Kind
    citations: Sequence[LegalCitation]
    known: Mapping[str, tuple[str, tuple[str, ...]]]

    @property
    def left(self) -> str:
        """The sentence up to the trigger, white space squeezed, one blank at the end."""
        return " ".join(self.text[self.start : self.at].split()) + " "

    @property
    def right(self) -> str:
        """The sentence behind the trigger, white space squeezed."""
        return " ".join(self.text[self.after : self.end].split())

    @property
    def trigger(self) -> str:
        """The trigger as written, white space squeezed."""
        return " ".join(self.text[self.at : self.after].split())


@dataclass(frozen=True, slots=True)
class Made:
    """What a form found: the keys and name of what is treated, and what treats it."""

    form: str
    targets: tuple[str, ...]
    name: str
    by: str = ""
    by_key: str = ""


def agent_of(reading: Reading) -> tuple[str, str]:
    """What treated the authority: the first case cited behind the trigger, within the same sentence."""
    limit = min(reading.end, reading.after + 220)
    for citation in reading.citations:
        if citation.start >= reading.after and citation.core_end <= limit:
            return citation.name or citation.text, citation.key
    by = re.match(r"^(?:in part )?(?:on other grounds )?,?\s?by ([^,;.()]{3,80})", reading.right)
    return (by.group(1).strip(), "") if by else ("", "")


def doer_of(reading: Reading, left: str) -> tuple[str, str]:
    """Who treats: the last case named before the verb."""
    for match in reversed(list(FULL_CASE.finditer(left[-200:]))):
        name, keys = resolved(match.group(), reading)
        return name, keys[0] if keys else ""
    near = [(at, name) for name in reading.known for at in ends_of(name, left[-80:])]
    if near:
        name, keys = reading.known[max(near)[1]]
        return name, keys[0]
    return "", ""


def resolved(name: str, reading: Reading) -> tuple[str, tuple[str, ...]]:
    """A case's name as written, with the keys of the citation that bears it in this text, if any."""
    plain = name.strip(" ,.\"“”'‘’")
    for form in (plain, plain.split(" v. ")[0], plain.split(" ")[0]):
        if form in reading.known and (form == plain or " v. " in plain):
            return reading.known[form]
    return plain, ()


def cited_in(written: str, reading: Reading) -> tuple[str, tuple[str, ...]]:
    plain = " ".join(written.split())
    for citation in reading.citations:
        if (
            citation.key
            and citation.kind == "case"
            and " ".join(reading.text[citation.core_start : citation.core_end].split()) == plain
        ):
            return citation.name, (citation.key, *citation.parallel)
    return "", ()


def ends_of(name: str, text: str) -> list[int]:
    return [m.end() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?:[’']s?)?(?!\w)", text)]
