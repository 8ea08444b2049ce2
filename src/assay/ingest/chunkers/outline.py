"""The outline of a document as chunkers see it: its units in order, each with the headings above it.

What the reader knew (blocks) comes first; the gaps between its headings, code blocks and rows are read as plain text.
Where a document has no heading blocks, headings are taken from the text itself (Markdown, underlined, capitals, labels
such as "METHODS:"). Blocks that overlap or lie outside the text are clipped or left out: a bad block loses no text.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from assay.textual.splitting import CAPITALS_LEVEL, Unit, heading_text, layout, outline_style, trim
from assay.types import Block, Document

CRUMB_WIDTH = 120
CLAUSE_DEPTH = 20
PARAGRAPH_DEPTH = 60
_OPERATION = re.compile(r"[A-Z]{3,7} /")
_WHOLE = frozenset({"heading", "code", "row", "caption", "field"})
_SEAMS = frozenset({"prose", "list", "quote", "table"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit with its place: the headings above it, and the depth of the group it opens (0: it opens none).

    Depths: headings and labels 1 to 19, clauses from 20 on, a plain paragraph 60. Smaller is further out.
    """

    unit: Unit
    crumbs: tuple[str, ...]
    depth: int

    def _replaced(self, crumbs: tuple[str, ...]) -> "Placed":
        return Placed(self.unit, crumbs, self.depth) if crumbs else self


def outline(document: Document, *, definitions: bool = False) -> list[Placed]:
    """Every unit of the document in order; together they hold every character that is not white space.

    With `definitions`, the names of code blocks stand for headings in a document that has none: source code and API
    descriptions ("Parser.parse" gives "Parser" > "parse", "GET /users" stays whole).
    """
    units = list(_units(document))
    own = any(block.kind == "heading" for block in document.blocks)
    placed = list(_placed(document, units, own_headings=own))
    if not definitions or own:
        return placed
    return _named(document, placed)


def _named(document: Document, placed: list[Placed]) -> list[Placed]:
    """The units with the names of code blocks as crumbs; the path above an operation goes with the operation."""
    blocks = [block for block in document.blocks if block.kind == "code" and block.label]
    names = {trim(document.text, block.start, min(block.end, len(document.text)))[0]: block.label for block in blocks}
    result: list[Placed] = []
    below: tuple[str, ...] = ()
    for place in reversed(placed):
        label = names.get(place.unit.start, "")
        crumbs = _definition_crumbs(label) if place.unit.kind == "code" else below
        below = crumbs if _OPERATION.match(label) else () if place.unit.kind == "code" else below
        result.append(place._replaced(crumbs))
    return result[::-1]


def groups(depths: Iterable[int]) -> list[int]:
    """For each position the end (exclusive) of the group that opens there: up to the next one not deeper than it."""
    listed = list(depths)
    ends = [len(listed)] * len(listed)
    open_groups: list[int] = []
    for index, depth in enumerate(listed):
        while open_groups and listed[open_groups[-1]] >= depth:
            ends[open_groups.pop()] = index
        open_groups.append(index)
    return ends


# --- units ------------------------------------------------------------------------------------------------------


def _units(document: Document) -> Iterator[Unit]:
    text = document.text
    position = 0
    seams = _seams(document)
    for block in _whole_blocks(document):
        yield from _gap(text, position, block.start, seams, _inferred(document))
        yield from _whole(text, block)
        position = block.end
    yield from _gap(text, position, len(text), seams, _inferred(document))


def _inferred(document: Document) -> bool:
    return not any(block.kind == "heading" for block in document.blocks)


def _whole_blocks(document: Document) -> list[Block]:
    """Blocks that are one unit each, clipped to the text, without those that begin inside an earlier one."""
    size = len(document.text)
    chosen: list[Block] = []
    end = 0
    for block in sorted(document.blocks, key=lambda b: (b.start, -b.end)):
        if block.kind in _WHOLE and end <= block.start < min(block.end, size):
            chosen.append(block)
            end = min(block.end, size)
    return chosen


def _whole(text: str, block: Block) -> Iterator[Unit]:
    start, end = trim(text, block.start, min(block.end, len(text)))
    if start == end:
        return
    if block.kind == "heading":
        yield Unit(start, end, "heading", max(1, block.level), _crumb(block.label or heading_text(text[start:end])))
    elif block.kind == "code":
        yield Unit(start, end, "code")
    elif block.kind == "row":
        yield Unit(start, end, "row")
    else:
        yield Unit(start, end, "item")


def _seams(document: Document) -> list[int]:
    """Where a paragraph, list, quotation or table begins or ends, in order: a unit never runs across one."""
    size = len(document.text)
    places = {place for b in document.blocks if b.kind in _SEAMS for place in (b.start, b.end) if 0 < place < size}
    return sorted(places)


def _gap(text: str, start: int, end: int, seams: list[int], inferred: bool) -> Iterator[Unit]:
    low, high = bisect.bisect_right(seams, start), bisect.bisect_left(seams, end)
    for left, right in pairwise([start, *seams[low:high], end]):
        for unit in layout(text, left, right) if left < right else ():
            if unit.kind == "heading" and not inferred:
                unit = unit._replace(kind="prose", level=0, label="")
            yield unit


# --- places -----------------------------------------------------------------------------------------------------


def _placed(document: Document, units: list[Unit], *, own_headings: bool) -> Iterator[Placed]:
    headings: list[tuple[int, str]] = []
    styles: list[str] = []
    title = " ".join(document.title.split()).casefold()
    closes = _CapitalsClose()
    for unit in units:
        depth = 0
        if unit.level and (unit.kind == "heading" or not own_headings or unit.label):
            depth = unit.level
            while headings and headings[-1][0] >= unit.level:
                headings.pop()
            headings.append((unit.level, _crumb(unit.label)))
            styles = []
        elif unit.kind in ("item", "prose"):
            depth = _clause_depth(document.text, unit, styles)
        if closes.after(unit, depth) and not own_headings and headings:
            headings.pop()
        crumbs = tuple(label for _, label in headings if label)
        if crumbs and crumbs[0].casefold() == title:
            crumbs = crumbs[1:]
        yield Placed(unit, crumbs, depth or PARAGRAPH_DEPTH)


@dataclass
class _CapitalsClose:
    """Tells where a heading seen only by its capitals ends: at the first clause, if prose came before that.

    "RECITALS" holds for the paragraphs below it, not for clauses 1, 2, 3; "FEES" right above clause 1 holds for them.
    """

    open: bool = False
    prose: bool = False

    def after(self, unit: Unit, depth: int) -> bool:
        if unit.kind == "heading":
            self.open, self.prose = unit.level == CAPITALS_LEVEL and unit.label.isupper(), False
        elif unit.kind == "prose":
            self.prose = True
        elif self.open and self.prose and depth == CLAUSE_DEPTH + 1:
            self.open = False
            return True
        return False


def _clause_depth(text: str, unit: Unit, styles: list[str]) -> int:
    """The depth of a numbered clause among those before it; 0 for a unit that is not numbered."""
    style = outline_style(text[unit.start : min(unit.end, unit.start + 40)]) if unit.kind == "item" else ""
    if not style:
        return 0
    if style == "round-roman" and "round-roman" not in styles and styles[-1:] == ["round-small"]:
        style = _letter_or_roman(text, unit)
    if style in styles:
        del styles[styles.index(style) + 1 :]
    else:
        styles.append(style)
    return CLAUSE_DEPTH + len(styles)


def _letter_or_roman(text: str, unit: Unit) -> str:
    """ "(i)" opens a deeper list where it is the first; "(v)" or "(x)" without one before is a letter."""
    return "round-roman" if text[unit.start : unit.start + 3] == "(i)" else "round-small"


def _definition_crumbs(name: str) -> tuple[str, ...]:
    """The path of a definition; an operation is one step, and the path of an included file is none."""
    if "/" in name:
        return (_crumb(name),) if _OPERATION.match(name) else ()
    return tuple(_crumb(part) for part in name.split(".") if part)


def _crumb(words: str) -> str:
    short = " ".join(words.split())
    return short if len(short) <= CRUMB_WIDTH else short[: CRUMB_WIDTH - 1].rstrip() + "…"
