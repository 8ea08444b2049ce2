"""JSON Lines: one document a line, read line by line. Good lines are not lost to bad ones; bad ones are not silent."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

from assay.errors import IngestError, MalformedSource
from assay.ingest.decoding import decode
from assay.ingest.readers.common import require_content
from assay.ingest.readers.json_scan import scan
from assay.ingest.readers.records import field_document, is_record, record_document, record_id
from assay.types import Document, SourceFile

_SHOWN = 3
_WIDE = (b"\xff\xfe", b"\xfe\xff")


class JsonLinesReader:
    """One document a record. After the last good one, MalformedSource tells how many lines were bad, and which."""

    name = "jsonl"
    formats: tuple[str, ...] = ("jsonl", "ndjson", "jsonlines")

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The documents in the order of the lines. Bad: a line that is no JSON object, has no text or repeats an id."""
        require_content(source)
        bad: list[tuple[int, str]] = []
        seen: set[str] = set()
        for number, line in _lines(source.data):
            try:
                document = _document(source, line, number)
            except IngestError as error:
                bad.append((number, error.why or error.what))
                continue
            if document.id in seen:
                bad.append((number, f"it repeats the id {document.id}"))
                continue
            seen.add(document.id)
            yield document
        if bad:
            raise _report(source, bad, len(seen))


def _lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    if data.startswith(_WIDE):
        data = decode(data).text.encode("utf-8")
    for number, line in enumerate(io.BytesIO(data), start=1):
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.strip():
            yield number, line


def _document(source: SourceFile, line: bytes, number: int) -> Document:
    found = decode(line, source.encoding)
    try:
        record = json.loads(found.text, strict=False)
    except (ValueError, RecursionError) as error:
        raise MalformedSource(f"line {number}", why=f"it is not valid JSON ({str(error)[:80]})") from error
    if is_record(record):
        return record_document(source, record, f"line {number}", number, found.warnings)
    if not isinstance(record, dict) or not record:
        raise MalformedSource(f"line {number}", why="it is not a JSON object with fields")
    node = scan(found.text, record_id(source, record, number))
    return field_document(source, node, found.text, f"line {number}, $", number, found.warnings)


def _report(source: SourceFile, bad: list[tuple[int, str]], good: int) -> MalformedSource:
    shown = "; ".join(f"line {number}: {why.rstrip('.')}" for number, why in bad[:_SHOWN])
    more = f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
    lines = "line" if len(bad) == 1 else "lines"
    what = f"{source.path}: {len(bad)} {lines} of {len(bad) + good} could not be read; the others were"
    return MalformedSource(what, why=f"{shown}{more}", next="Repair these lines and add the file again")
