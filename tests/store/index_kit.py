"""Synthetic points and documents for the tests of the index: reproducible, in any number, with words like prose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from assay.store.edge_search import SearchSettings
from assay.store.edge_settings import IndexSettings
from assay.types import IndexPoint, IndexQuery, StagedDocument, Vector, Where
from tests.store.catalogue_kit import staged

DIMENSIONS = 16
EXPECT = {"fingerprint": "test-8", "tokeniser": "test", "dimensions": 8, "chunker": "test"}
WORDS = [f"word{number}" for number in range(400)]
_SHARES = 1 / np.arange(1, len(WORDS) + 1)


def vector(seed: int, dimensions: int = DIMENSIONS) -> Vector:
    """A unit vector that depends on `seed` alone."""
    drawn = np.random.default_rng(seed).normal(size=dimensions)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


def words(seed: int, count: int = 40) -> tuple[str, ...]:
    """Words as rare as in prose (Zipf)."""
    drawn = np.random.default_rng(seed).choice(len(WORDS), size=count, p=_SHARES / _SHARES.sum())
    return tuple(WORDS[number] for number in drawn)


def point(
    key: int,
    *,
    access: Sequence[str] = ("public",),
    tokens: Sequence[str] | None = None,
    kind: Literal["chunk", "document"] = "chunk",
    seed: int | None = None,
    **fields: object,
) -> IndexPoint:
    """One point; its words and vector depend on `seed` (its id, where none is given)."""
    number = key if seed is None else seed
    return IndexPoint(
        id=key,
        document_id=f"doc-{number // 5}",
        kind=kind,
        vector=vector(number),
        tokens=words(number, 30 + number % 25) if tokens is None else tuple(tokens),
        access=tuple(access),
        fields=fields,
    )


def settings(**search: int) -> IndexSettings:
    """A small index; `search` changes its search settings."""
    return IndexSettings(DIMENSIONS, search=SearchSettings(**search))


def query(number: int, access: tuple[str, ...] | None = None, depth: int = 20) -> IndexQuery:
    """A question near point `number`: some of its words and a vector not far from its own."""
    near = vector(number) + 0.2 * vector(number + 1_000_000)
    return IndexQuery(Where(access), (*words(number, 5), "word0", "word1"), near.astype(np.float32), depth)


def documents(count: int, first: int = 0, text: str = "") -> list[StagedDocument]:
    """Documents `doc-N` of three chunks each (and a head), with text of their own."""
    return [
        staged(f"doc-{number}", text or " ".join(words(number, 60)), readers=("public",) if number % 2 else ())
        for number in range(first, first + count)
    ]
