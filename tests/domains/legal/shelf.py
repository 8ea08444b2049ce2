"""A library in memory that takes documents in as the system does: enriched, with their facts, looked up by key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assay.domains.legal import SETTINGS, pack
from assay.domains.legal.legal_pack import LegalPack
from assay.testing.passages import document_info
from assay.types import Chunk, Document, DocumentInfo, Fact, Passage, freeze


def legal_pack(**settings: Any) -> LegalPack:
    """The legal pack with some settings of its own."""
    return pack({**SETTINGS, **settings})


class Shelf:
    """`ports.Library` over documents given as (id, title, text, metadata)."""

    def __init__(self, *documents: tuple[str, str, str, Mapping[str, Any]], own: LegalPack | None = None) -> None:
        maker = own or legal_pack()
        self.documents: dict[str, Document] = {}
        self._facts: list[Fact] = []
        for key, title, text, metadata in documents:
            document = maker.enrich(Document(key, title, text, metadata=freeze(metadata)))
            self.documents[key] = document
            self._facts += [replace(fact, document_id=key) for fact in maker.facts(document)]

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Fact]:
        return [fact for fact in self._facts if fact.kind == kind and fact.key in keys]

    def facts_of(self, document_id: str, kind: str = "") -> Sequence[Fact]:
        return [f for f in self._facts if f.document_id == document_id and (not kind or f.kind == kind)]

    def tally(self, kind: str, keys: Sequence[str]) -> Mapping[str, int]:
        pairs = {(fact.key, fact.document_id) for fact in self.facts(kind, keys)}
        return dict(Counter(key for key, _ in pairs))

    def document(self, document_id: str) -> DocumentInfo | None:
        found = self.documents.get(document_id)
        if found is None:
            return None
        return document_info(found.id, found.text, title=found.title, metadata=found.metadata)

    def text(self, document_id: str) -> str | None:
        found = self.documents.get(document_id)
        return found.text if found is not None else None

    def find(self, field: str, values: Sequence[str]) -> Sequence[DocumentInfo]:
        found = [self.document(key) for key, d in self.documents.items() if d.metadata.get(field) in values]
        return [info for info in found if info is not None]

    def count(self) -> int:
        return len(self.documents)

    def info(self, document_id: str) -> DocumentInfo:
        """The particulars of a document that is there."""
        found = self.document(document_id)
        assert found is not None
        return found

    def passage(self, document_id: str, rank: int = 1, words: str = "") -> Passage:
        """The whole document as one passage, or the one that begins at `words`."""
        text = self.documents[document_id].text
        start = text.index(words) if words else 0
        chunk = Chunk(document_id, 0, start, len(text), text[start:], id=rank)
        return Passage(chunk, self.info(document_id), rank, 1.0 / rank)
