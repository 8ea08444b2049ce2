"""A question end to end, by stage, with and without an access filter, over libraries of several sizes, beside the peer.

    python -m benchmarks.question [--sizes 10000,100000] [--questions 50] [--rounds 3]

Assay: the whole answer in one process, extractive: embed, search, rank, write, check every claim. The peer: embed and
find four passages that the groups may read, nothing written and nothing checked. Every round asks questions that were
not asked before; library and collection are opened once and warmed with questions that do not count.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assay.config import RAGConfig
from assay.ports import TokenEmbedder
from assay.specialists import system_for
from assay.textual.interaction import embedded
from assay.types import Principal, QueryResult, TokenVectors
from benchmarks.common import alternated, argument_parser, keep, latency, load, ratios, say, timed
from benchmarks.documents import GROUPS, SEED, Collection, collection, group_of
from benchmarks.libraries import QUESTIONS, Library, fill_peer, library
from benchmarks.peer import Peer, started

if TYPE_CHECKING:
    from assay.ports import Embedder
    from assay.system import ProductionRAGSystem
    from assay.types import Matrix

_WARMING = 10
_MEMBER_OF = 10


@dataclass(frozen=True, slots=True)
class Query:
    """A question and the groups of the one who asks it; none: the owner, who reads everything."""

    text: str
    groups: tuple[str, ...]


@dataclass
class Answered:
    """What answering a set of questions took, a value a question."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)


class WatchedEmbedder:
    """The real embedder; notes how long it took, apart for single texts and for several at once."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.dimensions = inner.dimensions
        self.token_dimensions = inner.token_dimensions if isinstance(inner, TokenEmbedder) else 0
        self.fingerprint = inner.fingerprint
        self.seconds: dict[str, float] = {}
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> Matrix:
        """As the embedder does."""
        since = time.perf_counter()
        rows = self._inner.embed(texts)
        self._note(len(texts), since)
        return rows

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[TokenVectors]]:
        """As the embedder does."""
        since = time.perf_counter()
        found = embedded(self._inner, texts)
        self._note(len(texts), since)
        return found

    def _note(self, texts: int, since: float) -> None:
        name = "embed question" if texts == 1 else "embed sentences"
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - since
        self.texts += texts

    def close(self) -> None:
        """The embedder is shared and stays open."""


def main() -> None:
    """Measure every size and keep the result."""
    parser = argument_parser(__doc__)
    parser.add_argument("--sizes", default="10000", help="chunks, comma-separated (libraries are built where missing)")
    parser.add_argument("--questions", type=int, default=50, help="a round")
    parser.add_argument("--peer-up-to", type=int, default=10_000, help="larger sizes are measured without the peer")
    told = parser.parse_args()
    before, sizes = load(), [int(size) for size in told.sizes.split(",")]
    from assay.models.minilm.embedder import LocalEmbedder

    embedder = LocalEmbedder()
    embedder.warm()
    source = collection(QUESTIONS)
    peer, about = started(not told.no_peer)
    try:
        results = {
            str(size): _size(
                size, source, embedder, peer if size <= told.peer_up_to else None, told.rounds, told.questions
            )
            for size in sizes
        }
    finally:
        if peer:
            peer.__exit__(None, None, None)
    settings = {"source": source.name, "rounds": told.rounds, "questions": told.questions, "groups": GROUPS}
    settings["member_of"] = _MEMBER_OF
    keep("question", before, settings, {"peer": about, "sizes": results}, show=told.print)


def _size(
    size: int, source: Collection, embedder: Embedder, peer: Peer | None, rounds: int, questions: int
) -> dict[str, Any]:
    built = library(size, embedder)
    watched = WatchedEmbedder(embedder)
    found: dict[str, Any] = {"chunks": built.chunks, "documents": built.documents, "agreement": built.agreement}
    with timed() as spent:
        system = _opened(built, watched)
    found["open_seconds"] = spent.wall
    if peer:
        fill_peer(built, peer, embedder)
        found["peer_open_seconds"] = peer.request("open", store=str(built.collection))["wall"]
    with system:
        for name, member_of in (("filtered", _MEMBER_OF), ("unfiltered", 0)):
            asked = _queries(source, member_of, rounds * questions + _WARMING)
            say(f"{built.chunks:,} chunks, {name}: {len(asked)} questions")
            found[name] = _compared(asked, system, watched, peer, rounds)
    return found


def _opened(built: Library, embedder: WatchedEmbedder) -> ProductionRAGSystem:
    config = RAGConfig.load(environ={}, folder=built.folder, store={"path": str(built.store), "mode": "embedded"})
    system = system_for(config, embedder=embedder)
    system.warm()
    return system


def _queries(source: Collection, member_of: int, most: int) -> list[Query]:
    place = {document.id: number for number, document in enumerate(source.documents)}
    draw = random.Random(SEED + 2)
    found: list[Query] = []
    for question in source.questions[:most]:
        groups = [f"g{number:02d}" for number in draw.sample(range(GROUPS), member_of)]
        if groups and question.answered_by in place:
            groups[0] = group_of(place[question.answered_by])
        found.append(Query(question.text, tuple(dict.fromkeys(groups))))
    return found


def _compared(
    asked: Sequence[Query], system: ProductionRAGSystem, watched: WatchedEmbedder, peer: Peer | None, rounds: int
) -> dict[str, Any]:
    warming, counted = asked[:_WARMING], asked[_WARMING:]
    parts = [counted[number::rounds] for number in range(rounds)]
    _assay(warming, system, watched)
    subjects: dict[str, Any] = {"assay": lambda number: _assay(parts[number], system, watched)}
    if peer:
        _langchain(warming, peer)
        subjects["langchain"] = lambda number: _langchain(parts[number], peer)
    return _summary(alternated(subjects, rounds))


def _assay(asked: Sequence[Query], system: ProductionRAGSystem, watched: WatchedEmbedder) -> Answered:
    done = Answered()
    for query in asked:
        who = Principal("asker", query.groups) if query.groups else None
        watched.seconds = {}
        with timed() as spent:
            result = system.process_query(query.text, principal=who)
        if result.status == "error":
            raise RuntimeError(result.message)
        done.wall.append(spent.wall)
        done.cpu.append(spent.cpu)
        done.outcomes[result.status] += 1
        for name, seconds in _stages(result, watched.seconds).items():
            done.stages.setdefault(name, []).append(seconds)
    return done


def _stages(result: QueryResult, embedded: Mapping[str, float]) -> dict[str, float]:
    stages = {str(name): float(seconds) for name, seconds in result.timings.items()}
    single, several = embedded.get("embed question", 0.0), embedded.get("embed sentences", 0.0)
    found = {"embed question": single, "search and rank": stages.pop("retrieve", 0.0) - single}
    if "write" in stages:
        found |= {"embed sentences": several, "write": stages.pop("write") - several}
    return found | stages


def _langchain(asked: Sequence[Query], peer: Peer) -> Answered:
    told = peer.request("ask", questions=[{"text": query.text, "groups": list(query.groups)} for query in asked])
    done = Answered(told["wall"], told["cpu"])
    done.stages = {"embed question": told["embed"]}
    done.stages["search"] = [wall - embed for wall, embed in zip(told["wall"], told["embed"], strict=True)]
    done.outcomes.update("passages" if count else "nothing" for count in told["passages"])
    return done


def _finding(done: Answered) -> float:
    """The median time until the passages were there: what the peer does, and Assay's first two stages."""
    pairs = zip(done.stages["embed question"], done.stages["search and rank"], strict=True)
    return statistics.median(embed + search for embed, search in pairs)


def _summary(runs: Mapping[str, Sequence[Answered]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, rounds in runs.items():
        stages: dict[str, list[float]] = {}
        for done in rounds:
            for stage, seconds in done.stages.items():
                stages.setdefault(stage, []).extend(seconds)
        found[name] = {
            "ms": latency([seconds for done in rounds for seconds in done.wall]),
            "processor_ms": statistics.median(seconds for done in rounds for seconds in done.cpu) * 1000,
            "stage_ms": {stage: statistics.median(seconds) * 1000 for stage, seconds in stages.items()},
            "outcomes": dict(sum((done.outcomes for done in rounds), Counter[str]())),
        }
    if "langchain" in runs:
        ours, theirs = runs["assay"], runs["langchain"]
        found["times_faster"] = {
            "passages alone, p50": ratios([_finding(a) for a in ours], [statistics.median(b.wall) for b in theirs]),
            "whole answer, p50": ratios(
                [statistics.median(a.wall) for a in ours], [statistics.median(b.wall) for b in theirs]
            ),
            "whole answer, processor": ratios([sum(a.cpu) for a in ours], [sum(b.cpu) for b in theirs]),
        }
    return found


if __name__ == "__main__":
    main()
