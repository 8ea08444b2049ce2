"""What is kept for the record: receipts of removals and the audit trail. Neither holds text of documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from assay.errors import NotFound
from assay.store import records
from assay.store.schema import audit as audit_table
from assay.store.schema import receipts as receipts_table
from assay.types import EMPTY, FrozenDict, Record, RemovalReceipt


@dataclass(frozen=True, slots=True)
class AuditEntry(Record):
    """Who did what, and when. Ids rise in the order of writing."""

    id: int
    at: str
    principal: str
    action: str
    detail: Mapping[str, Any] = EMPTY


def receipts(connection: Connection, document_id: str | None, limit: int) -> list[RemovalReceipt]:
    """The newest receipts first."""
    statement = select(receipts_table).order_by(receipts_table.c.id.desc()).limit(limit)
    if document_id is not None:
        statement = statement.where(receipts_table.c.document_id == document_id)
    return [_receipt(row) for row in connection.execute(statement)]


def add_probes(connection: Connection, document_id: str, probes: Mapping[str, str]) -> RemovalReceipt:
    """The newest receipt of a document with more probes, stored."""
    table = receipts_table
    newest = select(table).where(table.c.document_id == document_id).order_by(table.c.id.desc())
    row = connection.execute(newest.limit(1)).first()
    if row is None:
        raise NotFound(f"There is no receipt for document {document_id!r}", why="it was never removed")
    receipt = _receipt(row)
    receipt = replace(receipt, probes=FrozenDict({**receipt.probes, **probes}))
    change = update(table).where(table.c.id == row.id)
    connection.execute(change.values(probes=records.to_json(receipt.probes)))
    return receipt


def mark_compacted(connection: Connection, probes: Mapping[str, str]) -> None:
    """Note in every receipt not yet marked that the files were compacted since, and what was probed."""
    table = receipts_table
    for row in connection.execute(select(table).where(table.c.compacted == 0)).all():
        merged = records.to_json({**records.from_json(row.probes), **probes})
        connection.execute(update(table).where(table.c.id == row.id).values(compacted=1, probes=merged))


def append_audit(connection: Connection, row: Mapping[str, Any]) -> None:
    """Add one entry."""
    connection.execute(insert(audit_table), dict(row))


def audit(connection: Connection, limit: int, before: int | None, action: str) -> list[AuditEntry]:
    """The newest entries first."""
    statement = select(audit_table).order_by(audit_table.c.id.desc()).limit(limit)
    if before is not None:
        statement = statement.where(audit_table.c.id < before)
    if action:
        statement = statement.where(audit_table.c.action == action)
    return [
        AuditEntry(row.id, row.at, row.principal, row.action, records.from_json(row.detail))
        for row in connection.execute(statement)
    ]


def _receipt(row: Row[Any]) -> RemovalReceipt:
    return RemovalReceipt(
        document_id=row.document_id,
        title=row.title,
        source=row.source,
        content_hash=row.content_hash,
        removed_at=row.removed_at,
        chunks=row.chunks,
        compacted=bool(row.compacted),
        probes=records.from_json(row.probes),
    )
