"""HTML: the readable text of a page, with headings, code, tables and lists, each piece mapped to its source characters.

Left out: scripts, styles, navigation, forms' controls, embedded media, hidden elements (with a warning, because
hidden text is a way to slip words in), and permalink marks. Pages are not rendered: text that only a script would
write is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.ingest.decoding import decode
from assay.ingest.readers.anchors import noted
from assay.ingest.readers.common import empty, file_title, make_document, require_content
from assay.ingest.readers.html_render import HtmlRenderer
from assay.ingest.readers.html_tokens import HtmlTree
from assay.ingest.readers.markup import Element
from assay.types import Document, SourceFile

_CHARSET = re.compile(rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_META = {
    "description": "description",
    "author": "author",
    "keywords": "keywords",
    "date": "date",
    "article:published_time": "published",
    "article:modified_time": "modified",
    "citation_doi": "doi",
}


class HtmlReader:
    """One document a page. Title: the `title` element, else the first heading, else the file's name."""

    name = "html"
    formats: tuple[str, ...] = ("html", "htm", "xhtml")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The page as one document. Raises MalformedSource where it is empty or has no readable text."""
        require_content(source)
        charset = _CHARSET.search(source.data[:4096])
        found = decode(source.data, source.encoding or (charset.group(1).decode("ascii") if charset else ""))
        if not found.text.strip():
            raise empty(source)
        page = Page(found.text)
        yield make_document(
            source,
            page.text,
            title=page.title or file_title(source.path),
            format="html",
            metadata={**noted(page.anchors), **page.metadata},
            blocks=page.blocks,
            origin=page.origin,
            warnings=(*found.warnings, *page.warnings),
        )


class Page:
    """The readable text of HTML `source` with its blocks, its origin in `source`, title, metadata, anchors, warnings.

    `place` begins every locator.
    """

    def __init__(self, source: str, place: str = "") -> None:
        tree = HtmlTree(source)
        root = tree.build()
        renderer = HtmlRenderer(source, place)
        renderer.render(root)
        self.text, self.origin, self.blocks = renderer.writer.finish()
        self.warnings: tuple[str, ...] = (*tree.warnings, *renderer.warnings)
        heading = next((block.label for block in self.blocks if block.kind == "heading" and block.label), "")
        self.title = renderer.title or heading
        self.metadata = _metadata(root)
        self.anchors = renderer.anchors


def _metadata(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in _head_elements(root):
        name = (element.get("name") or element.get("property")).lower()
        if name in _META and element.get("content").strip():
            found.setdefault(_META[name], element.get("content").strip())
    return found


def _head_elements(root: Element) -> Iterator[Element]:
    for path in ("meta", "head/meta", "html/meta", "html/head/meta"):
        yield from root.find_all(path)
