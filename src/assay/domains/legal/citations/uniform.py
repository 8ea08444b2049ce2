"""Finds the Uniform Commercial Code: the uniform text, and which of its sections a state's enactment stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from assay.domains.legal.citations.codes import data
from assay.domains.legal.citations.model import LegalCitation
from assay.domains.legal.citations.sections import LISTED, SIGN, parts, year_after

_NAME = r"(?:U\s?\.\s?C\s?\.\s?C\b\s?\.?|UCC\b|Uniform\s+Commercial\s+Code\b)"
_NAMES = ("U.C.C", "UCC", "U. C. C", "U.C. C", "Commercial")
SECTION = re.compile(
    r"(?<![\w.])(?:(?P<state>[A-Z][A-Za-z.]*(?:\s[A-Z][a-z.]*)?)\s+)?" + _NAME +
    r"(?:\s?Ann\.?|\s?Code\b|\s?[Rr]ev\.|\s?\([^()\d]{2,20}\))?,?\s*"
    r"(?P<sign>(?:" + SIGN + r"\s*)*)(?=\d{1,2}[A-Za-z]?[-–](?:\s*\n\s*)?\d)"
)  # fmt: skip
REVERSED = re.compile(
    r"(?<!\w)(?P<sign>" + SIGN + r")\s*(?P<list>" + LISTED + r"),?\s+of\s+(?:the\s+)?(?:[A-Z][a-z]+(?:'s)?\s+)?" + _NAME
)
ARTICLE = re.compile(
    r"\b[Aa]rt(?:icle|\.)\s*(?P<article>\d{1,2}A?)\s+of\s+(?:the\s+)?" + _NAME + r"|(?<![\w.])" + _NAME
    + r",?\s+[Aa]rt(?:icle|\.)\s*(?P<article2>\d{1,2}A?)(?![-\w])"
)  # fmt: skip
# A line may break behind the hyphen; "2-607:15" is a section of a treatise.
_NUMBER = r"\d{1,2}[A-Za-z]?[-–](?:\s*\n\s*)?\d{3}[A-Za-z]{0,2}(?!:\d)"
_MANY = re.compile(r"§\s?§|[Ss]ections\b|[Ss]ecs\.|\bss\.")
_COMMENT = re.compile(
    r"\s*,?\s*(?:(?:[Oo]fficial\s+)?[Cc]m(?:t|n?t)s?\.?|(?:[Oo]fficial\s+)?[Cc]omments?)\s*(?P<comment>\d+[a-z]?(?:\([a-z]\))?)"
)


def find(text: str) -> Iterator[LegalCitation]:
    """Every citation of the uniform text, in no order."""
    if not any(name in text for name in _NAMES):  # a look for a word costs a hundredth of a pattern's search
        return
    for found in SECTION.finditer(text):
        if (found["state"] or "").strip(". ") in ("N.Y", "NY"):
            continue  # New York's code is named U.C.C.; it is found as a code of that state
        name = found.start() if not found["state"] else found.end("state")
        start = name + len(text[name:]) - len(text[name:].lstrip())
        yield from _sections(text, start, found.end(), bool(_MANY.search(found["sign"])))
    for found in REVERSED.finditer(text):
        listed = list(_sections(text, found.start(), found.start("list"), bool(_MANY.search(found["sign"]))))
        if listed and not text[listed[-1].core_end : found.end("list")].strip(" ,"):
            yield from listed[:-1]
            last = listed[-1]
            yield replace(last, end=found.end(), core_end=found.end(), text=text[last.start : found.end()])
    for found in ARTICLE.finditer(text):
        article = found["article"] or found["article2"]
        yield LegalCitation(
            kind="uniform", text=found[0], start=found.start(), end=found.end(), core_start=found.start(),
            core_end=found.end(), key=f"UCC art. {article}", title=article, code="UCC", jurisdiction="us",
        )  # fmt: skip


def _sections(text: str, start: int, place: int, many: bool) -> Iterator[LegalCitation]:
    for number, part in enumerate(parts(text, place, _NUMBER, many=many)):
        first = start if number == 0 else part.start
        comment = _COMMENT.match(text, part.end)
        core = comment.end() if comment else part.end
        year, whole = year_after(text, core)
        section = re.sub(r"\s", "", part.section).replace("–", "-").upper()
        yield LegalCitation(
            kind="uniform", text=text[first:whole], start=first, end=whole, core_start=first, core_end=core,
            key=f"UCC § {section}", title=section.partition("-")[0], code="UCC", section=section,
            subsection=part.subsection, pin=part.pin or (f"cmt. {comment['comment']}" if comment else ""), year=year,
            jurisdiction="us",
        )  # fmt: skip


def uniform_key(code: str, title: str, section: str) -> str:
    """The key of the uniform section that a state's section enacts (D.C. Code § 28:2-106: "UCC § 2-106"), or ""."""
    for known, wanted, pattern in _enactments():
        if known == code and (not wanted or wanted == title):
            found = pattern.match(section)
            if found is not None:
                return f"UCC § {found['article'].upper().replace('.1', 'A').replace('-', '')}-{found['section']}"
    return ""


@lru_cache(maxsize=1)
def _enactments() -> Sequence[tuple[str, str, re.Pattern[str]]]:
    return tuple((code, title, re.compile(pattern)) for code, title, pattern in data()["uniform"]["enactments"])
