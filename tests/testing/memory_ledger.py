"""A small correct job ledger in memory, for proving the contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from assay.ports import Clock
from assay.types import ItemReport, JobInfo, JobState


@dataclass
class State:
    """What files would hold."""

    infos: dict[str, JobInfo] = field(default_factory=dict)
    sources: dict[str, list[str]] = field(default_factory=dict)
    reports: dict[str, dict[str, ItemReport]] = field(default_factory=dict)
    leases: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    letters: list[ItemReport] = field(default_factory=list)


_PLACES: dict[Path, State] = {}


class MemoryLedger:
    """`ports.JobLedger` over a `State` that outlives the object, as files would."""

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.state = _PLACES.setdefault(folder, State())
        self.clock = clock

    def open(self, sources: Sequence[str], options: Mapping[str, Any]) -> str:
        key, now = f"job-{len(self.state.infos) + 1}", self.clock.now().isoformat()
        self.state.infos[key] = JobInfo(key, "running", now, now, len(sources), 0, 0, options=options)
        self.state.sources[key] = list(sources)
        self.state.reports[key] = {}
        return key

    def lease(self, job_id: str, worker: str, seconds: float) -> bool:
        holder = self.holder(job_id)
        if holder not in ("", worker):
            return False
        self.state.leases[job_id] = (worker, self.clock.now() + timedelta(seconds=seconds))
        return True

    def holder(self, job_id: str) -> str:
        worker, until = self.state.leases.get(job_id, ("", self.clock.now()))
        return worker if until > self.clock.now() else ""

    def pending(self, job_id: str) -> list[str]:
        return [name for name in self.state.sources[job_id] if name not in self.state.reports[job_id]]

    def advance(self, job_id: str, source: str, stage: str) -> None:
        pass

    def settle(self, job_id: str, reports: Sequence[ItemReport]) -> None:
        for report in reports:
            self.state.reports[job_id][report.source] = report
            self.clear(report.source)
            if report.state == "failed":
                self.state.letters.insert(0, report)

    def clear(self, source: str) -> None:
        self.state.letters = [letter for letter in self.state.letters if letter.source != source]

    def finish(self, job_id: str, state: JobState) -> None:
        self.state.infos[job_id] = replace(self.state.infos[job_id], state=state)

    def cancel(self, job_id: str) -> None:
        self.state.infos[job_id] = replace(self.state.infos[job_id], cancel_requested=True)

    def job(self, job_id: str) -> JobInfo | None:
        if job_id not in self.state.infos:
            return None
        reports = self.state.reports[job_id].values()
        failed = sum(report.state == "failed" for report in reports)
        return replace(self.state.infos[job_id], settled=len(reports), failed=failed, worker=self.holder(job_id))

    def jobs(self, limit: int = 50) -> list[JobInfo]:
        found = [self.job(key) for key in reversed(self.state.infos)]
        return [job for job in found if job is not None][:limit]

    def resumable(self) -> list[JobInfo]:
        return [job for job in self.jobs(10**6)[::-1] if job.state == "running" and not job.worker]

    def dead_letters(self, limit: int = 1000) -> list[ItemReport]:
        return self.state.letters[:limit]
