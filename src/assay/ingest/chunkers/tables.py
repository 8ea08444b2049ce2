"""Tables kept whole among the atoms of a document, with the sentence that leads to them.

A table written in characters is wide because its columns are padded; what counts is what is left without the padding.
It knows nothing of a table's meaning and cuts nothing itself.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from assay.ingest.chunkers.outline import Placed
from assay.ingest.chunkers.packing import Atom, Sizes
from assay.types import Document

_PADDING = re.compile(r"\s{2,}|([-=_~+|.])\1{2,}")


def read_length(text: str, start: int, end: int) -> int:
    """Characters of text[start:end], a run of white space or of one rule mark counting as one."""
    return end - start - sum(run.end() - run.start() - 1 for run in _PADDING.finditer(text, start, end))


def whole_tables(
    atoms: Sequence[Atom], placed: Sequence[Placed], document: Document, sizes: Sizes, lead: int
) -> list[Atom]:
    """The atoms with those of each table joined where it fits `sizes.limit` by `read_length`.

    The end of the paragraph before it (up to `lead` characters) goes along where both fit; so do headings before a
    table that is too wide to share a chunk.
    """
    result = list(atoms)
    starts = [atom.start for atom in result]
    for block in reversed([block for block in document.blocks if block.kind == "table"]):
        first = bisect.bisect_left(starts, block.start)
        stop = bisect.bisect_left(starts, min(block.end, len(document.text)))
        if stop - first < 2 or result[stop - 1].end > block.end:
            continue
        if read_length(document.text, result[first].start, result[stop - 1].end) <= sizes.limit:
            first = _with_lead(result, first, stop, placed, document.text, sizes, lead)
            result[first:stop] = [result[first]._replace(end=result[stop - 1].end)]
            starts[first:stop] = [starts[first]]
    return result


def _with_lead(
    atoms: Sequence[Atom], first: int, stop: int, placed: Sequence[Placed], text: str, sizes: Sizes, lead: int
) -> int:
    """The atom that the joined table begins with: the table's own, its lead-in's, or that of a heading above."""
    end = atoms[stop - 1].end
    if first and _leads(placed[atoms[first - 1].unit], atoms[first - 1], lead):
        first -= read_length(text, atoms[first - 1].start, end) <= sizes.limit
    while first and end - atoms[first].start > sizes.limit and placed[atoms[first - 1].unit].unit.kind == "heading":
        first -= 1
    return first


def _leads(before: Placed, atom: Atom, lead: int) -> bool:
    """Whether the atom is the short end of a paragraph or item."""
    ends = atom.end == before.unit.end and before.unit.kind in ("prose", "item")
    return ends and atom.end - atom.start <= lead
