"""A `Where` as a filter of the engine. What the filter means is decided here, once, for every kind of field.

- `any`: equal to one of the values, compared as text: 2020 and "2020" are equal, true and "true" too.
- `gte lte gt lt`: numbers against numbers (also those written as text), dates against dates. A year or a month is a
  whole period: `lte 2020-05` includes all of May, `gt 2020` begins with 2021.
- `prefix`: a text that begins with the value, letter for letter.

A field that no document has matches nothing; it is no error here, since an error would tell of documents that the
caller may not read. An empty access tuple admits nothing; the caller must not come here with one.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from assay.errors import FilterError
from assay.store.edge_points import access_key, as_moment, as_number, as_text, field_key
from assay.types import FieldFilter, Where

if TYPE_CHECKING:
    import qdrant_edge as qe

Conditions = list[Any]


def corpus_filter(where: Where) -> qe.Filter:
    """What BM25 statistics may count: points of that kind that the caller may read. Nothing narrows it more."""
    from qdrant_edge import Filter

    return Filter(must=_readable(where))


def where_filter(where: Where, known: Container[str]) -> qe.Filter | None:
    """What a hit must satisfy: access, kind, documents and fields; None where no point at all can.

    `known`: the payload keys that have an index (see `filter_keys`). Asking the engine for another one would read every
    payload. Raises FilterError.
    """
    from qdrant_edge import FieldCondition, Filter, MatchAny

    if where.access == () or where.document_ids == ():
        return None
    must = _readable(where)
    if where.document_ids is not None:
        must.append(FieldCondition("document", match=MatchAny(list(where.document_ids))))
    for one in where.fields:
        condition = field_condition(one, known)
        if condition is None:
            return None
        must.append(condition)
    return Filter(must=must)


def filter_keys(where: Where) -> set[str]:
    """The payload keys that the conditions of `where` look at."""
    kinds = {"any": "s", "prefix": "s"}
    return {field_key(kind, one.field) for one in where.fields for kind in kinds.get(one.op, "nd")}


def field_condition(one: FieldFilter, known: Container[str]) -> Any | None:
    """The engine's condition for one field filter; None where nothing can match. Raises FilterError for a value that
    the operation cannot compare."""
    from qdrant_edge import FieldCondition, MatchAny, MatchPrefix

    if one.op in ("gte", "lte", "gt", "lt"):
        return _range(one, known)
    if one.op == "any":
        texts = [as_text(value) for value in _values(one)]
        match: Any = MatchAny(texts) if texts else None
    elif one.op == "prefix":
        if not isinstance(one.value, str) or not one.value:
            raise _impossible(one, "a prefix is a text that is not empty")
        match = MatchPrefix(one.value)
    else:
        raise _impossible(one, "the operation is none of any, gte, lte, gt, lt, prefix")
    key = field_key("s", one.field)
    return FieldCondition(key, match=match) if match is not None and key in known else None


def _readable(where: Where) -> Conditions:
    from qdrant_edge import FieldCondition, MatchAny, MatchValue

    if where.access is None:
        return [FieldCondition("kind", match=MatchValue(where.kind))]
    readers = [access_key(where.kind, token) for token in sorted(set(where.access))]
    return [FieldCondition("access", match=MatchAny(readers))]


def _values(one: FieldFilter) -> Sequence[Any]:
    values = one.value if isinstance(one.value, (list, tuple, set, frozenset)) else (one.value,)
    for value in values:
        if not isinstance(value, (str, bool, int, float)):
            raise _impossible(one, f"{value!r} is no text, number, true or false")
    return tuple(values)


def _range(one: FieldFilter, known: Container[str]) -> Any | None:
    from qdrant_edge import FieldCondition, Filter, RangeDateTime, RangeFloat

    value = one.value.isoformat() if hasattr(one.value, "isoformat") else one.value
    number, period = as_number(value), _period(value)
    if number is None and period is None:
        raise _impossible(one, "only numbers and dates have an order (2020, 0.5, 2020-05-17)")
    either: Conditions = []
    if number is not None and (key := field_key("n", one.field)) in known:
        either.append(FieldCondition(key, range=RangeFloat(**{one.op: number})))
    if period is not None and (key := field_key("d", one.field)) in known:
        start, end = period
        bound = {"gte": {"gte": start}, "lt": {"lt": start}, "lte": {"lt": end}, "gt": {"gte": end}}[one.op]
        either.append(FieldCondition(key, range=RangeDateTime(**bound)))
    return Filter(should=either) if either else None


def _period(value: object) -> tuple[str, str] | None:
    """The first moment of a year, month, day or instant, and the first moment after it."""
    text = str(value).strip()
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return None
    if len(text) == 4 and text.isdigit() and text != "0000":
        following = f"{int(text) + 1:04d}-01-01" if int(text) < 9999 else "9999-12-31"
        return str(as_moment(f"{text}-01-01")), str(as_moment(following))
    start = as_moment(text)
    if start is None:
        return None
    first = datetime.fromisoformat(start)
    try:
        if len(text) == 7:
            after = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        else:
            after = first + (timedelta(days=1) if len(text) == 10 else timedelta(microseconds=1))
    except OverflowError:
        after = first
    return start, str(as_moment(after.isoformat()))


def _impossible(one: FieldFilter, why: str) -> FilterError:
    return FilterError(
        f"The filter {one.field!r} {one.op} {one.value!r} cannot be used", why=why, next="Change the value or operation"
    )
