"""Passages, questions and results with known content, for contracts and for users' own tests of writers and packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.types import EMPTY, OWNER, Chunk, DocumentInfo, Passage, Question, freeze


def document_info(
    key: str = "document",
    text: str = "",
    *,
    title: str | None = None,
    metadata: Mapping[str, Any] = EMPTY,
    format: str = "text",
    warnings: tuple[str, ...] = (),
) -> DocumentInfo:
    """What a catalogue would tell of a live document with this text."""
    return DocumentInfo(
        id=key,
        title=f"Title of {key}" if title is None else title,
        source=f"{key}.{format}",
        format=format,
        version=1,
        content_hash="0" * 64,
        characters=len(text),
        chunks=1,
        added_at="2026-01-31T09:30:00.000000Z",
        metadata=freeze(metadata),
        warnings=warnings,
    )


def passages_of(*texts: str, metadata: Mapping[str, Any] = EMPTY) -> list[Passage]:
    """One passage a text, each a whole document of its own, ranked in the order given."""
    found: list[Passage] = []
    for rank, text in enumerate(texts, 1):
        key = f"document-{rank}"
        chunk = Chunk(key, 0, 0, len(text), text, ("Part",), id=rank)
        info = document_info(key, text, metadata=metadata)
        found.append(Passage(chunk, info, rank, 1.0 / rank))
    return found


def question(text: str) -> Question:
    """The owner's question."""
    return Question(text, OWNER)
