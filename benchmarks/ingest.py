"""Ingestion end to end, by stage, beside LangChain + sentence-transformers + Chroma and LlamaIndex on the same files.

    python -m benchmarks.ingest [--documents 300] [--rounds 3]

All take a folder of text files into a new store on disk, model loaded and warmed before, alternated in one run.
LangChain runs twice a round: with no setting of its own (its splitter cuts at 4,000 characters, so the model, which
reads 256 word pieces, sees only the beginning of a long chunk) and with the chunk size of its tutorial."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.config import RAGConfig
from assay.specialists import system_for
from benchmarks.common import alternated, argument_parser, keep, load, ratios, say, timed
from benchmarks.documents import RealText, collection, varied
from benchmarks.peer import PEERS, TUTORIAL, Peer, started

if TYPE_CHECKING:
    from assay.ports import Embedder

Run = dict[str, Any]


def main() -> None:
    """Measure and keep the result."""
    parser = argument_parser(__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--mode", choices=["owner", "embedded"], default="owner", help="as store.mode (default: owner)")
    told = parser.parse_args()
    before = load()
    source = collection(100)
    with tempfile.TemporaryDirectory(prefix="assay-ingest-") as folder:
        files = Path(folder) / "documents"
        characters = _write(list(islice(varied(source.documents), told.documents)), files)
        say(f"{told.documents} documents of {source.name}, {characters:,} characters")
        peers = {name: started(not told.no_peer, name) for name in PEERS}
        about = {name: found[1] for name, found in peers.items()}
        runs = _measured(files, Path(folder), {n: p for n, (p, _) in peers.items() if p}, told.mode, told.rounds)
    settings = {"source": source.name, "documents": told.documents, "characters": characters, "rounds": told.rounds}
    results = {"peer": about, **_summary(runs, characters)}
    keep("ingest", before, {**settings, "mode": told.mode}, results, show=told.print)


def _write(documents: Sequence[RealText], folder: Path) -> int:
    folder.mkdir()
    for number, document in enumerate(documents):
        (folder / f"{number:06d}.txt").write_text(f"{document.title}\n\n{document.text}\n", encoding="utf-8")
    return sum(len(document.title) + len(document.text) + 3 for document in documents)


def _measured(files: Path, folder: Path, peers: Mapping[str, Peer], mode: str, rounds: int) -> dict[str, list[Run]]:
    from assay.models.minilm.embedder import LocalEmbedder

    embedder = LocalEmbedder()
    embedder.warm()
    subjects: dict[str, Callable[[int], Run]] = {
        "assay": lambda number: _assay(files, folder / f"assay-{number}", embedder, mode)
    }
    for name, peer in peers.items():
        subjects[name] = partial(_peer, peer, files, folder / name, {})
        if name == "langchain":
            subjects["langchain_tutorial"] = partial(_peer, peer, files, folder / "tutorial", TUTORIAL)
    try:
        return alternated(subjects, rounds)
    finally:
        embedder.close()
        for peer in peers.values():
            peer.__exit__(None, None, None)


def _assay(files: Path, store: Path, embedder: Embedder, mode: str) -> Run:
    config = RAGConfig.load(
        environ={}, folder=store.parent, store={"path": str(store), "mode": mode, "idle_seconds": 60}
    )
    with system_for(config, embedder=embedder) as system, timed() as spent:
        report = system.ingest(files)
    if report.failed or not report.chunks:
        raise RuntimeError(f"{report.failed} of the documents were not taken: {report.failures[:1]}")
    stages = dict(report.stages)
    stages["other"] = spent.wall - sum(stages.values())
    say(f"assay: {report.chunks / spent.wall:.1f} chunks/s, load {os.getloadavg()[0]:.1f}")
    return {"documents": report.added, "chunks": report.chunks, "wall": spent.wall, "cpu": spent.cpu, "stages": stages}


def _peer(peer: Peer, files: Path, place: Path, splitter: Mapping[str, int], number: int) -> Run:
    store = place.with_name(f"{place.name}-{number}")
    run = peer.request("ingest", folder=str(files), store=str(store), splitter=dict(splitter))
    say(f"{peer.name} {dict(splitter) or 'default'}: {run['chunks'] / run['wall']:.1f} chunks/s")
    return run


def _summary(runs: Mapping[str, Sequence[Run]], characters: int) -> dict[str, Any]:
    """Medians by subject, and how many times the peer's time Assay's is, round by round."""
    medians = {name: _medians(rounds, characters) for name, rounds in runs.items()}
    ours = runs["assay"]
    against: dict[str, Any] = {}
    for name, theirs in runs.items():
        if name != "assay":
            against[name] = {
                "same documents, wall": ratios([run["wall"] for run in ours], [run["wall"] for run in theirs]),
                "same documents, processor": ratios([run["cpu"] for run in ours], [run["cpu"] for run in theirs]),
                "chunks a second": ratios([_pace(run) for run in ours], [_pace(run) for run in theirs]),
            }
    return {"medians": medians, "times_faster": against}


def _pace(run: Run) -> float:
    return float(run["wall"] / run["chunks"])


def _medians(rounds: Sequence[Run], characters: int) -> dict[str, Any]:
    wall = statistics.median(run["wall"] for run in rounds)
    names = dict.fromkeys(name for run in rounds for name in run["stages"])
    return {
        "chunks": rounds[0]["chunks"],
        "seconds": wall,
        "processor_seconds": statistics.median(run["cpu"] for run in rounds),
        "chunks_per_second": rounds[0]["chunks"] / wall,
        "documents_per_second": rounds[0]["documents"] / wall,
        "characters_per_second": characters / wall,
        "stage_seconds": {name: statistics.median(run["stages"].get(name, 0.0) for run in rounds) for name in names},
    }


if __name__ == "__main__":
    main()
