"""Consistency checks: do the parts of one citation fit together? Volume with year, reporter with court, court with
date, pin with first page, nominative with volume, parallel with parallel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assay.domains.legal.citations.model import Flag, LegalCitation
from assay.domains.legal.citations.neutral import COURTS, is_neutral, split_key
from assay.domains.legal.citations.reporters import canonical, facts, nominative
from assay.domains.legal.courts.names import identify
from assay.domains.legal.courts.table import court

Answers = Iterator[tuple[bool, str]]
# Courts of appeals' reporters held district courts too until the Federal Supplement began.
_SUPPLEMENT_BEGAN = 1932
# A volume of the early reporters gathers the decisions of many years (2 Dallas: 1781 to 1798).
_EARLY, _EARLY_MARGIN = 1850, 7
_NAMED_COURT = re.compile(r"\b(?:Cir|D|Ct|App|Bankr|Div)\.|^[A-Z][a-z]*\.$|^(?:[A-Z]\.)+")


def check(citation: LegalCitation) -> Flag:
    """False with the first parts that contradict each other, True where some were compared, else None."""
    held: list[str] = []
    for answer, reason in _answers(citation):
        if not answer:
            return Flag(False, reason)
        held.append(reason)
    return Flag(True, "; ".join(held)) if held else Flag(None, "there are no two parts to compare")


def _answers(x: LegalCitation) -> Answers:
    if x.kind != "case" or x.form == "id" or x.form == "supra":
        return
    for volume, reporter in _cited(x):
        yield from _year(volume, reporter, x.year)
        yield from _court(reporter, x)
    yield from _own_court(x)
    yield from _pin(x)
    yield from _nominative(x)
    yield from _parallels(x)


def _cited(x: LegalCitation) -> Iterator[tuple[int, str]]:
    if x.volume.isdigit():
        yield int(x.volume), x.reporter
    for key in x.parallel:
        found = split_key(key)
        if found is not None:
            yield found[0], found[1]


def _year(volume: int, reporter: str, year: int | None) -> Answers:
    if year is None:
        return
    if is_neutral(reporter):
        # A database files a decision by its date; a number given at the turn of a year may be of the other one.
        slack = 1 if reporter == "WL" or reporter.endswith("LEXIS") else 0
        yield abs(volume - year) <= slack, f"the number is of {volume} and the decision of {year}"
        return
    known = facts(reporter)
    about = known.year_of(volume) if known is not None else None
    if known is not None and about is not None:
        margin = known.margin + (_EARLY_MARGIN if about < _EARLY else 0)
        yield (
            abs(year - about) <= margin,
            f"volume {volume} of {reporter} is of about {round(about)}, the citation says {year}",
        )


def _court(reporter: str, x: LegalCitation) -> Answers:
    numbered = COURTS.get(reporter, "")
    if numbered and x.court:
        one, other = sorted((numbered, x.court), key=len)
        yield (
            f"{other}/".startswith(f"{one}/"),
            f"{reporter} numbers decisions of {numbered}, the citation names {x.court}",
        )
        return
    known = facts(reporter)
    if known is None or not x.court or not known.courts:
        return
    place = court(x.court)
    inside = any(x.court == path or x.court.startswith(f"{path}/") for path in known.courts)
    name = place.name if place is not None else x.court
    yield inside, f"{reporter} {'reports' if inside else 'does not report'} the {name}"
    if inside and known.levels and place is not None and not (x.year is not None and x.year < _SUPPLEMENT_BEGAN):
        yield (
            place.level in known.levels,
            f"{reporter} {'reports' if place.level in known.levels else 'does not report'} the {name}",
        )


def _own_court(x: LegalCitation) -> Answers:
    if x.court_text and not x.court and _NAMED_COURT.search(x.court_text) and identify(x.court_text) is None:
        yield not _looks_federal(x.court_text), f"there is no court {x.court_text}"
        return
    place = court(x.court)
    if place is None or x.year is None:
        return
    if place.since:
        yield x.year >= int(place.since[:4]), f"the {place.name} began in {place.since[:4]}"
    if place.until:
        yield x.year <= int(place.until[:4]), f"the {place.name} ended in {place.until[:4]}"


def _looks_federal(text: str) -> bool:
    """Whether the words have the form of a federal court, of which the table holds all."""
    return (
        re.fullmatch(r"(?:Bankr\.\s*)?(?:[NSEWMC]\.\s?)?D\.\s?[A-Z][\w. ]*|\d+(?:st|nd|rd|d|th) Cir\.", text)
        is not None
    )


def _pin(x: LegalCitation) -> Answers:
    first = re.match(r"\d+", x.pin)
    if first is None or not x.page.isdigit() or is_neutral(x.reporter):
        return
    pin, page = int(first[0]), int(x.page)
    yield pin >= page, f"the pin cite {pin} stands {'on or after' if pin >= page else 'before'} the first page {page}"


def _nominative(x: LegalCitation) -> Answers:
    if not x.nominative or x.reporter != "U.S." or not x.volume.isdigit():
        return
    number, _, name = x.nominative.partition(" ")
    span = nominative().get(name) or nominative().get(f"{name}.")
    if span is None:
        return
    own = int(x.volume) - span[0] + 1
    yield (
        own == int(number) and int(x.volume) <= span[1],
        f"{x.volume} U.S. is {own} {name}, the citation says {x.nominative}",
    )


def _parallels(x: LegalCitation) -> Answers:
    """Volumes of two series that were cited for one decision must be of about one year, even where none is given."""
    years = []
    for volume, reporter in _cited(x):
        known = facts(canonical(reporter) or reporter)
        about = float(volume) if is_neutral(reporter) else known.year_of(volume) if known is not None else None
        if about is not None:
            early = _EARLY_MARGIN if about < _EARLY else 0
            years.append((about, (known.margin if known is not None else 1) + early, reporter))
    for (one, slack, left), (other, room, right) in pairwise(years):
        yield abs(one - other) <= slack + room, f"{left} and {right} are of about {round(one)} and {round(other)}"
