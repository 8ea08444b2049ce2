"""Where the time of a question and of ingestion goes, function by function, from Python's own profiler.

    python -m benchmarks.costs [--size 10000] [--questions 40] [--documents 150]

`cumulative` is the time in a function and all it calls; `own` in it alone (native code counts for its caller). The
profiler slows Python code down and native code not at all: shares of Python functions come out too large.
"""

from __future__ import annotations

import cProfile
import pstats
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.config import RAGConfig
from assay.specialists import system_for
from assay.types import Document, Principal
from benchmarks.common import argument_parser, keep, load
from benchmarks.documents import collection, varied
from benchmarks.libraries import QUESTIONS, library

if TYPE_CHECKING:
    from assay.ports import Embedder

_SHOWN = 30


def main() -> None:
    """Profile both and keep the result."""
    parser = argument_parser(__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="chunks of the library that is asked")
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--documents", type=int, default=150)
    told = parser.parse_args()
    before = load()
    from assay.models.minilm.embedder import LocalEmbedder

    model = LocalEmbedder()
    model.warm()
    results = {
        "question": _question(told.size, told.questions, model),
        "ingest": _ingest(told.documents, model),
    }
    settings = {"size": told.size, "questions": told.questions, "documents": told.documents}
    keep("costs", before, settings, results, show=told.print)


def _question(size: int, most: int, model: Embedder) -> dict[str, Any]:
    built = library(size, model)
    config = RAGConfig.load(environ={}, folder=built.folder, store={"path": str(built.store), "mode": "embedded"})
    who = Principal("asker", tuple(f"g{number:02d}" for number in range(10)))
    texts = [question.text for question in collection(QUESTIONS).questions]
    with system_for(config, embedder=model) as system:
        for text in texts[-10:]:
            system.process_query(text, principal=who)
        return _profiled(lambda: [system.process_query(text, principal=who) for text in texts[:most]], most)


def _ingest(most: int, model: Embedder) -> dict[str, Any]:
    texts = islice(varied(collection(1).documents), most)
    documents = [Document(id=text.id, title=text.title, text=text.text, source=text.id) for text in texts]
    with tempfile.TemporaryDirectory(prefix="assay-costs-") as folder:
        config = RAGConfig.load(environ={}, folder=Path(folder), store={"path": folder + "/store", "mode": "embedded"})
        with system_for(config, embedder=model) as system:
            system.ingest(documents[:2])
            return _profiled(lambda: system.ingest(documents[2:]), most - 2)


def _profiled(work: Callable[[], object], pieces: int) -> dict[str, Any]:
    profile = cProfile.Profile()
    profile.enable()
    work()
    profile.disable()
    stats = pstats.Stats(profile)
    rows = _rows(stats)
    total = float(getattr(stats, "total_tt", 0.0))
    return {
        "milliseconds": total / pieces * 1000,
        "cumulative": _shown([(whole, name) for _, whole, name in rows if name.startswith("assay.")], pieces, total),
        "own": _shown([(own, name) for own, _, name in rows], pieces, total),
    }


def _rows(stats: pstats.Stats) -> list[tuple[float, float, str]]:
    rows: dict[tuple[str, int, str], tuple[int, int, float, float, Any]] = getattr(stats, "stats", {})
    return [(own, whole, _name(*key)) for key, (_, _, own, whole, _) in rows.items()]


def _name(file: str, line: int, function: str) -> str:
    parts = Path(file).with_suffix("").parts
    for root in ("assay", "site-packages"):
        if root in parts:
            start = len(parts) - 1 - parts[::-1].index(root) + (root == "site-packages")
            return f"{'.'.join(parts[start:])}:{function}"
    return f"{parts[-1] if parts else file}:{function}"


def _shown(rows: list[tuple[float, str]], pieces: int, total: float) -> list[dict[str, Any]]:
    slowest = sorted(rows, reverse=True)[:_SHOWN]
    return [{"name": name, "ms": seconds / pieces * 1000, "share": seconds / total} for seconds, name in slowest]


if __name__ == "__main__":
    main()
