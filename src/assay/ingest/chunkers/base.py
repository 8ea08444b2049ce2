"""What all chunkers share: atoms from units, prices that keep groups together, and chunks from packed atoms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.ingest.chunkers.outline import CLAUSE_DEPTH, PARAGRAPH_DEPTH, Placed, groups
from assay.ingest.chunkers.packing import Atom, Sizes, join_small, pack
from assay.textual.sentences import unit_sentences
from assay.textual.splitting import Unit, cut, trim
from assay.types import BlockKind, Chunk, Document


@dataclass(frozen=True, slots=True)
class Prices:
    """What a cut costs before a section, a labelled part, a clause, a paragraph, a sentence, a piece of a sentence.

    `inside` is added within a group that fits, `behind_lead` between a heading and what it leads to.
    """

    section: float = -0.8
    label: float = -0.4
    clause: float = -0.1
    paragraph: float = 0.0
    sentence: float = 0.35
    piece: float = 1.0
    inside: float = 3.0
    behind_lead: float = 6.0


def atoms_of(text: str, placed: Sequence[Placed], sizes: Sizes, prices: Prices, *, atomic_code: bool) -> list[Atom]:
    """The atoms of the units in order, priced by the seam before them; only atomic code may exceed the limit."""
    atoms: list[Atom] = []
    for number, place in enumerate(placed):
        price = _seam(place, prices)
        for start, end, inner in _pieces(text, place.unit, sizes, prices, atomic_code=atomic_code):
            atoms.append(Atom(start, end, price if inner is None else inner, number))
    return atoms


def _seam(place: Placed, prices: Prices) -> float:
    if place.depth < CLAUSE_DEPTH:
        return prices.section if place.unit.kind == "heading" else prices.label
    return prices.clause if place.depth < PARAGRAPH_DEPTH else prices.paragraph


def _pieces(
    text: str, unit: Unit, sizes: Sizes, prices: Prices, *, atomic_code: bool
) -> Iterator[tuple[int, int, float | None]]:
    """The pieces of one unit: start, end, and the price of the cut before it (None for the first)."""
    if unit.kind == "code" and atomic_code:
        yield unit.start, unit.end, None
        return
    if unit.kind == "code" and unit.end - unit.start > sizes.limit:
        yield from _lines(text, unit, sizes, prices)
        return
    first = True
    for span in unit_sentences(text, unit):
        whole = span.end - span.start <= sizes.limit
        parts = [(span.start, span.end)] if whole else cut(text, span.start, span.end, sizes.target)
        for index, (start, end) in enumerate(parts):
            yield start, end, None if first else prices.piece if index else prices.sentence
            first = False


def _lines(text: str, unit: Unit, sizes: Sizes, prices: Prices) -> Iterator[tuple[int, int, float | None]]:
    position = unit.start
    first = True
    while position < unit.end:
        newline = text.find("\n", position, unit.end)
        stop = unit.end if newline < 0 else newline + 1
        for start, end in cut(text, position, stop, sizes.target):
            yield start, end, None if first else prices.sentence
            first = False
        position = stop


def keep_groups(atoms: Sequence[Atom], placed: Sequence[Placed], sizes: Sizes, prices: Prices) -> list[Atom]:
    """Atoms with a higher price for every cut inside a section, clause or paragraph that fits, and behind a heading."""
    ends = groups(place.depth for place in placed)
    first_atom: dict[int, int] = {}
    for index, atom in enumerate(atoms):
        first_atom.setdefault(atom.unit, index)
    kept_until = 0
    result: list[Atom] = []
    for index, atom in enumerate(atoms):
        price = atom.price
        opens = first_atom[atom.unit] == index
        if opens and atom.start >= kept_until:
            last = placed[ends[atom.unit] - 1].unit
            kept_until = last.end if last.end - atom.start <= sizes.fit else kept_until
        elif atom.start < kept_until:
            price += prices.inside
        if opens and index and placed[atoms[index - 1].unit].unit.kind == "heading":
            price = max(price, 0.0) + prices.behind_lead
        result.append(atom._replace(price=price))
    return result


def chunks_of(
    document: Document, placed: Sequence[Placed], atoms: Sequence[Atom], sizes: Sizes, *, overlap: int = 0
) -> list[Chunk]:
    """The chunks that packing these atoms gives, each a slice of the document's text."""
    joined = join_small(atoms)
    chunks: list[Chunk] = []
    for first, stop in pack(joined, sizes):
        start = joined[first].start
        end = joined[stop - 1].end
        if overlap and chunks:
            start = _overlapped(document.text, chunks[-1].start, start, min(overlap, sizes.limit - (end - start)))
        members = _members(placed, joined[first].unit, start, end)
        chunk = Chunk(
            document_id=document.id,
            ordinal=len(chunks),
            start=start,
            end=end,
            text=document.text[start:end],
            breadcrumb=_breadcrumb(members),
            kind=_kind(members, start, end),
        )
        chunks.append(chunk)
    return chunks


def _members(placed: Sequence[Placed], first: int, start: int, end: int) -> list[Placed]:
    found: list[Placed] = []
    for number in range(first, len(placed)):
        if placed[number].unit.start >= end:
            break
        if placed[number].unit.end > start:
            found.append(placed[number])
    return found


def _breadcrumb(members: Sequence[Placed]) -> tuple[str, ...]:
    """The headings that hold for the whole chunk: those that its units have in common; headings alone do not count."""
    body = [member.crumbs for member in members if member.unit.kind != "heading"] or [members[-1].crumbs]
    common = body[0]
    for crumbs in body[1:]:
        size = 0
        while size < min(len(common), len(crumbs)) and common[size] == crumbs[size]:
            size += 1
        common = common[:size]
    return common


def _kind(members: Sequence[Placed], start: int, end: int) -> BlockKind:
    """The kind of most of the chunk's characters."""
    weights: dict[BlockKind, int] = {}
    for member in members:
        kind: BlockKind = "list" if member.unit.kind == "item" else member.unit.kind
        weights[kind] = weights.get(kind, 0) + min(member.unit.end, end) - max(member.unit.start, start)
    return max(weights, key=lambda kind: weights[kind])


def _overlapped(text: str, former: int, start: int, characters: int) -> int:
    """A start up to `characters` earlier, at the beginning of a word, never before the former chunk's own start."""
    if characters <= 0:
        return start
    place = max(former + 1, start - characters)
    while place < start and not text[place - 1].isspace():
        place += 1
    return trim(text, place, start)[0] if place < start else start
