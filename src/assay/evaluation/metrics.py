"""Ranking metrics over one question, and their mean over many with a 95 % interval.

nDCG@k: Järvelin and Kekäläinen 2002, gain = grade, discount = log2(rank + 1), as trec_eval computes it. P@k, R@k, hit@k
and MRR treat every grade above 0 as relevant. Intervals: percentile bootstrap over questions (Efron 1979), 2,000 draws,
fixed seed. Character-level precision and recall: LegalBench-RAG (Pipitone and Houir Alami 2024), the overlap of the
retrieved spans with the labelled spans, in characters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assay.types import Record

Spans = Mapping[str, Sequence[tuple[int, int]]]
DRAWS = 2000
SEED = 20_240_601


@dataclass(frozen=True, slots=True)
class Estimate(Record):
    """A mean over `n` questions with its 95 % interval."""

    mean: float
    low: float
    high: float
    n: int


def estimate(values: Sequence[float]) -> Estimate:
    """The mean of `values` with a bootstrap interval; NaN where there are none."""
    if not values:
        return Estimate(math.nan, math.nan, math.nan, 0)
    data = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(SEED).integers(0, len(data), size=(DRAWS, len(data)))
    low, high = np.percentile(data[draws].mean(axis=1), [2.5, 97.5])
    return Estimate(float(data.mean()), float(low), float(high), len(data))


def macro_means(scores: Mapping[str, Mapping[str, float]], groups: Sequence[Sequence[str]]) -> dict[str, Estimate]:
    """By metric, the mean over groups of the group's mean; the bootstrap draws questions within each group."""
    names = dict.fromkeys(name for values in scores.values() for name in values)
    found: dict[str, Estimate] = {}
    for name in names:
        columns = [[scores[key][name] for key in group if name in scores[key]] for group in groups]
        held = [np.asarray(column, dtype=np.float64) for column in columns if column]
        random = np.random.default_rng(SEED)
        drawn = [column[random.integers(0, len(column), size=(DRAWS, len(column)))].mean(axis=1) for column in held]
        low, high = np.percentile(np.mean(drawn, axis=0), [2.5, 97.5])
        middle = float(np.mean([column.mean() for column in held]))
        found[name] = Estimate(middle, float(low), float(high), sum(map(len, held)))
    return found


def paired(first: Sequence[float], second: Sequence[float]) -> Estimate:
    """The mean of second - first over the same questions, with its 95 % interval."""
    return estimate([b - a for a, b in zip(first, second, strict=True)])


def ndcg(ranked: Sequence[str], grades: Mapping[str, float], k: int = 10) -> float:
    """nDCG@k of a ranked list of distinct document ids against their grades."""
    gained = sum(grades.get(item, 0.0) / math.log2(place + 1) for place, item in enumerate(ranked[:k], 1))
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:k]
    best = sum(grade / math.log2(place + 1) for place, grade in enumerate(ideal, 1))
    return gained / best if best else 0.0


def precision(ranked: Sequence[str], relevant: frozenset[str], k: int) -> float:
    """The share of the first k places that hold a relevant document; missing places count as misses."""
    return sum(item in relevant for item in ranked[:k]) / k


def recall(ranked: Sequence[str], relevant: frozenset[str], k: int) -> float:
    """The share of the relevant documents among the first k."""
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0


def hit(ranked: Sequence[str], relevant: frozenset[str], k: int) -> float:
    """1 if any of the first k is relevant."""
    return float(not relevant.isdisjoint(ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: frozenset[str]) -> float:
    """1 / the place of the first relevant document; 0 where none was found."""
    return next((1.0 / place for place, item in enumerate(ranked, 1) if item in relevant), 0.0)


def span_scores(found: Sequence[tuple[str, int, int]], gold: Spans) -> tuple[float, float]:
    """Character precision and recall of `found` (document, start, end) against the labelled spans."""
    retrieved: dict[str, list[tuple[int, int]]] = {}
    for document, start, end in found:
        retrieved.setdefault(document, []).append((start, end))
    merged = {document: merge(spans) for document, spans in retrieved.items()}
    labelled = {document: merge(spans) for document, spans in gold.items()}
    shared = sum(_overlap(merged.get(document, []), spans) for document, spans in labelled.items())
    length = sum(_length(spans) for spans in merged.values())
    wanted = sum(_length(spans) for spans in labelled.values())
    return (shared / length if length else 0.0), (shared / wanted if wanted else 0.0)


def merge(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sorted spans with overlaps joined."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _length(spans: Sequence[tuple[int, int]]) -> int:
    return sum(end - start for start, end in spans)


def _overlap(first: Sequence[tuple[int, int]], second: Sequence[tuple[int, int]]) -> int:
    shared, i, j = 0, 0, 0
    while i < len(first) and j < len(second):
        shared += max(0, min(first[i][1], second[j][1]) - max(first[i][0], second[j][0]))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return shared
