"""The legal pack: the five answers about legal sources, and what the law knows of questions, ranking and results.

Heavy reading (citations, parts, treatment) is done once at ingestion; questions look it up. Switches of the settings:
`source_validation` (validity flags, no overruled authority as evidence), `jurisdiction_filtering` (forums narrow and
weigh), `date_relevance_weighting` (age of persuasive authority), `citation_extraction` (citations found in answers).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from assay.domains.legal import currency as currencies
from assay.domains.legal import kinds, metadata, premises, priors, questions, sources, strength
from assay.domains.legal.conflicts import conflicts
from assay.domains.legal.ingest import authority_facts, enriched, treatment_facts
from assay.domains.legal.kinds import UNKNOWN
from assay.ports import Library
from assay.types import EMPTY, Appraisal, Document, DocumentInfo, Fact, Finding, Passage, QueryResult

VERSION = "legal-2"
_OLD_TEXT_YEARS = 3


@dataclass(frozen=True, slots=True)
class LegalPack:
    """See the module. Total and deterministic; every known answer names its reason, and its place where it has one."""

    settings: Mapping[str, Any] = field(default_factory=lambda: EMPTY)
    disclaimer: str = ""
    prompt_template: str = ""
    name: str = "legal"

    @property
    def chunk_strategy(self) -> str:
        """How documents are cut."""
        return str(self.settings.get("chunk_strategy", "semantic"))

    @property
    def version(self) -> str:
        """Changes when enrichment or facts would say something else."""
        return VERSION

    # --- ingestion

    def enrich(self, document: Document) -> Document:
        """The document with what its text and citations tell of it as metadata, and its headings as blocks."""
        return enriched(document)

    def facts(self, document: Document) -> Sequence[Fact]:
        """Under which citations the document is known, and what it reports of other authorities."""
        return (*authority_facts(document), *treatment_facts(document))

    # --- the five answers

    def identify(self, document: DocumentInfo, text: str) -> Finding:
        """Opinion, statute, regulation, contract, brief, ...: from metadata, else from words of form."""
        return kinds.identify(document.metadata, text)

    def scope(self, document: DocumentInfo, text: str) -> Finding:
        """The path of its court or jurisdiction."""
        return sources.jurisdiction_of(document.metadata, text, self.identify(document, text).value)

    def weigh(self, document: DocumentInfo, text: str) -> Finding:
        """Its rank by itself; what it is worth in a forum stands in the result's `precedent_strength`."""
        return _weighed(document, text, self.identify(document, text).value, self.scope(document, text).value)

    def currency(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Finding:
        """stop, warning, caution, none found, or unknown where it was not assessed; never "good law"."""
        return currencies.assess(document, text, self.identify(document, text).value, as_of, library)

    def cite(self, document: DocumentInfo, text: str) -> str:
        """Rendered from metadata by rule; the title where they hold no citation."""
        return sources.citation_of(document)

    def appraise(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Appraisal:
        """The five answers together, with warnings."""
        identity = self.identify(document, text)
        scope = sources.jurisdiction_of(document.metadata, text, identity.value)
        current = currencies.assess(document, text, identity.value, as_of, library)
        return Appraisal(
            identity=identity,
            scope=scope,
            weight=_weighed(document, text, identity.value, scope.value),
            currency=current,
            citation=self.cite(document, text),
            warnings=self._warnings(document, current, as_of),
        )

    def _warnings(self, document: DocumentInfo, current: Finding, as_of: datetime) -> tuple[str, ...]:
        found = ["sample document, not reviewed by a professional"] if document.metadata.get("sample") is True else []
        if current.value in currencies.ORDER:
            found.append(f"{current.value}: {current.reason}")
        year = sources.year_of(current.value.removeprefix("text as of "))
        if current.value.startswith("text as of ") and year is not None and as_of.year - year >= _OLD_TEXT_YEARS:
            found.append(f"the text is that of {current.value.removeprefix('text as of ')}; look for later amendments")
        return (*found, *document.warnings)

    # --- questions

    def read_question(self, text: str) -> Mapping[str, Any]:
        """Forum, law, authorities and sections named; a filter only where the question says "only"."""
        return questions.read(text, self.settings)

    def suggest(self, reading: Mapping[str, Any], library: Library) -> Sequence[str]:
        """Documents known under a citation that the question holds, then those known under the name of a case."""
        return premises.suggested(reading, library)

    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        """Small addends for word order, named sections, legal terms, forum, rank, age; against dissents and bad law."""
        return priors.priors(reading, passages, library, self.settings)

    def admit(self, reading: Mapping[str, Any], passage: Passage, appraisal: Appraisal) -> str:
        """Bars overruled authority, unless the question asks for its history, and enacted law of another state than
        the one asked about; each behind its switch."""
        if self._on("source_validation") and appraisal.currency.value == "stop" and not reading.get("history"):
            return appraisal.currency.reason
        forum = str(reading.get("forum", ""))
        if self._on("jurisdiction_filtering") and forum and appraisal.identity.value in kinds.LAW:
            path = appraisal.scope.value if appraisal.scope.value != UNKNOWN else ""
            uniform = passage.document.metadata.get("ucc_section") or passage.document.metadata.get("parallel")
            if not uniform and strength.foreign(path, forum):
                return f"the question is about {reading.get('forum_words') or forum}; this is the law of {path}"
        return ""

    def finish(self, reading: Mapping[str, Any], result: QueryResult, library: Library) -> QueryResult:
        """Adds `legal_metadata` and warnings: conflicts, premises that do not hold, dissents, foreign sources."""
        as_of = _as_of(result)
        found: list[dict[str, Any]] = []
        if self._on("citation_extraction"):
            found = metadata.citations_found(result, library, as_of, checked=self._on("source_validation"))
        ranked = metadata.strength(result, reading, library, as_of, dated=self._on("date_relevance_weighting"))
        result["legal_metadata"] = {
            "citations_found": found,
            "valid_citations": list(dict.fromkeys(entry["text"] for entry in found if entry.get("valid") is True)),
            "jurisdictions_covered": metadata.jurisdictions(result),
            "precedent_strength": ranked,
            "currency_assessment": metadata.currency(result, library, as_of),
        }
        words = {entry["document_id"]: f"{entry['weight']}, {entry['standing']}" for entry in ranked}
        extra = [*metadata.part_warnings(result), *conflicts(result, library, words)]
        if self._on("source_validation"):
            extra += premises.contradicted(reading, library)
        if self._on("jurisdiction_filtering"):
            extra += metadata.foreign_warnings(result, reading)
        result.warnings = tuple(dict.fromkeys((*result.warnings, *extra)))
        return result

    def _on(self, switch: str) -> bool:
        return bool(self.settings.get(switch, True))


def _weighed(document: DocumentInfo, text: str, kind: str, path: str) -> Finding:
    status = sources.precedential_status(document.metadata, text)
    return strength.weight(kind, path if path != UNKNOWN else "", status)


def _as_of(result: QueryResult) -> datetime:
    """The day of asking, as the appraisals tell it; without one, a day that makes nothing too old or too new."""
    days = [s.appraisal.currency.as_of[:10] for s in (*result.sources, *result.nearest) if s.appraisal]
    try:
        return datetime.fromisoformat(max(days)).replace(tzinfo=UTC) if days else datetime(2100, 1, 1, tzinfo=UTC)
    except ValueError:
        return datetime(2100, 1, 1, tzinfo=UTC)
