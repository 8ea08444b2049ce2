"""Which court a name, an abbreviation or an identifier means. Certain or None: it never picks the likeliest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from assay.domains.legal.courts.model import Court
from assay.domains.legal.courts.table import court, courts, states

_SQUEEZE = re.compile(r"[^a-z0-9]+")
_LEAD = re.compile(r"^(?:the|in the)\s+", re.I)
_DATE = re.compile(
    r"[,\s]*\b(?:(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s*)?(?:\d{1,2},\s*)?\d{4}\s*$", re.I
)
_DISTRICT = re.compile(r"[,\s]*\b(1st|2nd|2d|3rd|3d|\d{1,2}th)\s+(?:Dist|Dep|Div)[a-z.'’]*\s*$", re.I)
_PLACE = re.compile(r"[,.\s]+(?:Div\.\s*\d+|[A-Z][a-z]+\s+(?:Cnty|County|Co)\.?)\s*$")
# "Tex. App.—Houston [1st Dist.]": the seat after a dash, which names no other court.
_CITY = re.compile(
    r"\s*[—–][A-Z][A-Za-z ]+(?:\[[^\]]{0,20}\])?\s*$|\s*--?\s*(?=[A-Z])[A-Za-z ]+(?:\[[^\]]{0,20}\])?\s*$"
)
_SERIES = re.compile(r"\s*(?:\dd|\dth)$")
_FLORIDA = re.compile(r"Fla\.?,?\s*(\d)(?:st|d|nd|rd|th)\s+D\.?C\.?A\.?")
_REPORTER_COURT = {
    "U.S.": "us/fed/scotus", "S. Ct.": "us/fed/scotus", "L. Ed.": "us/fed/scotus", "L. Ed. 2d": "us/fed/scotus",
}  # fmt: skip


def identify(text: str, reporter: str = "") -> Court | None:
    """The court that `text` names: "9th Cir.", "S.D.N.Y.", "Cal. Ct. App.", "ca9", a full name, or a path.

    A trailing date is ignored. With an empty text the reporter alone decides, where it reports one court. None when no
    single court is meant.
    """
    cleaned = _CITY.sub("", _DATE.sub("", text.strip().strip("()"))).strip(" ,;")
    if not cleaned:
        return court(_REPORTER_COURT.get(reporter, "")) or _of_reporter(reporter)
    found = _look(cleaned)
    if found is not None:
        return found
    florida = _FLORIDA.fullmatch(cleaned)
    if florida is not None:
        return court(f"us/state/fl/app/{florida[1]}")
    part = _DISTRICT.search(cleaned)
    if part is not None:
        base = _look(cleaned[: part.start()])
        number = re.sub(r"\D", "", part[1])
        return (court(f"{base.id}/{number}") or base) if base is not None else None
    place = _PLACE.search(cleaned)
    return _look(cleaned[: place.start()]) if place is not None else None


def normalise_path(text: str) -> str:
    """The jurisdiction or court path that `text` means: "us/ca9" -> "us/fed/ca9", "California" -> "us/state/ca".

    A bare state abbreviation or name is the state; a court's name or abbreviation is the court; "" means nothing.
    """
    value = text.strip()
    lowered = value.lower().strip("/")
    if lowered in ("us", "us/fed", "us/state"):
        return lowered
    if lowered.startswith("us/"):
        return _path(lowered)
    state = _state_names().get(_key(value))
    if state is not None:
        return f"us/state/{state}"
    found = identify(value)
    return found.id if found is not None else ""


def _path(lowered: str) -> str:
    parts = lowered.split("/")
    if parts[1] in ("fed", "state"):
        rest = parts
    elif parts[1] in states():
        rest = ["us", "state", *parts[1:]]
    else:
        rest = ["us", "fed", *parts[1:]]
    path = "/".join(rest)
    if court(path) is not None:
        return path
    if len(rest) >= 3 and rest[1] == "state" and rest[2] in states():
        return path if len(rest) == 3 else ""
    return ""


def _look(text: str) -> Court | None:
    path = _names().get(_key(_LEAD.sub("", text)))
    return court(path or "") or court(text)


def _of_reporter(reporter: str) -> Court | None:
    from assay.domains.legal.citations.reporters import facts

    known = facts(reporter)
    if known is not None and len(known.courts) == 1 and (only := court(known.courts[0])) is not None:
        return only
    return court(_state_reporters().get(_SERIES.sub("", reporter), ""))


@lru_cache(maxsize=1)
def _state_reporters() -> Mapping[str, str]:
    """Official reporters named after their court: "N.H." -> its highest court, "Cal. App." -> its court of appeal."""
    table: dict[str, str] = {}
    for item in courts():
        if item.system != "state" or item.id.count("/") != 3 or item.state == "dc":
            continue
        abbreviation = states()[item.state].abbreviation
        if item.level == "last_resort":
            table.setdefault(abbreviation, item.id)
        elif item.level == "intermediate" and item.id.endswith("/app"):
            table |= {f"{abbreviation} App.": item.id, f"{abbreviation} Ct. App.": item.id}
    return MappingProxyType(table)


def _key(text: str) -> str:
    return _SQUEEZE.sub("", text.lower().replace("’", "'").replace("&", "and"))


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    """Squeezed name -> path. A name that two courts share stands for neither, unless one holds the other."""
    table: dict[str, str] = {}
    clash: set[str] = set()
    for item in courts():
        for name in _variants(item):
            key = _key(name)
            other = table.setdefault(key, item.id)
            if other != item.id and not item.id.startswith(f"{other}/"):
                clash.add(key)
    return MappingProxyType({key: path for key, path in table.items() if key not in clash})


def _variants(item: Court) -> Iterator[str]:
    if not (item.system == "state" and item.id.count("/") == 4):  # a district of a court shares its abbreviation
        yield item.abbreviation
    yield item.name
    yield from item.aliases
    bare = re.sub(r"^United States ", "", item.name)
    if bare != item.name:
        yield from (bare, f"U.S. {bare}", f"US {bare}")
    if item.system == "state":
        yield from _state_variants(item)


def _state_variants(item: Court) -> Iterator[str]:
    state = states()[item.state].name
    if item.id.count("/") == 3 and item.level == "intermediate":
        yield re.sub(r"\b(?:Dist\. )?Ct\. ?|\bSuper\. (?=.*App)", "", item.abbreviation)
        yield re.sub(r"\bCt\. ?", "", item.abbreviation)
    if item.name.startswith(f"{state} "):
        rest = item.name.removeprefix(f"{state} ")
        yield from (f"{rest} of {state}", f"{rest} of the State of {state}", f"{state} State {rest}")
    matched = re.fullmatch(r"(.+) of " + re.escape(state), item.name)
    if matched is not None:
        yield from (f"{state} {matched[1]}", f"{matched[1]} of the State of {state}")


@lru_cache(maxsize=1)
def _state_names() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for code, state in states().items():
        for name in (state.name, f"State of {state.name}", f"Commonwealth of {state.name}", state.abbreviation):
            table[_key(name)] = code
    for code in states():
        table.setdefault(code, code)
    return MappingProxyType(table)
