"""Queries over facts (what packs read out of documents) and over metadata values. Reading only.

What a caller may not read is left out by the statement itself, as in `reading`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, distinct, func, or_, select

from assay.store import records
from assay.store.reading import INFO_COLUMNS, batches, parameters, readable_clause
from assay.store.schema import facts, versions
from assay.types import DocumentInfo, Fact, Principal

_COLUMNS = (facts.c.kind, facts.c.key, facts.c.value, facts.c.start, facts.c.end, versions.c.document_id)


def about(connection: Connection, kind: str, keys: Sequence[str], principal: Principal) -> list[Fact]:
    """The facts of a kind about any of `keys`, by document and place."""
    found: list[Row[Any]] = []
    for some in batches(dict.fromkeys(keys)):
        statement = _readable(principal).where(facts.c.kind == kind, facts.c.key.in_(some))
        found.extend(connection.execute(statement, parameters(principal)))
    return sorted(map(_fact, found), key=lambda fact: (fact.document_id, fact.start, fact.key))


def of_document(connection: Connection, document_id: str, kind: str, principal: Principal) -> list[Fact]:
    """The facts of one document, of one kind or of all (""), in the order of its text."""
    statement = _readable(principal).where(versions.c.document_id == document_id)
    if kind:
        statement = statement.where(facts.c.kind == kind)
    rows = connection.execute(statement.order_by(facts.c.start, facts.c.id), parameters(principal))
    return [_fact(row) for row in rows]


def tally(connection: Connection, kind: str, keys: Sequence[str], principal: Principal) -> dict[str, int]:
    """Key -> the number of documents with such a fact; counted by the database, so that no row leaves it."""
    found: dict[str, int] = {}
    columns = (facts.c.key, func.count(distinct(facts.c.version_id)))
    for some in batches(dict.fromkeys(keys)):
        statement = select(*columns).join(versions, versions.c.id == facts.c.version_id)
        statement = statement.where(versions.c.state == "live", readable_clause(principal))
        statement = statement.where(facts.c.kind == kind, facts.c.key.in_(some)).group_by(facts.c.key)
        found.update((row[0], row[1]) for row in connection.execute(statement, parameters(principal)))
    return found


def with_value(connection: Connection, field: str, values: Sequence[str], principal: Principal) -> list[DocumentInfo]:
    """The documents whose metadata holds one of `values` under `field`; a list value holds each of its members.

    The text match narrows the rows down; the parsed value decides.
    """
    wanted = set(values)
    found: list[DocumentInfo] = []
    for some in batches(dict.fromkeys(values), 50):
        patterns = [versions.c.metadata.like(f"%{_escaped(value)}%", escape="\\") for value in some]
        statement = select(*INFO_COLUMNS).where(versions.c.state == "live", readable_clause(principal), or_(*patterns))
        rows = connection.execute(statement, parameters(principal))
        found.extend(info for info in map(records.document_info, rows) if wanted & _held(info.metadata.get(field)))
    return sorted({info.id: info for info in found}.values(), key=lambda info: info.id)


def _readable(principal: Principal) -> Select[Any]:
    joined = select(*_COLUMNS).join(versions, versions.c.id == facts.c.version_id)
    return joined.where(versions.c.state == "live", readable_clause(principal))


def _fact(row: Row[Any]) -> Fact:
    return Fact(row.kind, row.key, records.from_json(row.value), row.start, row.end, row.document_id)


def _held(value: Any) -> set[str]:
    if isinstance(value, (list, tuple, frozenset, set)):
        return {str(one) for one in value}
    return set() if value is None else {str(value)}


def _escaped(value: str) -> str:
    inner = records.to_json(value)[1:-1]
    return inner.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
