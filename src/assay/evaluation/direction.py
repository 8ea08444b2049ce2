"""`assay eval direction`: the direction of an effect, read from given evidence, against labels.

A file holds one JSON object a line: `{"id", "label", "answers": [...], "pico": {"intervention", "comparator",
"outcome"}}`; label is increased, decreased or no_difference. Lines of another task are passed over, lines without an
answer are counted as unscored. Figures: F1 by class, macro F1 with a percentile bootstrap over documents (Efron 1979),
accuracy with Wilson's interval. A reading of "unclear" counts as wrong.

`train` fits the shipped model: multinomial logistic regression, L2, accelerated gradient descent in numpy; `crossed`
gives its figures with folds by document. Training reads labels, so only cross-validated figures are quoted from it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assay.domains.medical.findings.direction import direction_of
from assay.domains.medical.findings.features import features
from assay.domains.medical.findings.linear import LinearModel
from assay.domains.medical.findings.reading import prompt, read
from assay.errors import InputError
from assay.evaluation.dataset import json_lines, read_qrels
from assay.evaluation.limits import broken, finite
from assay.evaluation.metrics import DRAWS, SEED, Estimate
from assay.evaluation.verification import Rate, wilson
from assay.textual.sentences import sentences
from assay.types import Record

CLASSES = ("increased", "decreased", "no_difference")
LIMITS = ("macro_f1", "accuracy")
Matrix = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
_L2, _RARE, _FOLDS, _STEPS, _DIGITS = 10.0, 5, 5, 150, 3


@dataclass(frozen=True, slots=True)
class DirectionItem(Record):
    """One question with its evidence and its label; `group` keeps the questions of one document together."""

    id: str
    text: str
    intervention: str
    comparator: str
    outcome: str
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class DirectionReport(Record):
    """Figures over the labelled questions; `confusion[label][reading]` counts."""

    scored: int
    unscored: int
    macro_f1: Estimate
    f1: Mapping[str, float]
    accuracy: Rate
    confusion: Mapping[str, Mapping[str, int]]
    notice: str = ""
    breaches: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where a limit is broken, else 0."""
        return 2 if self.breaches else 0

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        whole: dict[str, Any] = finite(self.to_dict())
        return whole | {"exit_code": self.exit_code}

    def text(self) -> str:
        """The report as lines for a terminal."""
        lines = [
            *([self.notice] if self.notice else []),
            f"{self.scored} questions scored, {self.unscored} without evidence",
            (
                f"macro F1 {self.macro_f1.mean:.3f} [{self.macro_f1.low:.3f}, {self.macro_f1.high:.3f}]   accuracy"
                f" {self.accuracy.rate:.3f} [{self.accuracy.low:.3f}, {self.accuracy.high:.3f}]"
            ),
            *(f"  {name:14} F1 {value:.3f}   read as {dict(self.confusion[name])}" for name, value in self.f1.items()),
            *(f"LIMIT BROKEN  {breach}" for breach in self.breaches),
        ]
        return "\n".join(lines)


def run(
    queries: Path, *, qrels: Path | None = None, crossed: bool = False, limits: Mapping[str, float] | None = None
) -> DirectionReport:
    """Score the shipped model on a file, or (`crossed`) models fitted to the other folds of it."""
    items, unscored = read_items(queries, qrels)
    if not items:
        raise InputError(f"{queries} holds no labelled direction", next="give lines with label, answers and pico")
    if crossed:
        readings, notice = (
            cross_validated(items),
            f"cross-validated: {_FOLDS} folds by document, each read by a model fitted to the others",
        )
    else:
        readings = [
            direction_of(
                item.text, intervention=item.intervention, comparator=item.comparator, outcome=item.outcome
            ).direction
            for item in items
        ]
        notice = ""
    return report(items, readings, unscored, notice, limits or {})


def read_items(queries: Path, qrels: Path | None = None) -> tuple[list[DirectionItem], int]:
    """The labelled questions of a file, and how many have no evidence. `qrels` names each question's document."""
    documents = {name: rows[0][0] for name, rows in read_qrels(qrels).items()} if qrels else {}
    items: list[DirectionItem] = []
    unscored = 0
    for record in json_lines(queries):
        if record.get("label") not in CLASSES or not isinstance(record.get("pico"), dict):
            continue
        answers = [answer for answer in record.get("answers") or [] if isinstance(answer, str) and answer.strip()]
        if not answers:
            unscored += 1
            continue
        pico = record["pico"]
        name = str(record["id"])
        parts = [str(pico.get(key, "")) for key in ("intervention", "comparator", "outcome")]
        items.append(
            DirectionItem(
                name,
                joined(answers),
                parts[0],
                parts[1],
                parts[2],
                record["label"],
                documents.get(name, str(record.get("doc_id", name))),
            )
        )
    return items, unscored


def joined(answers: Sequence[str]) -> str:
    """The pieces of evidence as paragraphs, without those that stand in a longer one."""
    kept: list[str] = []
    for answer in sorted(answers, key=len, reverse=True):
        if not any(answer.strip(" .") in other for other in kept):
            kept.append(answer)
    return "\n\n".join(kept)


def report(
    items: Sequence[DirectionItem], readings: Sequence[str], unscored: int, notice: str, limits: Mapping[str, float]
) -> DirectionReport:
    """The figures of these readings."""
    confusion = {
        name: dict(Counter(reading for item, reading in zip(items, readings, strict=True) if item.label == name))
        for name in CLASSES
    }
    accuracy = wilson(sum(item.label == reading for item, reading in zip(items, readings, strict=True)), len(items))
    macro = _interval(items, readings)
    measured = {"macro_f1": macro.mean, "accuracy": accuracy.rate}
    by_class = dict(zip(CLASSES, _f1(_codes([i.label for i in items]), _codes(readings)), strict=True))
    return DirectionReport(
        len(items), unscored, macro, by_class, accuracy, confusion, notice, broken(limits, measured, LIMITS)
    )


def _codes(names: Iterable[str]) -> Labels:
    return np.asarray([CLASSES.index(name) if name in CLASSES else len(CLASSES) for name in names], dtype=np.int64)


def _f1(labels: Labels, readings: Labels) -> list[float]:
    scores = []
    for code in range(len(CLASSES)):
        both = int(((labels == code) & (readings == code)).sum())
        total = int((labels == code).sum() + (readings == code).sum())
        scores.append(2 * both / total if total else 0.0)
    return scores


def _interval(items: Sequence[DirectionItem], readings: Sequence[str]) -> Estimate:
    labels, read_as = _codes([item.label for item in items]), _codes(readings)
    names = sorted({item.group for item in items})
    members = [np.flatnonzero(np.asarray([item.group == name for item in items])) for name in names]
    drawn = np.random.default_rng(SEED).integers(0, len(names), size=(DRAWS // 4, len(names)))
    values = []
    for draw in drawn:
        rows = np.concatenate([members[place] for place in draw])
        values.append(float(np.mean(_f1(labels[rows], read_as[rows]))))
    low, high = np.percentile(values, [2.5, 97.5])
    return Estimate(float(np.mean(_f1(labels, read_as))), float(low), float(high), len(items))


# --- training -------------------------------------------------------------------------------------------------------


def item_features(item: DirectionItem) -> dict[str, float]:
    """The features of one question's evidence."""
    asked = prompt(item.intervention, item.comparator, item.outcome)
    return features(read(item.text, asked, [(span.start, span.end) for span in sentences(item.text)]), asked)


def cross_validated(items: Sequence[DirectionItem]) -> list[str]:
    """A reading of each question by a model that saw no question of its document."""
    rows = [item_features(item) for item in items]
    folds = [fold_of(item.group) for item in items]
    readings = [""] * len(items)
    for fold in range(_FOLDS):
        inside = [place for place, own in enumerate(folds) if own != fold]
        model = fit([rows[place] for place in inside], [items[place].label for place in inside], CLASSES)
        for place in (place for place, own in enumerate(folds) if own == fold):
            shares = model.probabilities(rows[place])
            readings[place] = CLASSES[max(range(len(CLASSES)), key=shares.__getitem__)]
    return readings


def fold_of(group: str, folds: int = _FOLDS) -> int:
    """The fold that a group always falls into."""
    return int(hashlib.sha256(f"fold {group}".encode()).hexdigest()[:8], 16) % folds


def train(items: Sequence[DirectionItem], place: Path) -> LinearModel:
    """Fit the model to all of `items` and write it as JSON."""
    model = fit([item_features(item) for item in items], [item.label for item in items], CLASSES)
    write(model, place, len(items), "assay.evaluation.direction")
    return model


def write(model: LinearModel, place: Path, items: int, made_by: str) -> None:
    """A model as JSON with how it was made."""
    held = {
        "about": (
            f"multinomial logistic regression, L2 {_L2:g}, features seen in at least {_RARE} of {items} items;"
            f" made by {made_by}"
        ),
        "classes": list(model.classes),
        "weights": {name: list(weights) for name, weights in sorted(model.weights.items())},
    }
    place.write_text(json.dumps(held, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", encoding="utf-8")


def fit(
    rows: Sequence[Mapping[str, float]], labels: Sequence[str], classes: Sequence[str], l2: float = _L2
) -> LinearModel:
    """Multinomial logistic regression with an L2 penalty, by Nesterov's accelerated gradient (1983)."""
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, count in counts.items() if count >= _RARE)
    place_of = {name: place for place, name in enumerate(names)}
    matrix: Matrix = np.zeros((len(rows), len(names)))
    for number, row in enumerate(rows):
        for name, value in row.items():
            if name in place_of:
                matrix[number, place_of[name]] = value
    targets = np.eye(len(classes))[[list(classes).index(label) for label in labels]]
    found = _minimised(matrix, targets, l2)
    kept = {name: [round(float(value), _DIGITS) for value in found[place]] for name, place in place_of.items()}
    return LinearModel(tuple(classes), {name: values for name, values in kept.items() if max(map(abs, values)) >= 0.01})


def _minimised(matrix: Matrix, targets: Matrix, l2: float) -> Matrix:
    step = 1.0 / (_largest_eigenvalue(matrix) / 2 + l2)
    weights = ahead = np.zeros((matrix.shape[1], targets.shape[1]))
    momentum = 1.0
    for _ in range(_STEPS):
        scores = matrix @ ahead
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        new = ahead - step * (matrix.T @ (shares - targets) + l2 * ahead)
        following = (1 + math.sqrt(1 + 4 * momentum * momentum)) / 2
        ahead, weights, momentum = new + (momentum - 1) / following * (new - weights), new, following
    return weights


def _largest_eigenvalue(matrix: Matrix) -> float:
    vector = np.ones(matrix.shape[1])
    size = 1.0
    for _ in range(15):
        vector = matrix.T @ (matrix @ vector)
        size = float(np.linalg.norm(vector)) or 1.0
        vector /= size
    return size * 1.05
