"""Small documents, a clock that is set by hand, and open catalogues for the tests of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from assay.store.catalogue import SqlCatalogue
from assay.types import EMPTY, AccessList, Chunk, Document, Matrix, StagedDocument

DIMENSIONS = 8


class SetClock:
    """Stands still until it is told to move on."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def rows(seed: str, count: int) -> Matrix:
    """Unit rows that depend on `seed` alone."""
    number = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogatepass")).digest()[:8], "big")
    drawn = np.random.default_rng(number).normal(size=(count, DIMENSIONS)).astype(np.float32)
    unit: Matrix = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


def staged(
    key: str,
    text: str = "One sentence. Another sentence. A third one.",
    *,
    pieces: int = 3,
    readers: tuple[str, ...] = (),
    title: str = "",
    metadata: Mapping[str, Any] = EMPTY,
    source_file: str = "notes.txt",
) -> StagedDocument:
    """A document cut into at most `pieces` equal chunks."""
    size = max(1, -(-len(text) // pieces))
    starts = range(0, len(text), size)
    chunks = tuple(
        Chunk(key, i, start, min(start + size, len(text)), text[start : start + size], ("Part", str(i)))
        for i, start in enumerate(starts)
    )
    drawn = rows(key + text, len(chunks) + 1)
    return StagedDocument(
        document=Document(
            id=key,
            title=title or f"Title of {key}",
            text=text,
            source=f"file:{source_file}",
            metadata=metadata,
            access=AccessList(readers),
        ),
        chunks=chunks,
        vectors=drawn[:-1],
        head_vector=drawn[-1],
        content_hash=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        source_file=source_file,
    )


def put(catalogue: SqlCatalogue, *documents: StagedDocument) -> list[int]:
    """Stage and publish; returns the version ids."""
    versions = catalogue.stage(documents)
    catalogue.publish(versions)
    return versions
