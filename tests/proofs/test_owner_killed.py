"""The process that holds the index is killed, goes idle, or loses its store: nobody who asks comes to harm."""

from __future__ import annotations

import random
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assay import ProductionRAGSystem
from assay.store.edge_lock import held
from tests.proofs.kit import (
    LEASE,
    RENT,
    RENT_IS,
    Terminal,
    alive,
    finished,
    flat,
    kill_owner,
    owner_pid,
    prose,
    wait_until,
)
from tests.system.conftest import DOCUMENTS

KILLS_OF_QUESTIONS = 10
KILLS_OF_ADDITIONS = 4
FILES = 24


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal(tmp_path)
    made.write("lease.md", LEASE)
    yield made
    if made.store.exists():
        made.end_owner()


def test_after_a_kill_the_next_command_works_and_the_doctor_tells_of_the_crash_once(terminal: Terminal) -> None:
    terminal.run("add", "lease.md")
    killed = kill_owner(terminal.store)
    assert killed
    assert RENT_IS in terminal.run("ask", RENT)
    assert owner_pid(terminal.store) not in (0, killed)
    done = terminal.attempt("doctor")
    told = " ".join(done.stdout.split())
    assert done.returncode == 2 and told.endswith("not healthy")
    assert told.count("it crashed") == 1 and f"process {killed}" in told and "it was killed (SIGKILL)" in told
    # The crash is the only thing that is wrong, and the command that the message names acknowledges it.
    assert [line.split()[1:3] for line in done.stdout.splitlines() if line.startswith("✗")] == [["index", "owner"]]
    assert "repair: assay doctor --repair" in told
    mended, after = terminal.all_run(["doctor", "--repair"], ["doctor"])
    assert mended.endswith(" healthy") and after.endswith(" healthy") and "crash" not in after


def test_questions_go_on_while_the_owner_is_killed_again_and_again(terminal: Terminal) -> None:
    chance = random.Random(11)
    kills = 0
    with terminal.system() as system:
        system.ingest(DOCUMENTS)
        expected = system.process_query(RENT).answer
        answers: list[str] = []
        ended = threading.Event()
        asking = threading.Thread(target=lambda: ask_until(ended, system, answers))
        asking.start()
        try:
            while kills < KILLS_OF_QUESTIONS:
                before = len(answers)
                wait_until(lambda: len(answers) > before, "an answer after a kill")  # noqa: B023
                time.sleep(chance.uniform(0, 0.05))
                kills += bool(kill_owner(terminal.store))
        finally:
            ended.set()
            asking.join()
        assert set(answers) == {expected}
        assert system.process_query(RENT).answer == expected and len(system.documents()) == len(DOCUMENTS)
    assert kills == KILLS_OF_QUESTIONS and len(answers) >= kills


def ask_until(ended: threading.Event, system: ProductionRAGSystem, answers: list[str]) -> None:
    while not ended.is_set():
        result = system.process_query(RENT)
        answers.append(result.answer if result.status == "success" else f"{result.status}: {result.message}")


def test_an_addition_goes_on_while_the_owner_is_killed_in_its_middle_and_nothing_is_lost(terminal: Terminal) -> None:
    terminal.run("add", "lease.md")
    for number in range(FILES):
        warden = f"The warden of Dock{number} is Ondine Karsk{number}.\n\n"
        terminal.write(f"big/d{number}.txt", warden + prose(number, 120))
    terminal.environment["ASSAY_INGEST_BATCH_CHUNKS"] = "64"
    adding = terminal.start("add", "big")
    hit: set[int] = set()
    while adding.poll() is None and len(hit) < KILLS_OF_ADDITIONS:
        batch = staged_batch(terminal.store)
        if batch and batch not in hit and kill_owner(terminal.store):
            hit.add(batch)
        time.sleep(0.002)
    done = finished(adding)
    assert len(hit) > 1
    # One crash in a step is mended on the spot.
    assert done.returncode == 0 and f"{FILES} added" in flat(done.stdout), done.stdout + done.stderr
    with terminal.system() as system:
        assert system.ingest([terminal.folder / "big"]).unchanged == FILES
        assert system.count_documents() == FILES + 1
        for number in range(FILES):
            assert f"Ondine Karsk{number}" in system.process_query(f"Who is the warden of Dock{number}?").answer
        assert RENT_IS in system.process_query(RENT).answer
    assert terminal.run("doctor", "--repair").endswith(" healthy")


def staged_batch(store: Path) -> int:
    """A number for the batch that is on its way into the index just now (in the catalogue, not yet published); or 0."""
    with closing(sqlite3.connect(f"file:{store / 'catalogue.sqlite3'}?mode=ro", uri=True)) as catalogue:
        (number,) = catalogue.execute("SELECT max(id) FROM versions WHERE state = 'staged'").fetchone()
    return int(number or 0)


def test_the_owner_ends_by_itself_when_nobody_asks_and_leaves_nothing_to_repair(terminal: Terminal) -> None:
    terminal.run("add", "lease.md")
    pid = owner_pid(terminal.store)
    assert pid and alive(pid)
    wait_until(lambda: not alive(pid), "the idle owner's end", 30)
    assert not held(terminal.store / "owner.lock")
    assert not [place.name for place in terminal.store.glob("owner*") if place.suffix != ".lock"]
    answered, seen = terminal.all_run(["ask", RENT], ["doctor"])
    assert RENT_IS in answered and seen.endswith(" healthy")


def test_the_owner_ends_when_its_store_vanishes_and_writes_nothing_there(terminal: Terminal) -> None:
    terminal.environment["ASSAY_STORE_IDLE_SECONDS"] = "600"
    terminal.run("add", "lease.md")
    pid = owner_pid(terminal.store)
    shutil.rmtree(terminal.store)
    wait_until(lambda: not alive(pid), "the end of an owner without a store", 30)
    assert not terminal.store.exists()
