"""Durable ingestion: paths become a job in the ledger, a job is run to its end, resumed after a crash, or cancelled.

Every step may be the last one before a crash: a source is settled only after all its documents are published, so what
was not settled is read again, and what was published already is found unchanged.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from assay.errors import IngestError, InputError, NotFound, StoreError, StoreInUse
from assay.ingest.accounts import Account, Totals
from assay.ingest.admission import admitted
from assay.ingest.limits import IngestOptions, Limits
from assay.ingest.progress import Observer, Silent
from assay.ingest.publishing import Published, Publisher, Stopwatch
from assay.ingest.readahead import Ended, Event, Read, ReadAhead, Started, read_sources
from assay.ingest.sandbox import Sandbox
from assay.ingest.unpacking import inner_name, is_packed, unpacked_head
from assay.ingest.walking import FoundFile, walk
from assay.ports import Catalogue, Chunker, DomainPack, Embedder, JobLedger
from assay.types import Document, FrozenDict, IngestReport, ItemReport, JobState, plain

LEASE_SECONDS = 300.0
WAIT_SECONDS = 1.0
LINGER_SECONDS = 5.0
HEAD_BYTES = 4096


class IngestPipeline:
    """Carries documents from files or memory into the catalogue and the index.

    `deliver` carries the catalogue's outbox to the index. `worker` names this process in the ledger. `readers` and
    `programs` go to the parser process (see `Sandbox`). One job at a time; not for use by several threads at once.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        ledger: JobLedger,
        embedder: Embedder,
        chunker_for: Callable[[Document], Chunker],
        deliver: Callable[[], None],
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        worker: str = "",
        readers: Sequence[str] = (),
        reader_formats: Sequence[str] = (),
        programs: bool = False,
        batch_chunks: int = 256,
        lease_seconds: float = LEASE_SECONDS,
        pack: DomainPack | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.ledger = ledger
        self.embedder = embedder
        self.chunker_for = chunker_for
        self.deliver = deliver
        self.limits = limits or Limits()
        self.clock = clock
        self.worker = worker or f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:8]}"
        self.readers = tuple(readers)
        self.reader_formats = frozenset(reader_formats)
        self.programs = programs
        self.batch_chunks = batch_chunks
        self.lease_seconds = lease_seconds
        self.pack = pack
        self._walked: dict[str, list[ItemReport]] = {}

    def ingest(
        self,
        paths: Iterable[str | Path],
        options: Mapping[str, Any] | None = None,
        observer: Observer | None = None,
    ) -> IngestReport:
        """Submit and run in one go."""
        return self.run(self.submit(paths, options), observer)

    def submit(self, paths: Iterable[str | Path], options: Mapping[str, Any] | None = None) -> str:
        """A durable job over every file that `paths` stand for; returns its id.

        `options`: metadata, access, format, encoding (see `IngestOptions`). What was refused or skipped while walking
        is settled at once, with its reason.
        """
        given = IngestOptions.of(options or {})
        walked = list(walk(paths, self.limits, self._accepts))
        reports = [found for found in walked if isinstance(found, ItemReport)]
        sources = [found.path if isinstance(found, FoundFile) else found.source for found in walked]
        job_id = self.ledger.open(list(dict.fromkeys(sources)), plain(given))
        if reports:
            self.ledger.settle(job_id, reports)
        self._walked[job_id] = reports
        return job_id

    def run(self, job_id: str, observer: Observer | None = None) -> IngestReport:
        """Work on a job until it is done or cancelled. The report counts what this run did.

        Raises NotFound, InputError for a cancelled or failed job, StoreInUse where another worker has it; store and
        model errors end the run and leave the job to be resumed.
        """
        job = self.ledger.job(job_id)
        if job is None:
            raise NotFound(f"There is no job {job_id!r}")
        if job.state == "done":
            return Totals().report(job_id, 0.0, {})
        if job.state != "running":
            raise InputError(
                f"The job {job_id} is {job.state}", next="Add its paths again: what was published is not done twice"
            )
        if not self.ledger.lease(job_id, self.worker, self.lease_seconds):
            raise StoreInUse(f"The job {job_id} is being worked on by {job.worker}", next="Wait for it, or cancel it")
        run = _Run(self, job_id, IngestOptions.of(job.options), observer or Silent())
        finished = False
        try:
            report = run.work(self._walked.pop(job_id, []))
            finished = True
            return report
        finally:
            if not finished:
                # Let another worker have it at once instead of after the lease.
                with contextlib.suppress(StoreError):
                    self.ledger.lease(job_id, self.worker, 0.001)

    def resume(self, job_id: str, observer: Observer | None = None) -> IngestReport:
        """Go on with a job that was interrupted: the sources not settled yet, as if nothing had happened."""
        return self.run(job_id, observer)

    def ingest_documents(self, documents: Iterable[Document], observer: Observer | None = None) -> IngestReport:
        """Documents from memory. They are published batch by batch; one that is refused is told in the report."""
        run = _Run(self, "", IngestOptions(), observer or Silent())
        return run.take_in(documents)

    def _accepts(self, path: str) -> bool:
        name = inner_name(path)
        if Path(name).suffix.lstrip(".").lower() in self.reader_formats:
            return True
        from assay.ingest.formats import reader_for

        try:
            with Path(path).open("rb") as file:
                head = file.read(HEAD_BYTES)
            reader_for(name, unpacked_head(head, HEAD_BYTES) if is_packed(path) else head)
        except OSError:
            return True  # reading it will say why it cannot be read
        except IngestError:
            return False
        return True


class _Cancelled(Exception):
    """The ledger says that the job is to stop."""


class _Run:
    """One run of one job."""

    def __init__(self, pipeline: IngestPipeline, job_id: str, options: IngestOptions, observer: Observer) -> None:
        self.pipeline = pipeline
        self.job_id = job_id
        self.options = options
        self.observer = observer
        self.since = self.beaten = self.flushed = pipeline.clock()
        self.totals = Totals()
        self.accounts: dict[str, Account] = {}
        self.sizes: dict[str, int] = {}
        self.watch = Stopwatch()
        self.publisher = Publisher(
            pipeline.catalogue,
            pipeline.embedder,
            pipeline.chunker_for,
            pipeline.deliver,
            observer,
            self._beat,
            pipeline.batch_chunks,
            self.watch,
            **_pack_steps(pipeline.pack),
        )

    # --- a job

    def work(self, walked: Sequence[ItemReport]) -> IngestReport:
        """Read, publish and settle every pending source; close the job."""
        for report in walked:
            self.totals.note(report)
        self._discard_leftovers()
        sources = self.pipeline.ledger.pending(self.job_id)
        self.sizes = {source: _size(source) for source in sources}
        self.observer.on_start(len(sources), sum(self.sizes.values()))
        cancelled = self._read(sources)
        if not cancelled:
            self._flush()
        # Whoever has taken the job over meanwhile settles and closes it.
        self._renew()
        self._settle()
        self.pipeline.deliver()
        self.pipeline.ledger.finish(self.job_id, self._state(cancelled))
        return self._report()

    def _read(self, sources: Sequence[str]) -> bool:
        """Take every source in; True where the job was cancelled meanwhile."""
        limits = self.pipeline.limits
        # Reading scanned pages runs another program, so the parser process is allowed to where that was asked for.
        programs = self.pipeline.programs or self.options.reader.get("ocr") is True
        sandbox = Sandbox(limits, readers=self.pipeline.readers, programs=programs)
        try:
            events = read_sources(sources, sandbox, limits, self.options)
            with ReadAhead(events, sandbox) as ahead:
                while True:
                    with self.watch.timing("read"):
                        taken = ahead.take(WAIT_SECONDS)
                    if taken is None:
                        return False
                    self._stop_if_cancelled()
                    self._take(taken)
        except _Cancelled:
            return True
        finally:
            sandbox.close()

    def _take(self, events: Sequence[Event]) -> None:
        self._beat()
        self.publisher.look_up([event.document.id for event in events if isinstance(event, Read)])
        for event in events:
            if isinstance(event, Started):
                self.accounts[event.source] = Account(event.source, self.sizes.get(event.source, event.size))
                self.observer.on_source(event.source, event.size)
                self.pipeline.ledger.advance(self.job_id, event.source, "reading")
            elif isinstance(event, Read):
                self._document(self.accounts[event.source], event.document)
            else:
                self._ended(event)
        if not self.publisher.empty and self.pipeline.clock() - self.flushed > LINGER_SECONDS:
            self._flush()
        self._settle()

    def _ended(self, event: Ended) -> None:
        size = self.sizes.get(event.source, 0)
        account = self.accounts.setdefault(event.source, Account(event.source, size))
        account.ended, account.error = True, event.error

    # --- documents

    def take_in(self, documents: Iterable[Document]) -> IngestReport:
        """Documents from memory, without a job."""
        account = self.accounts[""] = Account("")
        for document in documents:
            try:
                clean = admitted(document)
            except IngestError as error:
                account.refuse(document.id, str(error))
                continue
            self.publisher.look_up([clean.id])
            self._document(account, clean)
        self._flush()
        self.pipeline.deliver()
        account.ended = True
        self.totals.close(account, account.reports(kept=0))
        return self._report()

    def _document(self, account: Account, document: Document) -> None:
        document = self._with_options(document, account.source)
        self.observer.on_document(document.id, len(document.text))
        for warning in document.warnings:
            account.warnings[warning] += 1
        if not document.text.strip():
            account.blank += 1
            return
        if document.id in account.seen:
            account.refuse(document.id, f"the id {document.id!r} occurs twice; the first document was taken")
            return
        account.seen.add(document.id)
        if self.publisher.waits(document.id):
            self._flush()
        try:
            if self.publisher.offer(document, account.source):
                account.waiting += 1
            else:
                account.unchanged += 1
        except IngestError as error:
            account.refuse(document.id, str(error))
        if self.publisher.full:
            self._flush()
            self._stop_if_cancelled()

    def _with_options(self, document: Document, source: str) -> Document:
        of_source = self.options.sources.get(source, {})
        metadata = FrozenDict({**self.options.metadata, **of_source, **document.metadata})
        access = document.access if document.access.readers else self.options.access
        named = document.title not in ("", Path(source).name, Path(source).stem)
        title = document.title if named else str(metadata.get("title") or document.title)
        return dataclasses.replace(document, title=title, metadata=metadata, access=access)

    def _flush(self) -> None:
        published: list[Published] = self.publisher.flush()
        self.flushed = self.pipeline.clock()
        for item in published:
            self.accounts[item.source_file].book(item)

    # --- settling

    def _settle(self) -> None:
        """Close the accounts of all sources that are read and published, in one transaction of the ledger."""
        done = [account for account in self.accounts.values() if account.settled]
        if not done:
            return
        closed = [self._closed(account) for account in done]
        self.pipeline.ledger.settle(self.job_id, [report for reports in closed for report in reports])
        for account, reports in zip(done, closed, strict=True):
            del self.accounts[account.source]
            self.totals.close(account, reports)
            self.observer.on_settled(reports[-1], account.size)

    def _closed(self, account: Account) -> list[ItemReport]:
        live = self.pipeline.catalogue.documents_of(account.source)
        if account.complete:
            gone = [document_id for document_id in live if document_id not in account.seen]
            if gone:
                self.publisher.remove(gone)
            account.removed = len(gone)
        return account.reports(kept=len(live))

    def _state(self, cancelled: bool) -> JobState:
        if cancelled:
            return "cancelled"
        job = self.pipeline.ledger.job(self.job_id)
        return "failed" if job is not None and job.sources and job.failed >= job.sources else "done"

    def _report(self) -> IngestReport:
        return self.totals.report(self.job_id, self.pipeline.clock() - self.since, self.watch.seconds)

    # --- the lease

    def _beat(self) -> None:
        """Renew the lease now and then. Raises StoreInUse where another worker took the job over."""
        now = self.pipeline.clock()
        if self.job_id and now - self.beaten >= self.pipeline.lease_seconds / 4:
            self._renew()
            self.beaten = now

    def _renew(self) -> None:
        """Renew the lease. Raises StoreInUse where another worker took the job over."""
        if not self.pipeline.ledger.lease(self.job_id, self.pipeline.worker, self.pipeline.lease_seconds):
            raise StoreInUse(
                f"The job {self.job_id} was taken over by another worker",
                why="This one did not renew its lease in time",
            )

    def _stop_if_cancelled(self) -> None:
        job = self.pipeline.ledger.job(self.job_id) if self.job_id else None
        if job is not None and (job.cancel_requested or job.state == "cancelled"):
            raise _Cancelled

    def _discard_leftovers(self) -> None:
        """Drop what a crashed run staged, unless another worker may be staging right now."""
        resumable = {job.id for job in self.pipeline.ledger.resumable()} | {self.job_id}
        others = [j for j in self.pipeline.ledger.jobs() if j.state == "running" and j.id not in resumable and j.worker]
        if not others and self.pipeline.catalogue.discard_staged():
            self.pipeline.deliver()


def _size(source: str) -> int:
    try:
        return os.stat(source, follow_symlinks=False).st_size  # noqa: PTH116
    except OSError:
        return 0


def _pack_steps(pack: DomainPack | None) -> dict[str, Any]:
    """What the publisher takes from a pack; nothing where there is none."""
    return {} if pack is None else {"enrich": pack.enrich, "facts_of": pack.facts, "enrich_version": pack.version}
