"""`SqlJobLedger`: durable ingestion jobs. It records; it does not work. No column here holds text of documents.

A job has one item a source. An item is settled once it has a state; settling again replaces the outcome. Failures are
also kept as dead letters, which outlive their job and go when the same source succeeds later.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, Row, Update, bindparam, delete, func, insert, or_, select, update

from assay.errors import InputError, NotFound
from assay.ports import Clock
from assay.store import records
from assay.store.engine import Database
from assay.store.reading import batches
from assay.store.schema import dead_letters, job_items, jobs
from assay.types import ItemReport, JobInfo, JobState

_SUCCESS = frozenset({"added", "replaced", "unchanged"})


class SqlJobLedger:
    """`ports.JobLedger` over the catalogue's database. Leases are safe between threads and between processes."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or records.SystemClock()

    def open(self, sources: Sequence[str], options: Mapping[str, Any]) -> str:
        """A new job over the distinct `sources`, in order; returns its id."""
        distinct = list(dict.fromkeys(sources))
        job_id, now = uuid.uuid4().hex[:12], self._now()
        row = {
            "id": job_id,
            "state": "running",
            "created_at": now,
            "updated_at": now,
            "sources": len(distinct),
            "settled": 0,
            "failed": 0,
            "cancel_requested": 0,
            "options": records.to_json(options, "The options of the job"),
        }
        with self._database.write() as connection:
            last = connection.scalar(select(func.max(jobs.c.sequence))) or 0
            connection.execute(insert(jobs), {**row, "sequence": last + 1})
            if distinct:
                items = [{"job_id": job_id, "position": i, "source": source} for i, source in enumerate(distinct)]
                connection.execute(insert(job_items), items)
        return job_id

    def lease(self, job_id: str, worker: str, seconds: float) -> bool:
        """Take or renew the job; False while another worker's lease lasts, or when the job is over.

        `worker` must name one worker only (host, process and a random part). Raises NotFound.
        """
        if not worker or seconds <= 0:
            raise InputError("A lease needs the name of a worker and a time above zero")
        at = self._clock.now()
        until = records.moment(at + timedelta(seconds=seconds))
        free = or_(jobs.c.worker.in_(("", worker)), jobs.c.lease_until < records.moment(at))
        take = update(jobs).where(jobs.c.id == job_id, jobs.c.state == "running", free)
        with self._database.write(durable=False) as connection:
            _require(connection, job_id)
            taken = connection.execute(take.values(worker=worker, lease_until=until, updated_at=records.moment(at)))
            return taken.rowcount == 1

    def pending(self, job_id: str) -> list[str]:
        """The sources not settled yet, in order. Raises NotFound."""
        statement = select(job_items.c.source).where(job_items.c.job_id == job_id, job_items.c.state == "")
        with self._database.read() as connection:
            _require(connection, job_id)
            return list(connection.scalars(statement.order_by(job_items.c.position)))

    def advance(self, job_id: str, source: str, stage: str) -> None:
        """Note the stage that a source reached; does not wait for the disk. Raises NotFound."""
        change = update(job_items).where(job_items.c.job_id == job_id, job_items.c.source == source)
        with self._database.write(durable=False) as connection:
            if connection.execute(change.values(stage=stage)).rowcount == 0:
                raise _no_source(job_id, source)
            connection.execute(update(jobs).where(jobs.c.id == job_id).values(updated_at=self._now()))

    def stages(self, job_id: str) -> dict[str, str]:
        """Source -> stage of those that were begun and are not settled."""
        statement = select(job_items.c.source, job_items.c.stage).where(
            job_items.c.job_id == job_id, job_items.c.state == "", job_items.c.stage != ""
        )
        with self._database.read() as connection:
            return {row[0]: row[1] for row in connection.execute(statement.order_by(job_items.c.position))}

    def settle(self, job_id: str, reports: Sequence[ItemReport]) -> None:
        """Record outcomes, durably and all together. A source with several reports (one a document, in one call or in
        several) has failed if one of them has. Raises NotFound, recording nothing, for a source not in the job."""
        if not reports:
            return
        now = self._now()
        with self._database.write() as connection:
            _require(connection, job_id)
            before = _states(connection, job_id, list(dict.fromkeys(report.source for report in reports)))
            _update_letters(connection, job_id, reports, now)
            _settle_items(connection, job_id, before, _outcomes(connection, job_id, reports), now)

    def finish(self, job_id: str, state: JobState) -> None:
        """Close the job; a job that is closed already stays as it is. Raises NotFound."""
        if state not in get_args(JobState) or state == "running":
            raise InputError(f"A job cannot finish as {state!r}", next="Use done, failed or cancelled")
        with self._database.write() as connection:
            _require(connection, job_id)
            connection.execute(_closing(job_id, state, self._now()))

    def cancel(self, job_id: str) -> None:
        """Ask the worker to stop; where nobody works on the job it is closed at once. Raises NotFound."""
        now = self._now()
        with self._database.write() as connection:
            _require(connection, job_id)
            mine = jobs.c.id == job_id
            running = update(jobs).where(mine, jobs.c.state == "running")
            connection.execute(running.values(cancel_requested=1, updated_at=now))
            connection.execute(_closing(job_id, "cancelled", now).where(_idle(now)))

    def job(self, job_id: str) -> JobInfo | None:
        """One job, or None."""
        with self._database.read() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job_id)).first()
        return None if row is None else _info(row)

    def jobs(self, limit: int = 50) -> list[JobInfo]:
        """The newest jobs first."""
        with self._database.read() as connection:
            return [
                _info(row) for row in connection.execute(select(jobs).order_by(jobs.c.sequence.desc()).limit(limit))
            ]

    def resumable(self) -> list[JobInfo]:
        """Unfinished jobs whose lease has run out or that nobody took, the oldest first."""
        statement = select(jobs).where(jobs.c.state == "running", _idle(self._now())).order_by(jobs.c.sequence)
        with self._database.read() as connection:
            return [_info(row) for row in connection.execute(statement)]

    def dead_letters(self, limit: int = 1000) -> list[ItemReport]:
        """What failed and has not succeeded since, the newest first."""
        statement = select(dead_letters).order_by(dead_letters.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [_letter(row) for row in connection.execute(statement)]

    def _now(self) -> str:
        return records.timestamp(self._clock)


def _idle(now: str) -> ColumnElement[bool]:
    return or_(jobs.c.worker == "", jobs.c.lease_until < now)


def _closing(job_id: str, state: JobState, now: str) -> Update:
    change = update(jobs).where(jobs.c.id == job_id, jobs.c.state == "running")
    return change.values(state=state, worker="", lease_until="", updated_at=now)


def _require(connection: Connection, job_id: str) -> None:
    if connection.scalar(select(jobs.c.id).where(jobs.c.id == job_id)) is None:
        raise NotFound(f"There is no job {job_id!r}", next="Run `assay jobs` for those that exist")


def _no_source(job_id: str, source: str) -> NotFound:
    return NotFound(f"Job {job_id!r} has no source {source!r}", next="Open a new job for it")


def _states(connection: Connection, job_id: str, sources: Sequence[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    for batch in batches(sources):
        named = select(job_items.c.source, job_items.c.state)
        rows = connection.execute(named.where(job_items.c.job_id == job_id, job_items.c.source.in_(batch)))
        known.update((row[0], row[1]) for row in rows)
    strange = [source for source in sources if source not in known]
    if strange:
        raise _no_source(job_id, strange[0])
    return known


def _update_letters(connection: Connection, job_id: str, reports: Sequence[ItemReport], now: str) -> None:
    """An outcome clears what earlier jobs left of its source, and what this job left of the same document."""
    letters = dead_letters
    told = [report for report in reports if report.state == "failed" or report.state in _SUCCESS]
    for batch in batches(dict.fromkeys(report.source for report in told)):
        connection.execute(delete(letters).where(letters.c.source.in_(batch), letters.c.job_id != job_id))
    same = delete(letters).where(letters.c.source == bindparam("s"), letters.c.document_id == bindparam("d"))
    if told:
        connection.execute(same, [{"s": report.source, "d": report.document_id} for report in told])
    failed = [_letter_row(job_id, report, now) for report in reports if report.state == "failed"]
    if failed:
        connection.execute(insert(letters), failed)


def _outcomes(connection: Connection, job_id: str, reports: Sequence[ItemReport]) -> dict[str, tuple[str, str]]:
    """Source -> state and reason: failed while this job has a dead letter of it, else as the last report says."""
    outcomes = {report.source: (str(report.state), report.reason) for report in reports}
    named = select(dead_letters.c.source, dead_letters.c.reason).where(dead_letters.c.job_id == job_id)
    for batch in batches(outcomes):
        for row in connection.execute(named.where(dead_letters.c.source.in_(batch)).order_by(dead_letters.c.id.desc())):
            outcomes[row[0]] = ("failed", row[1])
    return outcomes


def _settle_items(
    connection: Connection, job_id: str, before: Mapping[str, str], after: Mapping[str, tuple[str, str]], now: str
) -> None:
    change = update(job_items).where(job_items.c.job_id == job_id, job_items.c.source == bindparam("which"))
    connection.execute(
        change.values(state=bindparam("became"), reason=bindparam("why"), stage=""),
        [{"which": source, "became": state, "why": reason} for source, (state, reason) in after.items()],
    )
    failures = sum((after[source][0] == "failed") - (state == "failed") for source, state in before.items())
    counts = update(jobs).where(jobs.c.id == job_id)
    connection.execute(
        counts.values(
            settled=jobs.c.settled + sum(not state for state in before.values()),
            failed=jobs.c.failed + failures,
            updated_at=now,
        )
    )


def _letter_row(job_id: str, report: ItemReport, now: str) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "source": report.source,
        "document_id": report.document_id,
        "chunks": report.chunks,
        "reason": report.reason,
        "warnings": records.to_json(report.warnings),
        "at": now,
    }


def _letter(row: Row[Any]) -> ItemReport:
    return ItemReport(
        source=row.source,
        state="failed",
        document_id=row.document_id,
        chunks=row.chunks,
        reason=row.reason,
        warnings=records.from_json(row.warnings),
    )


def _info(row: Row[Any]) -> JobInfo:
    return JobInfo(
        id=row.id,
        state=row.state,
        created_at=row.created_at,
        updated_at=row.updated_at,
        sources=row.sources,
        settled=row.settled,
        failed=row.failed,
        worker=row.worker,
        lease_until=row.lease_until,
        cancel_requested=bool(row.cancel_requested),
        options=records.from_json(row.options),
    )
