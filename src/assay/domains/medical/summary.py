"""`medical_metadata`: what the sources behind an answer are, how strong together, and where they disagree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.domains.medical.credibility import credibility_of
from assay.domains.medical.dates import HALF_LIFE, year_of
from assay.domains.medical.evidence.certainty import BodyOfEvidence, certainty_of
from assay.domains.medical.evidence.level import level_of
from assay.domains.medical.findings import conflicts, finding_from
from assay.domains.medical.peer_review import peer_review_of
from assay.domains.medical.status import status_of
from assay.domains.medical.study_metadata import strings, study_of, words
from assay.ports import Library
from assay.types import QueryResult, Source, plain

CONSULT = "Consult a clinician before any decision on care; this reports what the sources say."


def medical_metadata(
    reading: Mapping[str, Any], result: QueryResult, library: Library, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """The summary, plain JSON. What a switch turns off is absent."""
    kind = str(reading.get("question_type", "therapy"))
    studies = [_study(source, kind, settings) for source in result.sources]
    found: dict[str, Any] = {
        "question_type": kind,
        "population": list(reading.get("population", ())),
        "sources": studies,
        "consultation": CONSULT,
        "automated": True,
    }
    disagreements = conflicting(result.sources, library)
    found["conflicts"] = disagreements
    if settings.get("evidence_level_tracking", True):
        levels = [study["level"] for study in studies if study.get("level")]
        found["evidence_levels"] = {str(level): levels.count(level) for level in sorted(set(levels))}
        found["highest_level"] = min(levels, default=None)
        found["certainty"] = certainty_of(BodyOfEvidence(tuple(_once(result.sources)))).to_dict()
    if settings.get("recency_weighting", True):
        years = [study["year"] for study in studies if study.get("year")]
        found["years"] = [min(years), max(years)] if years else []
    plain_found: dict[str, Any] = plain(found)
    return plain_found


def conflicting(sources: Sequence[Source], library: Library) -> list[dict[str, Any]]:
    """Where findings of these sources disagree, explained; nothing is counted as a vote."""
    held = [fact for source in sources for fact in library.facts_of(source.document_id, "finding")]
    findings = [finding_from({**fact.value, "document_id": fact.document_id}) for fact in held]
    return [
        {
            "kind": conflict.kind,
            "intervention": conflict.intervention,
            "outcome": conflict.outcome,
            "explanation": conflict.explanation,
            "documents": list(conflict.documents),
        }
        for conflict in conflicts(findings)
    ]


def age_note(source: Source, now: int) -> str:
    """A reminder that newer trials may exist, for a review past the median time to an update."""
    year = year_of(source.metadata)
    if study_of(source.metadata).get("design") == "systematic_review" and year and now - year > HALF_LIFE:
        return f"{source.title}: review of {year}, older than 5.5 years; newer trials may exist"
    return ""


def _study(source: Source, kind: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    study = study_of(source.metadata)
    found: dict[str, Any] = {
        "number": source.number,
        "document_id": source.document_id,
        "year": year_of(source.metadata),
        "pmid": words(source.metadata, "pmid"),
        "doi": words(source.metadata, "doi"),
        "status": source.appraisal.currency.value
        if source.appraisal
        else status_of(source.title, source.metadata).value,
        "design": study.get("design", "unknown"),
        "n": source.metadata.get("sample_size", study.get("n")),
        "blinding": study.get("blinding"),
        "follow_up": study.get("follow_up"),
        "effects": study.get("effects", ()),
        "limitations": study.get("limitations", ()),
        "registrations": strings(study.get("registrations")),
    }
    if settings.get("evidence_level_tracking", True):
        found["level"] = level_of(str(study.get("design", "")), kind)
    if settings.get("peer_review_validation", True):
        found["peer_review"] = peer_review_of(source.metadata).to_dict()
    if settings.get("source_credibility_check", True):
        review = bool(settings.get("peer_review_validation", True))
        found["credibility"] = credibility_of(source.title, source.metadata, check_review=review).to_dict()
    return {name: value for name, value in found.items() if value not in (None, "", (), [])}


def _once(sources: Sequence[Source]) -> list[Mapping[str, Any]]:
    """One study a registration: two articles of one trial are one body of people."""
    seen: set[str] = set()
    kept: list[Mapping[str, Any]] = []
    for source in sources:
        study = study_of(source.metadata)
        names = set(strings(study.get("registrations")))
        if not names & seen:
            kept.append(study)
        seen |= names
    return kept
