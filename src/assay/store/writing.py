"""Every step that changes documents: stage, publish, discard, remove. Each runs inside one write transaction.

What a step deletes it also puts into the outbox, in the same transaction; so the index can always catch up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from sqlalchemy import Connection, Row, Table, bindparam, delete, func, insert, select, update

from assay.errors import InputError, NotFound
from assay.store import records
from assay.store.reading import batches, staged_ids
from assay.store.schema import (
    access_tokens,
    bodies,
    chunks,
    counters,
    facts,
    heads,
    outbox,
    receipts,
    token_vectors,
    vectors,
    versions,
)
from assay.types import Document, Matrix, RemovalReceipt, StagedDocument

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """The rows of one document, all but their ids; made before the write lock is taken."""

    version: Values
    body: Values
    tokens: tuple[str, ...]
    chunks: list[Values]
    vectors: list[bytes]
    facts: list[Values]
    pieces: tuple[bytes, ...]


def prepare(staged: StagedDocument, now: str) -> Prepared:
    """Check a staged document and turn it into rows. Raises InputError that names the document and what is wrong."""
    document = staged.document
    _check(staged)
    shapes = [staged.vectors, staged.head_vector[np.newaxis]] if staged.chunks else [staged.head_vector[np.newaxis]]
    return Prepared(
        version=_version_row(staged, now),
        body={
            "text": document.text,
            "blocks": records.pack_blocks(document.blocks),
            "origin": records.pack_origin(document.origin),
        },
        tokens=tuple(dict.fromkeys(document.access.readers)),
        chunks=[
            {
                "ordinal": chunk.ordinal,
                "start": chunk.start,
                "end": chunk.end,
                "kind": chunk.kind,
                "breadcrumb": records.to_json(chunk.breadcrumb),
                "text": chunk.text,
            }
            for chunk in staged.chunks
        ],
        vectors=records.pack_vectors(np.concatenate(shapes)),
        facts=[
            {
                "kind": fact.kind,
                "key": fact.key,
                "value": records.to_json(fact.value, f"A fact about {fact.key}"),
                "start": fact.start,
                "end": fact.end,
            }
            for fact in staged.facts
        ],
        pieces=staged.pieces,
    )


def stage(connection: Connection, batch: Sequence[Prepared]) -> list[int]:
    """Write the rows of new versions and one outbox entry for all their points; returns the version ids."""
    version = _reserve(connection, "version", len(batch))
    first = point = _reserve(connection, "point", sum(len(one.vectors) for one in batch))
    tables = (versions, bodies, access_tokens, chunks, heads, vectors, token_vectors, facts)
    rows: dict[Table, list[Values]] = {table: [] for table in tables}
    for key, one in enumerate(batch, version):
        rows[versions].append({"id": key, **one.version})
        rows[bodies].append({"version_id": key, **one.body})
        rows[access_tokens].extend({"version_id": key, "token": token} for token in one.tokens)
        rows[chunks].extend({"id": point + i, "version_id": key, **row} for i, row in enumerate(one.chunks))
        rows[facts].extend({"version_id": key, **row} for row in one.facts)
        rows[heads].append({"id": point + len(one.chunks), "version_id": key})
        rows[vectors].extend({"point_id": point + i, "vector": blob} for i, blob in enumerate(one.vectors))
        rows[token_vectors].extend({"point_id": point + i, "packed": blob} for i, blob in enumerate(one.pieces))
        point += len(one.vectors)
    for table, values in rows.items():
        if values:
            connection.execute(insert(table), values)
    post(connection, upserts=range(first, point))
    return list(range(version, version + len(batch)))


def publish(connection: Connection, version_ids: Sequence[int], now: str) -> None:
    """Flip staged versions live and delete what they replace. Versions that are live already stay as they are."""
    rows = _versions(connection, versions.c.id, version_ids)
    known = {row.id: row for row in rows}
    missing = [key for key in version_ids if key not in known]
    if missing:
        raise NotFound(
            f"Version {missing[0]} is not staged",
            why="it was discarded, or a later version of its document was published",
            next="Add the document again",
        )
    winners = {known[key].document_id: key for key in version_ids}
    former = [
        row
        for row in _versions(connection, versions.c.document_id, list(winners))
        if row.id != winners[row.document_id] and (row.state == "live" or row.id in known)
    ]
    numbers = {row.document_id: row.number for row in former if row.state == "live"}
    post(connection, deletes=drop_versions(connection, [row.id for row in former]))
    fresh = [
        {"key": key, "next": numbers.get(document, 0) + 1, "at": now}
        for document, key in winners.items()
        if known[key].state == "staged"
    ]
    if fresh:
        flip = update(versions).where(versions.c.id == bindparam("key"))
        connection.execute(flip.values(state="live", number=bindparam("next"), added_at=bindparam("at")), fresh)


def discard_staged(connection: Connection) -> int:
    """Delete every staged version; returns how many."""
    ids = staged_ids(connection)
    post(connection, deletes=drop_versions(connection, ids))
    return len(ids)


def remove(connection: Connection, document_ids: Sequence[str], now: str) -> list[RemovalReceipt]:
    """Delete every version of these documents; returns and stores one receipt for each that existed."""
    rows = _versions(connection, versions.c.document_id, list(dict.fromkeys(document_ids)))
    # Of several versions the receipt tells of the live one, or of the newest staged one.
    chosen: dict[str, Row[Any]] = {}
    for row in sorted(rows, key=lambda row: (row.state == "live", row.id)):
        chosen[row.document_id] = row
    dropped = [row.id for row in rows]
    points = drop_versions(connection, dropped)
    post(connection, deletes=points)
    probes = _probe(connection, dropped, points)
    made = [
        RemovalReceipt(
            document_id=row.document_id,
            title=row.title,
            source=row.source,
            content_hash=row.content_hash,
            removed_at=now,
            chunks=row.chunk_count,
            compacted=False,
            probes=probes,
        )
        for row in (chosen[key] for key in dict.fromkeys(document_ids) if key in chosen)
    ]
    if made:
        connection.execute(insert(receipts), [_receipt_row(receipt) for receipt in made])
    return made


def drop_versions(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Delete the rows of these versions everywhere; returns the ids of the points that went."""
    gone: list[int] = []
    for batch in batches(ids):
        points = [
            *connection.scalars(select(chunks.c.id).where(chunks.c.version_id.in_(batch))),
            *connection.scalars(select(heads.c.id).where(heads.c.version_id.in_(batch))),
        ]
        for few in batches(points):
            for derived in (vectors, token_vectors):
                connection.execute(delete(derived).where(derived.c.point_id.in_(few)))
        for table in (chunks, heads, bodies, access_tokens, facts):
            connection.execute(delete(table).where(table.c.version_id.in_(batch)))
        connection.execute(delete(versions).where(versions.c.id.in_(batch)))
        gone.extend(points)
    return gone


def post(connection: Connection, *, upserts: Iterable[int] = (), deletes: Iterable[int] = ()) -> None:
    """Put a step for the index into the outbox; nothing where there is nothing to do."""
    entry = {"upserts": json.dumps(list(upserts)), "deletes": json.dumps(list(deletes))}
    if entry["upserts"] != "[]" or entry["deletes"] != "[]":
        connection.execute(insert(outbox), entry)


def _reserve(connection: Connection, name: str, count: int) -> int:
    """The first of `count` ids that nobody had before and nobody will have after."""
    last = connection.scalar(select(counters.c.value).where(counters.c.name == name))
    if last is None:
        connection.execute(insert(counters), {"name": name, "value": count})
        return 1
    connection.execute(update(counters).where(counters.c.name == name).values(value=last + count))
    return int(last) + 1


def _versions(connection: Connection, column: Any, keys: Sequence[Any]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    for batch in batches(keys):
        found.extend(connection.execute(select(versions).where(column.in_(batch))))
    return found


def _probe(connection: Connection, ids: Sequence[int], points: Sequence[int]) -> dict[str, str]:
    left = 0
    places = [(versions.c.id, ids), *((t.c.version_id, ids) for t in (bodies, chunks, heads, access_tokens, facts))]
    for column, keys in (*places, (vectors.c.point_id, points), (token_vectors.c.point_id, points)):
        for batch in batches(keys):
            found = connection.scalar(select(func.count()).select_from(column.table).where(column.in_(batch)))
            left += int(found or 0)
    return {"catalogue": f"{left} rows left"}


def _receipt_row(receipt: RemovalReceipt) -> Values:
    row = {key: receipt[key] for key in receipt}
    return {**row, "compacted": int(receipt.compacted), "probes": records.to_json(receipt.probes)}


def _version_row(staged: StagedDocument, now: str) -> Values:
    document = staged.document
    return {
        "document_id": document.id,
        "number": 0,
        "state": "staged",
        "title": document.title,
        "source": document.source,
        "source_file": staged.source_file,
        "format": document.format,
        "content_hash": staged.content_hash,
        "characters": len(document.text),
        "chunk_count": len(staged.chunks),
        "added_at": now,
        "metadata": records.to_json(document.metadata, f"The metadata of {document.id!r}"),
        "access": records.to_json(document.access.readers),
        "warnings": records.to_json(document.warnings),
    }


def _check(staged: StagedDocument) -> None:
    document, matrix, head = staged.document, staged.vectors, staged.head_vector
    if not document.id:
        raise _refused(document, "its id is empty")
    if head.ndim != 1 or not len(head) or not _finite(head):
        raise _refused(document, "the vector of its head is not one row of finite numbers")
    if staged.chunks and matrix.shape != (len(staged.chunks), len(head)):
        raise _refused(document, f"{len(staged.chunks)} chunks came with vectors of shape {matrix.shape}")
    if staged.chunks and not _finite(matrix):
        raise _refused(document, "a vector holds a number that is not finite in half precision")
    if staged.pieces and len(staged.pieces) != len(staged.chunks):
        raise _refused(document, f"{len(staged.chunks)} chunks came with token vectors of {len(staged.pieces)}")
    _check_strings(document, staged.source_file, staged.content_hash)
    for position, chunk in enumerate(staged.chunks):
        if chunk.document_id != document.id or chunk.ordinal != position:
            raise _refused(document, f"chunk {position} says it is chunk {chunk.ordinal} of {chunk.document_id!r}")
        if not 0 <= chunk.start < chunk.end or document.text[chunk.start : chunk.end] != chunk.text:
            raise _refused(document, f"chunk {position} is not the text from {chunk.start} to {chunk.end}")


def _check_strings(document: Document, *others: str) -> None:
    for name, text in (("text", document.text), ("title", document.title), ("source", document.source)):
        _check_unicode(document, name, text)
    for text in (document.id, document.format, *others, *document.access.readers):
        _check_unicode(document, "description", text)


def _check_unicode(document: Document, name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _refused(document, f"its {name} holds half a character at {error.start}") from error


def _finite(values: Matrix) -> bool:
    with np.errstate(over="ignore"):
        return bool(np.isfinite(cast("Any", values).astype(np.float16)).all())


def _refused(document: Document, why: str) -> InputError:
    return InputError(
        f"Document {document.id!r} cannot be stored", why=why, next="This is a fault of its reader, chunker or embedder"
    )
