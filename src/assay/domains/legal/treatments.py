"""What an opinion says became of other authorities: overruled, reversed, superseded, questioned, followed.

Two forms are read. History: words behind a citation ("Doe v. Roe, 1 F.2d 2 (1st Cir. 1930), rev'd on other grounds, 3
U.S. 4"). Statement: a sentence that makes the authority the object or the subject ("Lee flatly overrules Poe"; "Poe has
been superseded by statute"). Reported are statements of fact alone: what is denied, hoped, argued, asked for or left to
a condition is no treatment, nor is an overruled objection or a superseding indictment.

It reports what the text says. Whether the saying is right, and what follows from it, is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assay.domains.legal.treatment_history import history_form
from assay.domains.legal.treatment_reading import Reading
from assay.domains.legal.treatment_statement import statement_form
from assay.domains.legal.treatment_words import Kind, severity_of, words
from assay.textual.sentences import sentences
from assay.types import Record

if TYPE_CHECKING:
    from assay.domains.legal.citations import LegalCitation

NEGATIVE = frozenset({"stop", "warning", "caution"})
_BEFORE, _AFTER = 700, 420
_OTHER_GROUNDS = re.compile(
    r"\b(?:on|upon|in) (?:\w+ )?(?:other|another|different|unrelated|separate) (?:\w+ )?(?:grounds?|reasons?|points?"
    r"|respects?)",
    re.I,
)
_IN_PART = re.compile(r"\bin (?:\w+ )?part\b|\bpartial(?:ly)?\b|\bto the extent\b|\binsofar\b|\bas to\b", re.I)


@dataclass(frozen=True, slots=True)
class Treatment(Record):
    """One reported treatment. `targets`: keys of the authority treated ("347 U.S. 483", with its parallel citations);
    `name`: its name as far as known. `by`, `by_key`: what treated it, where the text says so. Spans count in the text:
    the trigger's, and that of the evidence."""

    kind: str
    severity: str
    form: str
    targets: tuple[str, ...]
    name: str
    by: str
    by_key: str
    on_other_grounds: bool
    in_part: bool
    trigger_start: int
    trigger_end: int
    start: int
    end: int

    @property
    def negative(self) -> bool:
        """True where the treatment tells against the authority."""
        return self.severity in NEGATIVE


def treatments(text: str, citations: Sequence[LegalCitation] | None = None) -> tuple[Treatment, ...]:
    """The treatments that `text` reports, in order. `citations`: those of the text, if they are extracted already."""
    if words().trigger.search(text) is None:
        return ()
    if citations is None:
        from assay.domains.legal.citations import extract

        citations = extract(text)
    known = known_names(citations)
    found: list[Treatment] = []
    for match in words().trigger.finditer(text):
        kind = words().kind_of(match)
        made = _treatment(text, match, kind, citations, known)
        if made is not None:
            found.append(made)
    return tuple(found)


def known_names(citations: Sequence[LegalCitation]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Short names of the cases cited in full: name -> (full name, keys). An ambiguous short name is left out."""
    names: dict[str, tuple[str, tuple[str, ...]]] = {}
    doubtful: set[str] = set()
    for citation in citations:
        if citation.kind != "case" or citation.form != "full" or not citation.key:
            continue
        keys = (citation.key, *citation.parallel)
        for name in _short_names(citation):
            if name in names and not set(names[name][1]) & set(keys):
                doubtful.add(name)
            names.setdefault(name, (citation.name, keys))
    return {name: value for name, value in names.items() if name not in doubtful}


def _short_names(citation: LegalCitation) -> set[str]:
    found = {citation.name}
    for party in (citation.plaintiff, citation.defendant):
        plain = party.strip(" ,.")
        first = plain.split(",")[0].split(" ")[0] if plain else ""
        for name in (plain, first):
            if len(name) > 2 and name[0].isupper() and name not in words().not_names:
                found.add(name)
    if citation.name.startswith(("In re ", "Ex parte ")):
        found.add(citation.name.split(" ", 2)[2])
    return {name for name in found if name}


def _treatment(
    text: str,
    match: re.Match[str],
    kind: Kind,
    citations: Sequence[LegalCitation],
    known: dict[str, tuple[str, tuple[str, ...]]],
) -> Treatment | None:
    start, end = _sentence(text, match.start(), match.end())
    reading = Reading(text, start, end, match.start(), match.end(), kind, citations, known)
    made = history_form(reading) or statement_form(reading)
    if made is None:
        return None
    tail = " ".join(text[match.end() : min(end, match.end() + 90)].split())
    head = " ".join(text[max(start, match.start() - 60) : match.start()].split())
    name = _statutory(kind.name, tail, head)
    return Treatment(
        kind=name,
        severity=severity_of(name),
        form=made.form,
        targets=made.targets,
        name=made.name,
        by=made.by,
        by_key=made.by_key,
        on_other_grounds=_OTHER_GROUNDS.search(tail) is not None,
        in_part=_IN_PART.search(_clause(tail)) is not None or _IN_PART.search(head[-25:]) is not None,
        trigger_start=match.start(),
        trigger_end=match.end(),
        start=start,
        end=end,
    )


def _statutory(kind: str, tail: str, head: str) -> str:
    """An authority that a legislature set aside is superseded, whatever verb was used."""
    by_statute = re.match(
        r"(?:in part )?by (?:statute|(?:the )?(?:\w+ )?(?:Act|amendment|legislation|Congress))\b", tail
    )
    if kind == "overruled" and (by_statute or re.search(r"\b(?:statutorily|legislatively)\s*$", head)):
        return "superseded"
    return kind


def _clause(tail: str) -> str:
    return re.split(r"[;.]\s|,\s(?:\d|_|-{2})", tail, maxsplit=1)[0]


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds the trigger, as offsets in the text."""
    low, high = max(0, start - _BEFORE), min(len(text), end + _AFTER)
    first, last = low, high
    for span in sentences(text[low:high]):
        begins, ends = low + span.start, low + span.end
        if begins > start:
            break
        # A page break or a footnote mark may cut a sentence: one that goes on in lower case joins what was before.
        first = first if begins > low and text[begins].islower() else begins
        last = ends
    return first, max(last, end)


def in_dissent(treatment: Treatment) -> Treatment:
    """The treatment as a dissent reports it: it counts as criticism at most."""
    return replace(treatment, severity="caution") if treatment.severity in ("stop", "warning") else treatment
