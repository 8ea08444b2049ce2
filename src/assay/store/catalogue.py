"""`SqlCatalogue`: the catalogue over one SQL database, and how to open one. The queries are in reading and writing.

A store is a folder; its catalogue is the file catalogue.sqlite3 in it. With PostgreSQL the catalogue is behind a URL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import and_, delete, insert, select

from assay.errors import StoreNotFound
from assay.ports import Clock
from assay.store import erasure, facts, faults, migrations, notes, reading, records, writing
from assay.store.engine import (
    CATALOGUE_FILE,
    LOCK_SECONDS,
    Database,
    check_length,
    make_file,
    server_database,
    sqlite_database,
)
from assay.store.jobs import SqlJobLedger
from assay.store.notes import AuditEntry
from assay.store.points import PointReader
from assay.store.schema import chunks, heads, manifest, outbox, token_vectors, vectors
from assay.types import (
    OWNER,
    Chunk,
    Document,
    DocumentInfo,
    Fact,
    FrozenDict,
    IndexPoint,
    Matrix,
    OutboxEntry,
    Principal,
    RemovalReceipt,
    StagedDocument,
)

Remade = tuple[Sequence[int], Matrix, Sequence[bytes]]
"""Ids of chunks, their vectors, and their packed token vectors (none where the embedder has none)."""

_HEAD_VECTORS = (
    select(heads.c.id, vectors.c.vector)
    .join(chunks, and_(chunks.c.version_id == heads.c.version_id, chunks.c.ordinal == 0))
    .join(vectors, vectors.c.point_id == chunks.c.id)
)


class SqlCatalogue:
    """`ports.Catalogue` over SQLite or PostgreSQL. Threads may share one; several processes may open one store each.

    Every method raises StoreError of the kind that fits (full, read-only, in use, damaged); nothing is then half done.
    `jobs` is the ledger of ingestion jobs in the same database.
    """

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self.database = database
        self._clock = clock or records.SystemClock()
        self.jobs = SqlJobLedger(database, self._clock)

    @property
    def place(self) -> str:
        """The folder of the store, or the URL of the database without its password."""
        return self.database.place

    # --- writing

    def stage(self, batch: Sequence[StagedDocument]) -> list[int]:
        """Write new versions, not yet live; one commit for the whole batch. Raises InputError for an unfit document."""
        if not batch:
            return []
        now = self._now()
        prepared = [writing.prepare(one, now) for one in batch]
        with self.database.write() as connection:
            return writing.stage(connection, prepared)

    def publish(self, version_ids: Sequence[int]) -> None:
        """Make staged versions live and their predecessors gone, at once. Raises NotFound, changing nothing, where one
        is neither staged nor live. Where two versions of a document are named, the later one in the list stays."""
        if version_ids:
            with self.database.write() as connection:
                writing.publish(connection, version_ids, self._now())

    def discard_staged(self) -> int:
        """Drop all staged versions; call it only where no other job is at work."""
        with self.database.write() as connection:
            return writing.discard_staged(connection)

    def remove(self, document_ids: Sequence[str]) -> list[RemovalReceipt]:
        """Remove documents with all versions; one receipt for each that existed, in the order given."""
        if not document_ids:
            return []
        with self.database.write() as connection:
            return writing.remove(connection, document_ids, self._now())

    # --- reading

    def hashes(self, document_ids: Sequence[str]) -> dict[str, str]:
        """Document id -> content hash of the live version."""
        with self.database.read() as connection:
            return reading.hashes(connection, document_ids)

    def documents_of(self, source_file: str) -> list[str]:
        """The ids of the live documents that came from this file."""
        with self.database.read() as connection:
            return reading.documents_of(connection, source_file)

    def find(self, document_id: str) -> DocumentInfo | None:
        """The live version of a document, without looking at access."""
        with self.database.read() as connection:
            return reading.find(connection, document_id)

    def documents(
        self, principal: Principal, *, matching: str = "", limit: int | None = None, offset: int = 0
    ) -> list[DocumentInfo]:
        """The live documents that this caller may read, by id; `matching` knows `*` and `?`."""
        with self.database.read() as connection:
            return reading.documents(connection, principal, matching, limit, offset)

    def count_documents(self, principal: Principal = OWNER) -> int:
        """How many live documents this caller may read; without one, how many there are."""
        with self.database.read() as connection:
            return reading.count_documents(connection, principal)

    def has_field(self, name: str, principal: Principal) -> bool:
        """True if a document that this caller may read can be filtered on this metadata field."""
        with self.database.read() as connection:
            return reading.has_field(connection, name, principal)

    def chunks(self, ids: Sequence[int], principal: Principal) -> dict[int, tuple[Chunk, DocumentInfo]]:
        """Those of `ids` that are live and readable, each with its document."""
        with self.database.read() as connection:
            return reading.live_chunks(connection, ids, principal)

    def token_vectors(self, ids: Sequence[int], principal: Principal) -> dict[int, bytes]:
        """The packed token vectors of those of `ids` that are live, readable and have some."""
        with self.database.read() as connection:
            return reading.token_vectors(connection, ids, principal)

    def text(self, document_id: str, principal: Principal) -> str | None:
        """The live text, or None where there is none for this caller."""
        with self.database.read() as connection:
            return reading.text(connection, document_id, principal)

    def texts(self, document_ids: Sequence[str], principal: Principal) -> dict[str, tuple[str, bytes]]:
        """The texts of several documents at once, each with its packed origin; what this caller may not read, or what
        is not there, is absent."""
        with self.database.read() as connection:
            return reading.texts(connection, document_ids, principal)

    def document(self, document_id: str, principal: Principal) -> Document | None:
        """The live document with blocks and origin (for showing a citation in place, for cutting again), or None."""
        with self.database.read() as connection:
            return reading.document(connection, document_id, principal)

    def facts(self, kind: str, keys: Sequence[str], principal: Principal) -> list[Fact]:
        """The facts of this kind about any of `keys` in live documents that this caller may read."""
        with self.database.read() as connection:
            return facts.about(connection, kind, keys, principal)

    def facts_of(self, document_id: str, principal: Principal, kind: str = "") -> list[Fact]:
        """The facts of a live document that this caller may read, in the order of its text."""
        with self.database.read() as connection:
            return facts.of_document(connection, document_id, kind, principal)

    def tally(self, kind: str, keys: Sequence[str], principal: Principal) -> dict[str, int]:
        """In how many live readable documents a fact of this kind stands about each of `keys`."""
        with self.database.read() as connection:
            return facts.tally(connection, kind, keys, principal)

    def with_value(self, field: str, values: Sequence[str], principal: Principal) -> list[DocumentInfo]:
        """The live readable documents whose metadata holds one of `values` under `field`."""
        with self.database.read() as connection:
            return facts.with_value(connection, field, values, principal)

    # --- index

    def outbox(self, limit: int = 1000) -> list[OutboxEntry]:
        """The oldest entries that were not trimmed."""
        with self.database.read() as connection:
            return reading.outbox_entries(connection, limit)

    def trim_outbox(self, through: int) -> None:
        """Forget entries up to and including `through`."""
        with self.database.write() as connection:
            connection.execute(delete(outbox).where(outbox.c.sequence <= through))

    def points(self, ids: Sequence[int] | None = None) -> Iterator[IndexPoint]:
        """Index points of live and staged versions: all, or those of `ids` that exist."""
        reader = PointReader(self.database.read, self.place)
        return reader.every() if ids is None else reader.some(ids)

    def texts_to_embed(self) -> Iterator[tuple[int, str, int]]:
        """What is embedded of every chunk: its id, the text, and how much of it is title and headings."""
        return PointReader(self.database.read, self.place).texts()

    def replace_vectors(self, made: Iterable[Remade], **values: Any) -> int:
        """Put new vectors and token vectors in place of all old ones and write manifest values, in one transaction:
        vectors of two embedders never stand side by side. `made`: batches, each written before the next is asked for.
        Returns how many."""
        told = [{"key": key, "value": records.to_json(value, f"Manifest value {key}")} for key, value in values.items()]
        count = 0
        with self.database.write() as connection:
            connection.execute(delete(vectors))
            connection.execute(delete(token_vectors))
            for ids, matrix, pieces in made:
                blobs = records.pack_vectors(matrix)
                rows = [{"point_id": key, "vector": blob} for key, blob in zip(ids, blobs, strict=True)]
                connection.execute(insert(vectors), rows)
                if pieces:
                    packed = [{"point_id": key, "packed": blob} for key, blob in zip(ids, pieces, strict=True)]
                    connection.execute(insert(token_vectors), packed)
                count += len(rows)
            connection.execute(insert(vectors).from_select(["point_id", "vector"], _HEAD_VECTORS))
            connection.execute(delete(manifest).where(manifest.c.key.in_(list(values))))
            connection.execute(insert(manifest), told)
        return count

    def point_ids(self) -> set[int]:
        """The ids that the index should hold."""
        with self.database.read() as connection:
            return reading.point_ids(connection)

    def manifest(self) -> Mapping[str, Any]:
        """The manifest values."""
        with self.database.read() as connection:
            rows = connection.execute(select(manifest.c.key, manifest.c.value))
            return FrozenDict({row[0]: records.from_json(row[1]) for row in rows})

    def set_manifest(self, **values: Any) -> None:
        """Write manifest values; others stay."""
        rows = [{"key": key, "value": records.to_json(value, f"Manifest value {key}")} for key, value in values.items()]
        if rows:
            with self.database.write() as connection:
                connection.execute(delete(manifest).where(manifest.c.key.in_(list(values))))
                connection.execute(insert(manifest), rows)

    # --- receipts, audit, care

    def receipts(self, document_id: str | None = None, limit: int = 100) -> list[RemovalReceipt]:
        """The stored receipts of removals, the newest first; of one document or of all."""
        with self.database.read() as connection:
            return notes.receipts(connection, document_id, limit)

    def add_probes(self, document_id: str, probes: Mapping[str, str]) -> RemovalReceipt:
        """Add what was found at other places (the index) to the newest receipt of a document. Raises NotFound."""
        with self.database.write() as connection:
            return notes.add_probes(connection, document_id, probes)

    def append_audit(self, principal: str, action: str, detail: Mapping[str, Any]) -> None:
        """Write down who did what. `detail` names documents; it never quotes them."""
        row = {"principal": principal, "action": action, "detail": records.to_json(detail, "An audit detail")}
        with self.database.write() as connection:
            notes.append_audit(connection, {"at": self._now(), **row})

    def audit(self, limit: int = 100, *, before: int | None = None, action: str = "") -> list[AuditEntry]:
        """Audit entries, the newest first; `before` an id continues a listing, `action` keeps one kind."""
        with self.database.read() as connection:
            return notes.audit(connection, limit, before, action)

    def check(self) -> list[str]:
        """What is wrong with the catalogue itself, one line each; empty when it is sound. Reads every page."""
        return erasure.check(self.database)

    def compact(self) -> Mapping[str, str]:
        """Leave no deleted text in any file of the catalogue; returns what was probed. See `erasure`."""
        return erasure.compact_catalogue(self.database)

    def close(self) -> None:
        """Let go of the database."""
        self.database.close()

    def _now(self) -> str:
        return records.timestamp(self._clock)


def open_catalogue(
    store: Path,
    *,
    create: bool,
    read_only: bool = False,
    clock: Clock | None = None,
    lock_seconds: float = LOCK_SECONDS,
) -> SqlCatalogue:
    """The catalogue of the store in folder `store`; made there first where there is none and `create` is set.

    Raises StoreNotFound, StoreTooNew (nothing was touched), StoreError "run assay migrate" for an older layout,
    StoreDamaged, StoreReadOnly. `lock_seconds`: how long a write waits for another process before StoreInUse.
    """
    file = store / CATALOGUE_FILE
    with faults.translated(str(store)):
        if not file.exists() or not file.stat().st_size:
            if not create or read_only:
                raise StoreNotFound(f"There is no store at {store}", next="Make one with `assay init`")
            make_file(file)
    if file.stat().st_size:
        _look_at(file)
    database = sqlite_database(file, read_only=read_only, seconds=lock_seconds)
    return _opened(database, create=create and not read_only, clock=clock)


def open_catalogue_url(url: str, *, create: bool, read_only: bool = False, clock: Clock | None = None) -> SqlCatalogue:
    """The catalogue in the database behind a SQLAlchemy URL; errors as for `open_catalogue`."""
    return _opened(server_database(url, read_only=read_only), create=create and not read_only, clock=clock)


def _look_at(file: Path) -> None:
    """Refuse a file that is damaged or too new through a connection that cannot write, before one that can is made."""
    check_length(file)
    database = sqlite_database(file, read_only=True)
    try:
        migrations.layout(database)
    finally:
        database.close()


def _opened(database: Database, *, create: bool, clock: Clock | None) -> SqlCatalogue:
    try:
        migrations.ensure_current(database, create=create, now=records.timestamp(clock or records.SystemClock()))
    except BaseException:
        database.close()
        raise
    return SqlCatalogue(database, clock)
