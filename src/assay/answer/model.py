"""The writer that asks a language model for claims with quotations. Nothing that it says is believed here.

It repairs nothing and judges no quotation: verification does, over the same passages in the same order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from assay.answer.parsing import MAX_CLAIMS, Answer, ClaimStream
from assay.answer.prompting import Prompt, render, restored
from assay.errors import ModelProtocolError
from assay.types import Draft, DraftClaim, DraftQuote, Passage, Question, TokenUsage

NO_PASSAGES = "There is no passage to answer from."
NO_ANSWER = "The language model found no answer in the passages."
_SHOWN = 300
_TOKENS_A_CLAIM = 400
_FEWEST_TOKENS, _MOST_TOKENS = 2048, 8192
_CUT = ("length", "content_filter")

OnClaim = Callable[[DraftClaim], None]


class Completed(Protocol):
    """A whole answer."""

    @property
    def text(self) -> str: ...

    @property
    def usage(self) -> TokenUsage: ...

    @property
    def finish_reason(self) -> str: ...


class Streamed(Protocol):
    """An answer as it comes; `completion` is there once it has ended well."""

    @property
    def completion(self) -> Completed | None: ...

    def __iter__(self) -> Iterator[str]: ...

    def close(self) -> None: ...


class Asked(Protocol):
    """What this writer needs of a language model. Both methods raise ModelError where the model fails."""

    name: str

    def complete(self, system: str, user: str, *, max_tokens: int, timeout: float | None) -> Completed:
        """The whole answer."""
        ...

    def stream(self, system: str, user: str, *, max_tokens: int, timeout: float | None) -> Streamed:
        """The answer piece by piece."""
        ...


class ModelWriter:
    """Drafts claims with a language model. `timeout` in seconds limits one answer, `max_claims` its claims."""

    def __init__(self, language_model: Asked, *, timeout: float = 60.0, max_claims: int = 5) -> None:
        self.name = f"model:{language_model.name}"
        self._model = language_model
        self._timeout = timeout
        self._max_claims = min(max_claims, MAX_CLAIMS)
        self._max_tokens = min(max(_TOKENS_A_CLAIM * max_claims, _FEWEST_TOKENS), _MOST_TOKENS)

    def write(self, question: Question, passages: Sequence[Passage], instructions: Any = "") -> Draft:
        """The model's claims, unchecked. Raises ModelError; ModelProtocolError where the answer cannot be read.

        `instructions` is a template as `prompting.render` takes it. Without any text to answer from no model is asked.
        """
        prompt = self._prompt(question, passages, instructions)
        if prompt is None:
            return Draft((), self.name, refusal=NO_PASSAGES)
        answer = self._model.complete(prompt.system, prompt.user, max_tokens=self._max_tokens, timeout=self._timeout)
        drafting = _Drafting(passages, self._max_claims, None)
        drafting.feed(answer.text)
        return drafting.draft(self.name, answer)

    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        instructions: Any = "",
        on_claim: OnClaim | None = None,
    ) -> Draft:
        """Like `write`; `on_claim` gets each claim once its last character is there."""
        prompt = self._prompt(question, passages, instructions)
        if prompt is None:
            return Draft((), self.name, refusal=NO_PASSAGES)
        drafting = _Drafting(passages, self._max_claims, on_claim)
        pieces = self._model.stream(prompt.system, prompt.user, max_tokens=self._max_tokens, timeout=self._timeout)
        try:
            for piece in pieces:
                drafting.feed(piece)
            completion = pieces.completion
        finally:
            pieces.close()
        if completion is None:
            raise ModelProtocolError(f"the answer of {self.name} ended before it was complete", next="ask again")
        return drafting.draft(self.name, completion)

    def _prompt(self, question: Question, passages: Sequence[Passage], instructions: Any) -> Prompt | None:
        if not any(passage.chunk.text.strip() for passage in passages):
            return None
        return render(question.text, passages, instructions, max_claims=self._max_claims)


class _Drafting:
    """One answer on its way to a draft: claims beyond the limit and quotations from nowhere are left out, noted."""

    def __init__(self, passages: Sequence[Passage], limit: int, on_claim: OnClaim | None) -> None:
        self._passages = passages
        self._limit = limit
        self._on_claim = on_claim
        self._reader = ClaimStream()
        self._claims: list[DraftClaim] = []
        self._notes: list[str] = []

    def feed(self, piece: str) -> None:
        """Take a piece of the answer; tells the listener of each claim that it completes."""
        for claim in self._reader.feed(piece):
            if len(self._claims) < self._limit:
                self._claims.append(self._grounded(claim))
                if self._on_claim is not None:
                    self._on_claim(self._claims[-1])

    def draft(self, name: str, completion: Completed) -> Draft:
        """The draft, once all pieces are there. Raises ModelProtocolError where they are no answer."""
        answer = self._reader.finish(cut=completion.finish_reason in _CUT)
        notes = [*answer.notes, *self._notes]
        if len(answer.claims) > len(self._claims):
            notes.append(f"the model proposed {len(answer.claims)} claims; the first {self._limit} were used")
        if self._claims and answer.refusal:
            notes.append(f"the model says of what is missing, unchecked: {_shown(answer.refusal)}")
        refusal = "" if self._claims else _refusal(answer)
        return Draft(tuple(self._claims), name, refusal, completion.usage, tuple(notes))

    def _grounded(self, claim: DraftClaim) -> DraftClaim:
        """The claim with those of its quotations whose passage was given; verification drops one that has none left."""
        kept: list[DraftQuote] = []
        text = claim.text
        for quote in claim.quotes:
            if not 1 <= quote.passage <= len(self._passages):
                self._notes.append(f"a quotation from passage {quote.passage}, which was not given, was left out")
                continue
            source = self._passages[quote.passage - 1].chunk.text
            kept.append(DraftQuote(quote.passage, restored(quote.quote, source)))
            text = restored(text, source)
        return DraftClaim(text, tuple(kept), claim.section)


def _refusal(answer: Answer) -> str:
    """Why there is no claim. The model's own words are marked as such: nobody checked them."""
    if answer.refusal:
        return f"{NO_ANSWER} It says, unchecked: {_shown(answer.refusal)}"
    return "Nothing that the language model proposed could be read as a claim." if answer.notes else NO_ANSWER


def _shown(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}”"
