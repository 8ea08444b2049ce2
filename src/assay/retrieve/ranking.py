"""The ranking: a sum of signals, each scaled between its least and greatest value among this question's candidates.

No training: a learned fusion did not transfer between domains, the plain sum did. Scaling looks only at candidates that
this caller may read, so a score says nothing about documents that the caller may not read; and only at the candidates
of the usual depth, so that asking for more passages does not rank the first ones otherwise.
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
    late: float = 1.0


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its total and the signals that make it up."""

    hit: IndexHit
    score: float
    signals: tuple[Signal, ...]


def scaled(values: Sequence[float], among: Sequence[float] | None = None) -> list[float]:
    """`values` mapped linearly so that the least is 0 and the greatest 1 (all 0 where they are equal). `among`: those
    whose least and greatest count, where it is not all of them."""
    given = values if among is None else among
    low, high = min(given, default=0.0), max(given, default=0.0)
    span = high - low
    return [(value - low) / span if span > 0 else 0.0 for value in values]


def rank(
    hits: Sequence[IndexHit],
    weights: Weights,
    late: Mapping[int, float] | None = None,
    most: int | None = None,
    depth: int | None = None,
) -> list[Scored]:
    """The candidates best first, at most `most` of them; equal scores by id, so that the order is the same every time.

    `late`: late interaction by id, for some of the candidates; it is scaled among those, and adds nothing to others.
    `depth`: how many candidates of each leg the signals are scaled among (default: all).
    """
    met = late or {}
    columns = _columns(hits, weights, depth)
    extra = dict(zip(met, scaled(list(met.values())), strict=True))
    totals = _totals(columns)
    if extra:
        totals = [
            total + extra[hit.id] * weights.late if hit.id in extra else total
            for hit, total in zip(hits, totals, strict=True)
        ]
    order = sorted(range(len(hits)), key=lambda at: (-totals[at], hits[at].id))[:most]
    return [Scored(hits[at], totals[at], _signals(hits[at].id, at, columns, met, extra, weights)) for at in order]


def _signals(
    key: int,
    at: int,
    columns: Sequence[_Column],
    met: Mapping[int, float],
    extra: Mapping[int, float],
    weights: Weights,
) -> tuple[Signal, ...]:
    found = [_signal(name, raws[at], parts[at], weight) for name, raws, parts, weight in columns]
    if key in extra:
        found.append(_signal("late", met[key], extra[key], weights.late))
    return tuple(found)


def best(hits: Sequence[IndexHit], weights: Weights, most: int, depth: int | None = None) -> list[int]:
    """The ids of the `most` best candidates by the index's own signals; `depth` as for `rank`."""
    totals = _totals(_columns(hits, weights, depth))
    return [hits[at].id for at in sorted(range(len(hits)), key=lambda at: (-totals[at], hits[at].id))[:most]]


_Column = tuple[str, list[float], list[float], float]


def _columns(hits: Sequence[IndexHit], weights: Weights, depth: int | None) -> list[_Column]:
    bm25 = [hit.bm25 or 0.0 for hit in hits]
    cosine = [hit.cosine or 0.0 for hit in hits]
    near = range(len(hits)) if depth is None else _near(hits, bm25, cosine, depth)
    return [
        ("bm25", bm25, scaled(bm25, [bm25[at] for at in near]), weights.bm25),
        ("cosine", cosine, scaled(cosine, [cosine[at] for at in near]), weights.cosine),
    ]


def _near(hits: Sequence[IndexHit], bm25: Sequence[float], cosine: Sequence[float], depth: int) -> Sequence[int]:
    """Where the hits stand that a search of this depth would have found."""
    worded = sorted((at for at, score in enumerate(bm25) if score > 0), key=lambda at: (-bm25[at], hits[at].id))
    close = sorted(range(len(hits)), key=lambda at: (-cosine[at], hits[at].id))
    return sorted({*worded[:depth], *close[:depth]})


def _totals(columns: Sequence[_Column]) -> list[float]:
    weighted = [[part * weight for part in parts] for _, _, parts, weight in columns]
    return [sum(parts) for parts in zip(*weighted, strict=True)]


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
