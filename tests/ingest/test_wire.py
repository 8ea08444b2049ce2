"""The protocol with the parser process: what goes in comes out, and nonsense is refused."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from assay.errors import IngestError, LimitExceeded, MalformedSource
from assay.ingest.wire import (
    WireError,
    document_header,
    document_of,
    error_header,
    error_of,
    frame,
    read_frame,
)
from assay.types import AccessList, Block, Document, OriginSegment, freeze

DOCUMENT = Document(
    id="a:1",
    title="Häuser",
    text="Eine Überschrift\nText 🏠",
    source="/x/y.md",
    format="md",
    metadata=freeze({"year": 1999, "tags": ["a", "b"], "nested": {"x": None, "y": 0.5}}),
    access=AccessList(("group:staff",)),
    blocks=(Block("heading", 0, 16, level=1, label="Eine"), Block("code", 17, 21, language="python")),
    origin=(OriginSegment(0, 16, 3, 19, "line 1"),),
    warnings=("not English",),
)


def through(header: dict[str, Any], body: bytes, max_body: int = 1 << 20) -> tuple[dict[str, Any], bytes]:
    stream = io.BytesIO(frame(header, body) + body)
    return read_frame(stream.read, max_body)


def test_a_document_comes_through_whole() -> None:
    header, body = through(document_header(DOCUMENT), DOCUMENT.text.encode())
    assert document_of(header, body) == DOCUMENT


@pytest.mark.parametrize("field", ["id", "title", "metadata", "blocks", "origin", "access", "warnings"])
def test_a_document_with_a_missing_or_wrong_field_is_refused(field: str) -> None:
    header = document_header(DOCUMENT)
    for wrong in (7, [[1, 2]], None):
        with pytest.raises(WireError):
            document_of({**header, field: wrong}, b"")
    with pytest.raises(WireError):
        document_of({key: value for key, value in header.items() if key != field}, b"")


def test_a_block_of_an_unknown_kind_and_text_that_is_not_utf8_are_refused() -> None:
    header = document_header(DOCUMENT)
    with pytest.raises(WireError, match="kind"):
        document_of({**header, "blocks": [["spell", 0, 1, 0, "", ""]]}, b"")
    with pytest.raises(WireError):
        document_of(header, b"\xff\xfe")


@pytest.mark.parametrize("header", [b"[]", b"{}", b'{"body": -1}', b'{"body": "9"}', b"not json", b"[" * 100_000])
def test_a_frame_that_is_none_is_refused(header: bytes) -> None:
    stream = io.BytesIO(len(header).to_bytes(4, "big") + header)
    with pytest.raises(WireError):
        read_frame(stream.read, 100)


def test_lengths_are_bounded_before_memory_is_taken() -> None:
    with pytest.raises(WireError, match="header of"):
        read_frame(io.BytesIO(b"\xff\xff\xff\xff").read, 100)
    announced = json.dumps({"body": 10**15}).encode()
    with pytest.raises(LimitExceeded):
        read_frame(io.BytesIO(len(announced).to_bytes(4, "big") + announced).read, 1000)


def test_an_error_keeps_its_kind_and_its_three_parts() -> None:
    error = error_of(error_header(MalformedSource("what", why="why", next="next")))
    assert type(error) is MalformedSource
    assert (error.what, error.why, error.next) == ("what", "why", "next")
    assert type(error_of({"code": "config"})) is IngestError
