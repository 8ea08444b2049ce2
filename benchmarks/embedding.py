"""Measures the local embedder on this machine: start, memory, chunks a second, latency, and what joining queries gains.

    python benchmarks/embedding.py --engine openvino --precision default [--texts FILE]

Texts: one a line in FILE, else pieces of about 800 characters of this interpreter's standard library documentation
strings. Engines are measured in a process each (start the command again), so that memory is theirs alone.
"""

from __future__ import annotations

import argparse
import ast
import resource
import sys
import sysconfig
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from assay.models.batching import MicroBatcher
from assay.models.minilm.embedder import LocalEmbedder
from assay.ports import Embedder

_PIECE = 800


def library_texts(count: int) -> list[str]:
    """Documentation strings of the standard library, joined and cut into pieces of about 800 characters."""
    collected: list[str] = []
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8", errors="replace"))
        kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        found = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds)]
        text = "\n".join(filter(None, found))
        collected += [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        if len(collected) >= count:
            return collected[:count]
    return collected


def memory() -> float:
    """The most memory this process has held, in MB."""
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / (1024 * 1024 if sys.platform == "darwin" else 1024)


def rate(embedder: Embedder, texts: Sequence[str], rounds: int = 3) -> list[float]:
    """Texts a second, one figure a round."""
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        embedder.embed(texts)
        found.append(len(texts) / (time.perf_counter() - begin))
    return found


def latencies(embedder: Embedder, queries: Sequence[str], threads: int = 1) -> tuple[float, float, float]:
    """Queries a second, and the milliseconds in which half and 95 % of them are answered."""

    def ask(query: str) -> float:
        begin = time.perf_counter()
        embedder.embed([query])
        return (time.perf_counter() - begin) * 1000

    with ThreadPoolExecutor(threads) as pool:
        begin = time.perf_counter()
        taken = list(pool.map(ask, queries))
        passed = time.perf_counter() - begin
    return len(queries) / passed, float(np.percentile(taken, 50)), float(np.percentile(taken, 95))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Measures the local embedder.")
    parser.add_argument("--engine", default="auto", choices=["auto", "openvino", "onnxruntime"])
    parser.add_argument("--precision", default="default", choices=["default", "f32"])
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--chunks", type=int, default=500)
    chosen = parser.parse_args()
    given = chosen.texts.read_text(encoding="utf-8").splitlines() if chosen.texts else library_texts(chosen.chunks)
    texts = [text for text in given if text.strip()][: chosen.chunks]
    begin = time.perf_counter()
    embedder = LocalEmbedder(engine=chosen.engine, precision=chosen.precision)
    print(f"{embedder.fingerprint}")
    print(f"load {time.perf_counter() - begin:.2f} s, memory {memory():.0f} MB")
    tokens = float(np.mean(embedder.count_tokens(texts)))
    shown = ", ".join(f"{figure:.0f}" for figure in rate(embedder, texts))
    print(f"{len(texts)} chunks, mean {tokens:.0f} tokens: {shown} chunks/s; peak memory {memory():.0f} MB")
    embedder.warm()
    queries = [text[:60] for text in texts] * 2
    for threads in (1, 8):
        for name, asked in (("plain", embedder), ("joined", MicroBatcher(embedder))):
            figures = "{:.0f} queries/s, p50 {:.2f} ms, p95 {:.2f} ms".format(*latencies(asked, queries, threads))
            print(f"{threads} threads, {name}: {figures}")
    embedder.close()


if __name__ == "__main__":
    main()
