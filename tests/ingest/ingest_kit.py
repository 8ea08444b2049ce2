"""Small real stand-ins for the store and the model: a catalogue and a ledger in memory, a deterministic embedder."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from assay.ingest.chunkers import chunker_for
from assay.ingest.limits import Limits
from assay.ingest.pipeline import IngestPipeline
from assay.ports import Chunker
from assay.types import (
    OWNER,
    Chunk,
    Document,
    DocumentInfo,
    Fact,
    FrozenDict,
    IndexPoint,
    ItemReport,
    JobInfo,
    JobState,
    Matrix,
    OutboxEntry,
    Principal,
    RemovalReceipt,
    StagedDocument,
)

HOSTILE = Path(__file__).with_name("hostile_readers.py")
READERS = tuple(
    f"{HOSTILE}:{name}" for name in ("Records", "Hanging", "Hungry", "Crashing", "Meddling", "Failing", "Bomb", "Text")
)
FORMATS = ("rec", "hang", "eat", "crash", "meddle", "fail", "bomb", "txt")


class HashEmbedder:
    """Unit vectors made from a hash of the text: equal texts have equal vectors, nothing else is promised."""

    dimensions = 16
    fingerprint = "hash-16"

    def __init__(self) -> None:
        self.calls: list[int] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.calls.append(len(texts))
        rows = [np.frombuffer(hashlib.sha256(text.encode()).digest(), np.uint16) for text in texts]
        matrix = np.array(rows, dtype=np.float32).reshape(len(texts), self.dimensions) + 1.0
        result: Matrix = (matrix / np.linalg.norm(matrix, axis=1, keepdims=True)).astype(np.float32)
        return result

    def close(self) -> None:
        return


class Interrupted(BaseException):
    """Stands for the end of the process: nothing in the product catches it."""


class MemoryCatalogue:
    """A catalogue in memory. `trap(step)` runs before and after each write; a test raises from it to "kill" there."""

    def __init__(self) -> None:
        self.staged: dict[int, StagedDocument] = {}
        self.live: dict[str, tuple[int, StagedDocument]] = {}
        self.steps: list[OutboxEntry] = []
        self.trap: Callable[[str], None] = lambda step: None
        self._ids = itertools.count(1)
        self._manifest: dict[str, Any] = {}

    def stage(self, batch: Sequence[StagedDocument]) -> list[int]:
        self.trap("before stage")
        ids = [next(self._ids) for _ in batch]
        self.staged |= dict(zip(ids, batch, strict=True))
        self.steps.append(OutboxEntry(len(self.steps) + 1, tuple(ids), ()))
        self.trap("after stage")
        return ids

    def publish(self, version_ids: Sequence[int]) -> None:
        self.trap("before publish")
        for version in version_ids:
            document = self.staged.pop(version)
            former = self.live.get(document.document.id)
            if former is not None:
                self.steps.append(OutboxEntry(len(self.steps) + 1, (), (former[0],)))
            self.live[document.document.id] = (version, document)
        self.trap("after publish")

    def hashes(self, document_ids: Sequence[str]) -> dict[str, str]:
        return {name: self.live[name][1].content_hash for name in document_ids if name in self.live}

    def documents_of(self, source_file: str) -> list[str]:
        return sorted(name for name, (_, staged) in self.live.items() if staged.source_file == source_file)

    def discard_staged(self) -> int:
        count = len(self.staged)
        if count:
            self.steps.append(OutboxEntry(len(self.steps) + 1, (), tuple(self.staged)))
        self.staged.clear()
        return count

    def find(self, document_id: str) -> DocumentInfo | None:
        if document_id not in self.live:
            return None
        version, staged = self.live[document_id]
        document = staged.document
        return DocumentInfo(
            id=document.id,
            title=document.title,
            source=document.source,
            format=document.format,
            version=version,
            content_hash=staged.content_hash,
            characters=len(document.text),
            chunks=len(staged.chunks),
            added_at="",
            metadata=document.metadata,
            access=document.access,
            warnings=document.warnings,
        )

    def documents(
        self, principal: Principal, *, matching: str = "", limit: int | None = None, offset: int = 0
    ) -> list[DocumentInfo]:
        return [info for name in sorted(self.live) if (info := self.find(name)) is not None]

    def chunks(self, ids: Sequence[int], principal: Principal) -> dict[int, tuple[Chunk, DocumentInfo]]:
        return {}

    def token_vectors(self, ids: Sequence[int], principal: Principal) -> dict[int, bytes]:
        raise NotImplementedError

    def text(self, document_id: str, principal: Principal) -> str | None:
        return self.live[document_id][1].document.text if document_id in self.live else None

    def document(self, document_id: str, principal: Principal) -> Document | None:
        return self.live[document_id][1].document if document_id in self.live else None

    def count_documents(self, principal: Principal = OWNER) -> int:
        return len(self.live)

    def facts(self, kind: str, keys: Sequence[str], principal: Principal) -> list[Fact]:
        return [fact for fact in self._facts() if fact.kind == kind and fact.key in keys]

    def facts_of(self, document_id: str, principal: Principal, kind: str = "") -> list[Fact]:
        return [fact for fact in self._facts() if fact.document_id == document_id and kind in ("", fact.kind)]

    def tally(self, kind: str, keys: Sequence[str], principal: Principal) -> dict[str, int]:
        return dict(Counter(fact.key for fact in self.facts(kind, keys, principal)))

    def with_value(self, field: str, values: Sequence[str], principal: Principal) -> list[DocumentInfo]:
        return [info for info in self.documents(principal) if str(info.metadata.get(field)) in values]

    def _facts(self) -> list[Fact]:
        return [replace(fact, document_id=key) for key, (_, staged) in self.live.items() for fact in staged.facts]

    def has_field(self, name: str, principal: Principal) -> bool:
        return any(name in staged.document.metadata for _, staged in self.live.values())

    def remove(self, document_ids: Sequence[str]) -> list[RemovalReceipt]:
        self.trap("before remove")
        for name in document_ids:
            version, _ = self.live.pop(name)
            self.steps.append(OutboxEntry(len(self.steps) + 1, (), (version,)))
        self.trap("after remove")
        return []

    def outbox(self, limit: int = 1000) -> list[OutboxEntry]:
        return self.steps[:limit]

    def trim_outbox(self, through: int) -> None:
        self.steps = [step for step in self.steps if step.sequence > through]

    def points(self, ids: Sequence[int] | None = None) -> Iterator[IndexPoint]:
        return iter(())

    def point_ids(self) -> set[int]:
        return set(self.staged) | {version for version, _ in self.live.values()}

    def manifest(self) -> Mapping[str, Any]:
        return FrozenDict(self._manifest)

    def set_manifest(self, **values: Any) -> None:
        self._manifest |= values

    def close(self) -> None:
        return


class MemoryLedger:
    """A ledger in memory with the rules of the real one: a source of which a document failed has failed."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, ItemReport | None]] = {}
        self.infos: dict[str, JobInfo] = {}
        self.letters: list[ItemReport] = []
        self.stages: list[tuple[str, str]] = []
        self.leases: list[tuple[str, str, float]] = []
        self.trap: Callable[[str], None] = lambda step: None

    def open(self, sources: Sequence[str], options: Mapping[str, Any]) -> str:
        job_id = f"job-{len(self.infos) + 1}"
        self.items[job_id] = dict.fromkeys(sources)
        self.infos[job_id] = JobInfo(
            job_id, "running", "", "", sources=len(self.items[job_id]), settled=0, failed=0, options=options
        )
        return job_id

    def lease(self, job_id: str, worker: str, seconds: float) -> bool:
        assert worker and seconds > 0
        info = self.infos[job_id]
        if info.worker not in ("", worker) or info.state != "running":
            return False
        self.leases.append((job_id, worker, seconds))
        self.infos[job_id] = dataclasses.replace(info, worker="" if seconds < 1 else worker)
        return True

    def pending(self, job_id: str) -> list[str]:
        return [source for source, report in self.items[job_id].items() if report is None]

    def advance(self, job_id: str, source: str, stage: str) -> None:
        assert source in self.items[job_id]
        self.stages.append((source, stage))

    def settle(self, job_id: str, reports: Sequence[ItemReport]) -> None:
        self.trap("before settle")
        items = self.items[job_id]
        for report in reports:
            assert report.source in items, report.source
            former = items[report.source]
            if former is None or former.state != "failed":
                items[report.source] = report
            self.letters = [
                letter
                for letter in self.letters
                if (letter.source, letter.document_id) != (report.source, report.document_id)
            ]
            if report.state == "failed":
                self.letters.insert(0, report)
        settled = [report for report in items.values() if report is not None]
        failed = sum(report.state == "failed" for report in settled)
        self.infos[job_id] = dataclasses.replace(self.infos[job_id], settled=len(settled), failed=failed)
        self.trap("after settle")

    def finish(self, job_id: str, state: JobState) -> None:
        self.trap("before finish")
        self.infos[job_id] = dataclasses.replace(self.infos[job_id], state=state, worker="")

    def cancel(self, job_id: str) -> None:
        self.infos[job_id] = dataclasses.replace(self.infos[job_id], cancel_requested=True)

    def job(self, job_id: str) -> JobInfo | None:
        return self.infos.get(job_id)

    def jobs(self, limit: int = 50) -> list[JobInfo]:
        return list(self.infos.values())[::-1][:limit]

    def resumable(self) -> list[JobInfo]:
        return [info for info in self.infos.values() if info.state == "running" and not info.worker]

    def dead_letters(self, limit: int = 1000) -> list[ItemReport]:
        return self.letters[:limit]


class World:
    """A catalogue, a ledger, an index that follows the outbox, and pipelines over them."""

    def __init__(self, limits: Limits | None = None, strategy: str = "recursive", batch_chunks: int = 4) -> None:
        self.catalogue = MemoryCatalogue()
        self.ledger = MemoryLedger()
        self.embedder = HashEmbedder()
        self.index: set[int] = set()
        self.limits = limits or Limits()
        self.strategy = strategy
        self.batch_chunks = batch_chunks

    def deliver(self) -> None:
        self.catalogue.trap("before deliver")
        for step in self.catalogue.outbox():
            self.index |= set(step.upserts)
            self.index -= set(step.deletes)
            self.catalogue.trim_outbox(step.sequence)
        self.catalogue.trap("after deliver")

    def pipeline(self, **changes: Any) -> IngestPipeline:
        def chunker(document: Document) -> Chunker:
            return chunker_for(self.strategy)

        settings: dict[str, Any] = {
            "limits": self.limits,
            "readers": READERS,
            "reader_formats": FORMATS,
            "batch_chunks": self.batch_chunks,
        }
        return IngestPipeline(self.catalogue, self.ledger, self.embedder, chunker, self.deliver, **(settings | changes))

    def served(self) -> dict[str, str]:
        """What readers see: the text of each live document. The index must agree with the catalogue."""
        assert self.index == self.catalogue.point_ids()
        return {name: staged.document.text for name, (_, staged) in sorted(self.catalogue.live.items())}


def records(path: Path, **texts: str) -> Path:
    """A file of the test format: one record a line."""
    path.write_text("".join(f"{name}\t{text}\n" for name, text in texts.items()), encoding="utf-8")
    return path
