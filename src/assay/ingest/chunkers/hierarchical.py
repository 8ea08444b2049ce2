"""The hierarchical chunker: sections first, code blocks and table rows whole, with the sentence that leads to them."""

from __future__ import annotations

from collections.abc import Sequence

from assay.ingest.chunkers.base import Prices, atoms_of, chunks_of, keep_groups
from assay.ingest.chunkers.outline import Placed, outline
from assay.ingest.chunkers.packing import Atom, Sizes
from assay.types import Chunk, Document

_PRICES = Prices()


class HierarchicalChunker:
    """Chunks that follow the headings. A code block is never cut; one beyond the limit is a chunk of its own.

    A code block or the first row of a table stays with the sentence before it where both fit together.
    """

    name = "hierarchical"
    preserves = (
        "code blocks, whatever their length",
        "table rows up to the limit",
        "a lead-in sentence with its code block or table, where both fit the limit",
        "sections that fit",
        "headings with the text below them",
        "sentences up to the limit",
        "words",
    )

    def __init__(self, target: int = 850) -> None:
        self.sizes = Sizes.around(target)
        self.version = f"hierarchical-1/{target}"

    def chunk(self, document: Document) -> list[Chunk]:
        """The chunks of `document`, in order."""
        placed = outline(document)
        atoms = atoms_of(document.text, placed, self.sizes, _PRICES, atomic_code=True)
        atoms = keep_groups(atoms, placed, self.sizes, _PRICES)
        return chunks_of(document, placed, _with_lead(atoms, placed, self.sizes), self.sizes)


def _with_lead(atoms: Sequence[Atom], placed: Sequence[Placed], sizes: Sizes) -> list[Atom]:
    """Atoms with a code block, or a table's first row, joined to the sentence before it where both fit the limit."""
    joined: list[Atom] = []
    for atom in atoms:
        if joined and _leads(placed[joined[-1].unit], joined[-1], placed[atom.unit]):
            former = joined[-1]
            if atom.end - former.start <= sizes.limit:
                joined[-1] = former._replace(end=atom.end)
                continue
        joined.append(atom)
    return joined


def _leads(former: Placed, atom: Atom, place: Placed) -> bool:
    """Whether the atom is the last sentence of a paragraph or item, and code or a row comes next."""
    last = atom.end == former.unit.end and former.unit.kind in ("prose", "item")
    return last and place.unit.kind in ("code", "row")
