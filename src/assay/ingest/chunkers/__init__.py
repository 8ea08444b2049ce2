"""Chunkers by name. Each satisfies `assay.ports.Chunker` and says in `preserves` what it keeps whole."""

from __future__ import annotations

from assay.errors import ConfigError
from assay.ingest.chunkers.hierarchical import HierarchicalChunker
from assay.ingest.chunkers.recursive import RecursiveChunker
from assay.ingest.chunkers.semantic import SemanticChunker
from assay.ports import Chunker

__all__ = ["STRATEGIES", "HierarchicalChunker", "RecursiveChunker", "SemanticChunker", "chunker_for"]

STRATEGIES = ("hierarchical", "recursive", "semantic")


def chunker_for(strategy: str, *, target: int = 850, overlap: int = 0) -> Chunker:
    """The chunker of that name for chunks of about `target` characters; `overlap` counts for the recursive one alone.

    Raises ConfigError for an unknown name.
    """
    if strategy == "recursive":
        return RecursiveChunker(target, overlap)
    if strategy == "semantic":
        return SemanticChunker(target)
    if strategy == "hierarchical":
        return HierarchicalChunker(target)
    raise ConfigError(f"There is no chunk strategy {strategy!r}", next=f"Choose one of: {', '.join(STRATEGIES)}")
