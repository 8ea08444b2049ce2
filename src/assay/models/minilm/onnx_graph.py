"""The network in standard ONNX operators (opset 17): token ids in, unit sentence and token vectors out."""

from __future__ import annotations

import numpy as np

from assay.models.minilm.facts import EPSILON, HEADS, HIDDEN, LAYERS
from assay.models.minilm.onnx_writer import FLOAT, INT64, Graph
from assay.models.minilm.weights import Weights
from assay.types import Matrix

_HEAD = HIDDEN // HEADS


def build(weights: Weights, projection: Matrix) -> Graph:
    """The graph. Inputs `input_ids`, `attention_mask`: int64 (batch, length). Outputs `sentence`: float32
    (batch, 384), and `tokens`: float32 (batch, length, columns of `projection`); unit rows both."""
    return _Builder(weights, projection).build()


class _Builder:
    def __init__(self, weights: Weights, projection: Matrix) -> None:
        self.weights = weights
        self.projection = projection
        self.graph = Graph()

    def build(self) -> Graph:
        g = self.graph
        self._constants()
        ids = g.input("input_ids", INT64, ["batch", "length"])
        mask = g.input("attention_mask", INT64, ["batch", "length"])
        present = g.node("Cast", mask, to=FLOAT)
        hidden = self._embeddings(ids)
        bias = g.node("Mul", g.node("Sub", present, "one"), "far")
        bias = g.node("Unsqueeze", bias, "axes_1_2")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, bias, f"encoder.layer.{layer}.")
        tokens = g.node("MatMul", hidden, g.weight("projection", self.projection))
        lengths = g.node("ReduceL2", tokens, axes=[2], keepdims=1)
        g.node("Div", tokens, g.node("Max", lengths, "tiny"), name="tokens")
        # Mean pooling's divisor cancels in the L2 normalisation that follows, so the masked sum is enough.
        total = g.node("Squeeze", g.node("MatMul", g.node("Unsqueeze", present, "axis_1"), hidden), "axis_1")
        norm = g.node("ReduceL2", total, axes=[1], keepdims=1)
        g.node("Div", total, g.node("Max", norm, "tiny"), name="sentence")
        g.output("sentence", FLOAT, ["batch", HIDDEN])
        g.output("tokens", FLOAT, ["batch", "length", self.projection.shape[1]])
        return g

    def _constants(self) -> None:
        g = self.graph
        for name, value in (("axis_0", [0]), ("axis_1", [1]), ("axes_1_2", [1, 2]), ("from_0", [0]), ("dim_1", [1])):
            g.constant(name, value)
        g.constant("dim_2", [2])
        g.constant("split", [0, 0, HEADS, _HEAD])
        g.constant("merge", [0, 0, HIDDEN])
        scalars = {"one": 1.0, "half": 0.5, "far": 10000.0, "tiny": 1e-12, "root_2": 2**0.5, "root_head": _HEAD**0.5}
        for name, number in scalars.items():
            g.constant(name, number, np.float32)

    def _embeddings(self, ids: str) -> str:
        g, w = self.graph, self.weights
        # The token type is always 0, so its row is part of every position.
        positions = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
        words = g.weight("words", w["embeddings.word_embeddings.weight"])
        length = g.node("Slice", g.node("Shape", ids), "dim_1", "dim_2")
        position = g.node("Slice", g.weight("positions", positions), "from_0", length, "axis_0")
        return self._norm(g.node("Add", g.node("Gather", words, ids), position), "embeddings.LayerNorm")

    def _layer(self, hidden: str, bias: str, prefix: str) -> str:
        g = self.graph
        query = self._heads(hidden, f"{prefix}attention.self.query", (0, 2, 1, 3))
        key = self._heads(hidden, f"{prefix}attention.self.key", (0, 2, 3, 1))
        value = self._heads(hidden, f"{prefix}attention.self.value", (0, 2, 1, 3))
        scores = g.node("Add", g.node("Div", g.node("MatMul", query, key), "root_head"), bias)
        context = g.node("MatMul", g.node("Softmax", scores, axis=-1), value)
        context = g.node("Reshape", g.node("Transpose", context, perm=(0, 2, 1, 3)), "merge")
        attended = g.node("Add", self._linear(context, f"{prefix}attention.output.dense"), hidden)
        attended = self._norm(attended, f"{prefix}attention.output.LayerNorm")
        wide = self._gelu(self._linear(attended, f"{prefix}intermediate.dense"))
        narrow = g.node("Add", self._linear(wide, f"{prefix}output.dense"), attended)
        return self._norm(narrow, f"{prefix}output.LayerNorm")

    def _linear(self, x: str, name: str) -> str:
        g = self.graph
        weight = g.weight(f"{name}.weight", np.ascontiguousarray(self.weights[f"{name}.weight"].T))
        return g.node("Add", g.node("MatMul", x, weight), g.weight(f"{name}.bias", self.weights[f"{name}.bias"]))

    def _heads(self, x: str, name: str, order: tuple[int, ...]) -> str:
        return self.graph.node("Transpose", self.graph.node("Reshape", self._linear(x, name), "split"), perm=order)

    def _norm(self, x: str, name: str) -> str:
        g = self.graph
        scale = g.weight(f"{name}.weight", self.weights[f"{name}.weight"])
        shift = g.weight(f"{name}.bias", self.weights[f"{name}.bias"])
        return g.node("LayerNormalization", x, scale, shift, axis=-1, epsilon=EPSILON)

    def _gelu(self, x: str) -> str:
        g = self.graph
        error = g.node("Erf", g.node("Div", x, "root_2"))
        return g.node("Mul", g.node("Mul", x, g.node("Add", error, "one")), "half")
