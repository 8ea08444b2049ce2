"""Finds federal law in a text: United States Code, regulations, Federal Register, public laws, statutes at large."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assay.domains.legal.citations.model import LegalCitation
from assay.domains.legal.citations.sections import LISTED, SIGN, Part, parts, year_after

# Between the parts of a citation: white space, and what a page break leaves there ("- 4 -", "*48").
_GAP = r"\s+(?:-\s?\d{1,3}\s?-\s+|\*\d{1,4}\s+)?"
# Scanned texts have the letter S for the section sign.
_SIGNS = r"(?P<sign>(?:(?:" + SIGN + r"|S{1,2}(?=\s))\s*)*)"
USC = re.compile(
    r"(?<![\w.-])(?P<title>\d{1,3})"
    + _GAP
    + r"(?:(?:App\.\s?)?U\s?\.\s?S\s?\.\s?[Cc](?![a-z])\s?\.?(?:\s?[AS]\b\.?)?|USC[AS]?\b"
    r"|U\.?\s?S\.?\s?Code\b|United\s+States\s+Code\b)"
    r"(?:\s?Ann\.?|nn\.)?(?:\s?\([^()\d]{0,20}\))?,?(?P<app>\s*[Aa]pp\b\.?)?[,\]]?(?:\s*\*\d{1,4}\s|\s+-\s?\d{1,3}\s?-\s)?\s*"
    + _SIGNS
    + r"\]?\s?(?=\d)"
)
USC_WORDS = re.compile(
    r"\b[Tt]itle\s+(?P<title>\d{1,2})(?:\s+of\s+the|,)?\s+(?:United\s+States\s+Code|U\.\s?S\.\s?C(?:ode\b|\.))(?:\s?Ann\.)?,?\s*"
    r"(?:at\s+)?(?P<sign>" + SIGN + r")\s*(?=\d)"
)
USC_REVERSED = re.compile(
    r"(?<!\w)(?P<sign>" + SIGN + r")\s*(?P<list>" + LISTED + r"),?\s+(?:(?:of|under|in)\s+)?"
    r"(?:[Tt]itle\s+(?P<title>\d{1,2})\b"
    r"(?!\s*(?:C\.\s?F\.\s?R|of\s+the\s+Code\s+of\s+Federal|,\s*Code\s+of\s+Federal|of\s+the\s+(?!U)))"
    r"(?:,?\s+(?:of\s+the\s+)?(?:United\s+States\s+Code|U\.\s?S\.\s?C(?:ode\b|\.|\b)))?"
    r"|(?<=of\s)(?P<lead>\d{1,2})\s+U\.\s?S\.\s?C\.(?!\s*(?:§|\d)))"
)
CFR = re.compile(
    r"(?<![\w.-])(?P<title>\d{1,3})"
    + _GAP
    + r"(?:C\s?\.\s?F\s?\.\s?R(?![a-z])\s?\.?|CFR\b|Code\s+of\s+Federal\s+Regulations\b),?"
    r"(?:\s*\*\d{1,4}\s|\s+-\s?\d{1,3}\s?-\s)?\s*"
    r"(?P<sign>(?:(?:" + SIGN + r"|S{1,2}(?=\s)|[Pp]arts?\b\.?|[Pp]ts?\.|[Cc]h\.)\s*)*)(?=\d)"
)
IRC = re.compile(
    r"\b(?:I\.\s?R\.\s?C\.|IRC\b|Internal\s+Revenue\s+Code)(?:\s+of\s+19\d\d)?,?\s*(?P<sign>" + SIGN + r")\s*(?=\d)"
)
TREASURY = re.compile(r"\bTreas\.\s?Reg\.\s*(?P<sign>" + SIGN + r")\s*(?=\d)")
GUIDELINES = re.compile(
    r"\b(?:U\.\s?S\.\s?S\.\s?G\b\.?|USSG\b)(?:\s+Manual)?,?\s*(?P<sign>" + SIGN + r")\s*(?=\d?[A-Z\d])"
)
REGISTER = re.compile(
    r"(?<![\w.-])(?P<volume>\d{1,3})\s+Fed\.\s?Reg\.\s+(?P<page>\d{1,3}(?:,\d{3})+|\d{1,6})\b(?:,\s*(?P<pin>\d[\d,]*\d(?:-[\d,]+\d)?))?"
)
PUBLIC_LAW = re.compile(
    r"\b(?:Pub(?:\.|lic)\s*L(?:\.|aw)|P\.\s?L\.)\s*(?:Nos?\.?\s*)?(?P<congress>\d{1,3})[-–—](?P<number>\d{1,4})\b"
    r"(?:,\s*(?P<sign>§§?|[Tt]it\.)\s*(?P<section>\d+[A-Za-z]?(?:\.\d+)?|[IVX]+)(?P<sub>(?:\([0-9A-Za-z]{1,4}\))*))?"
)
STATUTES = re.compile(
    r"(?<![\w.-])(?P<volume>\d{1,3})\s+Stat\.\s+(?P<page>\d{1,5}[a-z]?(?:-\d+)?)\b(?:,\s*(?P<pin>\d{1,5}(?:-\d+)?)(?!\s+[A-Z]))?"
)
REPORTS = re.compile(
    r"\b(?P<code>H\.\s?R\.\s?(?:Conf\.\s?)?Rep\.|S\.\s?(?:Conf\.\s?)?Rep\.|House\s+Report|Senate\s+Report)\s*(?:Nos?\.\s*)?"
    r"(?P<section>\d{1,4}(?:[-–]\d{1,4})?)\b(?:,\s*(?P<pin>(?:pt\.\s*\d+,\s*)?(?:at\s+|p\.\s*)?\d+(?:-\d+)?)(?![\w-]|\s+[A-Z]))?"
)

_USC_NUMBER = r"\d+[a-zA-Z]{0,4}(?:-\d+[a-zA-Z]{0,2})*(?:\.\d+)?"
# Treasury regulations carry a letter inside the number: 1.411(d)-3.
_CFR_NUMBER = r"\d+[a-z]?(?:\.\d+[a-zA-Z]{0,3}(?:[-–]\d+[a-zA-Z]{0,2})*T?(?:\([a-z]\)[-–]\d+[A-Z]?T?)?)?"
_TREAS_NUMBER = r"\d+[a-z]?\.\d+[a-zA-Z]?(?:-\d+[a-zA-Z]{0,2})*(?:\([a-z]\)-\d+[A-Z]?T?)?"
_GUIDE_NUMBER = r"\d[A-Z]\d(?:\.\d+)?|\d[A-Z]"
_CFR_TAIL = re.compile(
    r",?\s*(?:[Ss]ubp(?:art|t)?\.?\s+[A-Z]+)?(?:,?\s*(?:[Aa]pp(?:endix|\.)|[Tt]able|Listing)\s*(?:No\.\s*)?[A-Z\d]+(?:\s?to\s[Ss]ubpt\.\s[A-Z])?)*"
)
_MANY = re.compile(r"§\s?§|[Ss]ections\b|[Ss]ecs\.|[Pp]arts\b|[Pp]ts\.|\bss\.")


def find(text: str) -> Iterator[LegalCitation]:
    """Every citation of federal enacted law, in no order."""
    yield from _code(text, USC, "U.S.C.")
    yield from _code(text, USC_WORDS, "U.S.C.")
    yield from _reversed(text)
    yield from _regulations(text)
    yield from _named(text)
    yield from _volumes(text)


def _code(text: str, pattern: re.Pattern[str], code: str) -> Iterator[LegalCitation]:
    for found in pattern.finditer(text):
        many = _many(found["sign"])
        appendix = " app." if found.groupdict().get("app") else ""
        title, place = _title(text, found)
        for number, part in enumerate(parts(text, found.end(), _USC_NUMBER, many=many, range_of=_range)):
            start = min(place, found.start()) if number == 0 else part.start
            yield _statute(text, title, f"{code}{appendix}", part, start)


def _many(sign: str) -> bool | Literal["loose"]:
    """Whether a list may follow: after a plural sign, and, with care, after none (scanned texts lose the sign)."""
    return "loose" if not sign.strip() else bool(_MANY.search(sign))


def _reversed(text: str) -> Iterator[LegalCitation]:
    for found in USC_REVERSED.finditer(text):
        many = bool(_MANY.search(found["sign"]))
        listed = list(parts(text, found.start("list"), _USC_NUMBER, many=many, range_of=_range))
        # the list must reach up to "of title 18"; what stands between belongs to the sentence otherwise
        if not listed or text[listed[-1].end : found.end("list")].strip(" ,"):
            continue
        for number, part in enumerate(listed):
            start = found.start() if number == 0 else part.start
            end = found.end() if number == len(listed) - 1 else part.end
            yield _statute(text, found["title"] or found["lead"], "U.S.C.", part, start, end)


def _statute(text: str, title: str, code: str, part: Part, start: int, end: int = 0) -> LegalCitation:
    core = max(part.end, end)
    year, whole = year_after(text, core)
    return LegalCitation(
        kind="statute", text=text[start:whole], start=start, end=whole, core_start=start, core_end=core,
        key=f"{int(title)} {code} § {part.section}", title=str(int(title)), code=code, section=part.section,
        subsection=part.subsection, pin=part.pin, year=year, jurisdiction="us/fed",
    )  # fmt: skip


def _regulations(text: str) -> Iterator[LegalCitation]:
    for found in CFR.finditer(text):
        many = _many(found["sign"])
        written, place = _title(text, found)
        for number, part in enumerate(parts(text, found.end(), _CFR_NUMBER, many=many)):
            start = min(place, found.start()) if number == 0 else part.start
            tail = _CFR_TAIL.match(text, part.end)
            core = tail.end() if tail is not None and "." not in part.section else part.end
            year, whole = year_after(text, core)
            title, addition = str(int(written)), re.sub(r"\s+", " ", text[part.end : core]).strip(" ,")
            mark = "§" if "." in part.section else "pt."
            yield LegalCitation(
                kind="regulation", text=text[start:whole], start=start, end=whole, core_start=start, core_end=core,
                key=f"{title} C.F.R. {mark} {part.section}", title=title, code="C.F.R.",
                section=part.section, subsection=part.subsection, pin=part.pin or addition, year=year,
                jurisdiction="us/fed",
            )  # fmt: skip


_NAMED = {
    "I.R.C.": ("I.R.C", "I. R. C", "I.R. C", "IRC", "Internal"),
    "Treas. Reg.": ("Treas.",),
    "U.S.S.G.": ("S.G", "S. G", "USSG"),
}


def _named(text: str) -> Iterator[LegalCitation]:
    """Codes that carry no title number: Internal Revenue Code, Treasury regulations, Sentencing Guidelines."""
    table = (
        (IRC, "statute", "I.R.C.", "26 U.S.C. § ", _USC_NUMBER),
        (TREASURY, "regulation", "Treas. Reg.", "26 C.F.R. § ", _TREAS_NUMBER),
        (GUIDELINES, "rule", "U.S.S.G.", "U.S.S.G. § ", _GUIDE_NUMBER),
    )
    for pattern, kind, code, key, number_pattern in table:
        if not any(name in text for name in _NAMED[code]):  # a look for a word costs a hundredth of a pattern's search
            continue
        for found in pattern.finditer(text):
            many = bool(_MANY.search(found["sign"]))
            for number, part in enumerate(parts(text, found.end(), number_pattern, many=many)):
                start = found.start() if number == 0 else part.start
                year, whole = year_after(text, part.end)
                yield LegalCitation(
                    kind=kind, text=text[start:whole], start=start, end=whole, core_start=start, core_end=part.end,  # type: ignore[arg-type]
                    key=f"{key}{part.section}", code=code, section=part.section, subsection=part.subsection,
                    pin=part.pin, year=year, jurisdiction="us/fed",
                )  # fmt: skip


def _volumes(text: str) -> Iterator[LegalCitation]:
    for found in REGISTER.finditer(text) if "Reg." in text else ():
        page = found["page"].replace(",", "")
        yield _paged(text, found, "regulation", "Fed. Reg.", page)
    for found in STATUTES.finditer(text) if "Stat." in text else ():
        yield _paged(text, found, "session_law", "Stat.", found["page"])
    for found in PUBLIC_LAW.finditer(text):
        year, whole = year_after(text, found.end())
        section = f"{found['congress']}-{found['number']}"
        yield LegalCitation(
            kind="session_law", text=text[found.start() : whole], start=found.start(), end=whole,
            core_start=found.start(), core_end=found.end(), key=f"Pub. L. No. {section}", title=found["congress"],
            code="Pub. L. No.", section=section, subsection=_law_section(found), year=year, jurisdiction="us/fed",
        )  # fmt: skip
    for found in REPORTS.finditer(text) if "Rep" in text else ():
        code = "H.R. Rep." if found["code"].startswith("H") else "S. Rep."
        year, whole = year_after(text, found.end())
        yield LegalCitation(
            kind="legislative", text=text[found.start() : whole], start=found.start(), end=whole,
            core_start=found.start(), core_end=found.end(), key=f"{code} No. {found['section']}", code=f"{code} No.",
            section=found["section"], pin=re.sub(r"^(?:at|p\.)\s*", "", found["pin"] or ""), year=year,
            jurisdiction="us/fed",
        )  # fmt: skip


def _law_section(found: re.Match[str]) -> str:
    return f"{found['sign']} {found['section']}{found['sub']}" if found["section"] else ""


def _paged(text: str, found: re.Match[str], kind: str, code: str, page: str) -> LegalCitation:
    year, whole = year_after(text, found.end())
    return LegalCitation(
        kind=kind, text=text[found.start() : whole], start=found.start(), end=whole, core_start=found.start(),  # type: ignore[arg-type]
        core_end=found.end("page"), key=f"{found['volume']} {code} {page}", volume=found["volume"], reporter=code,
        page=page, code=code, pin=(found["pin"] or "").replace(",", ""), year=year, jurisdiction="us/fed",
    )  # fmt: skip


def _range(number: str) -> tuple[str, str]:
    """("201", "201-219") for a range, "1961-68" too; a section with a hyphen of its own ("2000e-2") stays whole."""
    first, mark, last = number.partition("-")
    digits = re.match(r"\d*", last)
    end = digits[0] if digits is not None else ""
    if not mark or not first.isdigit() or (len(end) < 2 and len(first) > 1) or not end:
        return number, ""
    whole = first[: -len(end)] + end if len(end) < len(first) else end
    return (first, number) if int(whole) > int(first) else (number, "")


# In a text with numbered lines the number before "U.S.C." may be the line's, and the title ends the line before.
_NUMBERED_LINE = re.compile(r"[^\s\d][ \t]+(\d{1,2})[ \t]*\n\s*$")


def _title(text: str, found: re.Match[str]) -> tuple[str, int]:
    """The title and where it stands."""
    before = _NUMBERED_LINE.search(text, max(0, found.start("title") - 20), found.start("title"))
    return (before[1], before.start(1)) if before is not None else (found["title"], found.start("title"))
