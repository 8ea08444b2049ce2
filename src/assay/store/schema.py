"""The tables of the catalogue, as they stand now. No queries, no rules: those are in reading, writing and jobs.

How an older layout becomes this one stands in migrations. Three remarks on the layout:

- A version never changes after it was staged, but for its state, number and date; a new text is a new version.
- Chunks and document heads are the points of the index. Both take their ids from one counter that only ever rises, so
  an id is never used for two things, not even after everything was removed.
- The text of a document lies in `bodies`, apart from `versions`: a listing then never reads past a megabyte of text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    event,
    text,
)

metadata = MetaData()
_LIVE = "state = 'live'"

# SQLite counts by itself only in a column of exactly INTEGER; PostgreSQL's INTEGER ends at 2 ** 31.
_Id = BigInteger().with_variant(Integer, "sqlite")
# Names sort by code point on both, so that a page of a listing continues where the last one ended.
_Name = Text().with_variant(Text(collation="C"), "postgresql")


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


counters = Table(
    "counters",
    metadata,
    Column("name", _Name, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("document_id", _Name, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, CheckConstraint("state IN ('staged', 'live')"), nullable=False),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_file", _Name, nullable=False),
    Column("format", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("chunk_count", Integer, nullable=False),
    Column("added_at", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("access", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Index("versions_by_document", "document_id"),
    Index("versions_by_source_file", "source_file"),
    # The database itself sees to it that a document never has two live versions.
    Index("one_live_version", "document_id", unique=True, sqlite_where=text(_LIVE)),
)


@event.listens_for(versions, "before_create")
def _only_live(_: Table, connection: Connection, **__: Any) -> None:
    """PostgreSQL's form of the same condition; said above, it would load that dialect into every process."""
    if connection.dialect.name == "postgresql":
        index = next(index for index in versions.indexes if index.name == "one_live_version")
        index.dialect_options["postgresql"]["where"] = text(_LIVE)


bodies = Table(
    "bodies",
    metadata,
    Column("version_id", _Id, ForeignKey("versions.id"), primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("blocks", LargeBinary, nullable=False),
    Column("origin", LargeBinary, nullable=False),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("version_id", _Id, ForeignKey("versions.id"), primary_key=True, autoincrement=False),
    Column("token", _Name, primary_key=True),
    sqlite_with_rowid=False,
)

chunks = Table(
    "chunks",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("version_id", _Id, ForeignKey("versions.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("breadcrumb", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("chunks_by_version", "version_id", "ordinal", unique=True),
)

heads = Table(
    "heads",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("version_id", _Id, ForeignKey("versions.id"), nullable=False),
    Index("heads_by_version", "version_id", unique=True),
)

vectors = Table(
    "vectors",
    metadata,
    Column("point_id", _Id, primary_key=True, autoincrement=False),
    Column("vector", LargeBinary, nullable=False),
)

facts = Table(
    "facts",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("version_id", _Id, ForeignKey("versions.id"), nullable=False),
    Column("kind", _Name, nullable=False),
    Column("key", _Name, nullable=False),
    Column("value", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Index("facts_by_key", "kind", "key"),
    Index("facts_by_version", "version_id"),
)

# Apart from `vectors`: those are read as a whole when an index is built, these for a question's candidates alone.
token_vectors = Table(
    "token_vectors",
    metadata,
    Column("point_id", _Id, primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("sequence", _Id, primary_key=True, autoincrement=True),
    Column("upserts", Text, nullable=False),
    Column("deletes", Text, nullable=False),
    sqlite_autoincrement=True,
)

manifest = Table(
    "manifest",
    metadata,
    Column("key", _Name, primary_key=True),
    Column("value", Text, nullable=False),
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("document_id", _Name, nullable=False),
    Column("title", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("removed_at", Text, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("compacted", Integer, nullable=False),
    Column("probes", Text, nullable=False),
    Index("receipts_by_document", "document_id"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("at", Text, nullable=False),
    Column("principal", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),
    sqlite_autoincrement=True,
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", _Name, primary_key=True),
    Column("sequence", BigInteger, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("sources", Integer, nullable=False),
    Column("settled", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    _text("worker"),
    _text("lease_until"),
    Column("cancel_requested", Integer, nullable=False),
    Column("options", Text, nullable=False),
)

job_items = Table(
    "job_items",
    metadata,
    Column("job_id", _Name, ForeignKey("jobs.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    _text("stage"),
    _text("state"),
    _text("reason"),
    Index("job_items_by_source", "job_id", "source", unique=True),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("id", _Id, primary_key=True, autoincrement=True),
    Column("job_id", _Name, nullable=False),
    Column("source", _Name, nullable=False),
    Column("document_id", Text, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("warnings", Text, nullable=False),
    Column("at", Text, nullable=False),
    Index("dead_letters_by_source", "source"),
    sqlite_autoincrement=True,
)

schema_version = Table(
    "schema_version",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("applied_at", Text, nullable=False),
)
