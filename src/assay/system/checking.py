"""Checks one question's drafts against the stored texts: claim by claim as they stream in, or a whole draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assay.types import Claim, Draft, DraftClaim, Passage, Question, Verified
from assay.verify import Gate, verify


class Verifier:
    """Verification of one question's drafts. `text_of` gives the stored text of a document this caller may read."""

    def __init__(self, question: Question, passages: Sequence[Passage], text_of: Callable[[str], str | None]) -> None:
        self._question = question
        self._passages = passages
        self._text_of = text_of

    def verify(self, draft: Draft) -> Verified:
        """The gate's outcome over a whole draft."""
        return verify(self._question, draft, self._passages, self._text_of, threshold=self._question.threshold)

    def relay(self, on_claim: Callable[[Claim], None]) -> Callable[[DraftClaim], None]:
        """Takes drafted claims as they come and passes on only what survived checking, numbered as in the answer."""
        gate = Gate(self._question, self._passages, self._text_of, threshold=self._question.threshold)

        def check(drafted: DraftClaim) -> None:
            claim = gate.take(drafted)
            if claim is not None:
                on_claim(claim)

        return check
