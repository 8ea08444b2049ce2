"""A pack that answers the five questions from a document's own metadata and from nothing else.

It reads keys; it never infers. Where a key is missing the answer is "unknown", with the reason. Domain packs build on
it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from assay.ports import Library
from assay.types import EMPTY, Appraisal, Document, DocumentInfo, Fact, Finding, Passage, QueryResult

UNKNOWN = "unknown"
_IDENTIFIERS = {"pmid": "PMID ", "doi": "doi:", "url_path": ""}
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Keys:
    """The metadata keys that answer each question, the first present wins."""

    identity: tuple[str, ...] = ("doc_type", "kind", "type")
    scope: tuple[str, ...] = ("scope", "jurisdiction", "language")
    weight: tuple[str, ...] = ("weight",)
    currency: tuple[str, ...] = ("status", "later_history")
    status_date: tuple[str, ...] = ("status_as_of", "as_of")
    citation: tuple[str, ...] = ("citation", "reference")


@dataclass(frozen=True, slots=True)
class MetadataPack:
    """See the module. Total and deterministic: no text can make it raise."""

    name: str = "general"
    disclaimer: str = ""
    chunk_strategy: str = "recursive"
    keys: Keys = Keys()
    prompt_template: str = ""
    settings: Mapping[str, Any] = field(default_factory=lambda: EMPTY)

    @property
    def version(self) -> str:
        """Nothing is read out of texts, so nothing changes."""
        return f"{self.name}-1"

    def enrich(self, document: Document) -> Document:
        """The document as it is."""
        return document

    def facts(self, document: Document) -> Sequence[Fact]:
        """None."""
        return ()

    def read_question(self, text: str) -> Mapping[str, Any]:
        """Nothing: a pack that knows no field reads no scope out of a question."""
        return EMPTY

    def identify(self, document: DocumentInfo, text: str) -> Finding:
        """What is it? From the metadata; else its format is all that is known."""
        return self._from("identity", document, self.keys.identity)

    def scope(self, document: DocumentInfo, text: str) -> Finding:
        """Where does it apply? From the metadata."""
        return self._from("scope", document, self.keys.scope)

    def weigh(self, document: DocumentInfo, text: str) -> Finding:
        """How strong is it? From the metadata."""
        return self._from("weight", document, self.keys.weight)

    def currency(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Finding:
        """Is it still good? What the metadata says, as of its own date, else of the day it was added; never more, and
        never later than the day of asking."""
        asked = as_of.date().isoformat()
        dated = _first(document.metadata, (*self.keys.status_date, "date"))
        said = str(dated[1])[:10] if dated else document.added_at[:10]
        known = said if _ISO_DATE.fullmatch(said) and said <= asked else asked
        return self._from("currency", document, self.keys.currency, as_of=known)

    def cite(self, document: DocumentInfo, text: str) -> str:
        """Title and the citation or identifier that the metadata holds (PMID, DOI), else title and date."""
        title = document.title or document.id
        date = _first(document.metadata, ("date", "year", "version"))
        found = _first(document.metadata, self.keys.citation)
        if found is None:
            return f"{title} ({date[1]})" if date else title
        key, value = found[0], str(found[1])
        if value in title:
            return title
        if key in _IDENTIFIERS:
            return f"{title}{f' ({date[1]})' if date else ''}. {_IDENTIFIERS[key]}{value}"
        return f"{title}, {value}"

    def appraise(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Appraisal:
        """The five answers together."""
        return Appraisal(
            identity=self.identify(document, text),
            scope=self.scope(document, text),
            weight=self.weigh(document, text),
            currency=self.currency(document, text, as_of, library),
            citation=self.cite(document, text),
            warnings=self.warnings(document),
        )

    def warnings(self, document: DocumentInfo) -> tuple[str, ...]:
        """What a reader must know before relying on this source."""
        sample = ("sample document, not reviewed by a professional",) if document.metadata.get("sample") is True else ()
        return (*sample, *document.warnings)

    def suggest(self, reading: Mapping[str, Any], library: Library) -> Sequence[str]:
        """None."""
        return ()

    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        """No addends."""
        return [EMPTY for _ in passages]

    def admit(self, reading: Mapping[str, Any], passage: Passage, appraisal: Appraisal) -> str:
        """Every passage may serve."""
        return ""

    def finish(self, reading: Mapping[str, Any], result: QueryResult, library: Library) -> QueryResult:
        """The result as it is."""
        return result

    def _from(self, question: str, document: DocumentInfo, keys: Sequence[str], as_of: str = "") -> Finding:
        found = _first(document.metadata, keys)
        if found:
            return Finding(question, str(found[1]), f"the document's metadata says so ({found[0]})", as_of=as_of)
        return Finding(question, UNKNOWN, f"the metadata holds none of: {', '.join(keys)}", as_of=as_of)


def _first(metadata: Mapping[str, Any], keys: Sequence[str]) -> tuple[str, Any] | None:
    for key in keys:
        value = metadata.get(key)
        if value not in (None, (), []) and str(value).strip():
            return key, value
    return None
