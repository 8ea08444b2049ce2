"""Finds court rules, constitutions, Restatements and journals in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assay.domains.legal.citations.model import LegalCitation
from assay.domains.legal.citations.reporters import database
from assay.domains.legal.citations.sections import SIGN, SUBSECTIONS, parts, year_after

_FEDERAL_RULES = {
    "civ": "Fed. R. Civ. P.", "crim": "Fed. R. Crim. P.", "evid": "Fed. R. Evid.", "app": "Fed. R. App. P.",
    "bankr": "Fed. R. Bankr. P.",
}  # fmt: skip
RULE = re.compile(
    r"\b(?:Fed(?:\.|eral)\s*R(?:\.|ules?)\s*(?:of\s+)?(?P<set>Civ|Crim|Evid|App|Bankr)[a-z]*\.?(?:\s*P(?:\.|roc\.|rocedure\b))?"
    r"|(?P<letters>F\.?\s?R\.?\s?(?:C\.?\s?P\.?|Cr(?:im)?\.?\s?P\.?|E\.|E(?=\s)|A\.?\s?P\.?|B\.?\s?P\.?|Civ\.?\s?P\.|Evid\.|App\.\s?P\.)))"
    r"(?:,?\s+Rules?)?\s*(?P<number>\d{1,4}(?:\.\d{1,2})?(?:[a-z](?=\()|[a-z]\b)?)(?P<sub>"
    + SUBSECTIONS
    + r")(?![\w-]*\w)"
)
RULE_OF = re.compile(
    r"\bRules?\s+(?P<number>\d{1,4}(?:\.\d{1,2})?)(?P<sub>" + SUBSECTIONS + r"),?\s+of\s+the\s+Federal\s+Rules\s+of\s+"
    r"(?P<set>Civ|Crim|Evid|App|Bankr)[a-z]*(?:\s+Procedure)?"
)
COURT_RULE = re.compile(
    r"(?<![\w.])(?:(?P<supreme>(?:U\.\s?S\.\s+)?Sup\.\s?Ct\.\s?R\.)|(?P<circuit>\d{1,2}(?:st|d|nd|rd|th)\s+Cir\.(?:\s?L\.)?\s?R\.)"
    r"|(?P<district>(?:[NSEWMC]\.\s?)?D\.\s?(?:[A-Z][a-z]*\.?\s?){1,3}(?:L\.\s?)?(?:Civ\.\s?|Crim\.\s?)?R\.)"
    r"|(?P<state>(?:N\.\s?[A-Z]\.|[A-Z]\.\s?[A-Z]\.|[A-Z][a-z]+\.?)\s+(?:Super\.\s+|Sup\.\s+|S\.\s+)?(?:Ct\.\s+)?R\.(?:\s?(?:Ct|Civ|Crim|Evid|App|Dom|Prof|Gen|Jud|P|Conduct|Proc|Admin)(?:\.|\b)){0,4}))"
    r"\s*(?:Rule\s+)?(?P<number>\d{1,4}[a-z]?(?:[.:]\d{1,4})?(?:-\d+)?[A-Z]?)(?P<sub>" + SUBSECTIONS + r")(?!\w)"
)
CONSTITUTION = re.compile(
    r"(?<![\w.])(?P<of>U\.?\s?S\.?|United\s+States|(?:N|S|W|R|D)\.\s?[A-Z][a-z]*\.|[A-Z][a-z]+\.?)\s+Const(?:\.|itution\b),?\s*"
    r"(?:(?P<unit>[Aa]rts?(?:\.|icle)|[Aa]mend(?:\.|ment)s?\.?)\s*(?P<number>[IVXLC]+|\d{1,3})(?!\w)"
    r"|pmbl\b\.?|preamble\b)"
    r"(?:,\s*(?:" + SIGN + r")\s*(?P<section>\d{1,2}[a-z]?(?:\([0-9a-z]{1,3}\))*))?"
    r"(?:,\s*(?:cl\.|clause)\s*(?P<clause>\d{1,2}))?(?:,\s*para\.\s*(?P<para>[IVX]+))?"
)
RESTATEMENT = re.compile(
    r"\bRestatement\s*(?:\(\s*(?P<series>First|Second|Third|Fourth|2d|3d|1st|4th)\s*\))?\s*(?:of\s+)?(?:the\s+)?(?:Law\s+of\s+|Law,\s+)?(?:the\s+)?"
    r"(?P<subject>[A-Z][A-Za-z]{1,20}(?:(?:\s+(?:of|the|and|&|for|to|in|on)){0,2}[,:]?\s+(?:&\s+)?[A-Z][A-Za-z.]{1,20}){0,10})?(?:\s*\(\s*(?P<late>Second|Third|2d|3d)\s*\))?"
    r"[.,]?\s*(?P<sign>(?:" + SIGN + r"\s*)+)(?=\d)"
)
JOURNAL = re.compile(
    r"(?<![\w.$-])(?P<volume>\d{1,4})\s+(?P<reporter>[A-Z][A-Za-z.&'’ ]{1,40}?\b"
    r"(?:L\.?\s?J\.|L\.\s?Rev\.|Law\s+Review|L\.\s?Q\.|Rev\.|J\.)"
    r"[A-Za-z.&'’ ]{0,25}?)\s+(?P<page>\d{1,5})(?:,\s*(?P<pin>\d{1,5}(?:[-–]\d{1,5})?)(?!\s*[A-Z]))?(?!\w)"
)
_SERIES = {"first": "First", "1st": "First", "second": "Second", "2d": "Second", "third": "Third", "3d": "Third",
           "fourth": "Fourth", "4th": "Fourth"}  # fmt: skip
_COMMENT = re.compile(r",?\s*(?:cmts?\.|[Cc]omments?)\s*(?P<comment>[a-z](?:-[a-z])?)\b|,?\s*illus\.\s*(?P<illus>\d+)")
_SECTION = r"\d{1,3}[A-Z]?(?:\.\d{1,2})?"
_MANY = re.compile(r"§\s?§|[Ss]ections\b|[Ss]ecs\.")
_ROMAN = re.compile(r"M*(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})")


def find(text: str) -> Iterator[LegalCitation]:
    """Every rule, constitution, Restatement and journal cited, in no order."""
    yield from _rules(text)
    if "Const" in text:
        yield from _constitutions(text)
    if "Restatement" in text:
        yield from _restatements(text)
    yield from _journals(text)


def _rules(text: str) -> Iterator[LegalCitation]:
    for pattern in (RULE, RULE_OF):
        for found in pattern.finditer(text):
            name = (found["set"] or "").lower()
            code = _FEDERAL_RULES[name] if name else _lettered(found["letters"])
            yield _rule(text, found, code, "us/fed")
    for found in COURT_RULE.finditer(text):
        code, place = _court_rule(found)
        if code:
            yield _rule(text, found, code, place)


def _rule(text: str, found: re.Match[str], code: str, place: str) -> LegalCitation:
    year, whole = year_after(text, found.end())
    return LegalCitation(
        kind="rule", text=text[found.start() : whole], start=found.start(), end=whole, core_start=found.start(),
        core_end=found.end(), key=f"{code} {found['number']}", code=code, section=found["number"],
        subsection=re.sub(r"\s", "", found["sub"]), year=year, jurisdiction=place,
    )  # fmt: skip


def _lettered(letters: str) -> str:
    short = re.sub(r"[.\s]", "", letters).upper().removeprefix("FR")
    first = {"CP": "civ", "CIVP": "civ", "CRP": "crim", "CRIMP": "crim", "E": "evid", "EVID": "evid", "BP": "bankr"}
    return _FEDERAL_RULES[first.get(short, "app")]


def _court_rule(found: re.Match[str]) -> tuple[str, str]:
    """The canonical name of a court's rules and whose they are; ("", "") where no such court or state is known."""
    from assay.domains.legal.courts.names import identify, normalise_path

    written = (
        re.sub(r"\s+", " ", found[0][: found.start("number") - found.start()]).strip().removesuffix("Rule").strip()
    )
    if found["supreme"]:
        return "Sup. Ct. R.", "us/fed"
    if found["circuit"] or found["district"]:
        court = identify(re.sub(r"\s?(?:L\.\s?)?(?:Civ\.\s?|Crim\.\s?)?R\.$", "", written))
        return (written, court.id) if court is not None else ("", "")
    state = state_prefix(written)
    return (written, normalise_path(state)) if state else ("", "")


@lru_cache(maxsize=1024)
def state_prefix(text: str) -> str:
    """The state's abbreviation with which a text begins ("N.J. Ct. R." -> "N.J."), or ""."""
    from assay.domains.legal.courts.table import states

    squeezed = text.replace(" ", "")
    found = [s.abbreviation for s in states().values() if squeezed.startswith(s.abbreviation.replace(" ", ""))]
    return max(found, key=len, default="")


def _constitutions(text: str) -> Iterator[LegalCitation]:
    from assay.domains.legal.courts.names import normalise_path

    for found in CONSTITUTION.finditer(text):
        of = re.sub(r"\s+", " ", found["of"])
        federal = re.sub(r"[.\s]", "", of) in ("US", "UnitedStates")
        place = "us/fed" if federal else normalise_path(of)
        if not place.startswith("us/"):
            continue
        unit = "" if not found["unit"] else "amend." if found["unit"].lower().startswith("amend") else "art."
        number = found["number"] or ""
        if number and not number.isdigit() and not _ROMAN.fullmatch(number):
            continue
        code = "U.S. Const." if federal else f"{of} Const."
        tail = "".join(
            f", {mark} {found[group]}" for group, mark in (("clause", "cl."), ("para", "para.")) if found[group]
        )
        section = found["section"] or ""
        head = f"{unit} {number}" if unit else "pmbl."
        yield LegalCitation(
            kind="constitution", text=found[0], start=found.start(), end=found.end(), core_start=found.start(),
            core_end=found.end(), key=f"{code} {head}{f', § {section}' if section else ''}", title=head, code=code,
            section=section, subsection=tail, jurisdiction=place,
        )  # fmt: skip


def _restatements(text: str) -> Iterator[LegalCitation]:
    for found in RESTATEMENT.finditer(text):
        subject = re.sub(r"\s+", " ", (found["subject"] or "").replace("&", "and")).strip(" ,.")
        series = _SERIES.get((found["series"] or found["late"] or "first").lower(), "First")
        if not subject:
            continue
        code = f"Restatement ({series}) of {subject}" if series != "First" else f"Restatement of {subject}"
        for number, part in enumerate(parts(text, found.end(), _SECTION, many=bool(_MANY.search(found["sign"])))):
            start = found.start() if number == 0 else part.start
            comment = _COMMENT.match(text, part.end)
            core = comment.end() if comment else part.end
            note = (
                ""
                if not comment
                else f"cmt. {comment['comment']}"
                if comment["comment"]
                else f"illus. {comment['illus']}"
            )
            year, whole = year_after(text, core)
            yield LegalCitation(
                kind="restatement", text=text[start:whole], start=start, end=whole, core_start=start, core_end=core,
                key=f"{code} § {part.section}", title=series, code=code, section=part.section,
                subsection=part.subsection, pin=part.pin or note, year=year, jurisdiction="us",
            )  # fmt: skip


def _journals(text: str) -> Iterator[LegalCitation]:
    table = _journal_names()
    for found in JOURNAL.finditer(text):
        reporter = table.get(re.sub(r"\s", "", found["reporter"]).replace("’", "'"))
        if reporter is None:
            continue
        year, whole = year_after(text, found.end())
        yield LegalCitation(
            kind="journal", text=text[found.start() : whole], start=found.start(), end=whole, core_start=found.start(),
            core_end=found.end("page"), key=f"{found['volume']} {reporter} {found['page']}", volume=found["volume"],
            reporter=reporter, page=found["page"], pin=(found["pin"] or "").replace("–", "-"), year=year,
        )  # fmt: skip


@lru_cache(maxsize=1)
def _journal_names() -> dict[str, str]:
    table: dict[str, str] = {}
    for name, entries in database().JOURNALS.items():
        for spelling in (name, *(v for entry in entries for v in entry.get("variations", ()))):
            table.setdefault(re.sub(r"\s", "", spelling), name)
    return table
