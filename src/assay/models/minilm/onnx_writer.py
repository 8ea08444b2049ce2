"""Writes ONNX models without the onnx package: just enough of protobuf's wire format for a graph of standard operators.

Weights are not written: an initialiser is declared as external, and the caller hands its array to the session.
Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). It does not read, and it
knows only the types that this network needs.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

FLOAT, INT64 = 1, 7
_EXTERNAL = 1
_TYPES = {np.dtype(np.float32): FLOAT, np.dtype(np.int64): INT64}


def _varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    encoded = bytearray()
    while number > 127:
        encoded.append(number & 127 | 128)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def _int(field: int, number: int) -> bytes:
    return _varint(field << 3) + _varint(number)


def _bytes(field: int, content: bytes | str) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _attribute(name: str, value: float | int | Sequence[int]) -> bytes:
    head = _bytes(1, name)
    if isinstance(value, float):
        return head + _varint(2 << 3 | 5) + struct.pack("<f", value) + _int(20, 1)
    if isinstance(value, int):
        return head + _int(3, value) + _int(20, 2)
    return head + b"".join(_int(8, item) for item in value) + _int(20, 7)


class Graph:
    """Collects nodes, constants, inputs and outputs, and serialises them as a ModelProto."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._initialisers: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []
        self.weights: dict[str, npt.NDArray[Any]] = {}
        """The arrays of the external initialisers by name; the session must be given them."""

    def node(self, operator: str, *inputs: str, name: str = "", **attributes: float | int | Sequence[int]) -> str:
        """Add one operator with one output; returns the output's name."""
        output = name or f"{operator}_{len(self._nodes)}"
        fields = [*(_bytes(1, item) for item in inputs), _bytes(2, output), _bytes(3, output), _bytes(4, operator)]
        fields += [_bytes(5, _attribute(key, value)) for key, value in sorted(attributes.items())]
        self._nodes.append(b"".join(fields))
        return output

    def constant(self, name: str, value: npt.ArrayLike, dtype: npt.DTypeLike = np.int64) -> str:
        """A small constant, stored in the model."""
        array = np.asarray(value, dtype)
        fields = [_int(1, size) for size in array.shape]
        fields += [_int(2, _TYPES[array.dtype]), _bytes(8, name), _bytes(9, array.tobytes())]
        self._initialisers.append(b"".join(fields))
        return name

    def weight(self, name: str, array: npt.NDArray[Any]) -> str:
        """A large constant, kept outside the model in `weights`."""
        self.weights[name] = array
        location = _bytes(13, _bytes(1, "location") + _bytes(2, "handed-over"))
        fields = [_int(1, size) for size in array.shape]
        fields += [_int(2, _TYPES[array.dtype]), _bytes(8, name), location, _int(14, _EXTERNAL)]
        self._initialisers.append(b"".join(fields))
        return name

    def input(self, name: str, kind: int, shape: Sequence[str | int]) -> str:
        """Declare an input; a string in `shape` names a dimension that varies."""
        self._inputs.append(_value(name, kind, shape))
        return name

    def output(self, name: str, kind: int, shape: Sequence[str | int]) -> None:
        """Declare the output of that name."""
        self._outputs.append(_value(name, kind, shape))

    def serialise(self, *, opset: int = 17, ir_version: int = 8) -> bytes:
        """The ModelProto as bytes; the same graph gives the same bytes."""
        parts = [_bytes(1, node) for node in self._nodes]
        parts += [_bytes(2, "graph")]
        parts += [_bytes(5, initialiser) for initialiser in self._initialisers]
        parts += [_bytes(11, value) for value in self._inputs]
        parts += [_bytes(12, value) for value in self._outputs]
        operators = _bytes(8, _bytes(1, "") + _int(2, opset))
        return _int(1, ir_version) + _bytes(2, "assay") + _bytes(7, b"".join(parts)) + operators


def _value(name: str, kind: int, shape: Sequence[str | int]) -> bytes:
    sizes = b"".join(_bytes(1, _bytes(2, size) if isinstance(size, str) else _int(1, size)) for size in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _int(1, kind) + _bytes(2, sizes)))
