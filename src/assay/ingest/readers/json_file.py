"""JSON: a list of records is one document a record, an OpenAPI description is read as such, anything else as fields."""

from __future__ import annotations

from collections.abc import Iterator

from assay.ingest.decoding import Decoded
from assay.ingest.readers.common import decoded, file_title, make_document
from assay.ingest.readers.fields import write_value
from assay.ingest.readers.flow import FlowWriter
from assay.ingest.readers.json_scan import Node, scan
from assay.ingest.readers.openapi import is_openapi, openapi_document
from assay.ingest.readers.records import field_document, record_document
from assay.types import Document, SourceFile


class JsonReader:
    """A list of records (objects with `text`, or with `title` and more): a document each. Else one document a file."""

    name = "json"
    formats: tuple[str, ...] = ("json",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The documents of the file. Raises MalformedSource with line and column where it is not valid JSON."""
        found = decoded(source)
        root = scan(found.text, source.path)
        if is_openapi(root):
            yield openapi_document(source, root, found)
            return
        place, records = _records(root)
        for number, node in enumerate(records, start=1):
            where = f"{place}[{number - 1}]"
            if _text_of(node):
                yield record_document(source, node.value(), where, number, found.warnings)
            else:
                yield field_document(source, node, found.text, where, number, found.warnings)
        if not records:
            yield _fields(source, root, found)


def _fields(source: SourceFile, root: Node, found: Decoded) -> Document:
    writer = FlowWriter(found.text)
    write_value(writer, root)
    text, origin, blocks = writer.finish()
    titles = [node for key in ("title", "name") if (node := root.member(key)) and node.kind == "string"]
    return make_document(
        source,
        text,
        title=str(titles[0].value()) if titles else file_title(source.path),
        format="json",
        blocks=blocks,
        origin=origin,
        warnings=found.warnings,
    )


def _records(root: Node) -> tuple[str, list[Node]]:
    """The records of a file: the elements of its list, or of the only list its object holds. None unless all are."""
    place, items = "$", root
    if root.kind == "object" and len(root.items) == 1:
        key, items = root.items[0]
        place = f"$.{key}"
    if items.kind != "array" or not items.items:
        return place, []
    nodes = [node for _, node in items.items]
    return (place, nodes) if all(_text_of(node) or _has_title(node) for node in nodes) else (place, [])


def _text_of(node: Node) -> bool:
    text = node.member("text")
    return text is not None and text.kind == "string"


def _has_title(node: Node) -> bool:
    title = node.member("title")
    return title is not None and title.kind == "string" and len(node.items) > 1
