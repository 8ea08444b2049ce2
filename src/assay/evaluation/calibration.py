"""How far stated probabilities can be trusted: calibration error, Brier score, ranking of right above wrong.

Expected calibration error over bins of equal mass (Naeini et al. 2015; equal mass after Nixon et al. 2019). It is
biased upwards: a perfect forecaster of n questions in b bins shows about 0.8 * sqrt(p(1 - p) * b / n), which is given
beside it (`noise`). AUROC: the chance that a right one is stated above a wrong one (ties count half). Intervals:
percentile bootstrap, fixed seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.evaluation.metrics import SEED, Estimate
from assay.types import Record

Floats = npt.NDArray[np.float64]
BINS = 10
DRAWS = 1000


@dataclass(frozen=True, slots=True)
class Bin(Record):
    """One bin of a reliability diagram: mean stated probability, share that was right, how many."""

    stated: float
    right: float
    n: int


@dataclass(frozen=True, slots=True)
class Calibration(Record):
    """How stated probabilities stand to outcomes. `noise`: the error a perfect forecaster would show here."""

    ece: Estimate
    brier: Estimate
    auroc: Estimate
    noise: float
    mean_stated: float
    share_right: float
    bins: tuple[Bin, ...]
    n: int


@dataclass(frozen=True, slots=True)
class CoveragePoint(Record):
    """Of the `coverage` most confident questions, the share that was right."""

    coverage: float
    precision: float
    confidence: float
    n: int


def calibration(stated: Sequence[float], right: Sequence[float], *, bins: int = BINS) -> Calibration:
    """The whole account; NaN where there is nothing."""
    chance, truth = np.asarray(stated, dtype=np.float64), np.asarray(right, dtype=np.float64)
    n = len(chance)
    found = reliability(chance, truth, bins)
    share = float(truth.mean()) if n else math.nan
    noise = 0.8 * math.sqrt(max(0.0, float((chance * (1 - chance)).mean())) * len(found) / n) if n else math.nan
    return Calibration(
        ece=_interval(lambda c, t: ece(c, t, bins), chance, truth),
        brier=_interval(lambda c, t: float(((c - t) ** 2).mean()), chance, truth),
        auroc=_interval(auroc, chance, truth),
        noise=noise,
        mean_stated=float(chance.mean()) if n else math.nan,
        share_right=share,
        bins=found,
        n=n,
    )


def reliability(stated: Floats, right: Floats, bins: int = BINS) -> tuple[Bin, ...]:
    """Bins of equal mass, least stated first; fewer than `bins` where there are few questions."""
    n = len(stated)
    if not n:
        return ()
    order = np.argsort(stated, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, n)) if len(part)]
    return tuple(Bin(float(stated[part].mean()), float(right[part].mean()), len(part)) for part in parts)


def ece(stated: Floats, right: Floats, bins: int = BINS) -> float:
    """Expected calibration error: the mean distance of stated and right, weighted by the bins' mass."""
    found = reliability(stated, right, bins)
    total = sum(item.n for item in found)
    return sum(item.n * abs(item.stated - item.right) for item in found) / total if total else math.nan


def auroc(stated: Floats, right: Floats) -> float:
    """The chance that a right one is stated above a wrong one; NaN where all are alike."""
    positive = right > 0.5
    good, bad = int(positive.sum()), int((~positive).sum())
    if not good or not bad:
        return math.nan
    ranks = _ranks(stated)
    return float((ranks[positive].sum() - good * (good + 1) / 2) / (good * bad))


def auroc_interval(stated: Sequence[float], right: Sequence[float]) -> Estimate:
    """AUROC with its 95 % interval."""
    return _interval(auroc, np.asarray(stated, dtype=np.float64), np.asarray(right, dtype=np.float64))


def risk_coverage(stated: Sequence[float], right: Sequence[float], points: int = 20) -> tuple[CoveragePoint, ...]:
    """Precision among the most confident 5 %, 10 %, ... of all questions."""
    chance, truth = np.asarray(stated, dtype=np.float64), np.asarray(right, dtype=np.float64)
    n = len(chance)
    sizes = sorted({max(1, round(n * part / points)) for part in range(1, points + 1)}) if n else []
    ordered = np.sort(chance)[::-1]
    return tuple(CoveragePoint(size / n, _first(chance, truth, size), float(ordered[size - 1]), size) for size in sizes)


def precision_at(stated: Sequence[float], right: Sequence[float], coverage: float) -> Estimate:
    """The share right among the `coverage` most confident, with its 95 % interval."""
    return _interval(
        lambda chance, truth: _first(chance, truth, max(1, round(len(chance) * coverage))),
        np.asarray(stated, dtype=np.float64),
        np.asarray(right, dtype=np.float64),
    )


def _first(chance: Floats, truth: Floats, size: int) -> float:
    """The share right among the `size` most confident; of those equally confident at the edge, a fair share counts."""
    edge = np.sort(chance)[::-1][size - 1]
    above, at = chance > edge, chance == edge
    return float((truth[above].sum() + (size - above.sum()) * truth[at].mean()) / size)


def _interval(measure: Callable[[Floats, Floats], float], stated: Floats, right: Floats) -> Estimate:
    n = len(stated)
    if not n:
        return Estimate(math.nan, math.nan, math.nan, 0)
    draws = np.random.default_rng(SEED).integers(0, n, size=(DRAWS, n))
    values = np.array([measure(stated[draw], right[draw]) for draw in draws])
    held = values[np.isfinite(values)]
    low, high = np.percentile(held, [2.5, 97.5]) if len(held) else (math.nan, math.nan)
    return Estimate(measure(stated, right), float(low), float(high), n)


def _ranks(values: Floats) -> Floats:
    """Ranks from 1; equal values share their mean rank."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    means = ends - (counts - 1) / 2
    return np.asarray(means[places], dtype=np.float64)
