"""How strong a legal source is: its own rank, and whether it binds in the forum that a question names.

The rules of binding stand in `courts.binds`; here they are applied to documents. Age counts for persuasive authority
alone: binding precedent does not decay. Half-life 25 years, so that it breaks ties and never outweighs rank.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

from assay.domains.legal.courts import Authority, binds, contains, court
from assay.domains.legal.kinds import LAW, UNKNOWN
from assay.domains.legal.sources import level_of, year_of
from assay.types import DocumentInfo, Finding

HALF_LIFE_YEARS = 25.0
_CLASSES = {"yes": "binding", "persuasive": "persuasive", "no": "not citable", "unknown": "unknown"}
_Status = Literal["published", "unpublished", "depublished", "table", "unknown"]
_Part = Literal["majority", "plurality", "concurrence", "dissent", "syllabus", "unknown"]
_STATUS: Mapping[str, _Status] = {name: name for name in get_args(_Status)}
_PARTS: Mapping[str, _Part] = {name: name for name in get_args(_Part)}
_RANK = {"court of last resort": 1.0, "intermediate appellate court": 0.7, "special court": 0.4, "trial court": 0.3}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a source is worth in a forum: "binding", "persuasive", "not citable", "no authority" or "unknown"."""

    value: str
    reason: str


def weight(kind: str, path: str, status: str) -> Finding:
    """The rank of a source by itself, without a forum."""
    if kind in LAW:
        return Finding("weight", "enacted law", f"it is a {kind}; it binds where it is in force")
    if kind in ("contract", "policy"):
        return Finding("weight", "binds its parties alone", f"it is a {kind}, no source of law")
    if kind in ("brief", "complaint"):
        return Finding("weight", "no authority", f"it is a {kind}: what a party argues")
    if kind == "secondary":
        return Finding("weight", "persuasive at most", "it is a secondary source")
    level = level_of(path)
    if not level:
        return Finding("weight", UNKNOWN, "its court is not known")
    how = "" if status == UNKNOWN else f", {status}"
    note = "; binds no other court" if level == "trial court" else ""
    note += "; persuasive at most" if status in ("unpublished", "table") else ""
    found = court(path)
    name = found.name if found is not None else path
    return Finding("weight", f"{level}{how}", f"decided by {name}{note}")


def standing(document: DocumentInfo, forum: str, law: str, as_of: datetime, part: str = "majority") -> Standing:
    """What the document is worth in `forum` on a question of `law` ("federal", a state's path, "" unknown)."""
    meta = document.metadata
    kind = str(meta.get("legal_kind", ""))
    if kind in ("contract", "policy", "brief", "complaint"):
        return Standing("no authority", weight(kind, "", UNKNOWN).reason)
    path = str(meta.get("court_path", ""))
    if kind not in LAW and kind not in ("opinion", "order", "secondary"):
        return Standing("unknown", "it is not known what kind of source it is")
    authority = Authority(
        kind=_citation_kind(kind, meta),
        court=path if kind not in LAW else "",
        jurisdiction=str(meta.get("jurisdiction_path", "")),
        date=str(meta.get("decided", "")),
        status=_STATUS.get(str(meta.get("precedential_status")), "unknown"),
        part=_PARTS.get(part, "unknown"),
    )
    found = binds(authority, forum, law, as_of)
    return Standing(_CLASSES.get(found.value, "unknown"), found.reason)


def _citation_kind(kind: str, meta: Mapping[str, Any]) -> str:
    if kind in ("opinion", "order"):
        return "case"
    if kind == "statute" and meta.get("jurisdiction_path") in ("us", ""):
        return "uniform" if "UCC" in str(meta.get("ucc_section") or meta.get("citation") or "") else "statute"
    return "restatement" if kind == "secondary" else kind


def age_weight(decided: str, today: date) -> float:
    """1 for today, 0.5 after 25 years, for persuasive authority; 0.5 where the date is not known."""
    year = year_of(decided)
    if year is None:
        return 0.5
    return float(0.5 ** (max(0, today.year - year) / HALF_LIFE_YEARS))


def rank_of(path: str, status: str) -> float:
    """0 to 1 by level of court; unpublished decisions count half."""
    value = _RANK.get(level_of(path), 0.2)
    return value / 2 if status in ("unpublished", "table", "depublished") else value


def foreign(path: str, forum: str) -> bool:
    """Whether a known court or jurisdiction lies outside what can apply in the forum: neither inside it, nor above it,
    nor a federal court whose law reaches it."""
    if not path or not forum or path == "us" or forum == "us":
        return False
    if contains(path, forum) or contains(forum, path) or path in ("us/fed", "us/fed/scotus"):
        return False
    inside = court(forum)
    if inside is not None and (path in inside.appeals_to or path == inside.circuit):
        return False
    return not _reaches(path, forum)


def _reaches(path: str, forum: str) -> bool:
    """A federal court that sits in the forum's state or over its circuit."""
    state = forum.split("/")[2] if forum.startswith("us/state/") and forum.count("/") >= 2 else ""
    found = court(path)
    if found is None or not state:
        return False
    return found.state == state or _circuit_of_state(state) in (found.id, found.circuit)


def _circuit_of_state(state: str) -> str:
    from assay.domains.legal.courts import courts

    return next((one.circuit for one in courts() if one.system == "fed" and one.state == state and one.circuit), "-")
