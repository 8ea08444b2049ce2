"""What the medical pack adds to a document when it is taken in, and the facts it keeps for the library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from assay.domains.medical.evidence.grader import MedicalEvidenceGrader
from assay.domains.medical.findings import finding_key, findings_of
from assay.domains.medical.peer_review import UNKNOWN, peer_review_of
from assay.domains.medical.population import population_of
from assay.domains.medical.status import identifier_keys, notices_of
from assay.domains.medical.study_metadata import KEY, strings, study_metadata, study_of
from assay.types import Document, Fact, FrozenDict, freeze

_GRADER = MedicalEvidenceGrader()


def enriched(document: Document) -> Document:
    """The document with the key `study` and, where it has none of its own, `study_design`, `evidence_level`,
    `sample_size`, `peer_review` and `registrations`."""
    record = _GRADER.grade(document)
    study = study_metadata(record)
    people = population_of(document.title, document.text)
    if people is not None:
        study["population"] = people.words
        if people.start is not None:
            study["population_span"] = [people.start, people.end]
    review = peer_review_of(document.metadata)
    added: dict[str, Any] = {
        "study_design": study.get("design") if study.get("design") != "other" else None,
        "evidence_level": study.get("level"),
        "sample_size": study.get("n"),
        "peer_review": review.value if review.value != UNKNOWN else None,
        "registrations": study.get("registrations"),
        KEY: study,
    }
    missing = {
        name: value for name, value in added.items() if value is not None and document.metadata.get(name) is None
    }
    return replace(
        document, metadata=FrozenDict({**document.metadata, **{key: freeze(missing[key]) for key in missing}})
    )


def facts_in(document: Document) -> Sequence[Fact]:
    """Findings, notices on other documents, and registrations, by what they are about."""
    return (*_findings(document), *_notices(document), *_registrations(document))


def _findings(document: Document) -> Iterator[Fact]:
    for finding in findings_of(document):
        key = finding_key(finding)
        if key:
            yield Fact("finding", key, finding.to_dict(), finding.start, finding.end)


def _notices(document: Document) -> Iterator[Fact]:
    end = min(len(document.text), max(1, len(document.title)))
    by = next(iter(identifier_keys(document.metadata)), "")
    for key, status in notices_of(document.metadata):
        if key:
            yield Fact("notice", key, {"status": status, "by": by, "title": document.title[:200]}, 0, end)


def _registrations(document: Document) -> Iterator[Fact]:
    stated = strings(document.metadata.get("registrations")) or strings(
        study_of(document.metadata).get("registrations")
    )
    for registration in stated:
        at = max(0, document.text.find(registration))
        end = min(len(document.text), at + len(registration)) or 1
        yield Fact("registration", registration.replace(" ", "").upper(), {"registration": registration}, at, end)
