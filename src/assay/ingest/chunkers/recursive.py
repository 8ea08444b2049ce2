"""The recursive chunker: paragraphs, else sentences, else words. For text without sections."""

from __future__ import annotations

from assay.errors import ConfigError
from assay.ingest.chunkers.base import Prices, atoms_of, chunks_of
from assay.ingest.chunkers.outline import outline
from assay.ingest.chunkers.packing import Sizes
from assay.types import Chunk, Document


class RecursiveChunker:
    """Chunks of about `target` characters, cut between paragraphs where it can, else sentences, else words.

    Up to `overlap` characters before a chunk are repeated in it, from the beginning of a word. It does not keep
    sections together, nor a heading, code block or table with the text that leads to it.
    """

    name = "recursive"
    preserves = ("code blocks up to the limit", "table rows up to the limit", "sentences up to the limit", "words")

    def __init__(self, target: int = 800, overlap: int = 0) -> None:
        if not 0 <= overlap <= target // 2:
            raise ConfigError(
                f"An overlap of {overlap} characters does not go with chunks of {target}",
                next="Choose an overlap from 0 to half the target",
            )
        self.sizes = Sizes.around(target)
        self.overlap = overlap
        self.version = f"recursive-1/{target}/{overlap}"

    def chunk(self, document: Document) -> list[Chunk]:
        """The chunks of `document`, in order."""
        placed = outline(document)
        prices = Prices(section=0.0, label=0.0, clause=0.0)
        atoms = atoms_of(document.text, placed, self.sizes, prices, atomic_code=False)
        return chunks_of(document, placed, atoms, self.sizes, overlap=self.overlap)
