"""The contract of a writer: a correct one passes, and each kind of defect is found by the test that speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from assay.ports import Writer
from assay.testing import WriterContract, failures_of
from assay.types import Draft, DraftClaim, DraftQuote, Passage, Question

OnClaim = Callable[[DraftClaim], None]


class FirstWordsWriter:
    """A small correct writer: it quotes the beginning of every passage that shares a word with the question."""

    name = "first words"

    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        words = set(question.text.lower().split())
        claims: list[DraftClaim] = []
        for number, passage in enumerate(passages, 1):
            if words & set(passage.chunk.text.lower().split()):
                quote = passage.chunk.text.strip()[:300]
                claims.append(DraftClaim(quote, (DraftQuote(number, quote),)))
        return Draft(tuple(claims), self.name, "" if claims else "None of the passages speaks of this.")

    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        instructions: str = "",
        on_claim: OnClaim | None = None,
    ) -> Draft:
        draft = self.write(question, passages, instructions)
        for claim in draft.claims if on_claim else ():
            on_claim(claim) if on_claim else None
        return draft


class TestFirstWordsWriter(WriterContract):
    def make_writer(self) -> Writer:
        return FirstWordsWriter()


class QuotesFromZero(FirstWordsWriter):
    """Counts passages from 0."""

    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        draft = super().write(question, passages, instructions)
        claims = [
            replace(claim, quotes=tuple(replace(quote, passage=quote.passage - 1) for quote in claim.quotes))
            for claim in draft.claims
        ]
        return replace(draft, claims=tuple(claims))


class AnswersFromNothing(FirstWordsWriter):
    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        draft = super().write(question, passages, instructions)
        return draft if draft.claims else Draft((DraftClaim("It depends."),), self.name)


class SilentRefusal(FirstWordsWriter):
    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        return replace(super().write(question, passages, instructions), refusal="")


class FormatsInstructions(FirstWordsWriter):
    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        instructions.format(context="", question=question.text)
        return super().write(question, passages, instructions)


class StreamsTwice(FirstWordsWriter):
    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        instructions: str = "",
        on_claim: OnClaim | None = None,
    ) -> Draft:
        super().stream(question, passages, instructions, on_claim)
        return super().stream(question, passages, instructions, on_claim)


class NeedsAListener(FirstWordsWriter):
    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        instructions: str = "",
        on_claim: OnClaim | None = None,
    ) -> Draft:
        draft = self.write(question, passages, instructions)
        for claim in draft.claims:
            on_claim(claim)  # type: ignore[misc]
        return draft


class Remembers(FirstWordsWriter):
    """Signs with the number of the draft."""

    def __init__(self) -> None:
        self.drafts = 0

    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        self.drafts += 1
        return replace(super().write(question, passages, instructions), writer=f"{self.name} {self.drafts}")


class StumblesOverBlankText(FirstWordsWriter):
    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        for passage in passages:
            passage.chunk.text.split()[0]
        return super().write(question, passages, instructions)


class ChangesTheList(FirstWordsWriter):
    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        if isinstance(passages, list):
            passages.reverse()
        return super().write(question, passages, instructions)


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (QuotesFromZero, "test_quotations_refer_to_passages_that_were_given"),
        (AnswersFromNothing, "test_without_passages_the_writer_refuses"),
        (SilentRefusal, "test_without_passages_the_writer_refuses"),
        (FormatsInstructions, "test_odd_instructions_give_a_draft"),
        (StreamsTwice, "test_streaming_gives_the_draft_that_writing_gives"),
        (NeedsAListener, "test_streaming_needs_no_listener"),
        (Remembers, "test_the_same_question_gives_the_same_draft"),
        (Remembers, "test_an_earlier_question_leaves_no_trace"),
        (StumblesOverBlankText, "test_odd_passages_give_a_draft"),
        (ChangesTheList, "test_the_passages_are_left_as_they_are"),
    ],
)
def test_a_broken_writer_fails(defect: type[FirstWordsWriter], found_by: str) -> None:
    class Broken(WriterContract):
        def make_writer(self) -> Writer:
            return defect()

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]
