"""From documents to searchable chunks: chunk, embed in batches across documents, stage, deliver, publish.

A document counts as published when the catalogue has made it live, after its points were carried to the index. Until
then readers see its former version, whole. Nothing here knows about files or jobs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from assay.errors import MalformedSource
from assay.ingest.hashing import content_hash
from assay.ingest.progress import Observer
from assay.ports import Catalogue, Chunker, Embedder
from assay.textual.interaction import embedded, packed
from assay.textual.tokens import embedding_text
from assay.types import Chunk, Document, Fact, Matrix, StagedDocument

BATCH_DOCUMENTS = 256
BATCH_CHARACTERS = 4_000_000


@dataclass
class Stopwatch:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timing(self, stage: str) -> Iterator[None]:
        """Add the time spent inside to a stage, whether it ends well or not."""
        since = time.monotonic()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.monotonic() - since


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document cut into chunks and waiting to be embedded."""

    document: Document
    chunks: tuple[Chunk, ...]
    content_hash: str
    source_file: str
    replaces: bool
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Published:
    """A document that is live now. `taken_from`: the source of the former version, where that was another one."""

    document_id: str
    source_file: str
    state: Literal["added", "replaced"]
    chunks: int
    taken_from: str = ""


@dataclass
class Publisher:
    """Collects documents and publishes them batch by batch. `beat` is called between steps that may take long."""

    catalogue: Catalogue
    embedder: Embedder
    chunker_for: Callable[[Document], Chunker]
    deliver: Callable[[], None]
    observer: Observer
    beat: Callable[[], None]
    batch_chunks: int = 256
    watch: Stopwatch = field(default_factory=Stopwatch)
    enrich: Callable[[Document], Document] = lambda document: document
    facts_of: Callable[[Document], Sequence[Fact]] = lambda document: ()
    enrich_version: str = ""
    _waiting: dict[str, Prepared] = field(default_factory=dict)
    _live: dict[str, str] = field(default_factory=dict)
    _chunks: int = 0
    _characters: int = 0

    def look_up(self, document_ids: Sequence[str]) -> None:
        """Learn which of these documents are live, and with what content, in one question to the catalogue."""
        with self.watch.timing("look up"):
            self._live = self.catalogue.hashes(list(dict.fromkeys(document_ids))) if document_ids else {}

    def offer(self, document: Document, source_file: str) -> bool:
        """Take a document whose id was looked up; False where it is live already, with the same content.

        Its id must not wait already. Raises MalformedSource where a text that is not blank gives no chunk.
        """
        chunker = self.chunker_for(document)
        made_by = f"{chunker.version}; {self.enrich_version}" if self.enrich_version else chunker.version
        digest = content_hash(document, made_by, self.embedder.fingerprint)
        if self._live.get(document.id) == digest:
            return False
        with self.watch.timing("enrich"):
            document = self.enrich(document)
            facts = tuple(self.facts_of(document))
        with self.watch.timing("chunk"):
            chunks = tuple(chunker.chunk(document))
        if not chunks:
            raise MalformedSource(f"The document {document.id!r} gave no chunk", why=f"Chunker {chunker.name}")
        replaces = document.id in self._live
        self._waiting[document.id] = Prepared(document, chunks, digest, source_file, replaces, facts)
        self._chunks += len(chunks)
        self._characters += len(document.text)
        return True

    def waits(self, document_id: str) -> bool:
        """Whether a document of this id waits to be published."""
        return document_id in self._waiting

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    @property
    def full(self) -> bool:
        """Whether a batch is complete."""
        return (
            self._chunks >= self.batch_chunks
            or len(self._waiting) >= BATCH_DOCUMENTS
            or self._characters >= BATCH_CHARACTERS
        )

    def flush(self) -> list[Published]:
        """Embed, stage, deliver and publish what waits. After this returns, it survives any crash."""
        batch = list(self._waiting.values())
        if not batch:
            return []
        staged = self._embedded(batch)
        self.beat()
        former = self._former_sources(batch)
        with self.watch.timing("stage"):
            versions = self.catalogue.stage(staged)
        with self.watch.timing("deliver"):
            self.deliver()
        with self.watch.timing("publish"):
            self.catalogue.publish(versions)
        self._waiting, self._chunks, self._characters = {}, 0, 0
        self._live |= {item.document.id: item.content_hash for item in batch}
        self.observer.on_stage("publish", sum(len(item.chunks) for item in batch))
        return [_published(item, former) for item in batch]

    def remove(self, document_ids: Sequence[str]) -> None:
        """Remove documents that their source no longer holds, from the catalogue and from the index."""
        with self.watch.timing("publish"):
            self.catalogue.remove(document_ids)
            self.deliver()

    def _embedded(self, batch: Sequence[Prepared]) -> list[StagedDocument]:
        # A document's head is found by its words; as its vector the first chunk's is as good, and costs nothing.
        texts = [embedding_text(chunk, item.document.title) for item in batch for chunk in item.chunks]
        bodies = [len(chunk.text) for item in batch for chunk in item.chunks]
        vectors, pieces = self._vectors(texts, bodies)
        staged: list[StagedDocument] = []
        row = 0
        for item in batch:
            after = row + len(item.chunks)
            staged.append(
                StagedDocument(
                    document=item.document,
                    chunks=item.chunks,
                    vectors=vectors[row:after],
                    head_vector=vectors[row],
                    content_hash=item.content_hash,
                    source_file=item.source_file,
                    facts=item.facts,
                    pieces=tuple(pieces[row:after]),
                )
            )
            row = after
        return staged

    def _vectors(self, texts: Sequence[str], bodies: Sequence[int]) -> tuple[Matrix, list[bytes]]:
        """The vectors of the texts, and their packed token vectors (none where the embedder has none). `bodies`: how
        long each text is without title and headings."""
        parts: list[Matrix] = []
        pieces: list[bytes] = []
        step = max(1, self.batch_chunks)
        for first in range(0, len(texts), step):
            self.beat()
            some = texts[first : first + step]
            with self.watch.timing("embed"):
                vectors, told = embedded(self.embedder, some)
                parts.append(vectors)
                pieces.extend(
                    packed(found, len(text) - body)
                    for found, text, body in zip(told, some, bodies[first : first + step], strict=False)
                )
            self.observer.on_stage("embed", len(some))
        return np.concatenate(parts), pieces

    def _former_sources(self, batch: Sequence[Prepared]) -> dict[str, str]:
        """Where the live version of each document that is replaced came from, if not from the same source."""
        former: dict[str, str] = {}
        for item in batch:
            info = self.catalogue.find(item.document.id) if item.replaces else None
            if info is not None and info.source != item.document.source:
                former[item.document.id] = info.source or "memory"
        return former


def _published(item: Prepared, former: Mapping[str, str]) -> Published:
    return Published(
        document_id=item.document.id,
        source_file=item.source_file,
        state="replaced" if item.replaces else "added",
        chunks=len(item.chunks),
        taken_from=former.get(item.document.id, ""),
    )
