"""Paths of jurisdictions: what holds what, and which forum a question names. Words only; a bare state in a case name is
no forum, and a question that names none gets none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assay.domains.legal.courts.model import Court
from assay.domains.legal.courts.names import identify
from assay.domains.legal.courts.table import court, courts, states

_ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh")
_CIRCUIT = re.compile(
    r"\b(?:(?P<word>" + "|".join(_ORDINALS) + r")|(?P<number>\d{1,2})(?:st|nd|rd|d|th)"
    r"|(?P<dc>D\.?C\.?|District\s+of\s+Columbia)|(?P<federal>Federal))"
    r"\s+Cir(?:cuit\b|\.)(?!\s+Court\s+of\s+Cook)", re.I,
)  # fmt: skip
_DISTRICT = re.compile(
    r"\b(?:Bankr\.\s*)?(?:[NSEWMC]\.\s?)?D\.\s?(?:[A-Z]\.\s?){0,3}(?:\s?[A-Z][a-z]+\.?){0,2}"
    r"|\b(?:(?:Northern|Southern|Eastern|Western|Middle|Central)\s+)?District\s+of\s+(?:[A-Z][a-z]+\s?){1,3}"
)
_FEDERAL = re.compile(r"\b(?:in\s+)?federal\s+(?:district\s+)?courts?\b", re.I)
_TAIL = (
    r"(?:\s+(?:state\s+)?(?:law|courts?|statutes?|precedents?|common\s+law|rules?|contract\s+law|tort\s+law|cases?|case\s+law|"
    r"decisions?|Supreme\s+Court|Court\s+of\s+Appeals?|judges?|jurisdiction))"
)


def contains(jurisdiction: str, path: str) -> bool:
    """Whether a path lies in a jurisdiction: `us` holds all, `us/fed/ca9` its districts, `us/state/ca` its courts."""
    if not jurisdiction or not path:
        return False
    return path == jurisdiction or path.startswith(f"{jurisdiction}/")


def forums_in(text: str) -> tuple[tuple[str, int, int], ...]:
    """The forums that a question names, as (path, start, end) in order: circuits, districts, courts by name, states
    ("under California law", "in Texas", "New York courts"), "federal court". A state inside a case name is none."""
    found = sorted(_all(text), key=lambda item: (item[1], -item[2]))
    kept: list[tuple[str, int, int]] = []
    for path, start, end in found:
        if kept and start < kept[-1][2]:
            continue
        kept.append((path, start, end))
    return tuple(kept)


def _all(text: str) -> Iterator[tuple[str, int, int]]:
    yield from _circuits(text)
    for found in _DISTRICT.finditer(text):
        named = _longest(found[0])
        if named is not None:
            yield named[0].id, found.start(), found.start() + named[1]
    for found in _court_names().finditer(text):
        named_court = identify(found[0])
        if named_court is not None:
            yield named_court.id, found.start(), found.end()
    yield from _states(text)
    for found in _FEDERAL.finditer(text):
        yield "us/fed", found.start(), found.end()


def _circuits(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _CIRCUIT.finditer(text):
        if found["federal"]:
            path = "us/fed/cafc" if found["federal"][0] == "F" else ""
        elif found["dc"]:
            path = "us/fed/cadc"
        elif found["word"]:
            path = f"us/fed/ca{_ORDINALS.index(found['word'].capitalize()) + 1}"
        else:
            path = f"us/fed/ca{int(found['number'])}"
        if court(path) is not None:
            yield path, found.start(), found.end()


def _longest(text: str) -> tuple[Court, int] | None:
    """The court that the longest beginning of these words names, and how many characters it takes."""
    ends = [m.end() for m in re.finditer(r"\S+", text)]
    for end in reversed(ends):
        found = identify(text[:end])
        if found is not None and found.level == "trial" and found.system == "fed":
            return found, end
    return None


def _states(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _state_pattern().finditer(text):
        name = found["in"] or found["law"] or found["of"]
        code = _codes().get(re.sub(r"\s+", " ", name).lower())
        if code is not None and not _is_party(text, found):
            group = "in" if found["in"] else "law" if found["law"] else "of"
            yield f"us/state/{code}", found.start(group), found.end(group)


def _is_party(text: str, found: re.Match[str]) -> bool:
    before, after = text[max(0, found.start() - 4) : found.start()], text[found.end() : found.end() + 5]
    return bool(re.search(r"v\.\s*$", before)) or bool(re.match(r"\s+vs?\.", after))


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    return {state.name.lower(): code for code, state in states().items()}


@lru_cache(maxsize=1)
def _state_pattern() -> re.Pattern[str]:
    names = "|".join(
        re.escape(s.name).replace(r"\ ", r"\s+") for s in sorted(states().values(), key=lambda s: -len(s.name))
    )
    return re.compile(
        rf"\b(?:in|within|under)\s+(?:the\s+)?(?:State\s+of\s+|Commonwealth\s+of\s+)?(?P<in>{names})\b(?!\s+v\.)(?!\s+(?:University|Times|Bank))"
        rf"|\b(?P<law>{names})(?:'s|’s)?(?={_TAIL}\b)"
        rf"|\b(?:laws?|courts?|State|Commonwealth|statutes?)\s+of\s+(?:the\s+)?(?P<of>{names})\b"
    )


@lru_cache(maxsize=1)
def _court_names() -> re.Pattern[str]:
    """Full names of state courts and special federal courts, longest first."""
    full = {item.name for item in courts() if item.system == "state" or item.level == "special"}
    for state in states().values():
        full |= {f"{state.name} Supreme Court", f"{state.name} Court of Appeals", f"{state.name} Court of Appeal"}
    names = sorted(full, key=lambda name: -len(name))
    return re.compile(r"\b(?:" + "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names) + r")\b")
