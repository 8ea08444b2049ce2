"""How sections are written after a code: signs, numbers, subsections, lists, ranges, years; for all enacted law."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import ascii_letters
from typing import Literal

SIGN = r"(?:§\s?§|§|&sect;|[Ss]ections?\b|[Ss]ecs?\.|\bss?\.(?=\s*\d))"
# A number, a letter, a doubled letter or a Roman numeral; "(same)" and "(1994)" are none.
_LABEL = (
    r"(?!(?:1[789]|20)\d\d\))(?:\d{1,4}|[A-Za-z]|[ivxlcIVXLC]{2,6}|"
    + "|".join(f"{c}{{2,3}}" for c in ascii_letters)
    + ")"
)
SUBSECTIONS = r"(?:\s?\(" + _LABEL + r"\)(?:-\(" + _LABEL + r"\))?)*"
# Sections joined by commas and "and", for forms that name the code after them ("sections 2 and 3 of title 18").
LISTED = r"\d[\w.()–-]*(?:(?:\s*,\s*(?:and\s+|or\s+)?|\s+(?:and|or|through|to|&)\s+)(?:§+\s*)?\d[\w.()–-]*){0,6}?"
YEAR = re.compile(
    r"\s*\((?:[A-Z][A-Za-z.&’' ]*?,?\s+(?:\d{1,2},\s+)?)?(?P<year>(?:1[789]|20)\d\d)"
    r"(?:\s*(?:&|and|ed\.|Supp|repealed|amended)[^()]{0,40})?\)"
)
_LIST = r"(?:\s*,\s*(?:and|&|or)\s+|\s*,\s*|\s+(?:and|&|or)\s+|\s*;\s*)(?:§§?\s*)?"
_ET_SEQ = re.compile(r",?\s*et\.?\s+seq\.?")
_TO = r"\s*(?:-|–|—|\s(?:to|through)\s)\s*"
# What follows a number that belongs to the next citation: "17 U.S.C. § 107, 42 U.S.C. ..."
_NEXT_CITE = re.compile(
    r"\s+(?:U\.?\s?S\.?|C\.?\s?F\.?\s?R|F\.|S\.\s?Ct|L\.\s?Ed|Fed\.|Stat\.|Cal\.|[A-Z][A-Za-z.]*\s\d)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One section of a list: its number, subsections, the range or "et seq." after it, and where it stands."""

    section: str
    subsection: str
    pin: str
    start: int
    end: int


def parts(
    text: str,
    start: int,
    number: str,
    *,
    many: bool | Literal["loose"],
    range_of: Callable[[str], tuple[str, str]] | None = None,
) -> Iterator[Part]:
    """The sections from `start` on: one, or a list where `many`; "loose" takes no number under 100 into it.

    `number` is the pattern of a section's number.

    `range_of` splits a written number into (first, whole range or "") where hyphens join numbers of one code.
    """
    one = _compiled(number)
    place = start
    found = one.match(text, place)
    while found is not None:
        yield (part := _part(text, found, range_of))
        if not many:
            return
        step = _compiled(_LIST, number)
        following = step.match(text, part.end)
        if following is None or _NEXT_CITE.match(text, following.end("number")):
            return
        if many == "loose" and not re.match(r"\d{3}", following["number"]):
            return
        found = one.match(text, following.start("number"))


def year_after(text: str, place: int) -> tuple[int | None, int]:
    """The year in parentheses right after a citation, and where it ends."""
    found = YEAR.match(text, place)
    return (int(found["year"]), found.end()) if found else (None, place)


def _part(text: str, found: re.Match[str], range_of: Callable[[str], tuple[str, str]] | None) -> Part:
    number, end = found["number"], found.end()
    section, pin = range_of(number) if range_of is not None else (number, "")
    subsection = re.sub(r"\s", "", found["sub"])
    to = None if pin else _compiled(_TO, _number_of(found.re)).match(text, end)
    if to is not None and to["number"] != section and not to["number"].startswith("("):
        pin, end = f"{section}-{to['number']}", to.end()
    tail = _ET_SEQ.match(text, end)
    if tail is not None and not pin:
        pin, end = "et seq.", tail.end()
    return Part(section, subsection, pin, found.start(), end)


_PATTERNS: dict[tuple[str, ...], re.Pattern[str]] = {}
_NUMBERS: dict[re.Pattern[str], str] = {}


def _compiled(*pieces: str) -> re.Pattern[str]:
    known = _PATTERNS.get(pieces)
    if known is None:
        lead, number = ("", pieces[0]) if len(pieces) == 1 else pieces
        known = re.compile(f"{lead}(?P<number>{number})(?P<sub>{SUBSECTIONS})(?![\\w])")
        _PATTERNS[pieces] = known
        _NUMBERS[known] = number
    return known


def _number_of(pattern: re.Pattern[str]) -> str:
    return _NUMBERS[pattern]
