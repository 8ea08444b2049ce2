"""The seams, on one page. Each is a Protocol; `assay.testing` holds the executable contract of each.

Nothing here does anything. An adapter satisfies a protocol by its methods, not by inheritance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from assay.types import (
    OWNER,
    Appraisal,
    Chunk,
    Document,
    DocumentInfo,
    Draft,
    DraftClaim,
    Fact,
    Finding,
    IndexHit,
    IndexPoint,
    IndexQuery,
    IndexStatus,
    ItemReport,
    JobInfo,
    JobState,
    Matrix,
    OutboxEntry,
    Passage,
    Principal,
    QueryResult,
    Question,
    RemovalReceipt,
    SourceFile,
    StagedDocument,
    TokenVectors,
    Where,
)


class Clock(Protocol):
    """Tells the time; tests hand in one that stands still."""

    def now(self) -> datetime:
        """The present moment, with time zone."""
        ...


class Reader(Protocol):
    """Turns the bytes of one format into documents. Pure: no network, no other file, no clock."""

    @property
    def name(self) -> str:
        """What the reader is called."""
        ...

    @property
    def formats(self) -> tuple[str, ...]:
        """File endings without the dot that this reader takes ("md", "jsonl", ...)."""
        ...

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The documents in `source`, in order. Raises IngestError with a reason where the bytes make no sense."""
        ...


class Chunker(Protocol):
    """Cuts a document into chunks, each exactly a slice of its text, in order; says what it preserves."""

    @property
    def name(self) -> str:
        """What the strategy is called."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same text would be cut otherwise."""
        ...

    @property
    def preserves(self) -> tuple[str, ...]:
        """What it promises never to cut."""
        ...

    def chunk(self, document: Document) -> list[Chunk]:
        """Chunks with ordinals from 0; every non-blank character of the text lies in at least one chunk."""
        ...


class Embedder(Protocol):
    """Turns text into unit vectors."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        ...

    @property
    def fingerprint(self) -> str:
        """Names engine, model, precision and limits: vectors of different fingerprints are never mixed."""
        ...

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One unit row a text, float32, shape (len(texts), dimensions). Safe to call from several threads."""
        ...

    def close(self) -> None:
        """Free what is held; calling it twice is harmless."""
        ...


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that can also tell the vectors of a text's word pieces, out of the same pass. Optional: without it
    ranking and answering do without late interaction."""

    @property
    def token_dimensions(self) -> int:
        """The length of a word piece's vector; 0 where there are none after all."""
        ...

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[TokenVectors]]:
        """What `embed` gives, and the word pieces of each text."""
        ...


class Index(Protocol):
    """Holds vectors, tokens and filter fields; derived from the catalogue and never the truth."""

    def upsert(self, points: Sequence[IndexPoint]) -> None:
        """Add or replace by id. Idempotent. Visible to the next search."""
        ...

    def delete(self, ids: Sequence[int]) -> None:
        """Remove by id; unknown ids are no error."""
        ...

    def search(self, query: IndexQuery) -> list[IndexHit]:
        """The union of both legs, each hit with both signals filled in (those of the legs asked), best cosine first.

        The filter of `query.where` is part of the index query. BM25 statistics count nothing outside what
        `where.access` admits.
        """
        ...

    def nearest(self, where: Where, vectors: Matrix) -> list[float]:
        """For each row of `vectors` the greatest cosine with a point that passes `where`; 0.0 where none does."""
        ...

    def ids(self) -> set[int]:
        """Every id held, of both kinds."""
        ...

    def flush(self) -> None:
        """Return once everything before is durable, checksums recorded."""
        ...

    def status(self) -> IndexStatus:
        """How the index stands now."""
        ...

    def close(self) -> None:
        """Flush and let go; calling it twice is harmless."""
        ...


class Catalogue(Protocol):
    """The truth: documents, versions, chunk texts, vectors, access lists, outbox, jobs, manifest."""

    def stage(self, batch: Sequence[StagedDocument]) -> list[int]:
        """Write new versions with their chunks, not yet live, and their outbox entry, in one transaction; returns
        one version id a document. `content_hash` tells "unchanged"; `source_file` ties records to their file."""
        ...

    def publish(self, version_ids: Sequence[int]) -> None:
        """Make staged versions live and the former ones of the same documents gone, in one transaction. The
        acknowledgement: after this returns, the documents survive any crash."""
        ...

    def hashes(self, document_ids: Sequence[str]) -> dict[str, str]:
        """The content hash of the live version of each of these documents that exists."""
        ...

    def documents_of(self, source_file: str) -> list[str]:
        """The ids of the live documents that came from this file."""
        ...

    def discard_staged(self) -> int:
        """Drop versions that were staged and never published (after a crash); returns how many."""
        ...

    def find(self, document_id: str) -> DocumentInfo | None:
        """The live version of a document without looking at access (for the owner's own commands)."""
        ...

    def documents(
        self, principal: Principal, *, matching: str = "", limit: int | None = None, offset: int = 0
    ) -> list[DocumentInfo]:
        """The live documents that this caller may read, by id; `matching` is a glob over id, title and source."""
        ...

    def chunks(self, ids: Sequence[int], principal: Principal) -> dict[int, tuple[Chunk, DocumentInfo]]:
        """Those of `ids` that are live and that this caller may read. All others are simply absent."""
        ...

    def token_vectors(self, ids: Sequence[int], principal: Principal) -> dict[int, bytes]:
        """The packed token vectors of those of `ids` that are live, that this caller may read and that have some."""
        ...

    def text(self, document_id: str, principal: Principal) -> str | None:
        """The live text of a document, or None where it is not there or not for this caller."""
        ...

    def document(self, document_id: str, principal: Principal) -> Document | None:
        """The live document with blocks and origin, for showing a citation in place; None as for `text`."""
        ...

    def count_documents(self, principal: Principal = OWNER) -> int:
        """How many live documents this caller may read; without one, how many there are."""
        ...

    def has_field(self, name: str, principal: Principal) -> bool:
        """True if some document that this caller may read can be filtered on this metadata field."""
        ...

    def facts(self, kind: str, keys: Sequence[str], principal: Principal) -> list[Fact]:
        """The facts of this kind about any of `keys` in live documents that this caller may read, by document."""
        ...

    def facts_of(self, document_id: str, principal: Principal, kind: str = "") -> list[Fact]:
        """The facts of a live document, of one kind or of all, in the order of the text."""
        ...

    def tally(self, kind: str, keys: Sequence[str], principal: Principal) -> dict[str, int]:
        """In how many live documents that this caller may read a fact of this kind stands about each of `keys`."""
        ...

    def with_value(self, field: str, values: Sequence[str], principal: Principal) -> list[DocumentInfo]:
        """The live documents whose metadata holds one of `values` (as text) under `field`, by id."""
        ...

    def remove(self, document_ids: Sequence[str]) -> list[RemovalReceipt]:
        """Remove documents, all their versions and vectors, and put the deletes into the outbox, in one transaction."""
        ...

    def outbox(self, limit: int = 1000) -> list[OutboxEntry]:
        """What has not been trimmed yet, oldest first."""
        ...

    def trim_outbox(self, through: int) -> None:
        """Forget entries up to and including sequence `through`; call only after the index has flushed."""
        ...

    def points(self, ids: Sequence[int] | None = None) -> Iterator[IndexPoint]:
        """The index points of live and staged chunks and of document heads (all, or those of `ids` that exist)."""
        ...

    def point_ids(self) -> set[int]:
        """The ids that the index should hold: live and staged."""
        ...

    def manifest(self) -> Mapping[str, Any]:
        """What the index was built with: embedder, tokeniser, chunker, schema, generation, checksums."""
        ...

    def set_manifest(self, **values: Any) -> None:
        """Write manifest values durably."""
        ...

    def close(self) -> None:
        """Let go; calling it twice is harmless."""
        ...


class JobLedger(Protocol):
    """Durable ingestion jobs: what is to be done, how far it is, who works on it, what failed and why."""

    def open(self, sources: Sequence[str], options: Mapping[str, Any]) -> str:
        """A new job over these sources (files); returns its id."""
        ...

    def lease(self, job_id: str, worker: str, seconds: float) -> bool:
        """Take or renew the job for `seconds`; False while another worker's lease lasts."""
        ...

    def pending(self, job_id: str) -> list[str]:
        """The sources not settled yet, in order."""
        ...

    def advance(self, job_id: str, source: str, stage: str) -> None:
        """Record that a source reached a stage (reading, embedding, publishing)."""
        ...

    def settle(self, job_id: str, reports: Sequence[ItemReport]) -> None:
        """Record the outcome of sources, durably; a failed one becomes a dead letter with its reason."""
        ...

    def finish(self, job_id: str, state: JobState) -> None:
        """Close the job."""
        ...

    def cancel(self, job_id: str) -> None:
        """Ask the worker to stop after the present batch; what was published stays."""
        ...

    def job(self, job_id: str) -> JobInfo | None:
        """One job, or None."""
        ...

    def jobs(self, limit: int = 50) -> list[JobInfo]:
        """The newest jobs first."""
        ...

    def resumable(self) -> list[JobInfo]:
        """Jobs that were not finished and that nobody works on (their lease has run out), oldest first."""
        ...

    def dead_letters(self, limit: int = 1000) -> list[ItemReport]:
        """Sources that failed, the newest first; a later success of the same source clears its letter."""
        ...


class Writer(Protocol):
    """Proposes claims with quotations from passages. Nothing it says is believed before verification."""

    @property
    def name(self) -> str:
        """What the writer is called."""
        ...

    def write(self, question: Question, passages: Sequence[Passage], instructions: str = "") -> Draft:
        """A draft. Raises ModelError where a model could not be asked; never invents passages."""
        ...

    def stream(
        self,
        question: Question,
        passages: Sequence[Passage],
        instructions: str = "",
        on_claim: Callable[[DraftClaim], None] | None = None,
    ) -> Draft:
        """Like `write`, calling `on_claim` for each complete claim as it comes; unchecked claims are never final."""
        ...


class Library(Protocol):
    """What one caller may see of the library, for a pack that appraises or finishes an answer."""

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Fact]:
        """The facts of this kind about any of `keys`."""
        ...

    def facts_of(self, document_id: str, kind: str = "") -> Sequence[Fact]:
        """The facts of one document, in the order of its text."""
        ...

    def tally(self, kind: str, keys: Sequence[str]) -> Mapping[str, int]:
        """In how many documents a fact of this kind stands about each of `keys`; those with none may be absent."""
        ...

    def document(self, document_id: str) -> DocumentInfo | None:
        """A document, or None."""
        ...

    def text(self, document_id: str) -> str | None:
        """A document's text, or None."""
        ...

    def find(self, field: str, values: Sequence[str]) -> Sequence[DocumentInfo]:
        """The documents whose metadata holds one of `values` under `field`."""
        ...

    def count(self) -> int:
        """How many documents this caller may see."""
        ...


class DomainPack(Protocol):
    """Five questions about a source, plus what a field knows about questions, ranking and warnings.

    What costs time is done once, when a document is taken in (`enrich`, `facts`), and read from metadata and facts
    when a question is asked. `text` is the text of the whole document (its first 200,000 characters), and the offsets
    of a finding count in it.

    Total: never raises on any text. Deterministic. "unknown" is an answer; a guess is not.
    """

    @property
    def name(self) -> str:
        """The domain."""
        ...

    @property
    def disclaimer(self) -> str:
        """Appended to every answer by code; empty where the field needs none."""
        ...

    @property
    def chunk_strategy(self) -> str:
        """How documents of this field are cut."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever `enrich` or `facts` would say something else of the same document."""
        ...

    def enrich(self, document: Document) -> Document:
        """The document with what the pack reads out of it: more metadata (its own keys stay) and more blocks."""
        ...

    def facts(self, document: Document) -> Sequence[Fact]:
        """What the document says that is looked up across the library."""
        ...

    def read_question(self, text: str) -> Mapping[str, Any]:
        """What the question names, as plain JSON. Keys that the system knows: `stop`, a mapping with `kind`,
        `message` and `urgent`, where the field forbids an answer; `filters`, as `process_query` takes them; `notes`,
        shown as warnings. Others are the pack's own (forum, version, population, kind of question)."""
        ...

    def identify(self, document: DocumentInfo, text: str) -> Finding:
        """What is it?"""
        ...

    def scope(self, document: DocumentInfo, text: str) -> Finding:
        """Where does it apply?"""
        ...

    def weigh(self, document: DocumentInfo, text: str) -> Finding:
        """How strong is it?"""
        ...

    def currency(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Finding:
        """Is it still good? Always with an as-of date."""
        ...

    def cite(self, document: DocumentInfo, text: str) -> str:
        """How is it cited? Made from metadata, never by a model."""
        ...

    def appraise(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Appraisal:
        """The five answers together, with warnings."""
        ...

    def suggest(self, reading: Mapping[str, Any], library: Library) -> Sequence[str]:
        """Ids of at most eight documents that ranking by words alone may miss, the likeliest first: one more query of
        the index is limited to them. Empty where the question names nothing that the library knows."""
        ...

    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        """Extra ranking signals, one mapping name -> value a passage (empty mappings where none)."""
        ...

    def admit(self, reading: Mapping[str, Any], passage: Passage, appraisal: Appraisal) -> str:
        """Empty where the passage may serve as evidence, else why not (overruled, retracted)."""
        ...

    def finish(self, reading: Mapping[str, Any], result: QueryResult, library: Library) -> QueryResult:
        """Add the pack's metadata and warnings to a result; what was verified stays."""
        ...
