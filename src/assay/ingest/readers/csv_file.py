"""CSV and TSV: each row a line "Header: value; Header: value", each cell with its place and the locator "row 12,
column price".

The dialect: the delimiter among comma, semicolon, tab and bar that cuts the first lines most evenly (a tab in a
.tsv); quotation marks double inside quotation marks. The header: the first row, if its cells are distinct, none is
empty or a number, and other rows follow; else columns are named "column 1" and so on. Rows count from 1, the header's
row included.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from assay.ingest.readers.common import decoded, file_title, make_document
from assay.textual.offsets import TextBuilder
from assay.types import Block, Document, SourceFile

_DELIMITERS = ",;\t|"
_NUMBER = re.compile(r"[-+]?[\d.,\s]*\d[\d.,\s]*%?")
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"')
_LINE_END = re.compile(r"\r\n|\r|\n")
_SAMPLE_LINES = 30
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's raw characters source[start:end], its quotation marks left out; `is_quoted` if it had any."""

    raw: str
    start: int
    end: int
    is_quoted: bool = False

    @property
    def value(self) -> str:
        """The cell's text."""
        return self.raw.replace('""', '"') if self.is_quoted else self.raw


class CsvReader:
    """One document a file; `metadata` tells columns and number of rows."""

    name = "csv"
    formats: tuple[str, ...] = ("csv", "tsv", "tab")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The table as one document. Raises MalformedSource where it is empty."""
        found = decoded(source)
        is_tabbed = source.format in ("tsv", "tab") or source.path.lower().removesuffix(".gz").endswith(
            (".tsv", ".tab")
        )
        delimiter = "\t" if is_tabbed else sniff_delimiter(found.text)
        rows = list(csv_rows(found.text, delimiter))
        table = _Table(rows)
        table.write()
        text, origin = table.builder.text(), table.builder.segments()
        yield make_document(
            source,
            text,
            title=file_title(source.path),
            format="csv",
            metadata={"columns": table.names, "rows": len(rows) - table.has_header},
            blocks=[Block("table", 0, len(text)), *table.blocks],
            origin=origin,
            warnings=(*found.warnings, *table.warnings()),
        )


def sniff_delimiter(text: str) -> str:
    """The delimiter that stands equally often in most of the first lines; a comma where none does."""
    sample = _QUOTED.sub("", text[:_SAMPLE])
    lines = [line for line in _LINE_END.split(sample) if line.strip()][:_SAMPLE_LINES]
    best, score = ",", (0, 0)
    for delimiter in _DELIMITERS:
        counts = Counter(line.count(delimiter) for line in lines)
        counts.pop(0, None)
        if counts:
            size, lines_with = max(counts.items(), key=lambda item: (item[1], item[0]))
            if (lines_with, size) > score:
                best, score = delimiter, (lines_with, size)
    return best


def csv_rows(text: str, delimiter: str) -> Iterator[list[Cell]]:
    """The rows of `text` with the places of their cells. Blank lines are no rows; an open quotation mark is text."""
    bare = re.compile(rf"[^{re.escape(delimiter)}\r\n]*+")
    position, size, is_open = 0, len(text), False
    row: list[Cell] = []
    while position < size or row:
        match = _QUOTED.match(text, position) if not is_open and text.startswith('"', position) else None
        if match is not None:
            tail = bare.match(text, match.end())
            after = tail.end() if tail else match.end()
            row.append(_quoted(text, match, after))
        else:
            # A quotation mark that is never closed would be searched for again and again.
            is_open = is_open or text.startswith('"', position)
            found = bare.match(text, position)
            after = found.end() if found else position
            row.append(Cell(text[position:after], position, after))
        if text.startswith(delimiter, after):
            position = after + 1
            if position >= size:
                row.append(Cell("", size, size))
                yield row
                return
            continue
        end = _LINE_END.match(text, after)
        position = end.end() if end else size
        if len(row) > 1 or row[0].raw.strip():
            yield row
        row = []


def _quoted(text: str, match: re.Match[str], after: int) -> Cell:
    if text[match.end() : after].strip():
        return Cell(text[match.start() : after], match.start(), after)
    return Cell(match.group()[1:-1], match.start() + 1, match.end() - 1, is_quoted=True)


def has_header(rows: list[list[Cell]]) -> bool:
    """Whether the first row names the columns (see the module's rule)."""
    if len(rows) < 2:
        return False
    values = [cell.value.strip() for cell in rows[0]]
    if not all(values) or len(set(values)) < len(values):
        return False
    return not any(_NUMBER.fullmatch(value[:64]) for value in values)


class _Table:
    def __init__(self, rows: list[list[Cell]]) -> None:
        self.rows = rows
        self.has_header = has_header(rows)
        width = max((len(row) for row in rows), default=0)
        given = [" ".join(cell.value.split()) for cell in rows[0]] if self.has_header else []
        self.names = [given[i] if i < len(given) else f"column {i + 1}" for i in range(width)]
        self.builder = TextBuilder()
        self.blocks: list[Block] = []

    def write(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if number > 1:
                self.builder.add("\n")
            self._row(row, number, is_header=number == 1 and self.has_header)

    def _row(self, row: list[Cell], number: int, *, is_header: bool) -> None:
        start, place = self.builder.length, len(self.blocks)
        for column, cell in enumerate(row):
            if not cell.raw.strip():
                continue
            if self.builder.length > start:
                self.builder.add("; ")
            name = self.names[column]
            if self.has_header and not is_header:
                self.builder.add(f"{name}: ")
            begin = self.builder.length
            self._cell(cell, f"row {number}, column {name}")
            self.blocks.append(Block("cell", begin, self.builder.length, label=name))
        if self.builder.length > start:
            self.blocks.insert(place, Block("row", start, self.builder.length, label=f"row {number}"))

    def _cell(self, cell: Cell, locator: str) -> None:
        """The cell's text without white space around it; a doubled quotation mark stands for one."""
        lead = len(cell.raw) - len(cell.raw.lstrip())
        raw, at = cell.raw.strip(), cell.start + lead
        if not cell.is_quoted:
            self.builder.copy(raw, at, locator)
            return
        for index, part in enumerate(raw.split('""')):
            if index:
                self.builder.derive('"', at, at + 2, locator)
                at += 2
            self.builder.copy(part, at, locator)
            at += len(part)

    def warnings(self) -> list[str]:
        width = len(self.rows[0]) if self.rows else 0
        uneven = sum(len(row) != width for row in self.rows)
        return [f"{uneven} of {len(self.rows)} rows have more or fewer cells than the first."] if uneven else []
