"""Tables of reStructuredText: grid, simple, list-table and csv-table, as table, row and cell blocks.

A cell that runs over several lines of a drawn table is not one stretch of text; then only its row is a block.
"""

from __future__ import annotations

import itertools
import re

from assay.ingest.readers.lines import Lines
from assay.types import Block

_COLUMN = re.compile(r"=+")
_FIRST = re.compile(r"(\s*)\* -(?:\s+|$)")


def grid_table(lines: Lines, line: int, blocks: list[Block]) -> int:
    """Add the grid table that begins at `line`; returns the line after it."""
    indent = len(lines.texts[line]) - len(lines.texts[line].lstrip())
    after = line
    while after < len(lines) and lines.texts[after].strip()[:1] in ("+", "|"):
        after += 1
    blocks.append(Block("table", *lines.span(line, after)))
    corners = [indent + match.start() for match in re.finditer(r"\+", lines.texts[line][indent:])]
    columns = [(left + 1, right) for left, right in itertools.pairwise(corners)]
    rules = [i for i in range(line, after) if lines.texts[i].strip().startswith("+")]
    rows = [(first + 1, last) for first, last in itertools.pairwise(rules) if last > first + 1]
    _rows(lines, rows, columns, blocks)
    return after


def simple_table(lines: Lines, line: int, blocks: list[Block]) -> int:
    """Add the simple table that begins at `line`; returns the line after it."""
    border = lines.texts[line].rstrip()
    borders = [line]
    after = line + 1
    while after < len(lines):
        text = lines.texts[after].rstrip()
        if _is_border(text, border):
            borders.append(after)
            if after + 1 >= len(lines) or not lines.texts[after + 1].strip():
                break
        elif text and len(text) - len(text.lstrip()) < len(border) - len(border.lstrip()):
            return line + 1
        after += 1
    if len(borders) < 2:
        return line + 1
    end = borders[-1]
    columns = [(match.start(), match.end()) for match in _COLUMN.finditer(border)]
    columns[-1] = (columns[-1][0], 1 << 30)
    blocks.append(Block("table", *lines.span(line, end + 1)))
    _rows(lines, _simple_rows(lines, line, end, columns[0]), columns, blocks)
    return end + 1


def list_table(lines: Lines, line: int, after: int, blocks: list[Block], title: str) -> None:
    """Add the list-table or csv-table whose directive stands at `line` and whose body ends before `after`."""
    blocks.append(Block("table", *lines.span(line, after), label=title))
    starts = [i for i in range(line + 1, after) if _FIRST.match(lines.texts[i])]
    names: list[str] = []
    for number, (first, last) in enumerate(itertools.pairwise([*starts, after]), start=1):
        blocks.append(Block("row", *lines.span(first, last), label=f"row {number}"))
        match = _FIRST.match(lines.texts[first])
        dash = re.compile(rf"\s{{{len(match.group(1)) + 2}}}-(?:\s+|$)") if match else _FIRST
        cells = [first, *(i for i in range(first + 1, last) if dash.match(lines.texts[i]))]
        for column, (begin, stop) in enumerate(itertools.pairwise([*cells, last])):
            start, end = lines.span(begin, stop)
            opening = (_FIRST if begin == first else dash).match(lines.texts[begin])
            start += len(opening.group()) if opening else 0
            if number == 1:
                names.append(_words(lines, start, end, begin))
            if end > start:
                label = names[column] if column < len(names) else f"column {column + 1}"
                blocks.append(Block("cell", start, end, label=label))


def _words(lines: Lines, start: int, end: int, line: int) -> str:
    text = lines.texts[line]
    return text[start - lines.start(line) : end - lines.start(line)].strip("* `")


def _is_border(text: str, border: str) -> bool:
    return text.strip() != "" and set(text.strip()) <= {"=", " "} and len(text) >= len(border) - 2


def _simple_rows(lines: Lines, line: int, end: int, first_column: tuple[int, int]) -> list[tuple[int, int]]:
    """Rows as line ranges: a line whose first column is blank continues the row above; dashes underline spans."""
    rows: list[tuple[int, int]] = []
    for i in range(line + 1, end):
        text = lines.texts[i]
        if not text.strip() or set(text.strip()) <= {"=", " "} or set(text.strip()) <= {"-", " "}:
            continue
        continues = not text[slice(*first_column)].strip() and rows and rows[-1][1] == i
        if continues:
            rows[-1] = (rows[-1][0], i + 1)
        else:
            rows.append((i, i + 1))
    return rows


def _rows(lines: Lines, rows: list[tuple[int, int]], columns: list[tuple[int, int]], blocks: list[Block]) -> None:
    names: list[str] = []
    for number, (first, last) in enumerate(rows, start=1):
        blocks.append(Block("row", *lines.span(first, last), label=f"row {number}"))
        if number == 1:
            names = [
                " ".join(" ".join(lines.texts[i][left:right].split()) for i in range(first, last)).strip()
                for left, right in columns
            ]
        if last - first > 1:
            continue
        text, at = lines.texts[first], lines.start(first)
        for name, (left, right) in zip(names, columns, strict=True):
            raw = text[left:right]
            begin, stop = left + len(raw) - len(raw.lstrip()), left + len(raw.rstrip())
            if stop > begin:
                blocks.append(Block("cell", at + begin, at + stop, label=name))
