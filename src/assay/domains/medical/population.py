"""Whom a study is about: the phrase that names people and their condition, with its place."""

from __future__ import annotations

import re
from typing import NamedTuple

_PEOPLE = (
    r"patients|participants|subjects|adults|children|adolescents|infants|neonates|newborns|women|men|people|persons|"
    r"individuals|volunteers|outpatients|inpatients|survivors|smokers|veterans|students|workers|residents|mice|rats|boys|girls"
)
_CORE = (
    rf"(?:{_PEOPLE})\s+(?:with|undergoing|having|suffering\s+from|hospitali[sz]ed\s+(?:with|for)|"
    r"diagnosed\s+with|admitted\s+(?:with|for|to)|receiving|at\s+risk\s+of|aged|who\s+had|treated\s+(?:with|for))\s+[^.,;:()\[\]\n]{3,70}"
)
_NAMED = re.compile(rf"\b{_CORE}", re.IGNORECASE)
_PHRASE = re.compile(rf"\b(?:[\w-]+\s+){{0,3}}?{_CORE}", re.IGNORECASE)
_LEAD = 300
"""Characters before the people in which the three words that lead in are looked for."""
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
    # The people are found first: trying three words before each place of the text costs ten times as much.
    people = _NAMED.search(text, 0, _REACH)
    match = _PHRASE.search(text, max(0, people.start() - _LEAD), _REACH) if people else None
    if match:
        start = match.start() + len(match.group()) - len(match.group().lstrip())
        return Population(" ".join(match.group().split()), start, match.start() + len(match.group().rstrip()))
    named = _IN_TITLE.search(title[:500])
    return Population(" ".join(named["who"].split()), None, None) if named else None
