"""Writes the pages of a PDF as flowing text: paragraphs by the space between lines, headings and code by font
evidence only.

A word broken at a line's end is joined only if the document has it whole elsewhere; if the document has it with its
hyphen elsewhere, the hyphen stays and the line end goes; otherwise both stay as printed. Tables are lines of text.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.pdf_layout import Line, Page

_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_BROKEN = re.compile(r"([^\W\d_]{2,})-$")
_CONTINUED = re.compile(r"\s*([^\W\d_]{2,})")
_LEADER = re.compile(r"(?:\. ?){4}")
_HEADING_LENGTH = 160
_BOLD_LENGTH = 90
_LARGER = 1.12


class PdfWriter:
    """Writes pages into `writer`."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.writer = FlowWriter()
        self.pages = pages
        lines = [line for page in pages for line in page.lines]
        self.body = _body_size(lines)
        self.spacing = _spacing(pages)
        self.is_mostly_bold = sum(line.is_bold for line in lines) * 2 > len(lines)
        self.sizes = sorted({line.size for line in lines if line.size >= self.body * _LARGER}, reverse=True)
        self.words = Counter(word.lower() for page in pages for word in _WORD.findall(page.text))

    def write(self) -> None:
        """All pages in order; a page's end is a paragraph's end."""
        for page in self.pages:
            self.writer.locator = f"page {page.number}"
            for group in self._groups(page):
                self._group(page, group)
            self.writer.gap(2)

    def _groups(self, page: Page) -> list[list[Line]]:
        """Lines that belong together: one paragraph, one heading, one piece of code."""
        groups: list[list[Line]] = []
        for line in page.lines:
            before = groups[-1][-1] if groups else None
            if before is None or self._parts(page, before, line):
                groups.append([])
            groups[-1].append(line)
        return groups

    def _parts(self, page: Page, before: Line, line: Line) -> bool:
        step = before.baseline - line.baseline
        if before.is_fixed and line.is_fixed:
            return step < 0 or step > 4 * max(line.size, 1.0)
        is_same = self._level(page, before) == self._level(page, line) and before.is_fixed == line.is_fixed
        wide = max(self.spacing * 1.3, line.size * 1.3)
        return not is_same or step < -0.5 * line.size or step > wide

    def _level(self, page: Page, line: Line) -> int:
        """The heading level that the line's font gives it, or 0."""
        words = page.text[line.start : line.end].strip()
        if (
            line.is_fixed
            or len(words) > _HEADING_LENGTH
            or not any(c.isalpha() for c in words)
            or _LEADER.search(words)
        ):
            return 0
        if line.size in self.sizes:
            return min(self.sizes.index(line.size) + 1, 6)
        is_short = len(words) <= _BOLD_LENGTH and words[-1] not in ".,;:"
        is_bold = line.is_bold and not self.is_mostly_bold and line.size >= self.body
        return min(len(self.sizes) + 1, 6) if is_bold and is_short else 0

    def _group(self, page: Page, group: list[Line]) -> None:
        level = self._level(page, group[0])
        if group[0].is_fixed and _is_code(page, group):
            self._code(page, group)
        elif level and len(group) <= 4:
            label = " ".join(page.text[group[0].start : group[-1].end].split())
            with self.writer.block("heading", level=level, label=label):
                self._lines(page, group)
        else:
            self.writer.gap(2)
            self._lines(page, group)
            self.writer.gap(2)

    def _lines(self, page: Page, group: list[Line]) -> None:
        for index, line in enumerate(group):
            text = page.text[line.start : line.end].rstrip()
            lead = len(text) - len(text.lstrip()) if index == 0 else 0
            following = page.text[group[index + 1].start : group[index + 1].end] if index + 1 < len(group) else ""
            kept, breaks = self._ending(text, following)
            self.writer.verbatim((text[lead:kept], line.start + lead, line.start + kept))
            if following and breaks:
                self.writer.verbatim(("\n", line.end, line.end + 1))

    def _ending(self, text: str, following: str) -> tuple[int, bool]:
        """How much of a line's text stays, and whether its line end stays."""
        broken, continued = _BROKEN.search(text), _CONTINUED.match(following)
        if broken is None or continued is None or not continued.group(1)[0].islower():
            return len(text), True
        first, second = broken.group(1).lower(), continued.group(1).lower()
        if self.words[f"{first}-{second}"]:
            return len(text), False
        if self.words[f"{first}{second}"]:
            return len(text) - 1, False
        return len(text), True

    def _code(self, page: Page, group: list[Line]) -> None:
        """Lines of fixed pitch, their indentation rebuilt from where the characters stand."""
        left = min(line.columns[0] for line in group if line.columns)
        steps = sorted(a.baseline - b.baseline for a, b in itertools.pairwise(group))
        usual = steps[len(steps) // 2] if steps else 0.0
        with self.writer.block("code"):
            for index, line in enumerate(group):
                if index:
                    step = group[index - 1].baseline - line.baseline
                    self.writer.own("\n\n" if usual and step > 1.6 * usual else "\n")
                self._code_line(page, line, left)

    def _code_line(self, page: Page, line: Line, left: int) -> None:
        text = page.text[line.start : line.end].rstrip()
        column = left
        for match in re.finditer(r"\S+", text):
            at = line.columns[match.start()] if line.columns else column + 1
            self.writer.own(" " * max(at - column, 1 if match.start() else 0))
            self.writer.verbatim((match.group(), line.start + match.start(), line.start + match.end()))
            column = max(at, column) + len(match.group())


def _is_code(page: Page, group: list[Line]) -> bool:
    """Two lines of fixed pitch, or one that is more than a word: a lone mono-spaced address is not code."""
    if not any(line.columns for line in group):
        return False
    return len(group) > 1 or len(page.text[group[0].start : group[0].end].split()) > 1


def _body_size(lines: Sequence[Line]) -> float:
    """The size in which most characters are set."""
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += line.end - line.start
    return weights.most_common(1)[0][0] if weights else 0.0


def _spacing(pages: Sequence[Page]) -> float:
    """The distance between baselines inside a paragraph: a quarter of all distances are smaller."""
    pairs = [pair for page in pages for pair in itertools.pairwise(page.lines)]
    steps = sorted(step for a, b in pairs if a.size == b.size and (step := a.baseline - b.baseline) > 1)
    return steps[len(steps) // 4] if steps else 0.0
