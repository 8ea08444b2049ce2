"""Points with known words and known angles, and the helpers that the parts of `IndexContract` share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np

from assay.ports import Index
from assay.testing.contract import Contract
from assay.types import EMPTY, FieldFilter, IndexHit, IndexPoint, IndexQuery, Vector, Where

DIMENSIONS = 16
Condition = tuple[str, Literal["any", "gte", "lte", "gt", "lt", "prefix"], Any]


def leaning(axis: int, cosine: float) -> Vector:
    """A unit vector at this cosine to the first axis, leaning towards another one (`axis` counts round 15 of them)."""
    vector = np.zeros(DIMENSIONS, np.float32)
    vector[0] = cosine
    vector[1 + axis % (DIMENSIONS - 1)] = math.sqrt(max(0.0, 1 - cosine * cosine))
    return vector


def point(
    key: int,
    tokens: Sequence[str],
    vector: Vector,
    *,
    access: tuple[str, ...] = ("public",),
    fields: Mapping[str, Any] = EMPTY,
    kind: Literal["chunk", "document"] = "chunk",
    document_id: str = "",
) -> IndexPoint:
    """An index point; its document is document-KEY where none is named."""
    return IndexPoint(key, document_id or f"document-{key}", kind, vector, tuple(tokens), access, fields)


def scores(hits: Sequence[IndexHit]) -> dict[int, float]:
    """Id -> BM25 score."""
    return {hit.id: hit.bm25 or 0.0 for hit in hits}


class IndexBase(Contract):
    """The factory and the helpers."""

    dimensions: ClassVar[int] = DIMENSIONS
    cosine_tolerance: ClassVar[float] = 2e-3

    def make_index(self, folder: Path) -> Index:
        """The index in `folder` for vectors of `dimensions`: opened where there is one, made where there is none."""
        raise NotImplementedError("override make_index")

    def index(self, points: Sequence[IndexPoint]) -> Index:
        """An index in the test's folder that holds `points`; closed after the test."""
        made = self.opened(self.make_index(self.folder))
        made.upsert(points)
        return made

    def reopened(self, index: Index) -> Index:
        """The same index after closing and opening."""
        index.close()
        return self.opened(self.make_index(self.folder))

    def find(
        self,
        index: Index,
        *,
        tokens: tuple[str, ...] | None = None,
        vector: Vector | None = None,
        access: tuple[str, ...] | None = None,
        fields: Sequence[Condition] = (),
        document_ids: tuple[str, ...] | None = None,
        kind: Literal["chunk", "document"] = "chunk",
        depth: int = 100,
    ) -> list[IndexHit]:
        """The hits of one search; the owner asks where `access` is None."""
        filters = tuple(FieldFilter(*condition) for condition in fields)
        return index.search(IndexQuery(Where(access, filters, document_ids, kind), tokens, vector, depth))

    def ids_of(
        self,
        index: Index,
        *,
        tokens: tuple[str, ...],
        access: tuple[str, ...] | None = None,
        fields: Sequence[Condition] = (),
    ) -> set[int]:
        """The ids that the words leg finds."""
        return {hit.id for hit in self.find(index, tokens=tokens, access=access, fields=fields)}

    def alike(self, left: Mapping[int, float], right: Mapping[int, float]) -> bool:
        """Whether two mappings id -> score agree to five digits."""
        return left.keys() == right.keys() and all(math.isclose(left[k], right[k], rel_tol=1e-5) for k in left)
