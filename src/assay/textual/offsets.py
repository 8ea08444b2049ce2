"""Where a character came from: builds origin maps while a text is assembled, and reads them afterwards.

A reader that extracts text (from HTML, XML, JSON, PDF ...) appends pieces to a `TextBuilder`, each with the place it
was taken from. The result is the text and its `OriginSegment`s. A citation of the text is shown in place by mapping
its span back with `origin_spans`. Text that the reader added itself (a separator, a label) has no segment.

It knows nothing of formats, and it never changes a character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assay.errors import InputError
from assay.types import OriginSegment, Record


@dataclass(frozen=True, slots=True)
class OriginSpan(Record):
    """Characters start:end of the original (of the part that `locator` names, where the format has no stream)."""

    start: int
    end: int
    locator: str = ""


class TextBuilder:
    """Collects the pieces of a text with their origins. `length` is the number of characters so far.

    With `origin`, the original characters, derived pieces are compared with the place they stand for, so that a segment
    of equal lengths always means identical characters.
    """

    __slots__ = ("_ends", "_locators", "_origin", "_origin_ends", "_origin_starts", "_parts", "_starts", "length")

    def __init__(self, origin: str | None = None) -> None:
        self.length = 0
        self._origin = origin
        self._parts: list[str] = []
        # Five plain lists instead of one of segments: a large table has hundreds of thousands of them.
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._origin_starts: list[int] = []
        self._origin_ends: list[int] = []
        self._locators: list[str] = []

    def add(self, text: str) -> None:
        """Append text of the reader's own: it has no origin."""
        if text:
            self._parts.append(text)
            self.length += len(text)

    def copy(self, text: str, at: int, locator: str = "") -> None:
        """Append `text`, which stands character for character at `at` in the original."""
        if not text:
            return
        start, size = self.length, len(text)
        self._parts.append(text)
        self.length = start + size
        if (
            self._ends
            and self._ends[-1] == start
            and self._origin_ends[-1] == at
            and start - self._starts[-1] == at - self._origin_starts[-1]
            and self._locators[-1] == locator
        ):
            self._ends[-1], self._origin_ends[-1] = self.length, at + size
        else:
            self._segment(start, at, at + size, locator)

    def derive(self, text: str, start: int, end: int, locator: str = "") -> None:
        """Append `text`, which stands for the original's start:end (an entity, an escape, a joined word)."""
        if not text:
            return
        if end - start == len(text):
            if self._origin is None or self._origin[start:end] == text:
                self.copy(text, start, locator)
                return
            start, end = self._unequal(start, end)
        begin = self.length
        self.add(text)
        self._segment(begin, start, end, locator)

    def _segment(self, start: int, origin_start: int, origin_end: int, locator: str) -> None:
        self._starts.append(start)
        self._ends.append(self.length)
        self._origin_starts.append(origin_start)
        self._origin_ends.append(origin_end)
        self._locators.append(locator)

    def _unequal(self, start: int, end: int) -> tuple[int, int]:
        """The span made one character longer, or shorter where it is the whole original."""
        if start:
            return start - 1, end
        return (start, end - 1) if self._origin is not None and end == len(self._origin) else (start, end + 1)

    def original(self, start: int, end: int) -> str:
        """The original's start:end; nothing where the original was not given."""
        return self._origin[start:end] if self._origin is not None else ""

    def text(self) -> str:
        """Everything so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def segments(self) -> tuple[OriginSegment, ...]:
        """The origin of every piece that has one, in order."""
        columns = (self._starts, self._ends, self._origin_starts, self._origin_ends, self._locators)
        return tuple(map(OriginSegment, *columns))


def whole(length: int, at: int = 0, locator: str = "") -> tuple[OriginSegment, ...]:
    """The origin map of a text that stands in one piece at `at` of the original."""
    return (OriginSegment(0, length, at, at + length, locator),) if length else ()


def origin_spans(origin: Sequence[OriginSegment], start: int, end: int) -> tuple[OriginSpan, ...]:
    """Where text[start:end] came from: one span a locator, in order; spans with the same locator are joined.

    An empty map means that the text is the original. Nothing is returned for text that has no origin.
    Raises InputError where start:end is no span.
    """
    if start < 0 or end < start:
        raise InputError(f"{start}:{end} is not a span", why="a span is half-open and counts from 0")
    if not origin:
        return (OriginSpan(start, end),)
    found: list[OriginSpan] = []
    for segment in _overlapping(origin, start, end):
        span = _project(segment, start, end)
        if found and found[-1].locator == span.locator:
            before = found.pop()
            span = OriginSpan(min(before.start, span.start), max(before.end, span.end), span.locator)
        found.append(span)
    return tuple(found)


def origin_span(origin: Sequence[OriginSegment], start: int, end: int) -> OriginSpan | None:
    """The first place that text[start:end] came from, or None where it has no origin."""
    spans = origin_spans(origin, start, end)
    return spans[0] if spans else None


def locator_of(origin: Sequence[OriginSegment], start: int, end: int) -> str:
    """Where text[start:end] stands, in words: "page 3", or "page 3 to page 4"; empty where offsets say it all."""
    names = [span.locator for span in origin_spans(origin, start, end) if span.locator]
    if not names or names[0] == names[-1]:
        return names[0] if names else ""
    return f"{names[0]} to {names[-1]}"


def check_origin(text: str, origin: Sequence[OriginSegment], original: str) -> list[str]:
    """What is wrong with an origin map: segments out of order or range, or of equal length but other characters."""
    wrong: list[str] = []
    last = 0
    for segment in origin:
        if not last <= segment.start < segment.end <= len(text):
            wrong.append(f"{segment} is out of order or outside the text")
        if not 0 <= segment.origin_start <= segment.origin_end <= len(original):
            wrong.append(f"{segment} is outside the original")
        elif is_exact(segment):
            here, there = text[segment.start : segment.end], original[segment.origin_start : segment.origin_end]
            if here != there:
                wrong.append(f"{segment} says {here[:40]!r} where the original says {there[:40]!r}")
        last = segment.end
    return wrong


def is_exact(segment: OriginSegment) -> bool:
    """Whether offsets inside the segment map one to one."""
    return segment.end - segment.start == segment.origin_end - segment.origin_start


def _overlapping(origin: Sequence[OriginSegment], start: int, end: int) -> list[OriginSegment]:
    first = bisect_right(origin, start, key=lambda segment: segment.end)
    found: list[OriginSegment] = []
    for index in range(first, len(origin)):
        segment = origin[index]
        if segment.start >= max(end, start + 1):
            break
        found.append(segment)
    return found


def _project(segment: OriginSegment, start: int, end: int) -> OriginSpan:
    if not is_exact(segment):
        return OriginSpan(segment.origin_start, segment.origin_end, segment.locator)
    shift = segment.origin_start - segment.start
    return OriginSpan(max(start, segment.start) + shift, min(end, segment.end) + shift, segment.locator)
