"""Every query that only reads: each takes a connection inside a read transaction and returns values of assay.types.

What a caller may not read is left out by the statement itself, never afterwards. At the bottom: the rule of access
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    true,
)

from assay.errors import FilterError, InputError
from assay.store import records
from assay.store.schema import access_tokens as tokens_table
from assay.store.schema import bodies, chunks, heads, outbox, versions
from assay.store.schema import token_vectors as token_vectors_table
from assay.textual.access import access_tokens
from assay.textual.fields import filter_fields
from assay.types import AccessList, Chunk, Document, DocumentInfo, OutboxEntry, Principal

T = TypeVar("T")

BATCH = 500
LONGEST_PATTERN = 1000

INFO_COLUMNS = (
    versions.c.id,
    versions.c.document_id,
    versions.c.title,
    versions.c.source,
    versions.c.format,
    versions.c.number,
    versions.c.content_hash,
    versions.c.characters,
    versions.c.chunk_count,
    versions.c.added_at,
    versions.c.metadata,
    versions.c.access,
    versions.c.warnings,
)
CHUNK_COLUMNS = (
    chunks.c.id,
    chunks.c.version_id,
    chunks.c.ordinal,
    chunks.c.start,
    chunks.c.end,
    chunks.c.kind,
    chunks.c.breadcrumb,
    chunks.c.text,
)

_LIVE = versions.c.state == "live"
# Said as text, not as a parameter: only then may the count be taken from the index over live versions alone.
_LIVE_COUNT = select(func.count()).select_from(versions).where(versions.c.state == literal_column("'live'"))
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)


def batches(items: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """`items` in lists of at most `size`: databases bound the number of parameters of a statement."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def find(connection: Connection, document_id: str) -> DocumentInfo | None:
    """The live version of a document, whoever asks."""
    row = connection.execute(_FOUND, {"document_id": document_id}).first()
    return None if row is None else records.document_info(row)


def hashes(connection: Connection, document_ids: Sequence[str]) -> dict[str, str]:
    """Document id -> content hash of its live version."""
    statement = select(versions.c.document_id, versions.c.content_hash).where(_LIVE, versions.c.document_id.in_(_IDS))
    found: dict[str, str] = {}
    for ids in batches(dict.fromkeys(document_ids)):
        found.update((row[0], row[1]) for row in connection.execute(statement, {"ids": ids}))
    return found


def documents_of(connection: Connection, source_file: str) -> list[str]:
    """The ids of the live documents that came from a file, in order."""
    statement = select(versions.c.document_id).where(_LIVE, versions.c.source_file == source_file)
    return list(connection.scalars(statement.order_by(versions.c.document_id)))


def documents(
    connection: Connection, principal: Principal, matching: str, limit: int | None, offset: int
) -> list[DocumentInfo]:
    """The live documents that this caller may read, by id."""
    if offset < 0 or (limit is not None and limit < 0):
        raise InputError("limit and offset cannot be negative", next="Use 0 or more")
    statement = select(*INFO_COLUMNS).where(_LIVE, readable_clause(principal), matching_clause(matching))
    statement = statement.order_by(versions.c.document_id).limit(limit).offset(offset or None)
    return [records.document_info(row) for row in connection.execute(statement, parameters(principal))]


def count_documents(connection: Connection, principal: Principal) -> int:
    """How many live documents this caller may read."""
    if principal.owner:
        return connection.scalar(_LIVE_COUNT) or 0
    statement = select(func.count()).select_from(versions).where(_LIVE, readable_clause(principal))
    return connection.scalar(statement, parameters(principal)) or 0


def staged_ids(connection: Connection) -> list[int]:
    """The versions that were staged and not published."""
    # Nearly always there are none, which two counts over indexes tell without reading a row.
    if connection.scalar(select(func.count()).select_from(versions)) == connection.scalar(_LIVE_COUNT):
        return []
    return list(connection.scalars(select(versions.c.id).where(versions.c.state == "staged")))


def has_field(connection: Connection, name: str, principal: Principal) -> bool:
    """True if a readable live document has this filter field. The text match narrows down; the parsed one counts."""
    leaf = records.to_json(name.rsplit(".", 1)[-1]).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    statement = select(versions.c.metadata).where(_LIVE, readable_clause(principal))
    rows = connection.execute(
        statement.where(versions.c.metadata.like(f"%{leaf}%", escape="\\")), parameters(principal)
    )
    return any(name in filter_fields(records.from_json(row[0])) for row in rows)


def live_chunks(
    connection: Connection, ids: Sequence[int], principal: Principal
) -> dict[int, tuple[Chunk, DocumentInfo]]:
    """Those of `ids` that are live and readable. Texts of other chunks never leave the database."""
    found: dict[int, tuple[Chunk, DocumentInfo]] = {}
    for batch in batches(dict.fromkeys(ids)):
        given = {"ids": batch, **parameters(principal)}
        allowed = {
            row[0]: records.document_info(row)
            for row in connection.execute(_ALLOWED_OWNER if principal.owner else _ALLOWED_READER, given).all()
        }
        if not allowed:
            continue
        rows = connection.execute(_CHUNKS, {"ids": batch, "version_ids": list(allowed)}).all()
        for row in rows:
            info = allowed[row[1]]
            found[row[0]] = (records.chunk_from(row, info.id), info)
    return found


def token_vectors(connection: Connection, ids: Sequence[int], principal: Principal) -> dict[int, bytes]:
    """The packed token vectors of those of `ids` that are live, readable and have some."""
    found: dict[int, bytes] = {}
    statement = _PIECES_OWNER if principal.owner else _PIECES_READER
    for batch in batches(dict.fromkeys(ids)):
        rows = connection.execute(statement, {"ids": batch, **parameters(principal)})
        found.update((row[0], row[1]) for row in rows)
    return found


def text(connection: Connection, document_id: str, principal: Principal) -> str | None:
    """The live text of a document, or None."""
    statement = select(bodies.c.text).join(versions, versions.c.id == bodies.c.version_id)
    statement = statement.where(_LIVE, versions.c.document_id == document_id, readable_clause(principal))
    found: str | None = connection.scalar(statement, parameters(principal))
    return found


def texts(connection: Connection, document_ids: Sequence[str], principal: Principal) -> dict[str, tuple[str, bytes]]:
    """The live texts of those of `document_ids` that this caller may read, each with its packed origin."""
    found: dict[str, tuple[str, bytes]] = {}
    statement = _TEXTS_OWNER if principal.owner else _TEXTS_READER
    for batch in batches(dict.fromkeys(document_ids)):
        rows = connection.execute(statement, {"ids": batch, **parameters(principal)})
        found.update((row[0], (row[1], row[2])) for row in rows)
    return found


def document(connection: Connection, document_id: str, principal: Principal) -> Document | None:
    """The live document with its text, blocks and origin, or None."""
    statement = select(bodies.c.text, bodies.c.blocks, bodies.c.origin, *INFO_COLUMNS)
    statement = statement.join(versions, versions.c.id == bodies.c.version_id)
    statement = statement.where(_LIVE, versions.c.document_id == document_id, readable_clause(principal))
    row = connection.execute(statement, parameters(principal)).first()
    if row is None:
        return None
    body, blocks, origin, _, key, title, source, form, _, _, _, _, _, metadata, access, warnings = row
    return Document(
        id=key,
        title=title,
        text=body,
        source=source,
        format=form,
        metadata=records.from_json(metadata),
        access=AccessList(readers=records.from_json(access)),
        blocks=records.unpack_blocks(blocks),
        origin=records.unpack_origin(origin),
        warnings=records.from_json(warnings),
    )


def outbox_entries(connection: Connection, limit: int) -> list[OutboxEntry]:
    """The oldest entries that were not trimmed."""
    rows = connection.execute(select(outbox).order_by(outbox.c.sequence).limit(limit))
    return [
        OutboxEntry(
            sequence=row.sequence, upserts=records.from_json(row.upserts), deletes=records.from_json(row.deletes)
        )
        for row in rows
    ]


def point_ids(connection: Connection) -> set[int]:
    """The ids of all chunks and heads, live and staged."""
    found = set(connection.scalars(select(chunks.c.id)))
    found.update(connection.scalars(select(heads.c.id)))
    return found


def matching_clause(pattern: str) -> ColumnElement[bool]:
    """A glob (`*`, `?`; ASCII case does not matter) over id, title and source as a condition; empty matches all."""
    if not pattern:
        return true()
    if len(pattern) > LONGEST_PATTERN:
        raise FilterError(f"The pattern is longer than {LONGEST_PATTERN} characters", next="Use a shorter one with *")
    like = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%").replace("?", "_")
    columns = (versions.c.document_id, versions.c.title, versions.c.source)
    return or_(*(column.ilike(like, escape="\\") for column in columns))


def parameters(principal: Principal) -> dict[str, Any]:
    """What `readable_clause` needs to be executed."""
    return {} if principal.owner else {"tokens": list(access_tokens(principal))}


# --- access ---------------------------------------------------------------------------------------------------------


def readable_clause(principal: Principal) -> ColumnElement[bool]:
    """`readable` as a condition on versions; the statement then takes `parameters`."""
    return readable_to(principal.owner)


def readable_to(owner: bool) -> ColumnElement[bool]:
    """`readable_clause` of the owner, or of anyone else."""
    return true() if owner else _READER


# The sum and the concatenation change nothing but the plan: SQLite shall find chunks by their id, not by their version,
# and go through the few readers of a document, not through the many groups of a caller.
_READER = exists().where(
    tokens_table.c.version_id == versions.c.id,
    tokens_table.c.token.concat("").in_(bindparam("tokens", expanding=True)),
)
_ALLOWED_OWNER = select(*INFO_COLUMNS).where(
    versions.c.id.in_(select(chunks.c.version_id).where(chunks.c.id.in_(_IDS))), _LIVE
)
_ALLOWED_READER = _ALLOWED_OWNER.where(_READER)
_CHUNKS = select(*CHUNK_COLUMNS).where(
    chunks.c.id.in_(_IDS), (chunks.c.version_id + 0).in_(bindparam("version_ids", expanding=True))
)
_PIECES_OWNER = (
    select(token_vectors_table.c.point_id, token_vectors_table.c.packed)
    .join(chunks, chunks.c.id == token_vectors_table.c.point_id)
    .join(versions, versions.c.id == chunks.c.version_id)
    .where(token_vectors_table.c.point_id.in_(_IDS), _LIVE)
)
_PIECES_READER = _PIECES_OWNER.where(_READER)
_FOUND = select(*INFO_COLUMNS).where(_LIVE, versions.c.document_id == bindparam("document_id"))
_TEXTS_OWNER = (
    select(versions.c.document_id, bodies.c.text, bodies.c.origin)
    .join(bodies, bodies.c.version_id == versions.c.id)
    .where(versions.c.document_id.in_(_IDS), _LIVE)
)
_TEXTS_READER = _TEXTS_OWNER.where(_READER)
