"""The technical pack: the five questions for documentation, and the switches of the technical system.

What costs time is read when a document is taken in (kind of page, places, version notes, references); a question only
looks facts up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from assay.domains.base import UNKNOWN, MetadataPack
from assay.domains.technical import questions, ranking
from assay.domains.technical.citing import reference_of
from assay.domains.technical.finishing import finished
from assay.domains.technical.pages import page_kind
from assay.domains.technical.places import places_of
from assay.domains.technical.references import described, referred
from assay.domains.technical.targets import Target, target_of
from assay.domains.technical.versions import Note, notes_of
from assay.ports import Library
from assay.types import EMPTY, Document, DocumentInfo, Fact, Finding, Passage, QueryResult, freeze

VERSION = "technical-1"
_NORMATIVE = frozenset({"reference", "api", "source", "changelog", "timeline", "low-level", "glossary"})
_EXPLAINING = frozenset({"tutorial", "how-to", "guide", "faq", "index"})


@dataclass(frozen=True, slots=True)
class TechnicalPack(MetadataPack):
    """See the module. `settings`: those of the technical system; a switch that is off is off in all that it says."""

    name: str = "technical"
    chunk_strategy: str = "hierarchical"
    settings: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def version(self) -> str:
        """Changes whenever `enrich` or `facts` would say something else."""
        return VERSION if self.on("version_tracking") else f"{VERSION}-without-versions"

    def on(self, switch: str) -> bool:
        """Whether a switch of the settings is on; one that is not there is on."""
        return bool(self.settings.get(switch, True))

    # --- at ingestion ---------------------------------------------------------------------------------------------

    def enrich(self, document: Document) -> Document:
        """The document with its kind of page, and what it says of the standing of its own subject, in the metadata."""
        kind = page_kind(document.title, document.source, document.format, document.metadata, document.text)
        more: dict[str, Any] = {"page_kind": kind.kind, "page_kind_reason": kind.reason}
        if kind.span:
            more["page_kind_span"] = kind.span
        note = self._own_note(document, kind.kind)
        if note is not None:
            more["page_note"] = {
                "change": note.change, "version": note.version, "removal": note.removal, "start": note.start,
                "end": note.end, "symbol": note.symbol,
            }  # fmt: skip
        own = {key: value for key, value in more.items() if key not in document.metadata}
        return replace(document, metadata=freeze({**document.metadata, **own})) if own else document

    def facts(self, document: Document) -> Sequence[Fact]:
        """Version notes, described symbols and references of the document."""
        kind = page_kind(document.title, document.source, document.format, document.metadata, document.text).kind
        places = places_of(document)
        version = str(document.metadata.get("version", ""))
        found = [*described(places, kind, version), *referred(document, places)]
        if self.on("version_tracking"):
            product = ranking.product_of(document.metadata)
            found += [fact for note in notes_of(document, places, kind, product) for fact in note.facts()]
        return [fact for fact in found if 0 <= fact.start < fact.end <= len(document.text)]

    def _own_note(self, document: Document, kind: str) -> Note | None:
        """The note on the page's own subject (its module, its one object), where it has one."""
        if kind in ("changelog", "timeline", "api") or not self.on("version_tracking"):
            return None
        places = places_of(document)
        first = next(places.symbols(), None) if kind != "source" else None
        if first is None or (first.kind not in ("module", "object") and first.start > 400):
            return None
        about = [n for n in notes_of(document, places, kind) if n.symbol in first.names and n.scope == "symbol"]
        return next((note for note in about if note.change in ("removed", "deprecated")), None)

    # --- the five questions -----------------------------------------------------------------------------------------

    def identify(self, document: DocumentInfo, text: str) -> Finding:
        """What kind of page it is."""
        held = document.metadata.get("page_kind")
        if isinstance(held, str) and held and held != UNKNOWN:
            start, end = _span(document.metadata.get("page_kind_span"), text)
            reason = str(document.metadata.get("page_kind_reason") or "found when the document was added")
            return Finding("identity", held, reason, start, end)
        kind = page_kind(document.title, document.source, document.format, document.metadata, text)
        start, end = _span(kind.span, text)
        return Finding("identity", kind.kind, kind.reason, start, end)

    def scope(self, document: DocumentInfo, text: str) -> Finding:
        """Product and version that the document is about."""
        product = ranking.product_of(document.metadata)
        version = document.metadata.get("version")
        told = version.strip() if isinstance(version, str) else ""
        told = told or (str(version) if isinstance(version, (int, float)) and not isinstance(version, bool) else "")
        value = " ".join(part for part in (product, told) if part)
        if not value:
            return Finding("scope", UNKNOWN, "the metadata names neither product nor version")
        return Finding("scope", value[:200], "the document's metadata says so (product, version)")

    def weigh(self, document: DocumentInfo, text: str) -> Finding:
        """Whether it states how the software behaves (normative) or explains it."""
        declared = document.metadata.get("source_kind")
        if isinstance(declared, str) and declared.strip():
            return Finding("weight", declared.strip()[:100], "the document's metadata says so (source_kind)")
        identity = self.identify(document, text)
        for value, kinds in (("normative", _NORMATIVE), ("explanatory", _EXPLAINING)):
            if identity.value in kinds:
                return Finding(
                    "weight", value, f"it is a page of the kind {identity.value}", identity.start, identity.end
                )
        return Finding("weight", UNKNOWN, "its kind of page is not known")

    def currency(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Finding:
        """Whether its subject is deprecated or removed, as the page itself says; else what its metadata says."""
        found = MetadataPack.currency(self, document, text, as_of, library)
        note = document.metadata.get("page_note")
        if found.value != UNKNOWN or not isinstance(note, Mapping) or not self.on("version_tracking"):
            return found
        start, end = _span((note.get("start"), note.get("end")), text)
        version = str(note.get("version", ""))
        value = f"{note.get('change')}{f' in {version}' if version else ''}"
        return Finding("currency", value, f"the page says so of {note.get('symbol')}", start, end, found.as_of)

    def cite(self, document: DocumentInfo, text: str) -> str:
        """Document, version and address: "Title (product version), address"."""
        return reference_of(document).render()

    def warnings(self, document: DocumentInfo) -> tuple[str, ...]:
        """What a reader must know: what its subject's standing is, besides what every pack warns of."""
        base = MetadataPack.warnings(self, document)
        note = document.metadata.get("page_note")
        if not isinstance(note, Mapping) or not self.on("deprecation_warnings") or not self.on("version_tracking"):
            return base
        version = str(note.get("version", ""))
        return (*base, f"{note.get('symbol')} is {note.get('change')}{f' since {version}' if version else ''}")

    # --- at question time --------------------------------------------------------------------------------------------

    def read_question(self, text: str) -> Mapping[str, Any]:
        """Symbols, product, version and kind of the question; see `questions.read`."""
        reading = dict(questions.read(text))
        reading["text"] = text[:2000]
        return reading

    def target(self, reading: Mapping[str, Any]) -> Target:
        """The version that the answer is for, and who said so."""
        return target_of(reading, self.settings)

    def suggest(self, reading: Mapping[str, Any], library: Library) -> Sequence[str]:
        """Documents that describe a symbol that the question names, or note what became of it."""
        if not self.on("version_tracking") and reading.get("kind") in ranking.VERSION_KINDS:
            reading = {**reading, "kind": "question"}
        return ranking.suggested(reading, library)

    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        """Addends to the ranking; see `ranking`."""
        terms = self.settings.get("terminology_boost") or ()
        words = [str(term) for term in terms] if isinstance(terms, (list, tuple)) else []
        target = self.target(reading).version if self.on("version_tracking") else ""
        if not self.on("version_tracking") and reading.get("kind") in ranking.VERSION_KINDS:
            reading = {**reading, "kind": "question"}
        return ranking.priors(reading, passages, library, words, target)

    def finish(self, reading: Mapping[str, Any], result: QueryResult, library: Library) -> QueryResult:
        """The result with `technical_metadata`, warnings on symbols at the target version, languages of its code."""
        return finished(reading, result, library, self.settings, self.target(reading))


def _span(given: object, text: str) -> tuple[int | None, int | None]:
    """A span that lies in `text`, or (None, None)."""
    if isinstance(given, (list, tuple)) and len(given) == 2 and all(isinstance(place, int) for place in given):
        start, end = given
        if 0 <= start < end <= len(text):
            return start, end
    return None, None
