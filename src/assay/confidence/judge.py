"""States relevance and confidence for one system: with a fitted model, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from assay.confidence.model import ConfidenceModel
from assay.types import Passage, Retrieval, Verified


class Judge:
    """What a system asks. Without a model it states nothing: no number is better than one that means nothing."""

    def __init__(self, model: ConfidenceModel | None = None) -> None:
        self.model = model

    def with_relevance(self, question: str, retrieval: Retrieval) -> Retrieval:
        """The retrieval with each passage's relevance, 0 to 1, filled in."""
        return self.model.with_relevance(question, retrieval) if self.model else retrieval

    def confidence_of(self, question: str, passages: Sequence[Passage], verified: Verified) -> float | None:
        """The chance, 0 to 1, that an answer of these checked claims rests on a right place."""
        return self.model.confidence_of(question, passages, verified) if self.model else None
