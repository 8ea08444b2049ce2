"""The network as an OpenVINO model, built in memory: token ids in, unit sentence and token vectors out."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.models.minilm.facts import EPSILON, HEADS, HIDDEN, LAYERS
from assay.models.minilm.weights import Weights
from assay.types import Matrix

_CONVERTER = "openvino.tools.ovc"


def runtime() -> Any:
    """The package `openvino`, its model converter left out until somebody asks for it: importing the converter costs
    as much as all the rest. The package itself bears a converter that cannot be imported."""
    if "openvino" in sys.modules:
        return importlib.import_module("openvino")
    modules: dict[str, Any] = sys.modules
    modules[_CONVERTER] = None
    try:
        package: Any = importlib.import_module("openvino")
    finally:
        modules.pop(_CONVERTER, None)
    package.__getattr__ = _converter
    return package


def _converter(name: str) -> Any:
    # For a program that uses this one as a library and converts models itself.
    if name != "convert_model":
        raise AttributeError(f"module 'openvino' has no attribute {name!r}")
    return importlib.import_module(_CONVERTER).convert_model


def build(weights: Weights, projection: Matrix) -> Any:
    """The `openvino.Model`. Inputs `input_ids`, `attention_mask`: int32 (batch, length). Outputs `sentence`: float32
    (batch, 384), and `tokens`: float32 (batch, length, columns of `projection`); unit rows both.

    Large tensors are not copied: the model, and what is compiled from it, lives no longer than `weights`.
    """
    return _Builder(weights, projection).build()


class _Builder:
    def __init__(self, weights: Weights, projection: Matrix) -> None:
        self.weights = weights
        self.projection = projection
        self.openvino = runtime()
        self.op = self.openvino.opset13

    def build(self) -> Any:
        op = self.op
        ids = op.parameter([-1, -1], np.int32, name="input_ids")
        mask = op.parameter([-1, -1], np.int32, name="attention_mask")
        present = op.convert(mask, "f32")
        hidden = self._embeddings(ids)
        bias = op.multiply(op.subtract(present, self._float(1)), self._float(10000))
        bias = op.unsqueeze(bias, self._ints(1, 2))
        for layer in range(LAYERS):
            hidden = self._layer(hidden, bias, f"encoder.layer.{layer}.")
        # Mean pooling's divisor cancels in the L2 normalisation that follows, so the masked sum is enough.
        total = op.matmul(op.unsqueeze(present, self._ints(1)), hidden, False, False)
        sentence = op.normalize_l2(op.squeeze(total, self._ints(1)), self._ints(1), 1e-24, "add")
        tokens = op.matmul(hidden, self._array(self.projection), False, False)
        tokens = op.normalize_l2(tokens, self._ints(-1), 1e-24, "add")
        outputs = [op.result(sentence, name="sentence"), op.result(tokens, name="tokens")]
        return self.openvino.Model(outputs, [ids, mask], "minilm")

    def _array(self, value: npt.NDArray[Any]) -> Any:
        return self.op.constant(np.ascontiguousarray(value))

    def _tensor(self, name: str) -> Any:
        return self.op.constant(self.weights[name], shared_memory=True)

    def _ints(self, *values: int) -> Any:
        return self.op.constant(np.array(values, np.int64))

    def _float(self, value: float) -> Any:
        return self.op.constant(np.array(value, np.float32))

    def _embeddings(self, ids: Any) -> Any:
        op, w = self.op, self.weights
        # The token type is always 0, so its row is part of every position.
        positions = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
        zero = op.constant(np.array(0, np.int64))
        length = op.gather(op.shape_of(ids), self._ints(1), zero)
        words = op.gather(self._tensor("embeddings.word_embeddings.weight"), ids, zero)
        position = op.slice(self._array(positions), self._ints(0), length, self._ints(1), self._ints(0))
        return self._norm(op.add(words, position), "embeddings.LayerNorm")

    def _layer(self, hidden: Any, bias: Any, prefix: str) -> Any:
        op = self.op
        query, key, value = (
            self._heads(hidden, f"{prefix}attention.self.{part}") for part in ("query", "key", "value")
        )
        context = op.scaled_dot_product_attention(query, key, value, bias)
        context = op.reshape(op.transpose(context, self._ints(0, 2, 1, 3)), self._ints(0, 0, HIDDEN), True)
        attended = op.add(self._linear(context, f"{prefix}attention.output.dense"), hidden)
        attended = self._norm(attended, f"{prefix}attention.output.LayerNorm")
        wide = op.gelu(self._linear(attended, f"{prefix}intermediate.dense"), "erf")
        narrow = op.add(self._linear(wide, f"{prefix}output.dense"), attended)
        return self._norm(narrow, f"{prefix}output.LayerNorm")

    def _linear(self, x: Any, name: str) -> Any:
        op, w = self.op, self.weights
        product = op.matmul(x, self._tensor(f"{name}.weight"), False, True)
        return op.add(product, self._array(w[f"{name}.bias"].reshape(1, 1, -1)))

    def _heads(self, x: Any, name: str) -> Any:
        op = self.op
        split = op.reshape(self._linear(x, name), self._ints(0, 0, HEADS, HIDDEN // HEADS), True)
        return op.transpose(split, self._ints(0, 2, 1, 3))

    def _norm(self, x: Any, name: str) -> Any:
        op, w = self.op, self.weights
        normal = op.mvn(x, self._ints(-1), True, EPSILON, "inside_sqrt")
        scaled = op.multiply(normal, self._array(w[f"{name}.weight"].reshape(1, 1, -1)))
        return op.add(scaled, self._array(w[f"{name}.bias"].reshape(1, 1, -1)))
