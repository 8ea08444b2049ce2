"""Code as lines that know where they stand in the text they were taken from. It peels fences, directives, indents."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})[ \t]*([^\n`]*)$")
_DIRECTIVE = re.compile(r"[ \t]*\.\. [A-Za-z][\w:+.-]*::(?:[ \t]+(.*))?$")
_OPTION = re.compile(r"[ \t]*:[\w-]+:")
_INCLUDE_LINE = re.compile(r"[ \t]*\{\*.*\*\}[ \t]*$")
_NO_CONTENT = re.compile(r"[ \t]*\.\. literalinclude::")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end; `start` is where its first character stands in the original."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Source:
    """Lines of code. `text` joins them; `place` finds the original offset of a line and UTF-8 column of it."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(line.text for line in self.lines)

    def place(self, line: int, column: int) -> int:
        """The original offset of line `line` (from 1) at UTF-8 byte `column`; ends are clipped."""
        number = min(max(line, 1), len(self.lines)) - 1
        found = self.lines[number]
        width = column if found.text.isascii() else len(found.text.encode()[:column].decode("utf-8", "ignore"))
        return found.start + min(width, len(found.text))

    def spans(self) -> "Offsets":
        """Original offsets of offsets in `text`."""
        return Offsets(self)


class Offsets:
    """Maps offsets in a source's text to the original."""

    def __init__(self, source: Source) -> None:
        self._lines = source.lines
        self._starts: list[int] = []
        position = 0
        for line in source.lines:
            self._starts.append(position)
            position += len(line.text) + 1

    def at(self, offset: int) -> int:
        """The original offset of `offset`."""
        number = max(0, bisect.bisect_right(self._starts, offset) - 1)
        line = self._lines[number]
        return line.start + min(offset - self._starts[number], len(line.text))


def source_of(text: str, start: int, end: int) -> Source:
    """The lines of text[start:end] without blank ones around them, their common indentation taken off."""
    lines: list[Line] = []
    position = start
    for raw in _LINE.findall(text[start:end]):
        lines.append(Line(raw.rstrip("\r\n"), position))
        position += len(raw)
    while lines and not lines[0].text.strip():
        lines.pop(0)
    while lines and not lines[-1].text.strip():
        lines.pop()
    return Source(tuple(dedented(lines)))


def dedented(lines: Sequence[Line]) -> list[Line]:
    """The lines without the white space that all of them begin with; blank ones become empty."""
    margin: str | None = None
    for line in lines:
        if line.text.strip():
            own = line.text[: len(line.text) - len(line.text.lstrip(" \t"))]
            margin = own if margin is None else _shared(margin, own)
    width = len(margin or "")
    return [
        replace(line, text=line.text[width:], start=line.start + width) if line.text.strip() else Line("", line.start)
        for line in lines
    ]


def _shared(one: str, other: str) -> str:
    size = 0
    while size < min(len(one), len(other)) and one[size] == other[size]:
        size += 1
    return one[:size]


def peeled(text: str, start: int, end: int) -> tuple[int, int, str, bool]:
    """The span of the code proper within a code block, the tag of its fence or directive, and whether it is closed.

    A directive's line and options, fences, and lines that only include a file are left out.
    """
    start = _line_begin(text, start)
    first_end = text.find("\n", start, end)
    first = text[start : first_end if first_end >= 0 else end].rstrip("\r")
    after = first_end + 1 if first_end >= 0 else end
    fence = _FENCE.match(first)
    if fence:
        stop, closed = _fence_end(text, after, end, fence.group(1))
        return after, max(after, stop), fence.group(2).strip(), closed
    directive = _DIRECTIVE.match(first)
    if directive:
        if _NO_CONTENT.match(first):
            return _after_options(text, after, end), end, "", True
        tag = (directive.group(1) or "").split(" ")[0]
        return _after_options(text, after, end), end, tag, True
    if _INCLUDE_LINE.match(first):
        return after, end, "", True
    return start, end, "", True


def _line_begin(text: str, start: int) -> int:
    begin = text.rfind("\n", 0, start) + 1
    return begin if not text[begin:start].strip() else start


def _after_options(text: str, position: int, end: int) -> int:
    while position < end:
        stop = text.find("\n", position, end)
        line = text[position : stop if stop >= 0 else end]
        if not _OPTION.match(line):
            break
        position = stop + 1 if stop >= 0 else end
    return position


def _fence_end(text: str, position: int, end: int, mark: str) -> tuple[int, bool]:
    """Where the closing fence begins, or the end of the block where there is none."""
    closing = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*\r?$", re.MULTILINE)
    match = closing.search(text, position, end)
    return (match.start(), True) if match else (end, False)
