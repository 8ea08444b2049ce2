"""The ledger of jobs: what is pending, who works, what failed; safe between processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.errors import InputError, NotFound
from assay.store.catalogue import SqlCatalogue, open_catalogue
from assay.store.jobs import SqlJobLedger
from assay.types import ItemReport, JobInfo
from tests.store.catalogue_kit import SetClock


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def catalogue(tmp_path: Path, clock: SetClock) -> Iterator[SqlCatalogue]:
    opened = open_catalogue(tmp_path / "s", create=True, clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def ledger(catalogue: SqlCatalogue) -> SqlJobLedger:
    return catalogue.jobs


def seen(ledger: SqlJobLedger, job_id: str) -> JobInfo:
    job = ledger.job(job_id)
    assert job is not None
    return job


def test_a_job_remembers_its_sources_in_order_and_its_options(ledger: SqlJobLedger) -> None:
    job_id = ledger.open(["b.md", "a.md", "b.md", "ü \"' .md"], {"domain": "legal", "deep": {"n": [1]}})
    assert ledger.pending(job_id) == ["b.md", "a.md", "ü \"' .md"]
    job = seen(ledger, job_id)
    assert (job.state, job.sources, job.settled, job.failed) == ("running", 3, 0, 0)
    assert job.options == {"domain": "legal", "deep": {"n": (1,)}}
    assert job.created_at == "2026-03-01T12:00:00.000000Z"
    assert ledger.job("nobody") is None


def test_settling_counts_and_leaves_the_rest_pending(ledger: SqlJobLedger) -> None:
    job_id = ledger.open([f"{i}.md" for i in range(5)], {})
    ledger.settle(job_id, [ItemReport("0.md", "added", "d0", 3), ItemReport("1.md", "failed", reason="torn page")])
    ledger.settle(job_id, [])
    ledger.settle(job_id, [ItemReport("2.md", "skipped", reason="no reader")])
    assert ledger.pending(job_id) == ["3.md", "4.md"]
    job = seen(ledger, job_id)
    assert (job.settled, job.failed) == (3, 1)
    ledger.settle(job_id, [ItemReport("1.md", "added"), ItemReport("0.md", "replaced")])
    job = seen(ledger, job_id)
    assert (job.settled, job.failed) == (3, 0)


def test_a_strange_source_is_refused_and_nothing_of_the_call_is_recorded(ledger: SqlJobLedger) -> None:
    job_id = ledger.open(["a.md"], {})
    with pytest.raises(NotFound, match=r"z\.md"):
        ledger.settle(job_id, [ItemReport("a.md", "failed", reason="x"), ItemReport("z.md", "added")])
    assert ledger.pending(job_id) == ["a.md"]
    assert ledger.dead_letters() == []
    with pytest.raises(NotFound):
        ledger.advance(job_id, "z.md", "reading")
    for call in (
        lambda: ledger.pending("no"),
        lambda: ledger.lease("no", "w", 1),
        lambda: ledger.finish("no", "done"),
        lambda: ledger.cancel("no"),
        lambda: ledger.settle("no", [ItemReport("a.md", "added")]),
    ):
        with pytest.raises(NotFound, match="no job 'no'"):
            call()


def test_a_source_of_many_documents_has_failed_if_one_of_them_has(ledger: SqlJobLedger) -> None:
    job_id = ledger.open(["many.jsonl"], {})
    ledger.settle(
        job_id, [ItemReport("many.jsonl", "failed", "r2", reason="no text"), ItemReport("many.jsonl", "added", "r3")]
    )
    ledger.settle(job_id, [ItemReport("many.jsonl", "added", "r4")])
    assert (seen(ledger, job_id).settled, seen(ledger, job_id).failed) == (1, 1)
    assert [(letter.document_id, letter.reason) for letter in ledger.dead_letters()] == [("r2", "no text")]


def test_a_dead_letter_is_cleared_by_a_later_success_of_the_same_source(ledger: SqlJobLedger) -> None:
    first = ledger.open(["a.md", "b.md"], {})
    ledger.settle(first, [ItemReport(f"{x}.md", "failed", reason=f"{x} broke", warnings=("w",)) for x in "ab"])
    assert [letter.reason for letter in ledger.dead_letters()] == ["b broke", "a broke"]
    assert ledger.dead_letters(limit=1)[0].warnings == ("w",)
    second = ledger.open(["a.md", "b.md"], {})
    ledger.settle(second, [ItemReport("a.md", "unchanged"), ItemReport("b.md", "failed", reason="b broke again")])
    assert [letter.reason for letter in ledger.dead_letters()] == ["b broke again"]
    third = ledger.open(["b.md"], {})
    ledger.settle(third, [ItemReport("b.md", "skipped")])
    assert len(ledger.dead_letters()) == 1
    assert (seen(ledger, first).failed, seen(ledger, second).failed) == (2, 1)


def test_a_lease_keeps_others_out_until_it_runs_out(ledger: SqlJobLedger, clock: SetClock) -> None:
    job_id = ledger.open(["a.md"], {})
    assert ledger.lease(job_id, "one", 30)
    assert not ledger.lease(job_id, "two", 30)
    clock.forward(20)
    assert ledger.lease(job_id, "one", 30)
    clock.forward(25)
    assert not ledger.lease(job_id, "two", 30)
    assert ledger.resumable() == []
    clock.forward(6)
    assert [job.id for job in ledger.resumable()] == [job_id]
    assert ledger.lease(job_id, "two", 30)
    assert not ledger.lease(job_id, "one", 30)
    assert seen(ledger, job_id).worker == "two"
    ledger.finish(job_id, "done")
    assert not ledger.lease(job_id, "two", 30)
    for worker, seconds in (("", 1.0), ("x", 0.0)):
        with pytest.raises(InputError):
            ledger.lease(job_id, worker, seconds)


def test_jobs_are_listed_newest_first_and_resumed_oldest_first(ledger: SqlJobLedger, clock: SetClock) -> None:
    ids = [ledger.open([f"{i}"], {}) for i in range(4)]
    ledger.lease(ids[1], "w", 60)
    ledger.finish(ids[2], "failed")
    assert [job.id for job in ledger.jobs()] == ids[::-1]
    assert [job.id for job in ledger.jobs(limit=2)] == ids[:1:-1]
    assert [job.id for job in ledger.resumable()] == [ids[0], ids[3]]
    clock.forward(61)
    assert [job.id for job in ledger.resumable()] == [ids[0], ids[1], ids[3]]


def test_a_closed_job_stays_as_it_was_closed(ledger: SqlJobLedger) -> None:
    job_id = ledger.open(["a"], {})
    ledger.lease(job_id, "w", 60)
    ledger.finish(job_id, "cancelled")
    ledger.finish(job_id, "done")
    job = seen(ledger, job_id)
    assert (job.state, job.worker, job.lease_until) == ("cancelled", "", "")
    with pytest.raises(InputError):
        ledger.finish(job_id, "running")


def test_cancelling_asks_the_worker_or_closes_a_job_that_has_none(ledger: SqlJobLedger) -> None:
    worked, idle = ledger.open(["a"], {}), ledger.open(["b"], {})
    ledger.lease(worked, "w", 60)
    ledger.cancel(worked)
    ledger.cancel(idle)
    assert (seen(ledger, worked).state, seen(ledger, worked).cancel_requested) == ("running", True)
    assert seen(ledger, idle).state == "cancelled"
    ledger.finish(worked, "cancelled")
    ledger.cancel(worked)
    assert seen(ledger, worked).state == "cancelled"


def test_stages_are_noted_until_a_source_is_settled(ledger: SqlJobLedger, clock: SetClock) -> None:
    job_id = ledger.open(["a", "b"], {})
    clock.forward(5)
    ledger.advance(job_id, "a", "reading")
    ledger.advance(job_id, "a", "embedding")
    assert ledger.stages(job_id) == {"a": "embedding"}
    assert seen(ledger, job_id).updated_at == "2026-03-01T12:00:05.000000Z"
    ledger.settle(job_id, [ItemReport("a", "added")])
    assert ledger.stages(job_id) == {}


def test_a_job_survives_its_process(catalogue: SqlCatalogue, tmp_path: Path, clock: SetClock) -> None:
    job_id = catalogue.jobs.open(["a", "b"], {"k": 1})
    catalogue.jobs.lease(job_id, "w", 60)
    catalogue.jobs.settle(job_id, [ItemReport("a", "added")])
    clock.forward(61)
    again = open_catalogue(tmp_path / "s", create=False, clock=clock)
    assert [job.id for job in again.jobs.resumable()] == [job_id]
    assert again.jobs.pending(job_id) == ["b"]
    again.close()


_TAKER = """
import sys
from pathlib import Path
from assay.store.catalogue import open_catalogue
ledger = open_catalogue(Path(sys.argv[1]), create=False).jobs
print("ready", flush=True)
sys.stdin.readline()
print(sum(ledger.lease(job, sys.argv[2], 60) for job in sys.argv[3].split(",")))
"""


def test_of_several_processes_one_gets_each_lease(ledger: SqlJobLedger, tmp_path: Path) -> None:
    ids = [ledger.open([str(i)], {}) for i in range(20)]
    command = [sys.executable, "-c", _TAKER, str(tmp_path / "s")]
    takers = [
        subprocess.Popen(
            [*command, f"worker{n}", ",".join(ids)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for n in range(3)
    ]
    for taker in takers:
        assert taker.stdout is not None
        assert taker.stdout.readline() == "ready\n"
    for taker in takers:
        assert taker.stdin is not None
        taker.stdin.write("go\n")
        taker.stdin.flush()
    won = [int(taker.communicate()[0]) for taker in takers]
    assert sum(won) == 20


def test_a_large_job_is_settled_in_one_call(ledger: SqlJobLedger) -> None:
    sources = [f"file {i}" for i in range(3000)]
    job_id = ledger.open(sources, {})
    ledger.settle(job_id, [ItemReport(source, "failed" if i % 3 else "added") for i, source in enumerate(sources)])
    assert (seen(ledger, job_id).settled, seen(ledger, job_id).failed) == (3000, 2000)
    assert ledger.pending(job_id) == []
    assert len(ledger.dead_letters(limit=5000)) == 2000
