"""A small correct index in memory, for proving the contract: every search looks at every point."""

from __future__ import annotations

import math
import operator
import os
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assay.types import FieldFilter, IndexHit, IndexPoint, IndexQuery, IndexStatus, Matrix, Where

_PLACES: dict[Path, dict[int, IndexPoint]] = {}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "gte": operator.ge,
    "lte": operator.le,
    "gt": operator.gt,
    "lt": operator.lt,
    "prefix": lambda held, bound: isinstance(held, str) and held.startswith(bound),
}


class MemoryIndex:
    """`ports.Index` over a dictionary that outlives the object, as files would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.points = _PLACES.setdefault(folder, {})

    def upsert(self, points: Sequence[IndexPoint]) -> None:
        self.points.update((point.id, point) for point in points)

    def delete(self, ids: Sequence[int]) -> None:
        for key in ids:
            self.points.pop(key, None)

    def search(self, query: IndexQuery) -> list[IndexHit]:
        corpus = [point for point in self.points.values() if self.counts(point, query.where)]
        chosen = [point for point in corpus if self.meets(point, query.where)]
        words = {} if query.tokens is None else bm25(corpus, chosen, query.tokens)
        near = {} if query.vector is None else {p.id: float(p.vector @ query.vector) for p in chosen}
        best = {key for leg in (self.matching(words), near) for key in sorted(leg, key=leg.__getitem__)[-query.depth :]}
        hits = [
            IndexHit(p.id, p.document_id, words.get(p.id), near.get(p.id))
            for p in sorted(chosen, key=lambda p: (-near.get(p.id, 0.0), p.id))
            if p.id in best
        ]
        return hits

    def nearest(self, where: Where, vectors: Matrix) -> list[float]:
        held = [p.vector for p in self.points.values() if self.counts(p, where) and self.meets(p, where)]
        return [max((float(vector @ row) for vector in held), default=0.0) for row in vectors]

    def matching(self, words: dict[int, float]) -> dict[int, float]:
        return {key: score for key, score in words.items() if score > 0}

    def counts(self, point: IndexPoint, where: Where) -> bool:
        """Whether a point is part of what the statistics are made of: of this kind, and open to the caller."""
        open_to = where.access is None or not set(where.access).isdisjoint(point.access)
        return open_to and point.kind == where.kind

    def meets(self, point: IndexPoint, where: Where) -> bool:
        named = where.document_ids is None or point.document_id in where.document_ids
        return named and all(self.holds(point.fields.get(one.field), one) for one in where.fields)

    def holds(self, held: Any, one: FieldFilter) -> bool:
        values = held if isinstance(held, (list, tuple)) else [held]
        if one.op == "any":
            return any(value == wanted and type(value) is type(wanted) for value in values for wanted in one.value)
        comparable = [value for value in values if isinstance(value, str) == isinstance(one.value, str)]
        return any(_COMPARE[one.op](value, one.value) for value in comparable if value is not None)

    def ids(self) -> set[int]:
        return set(self.points)

    def flush(self) -> None:
        pass

    def status(self) -> IndexStatus:
        return IndexStatus(1, len(self.points), 0, 0, True, os.getpid(), str(self.folder))

    def close(self) -> None:
        pass


def bm25(corpus: Sequence[IndexPoint], chosen: Sequence[IndexPoint], tokens: Sequence[str]) -> dict[int, float]:
    """Id -> BM25 (k1 1.2, b 0.75) of the points chosen, with the statistics of the corpus."""
    found = dict.fromkeys((point.id for point in chosen), 0.0)
    average = sum(len(point.tokens) for point in corpus) / max(1, len(corpus))
    for token in tokens:
        having = sum(token in point.tokens for point in corpus)
        weight = math.log(1 + (len(corpus) - having + 0.5) / (having + 0.5))
        for point in chosen:
            count = Counter(point.tokens)[token]
            found[point.id] += weight * 2.2 * count / (count + 1.2 * (0.25 + 0.75 * len(point.tokens) / average))
    return found
