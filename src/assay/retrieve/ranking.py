"""The ranking: a sum of signals, each scaled between its least and greatest value among this question's candidates.

No training: a learned fusion did not transfer between domains, the plain sum did. Scaling looks only at candidates that
this caller may read, so a score says nothing about documents that the caller may not read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.types import IndexHit, Signal


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts; a domain pack may set others."""

    bm25: float = 1.0
    cosine: float = 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its total and the signals that make it up."""

    hit: IndexHit
    score: float
    signals: tuple[Signal, ...]


def scaled(values: Sequence[float]) -> list[float]:
    """`values` mapped linearly so that the least is 0 and the greatest 1 (all 0 where they are equal)."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    span = high - low
    return [(value - low) / span if span > 0 else 0.0 for value in values]


def rank(hits: Sequence[IndexHit], weights: Weights) -> list[Scored]:
    """The candidates best first; equal scores by id, so that the order is the same every time."""
    bm25 = [hit.bm25 or 0.0 for hit in hits]
    cosine = [hit.cosine or 0.0 for hit in hits]
    parts = (("bm25", bm25, weights.bm25), ("cosine", cosine, weights.cosine))
    columns = [
        [_signal(name, raw, part, weight) for raw, part in zip(values, scaled(values), strict=True)]
        for name, values, weight in parts
    ]
    ranked = [
        Scored(hit, sum(signal.contribution for signal in signals), signals)
        for hit, signals in zip(hits, zip(*columns, strict=True), strict=True)
    ]
    return sorted(ranked, key=lambda item: (-item.score, item.hit.id))


def with_priors(
    ranked: Sequence[Scored], priors: Sequence[Mapping[str, float]], notes: Mapping[str, str] | None = None
) -> list[Scored]:
    """The candidates ranked anew with the pack's priors added, one mapping name -> addend a candidate."""
    notes = notes or {}
    again = [
        Scored(
            item.hit,
            item.score + sum(extra.values()),
            (*item.signals, *(Signal(n, v, v, 1.0, v, notes.get(n, "")) for n, v in extra.items())),
        )
        for item, extra in zip(ranked, priors, strict=True)
    ]
    return sorted(again, key=lambda item: (-item.score, item.hit.id))


def _signal(name: str, raw: float, part: float, weight: float) -> Signal:
    return Signal(name, raw, part, weight, part * weight)
