"""The items of a changelog page: list items and paragraphs with their nesting, headings above them, table rows.

Works on the reader's blocks (headings, code, tables) and on indentation; the same for reStructuredText, Markdown and
plain text. It reads no meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from assay.types import Document

_BULLET = re.compile(r"([ \t]*)(?:[-*+•]|\d{1,3}[.)])[ \t]+")
_RULE = re.compile(r"[ \t]*(?:[=\-~^*+|: \t]{4,}|\.\. .*|:\w[\w -]*:(?:\s.*)?)$")


@dataclass(slots=True)
class Item:
    """A list item or paragraph. `spans`: its own text, without that of its children. `headings`: outermost first."""

    indent: int
    start: int
    spans: list[tuple[int, int]]
    headings: tuple[str, ...]
    parent: Item | None = None
    bullet: bool = True
    rows: list[tuple[int, int, list[tuple[int, int]]]] = field(default_factory=list)

    @property
    def end(self) -> int:
        """The end of its own text."""
        return self.spans[-1][1]

    def ancestors(self) -> Iterator[Item]:
        """The items around it, innermost first."""
        item = self.parent
        while item is not None:
            yield item
            item = item.parent


def items_of(document: Document) -> list[Item]:
    """The items of `document` in order."""
    return _Reader(document).read()


@dataclass(slots=True)
class _Reader:
    document: Document
    found: list[Item] = field(default_factory=list)
    stack: list[Item] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    intro: Item | None = None
    open: bool = False

    def read(self) -> list[Item]:
        text = self.document.text
        blocks = [b for b in self.document.blocks if b.kind in ("heading", "code", "table")]
        place = 0
        for block in blocks:
            if block.start < place:
                continue
            self._lines(text, place, block.start)
            if block.kind == "heading":
                self._heading(block.level, block.label)
            elif block.kind == "table":
                self._table(block.start, block.end)
            place = block.end
        self._lines(text, place, len(text))
        return self.found

    def _heading(self, level: int, label: str) -> None:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.headings.append((level, label))
        self.stack, self.intro, self.open = [], None, False

    def _lines(self, text: str, start: int, end: int) -> None:
        self.open = False
        place = start
        while place < end:
            stop = text.find("\n", place, end)
            stop = end if stop < 0 else stop
            line = text[place:stop]
            if not line.strip():
                self.open = False
            elif not _RULE.match(line):
                self._line(line, place, stop)
            place = stop + 1

    def _line(self, line: str, start: int, end: int) -> None:
        bullet = _BULLET.match(line)
        indent = len((bullet[1] if bullet else line[: len(line) - len(line.lstrip())]).expandtabs())
        if bullet:
            self._pop(indent)
            self._add(Item(indent, start + len(bullet[1]), [(start + bullet.end(), end)], self._above()))
        elif self.open and self.found:
            last = self.found[-1]
            last.spans[-1] = (last.spans[-1][0], end)
        else:
            self._paragraph(indent, start + len(line) - len(line.lstrip()), end)

    def _paragraph(self, indent: int, start: int, end: int) -> None:
        """A paragraph inside an item goes on with it; any other is an item of its own, which may introduce a list."""
        self._pop(indent)
        if self.stack and self.stack[-1].indent < indent and self.stack[-1].bullet:
            owner = self.stack[-1]
            if owner is self.found[-1] or not any(item.parent is owner for item in self.found[-40:]):
                owner.spans.append((start, end))
                self.open = owner is self.found[-1]
                return
        self._add(Item(indent, start, [(start, end)], self._above(), bullet=False))

    def _pop(self, indent: int) -> None:
        while self.stack and self.stack[-1].indent >= indent:
            self.stack.pop()

    def _add(self, item: Item) -> None:
        text = self.document.text
        if self.stack:
            item.parent = self.stack[-1]
        elif item.bullet and self.intro and text[slice(*self.intro.spans[-1])].rstrip().endswith(":"):
            item.parent = self.intro
        if not item.bullet and not self.stack:
            self.intro = item
        if item.bullet:
            self.stack.append(item)
        self.found.append(item)
        self.open = True

    def _table(self, start: int, end: int) -> None:
        if not self.found:
            return
        rows = [b for b in self.document.blocks if b.kind == "row" and start <= b.start and b.end <= end]
        cells = [b for b in self.document.blocks if b.kind == "cell" and start <= b.start and b.end <= end]
        for row in rows:
            inside = [(c.start, c.end) for c in cells if row.start <= c.start and c.end <= row.end]
            self.found[-1].rows.append((row.start, row.end, inside))

    def _above(self) -> tuple[str, ...]:
        return tuple(label for _, label in self.headings)
