"""MedicalEvidenceGrader: what a report of a study says of itself, and how strong that makes it as evidence.

Automated, from title, abstract (the first 8,000 characters) and metadata. Every value read from a text carries its
place. It does not judge whether the study was done well, and it is no panel's assessment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.domains.medical.evidence.certainty import BodyOfEvidence, Certainty, certainty_of
from assay.domains.medical.evidence.design import Design, design_of
from assay.domains.medical.evidence.effects import Effect, effects_of
from assay.domains.medical.evidence.level import level_of
from assay.domains.medical.evidence.reporting import (
    Stated,
    blinding_of,
    follow_up_of,
    funding_of,
    identifiers_of,
    interests_of,
    limitations_of,
    registrations_of,
)
from assay.domains.medical.evidence.sample import SampleSize, sample_size
from assay.types import EMPTY, Document, Record

HEAD = 8_000


@dataclass(frozen=True, slots=True)
class StudyRecord(Record):
    """What one report states. Places count in the document's text; None or empty: not stated."""

    design: Design
    level: int | None
    question: str
    sample: SampleSize | None
    blinding: Stated | None
    follow_up: Stated | None
    effects: tuple[Effect, ...]
    limitations: tuple[Stated, ...]
    funding: tuple[Stated, ...]
    interests: tuple[Stated, ...]
    registrations: tuple[Stated, ...]
    pmids: tuple[Stated, ...]
    dois: tuple[Stated, ...]
    automated: bool = True


class MedicalEvidenceGrader:
    """Reads studies and rates bodies of evidence. Without state: the same text gives the same record."""

    def read(
        self, title: str, text: str, metadata: Mapping[str, Any] = EMPTY, question: str = "therapy"
    ) -> StudyRecord:
        """The record of one report. `metadata` may hold `publication_types` and `mesh`, which come before the text."""
        at = text.index(title) + len(title) if title and text.startswith(title) else 0
        body = text[at:HEAD]
        design = design_of(
            title,
            body,
            publication_types=_strings(metadata.get("publication_types")),
            mesh=_strings(metadata.get("mesh")),
            start=at,
        )
        head = text[:HEAD]
        pmids, dois = identifiers_of(text)
        has_people = design.name not in ("narrative_review", "opinion", "guideline", "systematic_review", "unknown")
        return StudyRecord(
            design=design,
            level=level_of(design.name, question),
            question=question,
            sample=sample_size(head, planned=design.name == "protocol") if has_people else None,
            blinding=blinding_of(head),
            follow_up=follow_up_of(head) if has_people else None,
            effects=effects_of(head),
            limitations=limitations_of(text),
            funding=funding_of(text),
            interests=interests_of(text),
            registrations=registrations_of(text),
            pmids=pmids,
            dois=dois,
        )

    def grade(self, document: Document, question: str = "therapy") -> StudyRecord:
        """The record of a document. `question`: therapy, diagnosis, prognosis, harm, prevalence or screening."""
        return self.read(document.title, document.text, document.metadata, question)

    def level(self, design: str, question: str = "therapy") -> int | None:
        """The OCEBM 2011 level of a design for a kind of question; None where none fits."""
        return level_of(design, question)

    def certainty(self, studies: Sequence[Mapping[str, Any]]) -> Certainty:
        """A GRADE-like estimate for a body of studies on one outcome; see `certainty_of`."""
        return certainty_of(BodyOfEvidence(tuple(studies)))


def _strings(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()
