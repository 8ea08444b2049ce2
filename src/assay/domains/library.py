"""A library that holds nothing: for a pack that is asked about a source on its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assay.types import DocumentInfo, Fact


class EmptyLibrary:
    """`ports.Library` without documents."""

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Fact]:
        """None."""
        return ()

    def facts_of(self, document_id: str, kind: str = "") -> Sequence[Fact]:
        """None."""
        return ()

    def tally(self, kind: str, keys: Sequence[str]) -> Mapping[str, int]:
        """Nothing."""
        return {}

    def document(self, document_id: str) -> DocumentInfo | None:
        """None."""
        return None

    def text(self, document_id: str) -> str | None:
        """None."""
        return None

    def find(self, field: str, values: Sequence[str]) -> Sequence[DocumentInfo]:
        """None."""
        return ()

    def count(self) -> int:
        """0."""
        return 0


EMPTY_LIBRARY = EmptyLibrary()
