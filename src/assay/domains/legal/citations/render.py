"""Writes a citation in the usual form from its parts. What is not known is left out; nothing is ever invented."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assay.domains.legal.citations.model import LegalCitation

_YEAR = re.compile(r"(1[6-9]\d\d|20\d\d)")


def cite(source: LegalCitation | Mapping[str, Any]) -> str:
    """A citation, or a document's metadata, as one line.

    Case: Name, Vol. Reporter Page, Pin (Court Year). Statute: Code § Section (Year). Regulation: Title C.F.R. § Section
    (Year). `parse(cite(x))` says the same as x.
    """
    if isinstance(source, LegalCitation):
        return _WRITERS.get(source.kind, _enacted)(source) if source.form == "full" else _short(source)
    return _document(source)


def _case(x: LegalCitation) -> str:
    page = f"({x.nominative}) {x.page}" if x.nominative else x.page
    core = _joined(x.volume, x.reporter, page)
    first = [core, *([x.pin] if x.pin else []), *x.parallel]
    lead = [part for part in (x.name, x.docket) if part]
    return ", ".join([*lead, *first]) + _court_year(x) + "".join(f" ({more})" for more in x.parentheticals)


def _joined(volume: str, reporter: str, page: str) -> str:
    from assay.domains.legal.citations.neutral import DASHED

    return f"{volume}-{reporter}-{page}" if reporter in DASHED else f"{volume} {reporter} {page}"


def _court_year(x: LegalCitation) -> str:
    inner = " ".join(str(part) for part in (x.court_text, _year_of(x)) if part)
    return f" ({inner})" if inner else ""


def _year_of(x: LegalCitation) -> int | None:
    """The year, unless the number itself says it and no court stands beside it."""
    from assay.domains.legal.citations.neutral import is_neutral, split_key

    parts = (split_key(key) for key in (x.key, *x.parallel))
    numbered = any(part is not None and is_neutral(part[1]) for part in parts)
    return None if numbered and not x.court_text else x.year


def _enacted(x: LegalCitation) -> str:
    if x.code in ("Fed. Reg.", "Stat."):
        text = f"{x.volume} {x.code} {_grouped(x)}{f', {x.pin}' if x.pin else ''}"
    elif x.code == "Pub. L. No.":
        text = f"{x.code} {x.section}{f', {x.subsection}' if x.subsection else ''}"
    elif x.kind == "legislative":
        pin = f", {x.pin}" if x.pin.startswith("pt.") else f", at {x.pin}" if x.pin else ""
        text = f"{x.code} {x.section}{pin}"
    elif x.kind == "constitution":
        text = f"{x.code} {x.title}{f', § {x.section}' if x.section else ''}{x.subsection}"
    elif x.kind == "rule" and x.code != "U.S.S.G.":
        text = f"{x.code} {x.section}{x.subsection}"
    elif x.code == "UCC" and not x.section:
        text = f"UCC art. {x.title}"
    else:
        text = f"{_head(x)}{_sections(x)}"
    return f"{text} ({x.year})" if x.year else text


def _grouped(x: LegalCitation) -> str:
    return f"{int(x.page):,}" if x.code == "Fed. Reg." and len(x.page) > 4 and x.page.isdigit() else x.page


def _head(x: LegalCitation) -> str:
    from assay.domains.legal.citations.codes import forms

    if x.code in ("U.S.C.", "U.S.C. app.", "C.F.R."):
        return f"{x.title} {x.code} {'pt. ' if x.code == 'C.F.R.' and '.' not in x.section else '§ '}"
    form = forms().get(x.code, "") if x.kind in ("statute", "regulation") else ""
    if x.code == "ILCS":
        return f"{x.title} ILCS "
    if x.code in ("Del. C.",) or (form == "lead" and x.title):
        return f"{x.title} {x.code} § "
    if form in ("chapter", "title") or (form == "section" and x.title):
        return f"{x.code} {'tit' if form == 'title' else 'ch'}. {x.title}, § "
    if form == "article":
        return f"{x.code} art. "
    return f"{x.code} " if x.code == "N.Y. C.P.L.R." else f"{x.code} § "


def _sections(x: LegalCitation) -> str:
    if x.pin.startswith(f"{x.section}-"):
        return x.pin
    tail = f", {x.pin}" if x.pin and x.pin != "et seq." else f" {x.pin}" if x.pin else ""
    return f"{x.section}{x.subsection}{tail}"


def _restatement(x: LegalCitation) -> str:
    year = f" ({x.year})" if x.year else ""
    return f"{x.code} § {_sections(x)}{year}"


def _journal(x: LegalCitation) -> str:
    pin = f", {x.pin}" if x.pin else ""
    return f"{x.volume} {x.reporter} {x.page}{pin}{f' ({x.year})' if x.year else ''}"


def _short(x: LegalCitation) -> str:
    if x.form == "id":
        return "Id." if not x.pin else f"Id. {x.pin}" if x.pin[:1] in "§¶" else f"Id. at {x.pin}"
    at = f" at {x.pin}" if x.pin else ""
    if x.form == "supra":
        return f"{x.name}, supra,{at}" if at else f"{x.name}, supra"
    return f"{f'{x.name}, ' if x.name else ''}{x.volume} {x.reporter}{at}"


_WRITERS = {"case": _case, "restatement": _restatement, "journal": _journal}


# --- a document, from its metadata ----------------------------------------------------------------------------------


def _document(metadata: Mapping[str, Any]) -> str:
    """Name, citation (court year); for enacted law the citation as it stands. Without a citation: docket and date."""
    from assay.domains.legal.citations.extract import parse

    name = _text(metadata, "case_name", "name", "title")
    written = _text(metadata, "citation", "table_citation", "neutral_citation", "parallel")
    read = parse(written) if written else None
    if read is not None and read.kind != "case":
        return written
    if read is not None and read.name:
        name = ""
    if name and written and written in name:
        return name
    lead = [part for part in (name, written) if part]
    if not written:
        docket = _text(metadata, "docket", "docket_number")
        lead = [*lead, *([docket if docket.lower().startswith("no") else f"No. {docket}"] if docket else [])]
    return ", ".join(lead) + ("" if read is not None and read.year else _when(metadata, read, bool(written)))


def _when(metadata: Mapping[str, Any], read: LegalCitation | None, cited: bool) -> str:
    from assay.domains.legal.courts.names import identify

    court = identify(_text(metadata, "court"))
    told = read is not None and bool(read.court) and court is not None and read.court == court.id
    short = "" if court is None or told else court.abbreviation
    date = _text(metadata, "date_filed", "date", "decided", "year")
    year = _YEAR.search(date)
    inner = " ".join(part for part in (short, year[1] if year else "") if part)
    return f" ({inner})" if inner and (cited or read is None) else ""


def _text(metadata: Mapping[str, Any], *keys: str) -> str:
    for key in keys:
        value = metadata.get(key)
        if isinstance(value, (list, tuple)):
            value = value[0] if value else ""
        if value not in (None, "") and str(value).strip():
            return str(value).strip()
    return ""
