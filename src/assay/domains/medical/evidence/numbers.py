"""Whole numbers in running text, in digits and in words ("One hundred and sixty-two"), with their places."""

from __future__ import annotations

import re
from typing import NamedTuple

_ONES = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_ANY = "|".join(sorted({*_ONES, *_TENS, *_SCALES, "hundreds"}, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\w.·,/%$€£<>≥≤±+~*^-])(?:(?P<digits>\d{{1,3}}(?:[, \u2009\u00a0]\d{{3}})+|\d+)"
    rf"(?![.·,]\d|\w|\s?[%/°±×]|[-–]\d)"
    rf"|(?P<words>(?:{_ANY})(?:(?:-|\s{{1,3}}(?:and\s{{1,3}})?)(?:{_ANY})){{0,8}})\b)",
    re.IGNORECASE,
)


class Whole(NamedTuple):
    """text[start:end] states the whole number `value`."""

    value: int
    start: int
    end: int


def whole_numbers(text: str) -> list[Whole]:
    """The whole numbers of `text`, in order; no decimals, percentages, ranges, or parts of identifiers."""
    found: list[Whole] = []
    for match in _NUMBER.finditer(text):
        raw = match.group()
        if raw.lower() in _SCALES:
            continue  # the end of "1.25 million"
        value = int(re.sub(r"\D", "", raw)) if match["digits"] else in_words(raw)
        found.append(Whole(value, match.start(), match.end()))
    return found


def in_words(words: str) -> int:
    """The value of an English number in words: "two hundred and six" is 206."""
    total = part = 0
    for word in re.findall(r"[a-z]+", words.lower()):
        word = word.removesuffix("s") if word == "hundreds" else word
        if word in _ONES:
            part += _ONES[word]
        elif word in _TENS:
            part += _TENS[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total += max(part, 1) * _SCALES[word]
            part = 0
    return total + part
