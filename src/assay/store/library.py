"""One caller's view of the catalogue, as a pack gets it: `ports.Library`. Access is enforced by the catalogue."""

from __future__ import annotations

from collections.abc import Sequence

from assay.ports import Catalogue
from assay.types import DocumentInfo, Fact, Principal


class CatalogueLibrary:
    """What `principal` may see. Texts that were read once are kept for the life of the object: one question."""

    def __init__(self, catalogue: Catalogue, principal: Principal) -> None:
        self._catalogue = catalogue
        self._principal = principal
        self._texts: dict[str, str | None] = {}

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Fact]:
        """The facts of this kind about any of `keys`."""
        return self._catalogue.facts(kind, keys, self._principal) if keys else []

    def facts_of(self, document_id: str, kind: str = "") -> Sequence[Fact]:
        """The facts of one document, in the order of its text."""
        return self._catalogue.facts_of(document_id, self._principal, kind)

    def document(self, document_id: str) -> DocumentInfo | None:
        """A document, or None where it is not there or not for this caller."""
        return self._catalogue.find(document_id) if self.text(document_id) is not None else None

    def text(self, document_id: str) -> str | None:
        """A document's text, or None where it is not there or not for this caller."""
        if document_id not in self._texts:
            self._texts[document_id] = self._catalogue.text(document_id, self._principal)
        return self._texts[document_id]

    def find(self, field: str, values: Sequence[str]) -> Sequence[DocumentInfo]:
        """The documents whose metadata holds one of `values` under `field`."""
        return self._catalogue.with_value(field, values, self._principal) if values else []

    def count(self) -> int:
        """How many documents this caller may see."""
        return self._catalogue.count_documents(self._principal)
