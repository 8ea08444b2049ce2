"""The medical pack: five answers about a source, safety before retrieval, and what stands behind an answer.

A retracted article, a retraction notice and an article under an expression of concern are never evidence. Nothing here
judges the conduct of a study.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from assay.domains.base import MetadataPack
from assay.domains.medical.credibility import credibility_of
from assay.domains.medical.enriching import enriched, facts_in
from assay.domains.medical.evidence.grader import HEAD, MedicalEvidenceGrader
from assay.domains.medical.evidence.level import level_of
from assay.domains.medical.peer_review import PREPRINT, peer_review_of
from assay.domains.medical.population import population_of
from assay.domains.medical.questions import reading_of
from assay.domains.medical.ranking import addends
from assay.domains.medical.reference import design_name, reference
from assay.domains.medical.status import NEVER_EVIDENCE, NONE_KNOWN, RETRACTED, Status, identifier_keys, status_of
from assay.domains.medical.study_metadata import KEY, span_of, study_metadata, study_of, words
from assay.domains.medical.summary import age_note, medical_metadata
from assay.ports import Library
from assay.types import EMPTY, Appraisal, Document, DocumentInfo, Fact, Finding, Passage, QueryResult

UNKNOWN = "unknown"
LOW = 0.35
_GRADER = MedicalEvidenceGrader()


@dataclass(frozen=True, slots=True)
class MedicalPack(MetadataPack):
    """See the module. Total and deterministic; a switch that is off is off in everything the pack says."""

    name: str = "medical"
    chunk_strategy: str = "semantic"

    @property
    def version(self) -> str:
        """Of what `enrich` and `facts` say."""
        return "medical-2"

    # --- at ingestion

    def enrich(self, document: Document) -> Document:
        """Design, level, sample size, blinding, effects and the like, under the key `study`."""
        return enriched(document)

    def facts(self, document: Document) -> Sequence[Fact]:
        """Findings, notices on other articles, registrations."""
        return facts_in(document)

    # --- the question

    def read_question(self, text: str) -> Mapping[str, Any]:
        """Kind of question, population, boosted terms; `stop` where safety forbids an answer."""
        return reading_of(text, self.settings)

    # --- the five answers

    def identify(self, document: DocumentInfo, text: str) -> Finding:
        """The design of the study: of the document's own metadata, of its publication types, or of its text."""
        own = words(document.metadata, "study_design")
        study = self._study(document, text)
        design = study.get("design")
        if own and own != design:
            return Finding("identity", own, "the document's metadata says so (study_design)")
        if isinstance(design, str) and design not in ("", "other", UNKNOWN):
            start, end = span_of(study, "design_span", len(text)) or (None, None)
            source, sure = study.get("design_source", "text"), study.get("design_confidence", "")
            reason = f"{study.get('design_reason') or 'read when it was taken in'} ({source}, confidence {sure})"
            return Finding("identity", design_name(design), reason, start, end)
        kind = words(document.metadata, "doc_type", "article_type")
        if kind:
            return Finding("identity", kind, "the document's metadata says so; no design of a study was found")
        return Finding("identity", UNKNOWN, "neither metadata nor text names a design")

    def scope(self, document: DocumentInfo, text: str) -> Finding:
        """The population: of the metadata, or the phrase that names it."""
        own = words(document.metadata, "population", "setting")
        if own:
            return Finding("scope", own, "the document's metadata says so")
        study = study_of(document.metadata)
        stored = words(study, "population")
        if stored:
            start, end = span_of(study, "population_span", len(text)) or (None, None)
            return Finding("scope", stored, "the words that name the people studied", start, end)
        found = population_of(document.title, text) if KEY not in document.metadata else None
        if found is not None:
            return Finding("scope", found.words, "the words that name the people studied", found.start, found.end)
        return Finding("scope", UNKNOWN, "no phrase names the people studied")

    def weigh(self, document: DocumentInfo, text: str) -> Finding:
        """The OCEBM level for questions on therapy; unknown where levels are not tracked or the design has none."""
        if not self._on("evidence_level_tracking"):
            return Finding("weight", UNKNOWN, "levels of evidence are switched off (evidence_level_tracking)")
        study = self._study(document, text)
        own = words(document.metadata, "evidence_level")
        if own and own != str(study.get("level", "")):
            return Finding("weight", own, "the document's metadata says so (evidence_level)")
        design = str(study.get("design", ""))
        level = level_of(design)
        if level is None:
            return Finding("weight", UNKNOWN, f"no level fits: {design_name(design) if design else 'design unknown'}")
        start, end = span_of(study, "design_span", len(text)) or (None, None)
        return Finding(
            "weight", f"OCEBM level {level}", f"{design_name(design)}, question on therapy; automated", start, end
        )

    def currency(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Finding:
        """Retracted, under concern, corrected, or no retraction known; what the library's notices say counts too."""
        status = self._status(document, library)
        return Finding("currency", status.value, status.reason, as_of=_known_on(document, as_of))

    def cite(self, document: DocumentInfo, text: str) -> str:
        """AMA reference with DOI and PMID, then level, design and size; a banner where it does not stand."""
        own = words(document.metadata, "citation")
        title = document.title or document.id
        text_of = own or reference(title, document.metadata, level=self._on("evidence_level_tracking"))
        status = status_of(document.title, document.metadata).value
        return (
            f"{status.upper()}: {text_of}"
            if status in NEVER_EVIDENCE and not text_of.upper().startswith(status.upper())
            else text_of
        )

    def appraise(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Appraisal:
        """The five answers together, with warnings on status, peer review and credibility."""
        currency = self.currency(document, text, as_of, library)
        return Appraisal(
            identity=self.identify(document, text),
            scope=self.scope(document, text),
            weight=self.weigh(document, text),
            currency=currency,
            citation=self.cite(document, text),
            warnings=(*self._status_warning(currency), *self.warnings(document)),
        )

    def warnings(self, document: DocumentInfo) -> tuple[str, ...]:
        """Preprint, low credibility, and what the document itself carries."""
        found = []
        if self._on("peer_review_validation") and peer_review_of(document.metadata).value == PREPRINT:
            found.append(f"not peer reviewed: {peer_review_of(document.metadata).reason}")
        if self._on("source_credibility_check") and study_of(document.metadata):
            review = self._on("peer_review_validation")
            credibility = credibility_of(document.title, document.metadata, check_review=review)
            if credibility.score < LOW:
                found.append(f"low credibility ({credibility.score}): {credibility.reasons[0]}")
        return (*found, *MetadataPack.warnings(self, document))

    # --- ranking and results

    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        """Small addends for evidence level, recency and terminology."""
        return addends(reading, passages, self.settings)

    def admit(self, reading: Mapping[str, Any], passage: Passage, appraisal: Appraisal) -> str:
        """Retracted articles, notices and articles under concern are no evidence. A question about a retraction may be
        answered from what it is about: the source's own words on it, with the warning beside them."""
        if reading.get("about_retraction"):
            return ""
        status = appraisal.currency.value
        if status in NEVER_EVIDENCE:
            return f"{status} ({appraisal.currency.reason})"
        own = status_of(passage.document.title, passage.document.metadata)
        return f"{own.value} ({own.reason})" if own.value in NEVER_EVIDENCE else ""

    def finish(self, reading: Mapping[str, Any], result: QueryResult, library: Library) -> QueryResult:
        """The result with `medical_metadata`, and warnings on conflicts and on reviews past their time."""
        found = medical_metadata(reading, result, library, self.settings)
        notes = [f"sources disagree on {item['outcome']}: {item['explanation']}" for item in found["conflicts"]]
        if self._on("recency_weighting"):
            notes += [note for source in result.sources if (note := age_note(source, _asked_in(source)))]
        result["medical_metadata"] = found
        result.warnings = tuple(dict.fromkeys((*result.warnings, *notes)))
        return result

    # --- inner

    def _on(self, switch: str) -> bool:
        return bool(self.settings.get(switch, True))

    def _study(self, document: DocumentInfo, text: str) -> Mapping[str, Any]:
        """What enriching found; a document that was taken in without it is read now."""
        study = study_of(document.metadata)
        if study:
            return study
        record = _GRADER.read(document.title, text[:HEAD], _typed(document.metadata))
        return study_metadata(record)

    def _status(self, document: DocumentInfo, library: Library) -> Status:
        own = status_of(document.title, document.metadata)
        if own.value in NEVER_EVIDENCE:
            return own
        keys = identifier_keys(document.metadata)
        notices = (
            sorted(
                (fact for fact in library.facts("notice", keys) if fact.document_id != document.id),
                key=lambda fact: (fact.value.get("status") != RETRACTED, fact.document_id),
            )
            if keys
            else []
        )
        for fact in notices:
            status = str(fact.value.get("status", ""))
            if status in NEVER_EVIDENCE or own.value in (NONE_KNOWN, UNKNOWN):
                return Status(status, f"a notice in this library says so ({fact.document_id})")
        return own

    def _status_warning(self, currency: Finding) -> tuple[str, ...]:
        if currency.value in NEVER_EVIDENCE:
            return (f"{currency.value.upper()}: {currency.reason}",)
        return (f"{currency.value}: {currency.reason}",) if currency.value == "corrected" else ()


def _typed(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: metadata[key] for key in ("publication_types", "mesh") if key in metadata} or EMPTY


def _known_on(document: DocumentInfo, as_of: datetime) -> str:
    """The day of the record, at the latest the day of asking."""
    asked = as_of.date().isoformat()
    for said in (words(document.metadata, "status_as_of", "as_of"), document.added_at):
        day = said[:10]
        try:
            known = datetime.fromisoformat(day).date().isoformat()
        except ValueError:
            continue
        return min(known, asked)
    return asked


def _asked_in(source: Any) -> int:
    as_of = source.appraisal.currency.as_of if source.appraisal else ""
    return int(as_of[:4]) if as_of[:4].isdigit() else 0
