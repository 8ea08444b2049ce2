"""The extractive writer quotes, word for word, what answers; and abstains where nothing does."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assay.answer.candidates import candidates
from assay.answer.cues import cue, kinds
from assay.answer.extractive import CODE, REFUSAL, ExtractiveWriter
from assay.textual.interaction import Place
from assay.types import DraftClaim, Passage, Question
from tests.verify.kit import passage, question

LEASE = (
    "Background of the lease. The lease was signed in Ohio. The lease ends on 4 May 2021. It may be renewed once by "
    "the tenant in writing. Does the lease allow pets? The tenant must insure the house against fire."
)
METHOD = (
    "# Sorting a list\n\nThe sorted function returns a new sorted list from any iterable.\n\n"
    "```python\nsorted([3, 1, 2])\n```\n\nLists also have other methods."
)


def said(asked: str, *texts: str, most: int = 5) -> list[str]:
    passages = [passage(text, name=f"d{index}") for index, text in enumerate(texts)]
    return [claim.text for claim in ExtractiveWriter(max_claims=most).write(question(asked), passages).claims]


def test_the_sentence_that_answers_comes_first() -> None:
    assert said("When does the lease end?", LEASE)[0] == "The lease ends on 4 May 2021."
    assert said("Who must insure the house against fire?", LEASE)[0].startswith("The tenant must insure")


def test_every_claim_is_its_quotation_and_the_quotation_is_in_the_passage() -> None:
    passages = [passage(LEASE), passage(METHOD, name="py")]
    draft = ExtractiveWriter().write(question("When does the lease end and who may renew it?"), passages)
    assert draft.claims
    for claim in draft.claims:
        (quote,) = claim.quotes
        assert quote.quote in passages[quote.passage - 1].chunk.text
        assert " ".join(quote.quote.split()) == claim.text


def test_a_sentence_that_begins_with_a_pronoun_takes_the_one_before_it_along() -> None:
    (first, *_) = said("May the lease be renewed by the tenant in writing?", LEASE)
    assert first == "The lease ends on 4 May 2021. It may be renewed once by the tenant in writing."


def test_questions_and_headings_are_never_answers() -> None:
    assert all("pets" not in text for text in said("Does the lease allow pets?", LEASE))
    assert all(not text.startswith("#") for text in said("How does sorting a list work?", METHOD))


def test_a_how_to_question_gets_the_code_as_it_stands() -> None:
    draft = ExtractiveWriter().write(question("How do I get a sorted list?"), [passage(METHOD)])
    code = [claim for claim in draft.claims if claim.section == CODE]
    assert [claim.quotes[0].quote for claim in code] == ["```python\nsorted([3, 1, 2])\n```"]


def test_the_same_sentence_in_two_documents_is_quoted_once() -> None:
    found = said("When does the lease end?", LEASE, LEASE)
    assert found.count("The lease ends on 4 May 2021.") == 1


def test_no_more_claims_than_asked_for() -> None:
    assert len(said("What does the lease say of the tenant and the house?", LEASE, METHOD, most=1)) == 1


@pytest.mark.parametrize("asked", ["How do penguins raise their young?", "???"])
def test_where_no_sentence_speaks_of_it_the_writer_abstains(asked: str) -> None:
    draft = ExtractiveWriter().write(question(asked), [passage(LEASE)])
    assert (draft.claims, draft.refusal) == ((), REFUSAL)


def test_no_passages_are_no_claims() -> None:
    assert ExtractiveWriter().write(question(), []).claims == ()


def test_the_choice_is_the_same_every_time_and_streams_in_the_same_order() -> None:
    passages = [passage(LEASE), passage(METHOD, name="py")]
    asked = question("Who may renew the lease?")
    streamed: list[DraftClaim] = []
    draft = ExtractiveWriter().stream(asked, passages, on_claim=streamed.append)
    assert tuple(streamed) == draft.claims == ExtractiveWriter().write(asked, passages).claims


def test_an_embedder_may_change_the_order_and_is_asked_once_within_its_limit() -> None:
    asked: list[int] = []

    def likes_ohio(_: Question, passages: Sequence[Passage], places: Sequence[Place]) -> list[float]:
        asked.append(len(places))
        return [1.0 if "Ohio" in passages[at].chunk.text[start:end] else 0.0 for at, start, end in places]

    writer = ExtractiveWriter(similarity=likes_ohio, similarity_limit=3)
    first = writer.write(question("What about the lease?"), [passage(LEASE)]).claims[0]
    assert "Ohio" in first.text
    assert len(asked) == 1
    assert asked[0] <= 3


def test_every_candidate_is_a_slice_of_its_passage() -> None:
    for text in (LEASE, METHOD):
        assert all(text[item.start : item.end] == item.text for item in candidates([passage(text)]))


def test_the_kind_of_question_tells_the_look_of_its_answer() -> None:
    assert kinds("When does it end?")[0] == "when"
    assert cue("When does it end?", "It ends on 4 May 2021.") > cue("When does it end?", "It ends well.")
    assert cue("How many patients died?", "12 patients died.") > cue("How many patients died?", "Patients died.")
    assert cue("Why was it void?", "It was void because he lied.") > cue("Why was it void?", "It was void.")


def test_a_sentence_on_copyright_is_an_answer_and_a_notice_is_none() -> None:
    held = "The court held that the copying did not infringe the copyright in the map."
    text = f"Copyright (c) 2019 by the publisher. {held}"
    assert said("Did the copying infringe the copyright in the map?", text) == [held]


def test_a_dash_that_announces_a_list_takes_the_list_along() -> None:
    text = "The factors to be considered shall include—\n(1) the purpose of the use;\n(2) the nature of the work."
    (first, *_) = said("Which factors are to be considered?", text)
    assert "(2) the nature of the work" in first
