"""Quantities in running text: numbers with unit, percent, comparator and range, dates, and number words.

Values are compared after unit conversion only where that is unambiguous (1 g = 1,000 mg; 24 h = 1 day); months and
years are never turned into days, nor compound units (mg/kg) into anything. A number inside an identifier, a version or
a reporter's name (IL-4, 3.13.5, F.3d) is no quantity: see `assay.textual.names`.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import NamedTuple

from assay.textual.units import SCALES, UNITS

Comparator = str
"""One of "", "=", "<", "<=", ">", ">=", "~", "within"."""


class Quantity(NamedTuple):
    """text[start:end] states `value` of `unit` ("" for a bare number, "date" for a date in ISO form)."""

    value: str
    unit: str
    comparator: Comparator
    start: int
    end: int

    @property
    def key(self) -> str:
        """Equal for equal quantities, however they are written; leaves the comparator out."""
        return f"{self.value} {self.unit}".strip()


def _in_order(words: str) -> list[str]:
    return words.split()


_MONTHS = {name: number for number, name in enumerate(_in_order("jan feb mar apr may jun jul aug sep oct nov dec"), 1)}
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DATE = re.compile(
    rf"""\b(?:
      (?P<iso>\d{{4}}-\d{{2}}-\d{{2}})
    | (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?(?P<m1>{_MONTH}),?\s+(?P<y1>\d{{4}})
    | (?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y2>\d{{4}}))?
    | (?P<m3>{_MONTH}),?\s+(?P<y3>\d{{4}})
    | (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m4>{_MONTH})
    )(?![\w-])""",
    re.VERBOSE,
)

_ONES = dict(
    zip(
        _in_order(
            """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen"""
        ),
        range(20),
        strict=True,
    )
)
_TENS = dict(zip(_in_order("twenty thirty forty fifty sixty seventy eighty ninety"), range(20, 100, 10), strict=True))
_WORD = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(list(_ONES)[1:10])}))?|{'|'.join(_ONES)})"
_WORDS = rf"{_WORD}(?:[ -]hundred(?:\s+and\s+{_WORD})?)?"

_BEFORE = {
    "<": r"<|less\s+than|fewer\s+than|lower\s+than|smaller\s+than|under|below|shorter\s+than|younger\s+than",
    "<=": r"<=|=<|≤|⩽|at\s+most|(?:no|not)\s+(?:more|greater|later|longer|higher)\s+than|up\s+to|not\s+exceeding"
    r"|(?:does\s+not|not\s+to|may\s+not|shall\s+not)\s+exceed|a\s+maximum\s+of",
    ">": r">|more\s+than|greater\s+than|higher\s+than|larger\s+than|over|above|exceed(?:s|ed|ing)?|longer\s+than"
    r"|older\s+than|in\s+excess\s+of",
    ">=": r">=|=>|≥|⩾|at\s+least|(?:no|not)\s+(?:less|fewer|lower|earlier)\s+than|a\s+minimum\s+of",
    "~": r"~|≈|about|approximately|around|nearly|almost|roughly|circa|some",
    "=": r"(?<![=!<>~])=|equals?|equal\s+to",
    "within": r"within",
}
_AFTER = {
    ">=": r"or\s+(?:more|older|greater|above|higher|longer|later)",
    "<=": r"or\s+(?:less|fewer|younger|below|lower|shorter)",
}
_NUMBER = re.compile(
    rf"""
    (?:\b(?:US|C|A)?(?P<currency>[$€£¥])\s?|(?P<currency2>[$€£¥])\s?)?
    (?P<sign>(?<![\w)\]%.,-])[-±](?=[\d.]))?
    (?:(?<![\w.])(?<![^\W\d_]-)|(?<=[\s(]-)|(?<=±))
    (?: (?P<digits>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?|\.\d+)(?![\d])(?!\.\d)(?!,\d{{3}})
      | (?P<words>\b{_WORDS}\b)
    )
    (?:[\s-]?(?P<scale>thousand|million|billion|trillion|hundred)\b)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True)).replace(r"\ ", r"\s+")
_UNITS = re.compile(rf"[\s-]?(?P<unit>(?:{_UNIT})(?!\w|\.[A-Za-z]))(?P<per>(?:\s?/\s?|\s+per\s+|·)(?:{_UNIT})(?!\w))*")
_BEFORE_RE = re.compile(
    "(?:" + "|".join(rf"(?P<c{i}>{form})" for i, form in enumerate(_BEFORE.values())) + r")\s*(?:a\s+|the\s+)?$",
    re.IGNORECASE,
)
_AFTER_RE = re.compile(
    r"(?:\s+of\s+age)?\s+(?:" + "|".join(rf"(?P<c{i}>{form})" for i, form in enumerate(_AFTER.values())) + r")\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:-|to|and|or)\s?$")


def quantities(text: str) -> list[Quantity]:
    """The quantities of `text` (in normal form, see `assay.textual.normalise`), in order, not overlapping."""
    found = [_date(match) for match in _DATE.finditer(text)]
    taken = [(quantity.start, quantity.end) for quantity in found]
    for match in _NUMBER.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            quantity = _quantity(text, match)
            if quantity is not None:
                found.append(quantity)
    return _ranges_share_units(text, sorted(found, key=lambda quantity: quantity.start))


def _quantity(text: str, match: re.Match[str]) -> Quantity | None:
    place = match.end()
    unit = _UNITS.match(text, place)
    if unit is None and place < len(text) and (text[place].isalnum() or text[place] == "_"):
        return None
    value = _value(match)
    symbol = _symbol(match)
    name, factor = (symbol, Decimal(1)) if symbol else ("", Decimal(1))
    if unit is not None and not symbol:
        place = unit.end()
        name, factor = _unit(unit.group())
    comparator, start = _comparator_before(text, match.start())
    after = _AFTER_RE.match(text, place)
    if not comparator and after is not None:
        comparator, place = _which(after, _AFTER), after.end()
    label = not name and match["digits"] and "." in match["digits"] and not match["scale"]
    number = _as_written(value, match["digits"]) if label else canonical(value * factor)
    return Quantity(number, name, comparator, start, place)


def _symbol(match: re.Match[str]) -> str:
    """The currency sign before a number, or nothing."""
    return match["currency"] or match["currency2"] or ""


def canonical(value: Decimal) -> str:
    """A number's one spelling: no exponent, no trailing zeros."""
    plain = format(value, "f")
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"


def _as_written(value: Decimal, digits: str) -> str:
    """A bare decimal keeps its trailing zeros: it may be a label, and Section 6.10 is not Section 6.1."""
    return f"{'-' if value < 0 else ''}{'0' if digits.startswith('.') else ''}{digits.replace(',', '')}"


def _value(match: re.Match[str]) -> Decimal:
    if match["digits"]:
        value = Decimal(match["digits"].replace(",", ""))
    else:
        value = Decimal(_words_value(match["words"].lower()))
    scale = match["scale"]
    sign = -1 if match["sign"] == "-" else 1
    return sign * value * (SCALES[scale.lower()] if scale else 1)


def _words_value(words: str) -> int:
    total = 0
    for word in re.split(r"[\s-]+", words):
        if word == "hundred":
            total *= 100
        elif word != "and":
            total += _ONES.get(word, _TENS.get(word, 0))
    return total


@functools.lru_cache(maxsize=4096)
def _unit(raw: str) -> tuple[str, Decimal]:
    parts = [re.sub(r"\s+", " ", part.strip(" -\t\n")) for part in re.split(r"\s?/\s?|\s+per\s+|·", raw.strip())]
    known = [UNITS.get(part) or UNITS[part.lower()] for part in parts]
    if len(known) == 1:
        return known[0].base, known[0].factor
    return "/".join(unit.name for unit in known), Decimal(1)


def _comparator_before(text: str, start: int) -> tuple[Comparator, int]:
    window = max(0, start - 28)
    match = _BEFORE_RE.search(text, window, start)
    if match is None or (match.start() > 0 and text[match.start()].isalpha() and text[match.start() - 1].isalnum()):
        return "", start
    return _which(match, _BEFORE), match.start()


def _which(match: re.Match[str], table: dict[str, str]) -> str:
    return next(sign for index, sign in enumerate(table) if match[f"c{index}"])


def _date(match: re.Match[str]) -> Quantity:
    if match["iso"]:
        value = match["iso"]
    else:
        month = match["m1"] or match["m2"] or match["m3"] or match["m4"]
        day = match["d1"] or match["d2"] or match["d4"]
        year = match["y1"] or match["y2"] or match["y3"]
        value = f"{year or '----'}-{_MONTHS[month[:3].lower()]:02d}" + (f"-{int(day):02d}" if day else "")
    return Quantity(value, "date", "", match.start(), match.end())


def _ranges_share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """In "5 to 10 mg" the first number takes the second's unit; a base unit's factor makes that exact only if equal."""
    shared = list(found)
    for index in range(len(found) - 2, -1, -1):
        first, second = shared[index], shared[index + 1]
        between = text[first.end : second.start]
        if first.unit or not second.unit or second.unit == "date" or not _RANGE.fullmatch(between):
            continue
        factor = _factor(text, second)
        shared[index] = first._replace(value=canonical(Decimal(first.value) * factor), unit=second.unit)
    return shared


def _factor(text: str, quantity: Quantity) -> Decimal:
    bare = _NUMBER.search(text, quantity.start, quantity.end)
    unit = _UNITS.match(text, bare.end()) if bare else None
    return _unit(unit.group())[1] if unit else Decimal(1)
