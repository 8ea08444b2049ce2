"""A folder with a file of every format that is read: one command takes it in, and each file answers the question that
it alone can answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assay import ProductionRAGSystem
from assay.ingest.formats import shipped_readers
from assay.types import Draft, DraftClaim, DraftQuote, Passage, Question
from tests.proofs.every_format import FACTS, write_all
from tests.proofs.kit import Terminal
from tests.system.conftest import config


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal whose store holds the folder, added by one command."""
    made = Terminal(tmp_path_factory.mktemp("formats"), assay_store_mode="embedded")
    write_all(made.folder / "in")
    told = made.json("add", "in")
    assert (told["failed"], told["failures"], told["added"]) == (0, [], len(FACTS) + 1), "one file holds two documents"
    yield made


def opened(terminal: Terminal, **parts: Any) -> ProductionRAGSystem:
    settings = config(terminal.folder, store={"path": str(terminal.store), "mode": "embedded"})
    return ProductionRAGSystem(settings, **parts)


def test_every_reader_that_is_shipped_has_a_file_here() -> None:
    readers = shipped_readers()
    endings = {fact.name.removesuffix(".gz").rsplit(".", 1)[1].lower() for fact in FACTS}
    assert {readers[ending].name for ending in endings} == {reader.name for reader in readers.values()}


def test_every_file_answers_the_question_that_it_alone_can_answer(terminal: Terminal) -> None:
    with opened(terminal) as system:
        for fact in FACTS:
            result = system.process_query(fact.question)
            assert result.status == "success", (fact.name, result.message)
            assert fact.answer in " ".join(result.answer.split()), (fact.name, result.answer)
            first = result.claims[0].citations[0]
            assert Path(first.source).name == fact.name
            assert system.document(first.document_id)[1][first.start : first.end] == first.quote


def test_the_command_line_answers_from_the_folder_too_and_the_doctor_finds_nothing(terminal: Terminal) -> None:
    fact = next(fact for fact in FACTS if fact.name.endswith(".docx"))
    answered, seen = terminal.all_run(["ask", fact.question], ["doctor"])
    assert fact.answer in answered and seen.endswith(" healthy")


class Pointing:
    """A writer that quotes the one cell it was told of, wherever it stands in the passages."""

    name = "pointing"

    def __init__(self, cell: str) -> None:
        self._cell = cell

    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        """One claim: the cell's own words."""
        for number, passage in enumerate(passages, 1):
            if self._cell in passage.chunk.text:
                return Draft((DraftClaim(self._cell, (DraftQuote(number, self._cell),)),), self.name)
        return Draft((), self.name, refusal="the cell is in no passage")

    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        instructions: str = "",
        on_claim: Callable[[DraftClaim], None] | None = None,
    ) -> Draft:
        """The same at once."""
        return self.write(question, passages, instructions)


@pytest.mark.parametrize(
    ("question", "row", "place"),
    [
        ("What is the dose of Trimesol?", "drug: Trimesol; dose: 80 mg; interval: once a day", "row 3"),
        ("What is the toll of a coach?", "vehicle: coach; toll: 9 florins", "row 3"),
        ("How many acres has the north slope?", "parcel: north slope; acres: 17 acres", "table 1, row 2"),
    ],
)
def test_an_answer_from_a_table_is_its_row_cited_by_row_and_column(
    terminal: Terminal, question: str, row: str, place: str
) -> None:
    first, last = (cell.partition(": ")[0] for cell in (row.split("; ")[0], row.split("; ")[-1]))
    with opened(terminal) as system:
        (claim,) = system.process_query(question).claims
    (citation,) = claim.citations
    assert citation.quote == row == claim.text
    assert citation.locator == f"{place}, column {first} to {place}, column {last}"


def test_the_cell_that_a_writer_points_to_is_cited_as_that_cell(terminal: Terminal) -> None:
    with opened(terminal, writer=Pointing("drug: Trimesol; dose: 80 mg")) as system:
        (claim,) = system.process_query("What is the dose of Trimesol?").claims
    assert claim.text == claim.citations[0].quote == "drug: Trimesol; dose: 80 mg"
    assert claim.citations[0].locator == "row 3, column drug to row 3, column dose"


def test_a_long_table_is_answered_from_row_by_row(tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(
        "part,torque,note\n" + "".join(f"Bolt{n}k,{7 * n + 5} Nm,tighten in step {n}\n" for n in range(300)), "utf-8"
    )
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest([tmp_path / "long.csv"])
        for number in (0, 150, 299):
            (claim,) = system.process_query(f"What is the torque of Bolt{number}k?").claims
            assert claim.text == f"part: Bolt{number}k; torque: {7 * number + 5} Nm; note: tighten in step {number}"
            assert claim.citations[0].locator.startswith(f"row {number + 2}, column part")
