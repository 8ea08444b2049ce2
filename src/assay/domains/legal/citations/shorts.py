"""Id. and supra, and what they and the short forms point to: never guessed, and the reason is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assay.domains.legal.citations import names
from assay.domains.legal.citations.model import LegalCitation

_WHERE = (
    r"(?:,?\s*(?:at|p\.|pp\.)\s*(?P<pin>\*?\d{1,6}(?:[-–]\d{1,6})?(?:\s*(?:&\s*)?nn?\.\s?\d{1,3})?(?:,\s*\d{1,4}(?:[-–]\d{1,4})?(?![\w]|\s+[A-Z]))*)"
    r"|,?\s*(?P<mark>§§?|¶¶?)\s*(?P<section>\d[\w.-]*(?:\([0-9A-Za-z]{1,5}\))*))?"
)
ID = re.compile(r"(?<![\w.@])(?:Id|Ibid|id|ibid)\." + _WHERE + r"(?![\w@])")
SUPRA = re.compile(r"\bsupra\b(?:,?\s*(?:note|n\.)\s*\d{1,4})?" + _WHERE)
# "Part II, supra" points into the same text and cites nothing.
_OWN_PART = re.compile(
    r"(?:Parts?|Sections?|Notes?|Footnotes?|Chapters?|Points?|Tables?|Figures?|Pages?|Appendix)\b|.*\d$"
)
_RECORD = re.compile(
    r"\b(?:Tr\.|Trial\s+Tr|App(?:endix)?\.?\s+(?:at\s+)?\d|J\.A\.|R\.\s+(?:at\s+)?\d|Rec\.|ROA|Dkt\.|Doc(?:ket)?\.?\s+(?:No\.|Entry)|ECF|Compl\.|Br\.\s+at|"
    r"Brief\s+at|Aff\.|Decl\.|Dep\.|Ex\.\s*[A-Z\d]|PSR|A\.R\.)"
)
# Later history of the decision before it: "cert. denied, 522 U.S. 1000" is not what a following id. points to.
_HISTORY = re.compile(
    r"(?:cert\.?\s+(?:denied|granted|dismissed)|aff['’]?d|rev['’]?d|vacated|affirmed|reversed|reh['’]?g\s+(?:denied|granted)|"
    r"modified|overruled|abrogated|superseded|remanded|appeal\s+dismissed|review\s+denied)[^.;()]{0,60},?\s*$",
    re.I,
)
# As far back as a citation can stand in the same sentence.
_NEAR = 12
_FIRST_NUMBER = re.compile(r"\d+")


def find(text: str, floors: Sequence[int]) -> Iterator[LegalCitation]:
    """Every id. and every supra with a name, unresolved. `floors`: where other citations end, in order."""
    for found in ID.finditer(text):
        pin = found["pin"] or (f"{found['mark']} {found['section']}" if found["section"] else "")
        yield LegalCitation(
            kind="case", form="id", text=found[0], start=found.start(), end=found.end(), core_start=found.start(),
            core_end=found.end(), pin=pin.replace("–", "-"),
        )  # fmt: skip
    for found in SUPRA.finditer(text):
        floor = max((end for end in floors if end <= found.start()), default=0)
        name = names.before(text, found.start(), floor) or names.short_before(text, found.start(), floor)
        if name is None or _OWN_PART.match(name.text):
            continue
        pin = found["pin"] or (f"{found['mark']} {found['section']}" if found["section"] else "")
        yield LegalCitation(
            kind="case", form="supra", text=text[name.start : found.end()], start=name.start, end=found.end(),
            core_start=found.start(), core_end=found.end(), name=name.text, plaintiff=name.plaintiff,
            defendant=name.defendant, pin=pin.replace("–", "-"), signal=name.signal,
        )  # fmt: skip


def resolve(text: str, ordered: Sequence[LegalCitation]) -> list[LegalCitation]:
    """The citations with `key` filled in where an id., supra or short form certainly points to one authority."""
    done: list[LegalCitation] = []
    full: list[LegalCitation] = []
    for citation in ordered:
        if citation.form == "short":
            citation = _short(citation, full)
        elif citation.form == "supra":
            citation = _supra(citation, full)
        elif citation.form == "id":
            citation = _id(text, citation, done)
        else:
            full.append(citation)
        done.append(citation)
    return done


def _short(citation: LegalCitation, full: Sequence[LegalCitation]) -> LegalCitation:
    same = _distinct(c for c in full if c.volume == citation.volume and c.reporter == citation.reporter)
    if not same:
        return replace(citation, reason="the text holds no full citation of this volume before it")
    if citation.name:
        named = [c for c in same if mentions(c.name, citation.name)]
        if len(named) == 1:
            return _pointed(citation, named[0], "same volume and reporter, and the name")
    page = _number(citation.pin)
    before = [c for c in same if _number(c.page) <= page]
    if page and not before:
        return replace(citation, reason=f"page {page} stands before every decision cited from this volume")
    if len(same) == 1:
        return _pointed(citation, same[0], "same volume and reporter")
    best = max(before, key=lambda c: _number(c.page)) if before else None
    if best is None:
        return replace(citation, reason="several decisions of this volume are cited")
    return _pointed(citation, best, f"of the decisions cited from this volume only this one can hold page {page}")


def _supra(citation: LegalCitation, full: Sequence[LegalCitation]) -> LegalCitation:
    named = _distinct(c for c in full if mentions(c.name, citation.name))
    if len(named) == 1:
        return _pointed(citation, named[0], "the name of an earlier citation")
    why = "several earlier citations carry this name" if named else "no earlier citation carries this name"
    return replace(citation, reason=why)


def _id(text: str, citation: LegalCitation, done: Sequence[LegalCitation]) -> LegalCitation:
    last = next((c for c in reversed(done) if not _inside(c, done) and not _history(text, c)), None)
    if last is None:
        return replace(citation, reason="the text holds no citation before it")
    between = text[last.end : citation.start]
    if _RECORD.search(between):
        return replace(citation, reason="a citation of the record stands between it and the last authority")
    rivals = [c for c in done[-_NEAR:] if c.end <= last.start and not _inside(c, done) and c.form in ("full", "short")]
    if rivals and ";" in text[rivals[-1].end : last.start] and len(text[rivals[-1].end : last.start]) < 40:
        return replace(citation, reason="the citation before it names several authorities")
    if not last.key:
        return replace(citation, reason="the citation before it could not be resolved")
    paged = last.form == "full" and last.kind == "case" and citation.pin[:1].isdigit() and last.page.isdigit()
    if paged and _number(citation.pin) < _number(last.page):
        return replace(citation, reason=f"page {citation.pin} stands before the first page of the last decision")
    return replace(_pointed(citation, last, "the citation before it"), kind=last.kind)


def _inside(citation: LegalCitation, others: Sequence[LegalCitation]) -> bool:
    """Whether it stands in a parenthesis of another one ("quoting ...") or is a parallel of it."""
    return any(
        o is not citation and o.core_end <= citation.start and citation.end <= o.end and o.form != "id"
        for o in others[-_NEAR:]
    )


def _history(text: str, citation: LegalCitation) -> bool:
    return citation.form == "full" and bool(_HISTORY.search(text, max(0, citation.start - 80), citation.start))


def _pointed(citation: LegalCitation, to: LegalCitation, reason: str) -> LegalCitation:
    return replace(
        citation,
        key=to.key,
        reason=reason,
        year=citation.year or to.year,
        court=citation.court or to.court,
        jurisdiction=citation.jurisdiction or to.jurisdiction,
        parallel=citation.parallel or to.parallel,
    )


def _distinct(citations: Iterator[LegalCitation]) -> list[LegalCitation]:
    """One of each decision: a parallel citation of one already seen is the same decision."""
    kept: list[LegalCitation] = []
    for citation in citations:
        if not any(citation.key == c.key or citation.key in c.parallel for c in kept):
            kept.append(citation)
    return kept


def mentions(name: str, short: str) -> bool:
    """Whether a shortened name can mean this case: its words stand in the full name."""
    said = [word for word in re.findall(r"[\w'’]+", short.lower()) if word not in ("v", "vs", "the", "of", "in", "re")]
    whole = set(re.findall(r"[\w'’]+", name.lower()))
    return bool(said) and all(word in whole for word in said)


def _number(text: str) -> int:
    found = _FIRST_NUMBER.search(text)
    return int(found[0]) if found else 0
