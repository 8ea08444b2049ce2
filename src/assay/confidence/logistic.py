"""Logistic regression with a ridge penalty, fitted by Newton's method, and how it is written down.

Features are named numbers. Each is scaled to mean 0 and deviation 1; one that is absent from a row counts as its mean
and raises an indicator of its own, so that a model fitted with a signal still works where that signal is not measured.
Fitted weights are turned into probabilities by a second, two-parameter fit (Platt 1999) on predictions that were made
for rows outside the fold they were fitted on.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.errors import InputError
from assay.types import Record

Features = Mapping[str, float]
Floats = npt.NDArray[np.float64]
_STEPS = 50
_HALVINGS = 20
_SETTLED = 1e-8
_FARTHEST = 4.0
"""A feature counts at most this many deviations from its mean: one wild value must not decide."""


@dataclass(frozen=True, slots=True)
class Term(Record):
    """One feature of a model: how it is scaled, what a deviation is worth, and what its absence is worth."""

    name: str
    mean: float
    scale: float
    weight: float
    absent: float = 0.0


@dataclass(frozen=True, slots=True)
class Logistic(Record):
    """A fitted model. `slope` and `shift` calibrate its score: probability = 1 / (1 + exp(-(slope*score + shift)))."""

    terms: tuple[Term, ...]
    bias: float
    slope: float = 1.0
    shift: float = 0.0

    def score(self, features: Features) -> float:
        """The uncalibrated log odds."""
        total = self.bias
        for term in self.terms:
            value = features.get(term.name)
            if value is None or not math.isfinite(value):
                total += term.absent
            else:
                total += term.weight * max(-_FARTHEST, min(_FARTHEST, (value - term.mean) / term.scale))
        return total

    def probability(self, features: Features) -> float:
        """The calibrated probability, 0 to 1."""
        return sigmoid(self.slope * self.score(features) + self.shift)


def sigmoid(value: float) -> float:
    """1 / (1 + exp(-value)), without overflow."""
    if value >= 0:
        return 1.0 / (1.0 + math.exp(-value))
    lifted = math.exp(value)
    return lifted / (1.0 + lifted)


def from_mapping(told: Mapping[str, Any]) -> Logistic:
    """The model that `to_dict` wrote; InputError where it is none."""
    try:
        terms = tuple(
            Term(str(t["name"]), float(t["mean"]), float(t["scale"]), float(t["weight"]), float(t.get("absent", 0.0)))
            for t in told["terms"]
        )
        return Logistic(terms, float(told["bias"]), float(told.get("slope", 1.0)), float(told.get("shift", 0.0)))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("the confidence model cannot be read", why=str(error), next="fit it again") from error


def fit(
    rows: Sequence[Features],
    labels: Sequence[float],
    *,
    ridge: float,
    names: Sequence[str] = (),
    counts: Sequence[float] | None = None,
) -> Logistic:
    """The model of these rows and labels (0 or 1). `ridge` is the penalty on squared weights, in rows' worth.

    `counts`: how much each row counts (default: 1). `names` limits the features. InputError where the labels are all
    alike: nothing can be learned from them.
    """
    truth = np.asarray(labels, dtype=np.float64)
    if not len(truth) or truth.min() == truth.max():
        raise InputError(
            "a model cannot be fitted",
            why="all labelled examples have the same outcome",
            next="give questions of which some are answered rightly and some are not",
        )
    chosen = tuple(names) or tuple(sorted({name for row in rows for name in row}))
    values, absent = _table(rows, chosen)
    with np.errstate(invalid="ignore"):
        means = np.array([_mean(values[:, i]) for i in range(len(chosen))])
        scales = np.array([_scale(values[:, i]) for i in range(len(chosen))])
    scaled = np.clip(np.where(absent, 0.0, (values - means) / scales), -_FARTHEST, _FARTHEST)
    design = np.hstack([np.ones((len(rows), 1)), scaled, absent.astype(np.float64)])
    penalty = np.full(design.shape[1], ridge)
    penalty[0] = 1e-6
    shares = np.ones(len(rows)) if counts is None else np.asarray(counts, dtype=np.float64)
    found = newton(design, truth, penalty, np.zeros_like(penalty), shares)
    weights, missing = found[1 : 1 + len(chosen)], found[1 + len(chosen) :]
    terms = tuple(Term(*row) for row in zip(chosen, means, scales, weights, missing, strict=True))
    return _plain(Logistic(terms, float(found[0])))


def newton(design: Floats, truth: Floats, penalty: Floats, centre: Floats, counts: Floats) -> Floats:
    """The weights that minimise log loss + penalty/2 * (weights - centre)^2: Newton's method, steps halved at need.

    `counts`: how much each row counts in the loss.
    """
    weights = np.zeros(design.shape[1])
    loss = _loss(design, truth, weights, penalty, centre, counts)
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (counts * (chance - truth)) + penalty * (weights - centre)
        curvature = (design * (counts * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(curvature, gradient)
        for _ in range(_HALVINGS):
            found = _loss(design, truth, weights - step, penalty, centre, counts)
            if found <= loss:
                break
            step = step / 2
        weights, gained, loss = weights - step, loss - found, found
        if gained < _SETTLED:
            break
    return weights


def _loss(design: Floats, truth: Floats, weights: Floats, penalty: Floats, centre: Floats, counts: Floats) -> float:
    raw = design @ weights
    losses = counts * (np.logaddexp(0.0, raw) - truth * raw)
    return float(np.sum(losses) + 0.5 * np.sum(penalty * (weights - centre) ** 2))


def platt(scores: Sequence[float], labels: Sequence[float]) -> tuple[float, float]:
    """Slope and shift that turn scores into probabilities (Platt 1999), with a light pull towards slope 1."""
    raw = np.asarray(scores, dtype=np.float64)
    design = np.column_stack([np.ones_like(raw), raw])
    truth, penalty = np.asarray(labels, dtype=np.float64), np.array([1e-6, 1.0])
    found = newton(design, truth, penalty, np.array([0.0, 1.0]), np.ones_like(raw))
    return float(found[1]), float(found[0])


def _table(rows: Sequence[Features], names: Sequence[str]) -> tuple[Floats, npt.NDArray[np.bool_]]:
    values = np.array([[row.get(name, math.nan) for name in names] for row in rows], dtype=np.float64)
    absent = ~np.isfinite(values)
    return values, absent


def _mean(column: Floats) -> float:
    held = column[np.isfinite(column)]
    return float(held.mean()) if len(held) else 0.0


def _scale(column: Floats) -> float:
    held = column[np.isfinite(column)]
    spread = float(held.std()) if len(held) else 0.0
    return spread if spread > 1e-9 else 1.0


def _plain(model: Logistic) -> Logistic:
    """Python floats, rounded: a data file that people read."""

    def short(value: Any) -> float:
        return float(f"{float(value):.6g}")

    terms = tuple(Term(t.name, short(t.mean), short(t.scale), short(t.weight), short(t.absent)) for t in model.terms)
    return Logistic(terms, short(model.bias), short(model.slope), short(model.shift))


def plain_mapping(model: Logistic) -> dict[str, Any]:
    """The model as JSON holds it."""
    return model.to_dict()
