"""The network, loaded into one of two runtimes. Vectors at precision f32 agree between them to a cosine of 0.99999.

`auto` takes OpenVINO on x86-64 where it can be imported, and ONNX Runtime elsewhere. OpenVINO's default precision is
bfloat16 where the processor has it: about twice the speed of f32 at a cosine of 0.9999 to it.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import queue
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from assay.errors import ConfigError, ModelError
from assay.models.minilm.weights import Weights
from assay.types import Matrix

EngineName = Literal["auto", "openvino", "onnxruntime"]
Precision = Literal["default", "f32"]
Ids = npt.NDArray[np.int32]
Tokens = npt.NDArray[np.float32]

_X86 = frozenset({"x86_64", "amd64"})
_STREAMS = 8
"""Calls that compute at once, at most; a machine with more processors gives each call several."""


class Engine(Protocol):
    """The loaded network. Both calls may come from several threads and release Python's lock while they compute."""

    name: str
    precision: str
    """The arithmetic really used: f32, bf16 or f16."""
    width: int
    """How many calls compute side by side; a further one waits."""

    def sentences(self, ids: Ids, mask: Ids) -> Matrix:
        """Unit sentence vectors, float32 (batch, 384), of padded token ids (batch, length)."""
        ...

    def both(self, ids: Ids, mask: Ids) -> tuple[Matrix, Tokens]:
        """Sentence vectors, and projected token vectors: unit rows, float32 (batch, length, 48)."""
        ...

    def close(self) -> None:
        """Free the network."""
        ...


def choose(engine: EngineName = "auto") -> Literal["openvino", "onnxruntime"]:
    """The runtime to use here. Raises ConfigError for an unknown name, ModelError where none is installed."""
    if engine not in ("auto", "openvino", "onnxruntime"):
        raise ConfigError(f"there is no engine {engine!r}", next="use auto, openvino or onnxruntime")
    installed = {name for name in ("openvino", "onnxruntime") if importlib.util.find_spec(name)}
    suits = platform.machine().lower() in _X86
    order = (engine,) if engine != "auto" else ("openvino", "onnxruntime") if suits else ("onnxruntime", "openvino")
    for name in order:
        if name in installed:
            return name  # type: ignore[return-value]
    extra = "pip install 'assay-rag[onnx]'" if "onnxruntime" in order else "pip install openvino"
    raise ModelError("the inference engine is not installed", why=f"wanted {' or '.join(order)}", next=f"run `{extra}`")


def load(weights: Weights, engine: EngineName = "auto", precision: Precision = "default", threads: int = 0) -> Engine:
    """The network in the chosen runtime; `threads` 0 leaves their number to it."""
    if precision not in ("default", "f32"):
        raise ConfigError(f"there is no precision {precision!r}", next="use default or f32")
    if choose(engine) == "openvino":
        return OpenVinoEngine(weights, precision, threads)
    return OnnxRuntimeEngine(weights, threads)


class OpenVinoEngine:
    """OpenVINO on the processor, compiled from a graph that is built in memory."""

    name = "openvino"

    def __init__(self, weights: Weights, precision: Precision = "default", threads: int = 0) -> None:
        from assay.models.minilm.openvino_graph import build, runtime
        from assay.models.minilm.projection import projection

        # A stream computes on a thread of its own: two threads on one small batch wait for each other after every
        # layer, which costs a tenth on a quiet machine and half the speed on a busy one.
        self.width = min(threads or _processors(), _STREAMS)
        settings: dict[str, str | int] = {"NUM_STREAMS": str(self.width)}
        if threads:
            settings["INFERENCE_NUM_THREADS"] = threads
        if precision == "f32":
            settings["INFERENCE_PRECISION_HINT"] = "f32"
        compiled = runtime().Core().compile_model(build(weights, projection()), "CPU", settings)
        # The compiled network reads large tensors where they lie, in the mapped file.
        self._tensors = weights
        # A request is not re-entrant. One more than there are streams, so that a question gets in line beside the
        # batches of an ingestion and never behind all of them.
        self._requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(self.width + 1):
            self._requests.put(compiled.create_infer_request())
        self.precision = str(compiled.get_property("INFERENCE_PRECISION_HINT").to_string())

    def sentences(self, ids: Ids, mask: Ids) -> Matrix:
        """Unit sentence vectors; see `Engine`."""
        return self._infer(ids, mask, 0)[0]

    def both(self, ids: Ids, mask: Ids) -> tuple[Matrix, Tokens]:
        """Sentence and token vectors; see `Engine`."""
        sentences, tokens = self._infer(ids, mask, 0, 1)
        return sentences, tokens

    def _infer(self, ids: Ids, mask: Ids, *outputs: int) -> list[npt.NDArray[np.float32]]:
        request = self._requests.get()
        try:
            found = request.infer({0: ids, 1: mask}, share_inputs=True, share_outputs=True)
            # The arrays belong to the request, which the next caller reuses.
            return [np.array(found[output], np.float32) for output in outputs]
        finally:
            self._requests.put(request)

    def close(self) -> None:
        """Free the network, waiting for calls under way."""
        for _ in range(self.width + 1):
            self._requests.get()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class OnnxRuntimeEngine:
    """ONNX Runtime on the processor; the graph is written in memory and the weights are handed over as arrays."""

    name = "onnxruntime"
    precision = "f32"
    width = 1  # its threads share one call

    def __init__(self, weights: Weights, threads: int = 0) -> None:
        import onnxruntime

        from assay.models.minilm.onnx_graph import build
        from assay.models.minilm.projection import projection

        graph = build(weights, projection())
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Threads that spin while they wait take a third more processor time on a machine that is shared.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        if threads:
            options.intra_op_num_threads = threads
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in graph.weights.values()]
        options.add_external_initializers(list(graph.weights), values)
        self._session: Any = onnxruntime.InferenceSession(
            graph.serialise(), options, providers=["CPUExecutionProvider"]
        )

    def sentences(self, ids: Ids, mask: Ids) -> Matrix:
        """Unit sentence vectors; see `Engine`."""
        return self._run(ids, mask, "sentence")[0]

    def both(self, ids: Ids, mask: Ids) -> tuple[Matrix, Tokens]:
        """Sentence and token vectors; see `Engine`."""
        sentences, tokens = self._run(ids, mask, "sentence", "tokens")
        return sentences, tokens

    def _run(self, ids: Ids, mask: Ids, *outputs: str) -> list[npt.NDArray[np.float32]]:
        feed = {"input_ids": ids.astype(np.int64), "attention_mask": mask.astype(np.int64)}
        found: list[npt.NDArray[np.float32]] = self._session.run(list(outputs), feed)
        return found

    def close(self) -> None:
        """Free the network."""
        self._session = None
