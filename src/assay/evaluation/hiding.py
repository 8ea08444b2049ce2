"""Inside a system while it is measured: documents left out of its searches, and what its judge was asked.

Documents are left out as if the library did not hold them: for near misses, and for a question's own source.

They are taken out of the index query's result, of which so many more hits are asked; the words' statistics still count
them. For measurements only: it is no access control.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from assay.confidence.judge import Judge
from assay.ports import Index
from assay.system import ProductionRAGSystem
from assay.types import IndexHit, IndexQuery, Matrix, Passage, Retrieval, Verified, Where

MORE = 100
"""Hits asked beyond the depth, in place of those that are left out."""


class HidingIndex:
    """An index without some documents; everything but `search` is the index behind it."""

    def __init__(self, behind: Index) -> None:
        self._behind = behind
        self.hidden: frozenset[str] = frozenset()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._behind, name)

    def search(self, query: IndexQuery) -> list[IndexHit]:
        """Like the index behind it, without the hidden documents."""
        if not self.hidden:
            return self._behind.search(query)
        hits = self._behind.search(replace(query, depth=query.depth + MORE))
        return [hit for hit in hits if hit.document_id not in self.hidden]

    def nearest(self, where: Where, vectors: Matrix) -> list[float]:
        """Like the index behind it, without the hidden documents."""
        if not self.hidden:
            return self._behind.nearest(where, vectors)
        found = [self.search(IndexQuery(where, None, row, 1)) for row in vectors]
        return [max((hit.cosine or 0.0 for hit in hits), default=0.0) for hits in found]


class Heard(Judge):
    """States what the judge behind it states, and keeps what it was asked last."""

    def __init__(self, behind: Judge) -> None:
        super().__init__(behind.model)
        self.retrieval = Retrieval((), False)
        self.passages: tuple[Passage, ...] = ()

    def with_relevance(self, question: str, retrieval: Retrieval) -> Retrieval:
        """As the judge behind it."""
        self.retrieval = super().with_relevance(question, retrieval)
        return self.retrieval

    def confidence_of(self, question: str, passages: Sequence[Passage], verified: Verified) -> float | None:
        """As the judge behind it."""
        self.passages = tuple(passages)
        return super().confidence_of(question, passages, verified)


class Hiding:
    """Leaves documents out of a system's searches, as long as `without` lasts, and hears what its judge is asked.

    One question at a time.
    """

    def __init__(self, system: ProductionRAGSystem) -> None:
        self.heard = system._parts.judge = Heard(system._parts.judge)
        retriever = system._parts.retriever
        self._index = HidingIndex(retriever._index)
        # The retriever looks its index up at every search.
        retriever._index = self._index

    @contextmanager
    def without(self, documents: Iterable[str]) -> Iterator[None]:
        """Inside, searches do not find these documents."""
        before, self._index.hidden = self._index.hidden, frozenset(documents)
        try:
            yield
        finally:
            self._index.hidden = before


def silence(system: ProductionRAGSystem) -> None:
    """No relevance and confidence from now on: where only the ranking is measured, they cost time for nothing."""
    system._parts.judge = Judge()


def fingerprint_of(system: ProductionRAGSystem) -> str:
    """The fingerprint of the embedder that a system searches with."""
    return system._parts.embedder.fingerprint


def threshold_of(system: ProductionRAGSystem) -> float:
    """The quality threshold in force where a question names none."""
    return system._threshold()
