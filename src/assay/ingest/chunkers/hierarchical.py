"""The hierarchical chunker: sections first, code blocks and table rows whole, with the sentence that leads to them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from assay.ingest.chunkers.base import Prices, atoms_of, chunks_of, keep_groups
from assay.ingest.chunkers.hierarchical_units import operation_starts
from assay.ingest.chunkers.outline import Placed, outline
from assay.ingest.chunkers.packing import Atom, Sizes
from assay.ingest.chunkers.tables import whole_tables
from assay.types import Chunk, Document

LONGEST_LEAD = 300
"""A lead-in sentence or heading up to this length stays with its code even where both exceed the limit."""
_PRICES = Prices()


class HierarchicalChunker:
    """Chunks that follow the headings. A code block is never cut; one beyond the limit is a chunk of its own, with
    the heading and the sentence that lead to it.

    A table that fits the limit without the padding of its columns is not cut either, and keeps the sentence before it;
    of a longer one the first row does, where both fit. Each operation of an API description
    begins a chunk, and no chunk holds two. In source code the names of definitions stand for headings.
    """

    name = "hierarchical"
    preserves = (
        "code blocks, whatever their length",
        "tables that fit the limit without their padding; of longer ones, rows up to the limit",
        f"a lead-in sentence of up to {LONGEST_LEAD} characters with its code block",
        "a lead-in sentence with its table, where both fit the limit",
        "one operation of an API description a chunk",
        "sections that fit",
        "headings with the text below them",
        "sentences up to the limit",
        "words",
    )

    def __init__(self, target: int = 850) -> None:
        self.sizes = Sizes.around(target)
        self.version = f"hierarchical-3/{target}"

    def chunk(self, document: Document) -> list[Chunk]:
        """The chunks of `document`, in order."""
        placed = outline(document, definitions=True)
        atoms = atoms_of(document.text, placed, self.sizes, _PRICES, atomic_code=True)
        atoms = keep_groups(atoms, placed, self.sizes, _PRICES)
        atoms = whole_tables(atoms, placed, document, self.sizes, LONGEST_LEAD)
        atoms = _with_lead(atoms, placed, self.sizes)
        chunks: list[Chunk] = []
        for part in _parts(atoms, operation_starts(document, placed)):
            first = len(chunks)
            found = chunks_of(document, placed, part, self.sizes)
            chunks += [dataclasses.replace(chunk, ordinal=first + chunk.ordinal) for chunk in found] if first else found
        return chunks


def _parts(atoms: Sequence[Atom], starts: frozenset[int]) -> list[Sequence[Atom]]:
    """The atoms in groups that are packed apart: a new one at the first atom of each unit in `starts`."""
    cuts = [0]
    for index, atom in enumerate(atoms):
        if index and atom.unit in starts and atoms[index - 1].unit != atom.unit:
            cuts.append(index)
    return [atoms[first:last] for first, last in zip(cuts, [*cuts[1:], len(atoms)], strict=True) if last > first]


def _with_lead(atoms: Sequence[Atom], placed: Sequence[Placed], sizes: Sizes) -> list[Atom]:
    """Atoms with a code block, or a table's first row, joined to the sentence before it, and what is then too long
    for any neighbour joined to its heading.

    A row is joined where both fit the limit; a code block always, where the sentence is short.
    """
    joined: list[Atom] = []
    for atom in atoms:
        while joined and _belongs(joined[-1], atom, placed, sizes):
            former = joined.pop()
            atom = former._replace(end=atom.end)
        joined.append(atom)
    return joined


def _belongs(former: Atom, atom: Atom, placed: Sequence[Placed], sizes: Sizes) -> bool:
    before, place = placed[former.unit], placed[_last_unit(atom, placed)]
    fits = atom.end - former.start <= sizes.limit
    if place.unit.kind not in ("code", "row"):
        return False
    if before.unit.kind == "heading":
        short = former.end - former.start <= LONGEST_LEAD
        return not fits and short and atom.end - atom.start > LONGEST_LEAD
    if not _leads(before, former) or placed[atom.unit].unit.kind not in ("code", "row"):
        return False
    return fits or (place.unit.kind == "code" and former.end - former.start <= LONGEST_LEAD)


def _last_unit(atom: Atom, placed: Sequence[Placed]) -> int:
    """The unit that an atom ends in; an atom that was joined began in an earlier one."""
    number = atom.unit
    while number + 1 < len(placed) and placed[number + 1].unit.start < atom.end:
        number += 1
    return number


def _leads(former: Placed, atom: Atom) -> bool:
    """Whether the atom is the last sentence of a paragraph or item."""
    return atom.end == former.unit.end and former.unit.kind in ("prose", "item")
