"""Version numbers as documentation writes them, put in order: 3.12, v1.25.0, 2.0rc1, 2026-05-22, "Release 4".

Release numbers follow PEP 440 and Semantic Versioning as far as both agree: numbers first, a pre-release before its
release. A date is a scheme of its own; numbers and dates are never compared. What is neither is no version here.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

_DATE = re.compile(r"\b((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_IN_WORDS = re.compile(
    rf"\b(?:({'|'.join(_MONTHS)})\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+|(\d{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(_MONTHS)}),?\s+)"
    r"((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![\w.])[vV]?(\d{1,6}(?:\.\d{1,6}){0,5})(?:\.(?:x|\*))?"
    r"(?:[-_.]?(a|alpha|b|beta|c|rc|pre|preview|dev|m|snapshot)[-_.]?(\d{0,6}))?(?![\w])",
    re.IGNORECASE,
)
_PRE = {"dev": 0, "snapshot": 0, "a": 1, "alpha": 1, "m": 1, "b": 2, "beta": 2, "c": 3, "rc": 3, "pre": 3, "preview": 3}
_RELEASED = 9


class Version(NamedTuple):
    """A version in order within its scheme. `text` is how it was written, without a leading v."""

    scheme: Literal["number", "date"]
    parts: tuple[int, ...]
    stage: tuple[int, int]
    text: str


def parse_version(text: object) -> Version | None:
    """The first version in `text`, or None. A whole number alone is one ("4"); words around it do not matter."""
    if not isinstance(text, str):
        return None
    words = text[:200]
    date = _DATE.search(words)
    if date:
        return Version("date", tuple(map(int, date.groups())), (_RELEASED, 0), date.group())
    number = _NUMBER.search(words)
    if number is None:
        return None
    label = (number[2] or "").lower()
    stage = (_PRE[label], int(number[3] or 0)) if label else (_RELEASED, 0)
    return Version("number", tuple(map(int, number[1].split("."))), stage, number.group().lstrip("vV"))


def date_in(text: str) -> str:
    """The first date in `text` in ISO form, written in figures or in English words; "" where there is none."""
    figures = _DATE.search(text)
    if figures:
        return figures.group()
    words = _IN_WORDS.search(text)
    if words is None:
        return ""
    month = _MONTHS.index((words[1] or words[4]).lower()) + 1
    return f"{words[5]}-{month:02d}-{int(words[2] or words[3]):02d}"


def at_most(version: Version, target: Version) -> bool | None:
    """Whether `version` had come when `target` was out; None where they cannot be compared.

    A target with fewer parts stands for its whole series: 3.13.2 had come in "3.13".
    """
    if version.scheme != target.scheme:
        return None
    size = len(target.parts)
    ours = _padded(version.parts, size)[:size]
    if ours != target.parts:
        return ours < target.parts
    rest = version.parts[size:]
    if any(rest) or version.stage == target.stage:
        return True
    return version.stage <= target.stage


def later(first: str, second: str) -> str:
    """The later of two versions; where one cannot be read or they cannot be compared, the first."""
    one, other = parse_version(first), parse_version(second)
    if one is None or other is None or one.scheme != other.scheme:
        return first if one is not None or other is None else second
    return first if (_padded(one.parts, 6), one.stage) >= (_padded(other.parts, 6), other.stage) else second


def _padded(parts: tuple[int, ...], size: int) -> tuple[int, ...]:
    return parts + (0,) * (size - len(parts))
