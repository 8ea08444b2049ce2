"""A multinomial logistic model over named features, read from a JSON file: coefficients that can be looked at.

Training stands in `assay.evaluation.direction` and `.conflict`; here a model is only applied.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights[name]` holds one coefficient for each of `classes`; a feature that is not named counts nothing."""

    classes: tuple[str, ...]
    weights: Mapping[str, Sequence[float]]

    def probabilities(self, features: Mapping[str, float]) -> tuple[float, ...]:
        """The probability of each class (softmax of the weighted sums)."""
        sums = [0.0] * len(self.classes)
        for name, value in features.items():
            weights = self.weights.get(name)
            if weights is not None:
                for place, weight in enumerate(weights):
                    sums[place] += weight * value
        most = max(sums)
        shares = [math.exp(value - most) for value in sums]
        total = sum(shares)
        return tuple(share / total for share in shares)


@functools.lru_cache(maxsize=4)
def shipped_model(name: str) -> LinearModel:
    """The model that the package holds under this file name."""
    raw = resources.files("assay.domains.medical.findings").joinpath(name).read_text(encoding="utf-8")
    return from_json(raw)


def from_json(text: str) -> LinearModel:
    """A model from the JSON that training writes."""
    held = json.loads(text)
    return LinearModel(tuple(held["classes"]), held["weights"])
