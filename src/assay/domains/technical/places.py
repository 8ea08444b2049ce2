"""Where a document describes which symbol: a span of text for each described object, module, operation or section.

The innermost place around a passage says what the passage is about. Structure is read from directives (Sphinx),
headings, operations of an API description, and definitions of source code. Names are qualified by the module and
classes around them; where nothing names a module, they stay as written.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from assay.domains.technical.places_rst import rst_places
from assay.domains.technical.symbols import normal
from assay.types import Block, Document

RST = frozenset({"rst", "restructuredtext", "rest"})
_DIRECT = re.compile(r"^(?:class|def|func|function|method|interface|property|module|staticmethod|exception)\s+")
_MKDOCSTRINGS = re.compile(r"^:::\s+([\w.]+)[ \t]*$", re.MULTILINE)
_CALL = re.compile(r"`([^`]+)`|([A-Za-z_][\w.]*\([^)]*\))")


class Place(NamedTuple):
    """text[start:end] describes `names` (several where they share one signature block; `shared`: names
    described before it, whose description this is too). `kind`: module, class, function,
    method, data, option, operation, section (a heading that names no symbol) ... `head` is where the name stands."""

    start: int
    end: int
    names: tuple[str, ...]
    kind: str
    head: tuple[int, int]
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one document, outer before inner."""

    items: tuple[Place, ...]

    def around(self, offset: int) -> list[Place]:
        """The places that hold `offset`, outermost first."""
        stop = bisect.bisect_right(self.items, offset, key=lambda place: place.start)
        return [place for place in self.items[:stop] if place.end > offset]

    def symbols(self) -> Iterator[Place]:
        """The places that describe a symbol."""
        return (place for place in self.items if place.names)


def places_of(document: Document) -> Places:
    """The places of `document`, by its format."""
    if document.format in RST:
        found = [Place(*item) for item in rst_places(document.text)]
    elif document.format.startswith(("openapi", "swagger")):
        found = _operations(document)
    elif any(block.kind == "heading" for block in document.blocks) or document.format in ("markdown", "md", "html"):
        found = _headings(document)
    else:
        found = _definitions(document)
    return Places(tuple(sorted(found, key=lambda place: (place.start, -place.end))))


def _operations(document: Document) -> list[Place]:
    named = [block for block in document.blocks if normal(block.label) and " " in normal(block.label)]
    if named and named[0].kind == "heading":
        return _by_headings(document, lambda block: _operation_name(block))
    return [Place(b.start, b.end, (normal(b.label),), "operation", (b.start, b.start)) for b in named]


def _operation_name(block: Block) -> tuple[str, ...]:
    name = normal(block.label)
    return (name,) if " " in name else ()


def _headings(document: Document) -> list[Place]:
    found = _by_headings(document, _heading_names)
    title = _title_symbol(document.title)
    if title and not (found and found[0].names):
        found.insert(0, Place(0, len(document.text), (title,), "object", (0, 0)))
    for match in _MKDOCSTRINGS.finditer(document.text):
        found.append(Place(match.start(), match.end(), (match[1],), "object", match.span(1)))
    return found


def _by_headings(document: Document, names: Callable[[Block], tuple[str, ...]]) -> list[Place]:
    headings = [block for block in document.blocks if block.kind == "heading"]
    ends = _section_ends(headings, len(document.text))
    return [
        Place(block.start, end, names(block), "object" if names(block) else "section", (block.start, block.end))
        for block, end in zip(headings, ends, strict=True)
    ]


def _section_ends(headings: Sequence[Block], size: int) -> list[int]:
    ends = [size] * len(headings)
    still: list[int] = []
    for index, block in enumerate(headings):
        while still and headings[still[-1]].level >= block.level:
            ends[still.pop()] = block.start
        still.append(index)
    return ends


def _heading_names(block: Block) -> tuple[str, ...]:
    """What a heading names: code in it, a call, or a dotted or underscored name that is the whole heading."""
    label = _DIRECT.sub("", block.label.strip())
    found = [normal(one or other) for one, other in _CALL.findall(label)]
    found = [name for name in found if name]
    if found:
        return tuple(dict.fromkeys(found))
    symbol = _title_symbol(label)
    return (symbol,) if symbol else ()


def _title_symbol(title: str) -> str:
    name = normal(_DIRECT.sub("", title.strip()))
    looks = name and ("." in name or "_" in name or " " in name or title.strip().endswith(")"))
    return name if looks else ""


def _definitions(document: Document) -> list[Place]:
    """Source code: the blocks that the reader labelled with the names of what they define."""
    stem = re.sub(r"\.\w+$", "", document.title)
    module = stem if re.fullmatch(r"[A-Za-z_]\w*", stem) and document.format == "python" else ""
    found = []
    for block in document.blocks:
        name = normal(block.label) if block.kind == "code" else ""
        if name and " " not in name:
            names = (f"{module}.{name}",) if module else (name,)
            found.append(Place(block.start, block.end, names, "definition", (block.start, block.start)))
    return found
