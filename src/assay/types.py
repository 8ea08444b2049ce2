"""The values that travel between the stages: frozen, without behaviour beyond reading.

A value goes one way: SourceFile -> Document -> Chunk -> IndexPoint -> Passage -> Draft -> Claim -> QueryResult.
All offsets are character offsets, half-open: text[start:end]. This module holds no rules and does no I/O.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from assay.values import EMPTY as EMPTY
from assay.values import FrozenDict as FrozenDict
from assay.values import Record as Record
from assay.values import freeze as freeze
from assay.values import plain as plain

Vector = npt.NDArray[np.float32]
Matrix = npt.NDArray[np.float32]


# --- who asks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Principal(Record):
    """Who asks. `owner` sees everything in a locally opened store; anyone else sees what an access list names."""

    name: str
    groups: tuple[str, ...] = ()
    owner: bool = False


@dataclass(frozen=True, slots=True)
class AccessList(Record):
    """Who may read a document: tokens `user:NAME`, `group:NAME` or `public`. Empty: the owner alone."""

    readers: tuple[str, ...] = ()


OWNER = Principal(name="owner", owner=True)


# --- documents ------------------------------------------------------------------------------------------------------

BlockKind = Literal["heading", "prose", "code", "table", "row", "cell", "list", "quote", "caption", "field"]


@dataclass(frozen=True, slots=True)
class OriginSegment(Record):
    """text[start:end] of the document came from origin[origin_start:origin_end]; `locator` says where in words.

    Where both lengths are equal, offsets map one to one; otherwise the whole segment maps to the whole origin.
    For formats without a character stream (PDF, DOCX) the origin offsets count within the part that `locator` names.
    """

    start: int
    end: int
    origin_start: int
    origin_end: int
    locator: str = ""


@dataclass(frozen=True, slots=True)
class Block(Record):
    """A structural unit of a document: text[start:end]. `level` is a heading's depth (1 is the top)."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    language: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile(Record):
    """A file as handed to a reader: its place, and the bytes as they were when it was opened."""

    path: str
    data: bytes
    format: str
    encoding: str = ""
    metadata: Mapping[str, Any] = EMPTY


@dataclass(frozen=True, slots=True)
class Document(Record):
    """One citable source. `text` is canonical: every offset in Assay counts in it.

    `origin` maps it back to the file's own characters (empty: the text is the file's decoded text, one to one).
    `blocks` are ordered, may nest (a row inside a table), and cover what the reader understood of the structure.
    """

    id: str
    title: str
    text: str
    source: str = ""
    format: str = "text"
    metadata: Mapping[str, Any] = EMPTY
    access: AccessList = AccessList()
    blocks: tuple[Block, ...] = ()
    origin: tuple[OriginSegment, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk(Record):
    """A piece of a document, exactly document.text[start:end]. `breadcrumb` is the path of headings above it.

    `id` is 0 until the catalogue has given one; ids are never used twice.
    """

    document_id: str
    ordinal: int
    start: int
    end: int
    text: str
    breadcrumb: tuple[str, ...] = ()
    kind: BlockKind = "prose"
    id: int = 0


# --- index ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class TokenVectors(Record):
    """The word pieces of one text that carry meaning, for late interaction. Rows are unit vectors (float32).

    Row i of `vectors` belongs to the piece that begins at text[starts[i]]; `weights[i]` (0 to 1) is how telling it is.
    """

    starts: npt.NDArray[np.int32]
    weights: Vector
    vectors: Matrix


@dataclass(frozen=True, slots=True)
class IndexPoint(Record):
    """What the index holds of one chunk (kind "chunk") or of one document's head (kind "document")."""

    id: int
    document_id: str
    kind: Literal["chunk", "document"]
    vector: Vector
    tokens: tuple[str, ...]
    access: tuple[str, ...]
    fields: Mapping[str, Any] = EMPTY


@dataclass(frozen=True, slots=True)
class FieldFilter(Record):
    """One condition on a filter field. `any`: the field (or one of its values) is among `value`, a tuple."""

    field: str
    op: Literal["any", "gte", "lte", "gt", "lt", "prefix"]
    value: Any


@dataclass(frozen=True, slots=True)
class Where(Record):
    """The filter that goes into the index query. `access` None means the owner; an empty tuple admits nothing."""

    access: tuple[str, ...] | None
    fields: tuple[FieldFilter, ...] = ()
    document_ids: tuple[str, ...] | None = None
    kind: Literal["chunk", "document"] = "chunk"


@dataclass(frozen=True, slots=True)
class IndexQuery(Record):
    """Both legs of a search: `tokens` for BM25, `vector` for cosine (either may be None), `depth` hits a leg."""

    where: Where
    tokens: tuple[str, ...] | None
    vector: Vector | None
    depth: int = 100


@dataclass(frozen=True, slots=True)
class IndexHit(Record):
    """One candidate with both signals. `bm25` is 0.0 where no term matches; None where that leg was not asked."""

    id: int
    document_id: str
    bm25: float | None
    cosine: float | None


@dataclass(frozen=True, slots=True)
class IndexStatus(Record):
    """How the index stands: where, which generation, how many points, how many of them not yet optimised."""

    generation: int
    points: int
    unindexed: int
    bytes: int
    clean: bool
    pid: int
    path: str


# --- retrieval ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Signal(Record):
    """One addend of a score: `raw` as measured, `scaled` within the query, `contribution` = weight * scaled."""

    name: str
    raw: float
    scaled: float
    weight: float
    contribution: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding(Record):
    """One known or unknown answer about a source. `value` "unknown" is an answer; `start`, `end` show the evidence."""

    question: str
    value: str
    reason: str = ""
    start: int | None = None
    end: int | None = None
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Fact(Record):
    """One thing that a document says and that is looked up across the library by what it is about.

    A treatment of a case, a note that a function was removed. `kind` and `key` find it, `value` is plain JSON, and
    text[start:end] of the document is the evidence. The catalogue fills in `document_id`.
    """

    kind: str
    key: str
    value: Mapping[str, Any]
    start: int
    end: int
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class Appraisal(Record):
    """The five answers about a source: what is it, where does it apply, how strong, still good, how cited."""

    identity: Finding
    scope: Finding
    weight: Finding
    currency: Finding
    citation: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage(Record):
    """A chunk that was found for a question and that this caller may read, with its score explained."""

    chunk: Chunk
    document: "DocumentInfo"
    rank: int
    score: float
    signals: tuple[Signal, ...] = ()
    relevance: float | None = None
    appraisal: Appraisal | None = None


@dataclass(frozen=True, slots=True)
class DocumentInfo(Record):
    """What the catalogue tells of a document without its text."""

    id: str
    title: str
    source: str
    format: str
    version: int
    content_hash: str
    characters: int
    chunks: int
    added_at: str
    metadata: Mapping[str, Any] = EMPTY
    access: AccessList = AccessList()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Retrieval(Record):
    """What retrieval found. `on_topic` False: nothing came above the off-topic floor; `nearest` is shown then."""

    passages: tuple[Passage, ...]
    on_topic: bool
    reason: str = ""
    routed_to: tuple[str, ...] = ()
    nearest: tuple[Passage, ...] = ()
    candidates: int = 0


# --- questions, drafts, claims --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question(Record):
    """A question that was admitted: bounded, normalised, with who asks and what limits the search."""

    text: str
    principal: Principal
    filters: tuple[FieldFilter, ...] = ()
    k: int = 8
    threshold: float = 0.85
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftQuote(Record):
    """The words a draft claims to quote, and from which passage (its position in the list given, from 1)."""

    passage: int
    quote: str


@dataclass(frozen=True, slots=True)
class DraftClaim(Record):
    """One sentence that a writer proposes, with the quotations that it rests on. Nothing in it is checked yet."""

    text: str
    quotes: tuple[DraftQuote, ...] = ()
    section: str = ""


@dataclass(frozen=True, slots=True)
class TokenUsage(Record):
    """Tokens that a language model counted, and the model that answered."""

    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Draft(Record):
    """What a writer proposes. `refusal` is its own words where it found no answer in the passages."""

    claims: tuple[DraftClaim, ...]
    writer: str
    refusal: str = ""
    usage: TokenUsage = TokenUsage()
    notes: tuple[str, ...] = ()


Verdict = Literal["supported", "partly", "unsupported", "misattributed", "fabricated"]


@dataclass(frozen=True, slots=True)
class Check(Record):
    """One check of verification: its name, whether it passed, how well (0 to 1), and why."""

    name: str
    passed: bool
    score: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Citation(Record):
    """The exact characters a claim rests on: document text[start:end] == quote. `number` is shown as [n]."""

    number: int
    document_id: str
    chunk_id: int
    title: str
    source: str
    quote: str
    start: int
    end: int
    locator: str = ""
    exact: bool = True
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Claim(Record):
    """A checked sentence. `support` (0 to 1) is what the quality threshold is compared with."""

    text: str
    verdict: Verdict
    support: float
    citations: tuple[Citation, ...] = ()
    checks: tuple[Check, ...] = ()
    section: str = ""


@dataclass(frozen=True, slots=True)
class Verified(Record):
    """The gate's outcome: claims that may be shown, claims that were dropped, and why nothing is left if so."""

    claims: tuple[Claim, ...]
    dropped: tuple[Claim, ...] = ()
    reason: str = ""


Status = Literal["success", "no_results", "insufficient_evidence", "error"]


@dataclass(frozen=True, slots=True)
class Source(Record):
    """One document behind an answer: number, title, where it lies, its appraisal, and its best passage."""

    number: int
    document_id: str
    title: str
    source: str
    score: float
    excerpt: str
    start: int
    end: int
    metadata: Mapping[str, Any] = EMPTY
    appraisal: Appraisal | None = None
    relevance: float | None = None


@dataclass(slots=True)
class QueryResult(Record):
    """What `process_query` returns. Known fields are attributes; new top-level keys may be added like in a dict.

    `confidence` is None until a calibrated model exists for the library. `processing_time` is in seconds.
    """

    status: Status
    question: str
    answer: str
    sources: tuple[Source, ...] = ()
    confidence: float | None = None
    processing_time: float = 0.0
    claims: tuple[Claim, ...] = ()
    dropped: tuple[Claim, ...] = ()
    nearest: tuple[Source, ...] = ()
    message: str = ""
    warnings: tuple[str, ...] = ()
    disclaimer: str = ""
    threshold: float = 0.0
    writer: str = ""
    usage: TokenUsage = TokenUsage()
    timings: Mapping[str, float] = EMPTY
    extra: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        if key != "extra" and key in _RESULT_FIELDS:
            return getattr(self, key)
        return self.extra[key]

    def __setitem__(self, key: str, value: Any) -> None:
        if key in _VERIFIED_FIELDS:
            raise TypeError(f"{key!r} was verified and is frozen; add a key of your own instead")
        if key in _RESULT_FIELDS:
            setattr(self, key, value)
        else:
            self.extra[key] = value

    def keys(self) -> tuple[str, ...]:
        """The names of the fields, then the keys that were added."""
        return (*(name for name in _RESULT_FIELDS if name != "extra"), *self.extra)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _VERIFIED_FIELDS and hasattr(self, name):
            raise TypeError(f"{name!r} was verified and is frozen; add a key of your own instead")
        object.__setattr__(self, name, value)


_RESULT_FIELDS: tuple[str, ...] = tuple(f.name for f in fields(QueryResult))
_VERIFIED_FIELDS = frozenset({"claims", "dropped"})


# --- ingestion and store --------------------------------------------------------------------------------------------

ItemState = Literal["added", "replaced", "unchanged", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class ItemReport(Record):
    """What became of one document or file. `reason` is filled where it failed or was skipped."""

    source: str
    state: ItemState
    document_id: str = ""
    chunks: int = 0
    reason: str = ""
    warnings: tuple[str, ...] = ()


JobState = Literal["running", "done", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class JobInfo(Record):
    """How a job stands: sources in all, settled, failed; who works on it and until when its lease lasts."""

    id: str
    state: JobState
    created_at: str
    updated_at: str
    sources: int
    settled: int
    failed: int
    worker: str = ""
    lease_until: str = ""
    cancel_requested: bool = False
    options: Mapping[str, Any] = EMPTY


@dataclass(frozen=True, slots=True, eq=False)
class StagedDocument(Record):
    """A document ready to be written: its chunks, their vectors (float32, one row a chunk), the vector of its head."""

    document: Document
    chunks: tuple[Chunk, ...]
    vectors: Matrix
    head_vector: Vector
    content_hash: str
    source_file: str
    facts: tuple[Fact, ...] = ()
    pieces: tuple[bytes, ...] = ()
    """Packed token vectors, one a chunk; none where the embedder has none."""


@dataclass(frozen=True, slots=True)
class OutboxEntry(Record):
    """One step still to be carried to the index: ids to upsert (read their points from the catalogue) and to delete."""

    sequence: int
    upserts: tuple[int, ...]
    deletes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class IngestReport(Record):
    """What a job did: counts, every failure with its reason, seconds by stage."""

    job_id: str
    added: int
    replaced: int
    unchanged: int
    failed: int
    chunks: int
    seconds: float
    failures: tuple[ItemReport, ...] = ()
    warnings: tuple[str, ...] = ()
    stages: Mapping[str, float] = EMPTY


@dataclass(frozen=True, slots=True)
class RemovalReceipt(Record):
    """Proof of a removal: what was removed, when, and every place that was probed with what was found there."""

    document_id: str
    title: str
    source: str
    content_hash: str
    removed_at: str
    chunks: int
    compacted: bool
    probes: Mapping[str, str] = EMPTY


@dataclass(frozen=True, slots=True)
class Symptom(Record):
    """One thing that `doctor` looked at: ok or not, what was seen, and the command that repairs it."""

    name: str
    ok: bool
    seen: str
    repair: str = ""


@dataclass(frozen=True, slots=True)
class DoctorReport(Record):
    """What `doctor` saw; healthy when every symptom is ok."""

    healthy: bool
    symptoms: tuple[Symptom, ...]
