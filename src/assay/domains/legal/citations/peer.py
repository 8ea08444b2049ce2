"""A second reader: eyecite reads what the own grammar does not know (rare reporters, nominative ones). It judges
nothing.

It is asked only about single strings: over a whole opinion of 30,000 characters it takes some 130 ms of CPU, the own
grammar 25. Its look-up of courts scans a table for every citation, so that answers are kept.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import import_module
from typing import Any

from assay.domains.legal.citations.model import LegalCitation

_NEEDS = re.compile(r"\d.*[A-Z].*\d", re.S)
# eyecite takes any capitalised words for the subject of a code; the table in codes.toml knows which there are.
_MOST = 400


def read(text: str) -> LegalCitation | None:
    """The first full case or journal citation that eyecite finds in a short string, or None."""
    if len(text) > _MOST or not _NEEDS.search(text):
        return None
    for found in _get(text):
        kind = type(found).__name__
        cut = text[: found.span()[0]].endswith((".", "-", "/", "$"))  # "12.5 F.3d 100" has no volume 5
        if kind in ("FullCaseCitation", "FullJournalCitation") and not cut:
            return _citation(text, found, kind)
    return None


@lru_cache(maxsize=1024)
def _get(text: str) -> tuple[Any, ...]:
    _prepare()
    return tuple(import_module("eyecite").get_citations(text))


@lru_cache(maxsize=1)
def _prepare() -> None:
    helpers: Any = import_module("eyecite.helpers")
    helpers.get_court_by_paren = lru_cache(maxsize=4096)(helpers.get_court_by_paren)


def _citation(text: str, found: Any, kind: str) -> LegalCitation:
    from assay.domains.legal.courts.names import identify

    groups, meta = found.groups, found.metadata
    start, end = found.full_span()
    core_start, core_end = found.span()
    court_text = (_written_court(text[core_end:end])) if kind == "FullCaseCitation" else ""
    court = identify(court_text) if court_text else None
    plaintiff, defendant = str(getattr(meta, "plaintiff", "") or ""), str(getattr(meta, "defendant", "") or "")
    name = " v. ".join(part for part in (plaintiff, defendant) if part)
    volume, page = str(groups.get("volume") or ""), str(groups.get("page") or "")
    reporter = found.corrected_reporter()
    return LegalCitation(
        kind="case" if kind == "FullCaseCitation" else "journal", text=text[start:end], start=start, end=end,
        core_start=core_start, core_end=core_end, key=f"{volume} {reporter} {page}", name=name, plaintiff=plaintiff,
        defendant=defendant, volume=volume, reporter=reporter, page=page, pin=str(meta.pin_cite or ""),
        year=int(meta.year) if meta.year else None, court=court.id if court else "", court_text=court_text,
        reason="read by eyecite",
    )  # fmt: skip


def _written_court(tail: str) -> str:
    found = re.search(r"\((.{1,60}?)\s*(?:1[6-9]\d\d|20\d\d)\)", tail)
    return found[1].strip(" ,") if found else ""
