"""Whether two case names mean one case: abbreviations, missing first names and endings do not matter, parties do."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from importlib import resources

_WORD = re.compile(r"[\w'’&]+")
_DROPPED = frozenset(
    [
        "the",
        "of",
        "and",
        "in",
        "re",
        "ex",
        "parte",
        "matter",
        "inc",
        "co",
        "corp",
        "ltd",
        "llc",
        "llp",
        "lp",
        "na",
        "pc",
        "sa",
        "plc",
        "al",
        "et",
        "company",
        "corporation",
        "incorporated",
        "limited",
        "no",
        "v",
        "vs",
        "us",
        "usa",
        "&",
        "an",
        "a",
        "for",
        "on",
        "behalf",
        "rel",
        "estate",
        "petitioner",
        "respondent",
        "appellant",
        "appellee",
        "plaintiff",
        "defendant",
        "jr",
        "sr",
        "ii",
        "iii",
    ]
)
_GOVERNMENT = ("united states", "u.s.", "state", "people", "commonwealth", "government")


def same_name(one: str, other: str) -> bool:
    """Whether the parties agree: on each side, and for one side alone, a telling word in common.

    "Twombly" matches "Bell Atlantic Corp. v. Twombly"; "Bell Atl. v. Smith" does not.
    """
    left, right = _sides(one), _sides(other)
    if len(left) == 1 or len(right) == 1:
        single, whole = (left[0], right) if len(left) == 1 else (right[0], left)
        return any(_agree(single, side) for side in whole)
    straight = _agree(left[0], right[0]) and _agree(left[1], right[1])
    turned = _agree(left[0], right[1]) and _agree(left[1], right[0])  # the appeal may turn the parties round
    return straight or turned


def _sides(name: str) -> list[str]:
    parts = re.split(r"\s(?:v|vs|V)\.?\s", name, maxsplit=1)
    return [part for part in parts if part.strip()] or [""]


def _agree(one: str, other: str) -> bool:
    if _government(one) and _government(other):
        return True
    left, right = _telling(one), _telling(other)
    if not left or not right:
        return one.strip().lower().rstrip(".") == other.strip().lower().rstrip(".")
    short, long = sorted((left, right), key=len)
    hits = sum(any(_like(a, b) for b in long) for a in short)
    return hits * 2 >= len(short) and hits > 0


def _government(side: str) -> bool:
    lowered = side.strip().lower()
    return any(lowered.startswith(word) for word in _GOVERNMENT)


def _telling(side: str) -> list[str]:
    words = [word.replace("’", "'").lower() for word in _WORD.findall(side)]
    return [word for word in words if word.strip("'") not in _DROPPED and len(word) > 1]


def _like(one: str, other: str) -> bool:
    if one == other or one in _expansions().get(other, ()) or other in _expansions().get(one, ()):
        return True
    short, long = sorted((one.replace("'", ""), other.replace("'", "")), key=len)
    return len(short) >= 3 and long.startswith(short)


@lru_cache(maxsize=1)
def _expansions() -> dict[str, tuple[str, ...]]:
    """Abbreviation -> words, from reporters-db's table of case-name abbreviations (BSD-2-Clause)."""
    text = resources.files("reporters_db").joinpath("data/case_name_abbreviations.json").read_text(encoding="utf-8")
    table: dict[str, tuple[str, ...]] = {}
    for abbreviation, words in json.loads(text).items():
        table[abbreviation.strip(".").lower()] = tuple(word.lower() for word in words)
    return table
