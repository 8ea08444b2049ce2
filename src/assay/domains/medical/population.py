"""Whom a study is about: the phrase that names people and their condition, with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

_PEOPLE = (
    r"patients|participants|subjects|adults|children|adolescents|infants|neonates|newborns|women|men|people|persons|"
    r"individuals|volunteers|outpatients|inpatients|survivors|smokers|veterans|students|workers|residents|mice|rats|boys|girls"
)
_PHRASE = re.compile(
    rf"\b(?:[\w-]+\s+){{0,3}}?(?:{_PEOPLE})\s+(?:with|undergoing|having|suffering\s+from|hospitali[sz]ed\s+(?:with|for)|"
    r"diagnosed\s+with|admitted\s+(?:with|for|to)|receiving|at\s+risk\s+of|aged|who\s+had|treated\s+(?:with|for))\s+[^.,;:()\[\]\n]{3,70}",
    re.IGNORECASE,
)
_IN_TITLE = re.compile(
    rf"\b(?:in|among|for|of)\s+(?P<who>(?:[\w-]+\s+){{0,4}}(?:{_PEOPLE})\b[^.,;:()\[\]\n?]{{0,70}})", re.IGNORECASE
)
_REACH = 4_000


class Population(NamedTuple):
    """The words, and where text[start:end] holds them (None: they stand in the title)."""

    words: str
    start: int | None
    end: int | None


def population_of(title: str, text: str) -> Population | None:
    """The population of a report, or None where no phrase names one."""
    match = _PHRASE.search(text, 0, _REACH)
    if match:
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        return Population(" ".join(match.group().split()), start, match.start() + len(match.group().rstrip()))
    named = _IN_TITLE.search(title[:500])
    return Population(" ".join(named["who"].split()), None, None) if named else None
