"""What a domain pack costs: its share of taking documents in, and its milliseconds of every question.

    python -m benchmarks.packs [--questions 60]

Each domain's sample library is taken in and asked its sixty whole questions, as a user would. Every call of the pack is
timed in processor seconds (a call inside another counts once). Share of ingestion: the pack's seconds beside all others
of the same run, embedding included.
"""

from __future__ import annotations

import functools
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from assay.cli.demonstration import fill
from assay.config import RAGConfig
from assay.models.minilm.embedder import LocalEmbedder
from assay.samples import sample_library
from assay.specialists import system_for
from benchmarks.common import argument_parser, keep, latency, load, say, timed

DOMAINS = ("legal", "technical", "medical")
_CALLS = (
    "enrich", "facts", "read_question", "suggest", "priors", "appraise", "admit", "finish",
)  # fmt: skip
_QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "data" / "acceptance"


class Meter:
    """Adds up processor seconds of the outermost of nested calls."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.by_call: dict[str, float] = {}
        self._depth = 0

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """`call`, measured."""

        @functools.wraps(call)
        def measured(*given: Any, **named: Any) -> Any:
            self._depth += 1
            since = time.thread_time()
            try:
                return call(*given, **named)
            finally:
                self._depth -= 1
                if not self._depth:
                    spent = time.thread_time() - since
                    self.seconds += spent
                    self.by_call[name] = self.by_call.get(name, 0.0) + spent

        return measured

    def read(self) -> float:
        """The seconds since the last reading."""
        spent, self.seconds = self.seconds, 0.0
        return spent


@contextmanager
def metered(pack: type) -> Iterator[Meter]:
    """Every call of packs of this class is measured inside."""
    meter = Meter()
    before = {name: vars(pack).get(name) for name in _CALLS}
    for name in _CALLS:
        setattr(pack, name, meter.timed(name, getattr(pack, name)))
    try:
        yield meter
    finally:
        for name, call in before.items():
            if call is None:
                delattr(pack, name)
            else:
                setattr(pack, name, call)


def main() -> None:
    """Measure the three packs and keep the result."""
    parser = argument_parser(__doc__)
    parser.add_argument("--questions", type=int, default=60, help="of each domain's")
    told = parser.parse_args()
    before, embedder = load(), LocalEmbedder()
    embedder.warm()
    results = {domain: _domain(domain, embedder, told.questions) for domain in DOMAINS}
    keep("packs", before, {"questions": told.questions}, results, show=told.print)


def _domain(domain: str, embedder: LocalEmbedder, questions: int) -> dict[str, Any]:
    say(domain)
    with tempfile.TemporaryDirectory(prefix="assay-packs-") as folder:
        config = RAGConfig.load(
            environ={}, folder=Path(folder), domain=domain, store={"path": f"{folder}/store", "mode": "embedded"}
        )
        with system_for(config, embedder=embedder) as system, metered(type(system.pack)) as meter:
            with timed() as spent:
                fill(system, sample_library(domain))
            taken = meter.read()
            lines = (_QUESTIONS / f"{domain}.jsonl").read_text(encoding="utf-8").splitlines()
            asked = [str(json.loads(line)["text"]) for line in lines][:questions]
            system.warm()
            for text in asked[:5]:
                system.process_query(text)
            meter.read()
            meter.by_call.clear()
            found = []
            for text in asked:
                system.process_query(text)
                found.append(meter.read())
            return {
                "documents": system.count_documents(),
                "ingest_share": taken / max(1e-9, spent.cpu - taken),
                "questions": len(found),
                "question_ms": latency(found),
                "by_call_ms": {name: seconds / len(found) * 1000 for name, seconds in meter.by_call.items()},
            }


if __name__ == "__main__":
    main()
