"""Neutral citations: which court the letters stand for. Sources: the public-domain citation rules of each state."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

COURTS: Mapping[str, str] = MappingProxyType(
    {
        "IL": "us/state/il/supreme",
        **{f"IL App ({n})": f"us/state/il/app/{n[0]}" for n in ("1st", "2d", "2nd", "3d", "3rd", "4th", "5th")},
        "Ohio": "us/state/oh",
        "CO": "us/state/co/supreme",
        "COA": "us/state/co/app",
        "NMSC": "us/state/nm/supreme",
        "NMCA": "us/state/nm/app",
        "NCSC": "us/state/nc/supreme",
        "NCCOA": "us/state/nc/app",
        "ND": "us/state/nd/supreme",
        "SD": "us/state/sd/supreme",
        "UT": "us/state/ut/supreme",
        "UT App": "us/state/ut/app",
        "WI": "us/state/wi/supreme",
        "WI App": "us/state/wi/app",
        "WY": "us/state/wy/supreme",
        "MT": "us/state/mt/supreme",
        "ME": "us/state/me/supreme",
        "VT": "us/state/vt/supreme",
        "OK": "us/state/ok/supreme",
        "OK CR": "us/state/ok/crim-app",
        "OK CIV APP": "us/state/ok/civ-app",
        "PA Super": "us/state/pa/superior",
        "AZ": "us/state/az/supreme",
        "NH": "us/state/nh/supreme",
    }
)

# How the parts are joined: "2013-Ohio-1234", "2019 IL 123456".
DASHED = frozenset(("Ohio", "NMSC", "NMCA", "NCSC", "NCCOA"))

_KEY = re.compile(r"^(\d+)([ -])(.+)\2(\S+)$")


def is_neutral(reporter: str) -> bool:
    """Whether the number before this reporter is a year: neutral citations, Westlaw, Lexis."""
    return reporter in COURTS or reporter == "WL" or reporter.endswith("LEXIS")


def split_key(key: str) -> tuple[int, str, str] | None:
    """Volume, reporter and page of a case's key; None where it has no numbered volume."""
    found = _KEY.match(key)
    return (int(found[1]), found[3], found[4]) if found else None
