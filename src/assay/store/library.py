"""One caller's view of the catalogue, as a pack gets it: `ports.Library`. Access is enforced by the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.store import records
from assay.store.catalogue import SqlCatalogue
from assay.types import DocumentInfo, Fact, OriginSegment, Principal


class CatalogueLibrary:
    """What `principal` may see. What was read once is kept for the life of the object: one question."""

    def __init__(self, catalogue: SqlCatalogue, principal: Principal) -> None:
        self._catalogue = catalogue
        self._principal = principal
        self._read: dict[str, tuple[str, bytes] | None] = {}
        self._origins: dict[str, tuple[OriginSegment, ...]] = {}
        self._facts: dict[tuple[str, str], list[Fact]] = {}
        self._documents: dict[str, DocumentInfo | None] = {}
        self._count: int | None = None

    def read(self, document_ids: Sequence[str]) -> None:
        """Read the texts of these documents in one go: what appraisal, verification and citation then ask for."""
        missing = [key for key in document_ids if key not in self._read]
        found = self._catalogue.texts(missing, self._principal) if missing else {}
        self._read |= {key: found.get(key) for key in missing}

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Fact]:
        """The facts of this kind about any of `keys`, by document and place."""
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if (kind, key) not in self._facts]
        if missing:
            self._facts |= {(kind, key): [] for key in missing}
            for fact in self._catalogue.facts(kind, missing, self._principal):
                self._facts[kind, fact.key].append(fact)
        found = [fact for key in wanted for fact in self._facts[kind, key]]
        return sorted(found, key=lambda fact: (fact.document_id, fact.start, fact.key))

    def facts_of(self, document_id: str, kind: str = "") -> Sequence[Fact]:
        """The facts of one document, in the order of its text."""
        return self._catalogue.facts_of(document_id, self._principal, kind)

    def tally(self, kind: str, keys: Sequence[str]) -> Mapping[str, int]:
        """In how many documents a fact of this kind stands about each of `keys`."""
        return self._catalogue.tally(kind, keys, self._principal) if keys else {}

    def document(self, document_id: str) -> DocumentInfo | None:
        """A document, or None where it is not there or not for this caller."""
        if document_id not in self._documents:
            readable = self.text(document_id) is not None
            self._documents[document_id] = self._catalogue.find(document_id) if readable else None
        return self._documents[document_id]

    def text(self, document_id: str) -> str | None:
        """A document's text, or None where it is not there or not for this caller."""
        self.read([document_id])
        found = self._read[document_id]
        return None if found is None else found[0]

    def origin(self, document_id: str) -> tuple[OriginSegment, ...]:
        """Where a document's characters stand in its original; empty where they are the original's, or not readable."""
        if document_id not in self._origins:
            self.read([document_id])
            found = self._read[document_id]
            self._origins[document_id] = () if found is None else records.unpack_origin(found[1])
        return self._origins[document_id]

    def find(self, field: str, values: Sequence[str]) -> Sequence[DocumentInfo]:
        """The documents whose metadata holds one of `values` under `field`."""
        return self._catalogue.with_value(field, values, self._principal) if values else []

    def count(self) -> int:
        """How many documents this caller may see."""
        if self._count is None:
            self._count = self._catalogue.count_documents(self._principal)
        return self._count
