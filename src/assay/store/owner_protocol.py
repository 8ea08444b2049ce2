"""What goes over the owner's socket: frames of a JSON header and raw arrays. No pickle, nothing that could be run.

A frame is `ASY1`, the header's length and the blob's length (4 bytes each, big endian), header, blob. The header's key
`arrays` lists name, type and shape of what lies in the blob, one after the other.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assay import errors
from assay.errors import AssayError, StoreError
from assay.store.edge_points import PointBatch
from assay.store.edge_search import Hits
from assay.types import FieldFilter, Where, freeze, plain

PROTOCOL = 2
GREETING_LIMIT = 4096
_MAGIC = b"ASY1"
_FRAME = struct.Struct(">4sII")
_HEADER_LIMIT = 64 << 20
_BLOB_LIMIT = 1 << 30
_TYPES = frozenset({"<f4", "<f8", "<u4", "<i8"})

Header = dict[str, Any]
Arrays = Mapping[str, npt.NDArray[Any]]
Message = tuple[Header, dict[str, npt.NDArray[Any]]]


class ProtocolError(Exception):
    """The other side did not keep to the protocol; the connection is of no more use."""


def pack(header: Mapping[str, Any], arrays: Arrays | None = None) -> bytes:
    """One frame."""
    listed, blobs = [], []
    for name, array in (arrays or {}).items():
        solid = np.ascontiguousarray(array)
        listed.append([name, solid.dtype.newbyteorder("<").str, list(solid.shape)])
        blobs.append(solid.astype(solid.dtype.newbyteorder("<"), copy=False).tobytes())
    head = json.dumps({**header, "arrays": listed}, separators=(",", ":")).encode()
    blob = b"".join(blobs)
    return _FRAME.pack(_MAGIC, len(head), len(blob)) + head + blob


class Unpacker:
    """Cuts a stream into messages. `trusted` False allows small frames only: the other side has not said who it is."""

    def __init__(self, *, trusted: bool) -> None:
        self.trusted = trusted
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are complete now. Raises ProtocolError."""
        self._buffer += data
        while (frame := self._lengths()) is not None:
            head, blob = frame
            end = _FRAME.size + head + blob
            if len(self._buffer) < end:
                return
            whole = bytes(self._buffer[_FRAME.size : end])
            del self._buffer[:end]
            yield _unpack(whole[:head], whole[head:])

    def _lengths(self) -> tuple[int, int] | None:
        if len(self._buffer) < _FRAME.size:
            return None
        magic, head, blob = _FRAME.unpack_from(self._buffer)
        most = (_HEADER_LIMIT, _BLOB_LIMIT) if self.trusted else (GREETING_LIMIT, 0)
        if magic != _MAGIC or head > most[0] or blob > most[1]:
            raise ProtocolError("a frame that is too large or is none")
        return head, blob


def _unpack(head: bytes, blob: bytes) -> Message:
    try:
        header = json.loads(head)
        arrays: dict[str, npt.NDArray[Any]] = {}
        start = 0
        for name, kind, shape in header.pop("arrays"):
            if kind not in _TYPES or any(not isinstance(size, int) or size < 0 for size in shape):
                raise ProtocolError(f"an array of type {kind!r}")
            end = start + math.prod(shape) * np.dtype(kind).itemsize
            arrays[str(name)] = np.frombuffer(blob[start:end], dtype=kind).reshape(shape)
            start = end
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProtocolError(f"a frame that makes no sense ({error})") from error
    return header, arrays


# --- values as headers and arrays ------------------------------------------------------------------------------------


def where_to_json(where: Where) -> Header:
    """A filter as JSON."""
    told: Header = plain(where)
    return told


def where_from_json(told: Mapping[str, Any]) -> Where:
    """The filter behind `where_to_json`."""
    kind = told["kind"]
    if kind not in ("chunk", "document"):
        raise ProtocolError(f"points of kind {kind!r}")
    return Where(
        access=None if told["access"] is None else tuple(map(str, told["access"])),
        fields=tuple(FieldFilter(one["field"], one["op"], freeze(one["value"])) for one in told["fields"]),
        document_ids=None if told["document_ids"] is None else tuple(map(str, told["document_ids"])),
        kind=kind,
    )


def batch_to_message(batch: PointBatch) -> tuple[Header, Arrays]:
    """Points as header and arrays."""
    arrays = {"vectors": batch.vectors, "lengths": batch.lengths, "terms": batch.terms, "weights": batch.weights}
    return {"ids": list(batch.ids), "payloads": [plain(one) for one in batch.payloads]}, arrays


def batch_from_message(header: Header, arrays: Arrays) -> PointBatch:
    """The points behind `batch_to_message`."""
    return PointBatch(
        ids=tuple(map(int, header["ids"])),
        payloads=tuple(header["payloads"]),
        vectors=arrays["vectors"],
        lengths=arrays["lengths"],
        terms=arrays["terms"],
        weights=arrays["weights"],
    )


def hits_to_message(hits: Hits) -> tuple[Header, Arrays]:
    """Hits as header and arrays; a signal that was not asked is left out."""
    arrays: dict[str, npt.NDArray[Any]] = {"ids": np.array(hits.ids, dtype=np.int64)}
    for name, signal in (("bm25", hits.bm25), ("cosine", hits.cosine)):
        if signal is not None:
            arrays[name] = np.array(signal, dtype=np.float64)
    return {"documents": hits.documents}, arrays


def hits_from_message(header: Header, arrays: Arrays) -> Hits:
    """The hits behind `hits_to_message`."""
    signals = {name: arrays[name].tolist() if name in arrays else None for name in ("bm25", "cosine")}
    return Hits(ids=arrays["ids"].tolist(), documents=list(header["documents"]), **signals)


def error_to_json(error: AssayError) -> Header:
    """An error as JSON."""
    return {"code": error.code, "what": error.what, "why": error.why, "next": error.next}


def error_from_json(told: Mapping[str, Any]) -> AssayError:
    """The error behind `error_to_json`."""
    kind = _by_code().get(str(told.get("code")), StoreError)
    return kind(str(told.get("what")), why=str(told.get("why", "")), next=str(told.get("next", "")))


def _by_code() -> dict[str, type[AssayError]]:
    kinds: Sequence[object] = list(vars(errors).values())
    return {kind.code: kind for kind in kinds if isinstance(kind, type) and issubclass(kind, AssayError)}
