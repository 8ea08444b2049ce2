"""How passages are weighed against the kind of question, beside what the index says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.domains.technical.fitting_pages import describes
from assay.types import Passage, Signal
from tests.domains.technical.kit import CHANGES, REFERENCE, document, index, passage, technical

PAGE, LOG = document(REFERENCE), document(CHANGES, "changes", "markdown")
GUIDE = document(
    "Using a pump\n============\n\nPriming it twice\n----------------\n\nPour some water in.\n", "howto/use"
)
FAQ = document("Pump FAQ\n========\n\nOld?\n----\n\nPumps rust when they stand dry.\n", "faq")
LIBRARY = index(PAGE, LOG, GUIDE, FAQ)


def signalled(found: Passage, bm25: float, cosine: float, late: float = 0.0) -> Passage:
    values = {"bm25": bm25, "cosine": cosine, "late": late}
    return replace(found, signals=tuple(Signal(name, value, value, 1.0, value) for name, value in values.items()))


def added(question: str, *passages: Passage) -> list[dict[str, float]]:
    chosen = technical()
    return [dict(one) for one in chosen.priors(chosen.read_question(question), passages, LIBRARY)]


def total(question: str, *passages: Passage) -> list[float]:
    found = added(question, *passages)
    own = [sum(signal.contribution for signal in one.signals) for one in passages]
    return [value + sum(more.values()) for value, more in zip(own, found, strict=True)]


START, LOGGED = passage(PAGE, ".. function:: start"), passage(LOG, "- `pump.prime")
ANSWER = passage(FAQ, "Pumps rust", "Pump FAQ", "Old?")


def test_for_a_task_what_is_meant_counts_more_than_its_words() -> None:
    worded, meant = signalled(START, 1.0, 0.0, 1.0), signalled(START, 0.0, 0.7)
    first, second = total("move the water of `tank` upwards", worded, meant)
    assert second > first
    first, second = total("water tank movement", worded, meant)
    assert first > second


def test_a_task_wants_the_description_of_something_to_call() -> None:
    described, logged = added("move the water upwards", START, LOGGED)
    assert described["describes"] > 0 and described["page_kind"] > 0
    assert "describes" not in logged and logged["page_kind"] < 0


@pytest.mark.parametrize("question", ["Why do pumps rust?", "How do I keep a pump dry?", "Do pumps rust quickly?"])
def test_a_question_wants_the_page_of_questions_and_answers(question: str) -> None:
    answer, described = added(question, ANSWER, START)
    assert answer["page_kind"] > described.get("page_kind", 0.0)


def test_the_words_of_a_heading_lead_to_what_stands_below_it() -> None:
    below = passage(GUIDE, "Pour some", "Using a pump", "Priming it twice")
    beside = passage(GUIDE, "Pour some", "Using a pump", "Storing a pump away")
    found, other = added("priming it twice", below, beside)
    assert found["heading"] > 0 and "heading" not in other
    assert "heading" not in added("move the water to a tank that was primed once or twice", below)[0]


def test_questions_of_versions_are_ranked_by_their_evidence_alone() -> None:
    (found,) = added("Is `pump.halt` deprecated as of Pump 3.2?", signalled(passage(PAGE, ".. function:: halt"), 1, 1))
    assert set(found) == {"version_note"}


def test_a_signature_as_heading_describes_as_a_directive_does() -> None:
    page = document("# Pumps\n\n## `pump.start(speed)`\n\nBegins.\n", "pumps", "markdown")
    assert describes(passage(page, "## `pump.start", "Pumps", "`pump.start(speed)`"))
    assert not describes(passage(page, "Begins", "Pumps", "`pump.start(speed)`"))
    assert not describes(passage(page, "## `pump.start", "Pumps", "Starting"))
    assert describes(START)
