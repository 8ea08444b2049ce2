"""Runs `assay eval answers`, `eval calibration` and `eval fit-confidence` end to end: the library, the questions, the
asking. What is made of the records stands in `answers`, `calibrating` and `fitting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.errors import InputError
from assay.evaluation.asking import Asked, Asker, Mode, expected_of, families, off_topic_queries
from assay.evaluation.comparing import key_of
from assay.evaluation.dataset import LabelledQuery, json_lines
from assay.evaluation.hiding import fingerprint_of, threshold_of
from assay.evaluation.library import MeasuredLibrary
from assay.evaluation.matching import matches
from assay.evaluation.run import questions
from assay.types import Record

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asking(Record):
    """Every question as it was asked, the questions left out because their document is missing, and what was set."""

    rows: tuple[Asked, ...]
    missing: tuple[str, ...]
    threshold: float
    domain: str
    embedder: str
    hashes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswersRun:
    """What to ask. Without `qrels` the questions say what is right (`expected_phrases`, `expected_citations`)."""

    library: MeasuredLibrary
    queries: Path
    qrels: Path | None = None
    query_filters: Mapping[str, Any] = field(default_factory=dict)
    exclude_field: str = ""
    family_field: str = ""
    limit: int | None = None
    threshold: float | None = None
    near_miss: bool = False
    off_topic: tuple[Path, ...] = ()
    off_topic_filters: Mapping[str, Any] = field(default_factory=dict)
    off_topic_limit: int = 500

    def execute(self, progress: Progress = lambda stage, done, total: None) -> Asking:
        """Ask. Raises InputError where a file cannot be read or nothing is left to ask."""
        queries = self._questions()
        others = self._others()
        with self.library.open(floor=True) as (system, _):
            asker = Asker(system, domain=self.library.domain, threshold=self.threshold)
            held = [query for query in queries if not query.grades or any(map(system.holds, _wanted(query)))]
            family = families(held, self.family_field)
            modes: tuple[Mode, ...] = ("answerable", "near_miss") if self.near_miss else ("answerable",)
            total, rows = len(held) * len(modes) + len(others), []
            for query in held:
                for mode in modes:
                    rows.append(asker.ask(query, mode, family[query.id]))
                    progress("questions", len(rows), total)
            for query in others:
                rows.append(asker.ask(query, "off_topic"))
                progress("questions", len(rows), total)
            there = {query.id for query in held}
            return Asking(
                tuple(rows),
                tuple(query.id for query in queries if query.id not in there),
                threshold_of(system) if self.threshold is None else self.threshold,
                self.library.domain,
                fingerprint_of(system),
                _keys(held, modes, others),
            )

    def _questions(self) -> list[LabelledQuery]:
        if self.qrels is not None:
            return questions(self.queries, self.qrels, self.query_filters, self.exclude_field, self.limit)
        found = [
            LabelledQuery(str(record.get("id", number)), str(record["text"]), {}, {}, fields=record)
            for number, record in enumerate(json_lines(self.queries), 1)
            if record.get("text") and expected_of(record) and matches(record, self.query_filters)
        ]
        if not found:
            raise InputError(
                f"no question of {self.queries} says what a right answer holds",
                next="give --qrels, or put expected_phrases or expected_citations into the questions",
            )
        return found[: self.limit]

    def _others(self) -> list[LabelledQuery]:
        found = list(off_topic_queries(self.off_topic, lambda record: matches(record, self.off_topic_filters)))
        step = max(1, -(-len(found) // self.off_topic_limit))
        return found[::step]


def _wanted(query: LabelledQuery) -> list[str]:
    return [document for document, grade in query.grades.items() if grade > 0]


def _keys(held: list[LabelledQuery], modes: tuple[Mode, ...], others: list[LabelledQuery]) -> dict[str, str]:
    keys = {(q.id if mode == "answerable" else f"{mode}:{q.id}"): key_of(q) for q in held for mode in modes}
    return keys | {f"off_topic:{query.id}": key_of(query) for query in others}
