"""What a restricted reader gets does not depend, in one bit, on documents that this reader may not read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay import Principal, ProductionRAGSystem, QueryResult
from assay.errors import AssayError, NotFound
from assay.types import Retrieval
from tests.proofs.kit import prose
from tests.system.conftest import DOCUMENTS, config

HIDDEN = 400
READERS = (Principal("tim", ("tenants",)), Principal("eve"))
QUESTIONS = (
    "How much rent shall the tenant pay?",
    "How many days of notice terminate the lease of the warehouse?",
    "By how many days a month did verapine reduce migraine compared with placebo?",
    "What is said of ghosts in the tower?",
    "In the lease of the harbour warehouse, may the landlord enter?",
)
FILTERS: tuple[dict[str, Any] | None, ...] = (None, {"year": {"gte": 2020}}, {"doc_type": "trial"})
REFUSED: tuple[dict[str, Any], ...] = ({"colour": "red"}, {"board_only": 1}, {"jurisdiction": "us/ca"}, {"secret": "x"})


def visible() -> list[dict[str, Any]]:
    """The three documents of the system tests, and some that are as long as the hidden ones."""
    more = [
        {"id": f"note{n}", "text": f"The tenant of dock {n} is to give notice.\n\n{prose(n, 12)}", "access": ["public"]}
        for n in range(20)
    ]
    return [*DOCUMENTS, *more]


def hidden() -> list[dict[str, Any]]:
    """Documents for the board alone: full of the words of every question, titles, fields and names included."""
    chance = random.Random(3)
    words = sorted({word.strip("?,") for question in QUESTIONS for word in question.split()})
    return [
        {
            "id": f"board{number:03}",
            "title": f"Lease of the Harbour Warehouse, minute {number}",
            "text": "\n\n".join(" ".join(chance.choices(words, k=25)).capitalize() + "." for _ in range(6)),
            "metadata": {"year": 2000 + number % 30, "doc_type": "trial", "board_only": number, "secret": "x"},
            "access": ["group:board"],
        }
        for number in range(HIDDEN)
    ]


def told(system: ProductionRAGSystem, *, ids: bool = True) -> list[str]:
    """Everything that the restricted readers are told, in words and bits; without timings and dates of addition."""
    said: list[str] = []
    for who in READERS:
        for question in QUESTIONS:
            for filters in FILTERS:
                said += [found(system, question, filters, who, ids), answered(system, question, filters, who)]
        said += [answered(system, QUESTIONS[0], filters, who) for filters in REFUSED]
        said.append(repr([(info.id, info.title, info.chunks) for info in system.documents(who)]))
        said.append(repr(system.documents(who, matching="*board*")))
        for name in ("board001", "nobody", "memo"):
            with pytest.raises(NotFound) as refusal:
                system.document(name, who)
            said.append(str(refusal.value))
    return said


def found(system: ProductionRAGSystem, question: str, filters: dict[str, Any] | None, who: Principal, ids: bool) -> str:
    """A search in words: scores to the last bit, signals, order, counts, reasons."""
    try:
        retrieval: Retrieval = system.search(question, filters, 50, who)
    except AssayError as error:
        return str(error)
    parts = [
        [
            (
                passage.rank,
                passage.document.id,
                passage.chunk.ordinal,
                passage.chunk.id if ids else 0,
                passage.score.hex(),
                [
                    (s.name, s.raw.hex(), s.scaled.hex(), s.weight, s.contribution.hex(), s.note)
                    for s in passage.signals
                ],
                passage.chunk.text,
            )
            for passage in some
        ]
        for some in (retrieval.passages, retrieval.nearest)
    ]
    return repr((parts, retrieval.on_topic, retrieval.reason, retrieval.routed_to, retrieval.candidates))


def answered(system: ProductionRAGSystem, question: str, filters: dict[str, Any] | None, who: Principal) -> str:
    """An answer in words."""
    result: QueryResult = system.process_query(question, filters, principal=who)
    claims = [
        replace(claim, citations=tuple(replace(c, chunk_id=0) for c in claim.citations)) for claim in result.claims
    ]
    return repr((result.status, result.answer, result.message, result.warnings, claims, result.sources, result.nearest))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, list[str]]]:
    """What the readers are told where the hidden documents never were; with and without ids of chunks."""
    with ProductionRAGSystem(config(tmp_path_factory.mktemp("alone"))) as system:
        system.ingest(visible())
        yield {ids: told(system, ids=ids) for ids in (True, False)}


def test_hidden_documents_that_come_stay_and_go_change_nothing_for_those_who_may_not_read_them(
    alone: dict[bool, list[str]], tmp_path: Path
) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(visible())
        system.ingest(hidden())
        # They are there, and they would come first.
        best = system.search(QUESTIONS[0], None, 3, Principal("bea", ("board",))).passages
        assert best[0].document.id.startswith("board") and system.count_documents() == len(visible()) + HIDDEN
        assert told(system) == alone[True]
        names = [f"board{number:03}" for number in range(HIDDEN)]
        system.remove(names[::2])
        assert told(system) == alone[True]
        system.remove(names[1::2], erase=True)
        assert system.count_documents() == len(visible())
        assert told(system) == alone[True]


def test_hidden_documents_that_were_there_first_change_no_score_no_order_and_no_message(
    alone: dict[bool, list[str]], tmp_path: Path
) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(hidden())
        system.ingest(visible())
        assert told(system, ids=False) == alone[False]
        refused = system.process_query("What is said?", {"board_only": 3}, principal=READERS[0]).message
        assert "no document here has a field 'board_only'" in refused and "filter on one of: " in refused
        assert "secret" not in refused and "year" in refused
        unknown = system.process_query("What is said?", {"nobody_has_it": 3}, principal=READERS[0]).message
        assert unknown.replace("nobody_has_it", "board_only") == refused
