"""The semantic chunker: sections and clauses first; in longer ones, cuts where the topic shifts.

Topic shifts are measured by lexical cohesion (after TextTiling: Hearst, Computational Linguistics 23(1), 1997): how
many word stems the sentences before and after a seam share. No model is needed, and it is deterministic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.ingest.chunkers.base import Prices, atoms_of, chunks_of, keep_groups
from assay.ingest.chunkers.outline import outline
from assay.ingest.chunkers.packing import Atom, Sizes
from assay.types import Chunk, Document

COHESION_WEIGHT = 0.6
NEIGHBOURS = 2
_PRICES = Prices()
_WORD = re.compile(r"[^\W\d_]{4,}")
_STEM = 6


class SemanticChunker:
    """Chunks that keep sections, clauses and labelled parts (IMRaD) together where they fit, and never cut a sentence
    that fits; longer ones are cut where neighbouring sentences share the fewest words."""

    name = "semantic"
    preserves = (
        "sections, legal clauses and labelled parts such as METHODS that fit",
        "headings with the text below them",
        "code blocks up to the limit",
        "table rows up to the limit",
        "sentences up to the limit",
        "words",
    )

    def __init__(self, target: int = 850) -> None:
        self.sizes = Sizes.around(target)
        self.version = f"semantic-1/{target}"

    def chunk(self, document: Document) -> list[Chunk]:
        """The chunks of `document`, in order."""
        placed = outline(document)
        atoms = atoms_of(document.text, placed, self.sizes, _PRICES, atomic_code=False)
        atoms = _priced_by_cohesion(document.text, keep_groups(atoms, placed, self.sizes, _PRICES))
        return chunks_of(document, placed, atoms, self.sizes)


def cohesion(before: Sequence[frozenset[str]], after: Sequence[frozenset[str]]) -> float:
    """How much the words of two groups of sentences overlap: |A and B| / min(|A|, |B|), 0 where one has none."""
    left: frozenset[str] = frozenset().union(*before)
    right: frozenset[str] = frozenset().union(*after)
    smaller = min(len(left), len(right))
    return len(left & right) / smaller if smaller else 0.0


def _priced_by_cohesion(text: str, atoms: Sequence[Atom]) -> list[Atom]:
    stems = [_stems(text[atom.start : atom.end]) for atom in atoms]
    priced: list[Atom] = []
    for index, atom in enumerate(atoms):
        shared = cohesion(stems[max(0, index - NEIGHBOURS) : index], stems[index : index + NEIGHBOURS])
        priced.append(atom._replace(price=atom.price + COHESION_WEIGHT * shared))
    return priced


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text.lower()))
