"""The shipped chunkers keep the contract, with their usual sizes and with small and large ones."""

from __future__ import annotations

from assay.ingest.chunkers import chunker_for
from assay.ports import Chunker
from assay.testing import ChunkerContract


class TestRecursiveChunker(ChunkerContract):
    def make_chunker(self) -> Chunker:
        return chunker_for("recursive")


class TestRecursiveChunkerWithOverlap(ChunkerContract):
    def make_chunker(self) -> Chunker:
        return chunker_for("recursive", target=400, overlap=120)


class TestSemanticChunker(ChunkerContract):
    def make_chunker(self) -> Chunker:
        return chunker_for("semantic")


class TestHierarchicalChunker(ChunkerContract):
    def make_chunker(self) -> Chunker:
        return chunker_for("hierarchical")


class TestLargeHierarchicalChunker(ChunkerContract):
    def make_chunker(self) -> Chunker:
        return chunker_for("hierarchical", target=2_400)
