"""The contract of a job ledger: durable, resumable, and never two workers at one job."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assay.ports import Clock, JobLedger
from assay.testing.clock import StandingClock
from assay.testing.contract import Contract
from assay.types import ItemReport, ItemState, JobInfo, plain

_FILES = ("in/a.md", "in/b.pdf", "in/ü c.docx", "in/d.json")


class JobLedgerContract(Contract):
    """What `ports.JobLedger` promises. Override `make_ledger`; `close_ledger` where something must be let go of."""

    def make_ledger(self, folder: Path, clock: Clock) -> JobLedger:
        """The ledger in `folder`, which takes its time from `clock`: opened where there is one, made where not."""
        raise NotImplementedError("override make_ledger")

    def close_ledger(self, ledger: JobLedger) -> None:
        """Let go of a ledger, before the same one is opened again and at the end of a test."""

    # --- work

    def test_a_new_job_waits_for_all_its_sources(self) -> None:
        ledger = self._ledger()
        key = ledger.open(_FILES, {"access": ["public"], "chunk": {"target": 800}, "note": "ü"})
        job = self._job(ledger, key)
        assert (job.id, job.state) == (key, "running"), f"a new job is {job}"
        assert (job.sources, job.settled, job.failed) == (4, 0, 0), f"a new job is {job}"
        assert not job.cancel_requested, "a new job is to be cancelled"
        assert job.created_at and job.updated_at, f"a new job has no times: {job}"
        assert ledger.pending(key) == list(_FILES), f"pending sources are {ledger.pending(key)}"
        options = {"access": ["public"], "chunk": {"target": 800}, "note": "ü"}
        assert plain(job.options) == options, f"the options came back as {job.options}"

    def test_every_job_has_an_id_of_its_own(self) -> None:
        ledger = self._ledger()
        keys = [ledger.open(_FILES, {}) for _ in range(5)]
        assert len(set(keys)) == 5, f"five jobs have the ids {keys}"
        ledger.settle(keys[0], [_report("in/a.md")])
        assert ledger.pending(keys[1]) == list(_FILES), "settling a source of one job settled it in another"

    def test_settled_sources_are_no_longer_pending(self) -> None:
        ledger = self._ledger()
        key = ledger.open(_FILES, {})
        ledger.settle(key, [_report("in/b.pdf", "failed"), _report("in/a.md")])
        assert ledger.pending(key) == ["in/ü c.docx", "in/d.json"], f"pending sources are {ledger.pending(key)}"
        job = self._job(ledger, key)
        assert (job.sources, job.failed) == (4, 1), f"after one success and one failure of four: {job}"
        assert job.settled == 2, f"a failed source is settled too; settled is {job.settled}"
        ledger.settle(key, [_report("in/a.md", "unchanged")])
        assert self._job(ledger, key).settled == 2, "settling a source again counted it again"

    def test_a_stage_that_was_reached_settles_nothing(self) -> None:
        ledger = self._ledger()
        key = ledger.open(_FILES, {})
        for stage in ("reading", "embedding", "publishing"):
            ledger.advance(key, "in/a.md", stage)
        assert ledger.pending(key) == list(_FILES), "a source that only reached a stage is no longer pending"
        assert self._job(ledger, key).settled == 0, "a source that only reached a stage counts as settled"

    def test_a_finished_job_keeps_its_outcome(self) -> None:
        ledger = self._ledger()
        for state in ("done", "failed", "cancelled"):
            key = ledger.open(_FILES[:1], {})
            ledger.lease(key, "worker-1", 60)
            ledger.settle(key, [_report(_FILES[0])])
            ledger.finish(key, state)
            assert self._job(ledger, key).state == state, f"a job finished as {state} is {self._job(ledger, key).state}"
        self.clock.advance(3600)
        assert ledger.resumable() == [], f"finished jobs are resumable: {ledger.resumable()}"

    def test_an_unknown_job_is_none(self) -> None:
        ledger = self._ledger()
        assert ledger.job("no such job") is None, "an unknown job has particulars"
        assert ledger.jobs() == [] and ledger.resumable() == [] and ledger.dead_letters() == [], (
            "a new ledger is not empty"
        )

    # --- leases

    def test_only_one_worker_has_the_lease(self) -> None:
        ledger = self._ledger()
        key = ledger.open(_FILES, {})
        assert ledger.lease(key, "worker-1", 60), "nobody had the job, yet it could not be taken"
        assert not ledger.lease(key, "worker-2", 60), "two workers have the same job"
        assert self._job(ledger, key).worker == "worker-1", f"the job names {self._job(ledger, key).worker!r} as worker"
        self.clock.advance(50)
        assert ledger.lease(key, "worker-1", 60), "the worker could not renew its own lease"
        self.clock.advance(50)
        assert not ledger.lease(key, "worker-2", 60), "a renewed lease ran out at its former end"
        self.clock.advance(11)
        assert ledger.lease(key, "worker-2", 60), "a lease that ran out still keeps others away"
        assert not ledger.lease(key, "worker-1", 60), "the former worker took the job back"

    def test_a_job_is_resumable_once_its_lease_has_run_out(self) -> None:
        ledger = self._ledger()
        first = ledger.open(_FILES, {})
        self.clock.advance(1)
        second = ledger.open(_FILES, {})
        ledger.lease(first, "worker-1", 60)
        ledger.lease(second, "worker-2", 60)
        assert ledger.resumable() == [], f"jobs at work are resumable: {ledger.resumable()}"
        self.clock.advance(61)
        found = [job.id for job in ledger.resumable()]
        assert found == [first, second], f"resumable are {found}; the oldest comes first"
        ledger.lease(first, "worker-3", 60)
        found = [job.id for job in ledger.resumable()]
        assert found == [second], f"resumable are {found} after the first was taken up again"

    def test_a_job_that_nobody_took_is_resumable(self) -> None:
        ledger = self._ledger()
        key = ledger.open(_FILES, {})
        self.clock.advance(3600)
        assert [job.id for job in ledger.resumable()] == [key], "a job whose worker never came is lost"

    def test_a_cancelled_job_says_so_until_it_is_finished(self) -> None:
        ledger = self._ledger()
        key = ledger.open(_FILES, {})
        ledger.lease(key, "worker-1", 60)
        ledger.settle(key, [_report("in/a.md")])
        ledger.cancel(key)
        job = self._job(ledger, key)
        assert job.cancel_requested, "the worker cannot see that it shall stop"
        assert (job.state, job.settled) == ("running", 1), f"cancelling settled the job by itself: {job}"
        ledger.finish(key, "cancelled")
        assert self._job(ledger, key).state == "cancelled", "the job is not cancelled"

    # --- listing and letters

    def test_the_newest_job_is_listed_first(self) -> None:
        ledger = self._ledger()
        keys: list[str] = []
        for _ in range(4):
            keys.append(ledger.open(_FILES, {}))
            self.clock.advance(1)
        assert [job.id for job in ledger.jobs()] == keys[::-1], "the jobs are not in order"
        assert [job.id for job in ledger.jobs(limit=2)] == keys[:1:-1], "a limit of 2 does not list the two newest"

    def test_a_failure_becomes_a_dead_letter_with_its_reason(self) -> None:
        ledger = self._ledger()
        key = ledger.open(_FILES, {})
        ledger.settle(key, [_report("in/a.md", "failed", "the PDF is broken"), _report("in/b.pdf")])
        self.clock.advance(1)
        ledger.settle(key, [_report("in/d.json", "failed", "too large")])
        letters = [(letter.source, letter.state, letter.reason) for letter in ledger.dead_letters()]
        expected = [("in/d.json", "failed", "too large"), ("in/a.md", "failed", "the PDF is broken")]
        assert letters == expected, f"the dead letters are {letters}, newest first they are {expected}"
        assert len(ledger.dead_letters(limit=1)) == 1, "the limit of dead letters is not kept"

    def test_a_later_success_clears_the_letter(self) -> None:
        ledger = self._ledger()
        ledger.settle(ledger.open(_FILES, {}), [_report(name, "failed", "broken") for name in ("in/a.md", "in/b.pdf")])
        self.clock.advance(1)
        ledger.settle(ledger.open(_FILES, {}), [_report("in/a.md"), _report("in/b.pdf", "failed", "still broken")])
        letters = [(letter.source, letter.reason) for letter in ledger.dead_letters()]
        assert letters == [("in/b.pdf", "still broken")], f"the dead letters are {letters}"

    # --- durability

    def test_everything_is_there_after_closing_and_opening(self) -> None:
        ledger = self._ledger()
        key = ledger.open(_FILES, {"access": "public"})
        ledger.lease(key, "worker-1", 60)
        ledger.settle(key, [_report("in/a.md"), _report("in/b.pdf", "failed", "broken")])
        ledger.cancel(key)
        before = self._seen(ledger, key)
        self.close_ledger(ledger)
        again = self._ledger()
        assert self._seen(again, key) == before, f"before {before}, after opening again {self._seen(again, key)}"
        assert not again.lease(key, "worker-2", 60), "a lease was lost by closing"

    # --- helpers

    @property
    def clock(self) -> StandingClock:
        """The clock of this test; it stands still until the test moves it."""
        if self._clock is None:
            self._clock = StandingClock()
        return self._clock

    _clock: StandingClock | None = None

    def _ledger(self) -> JobLedger:
        made = self.make_ledger(self.folder, self.clock)
        self._stack().callback(self.close_ledger, made)
        return made

    def _job(self, ledger: JobLedger, key: str) -> JobInfo:
        job = ledger.job(key)
        assert job is not None, f"the job {key} is not there"
        return job

    def _seen(self, ledger: JobLedger, key: str) -> Sequence[object]:
        return (self._job(ledger, key), ledger.pending(key), ledger.dead_letters(), ledger.jobs())


def _report(source: str, state: ItemState = "added", reason: str = "") -> ItemReport:
    return ItemReport(source=source, state=state, document_id=source, chunks=3, reason=reason)
