"""JATS articles (the XML of PubMed Central and of many publishers) as text: title, abstract, body, tables, notes.

Follows the NLM Journal Archiving tag set. References are left out of the text and counted in the metadata
(`n_references`), because a list of other works' titles drowns the article's own statements. Figures give their
captions.
"""

from __future__ import annotations

from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.markup import Element
from assay.ingest.readers.names import names
from assay.ingest.readers.tables import MAX_SPAN, GridCell, layout, write_table

_BLOCKS = names(
    """p sec list def-list table-wrap table-wrap-group fig fig-group boxed-text disp-quote disp-formula code
    preformat fn-group fn statement supplementary-material media verse-group speech ack app app-group
    glossary notes bio array caption disp-formula-group table"""
)
_DROPPED = names(
    """ref-list graphic inline-graphic tex-math annotation object-id permissions related-article related-object
    counts processing-meta"""
)
_CITATIONS = frozenset({"bibr"})


class JatsRenderer:
    """Writes one article into `writer`."""

    def __init__(self, source: str) -> None:
        self.writer = FlowWriter(source)
        self._tables = 0
        self._sections: list[str] = []
        self._paragraphs = 0

    def render(self, article: Element, level: int = 1) -> None:
        """The whole article (or sub-article), its title at heading `level`."""
        front = article.find("front") or article.find("front-stub") or article
        meta = front.find("article-meta") or front
        title = meta.find("title-group/article-title")
        if title is not None and title.words():
            self._locate("title")
            with self.writer.block("heading", level=level, label=title.words()):
                self._inline(title)
        for abstract in [*meta.elements("abstract"), *meta.elements("trans-abstract")]:
            self._part(abstract, "Abstract", level + 1)
        for name in ("body", "floats-group", "floats-wrap", "back"):
            for part in article.elements(name):
                self._children(part, level + 1)
        for part in article.elements("sub-article", "response"):
            self._sections, self._paragraphs = [], 0
            self.render(part, level + 1)

    def _part(self, element: Element, name: str, level: int) -> None:
        """An abstract, a section or the like: its heading (`name` where it has none), then its content."""
        title = element.find("title")
        words = title.words() if title is not None else name
        outer = self._sections, self._paragraphs
        self._sections, self._paragraphs = [*self._sections, words] if words else self._sections, 0
        self._locate()
        if words:
            with self.writer.block("heading", level=level, label=words):
                label = element.find("label")
                if label is not None and label.words():
                    self._inline(label)
                    self.writer.space()
                if title is not None:
                    self._inline(title)
                else:
                    self.writer.own(name)
        self._children(element, level + 1)
        self._sections, self._paragraphs = outer

    def _children(self, element: Element, level: int) -> None:
        for child in element.children:
            if not isinstance(child, Element):
                self.writer.inline(child)
            elif child.name not in ("title", "label"):
                self._block(child, level)

    def _block(self, element: Element, level: int) -> None:
        name = element.name
        if name in _DROPPED:
            return
        if name in ("sec", "ack", "app", "glossary", "notes", "boxed-text", "fn-group"):
            names_itself = name != "ack" or element.find("sec/title") is not None
            self._part(element, "" if names_itself else "Acknowledgements", level)
        elif name in ("p", "fn", "disp-formula", "statement", "speech", "verse-group"):
            self._paragraph(element, level)
        elif name in ("list", "def-list"):
            with self.writer.block("list"):
                self._items(element, level)
        elif name == "table-wrap":
            self._table_wrap(element)
        elif name in ("table", "array"):
            self._table(element, f"table {self._tables + 1}")
        elif name in ("fig", "supplementary-material", "media"):
            self._caption(element)
        elif name == "disp-quote":
            with self.writer.block("quote"):
                self._children(element, level)
        elif name in ("code", "preformat"):
            self._code(element)
        elif name in _BLOCKS:
            self._children(element, level)
        else:
            self._inline(element)

    def _paragraph(self, element: Element, level: int) -> None:
        self.writer.gap(2)
        self._paragraphs += 1
        self._locate(f"paragraph {self._paragraphs}")
        place = self.writer.locator
        for child in element.children:
            if isinstance(child, Element) and child.name in _BLOCKS and element.name != "disp-formula":
                self.writer.gap(2 if child.name != "p" else 1)
                self._block(child, level)
                self.writer.gap(2 if child.name != "p" else 1)
                self.writer.locator = place
            else:
                self._node(child)
        self.writer.gap(2)

    def _items(self, element: Element, level: int) -> None:
        for number, item in enumerate(element.elements("list-item", "def-item"), start=1):
            self.writer.gap(1)
            self.writer.own("- " if element.get("list-type") != "order" else f"{number}. ")
            for child in item.elements():
                if child.name in ("list", "def-list"):
                    self._items(child, level)
                elif child.name == "def":
                    self.writer.own(": ")
                    self._flat(child)
                elif child.name != "label":
                    self.writer.space()
                    self._flat(child)
        self.writer.gap(1)

    def _table_wrap(self, element: Element) -> None:
        self._tables += 1
        words = element.find("label")
        name = (words.words().rstrip(".") if words is not None else "").lower() or f"table {self._tables}"
        self._caption(element, name)
        outside = self.writer.locator
        for part in element.walk():
            if part.name in ("table", "array"):
                self._table(part, name)
        for foot in element.elements("table-wrap-foot"):
            self.writer.locator = f"{name}, notes"
            self.writer.gap(2)
            self._flat(foot)
            self.writer.gap(2)
        self.writer.locator = outside

    def _caption(self, element: Element, name: str = "") -> None:
        """Label, title and words of a figure's or table's caption, as one block."""
        outside = self.writer.locator
        label = element.find("label")
        self.writer.locator = f"{name or (label.words().lower() if label is not None else element.name)}, caption"
        with self.writer.block("caption"):
            if label is not None:
                self._inline(label)
                if self.writer.last and self.writer.last not in ".:":
                    self.writer.own(".")
            for caption in element.elements("caption"):
                self.writer.space()
                self._flat(caption)
        self.writer.locator = outside

    def _table(self, element: Element, name: str) -> None:
        head = [row for part in element.elements("thead") for row in part.elements("tr")]
        body = [row for part in element.elements("tbody", "tfoot") for row in part.elements("tr")]
        rows = [*head, *element.elements("tr"), *body]
        cells = [[self._cell(cell) for cell in row.elements("td", "th")] for row in rows]
        write_table(self.writer, layout(cells), len(head), name)

    def _cell(self, element: Element) -> GridCell:
        def write(_: FlowWriter) -> None:
            self._flat(element)

        return GridCell(element.words(), write, _span(element.get("colspan")), _span(element.get("rowspan")))

    def _code(self, element: Element) -> None:
        with self.writer.block("code", language=element.get("language").lower()):
            for part in element.walk():
                for child in part.children:
                    if not isinstance(child, Element):
                        self.writer.verbatim(child)

    def _flat(self, element: Element) -> None:
        """Everything below on one line; a paragraph's edge is a space."""
        for child in element.children:
            if isinstance(child, Element) and child.name in (*_BLOCKS, "title", "label", "list-item", "break"):
                self.writer.space()
                self._flat(child)
                self.writer.space()
            else:
                self._node(child, is_flat=True)

    def _inline(self, element: Element) -> None:
        for child in element.children:
            self._node(child)

    def _node(self, node: object, *, is_flat: bool = False) -> None:
        if not isinstance(node, Element):
            self.writer.inline(node)  # type: ignore[arg-type]
            return
        if node.name in _DROPPED:
            return
        below = self._flat if is_flat else self._inline
        if node.name == "break":
            self.writer.space()
        elif _is_raised_citation(node):
            self.writer.own("[")
            below(node)
            self.writer.own("]")
        else:
            if node.name == "sup":
                self.writer.superscript(node.words())
            below(node)

    def _locate(self, what: str = "") -> None:
        section = " > ".join(self._sections)
        self.writer.locator = ", ".join(part for part in (section, what) if part)


def _is_raised_citation(element: Element) -> bool:
    """A raised reference number, which would otherwise melt into the word or number before it."""
    inner = list(element.elements())
    if element.name == "sup":
        return bool(inner) and all(child.name == "xref" and child.get("ref-type") in _CITATIONS for child in inner)
    is_citation = element.name == "xref" and element.get("ref-type") in _CITATIONS
    return is_citation and len(inner) == 1 and inner[0].name == "sup" and inner[0].words() == element.words()


def _span(value: str) -> int:
    clean = value.strip()
    return max(1, min(int(clean), MAX_SPAN)) if clean.isascii() and clean.isdigit() and len(clean) < 6 else 1
