"""Rules that change a quantity: a number, a unit, a date. Section numbers, versions and citations are no quantities."""

from __future__ import annotations

import re
from collections.abc import Iterator

from benchmarks.verification import tables
from benchmarks.verification.change import CITATION, Change, in_code, in_quotation, like, replace
from benchmarks.verification.corpora import Source
from benchmarks.verification.draw import number, pick
from benchmarks.verification.tables import only

_SPELT = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fourteen": 14, "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40,
    "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_WORDS = "|".join(sorted(_SPELT, key=len, reverse=True))
_COMPOUND = r"(?:hundred|thousand|million|billion|one|two|three|four|five|six|seven|eight|nine|dozen)"
_SPELT_WITH_DIGITS = re.compile(rf"\b({_WORDS}) \((\d+)\)", re.I)
_SPELT_ALONE = re.compile(rf"(?<![\w-])({_WORDS})(?![\w-])(?! \(\d)(?!\s+{_COMPOUND}\b)", re.I)
_DIGITS = re.compile(
    r"(?<![\w.,·/§:#`'’‘*^~\[\]&{-])(?<!\((?=\d{1,3}\)))\d{1,3}(?:(?:,\d{3})+|"
    r"\d*)(?:[.·]\d+)?(?![\w/:`'’\]&(+])(?!\.\d)(?!-(?!week|month|year|day|hour|"
    r"minute|fold|point|item|mg))(?!,\d)"
)
_NOT_A_QUANTITY = re.compile(
    r"(?:\b(?:sections?|secs?\.?|rules?|articles?|chapters?|titles?|nos?\.?|figures?|tables?|parts?|"
    r"paragraphs?|exhibits?|"
    r"schedules?|annex|appendix|clauses?|versions?|python|django|numpy|pandas|releases?|phase|stage|grade|type|groups?|"
    r"levels?|steps?|forms?|counts?|pages?|at|items?|amendments?|and|or|to|through|class|cohort|study|trial|rfc|pep|"
    r"issue|vol\.?|exit|code|status|http|utf|iso|subparagraphs?|subsections?|unix|windows|arm|aim|domains?|model|isbn|"
    r"line|column|vitamin|omega|chromosome|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|article)|§§?|\$)\s*$",
    re.I,
)


def numbers(text: str, source: Source) -> Iterator[Change]:
    """A figure or a spelt number becomes another; "thirty (30)" changes in both places."""
    if CITATION.search(text):
        return
    for match in _SPELT_WITH_DIGITS.finditer(text):
        old = _SPELT.get(match[1].lower())
        if old == int(match[2]):
            word = pick([w for w, v in _SPELT.items() if v != old and _near(v, old)], text, match.start())
            yield replace(text, match.span(), f"{like(match[1], word)} ({_SPELT[word]})", "spelt number with figure")
    for match in _SPELT_ALONE.finditer(text):
        if not _barred(text, match.start()) and not re.match(r"\s+(?:or|to)\b", text[match.end() :]):
            old = _SPELT[match[1].lower()]
            if others := [w for w, v in _SPELT.items() if v != old and _near(v, old)]:
                yield replace(text, match.span(), like(match[0], pick(others, text, match.start())), "spelt number")
    for match in _DIGITS.finditer(text):
        if not _barred(text, match.start()) and not _is_year(match[0]) and match[0] not in ("0", "1"):
            after = _other(
                match[0], text, match.start(), percent=bool(re.match(r"\s*(?:%|percent|per cent)", text[match.end() :]))
            )
            if after:
                yield replace(text, match.span(), after, "figure")


def _near(value: int, old: int) -> bool:
    return old / 4 <= value <= old * 4


def _barred(text: str, start: int) -> bool:
    return bool(_NOT_A_QUANTITY.search(text[:start])) or in_code(text, start) or in_quotation(text, start)


def _is_year(figure: str) -> bool:
    return bool(re.fullmatch(r"1[6-9]\d\d|20\d\d", figure))


def _other(figure: str, text: str, start: int, *, percent: bool) -> str:
    """Another figure of the same shape; another value for certain; at most 100 for a percentage."""
    plain = figure.replace(",", "").replace("·", ".")
    value = float(plain)
    options = [shape for shape in (_digit_changed(figure, text, start), _swapped(figure), _shifted(figure)) if shape]
    good = []
    for option in options:
        new = float(option.replace(",", "").replace("·", "."))
        if new != value and new > 0 and not (percent and new > 100) and not re.match(r"0\d", option):
            good.append(option)
    good = [g for g in good if not re.search(rf"(?<![\d.]){re.escape(g)}(?![\d.])", text)]
    return pick(good, text, start, "figure") if good else ""


def _digit_changed(figure: str, text: str, start: int) -> str:
    places = [i for i, c in enumerate(figure) if c.isdigit() and not (c == "0" and i == 0)]
    if not places:
        return ""
    at = pick(places, text, start, "place")
    digit = str((int(figure[at]) + 1 + number(text, start, "digit") % 8) % 10)
    if digit == "0" and at == 0:
        digit = "4" if figure[at] != "4" else "6"
    return figure[:at] + digit + figure[at + 1 :]


def _swapped(figure: str) -> str:
    found = re.search(r"(\d)(\d)(?=\D*$)", figure)
    if not found or found[1] == found[2]:
        return ""
    return figure[: found.start()] + found[2] + found[1] + figure[found.end() :]


def _shifted(figure: str) -> str:
    if re.fullmatch(r"0\.0\d+", figure):
        return "0." + figure[3:]
    if re.fullmatch(r"[1-9]\d?", figure):
        return figure + "0"
    return ""


_UNITS = tables.UNITS
_QUANTITY = rf"(?:\d[\d,]*(?:[.·]\d+)?|\)|\b(?:one|{_WORDS}|hundred|thousand))"
_UNIT_WORDS = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_UNIT = re.compile(rf"({_QUANTITY})( ?-?)({_UNIT_WORDS})(?![\w])")
_RATES = only(tables.RATES)
_RATE = re.compile(r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(_RATES, key=len, reverse=True))) + r")(?![\w-])")
_POINTS = re.compile(r"(?<=by )(\d+(?:[.·]\d+)?)(?:%| percent| per cent)(?! (?:CI|confidence))")


def units(text: str, source: Source) -> Iterator[Change]:
    """The unit of a quantity becomes another of the same kind; a rate gets another base; per cent become points."""
    if CITATION.search(text):
        return
    for match in _UNIT.finditer(text):
        if _not_a_unit(text, match) or in_code(text, match.start()):
            continue
        options = [unit for unit in _UNITS[match[3]] if not re.search(rf"\d {unit}\b", text)]
        if options:
            yield replace(text, match.span(3), pick(options, text, match.start(), "unit"), "unit")
    for match in _RATE.finditer(text):
        if (
            re.search(r"\d|" + _WORDS, text[max(0, match.start() - 30) : match.start()])
            and _RATES[match[0]] not in text
        ):
            yield replace(text, match.span(), _RATES[match[0]], "rate")
    for match in _POINTS.finditer(text):
        yield replace(text, match.span(), f"{match[1]} percentage points", "percent to points")


def _not_a_unit(text: str, match: re.Match[str]) -> bool:
    unit, joint, after = match[3], match[2], text[match.end() :]
    if match[1] == ")" and not re.search(r"\(\d+\)$", text[: match.end(1)]):
        return True
    if re.match(r"-?olds?\b", after) and unit not in ("year", "month"):
        return True
    short = unit in (
        "g",
        "l",
        "L",
        "h",
        "min",
        "bit",
        "byte",
        "s",
        "m",
        "day",
        "month",
        "year",
        "hour",
        "minute",
        "second",
        "week",
    )
    singular = short and len(unit) > 2 and joint != "-"  # "one day", "the 1 year": plural forms carry the rule
    one = re.search(r"(?<![\d.,])(?:1|one)$", match[1], re.I) is not None
    if (
        joint == " -"
        or (singular and not one)
        or re.search(r"§\s*\d|\b(?:Section|Rule|No\.?)\s$", text[max(0, match.start() - 9) : match.start()])
    ):
        return True
    return bool(re.match(r"\s+(?:Hg|or (?:days|weeks|months|years|hours))", after)) or text[
        max(0, match.start() - 1) : match.start()
    ] in ("-", "`")


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTH = rf"(?:{'|'.join(_MONTHS)})"
_DATE = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?(,? (?:1[6-9]|20)\d\d)?(?!\d|:)")
_EUROPEAN = re.compile(rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th)? ({_MONTH})(,? (?:1[6-9]|20)\d\d)?\b")
_MONTH_YEAR = re.compile(rf"\b({_MONTH})(,? (?:of )?)((?:1[6-9]|20)\d\d)\b")
_YEAR = re.compile(
    r"(?<=\b)(?:[Ii]n|[Ss]ince|[Ff]rom|[Dd]uring|[Bb]etween|[Uu]ntil|[Aa]fter|[Bb]efore|[Bb]y|and|to|"
    r"early|late|through|fiscal|year|of) "
    r"((?:1[7-9]|20)\d\d)\b(?![-–/.]\d|\w|\s*(?:hours?\b|h\b)|\s+(?:[a-z-]+ ){0,2}(?:patients|women|"
    r"men|participants|subjects|children|people|persons|individuals|cases|adults))"
)


def dates(text: str, source: Source) -> Iterator[Change]:
    """A day, a month or a year of a date in prose becomes another. Years within citations stay."""
    if re.search(r"\d{4}\)", text) and CITATION.search(text):
        return
    for match in _DATE.finditer(text):
        yield from _day_or_month(text, match, day=2, month=1)
    for match in _EUROPEAN.finditer(text):
        yield from _day_or_month(text, match, day=1, month=2)
    for match in _MONTH_YEAR.finditer(text):
        yield replace(text, match.span(1), _another_month(match[1], text), "month")
        yield replace(text, match.span(3), _another_year(match[3], text), "year")
    for match in _YEAR.finditer(text):
        before = text[: match.start(1)]
        lone = re.search(r"\b(?:and|to|of) $", before) and not re.search(r"\b(?:1[7-9]|20)\d\d\b|year of $", before)
        if not lone and not re.search(r"\bAct of $|[A-Z]\w+ of $", before) and not in_code(text, match.start()):
            yield replace(text, match.span(1), _another_year(match[1], text), "year")


def _day_or_month(text: str, match: re.Match[str], *, day: int, month: int) -> Iterator[Change]:
    old = int(match[day])
    if not 1 <= old <= 31:
        return
    new = next(n for n in ((old + step - 1) % 28 + 1 for step in range(3 + number(text, "day") % 9, 60)) if n != old)
    suffix = text[match.end(day) : match.end(day) + 2]
    if suffix not in ("st", "nd", "rd", "th"):
        yield replace(text, match.span(day), str(new), "day")
    yield replace(text, match.span(month), _another_month(match[month], text), "month")
    if match[3]:
        year = match[3][-4:]
        yield replace(text, (match.end(3) - 4, match.end(3)), _another_year(year, text), "year")


def _another_month(month: str, text: str) -> str:
    return pick([m for m in _MONTHS if m != month and m not in text], text, "month")


def _another_year(year: str, text: str) -> str:
    steps = [step for step in (-9, -6, -4, -3, -2, -1, 1, 2, 3, 5) if str(int(year) + step) not in text]
    return str(int(year) + pick(steps, text, "year"))
