"""Queries over facts (what packs read out of documents) and over metadata values. Reading only.

What a caller may not read is left out by the statement itself, as in `reading`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, distinct, func, or_, select

from assay.store import records
from assay.store.reading import INFO_COLUMNS, batches, parameters, readable_clause, readable_to
from assay.store.schema import facts, versions
from assay.types import DocumentInfo, Fact, Principal

# Made once: to put a statement together takes longer than to run it.
_COLUMNS = (facts.c.kind, facts.c.key, facts.c.value, facts.c.start, facts.c.end, versions.c.document_id)
_OF_KIND = facts.c.kind == bindparam("kind")
_OF_KEYS = facts.c.key.in_(bindparam("keys", expanding=True))


def _for_both(statement: Select[Any]) -> dict[bool, Select[Any]]:
    """The statement over live versions by whether the owner asks, who reads everything."""
    return {owner: statement.where(versions.c.state == "live", readable_to(owner)) for owner in (True, False)}


_FACTS = select(*_COLUMNS).join(versions, versions.c.id == facts.c.version_id)
_ABOUT = _for_both(_FACTS.where(_OF_KIND, _OF_KEYS))
_ALL_OF = _FACTS.where(versions.c.document_id == bindparam("document_id")).order_by(facts.c.start, facts.c.id)
_OF_DOCUMENT = _for_both(_ALL_OF)
_KIND_OF_DOCUMENT = _for_both(_ALL_OF.where(_OF_KIND))
_TALLY = _for_both(
    select(facts.c.key, func.count(distinct(facts.c.version_id)))
    .join(versions, versions.c.id == facts.c.version_id)
    .where(_OF_KIND, _OF_KEYS)
    .group_by(facts.c.key)
)


def about(connection: Connection, kind: str, keys: Sequence[str], principal: Principal) -> list[Fact]:
    """The facts of a kind about any of `keys`, by document and place."""
    found: list[Row[Any]] = []
    for some in batches(dict.fromkeys(keys)):
        given = {"kind": kind, "keys": some, **parameters(principal)}
        found.extend(connection.execute(_ABOUT[principal.owner], given))
    return sorted(map(_fact, found), key=lambda fact: (fact.document_id, fact.start, fact.key))


def of_document(connection: Connection, document_id: str, kind: str, principal: Principal) -> list[Fact]:
    """The facts of one document, of one kind or of all (""), in the order of its text."""
    given = {"document_id": document_id, **parameters(principal)}
    if kind:
        rows = connection.execute(_KIND_OF_DOCUMENT[principal.owner], {"kind": kind, **given})
    else:
        rows = connection.execute(_OF_DOCUMENT[principal.owner], given)
    return [_fact(row) for row in rows]


def tally(connection: Connection, kind: str, keys: Sequence[str], principal: Principal) -> dict[str, int]:
    """Key -> the number of documents with such a fact; counted by the database, so that no row leaves it."""
    found: dict[str, int] = {}
    for some in batches(dict.fromkeys(keys)):
        given = {"kind": kind, "keys": some, **parameters(principal)}
        found.update((row[0], row[1]) for row in connection.execute(_TALLY[principal.owner], given))
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


def _fact(row: Row[Any]) -> Fact:
    return Fact(row.kind, row.key, records.from_json(row.value), row.start, row.end, row.document_id)


def _held(value: Any) -> set[str]:
    if isinstance(value, (list, tuple, frozenset, set)):
        return {str(one) for one in value}
    return set() if value is None else {str(value)}


def _escaped(value: str) -> str:
    inner = records.to_json(value)[1:-1]
    return inner.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
