"""Splitting primitives: the layout of plain text (headings, items, rows, code, prose) and cuts that keep words whole.

It reads lines, not a format: what a reader already knows about a document (its blocks) is better and comes first.
Everything here takes time linear in the text, whatever the text holds, and gives half-open character spans.
It is not a sentence splitter (that is `assay.textual.sentences`) and it does not decide how large a piece should be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, NamedTuple

UnitKind = Literal["heading", "prose", "item", "row", "code"]


class Unit(NamedTuple):
    """A stretch of text that a reader sees as one thing. `level` is a heading's depth; `label` its words, if any.

    A prose unit with a label is a paragraph that opens a labelled section ("METHODS: ...").
    """

    start: int
    end: int
    kind: UnitKind
    level: int = 0
    label: str = ""


class _Line(NamedTuple):
    start: int
    end: int  # without trailing white space
    indent: int
    next: int  # where the next line starts


WRAP_WIDTH = 120
"""Lines longer than this are paragraphs on a line each, not wrapped text."""
CAPITALS_WIDTH = 80
ARTICLE_LEVEL = 2
CAPITALS_LEVEL = 3
LABEL_LEVEL = 7

_LINE = re.compile(r"[^\n\r]*(?:\r\n|\n|\r|\Z)")
_FENCE = re.compile(r"(`{3,}|~{3,})([^\n\r]*)")
_ATX = re.compile(r"(#{1,6})[ \t]+\S")
_ROW = re.compile(r"\|.*\||\+[-=+]{3,}\+$")
_BULLET = re.compile(r"[-*+•‣◦▪–—][ \t]+\S")
_DIRECTIVE = re.compile(r"\.\. (?:[\w:.+-]+::|_[^:\n]+:)")
_CODE_DIRECTIVE = re.compile(
    r"\.\. (?:code-block|code|sourcecode|parsed-literal|testcode|testsetup|testoutput|doctest)::"
)
_LABEL = re.compile(r"([A-Z][A-Z&/,' -]{2,48}[A-Z]):(?:[ \t]|$)")
_RULE = re.compile(r"([=\-~^\"'*+#`:._])\1{2,}$")
_RULE_MARKS = "=-~^\"'*+#`:._"
_RULE_LEVEL = {"=": 1, "-": 2, "~": 3, "^": 4, '"': 5, "#": 1, "*": 2}
_OUTLINE = re.compile(
    r"""
      (?P<article>(?:ARTICLE|Article|PART|Part|CHAPTER|Chapter|TITLE|Title)[ \t]+(?:[IVXLC]+|\d+)\b)
    | (?P<section>(?:SECTION|Section|SEC\.|Sec\.|§+)[ \t]*\d[\w.:-]*)
    | (?P<decimal>\d+(?:\.\d+)+\.?)(?=[ \t])
    | (?P<number>\d{1,3}[.)])(?=[ \t])
    | (?P<roman>[IVX]{1,6}\.)(?=[ \t]|$)
    | (?P<capital>[A-Z][.)])(?=[ \t])
    | (?P<small>[a-z][.)])(?=[ \t])
    | (?P<round>\((?:[a-z]{1,5}|[A-Z]{1,3}|\d{1,3})\))(?=[ \t])
    """,
    re.VERBOSE,
)
_ROMAN_SMALL = re.compile(r"\((?:i{1,3}|i?v|vi{0,3}|i?x|xi{0,3})\)$")


# --- layout -----------------------------------------------------------------------------------------------------


def layout(text: str, start: int = 0, end: int | None = None) -> list[Unit]:
    """The units of text[start:end] in order. Blank lines lie between units; every other character lies in one unit.

    Fenced code runs from fence to fence; a fence that is never closed is an ordinary line, so that a stray mark
    cannot swallow the rest of a document. Table rows, headings and list items are units of their own. Lines of prose
    are joined where they look wrapped and kept apart where the break was made on purpose.
    """
    stop = len(text) if end is None else end
    return _Scanner(text, list(_lines(text, start, stop))).run()


def outline_style(line: str) -> str:
    """How a line is numbered ("number", "decimal-2", "round-small", ...), or "" where it is not.

    Two lines of the same style stand at the same depth of an outline. "(i)" is taken for a roman numeral.
    """
    match = _OUTLINE.match(line)
    if match is None:
        return ""
    kind = match.lastgroup or ""
    if kind == "decimal":
        return f"decimal-{match.group().strip('.').count('.')}"
    if kind != "round":
        return kind
    inner = match.group()
    if inner[1].isdigit():
        return "round-number"
    if _ROMAN_SMALL.match(inner):
        return "round-roman"
    return "round-capital" if inner[1].isupper() else "round-small"


def heading_text(raw: str) -> str:
    """The words of a heading without marks of Markdown, reStructuredText or underlining, on one line."""
    lines = [line.strip() for line in raw.splitlines() if line.strip() and not _RULE.match(line.strip())]
    words = " ".join(lines).strip("#").strip()
    return " ".join(words.replace("`", "").replace("**", "").split())


def _lines(text: str, start: int, stop: int) -> Iterator[_Line]:
    position = start
    while position < stop:
        match = _LINE.match(text, position, stop)
        after = match.end() if match else stop
        raw = text[position:after]
        content = raw.rstrip()
        indent = len(content) - len(content.lstrip())
        yield _Line(position, position + len(content), indent, after)
        position = after


class _Scanner:
    """One pass over the lines. `pending` holds the lines of the paragraph that is being read."""

    def __init__(self, text: str, lines: list[_Line]) -> None:
        self.text = text
        self.lines = lines
        self.closable = self._closable_fences()
        self.units: list[Unit] = []
        self.pending: list[_Line] = []
        self.pending_kind: UnitKind = "prose"
        self.literal_indent = -1

    def run(self) -> list[Unit]:
        index = 0
        while index < len(self.lines):
            index = self._step(index)
        self._flush()
        return self.units

    def _step(self, index: int) -> int:
        line = self.lines[index]
        if line.end == line.start:
            self._flush()
            return index + 1
        if self.literal_indent >= 0:
            opened, self.literal_indent = self.literal_indent, -1
            if line.indent > opened and not self.pending:
                return self._indented_code(index, opened)
        first = self.text[line.start + line.indent]
        if first in "`~" and index in self.closable:
            return self._fenced_code(index)
        if first == ">" and self.text.startswith(">>> ", line.start + line.indent):
            return self._until_blank(index)
        return self._ordinary(index, line, first)

    def _ordinary(self, index: int, line: _Line, first: str) -> int:
        body = line.start + line.indent
        if first == "#" and line.indent < 4 and (match := _ATX.match(self.text, body, line.end)):
            self._single(line, "heading", len(match.group(1)))
        elif (first in "|+" and _ROW.match(self.text, body, line.end)) or self._is_cells(index):
            self._single(line, "row")
        elif self._is_underline(line, first):
            self._underlined(line, first)
        elif first in _RULE_MARKS and _RULE.match(self.text, body, line.end):
            self._single(line, "prose")
        elif first.isupper() and self._is_article(line, body):
            self._single(line, "heading", ARTICLE_LEVEL)
        elif self._opens_item(line, first, body):
            self._flush()
            self.pending, self.pending_kind = [line], "item"
        elif first.isupper() and self._is_label(line, body):
            self._flush()
            self.pending = [line]
        elif first.isupper() and self._is_capitals(index, line):
            self._single(line, "heading", CAPITALS_LEVEL)
        else:
            self.pending.append(line)
        return index + 1

    # --- single lines

    def _single(self, line: _Line, kind: UnitKind, level: int = 0) -> None:
        self._flush()
        self._add(line.start + line.indent, line.end, kind, level)

    def _add(self, start: int, end: int, kind: UnitKind, level: int = 0) -> None:
        label = heading_text(self.text[start:end]) if kind == "heading" else ""
        self.units.append(Unit(start, end, kind, level, label))

    def _opens_item(self, line: _Line, first: str, body: int) -> bool:
        if first in "-*+•‣◦▪–—":
            return _BULLET.match(self.text, body, line.end) is not None
        if first == ".":
            return _DIRECTIVE.match(self.text, body, line.end) is not None
        if first.isdigit() or first in "(§" or first.isalpha():
            match = _OUTLINE.match(self.text, body, line.end)
            return match is not None and (match.end() < line.end or match.lastgroup in ("article", "roman"))
        return False

    def _is_article(self, line: _Line, body: int) -> bool:
        """ "ARTICLE IV" or "PART 2. DEFINITIONS" on a line; in small letters it may be the middle of a sentence."""
        match = _OUTLINE.match(self.text, body, line.end)
        if match is None or match.lastgroup != "article" or line.end - line.start > WRAP_WIDTH:
            return False
        return match.group().isupper()

    def _is_cells(self, index: int) -> bool:
        """A row as readers write it, "Drug: A; Dose: 5 mg", or its header: at least two names are a neighbour's too."""
        names = self._cell_names(index)
        return bool(names) and any(len(names & self._cell_names(near)) > 1 for near in (index - 1, index + 1))

    def _cell_names(self, index: int) -> set[str]:
        line = self.lines[index] if 0 <= index < len(self.lines) else None
        cells = self.text[line.start : line.end].split("; ") if line else []
        return {cell.partition(": ")[0].strip() for cell in cells} if len(cells) > 1 else set()

    def _is_label(self, line: _Line, body: int) -> bool:
        return _LABEL.match(self.text, body, line.end) is not None

    def _is_capitals(self, index: int, line: _Line) -> bool:
        if self.pending or line.end - line.start > CAPITALS_WIDTH:
            return False
        words = self.text[line.start : line.end]
        if not words.isupper() or sum(c.isalpha() for c in words) < 4 or words.rstrip()[-1] in ",;":
            return False
        after = self.lines[index + 1] if index + 1 < len(self.lines) else None
        return after is not None and (after.end == after.start or not self.text[after.start : after.end].isupper())

    def _is_underline(self, line: _Line, first: str) -> bool:
        return (
            first in _RULE_LEVEL
            and len(self.pending) == 1
            and self.pending_kind == "prose"
            and _RULE.match(self.text, line.start + line.indent, line.end) is not None
            and line.end - line.start >= min(3, self.pending[0].end - self.pending[0].start)
        )

    def _underlined(self, line: _Line, first: str) -> None:
        title = self.pending.pop()
        start = title.start + title.indent
        if self.units and self._is_overline(self.units[-1], title):
            start = self.units.pop().start
        self._add(start, line.end, "heading", _RULE_LEVEL[first])

    def _is_overline(self, unit: Unit, title: _Line) -> bool:
        rule = self.text[unit.start : unit.end]
        return unit.kind == "prose" and self.text[unit.end : title.start].count("\n") == 1 and bool(_RULE.match(rule))

    # --- code

    def _closable_fences(self) -> set[int]:
        """Which fence lines have a closing fence after them. Found from the end, so that it stays linear."""
        longest = {"`": 0, "~": 0}
        closable: set[int] = set()
        for index in range(len(self.lines) - 1, -1, -1):
            line = self.lines[index]
            match = self._fence(line)
            if match is None:
                continue
            mark, length = match.group(1)[0], len(match.group(1))
            if longest[mark] >= length:
                closable.add(index)
            if not match.group(2).strip():
                longest[mark] = max(longest[mark], length)
        return closable

    def _fence(self, line: _Line) -> re.Match[str] | None:
        body = line.start + line.indent
        if body >= line.end or self.text[body] not in "`~":
            return None
        match = _FENCE.match(self.text, body, line.end)
        return None if match is None or (match.group(1)[0] == "`" and "`" in match.group(2)) else match

    def _fenced_code(self, index: int) -> int:
        self._flush()
        opening = self._fence(self.lines[index])
        assert opening is not None
        mark, length = opening.group(1)[0], len(opening.group(1))
        last = index + 1
        while last < len(self.lines) - 1:
            match = self._fence(self.lines[last])
            if match and match.group(1)[0] == mark and len(match.group(1)) >= length and not match.group(2).strip():
                break
            last += 1
        self._add(self.lines[index].start + self.lines[index].indent, self.lines[last].end, "code")
        return last + 1

    def _indented_code(self, index: int, opened: int) -> int:
        last = end = index
        while end < len(self.lines):
            line = self.lines[end]
            if line.end > line.start:
                if line.indent <= opened:
                    break
                last = end
            end += 1
        self._add(self.lines[index].start, self.lines[last].end, "code")
        return last + 1

    def _until_blank(self, index: int) -> int:
        self._flush()
        last = index
        while last + 1 < len(self.lines) and self.lines[last + 1].end > self.lines[last + 1].start:
            last += 1
        self._add(self.lines[index].start + self.lines[index].indent, self.lines[last].end, "code")
        return last + 1

    # --- paragraphs

    def _flush(self) -> None:
        lines, self.pending = self.pending, []
        kind, self.pending_kind = self.pending_kind, "prose"
        if not lines:
            return
        if self._opens_literal(lines):
            self.literal_indent = lines[0].indent
        width = max(line.end - line.start for line in lines)
        first = lines[0]
        for line, after in zip(lines, [*lines[1:], None], strict=True):
            if after is None or self._broken_on_purpose(line, after, width):
                self.units.append(self._prose(first.start + first.indent, line.end, kind))
                kind = "prose"
                first = after or line

    def _prose(self, start: int, end: int, kind: UnitKind) -> Unit:
        match = _LABEL.match(self.text, start, end)
        if match is None or kind != "prose":
            return Unit(start, end, kind)
        return Unit(start, end, kind, LABEL_LEVEL, match.group(1))

    def _opens_literal(self, lines: list[_Line]) -> bool:
        last = lines[-1]
        opens = self.text.endswith("::", last.start, last.end) and not _DIRECTIVE.match(
            self.text, lines[0].start + lines[0].indent
        )
        return opens or _CODE_DIRECTIVE.match(self.text, lines[0].start + lines[0].indent) is not None

    def _broken_on_purpose(self, line: _Line, after: _Line, width: int) -> bool:
        """A wrapped line ends where the next word had no room; a line with room to spare was ended by its writer."""
        body = after.start + after.indent
        if self.text[body].islower():
            return False
        if width > WRAP_WIDTH:
            return True
        word_end = body
        while word_end < after.end and word_end - body < width and not self.text[word_end].isspace():
            word_end += 1
        return (line.end - line.start) + 1 + (word_end - body) < width - 8


# --- cuts -------------------------------------------------------------------------------------------------------


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space at its ends; an empty span at `end` where nothing else is in it."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def cut(text: str, start: int, end: int, limit: int) -> list[tuple[int, int]]:
    """text[start:end] in pieces of at most `limit` characters, of about equal length.

    It cuts behind a semicolon or colon, else a comma, else between words, and only inside a word longer than half a
    piece; then never between a character and its combining marks.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    pieces: list[tuple[int, int]] = []
    start, end = trim(text, start, end)
    while end - start > limit:
        count = -(-(end - start) // limit)
        aim = start + -(-(end - start) // count)
        place = _place(text, start, min(start + limit, aim + limit // 8))
        left = trim(text, start, place)
        if left[0] < left[1]:
            pieces.append(left)
        start, end = trim(text, place, end)
    return [*pieces, (start, end)] if start < end else pieces


def _place(text: str, start: int, high: int) -> int:
    low = start + (high - start) * 2 // 5
    for marks in (("; ", ": ", ";\n", ":\n"), (", ", ",\n")):
        place = max(text.rfind(mark, low, high) for mark in marks)
        if place >= 0:
            return place + 1
    for place in range(high, low, -1):
        if text[place - 1].isspace() or (place < len(text) and text[place].isspace()):
            return place
    place = high
    while place > start + 1 and place < len(text) and _joins(text[place]):
        place -= 1
    return place if place > start + 1 or not _joins(text[place]) else high


def _joins(character: str) -> bool:
    return character in "\u200d\ufe0f\ufe0e" or unicodedata.combining(character) != 0
