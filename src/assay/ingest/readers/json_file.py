"""JSON: a list of records is one document a record, an OpenAPI description is read as such, anything else as fields."""

from __future__ import annotations

from collections.abc import Iterator

from assay.errors import IngestError, MalformedSource
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
        if records:
            yield from _documents(source, place, records, found)
        else:
            yield _fields(source, root, found)


def _documents(source: SourceFile, place: str, records: list[Node], found: Decoded) -> Iterator[Document]:
    """A document a record; then MalformedSource where some could not be read or repeat an id."""
    bad: list[str] = []
    seen: set[str] = set()
    for number, node in enumerate(records, start=1):
        where = f"{place}[{number - 1}]"
        try:
            if _text_of(node):
                document = record_document(source, node.value(), where, number, found.warnings)
            else:
                document = field_document(source, node, found.text, where, number, found.warnings)
        except IngestError as error:
            bad.append(f"{where}: {error.why or error.what}")
            continue
        if document.id in seen:
            bad.append(f"{where}: it repeats the id {document.id}")
            continue
        seen.add(document.id)
        yield document
    if bad:
        what = f"{source.path}: {len(bad)} of {len(records)} records could not be read; the others were"
        why = "; ".join(reason.rstrip(".") for reason in bad[:3])
        raise MalformedSource(what, why=why, next="Repair these records and add the file again")


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
