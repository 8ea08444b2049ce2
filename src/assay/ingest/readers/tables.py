"""Tables as text that a person can read and a citation can point into: one line a row, "Header: value; Header: value".

The header row itself stands as a line of its own. Locators say "table 2, row 3, column Price"; rows count from 1, the
header's rows included. A value under a spanning cell is repeated in every row it spans, with the same origin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.ingest.readers.flow import FlowWriter

MAX_SPAN = 1000


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: its plain words, and how it is written with its origin."""

    words: str
    write: Callable[[FlowWriter], None]
    columns: int = 1
    rows: int = 1


Grid = list[list[GridCell | None]]


def layout(rows: Sequence[Sequence[GridCell]]) -> Grid:
    """The rows as a grid: a cell stands in every row and in the first column that it spans; other places are None."""
    grid: Grid = []
    open_until: dict[int, tuple[GridCell, int]] = {}
    for number, cells in enumerate(rows):
        line: list[GridCell | None] = []
        waiting = iter(cells)
        cell = next(waiting, None)
        while cell is not None or any(
            column >= len(line) and last > number for column, (_, last) in open_until.items()
        ):
            column = len(line)
            above = open_until.get(column)
            if above is not None and above[1] > number:
                line.append(above[0])
                line.extend([None] * (above[0].columns - 1))
            elif cell is not None:
                if cell.rows > 1:
                    open_until[column] = (cell, number + cell.rows)
                line.append(cell)
                line.extend([None] * (cell.columns - 1))
                cell = next(waiting, None)
            else:
                line.append(None)
        grid.append(line)
        open_until = {column: entry for column, entry in open_until.items() if entry[1] > number + 1}
    return grid


def column_names(grid: Grid, header_rows: int) -> list[str]:
    """One name a column: the words of its header cells from the top down, joined by " / "."""
    width = max((len(line) for line in grid), default=0)
    names = []
    for column in range(width):
        words: list[str] = []
        for line in grid[:header_rows]:
            covering = _covering(line, column)
            if covering is not None and covering.words and covering.words not in words:
                words.append(covering.words)
        names.append(" / ".join(words))
    return names


def write_table(writer: FlowWriter, grid: Grid, header_rows: int, name: str, label: str = "") -> None:
    """Write the grid as one table block with row and cell blocks. `name` ("table 2") begins every locator."""
    names = column_names(grid, header_rows)
    outside = writer.locator
    with writer.block("table", label=label):
        for number, line in enumerate(grid, start=1):
            is_header = number <= header_rows
            with writer.block("row", gap=1, label=f"row {number}"):
                _write_row(writer, line, names, f"{name}, row {number}" if name else f"row {number}", is_header)
    writer.locator = outside


def _write_row(
    writer: FlowWriter, line: Sequence[GridCell | None], names: Sequence[str], place: str, is_header: bool
) -> None:
    is_first = True
    for column, cell in enumerate(line):
        if cell is None or not cell.words:
            continue
        name = names[column] if column < len(names) else ""
        writer.locator = ""
        if not is_first:
            writer.own("; ")
        if name and not is_header:
            writer.own(f"{name}: ")
        is_first = False
        writer.locator = f"{place}, column {name or column + 1}"
        with writer.block("cell", gap=0, label=name or f"column {column + 1}"):
            cell.write(writer)


def _covering(line: Sequence[GridCell | None], column: int) -> GridCell | None:
    """The cell that spans `column`: itself, or the nearest to the left that reaches so far."""
    for left in range(min(column, len(line) - 1), -1, -1):
        cell = line[left]
        if cell is not None:
            return cell if left + cell.columns > column else None
    return None
