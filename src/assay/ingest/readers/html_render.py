"""Writes the tree of an HTML page as flowing text. What each element means for reading is said here, and only here."""

from __future__ import annotations

import re

from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.markup import Element, Piece
from assay.ingest.readers.names import names
from assay.ingest.readers.tables import MAX_SPAN, GridCell, layout, write_table

DROPPED = names(
    """script style nav template noscript iframe object embed canvas audio video svg button input select option
    textarea datalist noembed noframes map area link meta base"""
)
BLOCKS = names(
    """address article aside body center details dialog div fieldset figure footer form header hgroup hr html
    legend main menu p search section summary"""
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:language|lang|highlight|brush:?)[-\s]*(?:source-)?([A-Za-z0-9+#]+)")
_MARKS = frozenset({"¶", "#", "§", "", "🔗", "Link"})
_PERMALINK = re.compile(r"headerlink|permalink|anchor")
_SIGNATURE = re.compile(r"\bsig\b|\bsig-object\b")
_STRUCTURE = names("pre table dl ul ol h1 h2 h3 h4 h5 h6 blockquote")
_ANCHORED = names("h1 h2 h3 h4 h5 h6 dt section article div a span")
_SHORT = 2000
_LAYOUT = names("table h1 h2 h3 h4 pre article section main")


class HtmlRenderer:
    """Renders one page into `writer`; `title` is the page's title element, `warnings` what the reader should know,
    `anchors` the ids of its places with their offsets."""

    def __init__(self, source: str, place: str = "") -> None:
        self.writer = FlowWriter(source)
        self.writer.locator = place
        self._place = f"{place}, " if place else ""
        self.title = ""
        self.hidden = 0
        self.anchors: list[tuple[int, str]] = []
        self._tables = 0
        self._depth = 0
        self._level = 0
        self._nesting = 0

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the renderer left out on purpose."""
        return (f"{self.hidden} hidden elements with text were left out.",) if self.hidden else ()

    def render(self, element: Element) -> None:
        """Write the children of `element`."""
        for child in element.children:
            if isinstance(child, Element):
                self._element(child)
            else:
                self.writer.inline(child)

    def _element(self, element: Element) -> None:
        name = element.name
        if element.has_attributes and name in _ANCHORED:
            self._anchor(element)
        if name in DROPPED or name in ("head", "title"):
            self._aside(element)
        elif self._is_hidden(element):
            self.hidden += bool(element.words())
        elif name in _HEADINGS:
            self._level = _HEADINGS[name]
            with self.writer.block("heading", level=_HEADINGS[name], label=_heading_words(element)):
                self.render(element)
        elif name in BLOCKS:
            self._set_apart(element, 2)
        else:
            self._special(element, name)

    def _anchor(self, element: Element) -> None:
        """Note the id of a place that pages link to."""
        name = element.get("id") or (element.get("name") if element.name == "a" else "")
        if name:
            self.anchors.append((self.writer.length, name))

    def _special(self, element: Element, name: str) -> None:
        if name in ("pre", "listing", "xmp"):
            self._code(element)
        elif name in ("ul", "ol"):
            self._list(element)
        elif name == "dl":
            self._definitions(element)
        elif name == "table":
            self._table(element)
        elif name == "blockquote":
            with self.writer.block("quote"):
                self.render(element)
        elif name in ("figcaption", "caption"):
            with self.writer.block("caption"):
                self.render(element)
        elif name == "br":
            self.writer.gap(1)
        elif name in ("li", "dt", "dd"):
            self._set_apart(element, 1)
        else:
            self._inline(element, name)

    def _inline(self, element: Element, name: str) -> None:
        if name == "a" and _is_navigation(element):
            return
        if name == "sup":
            self.writer.superscript(element.words())
        elif name == "span" and "classifier" in element.get("class"):
            # Sphinx sets a parameter apart from its type by style only.
            self.writer.own(": ")
        self.render(element)

    def _aside(self, element: Element) -> None:
        """The title is kept apart; everything else in here is not for reading."""
        if element.name == "title":
            self.title = self.title or element.words()
        for child in element.elements("title") if element.name == "head" else ():
            self._aside(child)

    def _is_hidden(self, element: Element) -> bool:
        return bool(element.has_attributes) and (
            element.get("hidden", "no") != "no" or bool(_HIDDEN.search(element.get("style")))
        )

    def _set_apart(self, element: Element, gap: int) -> None:
        self.writer.gap(gap)
        self.render(element)
        self.writer.gap(gap)

    def _code(self, element: Element) -> None:
        with self.writer.block("code", language=_language(element)):
            self._verbatim(element, is_start=True)

    def _verbatim(self, element: Element, *, is_start: bool) -> bool:
        for child in element.children:
            if not isinstance(child, Element):
                self.writer.verbatim(_without_first_newline(child) if is_start else child)
                is_start = False
            elif child.name == "br":
                self.writer.own("\n")
            elif child.name not in DROPPED:
                is_start = self._verbatim(child, is_start=is_start)
        return is_start

    def _list(self, element: Element) -> None:
        if self._depth:
            self.writer.gap(1)
            self._items(element)
            return
        with self.writer.block("list"):
            self._items(element)

    def _items(self, element: Element) -> None:
        number = 0
        self._depth += 1
        for child in element.children:
            if isinstance(child, Element) and child.name == "li":
                number += 1
                self.writer.gap(1)
                if child.words():
                    mark = f"{number}. " if element.name == "ol" else "- "
                    self.writer.own("  " * (self._depth - 1) + mark)
                self.render(child)
            elif isinstance(child, Element):
                self._element(child)
            else:
                self.writer.inline(child)
        self._depth -= 1
        self.writer.gap(1)

    def _definitions(self, element: Element) -> None:
        """A definition list: a signature is a heading over what is said of it, a short plain entry one field block."""
        self.writer.gap(2)
        depth, self._depth = self._depth, 0
        self._nesting += 1
        for group in _groups(element):
            term = group[0]
            words = _heading_words(term) if term.name == "dt" else ""
            if term.name == "dt" and _SIGNATURE.search(term.get("class")):
                with self.writer.block("heading", level=min(self._level + self._nesting, 9), label=words):
                    self.render(term)
                self._entry(group[1:])
            elif _is_short(group):
                with self.writer.block("field", label=words):
                    self._entry(group)
            else:
                self._entry(group)
        self._nesting -= 1
        self._depth = depth
        self.writer.gap(2)

    def _entry(self, group: list[Element]) -> None:
        for child in group:
            self._element(child)

    def _table(self, element: Element) -> None:
        rows = _rows(element)
        if any(part.name in _LAYOUT for row in rows for cell in row.elements("td", "th") for part in cell.walk()):
            for row in rows:
                for cell in row.elements("td", "th"):
                    self._set_apart(cell, 2)
            return
        self._tables += 1
        for caption in element.elements("caption"):
            self._element(caption)
        cells = [[self._cell(cell) for cell in row.elements("td", "th")] for row in rows]
        headers = _header_rows(rows)
        write_table(self.writer, layout(cells), headers, f"{self._place}table {self._tables}")

    def _cell(self, element: Element) -> GridCell:
        def write(_: FlowWriter) -> None:
            depth, self._depth = self._depth, 1
            self.render_flat(element)
            self._depth = depth

        return GridCell(element.words(), write, _span(element, "colspan"), _span(element, "rowspan"))

    def render_flat(self, element: Element) -> None:
        """The text below `element` on one line: a cell never breaks its row."""
        for child in element.children:
            if not isinstance(child, Element):
                self.writer.inline(child)
            elif child.name == "br" or child.name in BLOCKS or child.name in ("li", "dt", "dd", "ul", "ol"):
                self.writer.space()
                self.render_flat(child)
                self.writer.space()
            elif child.name not in DROPPED and not self._is_hidden(child):
                if child.name == "sup":
                    self.writer.superscript(child.words())
                self.render_flat(child)


def _rows(table: Element) -> list[Element]:
    rows: list[Element] = []
    for part in table.elements():
        if part.name == "tr":
            rows.append(part)
        elif part.name in ("thead", "tbody", "tfoot"):
            rows.extend(part.elements("tr"))
    return rows


def _header_rows(rows: list[Element]) -> int:
    """How many rows at the top hold header cells only."""
    count = 0
    for row in rows:
        cells = list(row.elements("td", "th"))
        if not cells or any(cell.name == "td" for cell in cells):
            break
        count += 1
    return count if count < len(rows) else 0


def _span(element: Element, attribute: str) -> int:
    value = element.get(attribute, "1").strip()
    return max(1, min(int(value), MAX_SPAN)) if value.isascii() and value.isdigit() and len(value) < 6 else 1


def _groups(element: Element) -> list[list[Element]]:
    """Terms, each with the definitions after it; several terms may share one."""
    groups: list[list[Element]] = []
    for child in _flattened(element):
        if not groups or (child.name == "dt" and groups[-1][-1].name != "dt"):
            groups.append([])
        groups[-1].append(child)
    return groups


def _is_short(group: list[Element]) -> bool:
    """Whether an entry is small and plain enough to be one block."""
    if any(part.name in _STRUCTURE for child in group for part in child.walk()):
        return False
    return sum(child.end - child.start for child in group) <= _SHORT


def _flattened(element: Element) -> list[Element]:
    """The terms and definitions of a list; a `div` around some of them is allowed."""
    found: list[Element] = []
    for child in element.elements():
        found.extend(_flattened(child) if child.name == "div" else [child])
    return found


def _language(element: Element) -> str:
    declared = element.get("data-language") or element.get("lang")
    for part in (element, *element.elements("code")):
        match = _LANGUAGE.search(part.get("class"))
        declared = declared or part.get("data-lang") or (match.group(1) if match else "")
    return declared.lower()


def _is_navigation(element: Element) -> bool:
    """A permalink mark, or Sphinx's link to the source of what is described: not part of the sentence around it."""
    words = element.words()
    return words == "[source]" or (words in _MARKS and bool(_PERMALINK.search(element.get("class"))))


def _heading_words(element: Element) -> str:
    return _clip(element.words().rstrip("¶# ").removesuffix("[source]"))


def _clip(words: str) -> str:
    return words if len(words) <= 200 else words[:199] + "…"


def _without_first_newline(piece: Piece) -> Piece:
    text, start, end = piece
    return (text[1:], start + 1, end) if text.startswith("\n") and end - start == len(text) else piece
