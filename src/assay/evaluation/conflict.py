"""`assay eval conflict`: claims with labelled statements; are conflicts among the statements found?

A file holds one JSON object a line: `{"id", "claim", "label", "evidence": [{"text", "label"}]}`. `label` is conflict,
support, refute or neutral; an evidence label is Supports, Refutes or Neutral. Figures: precision, recall and F1 of the
conflict class with a bootstrap interval over questions (`question`, else the claim), macro F1 of the four verdicts,
accuracy (Wilson), and macro F1 of the single stances. `train` fits the shipped stance model, `crossed` gives figures by
models that saw no claim of the same question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assay.domains.medical.findings.linear import LinearModel, shipped_model
from assay.domains.medical.findings.stance import MODEL, stance_features, stance_shares, verdict
from assay.errors import InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.direction import fit, fold_of, write
from assay.evaluation.limits import broken, finite
from assay.evaluation.metrics import DRAWS, SEED, Estimate
from assay.evaluation.verification import Rate, wilson
from assay.types import Record

VERDICTS = ("conflict", "support", "refute", "neutral")
STANCES = ("supports", "refutes", "neutral")
LIMITS = ("conflict_f1", "accuracy", "macro_f1")
_FOLDS = 5


@dataclass(frozen=True, slots=True)
class ConflictItem(Record):
    """A claim with its statements, the stance of each, and the verdict on all of them."""

    id: str
    claim: str
    label: str
    statements: tuple[tuple[str, str], ...]
    group: str


@dataclass(frozen=True, slots=True)
class ConflictReport(Record):
    """Figures over the claims; `confusion[label][verdict]` counts."""

    claims: int
    unscored: int
    conflict_f1: Estimate
    precision: Rate
    recall: Rate
    macro_f1: float
    accuracy: Rate
    stance_macro_f1: float
    statements: int
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
            f"{self.claims} claims with {self.statements} statements; {self.unscored} without statements",
            (
                f"conflict F1 {self.conflict_f1.mean:.3f} [{self.conflict_f1.low:.3f}, {self.conflict_f1.high:.3f}"
                f"]   precision {_shown(self.precision)}   recall {_shown(self.recall)}"
            ),
            (
                f"verdicts: macro F1 {self.macro_f1:.3f}, accuracy {_shown(self.accuracy)}; single stances: macro "
                f"F1 {self.stance_macro_f1:.3f}"
            ),
            *(f"  {name:9} read as {dict(counts)}" for name, counts in self.confusion.items()),
            *(f"LIMIT BROKEN  {breach}" for breach in self.breaches),
        ]
        return "\n".join(lines)


def run(claims: Path, *, crossed: bool = False, limits: Mapping[str, float] | None = None) -> ConflictReport:
    """Score the shipped stance model on a file, or (`crossed`) models fitted to the other folds of it."""
    items, unscored = read_items(claims)
    if not items:
        raise InputError(f"{claims} holds no claim with statements", next="give lines with claim, label and evidence")
    if crossed:
        readings = cross_validated(items)
        notice = f"cross-validated: {_FOLDS} folds by question, each read by a model fitted to the others"
    else:
        model = shipped_model(MODEL)
        readings = [_shares(model, item) for item in items]
        notice = ""
    return report(items, readings, unscored, notice, limits or {})


def read_items(claims: Path) -> tuple[list[ConflictItem], int]:
    """The claims of a file, and how many have no statement."""
    items: list[ConflictItem] = []
    unscored = 0
    for number, record in enumerate(json_lines(claims), 1):
        if record.get("label") not in VERDICTS or not isinstance(record.get("claim"), str):
            raise InputError(
                f"{claims}, claim {number} has no claim or label", next=f"label with {', '.join(VERDICTS)}"
            )
        held = [
            (str(e["text"]), str(e.get("label", "")).lower())
            for e in record.get("evidence") or []
            if isinstance(e, dict) and e.get("text")
        ]
        if not held:
            unscored += 1
            continue
        items.append(
            ConflictItem(
                str(record.get("id", number)),
                record["claim"],
                record["label"],
                tuple(held),
                str(record.get("question") or record["claim"]),
            )
        )
    return items, unscored


def cross_validated(items: Sequence[ConflictItem]) -> list[list[dict[str, float]]]:
    """Probabilities for every statement by a model that saw no claim of the same question."""
    found: list[list[dict[str, float]]] = [[] for _ in items]
    for fold in range(_FOLDS):
        model = _fitted([item for item in items if fold_of(item.group) != fold])
        for place, item in enumerate(items):
            if fold_of(item.group) == fold:
                found[place] = _shares(model, item)
    return found


def train(items: Sequence[ConflictItem], place: Path) -> LinearModel:
    """Fit the stance model to all statements and write it as JSON."""
    model = _fitted(items)
    write(model, place, sum(len(item.statements) for item in items), "assay.evaluation.conflict")
    return model


def _fitted(items: Sequence[ConflictItem]) -> LinearModel:
    pairs = [(item.claim, text, stance) for item in items for text, stance in item.statements if stance in STANCES]
    return fit([stance_features(claim, text) for claim, text, _ in pairs], [stance for _, _, stance in pairs], STANCES)


def _shares(model: LinearModel, item: ConflictItem) -> list[dict[str, float]]:
    return [stance_shares(model, stance_features(item.claim, text)) for text, _ in item.statements]


def report(
    items: Sequence[ConflictItem],
    readings: Sequence[list[dict[str, float]]],
    unscored: int,
    notice: str,
    limits: Mapping[str, float],
) -> ConflictReport:
    """The figures of these readings."""
    verdicts = [verdict([(shares["supports"], shares["refutes"]) for shares in own]) for own in readings]
    labels = [item.label for item in items]
    hits = sum(a == b == "conflict" for a, b in zip(labels, verdicts, strict=True))
    stances = [
        (stance, max(shares, key=shares.__getitem__))
        for item, own in zip(items, readings, strict=True)
        for (_, stance), shares in zip(item.statements, own, strict=True)
    ]
    macro = float(np.mean([_f1(labels, verdicts, name) for name in VERDICTS]))
    accuracy = wilson(sum(a == b for a, b in zip(labels, verdicts, strict=True)), len(items))
    interval = _interval(items, verdicts)
    measured = {"conflict_f1": interval.mean, "accuracy": accuracy.rate, "macro_f1": macro}
    return ConflictReport(
        len(items),
        unscored,
        interval,
        wilson(hits, verdicts.count("conflict")),
        wilson(hits, labels.count("conflict")),
        macro,
        accuracy,
        float(np.mean([_f1([a for a, _ in stances], [b for _, b in stances], name) for name in STANCES])),
        len(stances),
        {name: dict(Counter(b for a, b in zip(labels, verdicts, strict=True) if a == name)) for name in VERDICTS},
        notice,
        broken(limits, measured, LIMITS),
    )


def _f1(labels: Sequence[str], readings: Sequence[str], name: str) -> float:
    both = sum(a == b == name for a, b in zip(labels, readings, strict=True))
    total = list(labels).count(name) + list(readings).count(name)
    return 2 * both / total if total else 0.0


def _interval(items: Sequence[ConflictItem], verdicts: Sequence[str]) -> Estimate:
    names = sorted({item.group for item in items})
    members = {name: [place for place, item in enumerate(items) if item.group == name] for name in names}
    drawn = np.random.default_rng(SEED).integers(0, len(names), size=(DRAWS, len(names)))
    values = []
    for draw in drawn:
        rows = [place for number in draw for place in members[names[number]]]
        values.append(_f1([items[place].label for place in rows], [verdicts[place] for place in rows], "conflict"))
    low, high = np.percentile(values, [2.5, 97.5])
    return Estimate(_f1([item.label for item in items], verdicts, "conflict"), float(low), float(high), len(items))


def _shown(rate: Rate) -> str:
    return f"{rate.rate:.3f} [{rate.low:.3f}, {rate.high:.3f}]" if rate.n else "-"
