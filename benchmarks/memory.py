"""Memory of one process that answers questions, step by step, over libraries of several sizes; and of ingestion.

    python -m benchmarks.memory [--sizes 10000,100000] [--documents 300]

Every figure comes from a fresh process. `resident` counts pages of mapped files that happen to be in memory and that
the system takes back when it needs them; `own` leaves them out; `peak` is the most that was ever resident.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

from assay.config import RAGConfig
from assay.types import Document, Principal
from benchmarks.common import argument_parser, keep, load, resident_mb, say
from benchmarks.documents import collection, varied
from benchmarks.libraries import QUESTIONS, library, library_folder
from benchmarks.peer import started

_ASKED = 30
_MARK = "memory: "


def main() -> None:
    """Measure and keep the result; or, as a child, one measurement."""
    parser = argument_parser(__doc__)
    parser.add_argument("--sizes", default="10000", help="chunks, comma-separated (libraries are built where missing)")
    parser.add_argument("--documents", type=int, default=300, help="to ingest")
    parser.add_argument("--child", choices=["ask", "ingest"], help="one measurement in this very process")
    told = parser.parse_args()
    if told.child:
        steps = _asking(int(told.sizes)) if told.child == "ask" else _ingesting(told.documents)
        print(_MARK + json.dumps(steps))
        return
    before, sizes = load(), [int(size) for size in told.sizes.split(",")]
    _built(sizes)
    results: dict[str, Any] = {"ingest": _child("ingest", told.sizes, told.documents), "sizes": {}}
    for size in sizes:
        say(f"{size:,} chunks")
        results["sizes"][str(size)] = {"assay": _child("ask", str(size), told.documents)}
        if not told.no_peer:
            results["sizes"][str(size)]["langchain"] = _peer_asking(size)
    keep("memory", before, {"questions": _ASKED, "documents": told.documents}, results, show=told.print)


def _built(sizes: list[int]) -> None:
    from assay.models.minilm.embedder import LocalEmbedder

    model = LocalEmbedder()
    for size in sizes:
        library(size, model)
    model.close()


def _child(what: str, sizes: str, documents: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.memory", "--child", what]
    done = subprocess.run(
        [*command, "--sizes", sizes, "--documents", str(documents)],
        input=json.dumps([question.text for question in collection(QUESTIONS).questions[:_ASKED]]),
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[1],
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(_MARK)]
    if done.returncode or not lines:
        raise RuntimeError(f"the measurement failed: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(lines[-1].removeprefix(_MARK))
    return found


def _asking(size: int) -> dict[str, Any]:
    from assay.models.minilm.embedder import LocalEmbedder
    from assay.specialists import system_for

    steps = {"program": resident_mb()}
    questions = json.load(sys.stdin)
    model = LocalEmbedder()
    steps["model"] = resident_mb()
    built = library(size, model)
    config = RAGConfig.load(environ={}, folder=built.folder, store={"path": str(built.store), "mode": "embedded"})
    with system_for(config, embedder=model) as system:
        system.count_documents()
        steps["library open"] = resident_mb()
        who = Principal("asker", tuple(f"g{number:02d}" for number in range(10)))
        for question in questions:
            system.process_query(question, principal=who)
        steps["questions asked"] = resident_mb()
    return {"steps": steps}


def _ingesting(documents: int) -> dict[str, Any]:
    from assay.models.minilm.embedder import LocalEmbedder
    from assay.specialists import system_for

    texts = list(islice(varied(collection(1).documents), documents))
    steps = {"corpus in memory": resident_mb()}
    model = LocalEmbedder()
    steps["model"] = resident_mb()
    with tempfile.TemporaryDirectory(prefix="assay-memory-") as folder:
        config = RAGConfig.load(environ={}, folder=Path(folder), store={"path": folder + "/store", "mode": "embedded"})
        with system_for(config, embedder=model) as system:
            system.ingest([Document(id=text.id, title=text.title, text=text.text, source=text.id) for text in texts])
            steps["documents added"] = resident_mb()
    return {"steps": steps}


def _peer_asking(size: int) -> dict[str, Any]:
    peer, about = started()
    if peer is None:
        return about
    with peer:
        folder = library_folder(size) / "langchain"
        if not folder.is_dir():
            return {"left_out": "no collection of this size; build it: python -m benchmarks.libraries --peer"}
        steps = {"model": peer.request("memory")}
        peer.request("open", store=str(folder))
        steps["library open"] = peer.request("memory")
        groups = [f"g{number:02d}" for number in range(10)]
        asked = [{"text": q.text, "groups": groups} for q in collection(QUESTIONS).questions[:_ASKED]]
        peer.request("ask", questions=asked)
        steps["questions asked"] = peer.request("memory")
    return {"steps": steps}


if __name__ == "__main__":
    main()
