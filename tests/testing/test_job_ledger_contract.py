"""The contract of a job ledger: a correct one passes, and each kind of defect is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assay.ports import Clock, JobLedger
from assay.testing import JobLedgerContract, failures_of
from assay.types import ItemReport, JobInfo
from tests.testing.memory_ledger import MemoryLedger


class TestMemoryLedger(JobLedgerContract):
    def make_ledger(self, folder: Path, clock: Clock) -> JobLedger:
        return MemoryLedger(folder, clock)


class LeasesToAll(MemoryLedger):
    def lease(self, job_id: str, worker: str, seconds: float) -> bool:
        super().lease(job_id, worker, seconds)
        return True


class LeasesForEver(MemoryLedger):
    def lease(self, job_id: str, worker: str, seconds: float) -> bool:
        return super().lease(job_id, worker, 10**6)


class FailuresStayPending(MemoryLedger):
    def pending(self, job_id: str) -> list[str]:
        reports = self.state.reports[job_id]
        return [name for name in self.state.sources[job_id] if name not in reports or reports[name].state == "failed"]


class LosesReasons(MemoryLedger):
    def settle(self, job_id: str, reports: Sequence[ItemReport]) -> None:
        super().settle(job_id, [replace(report, reason="") for report in reports])


class KeepsOldLetters(MemoryLedger):
    def clear(self, source: str) -> None:
        pass


class OldestFirst(MemoryLedger):
    def jobs(self, limit: int = 50) -> list[JobInfo]:
        return super().jobs(10**6)[::-1][:limit]


class ResumesFinished(MemoryLedger):
    def resumable(self) -> list[JobInfo]:
        return super().jobs()


class CancelsAtOnce(MemoryLedger):
    def cancel(self, job_id: str) -> None:
        self.finish(job_id, "cancelled")


class ForgetsLeases(MemoryLedger):
    def __init__(self, folder: Path, clock: Clock) -> None:
        super().__init__(folder, clock)
        self.state.leases.clear()


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (LeasesToAll, "test_only_one_worker_has_the_lease"),
        (LeasesForEver, "test_a_job_is_resumable_once_its_lease_has_run_out"),
        (FailuresStayPending, "test_settled_sources_are_no_longer_pending"),
        (LosesReasons, "test_a_failure_becomes_a_dead_letter_with_its_reason"),
        (KeepsOldLetters, "test_a_later_success_clears_the_letter"),
        (OldestFirst, "test_the_newest_job_is_listed_first"),
        (ResumesFinished, "test_a_finished_job_keeps_its_outcome"),
        (CancelsAtOnce, "test_a_cancelled_job_says_so_until_it_is_finished"),
        (ForgetsLeases, "test_everything_is_there_after_closing_and_opening"),
    ],
)
def test_a_broken_ledger_fails(defect: type[MemoryLedger], found_by: str) -> None:
    class Broken(JobLedgerContract):
        def make_ledger(self, folder: Path, clock: Clock) -> JobLedger:
            return defect(folder, clock)

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]
