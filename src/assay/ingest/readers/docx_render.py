"""Writes the body of a Word document as flowing text. What each style means for reading is said here, and only here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.tables import MAX_SPAN, GridCell, layout, write_table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"heading\s*([1-9])", re.IGNORECASE)
_CODE_STYLE = re.compile(r"\bcode\b|source|html preformatted|verbatim|listing", re.IGNORECASE)
_FIXED = re.compile(r"mono|courier|consolas|menlo|fixed|lucida console", re.IGNORECASE)
_NOTES = {"footnotes": "footnote", "endnotes": "endnote"}


class DocxRenderer:
    """Renders one Word document into `writer`."""

    def __init__(self) -> None:
        self.writer = FlowWriter()
        self._paragraphs = 0
        self._tables = 0

    def render(self, word: Any) -> None:
        """Write the body, then the notes."""
        from docx.table import Table

        pending: list[tuple[str, str]] = []
        for item in word.iter_inner_content():
            if isinstance(item, Table):
                self._code(pending)
                self._table(item)
                continue
            self._paragraphs += 1
            text = paragraph_text(item._p)
            locator = f"paragraph {self._paragraphs}"
            if text.strip() and _is_code(item):
                pending.append((text, locator))
                continue
            if not text.strip() and pending:
                pending.append(("", locator))
                continue
            self._code(pending)
            self._paragraph(item, text, locator)
        self._code(pending)
        self._notes(word)

    def _code(self, pending: list[tuple[str, str]]) -> None:
        """Paragraphs of code that follow one another are one block."""
        while pending and not pending[-1][0].strip():
            pending.pop()
        if pending:
            with self.writer.block("code"):
                for number, (text, locator) in enumerate(pending):
                    if number:
                        self.writer.own("\n")
                    self.writer.locator = locator
                    self.writer.verbatim((text, 0, len(text)))
        pending.clear()

    def _paragraph(self, paragraph: Any, text: str, locator: str) -> None:
        self.writer.locator = locator
        if text.strip():
            style = str(paragraph.style.name or "") if paragraph.style is not None else ""
            level = _heading_level(paragraph, style)
            if level:
                with self.writer.block("heading", level=level, label=" ".join(text.split())):
                    self.writer.inline((text, 0, len(text)))
            elif _is_list(paragraph, style):
                with self.writer.block("list", gap=1):
                    self.writer.own("- ")
                    self.writer.inline((text, 0, len(text)))
            else:
                kind = "quote" if "quote" in style.lower() else "caption" if style.lower() == "caption" else "prose"
                self._plain(kind, text)
        for box in _text_boxes(paragraph._p):
            words = "\n".join(paragraph_text(inner) for inner in box.iter(f"{_W}p"))
            self.writer.locator = f"{locator}, text box"
            self._plain("prose", words)

    def _plain(self, kind: str, text: str) -> None:
        self.writer.gap(2)
        if kind == "prose":
            self._lines(text)
        else:
            with self.writer.block("quote" if kind == "quote" else "caption"):
                self._lines(text)
        self.writer.gap(2)

    def _lines(self, text: str) -> None:
        position = 0
        for line in text.split("\n"):
            if line.strip():
                self.writer.gap(1)
                self.writer.inline((line, position, position + len(line)))
            position += len(line) + 1

    def _table(self, table: Any) -> None:
        self._tables += 1
        rows = list(table._tbl.iter(f"{_W}tr"))
        rows = [row for row in rows if row.getparent() is table._tbl]
        above: dict[int, GridCell] = {}
        cells = [_row_cells(row, above) for row in rows]
        marked = [_is_header_row(row) for row in rows]
        count = next((i for i, is_header in enumerate(marked) if not is_header), len(marked))
        headers = count or int(_first_row_names(cells))
        name = f"table {self._tables}"
        write_table(self.writer, layout(cells), headers if headers < len(rows) else 0, name)

    def _notes(self, word: Any) -> None:
        for relation in word.part.rels.values():
            name = _NOTES.get(str(relation.reltype).rsplit("/", 1)[-1])
            if name is None or relation.is_external:
                continue
            from docx.oxml import parse_xml

            number = 0
            for note in parse_xml(relation.target_part.blob).iter(f"{_W}footnote", f"{_W}endnote"):
                text = "\n".join(paragraph_text(inner) for inner in note.iter(f"{_W}p")).strip()
                if not text or note.get(f"{_W}type") in ("separator", "continuationSeparator", "continuationNotice"):
                    continue
                number += 1
                self.writer.locator = f"{name} {number}"
                self.writer.gap(2)
                self.writer.own(f"{name.capitalize()} {number}: ")
                self.writer.inline((text, 0, len(text)))
                self.writer.gap(2)


def paragraph_text(paragraph: Any) -> str:
    """The text of a paragraph element: inserted text and links too, deleted text and text boxes not."""
    return "".join(_runs(paragraph))


def _runs(element: Any) -> Iterator[str]:
    for child in element:
        tag = child.tag
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag in (f"{_W}tab", f"{_W}ptab"):
            # A tab stop among the paragraph's properties is a setting, not a character.
            yield "\t" if element.tag == f"{_W}r" else ""
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag not in (f"{_W}del", f"{_W}pPr", f"{_W}rPr", f"{_W}txbxContent", f"{_W}moveFrom", _COMPATIBILITY):
            yield from _runs(child)


def _text_boxes(paragraph: Any) -> list[Any]:
    boxes = list(paragraph.iter(f"{_W}txbxContent"))
    return [box for box in boxes if not any(above.tag == _COMPATIBILITY for above in box.iterancestors())]


def _heading_level(paragraph: Any, style: str) -> int:
    if style.lower() == "title":
        return 1
    match = _HEADING.match(style)
    if match:
        return int(match.group(1))
    outline = paragraph._p.find(f"{_W}pPr/{_W}outlineLvl")
    value = outline.get(f"{_W}val", "") if outline is not None else ""
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def _is_list(paragraph: Any, style: str) -> bool:
    return style.lower().startswith("list") or paragraph._p.find(f"{_W}pPr/{_W}numPr") is not None


def _is_code(paragraph: Any) -> bool:
    style = str(paragraph.style.name or "") if paragraph.style is not None else ""
    if _CODE_STYLE.search(style):
        return True
    runs = [run for run in paragraph.runs if run.text.strip()]
    return bool(runs) and all(_FIXED.search(str(run.font.name or "")) for run in runs)


def _row_cells(row: Any, above: dict[int, GridCell]) -> list[GridCell]:
    """The cells of a row; a cell merged with the one above it (remembered by column in `above`) repeats it."""
    found: list[GridCell] = []
    column = 0
    for cell in row.iter(f"{_W}tc"):
        if cell.getparent() is not row and cell.getparent().getparent() is not row:
            continue
        text = "\n".join(paragraph_text(inner) for inner in cell.iter(f"{_W}p")).strip("\n")
        columns = max(1, min(_number(cell.find(f"{_W}tcPr/{_W}gridSpan")), MAX_SPAN))
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        continues = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
        own = GridCell(" ".join(text.split()), _Writes(text), columns)
        found.append(above.get(column, own) if continues else own)
        above[column] = found[-1]
        column += columns
    return found


def _number(element: Any) -> int:
    value = element.get(f"{_W}val", "1") if element is not None else "1"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1


class _Writes:
    """Writes one cell's text on the present line."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, writer: FlowWriter) -> None:
        writer.inline((self.text, 0, len(self.text)))


def _is_header_row(row: Any) -> bool:
    return row.find(f"{_W}trPr/{_W}tblHeader") is not None


def _first_row_names(cells: list[list[GridCell]]) -> bool:
    """Without a mark, the first row names the columns where its cells are distinct and none is empty or a number."""
    words = [cell.words for cell in cells[0]] if len(cells) > 1 else []
    return bool(words) and all(words) and len(set(words)) == len(words) and not any(w[:1].isdigit() for w in words)
