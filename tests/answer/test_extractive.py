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


JOINING = (
    "# paths\n\nHelpers for names of files.\n\n## paths.join\n\n```python\ndef join(first, *rest): ...\n```\n\n"
    "Put two or more components of a path together with a slash."
)
MANUAL = (
    "## tool repair\n\nCompare the store with the index and mend what differs.\n\nExamples:\n\n"
    "```console\n$ tool repair --all\n```"
)


@pytest.mark.parametrize(
    ("asked", "text", "heading", "sentence"),
    [
        ("How do I put components of a path together?", JOINING, "paths.join", "Put two or more components"),
        ("Which command compares the store with the index?", MANUAL, "tool repair", "Compare the store"),
    ],
)
def test_a_sentence_under_the_name_of_what_it_speaks_of_comes_with_that_name(
    asked: str, text: str, heading: str, sentence: str
) -> None:
    draft = ExtractiveWriter().write(question(asked), [passage(text)])
    found = next(claim for claim in draft.claims if claim.text.startswith(sentence))
    assert found.section == heading
    assert found.quotes[0].quote == found.text


def test_where_one_claim_has_a_heading_the_others_are_told_apart_from_it() -> None:
    other = passage("Components of a path are put together by hand.", name="guide", title="A guide")
    draft = ExtractiveWriter().write(question("How are components of a path put together?"), [passage(JOINING), other])
    assert {claim.section for claim in draft.claims if claim.section != CODE} == {"paths.join", "A guide"}


def test_an_ordinary_heading_is_not_shown() -> None:
    text = "## Ending the lease\n\nThe lease ends on 4 May 2021."
    draft = ExtractiveWriter().write(question("When does the lease end?"), [passage(text)])
    assert [claim.section for claim in draft.claims] == [""]


def test_code_that_only_has_the_words_of_the_question_in_it_answers_nothing() -> None:
    code = '```python\nask("Did the flood reduce the harvest of 1911?")\n```'
    text = f"# Asking\n\nThe console prints what it finds.\n\n{code}"
    assert said("Did the flood reduce the harvest of 1911?", text) == []
    assert said("How do I ask whether the flood reduced the harvest of 1911?", text)


def test_the_particulars_of_a_document_answer_only_who_asks_for_them() -> None:
    head = "title: Pump manual\nproduct: Pump\nversion: 2.3\ndate: 2026-05-12\n\n"
    text = f"{head}The pump needs a key to start. Turn the key to the left."
    assert all("product:" not in claim for claim in said("How do I start the pump in version 2.3?", text))
    assert any("2026-05-12" in claim for claim in said("What is the date of the pump manual?", text))


def test_the_version_that_an_answer_is_for_draws_no_sentence_to_the_front() -> None:
    text = "This page was added in version 2.3. A client signs in with a token that it sends along."
    assert said("How do clients sign in with version 2.3?", text)[0].startswith("A client signs in")
    assert "2.3" in said("In which version was this page added?", text)[0]


def test_a_study_that_the_question_names_is_not_answered_from_another() -> None:
    named = passage("Design. The patients and the doctors knew the treatment.", name="a", title="MERIDIAN: a trial")
    other = passage("The trial in Lyon was not blinded and had one centre.", name="b", title="Lyon trial")
    draft = ExtractiveWriter().write(question("Was the MERIDIAN trial blinded?"), [named, other])
    assert not draft.claims or draft.claims[0].quotes[0].passage == 1


def test_what_was_asked_is_no_answer_unless_that_is_asked() -> None:
    text = (
        "The question in Hale v. Moss was whether a box licence binds the buyer. Hale v. Moss held that it binds him."
    )
    assert all("whether" not in claim for claim in said("Does a box licence bind the buyer?", text))
    assert "whether a box licence" in said("What was the question in Hale v. Moss?", text)[0]
