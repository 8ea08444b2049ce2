"""`assay eval retrieval`: asks every labelled question, ranks documents by their best passage, and scores the ranking.

A question whose labelled document is not in the library is counted as missing, apart: it is never scored 0 silently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assay.evaluation.dataset import LabelledQuery
from assay.evaluation.metrics import (
    Estimate,
    estimate,
    hit,
    macro_means,
    ndcg,
    precision,
    recall,
    reciprocal_rank,
    span_scores,
)
from assay.types import Record

SPAN_DEPTHS = (1, 2, 4, 8, 16, 32, 64)
DEPTHS = (1, 5, 10, 100)


@dataclass(frozen=True, slots=True)
class Found(Record):
    """One passage of a ranking: its document and its span in the original text."""

    document_id: str
    start: int
    end: int


Search = Callable[[str, int, frozenset[str]], Sequence[Found]]


@dataclass(frozen=True, slots=True)
class RetrievalScores(Record):
    """Mean and interval by metric name; per-question values for paired comparison; what could not be scored.

    `macro`: the mean over groups of questions of each group's mean, where groups were asked for. `missing`: questions
    none of whose labelled documents is in the library. `missing_labels`: labelled documents of scored questions that
    are not in the library; they count against recall, and are told so that nobody takes that for the ranking's fault.
    """

    metrics: Mapping[str, Estimate]
    per_query: Mapping[str, Mapping[str, float]]
    questions: int
    missing: tuple[str, ...]
    macro: Mapping[str, Estimate] = field(default_factory=dict)
    missing_labels: int = 0


def evaluate(
    queries: Iterable[LabelledQuery],
    search: Search,
    held: Callable[[str], bool],
    *,
    depth: int = 300,
    macro: str = "",
    progress: Callable[[int], None] = lambda done: None,
) -> RetrievalScores:
    """Scores of `search` over `queries`. `held(document_id)` says whether the library has a document at all.

    `macro`: a field of the questions; every group of one value counts the same in the macro means.
    """
    per_query: dict[str, dict[str, float]] = {}
    groups: dict[str, list[str]] = {}
    missing: list[str] = []
    missing_labels = 0
    for number, query in enumerate(queries, 1):
        there = [held(document) for document, grade in query.grades.items() if grade > 0]
        if not any(there):
            missing.append(query.id)
        else:
            missing_labels += there.count(False)
            groups.setdefault(str(query.fields.get(macro, "")), []).append(query.id)
            found = search(query.text, depth, query.exclude)
            per_query[query.id] = score(query, [item for item in found if item.document_id not in query.exclude])
        progress(number)
    names = list(dict.fromkeys(name for values in per_query.values() for name in values))
    metrics = {name: estimate([v[name] for v in per_query.values() if name in v]) for name in names}
    means = macro_means(per_query, list(groups.values())) if macro else {}
    return RetrievalScores(metrics, per_query, len(per_query), tuple(missing), means, missing_labels)


def score(query: LabelledQuery, found: Sequence[Found]) -> dict[str, float]:
    """Every metric of one question."""
    ranked = list(dict.fromkeys(item.document_id for item in found))
    relevant = frozenset(document for document, grade in query.grades.items() if grade > 0)
    values = {"ndcg@10": ndcg(ranked, query.grades, 10), "mrr": reciprocal_rank(ranked, relevant)}
    for k in DEPTHS:
        values |= {f"p@{k}": precision(ranked, relevant, k), f"r@{k}": recall(ranked, relevant, k)}
        values[f"hit@{k}"] = hit(ranked, relevant, k)
    if query.spans:
        for k in SPAN_DEPTHS:
            spans = [(item.document_id, item.start, item.end) for item in found[:k]]
            values[f"char_p@{k}"], values[f"char_r@{k}"] = span_scores(spans, query.spans)
        values |= _passage_hits(query, found)
    return values


def _passage_hits(query: LabelledQuery, found: Sequence[Found]) -> dict[str, float]:
    places = [n for n, item in enumerate(found, 1) if _touches(item, query)]
    first = places[0] if places else 0
    return {f"passage_hit@{k}": float(0 < first <= k) for k in (1, 5, 10)}


def _touches(item: Found, query: LabelledQuery) -> bool:
    spans = query.spans.get(item.document_id, ())
    return any(item.start < end and start < item.end for start, end in spans)
