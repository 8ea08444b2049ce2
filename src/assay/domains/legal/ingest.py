"""What is read out of a legal document once, when it is taken in: metadata, headings, and facts for look-up.

The document's own metadata are never overwritten. Keys added: `legal_kind`, `court_path`, `jurisdiction_path`,
`jurisdictions` (the path and all above it, for filters), `decided`, `precedential_status`, `authority_keys`,
`opinion_parts`. Facts: "authority" (under which citations the document is known) and "treatment" (what it reports).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from assay.domains.legal import kinds, parts, sources
from assay.domains.legal.citations import LegalCitation, extract
from assay.domains.legal.kinds import LAW, UNKNOWN
from assay.domains.legal.names import name_key, short_keys
from assay.domains.legal.treatments import Treatment, in_dissent, treatments
from assay.types import Document, Fact, freeze

MOST_READ = 2_000_000
"""Characters of a document that are read for treatment; longer ones are read this far."""
_QUOTE = 300


def enriched(document: Document) -> Document:
    """The document with added metadata and, where its reader found no headings, heading blocks."""
    found = _metadata(document)
    own = dict(document.metadata)
    added = {key: value for key, value in found.items() if key not in own and value not in ("", [], None)}
    kind = str(own.get("legal_kind") or found["legal_kind"])
    blocks = document.blocks
    if not any(block.kind == "heading" for block in blocks) and document.format not in (
        "md",
        "markdown",
        "html",
        "rst",
    ):
        opinion = parts.opinion_parts(document.text) if kind == "opinion" else []
        blocks = tuple(sorted((*blocks, *parts.heading_blocks(document.text, kind, opinion)), key=lambda b: b.start))
    return replace(document, metadata=freeze({**own, **added}), blocks=blocks)


def _metadata(document: Document) -> dict[str, Any]:
    own, text = document.metadata, document.text
    kind = kinds.identify(own, text).value
    scope = sources.jurisdiction_of({**own, "title": document.title}, text, kind).value
    path = "" if scope == UNKNOWN else scope
    opinion = parts.opinion_parts(text) if kind == "opinion" else []
    return {
        "legal_kind": kind,
        "court_path": path if kind not in LAW and kind not in ("contract", "policy") else "",
        "jurisdiction_path": path,
        "jurisdictions": list(sources.ancestors(path)) if path else [UNKNOWN],
        "decided": sources.decided(own, text if kind in ("opinion", "order") else ""),
        "precedential_status": sources.precedential_status(own, text) if kind in ("opinion", "order") else "",
        "authority_keys": list(sources.own_keys({**own, "title": document.title})),
        "opinion_parts": [{"name": p.name, "start": p.start, "end": p.end, "by": p.by} for p in opinion],
    }


def authority_facts(document: Document) -> list[Fact]:
    """One fact for each citation under which the document is known."""
    meta = document.metadata
    value = {
        "name": str(meta.get("case_name") or document.title),
        "court": str(meta.get("court_path") or meta.get("jurisdiction_path") or ""),
        "date": str(meta.get("decided") or ""),
    }
    end = min(1, len(document.text))
    keys = sources.texts_of(meta.get("authority_keys"))
    names = _name_keys(value["name"]) if keys and meta.get("legal_kind") in ("opinion", "order") else ()
    return [Fact("authority", key, value, 0, end) for key in (*keys, *names)]


def treatment_facts(document: Document) -> list[Fact]:
    """One fact for each authority that the document reports to have been treated, under each of its keys."""
    kind = document.metadata.get("legal_kind") or kinds.identify(document.metadata, document.text).value
    if kind not in ("opinion", "order", "secondary", "brief", UNKNOWN):
        return []
    text = document.text[:MOST_READ]
    places = [p for p in document.metadata.get("opinion_parts") or () if isinstance(p, Mapping)]
    found: list[Fact] = []
    for treatment in treatments(text, citations_of(text)):
        part = parts.part_at(places, treatment.trigger_start)
        name = str(part.get("name", "")) if part else ""
        told = in_dissent(treatment) if name == "dissent" or kind == "brief" else treatment
        found += _facts(told, document, text, name)
    return found


def _facts(treatment: Treatment, document: Document, text: str, part: str) -> list[Fact]:
    keys = [key for key in treatment.targets if key]
    names = _name_keys(treatment.name)
    value = {
        "kind": treatment.kind,
        "severity": treatment.severity,
        "form": treatment.form,
        "name": treatment.name,
        "by": treatment.by,
        "by_key": treatment.by_key,
        "other_grounds": treatment.on_other_grounds,
        "in_part": treatment.in_part,
        "part": part,
        "where": document.title,
        "court": str(document.metadata.get("court_path") or ""),
        "date": str(document.metadata.get("decided") or ""),
        "quote": _quoted(treatment, text),
    }
    return [Fact("treatment", key, value, treatment.start, treatment.end) for key in dict.fromkeys((*keys, *names))]


def _quoted(treatment: Treatment, text: str) -> str:
    """The evidence, cut around the trigger where it is long."""
    if treatment.end - treatment.start <= _QUOTE:
        return " ".join(text[treatment.start : treatment.end].split())
    low = max(treatment.start, treatment.trigger_start - 180)
    return "… " + " ".join(text[low : min(treatment.end, treatment.trigger_end + 100)].split()) + " …"


def _name_keys(name: str) -> Sequence[str]:
    full = name_key(name)
    return (full, *short_keys(name)[:1]) if full else ()


@lru_cache(maxsize=4)
def citations_of(text: str) -> tuple[LegalCitation, ...]:
    """The citations of a text; kept for the few texts that are being taken in."""
    return extract(text)
