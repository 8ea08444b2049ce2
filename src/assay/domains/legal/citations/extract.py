"""From a text to its citations: the grammars together, overlaps settled, id., supra and short forms resolved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from assay.domains.legal.citations import cases, codes, federal, others, shorts, uniform
from assay.domains.legal.citations.model import LegalCitation

_TRAILING = re.compile(r"[\s.;,]+$")
_LEADING = re.compile(r"^[\s(\[“\"]*")
_WORDS = re.compile(r"\w")
_NAME_LEFT = re.compile(
    r"^(?:(?:[Ss]ee|[Cc]f\.|[Aa]ccord|[Bb]ut|also|e\.g\.|generally|citing|quoting|[A-Z\d][\w.'’&-]*|&|of|the|and|v\.|in|for)[,:]?\s*)*$"
)
_PLACES = frozenset(("text", "start", "end", "core_start", "core_end", "signal", "reason"))


def extract(text: str) -> tuple[LegalCitation, ...]:
    """Every citation of a text in order of its start. Total: no text makes it raise, none found is an empty tuple.

    Parallel citations of one decision are one value each, tied by `parallel`; each section of a list ("§§ 1981, 1983")
    is one value. A bare "§ 2-207" or "Rule 12" names no code and is left out.
    """
    found = [*_kept(sorted(_all(text), key=lambda c: (c.core_start, -c.core_end, _RANK.get(c.kind, 9))))]
    floors = sorted(c.core_end for c in found)
    extra = [
        c
        for c in shorts.find(text, floors)
        if not any(c.core_start < f.core_end and f.core_start < c.core_end for f in found)
    ]
    ordered = sorted([*found, *extra], key=lambda c: (c.core_start, c.core_end))
    return tuple(sorted(shorts.resolve(text, ordered), key=lambda c: (c.start, c.core_start)))


_RANK = {"uniform": 0, "statute": 1, "regulation": 2, "case": 3}


def parse(text: str) -> LegalCitation | None:
    """One citation string as a citation: the first decision or section in it, its parallels tied to it.

    None when the string is not a citation, or holds other words than one. Spans count in `text`.
    """
    bare = _TRAILING.sub("", text) if not text.rstrip().endswith((")", "Cir.")) else text.rstrip()
    found = extract(bare)
    if not found or not _covers(bare, found):
        from assay.domains.legal.citations.peer import read

        other = read(bare)
        found = (other,) if other is not None else ()
        if not found or not _covers(bare, found):
            return None
    return found[0]


def normalise(citation: LegalCitation | str) -> str:
    """The look-up key ("347 U.S. 483", "17 U.S.C. § 107"); "" where there is none."""
    if isinstance(citation, str):
        read = parse(citation)
        return read.key if read is not None else ""
    return citation.key


def same_citation(one: LegalCitation, other: LegalCitation) -> bool:
    """Whether two citations say the same, wherever they stand: every field but text, spans, signal and reason."""
    return all(one[name] == other[name] for name in one if name not in _PLACES)


def _all(text: str) -> Iterator[LegalCitation]:
    yield from federal.find(text)
    yield from uniform.find(text)
    yield from codes.find(text)
    yield from others.find(text)
    yield from cases.find(text)


def _kept(ordered: list[LegalCitation]) -> Iterator[LegalCitation]:
    """Of citations whose cores overlap, the first and longest."""
    end = -1
    for citation in ordered:
        if citation.core_start >= end:
            end = citation.core_end
            yield citation


def _covers(text: str, found: tuple[LegalCitation, ...]) -> bool:
    begin, end = min(c.start for c in found), max(c.end for c in found)
    left = _LEADING.sub("", text[:begin])
    titled = found[0].kind in ("journal", "session_law", "legislative") and left.rstrip().endswith(",")
    if not (titled or _NAME_LEFT.match(left)) or _WORDS.search(text[end:]):
        return False
    return not any(_WORDS.search(gap.replace("and", "").replace("or", "")) for gap in _gaps(text, found))


def _gaps(text: str, found: tuple[LegalCitation, ...]) -> Iterator[str]:
    place = min(c.start for c in found)
    for citation in sorted(found, key=lambda c: c.start):
        if citation.start > place:
            yield text[place : citation.start]
        place = max(place, citation.end)


citation_patterns: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "case": cases.CORE,
        "neutral": cases.NEUTRAL,
        "id": shorts.ID,
        "supra": shorts.SUPRA,
        "usc": federal.USC,
        "cfr": federal.CFR,
        "fed_reg": federal.REGISTER,
        "public_law": federal.PUBLIC_LAW,
        "statutes_at_large": federal.STATUTES,
        "irc": federal.IRC,
        "guidelines": federal.GUIDELINES,
        "ucc": uniform.SECTION,
        "state_code": codes.TRIGGER,
        "rule": others.RULE,
        "court_rule": others.COURT_RULE,
        "constitution": others.CONSTITUTION,
        "restatement": others.RESTATEMENT,
        "journal": others.JOURNAL,
    }
)
"""Name -> compiled pattern of the grammar, for reading and for a user's own tools. A match is a candidate: the grammar
then looks the reporter or code up, so that `extract` says less than the patterns match."""
