"""Gzip around a source: the name without it, and its bytes, never more than a limit allows."""

from __future__ import annotations

import zlib

from assay.errors import LimitExceeded, MalformedSource
from assay.ingest.limits import MEGABYTE

_GZIP = 31  # zlib's window bits for a gzip header
_STEP = 4 * MEGABYTE


def inner_name(path: str) -> str:
    """The path without a trailing ".gz": by it the format of what is inside is told."""
    return path[:-3] if path.lower().endswith(".gz") else path


def is_packed(path: str) -> bool:
    """Whether the path names a gzip file."""
    return path.lower().endswith(".gz")


def unpacked(data: bytes, limit: int) -> bytes:
    """What the gzip stream (of one or more members) holds.

    Raises LimitExceeded as soon as it is more than `limit` bytes, MalformedSource where it is damaged or cut off.
    """
    parts: list[bytes] = []
    size = 0
    rest = data
    while rest:
        engine = zlib.decompressobj(_GZIP)
        while not engine.eof:
            part = _step(engine, rest, min(_STEP, limit + 1 - size))
            size += len(part)
            if size > limit:
                raise LimitExceeded(
                    f"It expands to more than {limit / MEGABYTE:,.0f} MB",
                    why=f"{len(data):,} compressed bytes may not become more",
                    next="Unpack it yourself if you trust it",
                )
            parts.append(part)
            rest = engine.unconsumed_tail
            if not part and not rest and not engine.eof:
                raise MalformedSource("The gzip stream is cut off", next="Make or download the file again")
        rest = engine.unused_data.lstrip(b"\0")
    return b"".join(parts)


def unpacked_head(data: bytes, size: int) -> bytes:
    """The first `size` bytes of what is inside as far as `data`, the beginning of a gzip file, gives them; else b""."""
    try:
        return zlib.decompressobj(_GZIP).decompress(data, size)
    except zlib.error:
        return b""


def _step(engine: zlib._Decompress, data: bytes, size: int) -> bytes:
    try:
        return engine.decompress(data, size)
    except zlib.error as error:
        raise MalformedSource("The gzip stream is damaged", why=str(error)) from error
