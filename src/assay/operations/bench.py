"""`assay bench`: ingestion and questions on this machine, by stage, in a store that is thrown away.

Times are of this machine at this moment; compare ratios, not absolute times. The project's own measurements, with peers
in the same run, are in `benchmarks/`.
"""

from __future__ import annotations

import platform
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assay.config import RAGConfig
from assay.errors import InputError
from assay.samples import sample_library
from assay.specialists import system_for
from assay.system import ProductionRAGSystem
from assay.types import IngestReport, QueryResult


def measure(documents: Path | None, questions: int, domain: str = "general") -> dict[str, Any]:
    """Chunks a second by stage, milliseconds a question by stage, peak memory in MB."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        config = RAGConfig.load(domain=domain, store={"path": str(Path(folder) / "store"), "mode": "embedded"})
        with system_for(config) as system:
            started = time.perf_counter()
            report = system.ingest([documents] if documents else _samples())
            wall = time.perf_counter() - started
            if not report.chunks:
                raise InputError(f"nothing in {documents} could be added", next="see the formats in docs/quickstart.md")
            asked = _questions(system, questions)
            results, seconds = _ask(system, asked)
    return {
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "documents": report.added,
        "chunks": report.chunks,
        "ingest": _ingest(report, wall),
        "question_ms": _latency(seconds),
        "stage_ms": _stages(results),
        "answered": sum(result.status == "success" for result in results),
        "questions": len(results),
        "peak_memory_mb": _peak_memory_mb(),
    }


def _samples() -> list[Path]:
    return [document.path for name in ("legal", "medical") for document in sample_library(name).documents]


def _questions(system: ProductionRAGSystem, most: int) -> list[str]:
    """Questions out of the documents' own titles: what is known to be there."""
    titles = [info.title for info in system.documents(limit=most) if len(info.title) >= 3]
    if not titles:
        raise InputError("no document has a title to ask about")
    asked = [f"What is said about {title}?" for title in titles]
    return (asked * (most // len(asked) + 1))[:most]


def _ask(system: ProductionRAGSystem, questions: Sequence[str]) -> tuple[list[QueryResult], list[float]]:
    system.process_query(questions[0])
    results, seconds = [], []
    for question in questions:
        started = time.perf_counter()
        results.append(system.process_query(question))
        seconds.append(time.perf_counter() - started)
    return results, seconds


def _ingest(report: IngestReport, wall: float) -> dict[str, float]:
    stages = {f"{name}_seconds": seconds for name, seconds in report.stages.items()}
    return {"seconds": wall, "chunks_per_second": report.chunks / wall, **stages}


def _latency(seconds: Sequence[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    return {
        "p50": _quantile(ordered, 0.5) * 1000,
        "p95": _quantile(ordered, 0.95) * 1000,
        "max": ordered[-1] * 1000,
    }


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _stages(results: Sequence[QueryResult]) -> dict[str, float]:
    names = dict.fromkeys(name for result in results for name in result.timings)
    return {
        name: statistics.median(result.timings[name] for result in results if name in result.timings) * 1000
        for name in names
    }


def _peak_memory_mb() -> float:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20) if platform.system() == "Darwin" else peak / 1024
