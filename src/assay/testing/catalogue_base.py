"""Staged documents with known text, and the helpers that the parts of `CatalogueContract` share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from assay.ports import Catalogue
from assay.testing.contract import Contract
from assay.types import (
    EMPTY,
    OWNER,
    AccessList,
    Block,
    Chunk,
    Document,
    IndexPoint,
    Matrix,
    Principal,
    StagedDocument,
    freeze,
)

DIMENSIONS = 16
ANN = Principal("ann")
BOB = Principal("bob", groups=("lab", "board"))
STRANGER = Principal("stranger")


def staged(
    key: str,
    paragraphs: Sequence[str] = ("The buyer may cancel.", "The seller must deliver."),
    *,
    title: str = "",
    readers: tuple[str, ...] = ("public",),
    metadata: Mapping[str, Any] = EMPTY,
    source_file: str = "",
    warnings: tuple[str, ...] = (),
) -> StagedDocument:
    """A document ready to be staged: one chunk a paragraph, vectors that depend on the text alone."""
    text = "\n\n".join(paragraphs)
    document = Document(
        id=key,
        title=title or f"Title of {key}",
        text=text,
        source=f"folder/{key}.md",
        format="markdown",
        metadata=freeze(metadata),
        access=AccessList(readers),
        blocks=(Block("prose", 0, len(text)),),
        warnings=warnings,
    )
    rows = [vector_of(paragraph) for paragraph in paragraphs]
    return StagedDocument(
        document=document,
        chunks=tuple(_chunks(key, paragraphs)),
        vectors=np.stack(rows),
        head_vector=vector_of(text),
        content_hash=hashlib.sha256(f"{title}{text}{readers}{metadata}".encode()).hexdigest(),
        source_file=source_file or document.source,
    )


def vector_of(text: str) -> Matrix:
    """A unit vector that depends on the text alone."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    values = np.random.default_rng(seed).normal(size=DIMENSIONS)
    return np.asarray(values / np.linalg.norm(values), np.float32)


def _chunks(key: str, paragraphs: Sequence[str]) -> list[Chunk]:
    made: list[Chunk] = []
    start = 0
    for ordinal, paragraph in enumerate(paragraphs):
        end = start + len(paragraph)
        made.append(Chunk(key, ordinal, start, end, paragraph, ("Part", f"Section {ordinal}")))
        start = end + 2
    return made


class CatalogueBase(Contract):
    """The factory and the helpers."""

    dimensions: ClassVar[int] = DIMENSIONS

    def make_catalogue(self, folder: Path) -> Catalogue:
        """The catalogue in `folder`: opened where there is one, made where there is none."""
        raise NotImplementedError("override make_catalogue")

    def catalogue(self, *documents: StagedDocument) -> Catalogue:
        """A catalogue in the test's folder in which `documents` are live; closed after the test."""
        made = self.opened(self.make_catalogue(self.folder))
        if documents:
            made.publish(made.stage(documents))
        return made

    def reopened(self, catalogue: Catalogue) -> Catalogue:
        """The same catalogue after closing and opening."""
        catalogue.close()
        return self.opened(self.make_catalogue(self.folder))

    def points_of(self, catalogue: Catalogue, document_id: str) -> dict[int, IndexPoint]:
        """The points of a document, live and staged."""
        return {point.id: point for point in catalogue.points() if point.document_id == document_id}

    def chunk_ids(self, catalogue: Catalogue, document_id: str) -> list[int]:
        """The ids of a document's chunks, live and staged, in order."""
        points = self.points_of(catalogue, document_id).values()
        return sorted(point.id for point in points if point.kind == "chunk")

    def texts(self, catalogue: Catalogue, ids: Sequence[int], principal: Principal = OWNER) -> list[str]:
        """The texts of the chunks served for `ids`, in the order of the document."""
        served = catalogue.chunks(ids, principal).values()
        return [chunk.text for chunk, _ in sorted(served, key=lambda pair: (pair[1].id, pair[0].ordinal))]

    def replayed(self, catalogue: Catalogue) -> set[int]:
        """The ids that an empty index holds after every entry of the outbox was carried to it, in order."""
        held: set[int] = set()
        for entry in catalogue.outbox(limit=100_000):
            held = (held | set(entry.upserts)) - set(entry.deletes)
        return held
