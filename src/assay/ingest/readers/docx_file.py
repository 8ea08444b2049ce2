"""Word documents (.docx): paragraphs, headings, lists, code, tables, footnotes and endnotes, in the order of the body.

There is no character stream to point into, so origins count inside the part that the locator names: "paragraph 12",
"table 2, row 3, column Price", "footnote 1". Deleted (tracked) text is left out, inserted text is read. Headers and
footers, which repeat on every page, are left out. The archive is checked before it is opened: a file that would
expand too far is refused.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from assay.errors import LimitExceeded, MalformedSource
from assay.ingest.readers.common import MAX_EXPANDED_BYTES, file_title, make_document, options, require_content
from assay.ingest.readers.docx_render import DocxRenderer
from assay.types import Document, SourceFile

MAX_RATIO = 200
MAX_ENTRIES = 10_000
_RATIO_FLOOR = 32 * 1024 * 1024
# What python-docx lets through where a part is missing, cut off or not what the package says it is.
_DAMAGE = (KeyError, ValueError, AttributeError, TypeError, IndexError, NotImplementedError, EOFError, RecursionError)


class DocxReader:
    """One document a file. Title: the document's property, else its title or first heading, else the file's name."""

    name = "docx"
    formats: tuple[str, ...] = ("docx",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The file as one document. Raises LimitExceeded (it expands too far) or MalformedSource (broken)."""
        require_content(source)
        check_archive(source)
        yield _document(source)


def _document(source: SourceFile) -> Document:
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    renderer = DocxRenderer()
    try:
        properties = _render(source, renderer)
    except (OpcError, LxmlError, zipfile.BadZipFile, zlib.error, *_DAMAGE) as error:
        raise _broken(source, str(error)) from error
    text, origin, blocks = renderer.writer.finish()
    heading = next((block.label for block in blocks if block.kind == "heading" and block.label), "")
    return make_document(
        source,
        text,
        title=str(properties.pop("title", "")) or heading or file_title(source.path),
        format="docx",
        metadata=properties,
        blocks=blocks,
        origin=origin,
    )


def _render(source: SourceFile, renderer: DocxRenderer) -> dict[str, Any]:
    """Render the body; returns the properties that are set."""
    import docx

    word = docx.Document(io.BytesIO(source.data))
    renderer.render(word)
    own = word.core_properties
    names = ("title", "author", "subject", "keywords", "created", "modified")
    return {name: value for name in names if (value := getattr(own, name))}


def check_archive(source: SourceFile) -> None:
    """Look at the archive's directory before anything is unpacked.

    Raises LimitExceeded where it says that the parts expand beyond the limit or beyond 200 times their size, and
    MalformedSource where it is no archive. A part that lies about its size cannot expand further: unpacking stops
    there.
    """
    limit = int(options(source).get("max_expanded_bytes", MAX_EXPANDED_BYTES))
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise _broken(source, str(error)) from error
    expanded = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        raise LimitExceeded(f"{source.path} holds {len(entries)} parts", why=f"more than {MAX_ENTRIES} are not opened")
    if expanded > limit or (expanded > _RATIO_FLOOR and expanded > MAX_RATIO * len(source.data)):
        what = f"{source.path} expands to {expanded:,} bytes from {len(source.data):,}"
        raise LimitExceeded(
            what, why=f"the limit is {limit:,} bytes and {MAX_RATIO} times its size", next="Leave it out"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise MalformedSource(f"{source.path} is encrypted", next="Save it without a password and add it again")


def _broken(source: SourceFile, why: str) -> MalformedSource:
    what = f"{source.path} is not a readable Word document"
    return MalformedSource(what, why=why[:200], next="Open it in a word processor and save it again as .docx")
