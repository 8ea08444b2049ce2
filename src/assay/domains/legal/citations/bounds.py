"""Range checks: does the volume, page, title, article, section or rule exist, and is the year not in the future?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assay.domains.legal.citations.model import Flag, LegalCitation
from assay.domains.legal.citations.neutral import is_neutral
from assay.domains.legal.citations.reporters import facts, law

_FIRST_YEAR = 1600
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_SERIES = {"First": "", "Second": " 2", "Third": " 3", "Fourth": " 4"}
# The 1st Congress met in 1789, and every second year brings another.
_FIRST_CONGRESS = 1787
_FIRST_NUMBERED = 57
# Each check yields (True or False, reason); none at all means that no bound is known.
Answers = Iterator[tuple[bool, str]]


def check(citation: LegalCitation, year: int) -> Flag:
    """False with the first bound that is broken, True where a bound was checked and holds, None where none is known."""
    held: list[str] = []
    for answer, reason in _answers(citation, year):
        if not answer:
            return Flag(False, reason)
        held.append(reason)
    telling = [reason for reason in held if reason]
    return Flag(True, "; ".join(telling)) if telling else Flag(None, "no bound of this source is known")


def _answers(x: LegalCitation, year: int) -> Answers:
    if x.year is not None and not _FIRST_YEAR <= x.year <= year:
        yield False, f"the year {x.year} lies in the future" if x.year > year else f"no report is of {x.year}"
    if x.form in ("full", "short") and x.kind in ("case", "journal"):
        yield from _reporter(x, year)
    elif x.form == "full":
        yield from _CHECKS.get(x.kind, _none)(x)
        if x.code == "Pub. L. No.":
            yield from _congress(x, year)


def _reporter(x: LegalCitation, year: int) -> Answers:
    volume, page = _int(x.volume), _int(x.page)
    if is_neutral(x.reporter):
        if volume is not None:
            yield volume <= year, f"the number's year is {volume}" + ("" if volume <= year else ", in the future")
        return
    if volume == 0:
        yield False, "volumes count from 1"
    if page == 0:
        yield False, "pages count from 1"
    known = facts(x.reporter)
    if known is None or x.kind == "journal":
        return
    most = known.most_volumes(year)
    if volume is not None and most is not None:
        yield (
            volume <= most,
            f"{x.reporter} has {'' if known.last else 'about '}{most} volumes, and this is volume {volume}",
        )
    if page is not None and known.years:
        yield page <= known.pages, f"no volume of {x.reporter} has {page} pages" if page > known.pages else ""
    if x.year is not None:
        yield from _series(known.first, known.ends, x)


def _series(first: int | None, ends: int | None, x: LegalCitation) -> Answers:
    assert x.year is not None
    if first is not None:
        yield x.year >= first - 2, f"{x.reporter} begins in {first}"
    if ends is not None:
        yield x.year <= ends + 2, f"{x.reporter} ends in {ends}"


def _code(x: LegalCitation) -> Answers:
    title = _int(x.title)
    if x.code in ("U.S.C.", "U.S.C. app.") and title is not None:
        bounds = law()["usc"]
        yield 1 <= title <= bounds["titles"], f"the United States Code has titles 1 to {bounds['titles']}"
        if title in bounds["reserved"]:
            yield False, f"title {title} of the United States Code is reserved and holds no law"
        last = bounds["last_section"].get(str(title), bounds["any_section"])
        number = _int(x.section)
        if number is not None and x.code == "U.S.C.":
            yield number <= last, f"title {title} has no section beyond {last}"
        yield from _since(x, bounds["since"])
    elif x.code == "C.F.R." and title is not None:
        bounds = law()["cfr"]
        yield 1 <= title <= bounds["titles"], f"the Code of Federal Regulations has titles 1 to {bounds['titles']}"
        part = _int(x.section)
        if part is not None:
            yield part <= bounds["parts"], f"no part has a number beyond {bounds['parts']}"
        yield from _since(x, bounds["since"])


def _since(x: LegalCitation, first: int) -> Answers:
    if x.year is not None and x.year < first:
        yield False, f"{x.code} was first published in {first}"


def _uniform(x: LegalCitation) -> Answers:
    articles = law()["ucc"]["articles"]
    ranges = articles.get(x.title.upper())
    yield ranges is not None, f"the Uniform Commercial Code has articles {', '.join(articles)}"
    yield from _since(x, law()["ucc"]["since"])
    number = _int(x.section.rpartition("-")[2])
    if ranges is not None and number is not None:
        inside = any(low <= number <= high for low, high in ranges)
        yield (
            inside,
            f"article {x.title} has sections "
            + ", ".join(f"{x.title}-{low} to {x.title}-{high}" for low, high in ranges),
        )


def _rule(x: LegalCitation) -> Answers:
    ranges = law()["rules"].get(x.code)
    number = _int(x.section)
    if ranges is not None and number is not None:
        yield (
            any(low <= number <= high for low, high in ranges),
            f"{x.code} has rules {ranges[0][0]} to {ranges[-1][1]}",
        )


def _constitution(x: LegalCitation) -> Answers:
    if x.code != "U.S. Const." or " " not in x.title:
        if x.title == "pmbl.":
            yield True, "the preamble"
        return
    unit, number = x.title.split(" ", 1)
    value = roman(number)
    if unit == "amend.":
        most = law()["constitution"]["amendments"]
        yield 1 <= value <= most, f"the Constitution has {most} amendments"
        parts, cited = law()["constitution"]["amendment_sections"].get(str(value), 0), _int(x.section)
        if cited is not None:
            yield 1 <= cited <= parts, f"amendment {number} has {parts or 'no'} sections"
        return
    sections = law()["constitution"]["sections"]
    article = list(sections)[value - 1] if 1 <= value <= len(sections) else ""
    yield bool(article), f"the Constitution has {len(sections)} articles"
    section = _int(x.section)
    if article and section is not None:
        yield 1 <= section <= sections[article], f"article {article} has {sections[article]} section(s)"


def _restatement(x: LegalCitation) -> Answers:
    subject = re.sub(r"^Restatement (?:\(\w+\) )?of ", "", x.code)
    most = law()["restatements"].get(f"{subject}{_SERIES.get(x.title, '')}")
    number = _int(x.section)
    if most is not None and number is not None:
        yield 1 <= number <= most, f"{x.code} ends with section {most}"


def _congress(x: LegalCitation, year: int) -> Answers:
    congress = _int(x.title)
    last = (year - _FIRST_CONGRESS) // 2
    if congress is not None:
        yield (
            _FIRST_NUMBERED <= congress <= last,
            f"public laws are numbered from the {_FIRST_NUMBERED}th to the {last}th Congress",
        )


def _none(x: LegalCitation) -> Answers:
    yield from ()


def roman(text: str) -> int:
    """The value of a Roman or Arabic numeral; 0 where it is neither."""
    if text.isdigit():
        return int(text)
    total = 0
    for one, following in zip(text, [*text[1:], ""], strict=True):
        value = _ROMAN_VALUES.get(one, 0)
        total += -value if value < _ROMAN_VALUES.get(following, 0) else value
    return total


def _int(text: str) -> int | None:
    found = re.match(r"\d+", text)
    return int(found[0]) if found else None


_CHECKS: dict[str, Callable[[LegalCitation], Answers]] = {
    "statute": _code,
    "regulation": _code,
    "uniform": _uniform,
    "rule": _rule,
    "constitution": _constitution,
    "restatement": _restatement,
}
