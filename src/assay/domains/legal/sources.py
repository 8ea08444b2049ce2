"""What a legal source is by its own particulars: court, jurisdiction, date, precedential status, citation keys.

From metadata first, then from the caption (the head of the text), each with reason and place. Nothing is guessed: a
court is named only where the table of courts is certain of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assay.domains.legal.citations import authority_keys, cite, extract, normalise
from assay.domains.legal.courts import court, normalise_path
from assay.domains.legal.courts import identify as identify_court
from assay.domains.legal.kinds import HEAD, LAW, UNKNOWN
from assay.types import DocumentInfo, Finding

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary|\.)|Feb(?:ruary|\.)|Mar(?:ch|\.)|Apr(?:il|\.)|May|June?\.?|July?\.?|Aug(?:ust|\.)|Sept?(?:ember|\.)"
    r"|Oct(?:ober|\.)|Nov(?:ember|\.)|Dec(?:ember|\.))"
)
_DAY = rf"(?P<month>{_MONTH})\s+(?P<day>\d{{1,2}}),?\s+(?P<year>1[6-9]\d\d|20\d\d)"
_DECIDED = re.compile(
    rf"\b(?:Decided|DECIDED|Filed|FILED|Dated|Entered|decided\b[^.]{{0,140}}?\bon)[:,]?\s+(?:on\s+)?{_DAY}"
)
_DATE_LINE = re.compile(rf"^[ \t]*{_DAY}\.?[ \t]*$", re.MULTILINE)
_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_COURT_LINE = re.compile(
    r"(?:Supreme\s+Judicial\s+Court|United\s+States\s+(?:Court\s+of\s+Appeals|District\s+Court|Bankruptcy\s+Court"
    r"|Tax\s+Court)"
    r"|(?:Supreme|Superior|District|Circuit|Appellate|Chancery)\s+Court|Court\s+of\s+(?:Criminal\s+"
    r"|Civil\s+)?(?:Appeals?|Chancery|Claims))"
    r"(?:,?\s+(?:of|for|for\s+the|of\s+the|in|the|State|Commonwealth|United|States|District|Circuit|Eastern|Western"
    r"|Northern|Southern|Middle|Central"
    r"|First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Federal|[A-Z][a-z]+))*",
    re.IGNORECASE,
)
_BELOW = re.compile(r"\b(?:from|From|FROM|review\s+of|order\s+of|to)\s+(?:[Tt]he\s+|THE\s+|an?\s+)?(?:\w+\s+){0,4}$")
_GOVERNED = re.compile(
    r"\b(?:governed|construed|controlled|interpreted)\b[^.;]{0,140}?\blaws?\s+of\s+(?:the\s+)?"
    r"(?:State\s+of\s+|Commonwealth\s+of\s+)?(?P<place>[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?)|"
    r"\b[Ll]aws?\s+of\s+(?:the\s+)?(?:State\s+of\s+|Commonwealth\s+of\s+)"
    r"(?P<place2>[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?)\s+(?:govern|shall\s+govern|appl)"
)
_CIRCUIT = re.compile(r",\s+((?:[A-Z]\w+|District\s+of\s+Columbia)\s+Circuit)\b")
_UNPUBLISHED = re.compile(
    r"\b(?:NOT\s+FOR\s+(?:OFFICIAL\s+)?PUBLICATION|[Nn]ot\s+for\s+[Pp]ublication|UNPUBLISHED"
    r"|[Uu]npublished\s+(?:opinion|disposition|decision|memorandum)"
    r"|NON-?PRECEDENTIAL|not\s+(?:binding\s+)?precedent)\b"
)
_COURT_KEYS = ("court_id", "court", "court_path")
_DATE_KEYS = ("decided", "date_decided", "date_filed", "date", "effective_from", "year")


def jurisdiction_of(metadata: Mapping[str, Any], text: str, kind: str) -> Finding:
    """The path of the court or jurisdiction: for opinions the court, for law where it is enacted, for contracts the
    law that governs them; "unknown" where nothing certain is said."""
    told = _from_metadata(metadata, kind)
    if told is not None and (kind in LAW or kind == "contract" or court(told.value) is not None):
        return told
    cited = _from_citation(metadata)
    if cited is not None and (told is None or court(cited.value) is not None):
        return cited
    if told is not None:
        return told
    if kind == "contract":
        return _governing_law(text)
    return _from_caption(text) if kind in ("opinion", "order", "brief", "complaint") else _unknown()


def _from_metadata(metadata: Mapping[str, Any], kind: str) -> Finding | None:
    """The first key that names a court; without one, the first that names a jurisdiction."""
    keys = (*_COURT_KEYS, "jurisdiction") if kind not in LAW else ("jurisdiction", *_COURT_KEYS)
    found = [(key, path) for key in keys if (path := path_of(metadata.get(key)))]
    if not found:
        return None
    key, path = next((pair for pair in found if kind not in LAW and court(pair[1]) is not None), found[0])
    return Finding("scope", path, f"the document's metadata says so ({key}: {str(metadata[key])[:80]})")


def path_of(value: object) -> str:
    """A jurisdiction or court path from a metadata value ("ca1", "us-dc", "9th Cir."), "" where it is none."""
    if not isinstance(value, str) or not value.strip() or len(value) > 200:
        return ""
    plain = value.strip()
    return normalise_path(plain) or normalise_path(plain.lower().replace("-", "/")) or _named_court(plain)


def _named_court(text: str) -> str:
    found = identify_court(text)
    return found.id if found is not None else ""


def _from_citation(metadata: Mapping[str, Any]) -> Finding | None:
    for key in ("citation", "code", "parallel"):
        value = metadata.get(key)
        for written in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(written, str) and 0 < len(written) < 300:
                for citation in extract(written):
                    path = citation.court or citation.jurisdiction
                    if path and path != "us":
                        return Finding("scope", path, f"its citation names it ({key}: {written[:80]})")
    return None


def _from_caption(text: str) -> Finding:
    head = text[:HEAD]
    for match in _COURT_LINE.finditer(head):
        if _BELOW.search(head[max(0, match.start() - 60) : match.start()]):
            continue
        named = _court_named(match.group().split())
        if named is not None:
            path, words = named
            return Finding("scope", path, f"its caption names the court: {words[:80]}", match.start(), match.end())
    return _unknown()


def _court_named(words: Sequence[str]) -> tuple[str, str] | None:
    """The court that the longest beginning of these words names; what follows a court's name may be a party's."""
    for size in range(min(len(words), 16), 2, -1):
        name = _CIRCUIT.sub(r" for the \1", " ".join(words[:size]))
        found = identify_court(name) or identify_court(_titled(name))
        if found is not None:
            return found.id, name
    return None


def _titled(words: str) -> str:
    """Words in capitals as a court's name is written: "COURT OF APPEALS" becomes "Court of Appeals"."""
    return re.sub(r"\b(?:Of|For|The|In|And)\b", lambda match: match.group().lower(), words.title())


def _governing_law(text: str) -> Finding:
    for match in _GOVERNED.finditer(text):
        place = match["place"] or match["place2"]
        for words in (place, place.split(" ")[0]):
            path = normalise_path(words)
            if path:
                return Finding("scope", path, f"its governing-law clause names {words}", match.start(), match.end())
    return _unknown()


def _unknown() -> Finding:
    return Finding("scope", UNKNOWN, "neither metadata, citation nor text name a court or jurisdiction for certain")


def ancestors(path: str) -> tuple[str, ...]:
    """The path and all that contain it, outermost first: us, us/fed, us/fed/ca9."""
    pieces = path.split("/")
    return tuple("/".join(pieces[: n + 1]) for n in range(len(pieces))) if path else ()


def decided(metadata: Mapping[str, Any], text: str) -> str:
    """The date of decision or enactment, ISO (a year, a month or a day), or ""."""
    for key in _DATE_KEYS:
        value = metadata.get(key)
        match = _ISO.match(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else None
        if match and 1600 <= int(match.group()[:4]) <= 2100:
            return match.group()
    match = _DECIDED.search(text[: 3 * HEAD]) or _DATE_LINE.search(text[:HEAD])
    return _iso(match) if match else ""


def _iso(match: re.Match[str]) -> str:
    word = match["month"].lower().rstrip(".")
    month = next((n for n, name in enumerate(_MONTHS, 1) if name == word[:3]), 0)
    try:
        return date(int(match["year"]), month, int(match["day"])).isoformat()
    except ValueError:
        return ""


def precedential_status(metadata: Mapping[str, Any], text: str) -> str:
    """published, unpublished, table, depublished or "unknown"."""
    value = str(metadata.get("precedential_status") or metadata.get("status") or "").strip().lower()
    if value in ("published", "unpublished", "table", "depublished"):
        return value
    if metadata.get("table_citation"):
        return "table"
    written = str(metadata.get("citation") or "")
    if re.search(r"\bF(?:ed)?\.?\s?App[’'x]", written) or re.search(r"\b(?:WL|LEXIS)\b", written):
        return "unpublished"
    if _UNPUBLISHED.search(text[:HEAD]):
        return "unpublished"
    return (
        "published"
        if re.search(r"\d+\s+(?:U\.\s?S\.|F\.|F\.\s?\dd|F\.\s?4th|[A-Z][\w.]+\s?\dd)\s+\d+", written)
        else UNKNOWN
    )


def own_keys(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The normalised citations under which the document itself is cited, as far as metadata tell."""
    keys = [key for key in authority_keys(metadata) if key]
    written = metadata.get("ucc_section")
    if isinstance(written, str):
        keys.append(normalise(written))
    title = metadata.get("title")
    if not keys and isinstance(title, str):
        keys += [c.key for c in extract(title[:300]) if c.form == "full"][:2]
    return tuple(dict.fromkeys(key for key in keys if key))


def level_of(path: str) -> str:
    """The level of the court at a path in words; "" where it is none that the table knows."""
    found = court(path) if path else None
    words = {
        "last_resort": "court of last resort",
        "intermediate": "intermediate appellate court",
        "trial": "trial court",
        "special": "special court",
    }
    return words.get(found.level, "") if found is not None else ""


def year_of(iso: str) -> int | None:
    """The year of an ISO date, or None."""
    return int(iso[:4]) if len(iso) >= 4 and iso[:4].isdigit() else None


def texts_of(value: object) -> Sequence[str]:
    """`value` as a list of texts: one text, or those of a list."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, (list, tuple)) else []


def citation_of(document: DocumentInfo) -> str:
    """How the document is cited: by rule from its metadata, else by the code and section they hold, else its title."""
    meta = dict(document.metadata)
    title = document.title or document.id
    named = {"title": title, **meta}
    if not any(isinstance(meta.get(key), str) and meta[key].strip() for key in _CITABLE):
        return f"{title} ({meta['decided']})" if _dated(meta) else title
    rendered = cite(named)
    if not rendered.strip():
        return title
    return rendered


_CITABLE = ("citation", "table_citation", "code", "docket", "neutral_citation", "parallel")


def _dated(meta: Mapping[str, Any]) -> bool:
    return isinstance(meta.get("decided"), str) and bool(meta["decided"])
