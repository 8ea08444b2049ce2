"""The writer that asks a language model for claims with quotations. Nothing that it says is believed here.

It knows no provider: anything with `complete` and `stream` will do. It repairs nothing and checks no quotation; that is
for verification, which sees the same passages in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from assay.answer.prompt import render
from assay.answer.protocol import Answer, ClaimStream, read_answer
from assay.errors import ModelProtocolError
from assay.types import Draft, DraftClaim, Passage, Question, TokenUsage

NO_ANSWER = "The model found no answer in the passages."
NO_PASSAGES = "There is no passage to answer from."


class _Completion(Protocol):
    @property
    def text(self) -> str: ...

    @property
    def usage(self) -> TokenUsage: ...


class _Stream(Protocol):
    @property
    def completion(self) -> _Completion | None: ...

    def __iter__(self) -> Iterator[str]: ...

    def close(self) -> None: ...


class Asked(Protocol):
    """What this writer needs of a language model. Both methods raise ModelError where the model fails."""

    def complete(self, system: str, user: str, *, max_tokens: int, timeout: float | None) -> _Completion:
        """The whole answer."""
        ...

    def stream(self, system: str, user: str, *, max_tokens: int, timeout: float | None) -> _Stream:
        """The answer piece by piece; `completion` is there once it has ended."""
        ...


class ModelWriter:
    """Drafts claims with `language_model`. `timeout` in seconds limits one answer, `max_tokens` its length."""

    name = "model"

    def __init__(
        self,
        language_model: Asked,
        *,
        timeout: float = 60.0,
        max_tokens: int = 2048,
        max_claims: int = 5,
    ) -> None:
        self._model = language_model
        self._timeout = timeout
        self._max_tokens = max_tokens
        self._max_claims = max_claims

    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        """The model's claims, unchecked. Raises ModelError; ModelProtocolError where the answer cannot be read."""
        if not passages:
            return Draft((), self.name, refusal=NO_PASSAGES)
        prompt = render(question.text, passages, instructions, max_claims=self._max_claims)
        answer = self._model.complete(prompt.system, prompt.user, max_tokens=self._max_tokens, timeout=self._timeout)
        return self._draft(read_answer(answer.text), answer.usage)

    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        instructions: str = "",
        on_claim: Callable[[DraftClaim], None] | None = None,
    ) -> Draft:
        """Like `write`; `on_claim` gets each claim once its last character is there."""
        if not passages:
            return Draft((), self.name, refusal=NO_PASSAGES)
        prompt = render(question.text, passages, instructions, max_claims=self._max_claims)
        source = self._model.stream(prompt.system, prompt.user, max_tokens=self._max_tokens, timeout=self._timeout)
        reader = ClaimStream()
        told = 0
        try:
            for piece in source:
                for claim in reader.feed(piece):
                    told += 1
                    if on_claim is not None and told <= self._max_claims:
                        on_claim(claim)
        finally:
            source.close()
        completion = source.completion
        return self._draft(read_answer(reader.text), completion.usage if completion else TokenUsage())

    def _draft(self, answer: Answer, usage: TokenUsage) -> Draft:
        claims = answer.claims[: self._max_claims]
        notes = []
        if len(answer.claims) > len(claims):
            notes.append(f"the model proposed {len(answer.claims)} claims; the first {len(claims)} were checked")
        if claims and answer.refusal:
            notes.append(f"the model added: {answer.refusal}")
        refusal = "" if claims else answer.refusal or NO_ANSWER
        return Draft(claims, self.name, refusal, usage, tuple(notes))


__all__ = ["Asked", "ModelProtocolError", "ModelWriter"]
