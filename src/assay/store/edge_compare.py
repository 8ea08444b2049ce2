"""Compares points with what a shard holds of them: stored values one by one, payload indexes by counting.

A payload index lies in files of its own: after damage it can deny what the payload says, and a filter would then leave
points out without an error. So for every key the points that should be found through the index are counted through it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from assay.store.edge_points import PointBatch

if TYPE_CHECKING:
    import qdrant_edge as qe

_TOLERANCE = 1e-6
# With more values than that in one batch, they are counted together.
_ONE_BY_ONE = 12


def differing(shard: qe.EdgeShard, batch: PointBatch, indexed: Container[str]) -> list[int]:
    """The ids of those points that the shard lacks, holds otherwise, or does not find through a payload index.

    `indexed`: the payload keys that have an index.
    """
    if not batch.ids:
        return []
    records = shard.retrieve(list(batch.ids), with_payload=True, with_vector=True)
    held = {record.id: record for record in records}
    bounds = batch.bounds()
    wrong = {
        key
        for row, key in enumerate(batch.ids)
        if key not in held or not _equal(held[key], batch, row, bounds[row], bounds[row + 1])
    }
    if not wrong:
        wrong = {key for ids in _unfindable(shard, batch, indexed) for key in ids}
    return sorted(wrong)


def _equal(record: qe.Record, batch: PointBatch, row: int, start: int, end: int) -> bool:
    named: Any = record.vector or {}
    if "dense" not in named or "bm25" not in named or not _same(record.payload or {}, batch.payloads[row]):
        return False
    sparse, dense = named["bm25"], np.asarray(named["dense"], dtype=np.float32)
    return (
        sparse.indices == batch.terms[start:end].tolist()
        and np.array_equal(np.asarray(sparse.values, dtype=np.float32), batch.weights[start:end])
        and dense.shape == batch.vectors[row].shape
        and bool(np.abs(dense - batch.vectors[row]).max() <= _TOLERANCE)
    )


def _same(held: Any, wanted: Any) -> bool:
    """Equal values; of a number the engine may give back another last digit (2047981614561285 was seen to differ)."""
    if isinstance(held, dict) and isinstance(wanted, dict):
        return held.keys() == wanted.keys() and all(_same(held[key], wanted[key]) for key in held)
    if isinstance(held, list) and isinstance(wanted, list):
        return len(held) == len(wanted) and all(map(_same, held, wanted))
    if isinstance(held, float) and isinstance(wanted, (int, float)):
        return math.isclose(held, wanted, rel_tol=1e-12)
    return bool(held == wanted)


def _unfindable(shard: qe.EdgeShard, batch: PointBatch, indexed: Container[str]) -> Iterator[list[int]]:
    """The points of each key whose index does not count what it should."""
    from qdrant_edge import CountRequest, Filter, HasIdCondition

    for key, having in _by_key(batch).items():
        if key not in indexed:
            continue
        ids = list(having)
        for condition, expected in _conditions(key, having):
            among = Filter(must=[HasIdCondition(set(batch.ids)), condition])
            if shard.count(CountRequest(filter=among)) != expected:
                yield ids
                break


def _by_key(batch: PointBatch) -> dict[str, dict[int, list[Any]]]:
    """Payload key -> id -> its values."""
    found: dict[str, dict[int, list[Any]]] = defaultdict(dict)
    for key, payload in zip(batch.ids, batch.payloads, strict=True):
        for name, value in payload.items():
            values = value if isinstance(value, list) else [value]
            if values:
                found[name][key] = values
    return found


def _conditions(key: str, having: dict[int, list[Any]]) -> Iterator[tuple[Any, int]]:
    import qdrant_edge as qe

    counts = Counter(value for values in having.values() for value in set(values))
    if len(counts) <= _ONE_BY_ONE:
        for value, expected in counts.items():
            yield _between(key, value, value), expected
    elif key[:2] in ("n_", "d_"):
        yield _between(key, min(counts), max(counts)), len(having)
    else:
        yield qe.FieldCondition(key, match=qe.MatchAny(sorted(counts))), len(having)


def _between(key: str, least: Any, most: Any) -> Any:
    import qdrant_edge as qe

    if key.startswith("n_"):
        return qe.FieldCondition(key, range=qe.RangeFloat(gte=least, lte=most))
    if key.startswith("d_"):
        return qe.FieldCondition(key, range=qe.RangeDateTime(gte=least, lte=most))
    return qe.FieldCondition(key, match=qe.MatchAny([least]))
