"""The lines of a PDF page with what the fonts say of them: size, weight, fixed pitch, place. Read through PDFium.

A page's text, in which origins count, is PDFium's characters in its reading order, with line ends as "\\n". Where
PDFium has marked a hyphen as one that breaks a word at a line's end, the text has "-" and a line end.
"""

from __future__ import annotations

import ctypes
import itertools
from dataclasses import dataclass
from typing import Any

_FIXED_PITCH = 1
_FORCE_BOLD = 1 << 18
_BREAKING_HYPHENS = frozenset((0x02, 0xFFFE))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: page text[start:end], font size in points, left edge and baseline in points, width of a character.

    `columns` holds each character's column from the page's left edge where the font is of fixed pitch, else nothing.
    """

    start: int
    end: int
    size: float
    is_bold: bool
    is_fixed: bool
    left: float
    baseline: float
    advance: float = 0.0
    columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its number from 1, its text, its lines from top to bottom in reading order."""

    number: int
    text: str
    lines: tuple[Line, ...]


def read_page(textpage: Any, number: int) -> Page:
    """The lines of one PDFium text page."""
    import pypdfium2.raw as pdfium

    probe = _Probe(textpage, pdfium)
    characters, places = probe.characters()
    text = "".join(characters)
    lines: list[Line] = []
    start = 0
    for end in [*(i for i, character in enumerate(characters) if character == "\n"), len(text)]:
        if text[start:end].strip():
            lines.append(probe.line(text, places, start, end))
        start = end + 1
    return Page(number, text, tuple(lines))


class _Probe:
    def __init__(self, textpage: Any, pdfium: Any) -> None:
        self.page = textpage
        self.pdfium = pdfium
        self._name = ctypes.create_string_buffer(256)
        self._flags = ctypes.c_int()
        self._x, self._y = ctypes.c_double(), ctypes.c_double()

    def characters(self) -> tuple[list[str], list[int]]:
        """The characters of the page and, for each, its index in PDFium's list."""
        found: list[str] = []
        places: list[int] = []
        unicode = self.pdfium.FPDFText_GetUnicode
        high = 0
        is_broken = False
        for index in range(self.pdfium.FPDFText_CountChars(self.page)):
            code = unicode(self.page, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
            high = 0
            if code == 0x0D or code == 0:
                continue
            if is_broken and code != 0x0A:
                found.append("\n")
                places.append(index)
            is_broken = code in _BREAKING_HYPHENS
            found.append("-" if is_broken else chr(code))
            places.append(index)
        return found, places

    def line(self, text: str, places: list[int], start: int, end: int) -> Line:
        """What the fonts say of text[start:end], asked at its first and last visible characters."""
        first = start + len(text[start:end]) - len(text[start:end].lstrip())
        last = start + len(text[start:end].rstrip()) - 1
        size = min(self._size(places[first]), self._size(places[last]))
        bold, fixed = self._font(places[first])
        last_bold, last_fixed = self._font(places[last])
        left, baseline = self._origin(places[first])
        is_fixed = fixed and last_fixed
        advance, columns = self._columns(text, places, start, end) if is_fixed else (0.0, ())
        return Line(start, end, size, bold and last_bold, is_fixed, left, baseline, advance, columns)

    def _size(self, index: int) -> float:
        """The size as it is seen: the font's own size, scaled by the text's matrix."""
        size = float(self.pdfium.FPDFText_GetFontSize(self.page, index))
        matrix = self.pdfium.FS_MATRIX()
        if self.pdfium.FPDFText_GetMatrix(self.page, index, matrix):
            size *= (matrix.b**2 + matrix.d**2) ** 0.5 or 1.0
        return round(size * 2) / 2

    def _font(self, index: int) -> tuple[bool, bool]:
        size = self.pdfium.FPDFText_GetFontInfo(self.page, index, self._name, len(self._name), self._flags)
        name = self._name.value.decode("utf-8", "replace").lower() if 0 < size <= len(self._name) else ""
        weight = self.pdfium.FPDFText_GetFontWeight(self.page, index)
        flags = self._flags.value if size else 0
        is_bold = weight >= 600 or "bold" in name or "black" in name or bool(flags & _FORCE_BOLD)
        is_fixed = bool(flags & _FIXED_PITCH) or any(part in name for part in ("courier", "mono", "consol", "cmtt"))
        return is_bold, is_fixed

    def _origin(self, index: int) -> tuple[float, float]:
        if not self.pdfium.FPDFText_GetCharOrigin(self.page, index, self._x, self._y):
            return 0.0, 0.0
        return self._x.value, self._y.value

    def _columns(self, text: str, places: list[int], start: int, end: int) -> tuple[float, tuple[int, ...]]:
        """The width of a character and each character's column; nothing where the line shows no regular width."""
        lefts = [self._origin(places[i])[0] for i in range(start, end)]
        visible = [i for i in range(end - start) if not text[start + i].isspace()]
        steps = [lefts[b] - lefts[a] for a, b in itertools.pairwise(visible) if b == a + 1]
        steps = sorted(step for step in steps if step > 0)
        if not steps:
            return 0.0, ()
        advance = steps[len(steps) // 2]
        return advance, tuple(round(left / advance) for left in lefts)
