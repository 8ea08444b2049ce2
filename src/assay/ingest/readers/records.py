"""A record (one line of JSON Lines, one element of a JSON list) becomes one document.

`text` is the document's text, character for character; `id`, `title`, `metadata` and `access` are taken as such,
every other key goes to the metadata. Where `metadata.format` names a structured format, its blocks are read from the
text; HTML is extracted, its origins counting in the record's text. A record without `text` is written as fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.errors import MalformedSource
from assay.ingest.decoding import storable
from assay.ingest.readers.anchors import markup_anchors, noted
from assay.ingest.readers.code_blocks import code_blocks, language_of
from assay.ingest.readers.common import access_of, make_document
from assay.ingest.readers.fields import write_value
from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.html import Page
from assay.ingest.readers.json_scan import Node
from assay.ingest.readers.markdown import first_heading, markdown_blocks
from assay.ingest.readers.openapi_blocks import openapi_blocks
from assay.ingest.readers.rst_scan import rst_blocks
from assay.textual.fields import MAX_VALUE
from assay.textual.offsets import whole
from assay.types import EMPTY, Block, Document, SourceFile

_OWN_KEYS = frozenset({"id", "title", "text", "metadata", "access"})
_MARKDOWN = frozenset({"markdown", "md"})
_RST = frozenset({"rst", "restructuredtext", "rest"})
_HTML = frozenset({"html", "htm", "xhtml"})
_OPENAPI = frozenset({"openapi", "openapi-json", "swagger"})


def is_record(value: object) -> bool:
    """Whether a value is a record with a text of its own."""
    return isinstance(value, Mapping) and isinstance(value.get("text"), str)


def record_document(
    source: SourceFile, record: Mapping[str, Any], place: str, number: int, warnings: tuple[str, ...] = ()
) -> Document:
    """The document of a record with `text`, named by `place` ("line 12"). Raises MalformedSource where it is empty."""
    text, replaced = storable(record["text"])
    if not text.strip():
        raise MalformedSource(f"{source.path}, {place}: the record's text is empty", next="Leave it out")
    metadata = record_metadata(record)
    format = str(metadata.get("format") or record.get("format") or "text").lower()
    title = record.get("title")
    title = title if isinstance(title, str) else ""
    origin = whole(len(text), 0, f"{place}, text")
    blocks: tuple[Block, ...] = ()
    anchors: Mapping[str, Any] = EMPTY
    if format in _HTML:
        page = Page(text, f"{place}, text")
        if page.text.strip():
            text, origin, blocks, title = page.text, page.origin, page.blocks, title or page.title
            warnings = (*warnings, *page.warnings)
            anchors = noted(page.anchors)
    else:
        blocks = _blocks(text, format)
        if format in _RST | _MARKDOWN:
            anchors = markup_anchors(text, "rst" if format in _RST else "markdown", blocks)
    return make_document(
        source,
        text,
        title=title or first_heading(blocks) or record_id(source, record, number),
        format=format,
        id=record_id(source, record, number),
        metadata={**anchors, **metadata},
        access=access_of(source, record.get("access")),
        blocks=blocks,
        origin=origin,
        warnings=(*warnings, *replaced),
        is_prose=not language_of(format),
    )


def field_document(
    source: SourceFile, node: Node, text: str, place: str, number: int, warnings: tuple[str, ...] = ()
) -> Document:
    """The document of a record without `text`: its fields as lines, their origins counting in `text`."""
    record = node.value()
    writer = FlowWriter(text)
    writer.locator = place
    write_value(writer, node, place)
    written, origin, blocks = writer.finish()
    title = next((record[key] for key in ("title", "name") if isinstance(record.get(key), str)), "")
    return make_document(
        source,
        written,
        title=title or record_id(source, record, number),
        format="json",
        id=record_id(source, record, number),
        metadata=record_metadata(
            {key: value for key, value in record.items() if key == "metadata" or _is_plain(value)}
        ),
        access=access_of(source, record.get("access")),
        blocks=blocks,
        origin=origin,
        warnings=warnings,
    )


def record_id(source: SourceFile, record: Mapping[str, Any], number: int) -> str:
    """The record's own id, else its file and number."""
    id = record.get("id")
    if isinstance(id, (str, int)) and not isinstance(id, bool) and str(id).strip():
        return storable(str(id))[0]
    return f"{source.path}#{number}"


def record_metadata(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record's `metadata` and every key that is not one of the record's own."""
    own = record.get("metadata")
    extra = {key: value for key, value in record.items() if key not in _OWN_KEYS}
    if isinstance(own, Mapping):
        return {**extra, **own}
    return {**extra, "metadata": own} if own is not None else extra


def _is_plain(value: object) -> bool:
    """Whether a field can be filtered on: short and without structure. Longer ones are in the text alone."""
    return isinstance(value, (bool, int, float)) or (isinstance(value, str) and 0 < len(value) <= MAX_VALUE)


def _blocks(text: str, format: str) -> tuple[Block, ...]:
    if format in _RST:
        return rst_blocks(text)
    if format in _MARKDOWN:
        return markdown_blocks(text)
    if format in _OPENAPI:
        return openapi_blocks(text)
    language = language_of(format)
    return code_blocks(text, language) if language else ()
