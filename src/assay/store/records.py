"""How values lie in the columns: JSON, packed blocks and origins, half-precision vectors. No queries.

JSON is written with ASCII escapes, so that any text a reader found in metadata survives the trip.
"""

from __future__ import annotations

import functools
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from assay.errors import InputError
from assay.ports import Clock
from assay.types import (
    AccessList,
    Block,
    Chunk,
    DocumentInfo,
    FrozenDict,
    Matrix,
    OriginSegment,
    Vector,
    plain,
)

_SHORT = 2048


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)


def timestamp(clock: Clock) -> str:
    """The present moment in UTC as text that sorts in time order: 2026-01-31T09:30:00.000000Z."""
    return moment(clock.now())


def moment(at: datetime) -> str:
    """`at` in UTC as text that sorts in time order."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def to_json(value: Any, what: str = "a value") -> str:
    """`value` as compact JSON. Raises InputError, naming `what`, where JSON has no such value (NaN, bytes, objects)."""
    try:
        return json.dumps(plain(value), separators=(",", ":"), allow_nan=False, default=_dated)
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(
            f"{what} cannot be stored", why=str(error), next="Use text, numbers, true, false, lists and mappings"
        ) from error


def from_json(text: str) -> Any:
    """The value behind `to_json`, frozen."""
    return _parsed(text) if len(text) <= _SHORT else _frozen(json.loads(text))


def pack_blocks(blocks: Sequence[Block]) -> bytes:
    """Blocks as compressed JSON rows."""
    return _pack([[b.kind, b.start, b.end, b.level, b.language, b.label] for b in blocks])


def unpack_blocks(data: bytes) -> tuple[Block, ...]:
    """The blocks behind `pack_blocks`."""
    return tuple(Block(*row) for row in _unpack(data))


def pack_origin(origin: Sequence[OriginSegment]) -> bytes:
    """Origin segments as compressed JSON rows."""
    return _pack([[s.start, s.end, s.origin_start, s.origin_end, s.locator] for s in origin])


def unpack_origin(data: bytes) -> tuple[OriginSegment, ...]:
    """The segments behind `pack_origin`."""
    return tuple(OriginSegment(*row) for row in _unpack(data))


def pack_vectors(matrix: Matrix) -> list[bytes]:
    """One blob of little-endian float16 a row."""
    half = np.ascontiguousarray(matrix, dtype="<f2")
    return [row.tobytes() for row in half]


def unpack_vector(blob: bytes) -> Vector:
    """The float32 vector whose components are exactly the stored float16 ones."""
    half: npt.NDArray[np.float16] = np.frombuffer(blob, dtype="<f2")
    return half.astype(np.float32)


def document_info(row: Sequence[Any]) -> DocumentInfo:
    """The info behind a row of `reading.INFO_COLUMNS`."""
    _, key, title, source, form, number, digest, characters, count, added_at, metadata, access, warnings = row
    return DocumentInfo(
        id=key,
        title=title,
        source=source,
        format=form,
        version=number,
        content_hash=digest,
        characters=characters,
        chunks=count,
        added_at=added_at,
        metadata=cast("Mapping[str, Any]", from_json(metadata)),
        access=AccessList(readers=from_json(access)),
        warnings=from_json(warnings),
    )


def chunk_from(row: Sequence[Any], document_id: str) -> Chunk:
    """The chunk behind a row of `reading.CHUNK_COLUMNS`."""
    key, _, ordinal, start, end, kind, breadcrumb, text = row
    return Chunk(
        document_id=document_id,
        ordinal=ordinal,
        start=start,
        end=end,
        text=text,
        breadcrumb=from_json(breadcrumb),
        kind=kind,
        id=key,
    )


# Breadcrumbs, access lists and small metadata repeat from chunk to chunk and from query to query, and what comes out is
# frozen, so it can be shared: this halves the time of a look-up.
@functools.lru_cache(maxsize=16384)
def _parsed(text: str) -> Any:
    return _frozen(json.loads(text))


def _frozen(value: Any) -> Any:
    if type(value) is dict:
        return FrozenDict({key: _frozen(item) for key, item in value.items()})
    if type(value) is list:
        return tuple([_frozen(item) for item in value])
    return value


def _dated(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def _pack(rows: list[list[Any]]) -> bytes:
    return zlib.compress(json.dumps(rows, separators=(",", ":")).encode("ascii"), 6) if rows else b""


def _unpack(data: bytes) -> list[list[Any]]:
    return cast("list[list[Any]]", json.loads(zlib.decompress(data))) if data else []
