"""One retrieval measurement end to end: corpus into a store, questions asked, scores with intervals.

The off-topic floor is off here: a ranking is measured, not a refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import InputError
from assay.evaluation.comparing import Comparison, Scores, compare, key_of, read_scores, refuse_different, write_scores
from assay.evaluation.dataset import LabelledQuery, read_queries
from assay.evaluation.hiding import silence
from assay.evaluation.library import MeasuredLibrary
from assay.evaluation.matching import matches
from assay.evaluation.retrieval import Found, RetrievalScores, evaluate
from assay.system import ProductionRAGSystem
from assay.types import IngestReport, Record

Progress = Callable[[str, int, int], None]
DEPTH = 300


@dataclass(frozen=True, slots=True)
class RetrievalReport(Record):
    """Scores, and what they were measured on. `hashes`: one of each question and its labels, by question id."""

    scores: RetrievalScores
    documents: int
    ingest: IngestReport | None
    domain: str
    hashes: Mapping[str, str] = field(default_factory=dict)

    def summary(self) -> dict[str, Any]:
        """Everything but the per-question values."""
        return {
            "metrics": {name: value.to_dict() for name, value in self.scores.metrics.items()},
            "macro": {name: value.to_dict() for name, value in self.scores.macro.items()},
            "questions": self.scores.questions,
            "missing": len(self.scores.missing),
            "missing_ids": list(self.scores.missing[:50]),
            "missing_labels": self.scores.missing_labels,
            "documents": self.documents,
            "domain": self.domain,
            "ingest": self.ingest.to_dict() if self.ingest else None,
        }


@dataclass(frozen=True, slots=True)
class RetrievalRun:
    """What to measure; see `assay eval retrieval --help`. `macro`: a field of a question to average groups by."""

    library: MeasuredLibrary
    queries: Path
    qrels: Path
    query_filters: Mapping[str, Any] = field(default_factory=dict)
    exclude_field: str = ""
    limit: int | None = None
    macro: str = ""

    def execute(self, progress: Progress = lambda stage, done, total: None) -> RetrievalReport:
        """Measure. Raises InputError where a file cannot be read or nothing is left to measure."""
        queries = questions(self.queries, self.qrels, self.query_filters, self.exclude_field, self.limit)
        with self.library.open(floor=False) as (system, ingest):
            silence(system)
            scores = evaluate(
                queries,
                _search(system),
                lambda document: system.holds(document),
                depth=DEPTH,
                macro=self.macro,
                progress=lambda done: progress("questions", done, len(queries)),
            )
            keys = {query.id: key_of(query) for query in queries if query.id in scores.per_query}
            return RetrievalReport(scores, system.count_documents(), ingest, self.library.domain, keys)


def questions(
    queries: Path, qrels: Path, filters: Mapping[str, Any], exclude_field: str, limit: int | None
) -> list[LabelledQuery]:
    """The labelled questions that the filters admit; InputError where none is left."""
    found = read_queries(queries, qrels, keep=lambda r: matches(r, filters), exclude_field=exclude_field)[:limit]
    if not found:
        raise InputError("no labelled question is left", next="check --filter and the ids in --qrels")
    return found


def write_per_query(scores: Scores, keys: Mapping[str, str], target: Path) -> None:
    """Every question's scores, one JSON object a line, for `assay eval compare`."""
    write_scores(scores, keys, target)


def against(scores: Scores, keys: Mapping[str, str], file: Path, tolerance: float) -> Comparison:
    """This run compared with the run in a file; InputError where it was over different questions."""
    before, others = read_scores(file)
    refuse_different(others, keys, str(file), "this run")
    return compare(before, scores, tolerance=tolerance)


def _search(system: ProductionRAGSystem) -> Callable[[str, int, frozenset[str]], list[Found]]:
    def search(text: str, depth: int, exclude: frozenset[str]) -> list[Found]:
        found = system.search(text[: system.config.answer.max_question], k=depth)
        return [
            Found(p.document.id, *system.origin_span(p.document.id, p.chunk.start, p.chunk.end))
            for p in (found.passages or found.nearest)
        ]

    return search
