"""Fits the two models, cross-validated by family of questions, and writes their data card.

The penalty is the one of a short list with the least log loss on families left out. Probabilities are calibrated on
those out-of-family scores, and every figure of the card comes from them too: the calibration of a fold is fitted on the
other folds' scores.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from assay.confidence.logistic import Features, Logistic, fit, platt, sigmoid
from assay.errors import InputError
from assay.types import Record

RIDGES = (3.0, 10.0, 30.0, 100.0, 300.0)
FOLDS = 5
UNNATURAL = 0.25
"""How much an example counts that was made (a near miss): counted in full, such examples teach to tell made from
natural ones, at the cost of telling right from wrong."""
LEAST = 60
"""Fewer examples than this say nothing that generalises."""


@dataclass(frozen=True, slots=True)
class Example(Record):
    """One row to learn from. `natural` ones are as users ask; calibration and choice of penalty look at them alone."""

    features: Features
    label: float
    family: str
    domain: str = ""
    natural: bool = True


@dataclass(frozen=True, slots=True)
class Fitted(Record):
    """A model, its out-of-family probabilities in the order of the examples, and what is told of the fit.

    `scores`: the out-of-family log odds before calibration.
    """

    model: Logistic
    held_out: tuple[float, ...]
    card: Mapping[str, Any] = field(default_factory=dict)
    scores: tuple[float, ...] = ()

    def log_loss(self, examples: Sequence[Example]) -> float:
        """The mean log loss of the held-out probabilities on natural examples."""
        return _natural_loss(self.held_out, examples)


def fold_of(family: str, folds: int = FOLDS) -> int:
    """The fold of a family: the same everywhere, whatever else is in the data."""
    return int(hashlib.sha256(family.encode()).hexdigest()[:8], 16) % folds


def fit_examples(examples: Sequence[Example], *, ridges: Sequence[float] = RIDGES, names: Sequence[str] = ()) -> Fitted:
    """The best model by cross-validation. InputError where there is too little to learn from."""
    if len(examples) < LEAST or len({example.family for example in examples}) < 2 * FOLDS:
        raise InputError(
            f"{len(examples)} labelled examples of {len({e.family for e in examples})} families are too few to fit on",
            why=f"at least {LEAST} examples of {2 * FOLDS} families are needed",
            next="label more questions; until then the shipped model is used",
        )
    tried = {ridge: _held_out_scores(examples, ridge, names) for ridge in ridges}
    losses = {ridge: _loss(examples, scores) for ridge, scores in tried.items()}
    ridge = min(losses, key=lambda one: (losses[one], -one))
    scores = tried[ridge]
    whole = _fitted(examples, ridge, names)
    model = _with_calibration(whole, examples, scores)
    return Fitted(model, _held_out(examples, scores), _card(examples, ridge, losses), tuple(scores))


def recalibrated(fitted: Fitted, examples: Sequence[Example], domain: str) -> Fitted:
    """The same weights, calibrated on one domain's examples alone (those that `fitted` was made from)."""
    pairs = [(e, s) for e, s in zip(examples, fitted.scores, strict=True) if e.domain == domain]
    own, scores = [e for e, _ in pairs], [s for _, s in pairs]
    card = {**fitted.card, "calibrated_on": domain, "calibration_examples": sum(e.natural for e in own)}
    return Fitted(_with_calibration(fitted.model, own, scores), _held_out(own, scores), card, tuple(scores))


def _with_calibration(model: Logistic, examples: Sequence[Example], scores: Sequence[float]) -> Logistic:
    slope, shift = _calibrated(examples, scores, None)
    return replace(model, slope=float(f"{slope:.6g}"), shift=float(f"{shift:.6g}"))


def _fitted(examples: Sequence[Example], ridge: float, names: Sequence[str]) -> Logistic:
    counts = [1.0 if example.natural else UNNATURAL for example in examples]
    return fit([e.features for e in examples], [e.label for e in examples], ridge=ridge, names=names, counts=counts)


def _held_out_scores(examples: Sequence[Example], ridge: float, names: Sequence[str]) -> list[float]:
    folds = [fold_of(example.family) for example in examples]
    scores = [0.0] * len(examples)
    for fold in sorted(set(folds)):
        inside = [e for e, f in zip(examples, folds, strict=True) if f != fold]
        model = _fitted(inside, ridge, names)
        for at, (example, held) in enumerate(zip(examples, folds, strict=True)):
            if held == fold:
                scores[at] = model.score(example.features)
    return scores


def _held_out(examples: Sequence[Example], scores: Sequence[float]) -> tuple[float, ...]:
    """Probabilities of each fold, calibrated on the scores of the other folds."""
    folds = [fold_of(example.family) for example in examples]
    fitted = {fold: _calibrated(examples, scores, fold) for fold in set(folds)}
    return tuple(sigmoid(fitted[f][0] * score + fitted[f][1]) for f, score in zip(folds, scores, strict=True))


def _calibrated(examples: Sequence[Example], scores: Sequence[float], but: int | None) -> tuple[float, float]:
    chosen = [
        (score, e.label)
        for e, score in zip(examples, scores, strict=True)
        if e.natural and (but is None or fold_of(e.family) != but)
    ]
    labels = [label for _, label in chosen]
    if not chosen or min(labels) == max(labels):
        return 1.0, 0.0
    return platt([score for score, _ in chosen], labels)


def _loss(examples: Sequence[Example], scores: Sequence[float]) -> float:
    """Mean log loss of the natural examples, after calibration on the other folds."""
    return _natural_loss(_held_out(examples, scores), examples)


def _natural_loss(held: Sequence[float], examples: Sequence[Example]) -> float:
    chosen = [(p, e.label) for p, e in zip(held, examples, strict=True) if e.natural]
    return math.fsum(-math.log(max(1e-6, p if label else 1 - p)) for p, label in chosen) / max(1, len(chosen))


def _card(examples: Sequence[Example], ridge: float, losses: Mapping[float, float]) -> dict[str, Any]:
    by_domain = Counter(example.domain for example in examples)
    return {
        "examples": len(examples),
        "families": len({example.family for example in examples}),
        "right": round(math.fsum(example.label for example in examples)),
        "natural": sum(example.natural for example in examples),
        "unnatural_counts": UNNATURAL,
        "by_domain": dict(sorted(by_domain.items())),
        "folds": FOLDS,
        "ridge": ridge,
        "held_out_log_loss": {f"{one:g}": round(loss, 4) for one, loss in losses.items()},
    }
