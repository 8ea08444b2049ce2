"""`legal_metadata` of a result: citations and their validity, jurisdictions, strength and currency of the sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assay.domains.legal.citations import LegalCitation, extract, look_up, validate
from assay.domains.legal.currency import NONE_FOUND
from assay.domains.legal.kinds import UNKNOWN
from assay.domains.legal.parts import part_at
from assay.domains.legal.strength import Standing, age_weight, foreign, rank_of, standing
from assay.ports import Library
from assay.types import Citation, DocumentInfo, QueryResult, Source

_ORDER = {"binding": 0, "persuasive": 1, "unknown": 2, "no authority": 3, "not citable": 4}
NOTE = "A research aid over this library, not a citator: silence is no sign that an authority is still good."


def sources_of(result: QueryResult) -> tuple[Source, ...]:
    """The sources behind the answer; without one, the nearest evidence."""
    return result.sources or result.nearest


def citations_found(result: QueryResult, library: Library, as_of: datetime, *, checked: bool) -> list[dict[str, Any]]:
    """Every citation in the answer's sentences and in the references of its sources, with validation flags."""
    places = [("answer", claim.text) for claim in result.claims]
    places += [("reference", s.appraisal.citation if s.appraisal else s.title) for s in result.sources]
    seen: dict[tuple[str, str], LegalCitation] = {}
    for where, text in places:
        for citation in extract(text):
            seen.setdefault((where, citation.key or citation.text), citation)
    holdings = look_up(seen.values(), library) if checked and seen else {}
    found = []
    for (where, _), citation in seen.items():
        entry: dict[str, Any] = {"text": citation.text, "key": citation.key, "kind": citation.kind, "where": where}
        if checked:
            flags = validate(citation, as_of, holdings=holdings)
            entry |= {"valid": flags.valid, "failed": list(flags.failed), "unknown": list(flags.unknown)}
        found.append(entry)
    return found


def strength(
    result: QueryResult, reading: Mapping[str, Any], library: Library, as_of: datetime, *, dated: bool
) -> list[dict[str, Any]]:
    """One entry a source, the strongest first: class, then rank and age within it. Age counts for persuasive authority
    alone, and only where dates are weighed (`dated`)."""
    forum, law = str(reading.get("forum", "")), str(reading.get("law", ""))
    entries = []
    for source in sources_of(result):
        info = library.document(source.document_id)
        if info is not None:
            entries.append(_entry(source, info, part_of(source, result), forum, law, as_of, dated=dated))
    return sorted(entries, key=lambda entry: (_ORDER.get(entry["standing"], 9), -entry["score"], entry["source"]))


def _entry(
    source: Source, info: DocumentInfo, part: str, forum: str, law: str, as_of: datetime, *, dated: bool
) -> dict[str, Any]:
    meta = info.metadata
    worth = standing(info, forum, law, as_of, part or "majority") if forum else _without_forum(info, law, as_of, part)
    path, status, decided = (str(meta.get(key, "")) for key in ("court_path", "precedential_status", "decided"))
    age = age_weight(decided, as_of.date()) if dated and worth.value != "binding" else 1.0
    return {
        "source": source.number,
        "document_id": source.document_id,
        "title": source.title,
        "standing": worth.value,
        "reason": worth.reason,
        "forum": forum,
        "court": path,
        "decided": decided,
        "status": status or UNKNOWN,
        "part": part or UNKNOWN,
        "weight": source.appraisal.weight.value if source.appraisal else UNKNOWN,
        "score": round(rank_of(path, status) * (0.65 + 0.35 * age), 4),
    }


def _without_forum(info: DocumentInfo, law: str, as_of: datetime, part: str) -> Standing:
    """Without a forum nothing binds for certain; what can never bind is still said."""
    worth = standing(info, "", law, as_of, part or "majority")
    if worth.value == "binding":
        return Standing("unknown", "the question names no forum")
    return worth


def part_of(source: Source, result: QueryResult) -> str:
    """The part of the opinion on which the shown claims rest: its own if all agree, "" where parts are not known."""
    parts = source.metadata.get("opinion_parts")
    if not isinstance(parts, (list, tuple)):
        return ""
    starts = [c.start for c in cited(result) if c.document_id == source.document_id] or [source.start]
    names = {str(part["name"]) for start in starts if (part := part_at(parts, start)) is not None}
    return names.pop() if len(names) == 1 else "majority" if "majority" in names else ""


def cited(result: QueryResult) -> list[Citation]:
    """The citations of the shown claims."""
    return [citation for claim in result.claims for citation in claim.citations]


def currency(result: QueryResult, library: Library, as_of: datetime) -> dict[str, Any]:
    """The signal of each source, the worst first, with its reason; "not assessed" where there is none."""
    entries = []
    for source in sources_of(result):
        finding = source.appraisal.currency if source.appraisal else None
        value = finding.value if finding and finding.value != UNKNOWN else "not assessed"
        entries.append(
            {
                "source": source.number,
                "title": source.title,
                "signal": value,
                "reason": finding.reason if finding else "",
            }
        )
    order = ["stop", "warning", "caution", "not assessed"]
    entries.sort(key=lambda e: (order.index(e["signal"]) if e["signal"] in order else 9, e["source"]))
    counts: dict[str, int] = {}
    for entry in entries:
        signal = str(entry["signal"])
        counts[signal] = counts.get(signal, 0) + 1
    return {
        "as_of": as_of.date().isoformat(),
        "documents": library.count(),
        "counts": counts,
        "none_found": counts.get(NONE_FOUND, 0),
        "sources": entries,
        "note": NOTE,
    }


def jurisdictions(result: QueryResult) -> list[str]:
    """The paths of the sources' courts and jurisdictions, in order of the sources; "unknown" where one has none."""
    paths = [source.appraisal.scope.value if source.appraisal else UNKNOWN for source in sources_of(result)]
    return list(dict.fromkeys(paths))


def part_warnings(result: QueryResult) -> list[str]:
    """A warning for each shown claim that rests on a dissent, a concurrence, a syllabus or what a party argues."""
    found = []
    for number, claim in enumerate(result.claims, 1):
        for citation in claim.citations:
            why = _weak_place(citation, result)
            if why:
                found.append(
                    f"sentence {number} rests on {why} in {citation.title}, which is not the opinion of the court"
                )
    return list(dict.fromkeys(found))


_PARTS = {"dissent": "a dissent", "concurrence": "a concurrence", "syllabus": "the syllabus", "notes": ""}


def _weak_place(citation: Citation, result: QueryResult) -> str:
    source = next((s for s in result.sources if s.document_id == citation.document_id), None)
    if source is None:
        return ""
    parts = source.metadata.get("opinion_parts") or ()
    part = part_at(parts, citation.start) if isinstance(parts, (list, tuple)) else None
    if part is not None and _PARTS.get(str(part.get("name"))):
        by = f" by {part['by']}" if part.get("by") else ""
        return _PARTS[str(part["name"])] + by
    kind = str(source.metadata.get("legal_kind", ""))
    if kind in ("brief", "complaint"):
        return f"a {kind}"
    return "what a party argues" if kind in ("opinion", "order") and _argued(citation.quote) else ""


def _argued(quote: str) -> bool:
    from assay.domains.legal.arguments import reports_argument

    return reports_argument(quote)


def foreign_warnings(result: QueryResult, reading: Mapping[str, Any]) -> list[str]:
    """A warning that names the sources from outside the forum that the question names."""
    forum = str(reading.get("forum", ""))
    if not forum:
        return []
    private = ("contract", "policy", "brief", "complaint")
    outside = [
        str(source.number)
        for source in result.sources
        if source.metadata.get("legal_kind") not in private
        and foreign(str(source.metadata.get("court_path") or source.metadata.get("jurisdiction_path") or ""), forum)
    ]
    if not outside:
        return []
    return [
        f"source {', '.join(outside)}: from outside {reading.get('forum_words') or forum}: persuasive at most there"
    ]
