"""The design model: a multinomial logistic regression over the cues of a report, with weights in design_weights.json.

Nine classes. What goes in are the groups and phrases of design_cues.toml (written by hand), in the title and in the
text, and four measures of form; never a publication type or a subject heading. The weights were fitted on human labels
and checked by cross-validation (docs/medical.md says how well). It says a class and a probability, not a reason: the
reason shown to a reader is the cue with the greatest weight for that class.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

import numpy as np
import numpy.typing as npt

from assay.domains.medical.evidence.cues import NUMBER, Scan

CLASSES = (
    "animal",
    "case_report",
    "in_vitro",
    "narrative_review",
    "non_randomised_interventional",
    "other",
    "protocol",
    "rct",
    "systematic_review",
)


@dataclass(frozen=True, slots=True)
class Weights:
    """One bias a class; for each feature its row in `matrix`, which has one weight a class."""

    bias: npt.NDArray[np.float64]
    rows: Mapping[str, int]
    matrix: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Guess:
    """The probability of each class, and how much each feature spoke for the likeliest one."""

    probabilities: Mapping[str, float]
    best: str
    contributions: Mapping[str, float]


def features_of(title: Scan, body: Scan, *, asks: bool = False) -> dict[str, float]:
    """The features of one report, by name. `asks`: the title holds a question mark."""
    found: dict[str, float] = {}
    for group, spans in title.groups.items():
        found[f"T:{group}"] = math.sqrt(min(len(spans), 2))
    for group, spans in body.groups.items():
        found[f"B:{group}"] = 0.5 * math.log2(1 + len(spans))
        found[f"A:{group}"] = 0.5
    found |= {f"t={phrase}": 0.7 for phrase in title.phrases}
    found |= {f"b={phrase}": 0.7 for phrase in body.phrases}
    length = len(body.words)
    found["length"] = min(length, 400) / 200
    found["short"] = float(length < 120)
    found["question"] = float(asks)
    found["numbers"] = min(sum(word.stem == NUMBER for word in body.words), 40) / 20
    return found


def guess(features: Mapping[str, float]) -> Guess:
    """The class that fits best, with the probability of each."""
    weights = _weights()
    known = [name for name in features if name in weights.rows]
    rows = weights.matrix[[weights.rows[name] for name in known]]
    values = np.array([features[name] for name in known])
    totals = weights.bias + values @ rows
    best = int(totals.argmax())
    powers = np.exp(totals - totals[best])
    chances = (powers / powers.sum()).tolist()
    spoke = (values * rows[:, best]).tolist()
    return Guess(dict(zip(CLASSES, chances, strict=True)), CLASSES[best], dict(zip(known, spoke, strict=True)))


@functools.cache
def _weights() -> Weights:
    source = resources.files("assay.domains.medical.evidence").joinpath("design_weights.json")
    stored = json.loads(source.read_text(encoding="utf-8"))
    names = list(stored["features"])
    matrix = np.array([stored["features"][name] for name in names], dtype=np.float64)
    return Weights(np.array(stored["bias"]), {name: row for row, name in enumerate(names)}, matrix)
