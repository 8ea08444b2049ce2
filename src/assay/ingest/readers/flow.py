"""Writes extracted text: paragraphs, headings, lists, code, with white space collapsed as a browser would, and
origins kept.

Paragraphs are separated by a blank line. It knows no format; HTML, XML, PDF and DOCX readers drive it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from contextlib import contextmanager

from assay.ingest.readers.markup import Piece
from assay.textual.offsets import TextBuilder, is_exact
from assay.types import Block, BlockKind, OriginSegment

_RUN = re.compile(r"[^ \t\r\n\f]+(?: [^ \t\r\n\f]+)*")
_HOLDS_PROSE = frozenset({"quote", "field"})
_SUPERSCRIPT = re.compile(r"[0-9+\-−–]")


class FlowWriter:
    """Text, blocks and origins of a document in the making. `locator` names the place of what is written next."""

    def __init__(self, origin: str | None = None) -> None:
        self.builder = TextBuilder(origin)
        self.blocks: list[Block] = []
        self.locator = ""
        self._newlines = 2
        self._space: tuple[bool, int] = (False, -1)
        self._prose: int | None = None
        self._quiet = 0
        self._last = ""

    @property
    def length(self) -> int:
        """The number of characters so far."""
        return self.builder.length

    @property
    def last(self) -> str:
        """The last character written, or nothing at the beginning of a line."""
        return "" if self._newlines else self._last

    def inline(self, piece: Piece) -> None:
        """Running text: runs of white space count as one space, none at the beginning of a line."""
        text, start, end = piece
        if end - start != len(text):
            self._derived(piece)
            return
        position = 0
        for match in _RUN.finditer(text):
            first, after = match.span()
            if first > position:
                self._space = (True, start + first - 1 if text[first - 1] == " " else -1)
            self._flush()
            self.builder.copy(match.group(), start + first, self.locator)
            self._last = text[after - 1]
            position = after
        if position < len(text):
            self._space = (True, start + len(text) - 1 if text[-1] == " " else -1)

    def verbatim(self, piece: Piece) -> None:
        """Text with its white space, as in code."""
        text, start, end = piece
        if not text:
            return
        self._flush()
        self.builder.derive(text, start, end, self.locator)
        self._wrote(text)

    def space(self) -> None:
        """White space between words, where the source has an element's edge instead."""
        if not self._space[0]:
            self._space = (True, -1)

    def own(self, text: str) -> None:
        """Text of the reader's own, without an origin."""
        if text:
            self._flush()
            self.builder.add(text)
            self._wrote(text)

    def gap(self, newlines: int = 2) -> None:
        """End the line (1) or the paragraph (2), unless that has been done."""
        self._space = (False, -1)
        if newlines > 1:
            self._end_prose()
        missing = newlines - self._newlines
        if missing > 0:
            self.builder.add("\n" * missing)
            self._newlines = newlines

    @contextmanager
    def block(
        self, kind: BlockKind, *, gap: int = 2, level: int = 0, language: str = "", label: str = ""
    ) -> Iterator[None]:
        """What is written inside becomes one block, set off by `gap` newlines; nothing written, no block."""
        self.gap(gap)
        start, place = self.length, len(self.blocks)
        self._quiet += kind not in _HOLDS_PROSE
        yield
        self._quiet -= kind not in _HOLDS_PROSE
        self._end_prose()
        end = self.length
        end -= min(self._newlines, end - start)
        if end > start:
            self.blocks.insert(place, Block(kind, start, end, level, language, label))
        if gap:
            self.gap(gap)
        else:
            self._space = (False, -1)

    def superscript(self, words: str) -> None:
        """Set a superscript off from what it stands on, so that 10 to the 3rd does not read 103."""
        if (
            self.last
            and (self.last.isalnum() or self.last in ")]")
            and not self._space[0]
            and _SUPERSCRIPT.match(words)
        ):
            self.own("^")

    def finish(self) -> tuple[str, tuple[OriginSegment, ...], tuple[Block, ...]]:
        """The text without line ends at its end, its origin, and its blocks ordered by place, outer before inner."""
        self._end_prose()
        full = self.builder.text()
        text = full.rstrip("\n")
        segments = list(self.builder.segments())
        while segments and segments[-1].end > len(text):
            last = segments.pop()
            if last.start < len(text) and is_exact(last):
                cut = last.end - len(text)
                segments.append(dataclasses.replace(last, end=len(text), origin_end=last.origin_end - cut))
        # A block that ends in line ends of its own (preformatted text) reaches beyond the text that is left.
        clipped = (dataclasses.replace(block, end=min(block.end, len(text))) for block in self.blocks)
        kept = [block for block in clipped if block.start < block.end]
        return text, tuple(segments), tuple(sorted(kept, key=lambda block: (block.start, -block.end)))

    def _derived(self, piece: Piece) -> None:
        text, start, end = piece
        if text in (" ", "\t", "\n", "\r", "\f"):
            self._space = (True, -1)
            return
        self._flush()
        self.builder.derive(text, start, end, self.locator)
        self._wrote(text)

    def _flush(self) -> None:
        if self._prose is None and not self._quiet:
            self._prose = self.length
        pending, at = self._space
        if pending:
            self._space = (False, -1)
            if not self._newlines:
                if at >= 0:
                    self.builder.copy(" ", at, self.locator)
                else:
                    self.builder.add(" ")
        self._newlines = 0

    def _wrote(self, text: str) -> None:
        self._last = text[-1]
        self._newlines = len(text) - len(text.rstrip("\n"))

    def _end_prose(self) -> None:
        if self._prose is not None and self.length - self._newlines > self._prose:
            self.blocks.append(Block("prose", self._prose, self.length - self._newlines))
        self._prose = None
