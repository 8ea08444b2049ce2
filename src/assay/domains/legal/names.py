"""Names of cases as look-up keys: "name:roe v wade", and "name:roe" for a party's distinctive name."""

from __future__ import annotations

import re
from functools import lru_cache

from assay.textual.tokens import fold

_LISTED = """united states people state commonwealth government city county town village board commission commissioner
    department secretary attorney general director warden national american federal trustees university school
    north south east west new saint san los las santa first second third trust union local international estate
    alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois
    indiana
    iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska
    nevada hampshire jersey mexico york carolina dakota ohio oklahoma oregon pennsylvania rhode tennessee texas utah
    vermont virginia washington wisconsin wyoming columbia puerto rico congress court supreme circuit act
    company bank corp inc doe re matter estate the of insurance co district ex parte in"""
_COMMON = frozenset(_LISTED.split())
_VERSUS = re.compile(r"\s+v(?:s|ersus)?\.?\s+", re.IGNORECASE)
_SUFFIX = re.compile(r"\b(?:inc|corp|co|ltd|llc|l l c|llp|plc|et al|the)\b")


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """The key of a case's full name; "" for what is none ("Roe" alone)."""
    sides = [_plain(side) for side in _VERSUS.split(name, maxsplit=1)]
    if len(sides) == 2 and all(sides):
        return f"name:{sides[0]} v {sides[1]}"
    plain = _plain(name)
    return f"name:{plain}" if plain.startswith(("in re ", "ex parte ", "matter of ", "estate of ")) else ""


def short_keys(name: str) -> tuple[str, ...]:
    """Keys of the distinctive party names of a case: its first words on each side that are not of everyday use."""
    found = []
    for side in _VERSUS.split(name, maxsplit=1):
        words = [word for word in _plain(side).split() if word not in _COMMON]
        if words and len(words[0]) > 2 and not words[0].isdigit():
            found.append(f"name:{words[0]}")
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    folded = re.sub(r"[^\w\s]+", " ", fold(text).lower().replace("’", "'").replace("'", ""))
    return " ".join(_SUFFIX.sub(" ", folded).split())
