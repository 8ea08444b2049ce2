"""One retrieval measurement end to end: corpus into a store, questions asked, scores with intervals.

With `store` the library is kept and used again while the corpus file is the same; otherwise it is thrown away. The
off-topic floor is off here: a ranking is measured, not a refusal.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.config import RAGConfig
from assay.errors import InputError
from assay.evaluation.dataset import json_lines, read_queries
from assay.evaluation.retrieval import Found, RetrievalScores, evaluate
from assay.specialists import system_for
from assay.system import ProductionRAGSystem
from assay.types import IngestReport, Record

Progress = Callable[[str, int, int], None]
_NO_FLOOR = 1e-9
DEPTH = 300


@dataclass(frozen=True, slots=True)
class RetrievalReport(Record):
    """Scores, and what they were measured on."""

    scores: RetrievalScores
    documents: int
    ingest: IngestReport | None
    domain: str

    def summary(self) -> dict[str, Any]:
        """Everything but the per-question values."""
        return {
            "metrics": {name: value.to_dict() for name, value in self.scores.metrics.items()},
            "questions": self.scores.questions,
            "missing": len(self.scores.missing),
            "missing_ids": list(self.scores.missing[:50]),
            "documents": self.documents,
            "domain": self.domain,
            "ingest": self.ingest.to_dict() if self.ingest else None,
        }


@dataclass(frozen=True, slots=True)
class RetrievalRun:
    """What to measure; see `assay eval retrieval --help`."""

    corpus: Path
    queries: Path
    qrels: Path
    store: Path | None = None
    query_filters: Mapping[str, Any] = field(default_factory=dict)
    corpus_filters: Mapping[str, Any] = field(default_factory=dict)
    exclude_field: str = ""
    limit: int | None = None
    domain: str = "general"
    config: Path | None = None

    def execute(self, progress: Progress = lambda stage, done, total: None) -> RetrievalReport:
        """Measure. Raises InputError where a file cannot be read or nothing is left to measure."""
        queries = read_queries(
            self.queries, self.qrels, keep=lambda r: matches(r, self.query_filters), exclude_field=self.exclude_field
        )[: self.limit]
        if not queries:
            raise InputError("no labelled question is left", next="check --filter and the ids in --qrels")
        with self._system() as system:
            ingest = self._fill(system)
            scores = evaluate(
                queries,
                _search(system),
                lambda document: system.holds(document),
                depth=DEPTH,
                progress=lambda done: progress("questions", done, len(queries)),
            )
            return RetrievalReport(scores, system.count_documents(), ingest, self.domain)

    def write_per_query(self, report: RetrievalReport, target: Path) -> None:
        """Every question's scores as one JSON object by question id."""
        target.write_text(json.dumps(report.scores.per_query, indent=1), encoding="utf-8")

    @contextmanager
    def _system(self) -> Iterator[ProductionRAGSystem]:
        with tempfile.TemporaryDirectory(prefix="assay-eval-") as folder:
            place = self.store or Path(folder) / "store"
            loaded = RAGConfig.load(self.config, domain=self.domain, store={"path": str(place), "mode": "embedded"})
            retrieval = loaded.retrieval.model_copy(update={"off_topic_floor": _NO_FLOOR})
            with system_for(loaded.model_copy(update={"retrieval": retrieval})) as system:
                yield system

    def _fill(self, system: ProductionRAGSystem) -> IngestReport | None:
        if self.store is not None and system.count_documents():
            return None
        if not self.corpus_filters:
            return system.ingest([self.corpus])
        with tempfile.TemporaryDirectory(prefix="assay-corpus-") as folder:
            kept = Path(folder) / "corpus.jsonl"
            with kept.open("w", encoding="utf-8") as target:
                for record in json_lines(self.corpus):
                    if matches(record.get("metadata", {}), self.corpus_filters) or matches(record, self.corpus_filters):
                        target.write(json.dumps(record, ensure_ascii=False) + "\n")
            return system.ingest([kept])


def matches(record: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    """True if every filter of `{"field": {"any": [...], "gte": ..., "prefix": ...}}` holds for the record."""
    return all(_holds(record.get(name), conditions) for name, conditions in filters.items())


_CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "any": lambda item, operand: item in operand,
    "gte": lambda item, operand: item is not None and item >= operand,
    "lte": lambda item, operand: item is not None and item <= operand,
    "gt": lambda item, operand: item is not None and item > operand,
    "lt": lambda item, operand: item is not None and item < operand,
    "prefix": lambda item, operand: isinstance(item, str) and item.startswith(operand),
}


def _holds(value: Any, conditions: Mapping[str, Any]) -> bool:
    held = value if isinstance(value, list) else [value]
    return all(any(_CHECKS[op](item, operand) for item in held) for op, operand in conditions.items())


def _search(system: ProductionRAGSystem) -> Callable[[str, int, frozenset[str]], list[Found]]:
    def search(text: str, depth: int, exclude: frozenset[str]) -> list[Found]:
        found = system.search(text[: system.config.answer.max_question], k=depth)
        return [
            Found(p.document.id, *system.origin_span(p.document.id, p.chunk.start, p.chunk.end))
            for p in (found.passages or found.nearest)
        ]

    return search
