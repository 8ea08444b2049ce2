"""What goes over the pipe between the engine and the parser process: frames of JSON and raw bytes, never pickle.

A frame is a 4-byte big-endian length, that many bytes of UTF-8 JSON (an object whose "body" is a number of bytes), and
the body. The receiver believes nothing: lengths are bounded before memory is taken, and every field is checked.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from assay.errors import (
    IngestError,
    LimitExceeded,
    MalformedSource,
    UnreadableSource,
    UnsupportedFormat,
)
from assay.types import AccessList, Block, BlockKind, Document, OriginSegment, freeze, plain

MAX_HEADER = 256 << 20
OUT_OF_MEMORY = 77
"""The exit code of a parser process that was refused memory."""
_LENGTH = struct.Struct(">I")
_KINDS = frozenset(get_args(BlockKind))
_ERRORS: dict[str, type[IngestError]] = {
    kind.code: kind for kind in (IngestError, UnsupportedFormat, UnreadableSource, LimitExceeded, MalformedSource)
}

ReadExactly = Callable[[int], bytes]
Header = dict[str, Any]


class WireError(Exception):
    """The other side sent something that is not the protocol."""


# --- frames -----------------------------------------------------------------------------------------------------


def frame(header: Mapping[str, Any], body: bytes = b"") -> bytes:
    """The frame's first part; the body is sent right behind it (it may be large, so it is not copied here)."""
    encoded = json.dumps({**header, "body": len(body)}, separators=(",", ":"), default=str).encode("utf-8")
    if len(encoded) > MAX_HEADER:
        raise LimitExceeded(f"the structure of a document takes {len(encoded):,} bytes, more than {MAX_HEADER:,}")
    return _LENGTH.pack(len(encoded)) + encoded


def read_frame(read: ReadExactly, max_body: int) -> tuple[Header, bytes]:
    """The next header and body. Raises WireError for anything else, LimitExceeded for a body above `max_body`."""
    (length,) = _LENGTH.unpack(read(_LENGTH.size))
    if length > MAX_HEADER:
        raise WireError(f"a header of {length:,} bytes")
    try:
        header = json.loads(read(length))
    except (ValueError, RecursionError) as error:
        raise WireError(f"a header that is not JSON: {error}") from error
    size = header.get("body") if isinstance(header, dict) else None
    if not isinstance(size, int) or size < 0:
        raise WireError("a header without the length of its body")
    if size > max_body:
        raise LimitExceeded(
            f"one document holds {size:,} bytes of text, more than the {max_body:,} allowed for this file"
        )
    return header, read(size)


# --- documents --------------------------------------------------------------------------------------------------


def document_header(document: Document) -> Header:
    """Everything of a document but its text, as JSON values."""
    return {
        "id": document.id,
        "title": document.title,
        "source": document.source,
        "format": document.format,
        "metadata": plain(document.metadata),
        "access": list(document.access.readers),
        "blocks": [[b.kind, b.start, b.end, b.level, b.language, b.label] for b in document.blocks],
        "origin": [[s.start, s.end, s.origin_start, s.origin_end, s.locator] for s in document.origin],
        "warnings": list(document.warnings),
    }


def document_of(header: Mapping[str, Any], body: bytes) -> Document:
    """The document of a frame. Raises WireError where a field is missing or of another type."""
    try:
        return Document(
            id=_text(header["id"]),
            title=_text(header["title"]),
            text=body.decode("utf-8"),
            source=_text(header["source"]),
            format=_text(header["format"]),
            metadata=freeze(_mapping(header["metadata"])),
            access=AccessList(tuple(_text(token) for token in header["access"])),
            blocks=tuple(_block(values) for values in header["blocks"]),
            origin=tuple(_segment(values) for values in header["origin"]),
            warnings=tuple(_text(warning) for warning in header["warnings"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WireError(f"a document that is none: {type(error).__name__}: {error}") from error


def _block(values: list[Any]) -> Block:
    kind, start, end, level, language, label = values
    if kind not in _KINDS:
        raise ValueError(f"a block of the kind {kind!r}")
    return Block(cast(BlockKind, kind), _number(start), _number(end), _number(level), _text(language), _text(label))


def _segment(values: list[Any]) -> OriginSegment:
    start, end, origin_start, origin_end, locator = values
    return OriginSegment(_number(start), _number(end), _number(origin_start), _number(origin_end), _text(locator))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"a whole number expected, not {type(value).__name__}")
    return value


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"an object expected, not {type(value).__name__}")
    return value


# --- errors -----------------------------------------------------------------------------------------------------


def error_header(error: IngestError) -> Header:
    """An error as JSON values."""
    return {"type": "error", "code": error.code, "what": error.what, "why": error.why, "next": error.next}


def error_of(header: Mapping[str, Any]) -> IngestError:
    """The error of a frame; one of an unknown kind is a plain IngestError."""
    kind = _ERRORS.get(str(header.get("code")), IngestError)
    what, why, then = (str(header.get(key, ""))[:2000] for key in ("what", "why", "next"))
    return kind(what or "the reader failed", why=why, next=then)
