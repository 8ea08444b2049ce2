"""Takes files and documents in: turns what the caller gives into a durable job or into documents from memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.config import RAGConfig
from assay.errors import InputError
from assay.ingest.chunkers import chunker_for
from assay.ingest.limits import MEGABYTE, Limits
from assay.ingest.pipeline import IngestPipeline
from assay.ingest.progress import Observer
from assay.plugins import extra_readers, reader_places
from assay.textual.access import access_list
from assay.types import AccessList, Document, FrozenDict, IngestReport, freeze

if TYPE_CHECKING:
    from assay.ports import Chunker, DomainPack, Embedder
    from assay.store.keeper import Store

Given = str | Path | Document | Mapping[str, Any]


class Ingestor:
    """Carries what a caller gives into one store."""

    def __init__(self, config: RAGConfig, pack: DomainPack, store: Store, embedder: Embedder) -> None:
        self._config = config
        self._chunker = _chunker(config, pack)
        self._store = store
        self._pipeline = IngestPipeline(
            store.catalogue,
            store.ledger,
            embedder,
            lambda document: self._chunker,
            lambda: _deliver(store),
            _limits(config),
            batch_chunks=config.ingest.batch_chunks,
            readers=reader_places(),
            reader_formats=[ending for reader in extra_readers() for ending in reader.formats],
            pack=pack,
        )

    def take(
        self,
        given: Given | Iterable[Given],
        access: AccessList | None,
        observer: Observer | None,
        metadata: Mapping[str, Any] | None = None,
        metadata_of: Mapping[str, Mapping[str, Any]] | Mapping[Path, Mapping[str, Any]] | None = None,
    ) -> IngestReport:
        """Paths become a job, documents are taken as they are; one report over both."""
        items = [given] if isinstance(given, (str, Path, Document, Mapping)) else list(given)
        readers = access or access_list(self._config.ingest.default_access)
        paths = [item for item in items if isinstance(item, (str, Path))]
        documents = [_document(item, readers) for item in items if not isinstance(item, (str, Path))]
        options = {
            "access": list(readers.readers),
            "metadata": dict(metadata or {}),
            "reader": _reader(self._config),
            "sources": {str(Path(path).resolve()): dict(told) for path, told in (metadata_of or {}).items()},
        }
        reports: list[IngestReport] = []
        if paths or not documents:
            reports.append(self._pipeline.ingest(paths, options, observer))
        if documents:
            reports.append(self._pipeline.ingest_documents(documents, observer))
        self._store.flush()
        return combined(reports)

    def resume(self, observer: Observer | None) -> IngestReport:
        """Go on with every job that was interrupted."""
        jobs = self._store.ledger.resumable()
        report = combined([self._pipeline.resume(job.id, observer) for job in jobs])
        self._store.flush()
        return report


def combined(reports: Sequence[IngestReport]) -> IngestReport:
    """One report over several."""
    if len(reports) == 1:
        return reports[0]
    stages: dict[str, float] = {}
    for report in reports:
        for name, seconds in report.stages.items():
            stages[name] = stages.get(name, 0.0) + seconds
    return IngestReport(
        job_id=", ".join(report.job_id for report in reports if report.job_id),
        added=sum(report.added for report in reports),
        replaced=sum(report.replaced for report in reports),
        unchanged=sum(report.unchanged for report in reports),
        failed=sum(report.failed for report in reports),
        chunks=sum(report.chunks for report in reports),
        seconds=sum(report.seconds for report in reports),
        failures=tuple(failure for report in reports for failure in report.failures),
        warnings=tuple(dict.fromkeys(warning for report in reports for warning in report.warnings)),
        stages=FrozenDict(stages),
    )


def _deliver(store: Store) -> None:
    store.deliver()


def _document(item: Document | Mapping[str, Any], readers: AccessList) -> Document:
    if isinstance(item, Document):
        return item if item.access.readers else replace(item, access=readers)
    missing = [key for key in ("id", "text") if not isinstance(item.get(key), str)]
    if missing:
        raise InputError(
            f"a document needs {' and '.join(missing)} as text", next='give {"id": ..., "text": ..., "title": ...}'
        )
    own = access_list(item["access"]) if item.get("access") else readers
    return Document(
        id=item["id"],
        title=str(item.get("title") or item["id"]),
        text=item["text"],
        source=str(item.get("source") or item["id"]),
        metadata=freeze(item.get("metadata", {})),
        access=own,
    )


def _chunker(config: RAGConfig, pack: DomainPack) -> Chunker:
    own = config.origin("ingest.chunk_strategy") != "default"
    strategy = config.ingest.chunk_strategy if own else pack.chunk_strategy
    return chunker_for(strategy, target=config.ingest.chunk_characters)


def _limits(config: RAGConfig) -> Limits:
    settings = config.ingest
    return Limits(
        file_bytes=settings.max_file_mb * MEGABYTE,
        seconds=float(settings.seconds_per_file),
        memory_bytes=settings.memory_mb * MEGABYTE,
    )


def _reader(config: RAGConfig) -> dict[str, Any]:
    found: dict[str, Any] = {"ocr": True} if config.ingest.ocr else {}
    return found | ({"include_root": str(config.ingest.include_root)} if config.ingest.include_root else {})
