"""Reporters: canonical spelling, dates, volumes, courts. Own facts first, reporters-db for the rest."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module, resources
from types import MappingProxyType
from typing import Any

from assay.domains.legal.citations.neutral import COURTS

_SPACES = re.compile(r"\s+")
# Editions that reporters-db dates from 1750 have no known start.
_PLACEHOLDER_YEAR = 1750
_MARGIN = 2
_PAGES = 2500
# The last volume of an open series is not known; growth since the last known one may be this much faster than before.
_GROWTH = 1.5
# Abbreviations that are also names of states or statutes and never of a reporter in this place.
_NOT_REPORTERS = frozenset({"USC", "CFR", "UCC"})
_DATABASES = MappingProxyType({"WL": "WL", "LEXIS": "LEXIS"})


@dataclass(frozen=True, slots=True)
class Reporter:
    """What is known of one series. `years`: (volume, year) pairs; `first`, `ends`: years; `courts`: path prefixes."""

    name: str
    years: tuple[tuple[int, int], ...] = ()
    last: int | None = None
    first: int | None = None
    ends: int | None = None
    margin: int = _MARGIN
    courts: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    pages: int = _PAGES

    def year_of(self, volume: int) -> float | None:
        """The year about which this volume's decisions were made, interpolated; None outside the known volumes."""
        if not self.years or volume < self.years[0][0]:
            return None
        place = bisect_right(self.years, (volume, 9999))
        if place == len(self.years):
            return float(self.years[-1][1]) if volume == self.years[-1][0] else None
        (low, early), (high, late) = self.years[place - 1], self.years[place]
        return early + (late - early) * (volume - low) / (high - low)

    def most_volumes(self, year: int) -> int | None:
        """The highest volume that can exist in this year; None where nothing is known of the volumes."""
        if self.last is not None:
            return self.last
        if len(self.years) < 2:
            return None
        (low, early), (high, late) = self.years[-2], self.years[-1]
        pace = max((high - low) / max(late - early, 1), 1.0)
        return int(high + _GROWTH * pace * (max(year - late, 0) + 1))


def database() -> Any:
    """The tables of reporters-db, read at the first use (it reads its files when it is imported)."""
    return import_module("reporters_db")


def squeeze(text: str) -> str:
    """The spelling under which reporters are compared: no white space, one apostrophe."""
    return _SPACES.sub("", text).replace("’", "'")


def canonical(text: str) -> str:
    """The canonical spelling of a reporter as written ("F.Supp.2d" -> "F. Supp. 2d"), or "" where there is none."""
    return spellings().get(squeeze(text), "")


@lru_cache(maxsize=512)
def facts(reporter: str) -> Reporter | None:
    """What is known of a reporter in its canonical spelling; None where nothing is."""
    own = _own().get(reporter)
    if own is not None:
        return own
    root = database().EDITIONS.get(reporter)
    if root is None:
        return None
    entries = [entry["editions"][reporter] for entry in database().REPORTERS[root] if reporter in entry["editions"]]
    starts = [_year(entry["start"]) for entry in entries]
    ends = [_year(entry["end"]) for entry in entries]
    known = [year for year in starts if year is not None and year > _PLACEHOLDER_YEAR]
    return Reporter(
        reporter,
        first=min(known) if len(known) == len(starts) else None,
        ends=max((year for year in ends if year is not None), default=None) if None not in ends else None,
    )


@lru_cache(maxsize=1)
def spellings() -> Mapping[str, str]:
    """Squeezed spelling -> canonical reporter: every edition and unambiguous variation of reporters-db, and our own."""
    known = database()
    table: dict[str, str] = {}
    for spelling, editions in known.VARIATIONS_ONLY.items():
        if len(set(editions)) == 1 and editions[0] in known.EDITIONS:
            table[squeeze(spelling)] = editions[0]
    for edition in known.EDITIONS:
        table[squeeze(edition)] = edition
    for spelling in [*table]:
        # "F. Supp., 2d" and "F Supp 2d" are slips of typing that mean the same series
        table.setdefault(spelling.replace(".", ""), table[spelling])
    table |= {squeeze(name): name for name in (*_own(), *COURTS)} | _DATABASES
    for unwanted in _NOT_REPORTERS:
        table.pop(unwanted, None)
    return MappingProxyType(table)


@lru_cache(maxsize=1)
def nominative() -> Mapping[str, tuple[int, int]]:
    """Nominative reporter of the Supreme Court -> first and last volume of United States Reports that it fills."""
    return MappingProxyType({name: (first, last) for name, (first, last) in law()["nominative"].items()})


@lru_cache(maxsize=1)
def law() -> Mapping[str, Any]:
    """The bounds of enacted law, rules and Restatements, from `law.toml`."""
    return _load("law.toml")


@lru_cache(maxsize=1)
def _own() -> Mapping[str, Reporter]:
    return MappingProxyType({name: _reporter(name, entry) for name, entry in _load("reporters.toml").items()})


def _reporter(name: str, entry: Mapping[str, Any]) -> Reporter:
    flat = entry["years"]
    years = tuple(zip(flat[::2], flat[1::2], strict=True))
    closed = entry.get("last")
    return Reporter(
        name,
        years,
        closed,
        years[0][1],
        entry.get("ends", years[-1][1]) if closed is not None else None,
        entry.get("margin", _MARGIN),
        tuple(entry.get("courts", ())),
        tuple(entry.get("levels", ())),
        entry.get("pages", _PAGES),
    )


def _load(name: str) -> Mapping[str, Any]:
    text = resources.files("assay.domains.legal.citations").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _year(value: Any) -> int | None:
    return int(value.year) if value is not None else None
