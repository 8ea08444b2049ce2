"""`assay eval fit-confidence`: asked questions in, a confidence model with its data card out.

The answers model learns from answerable questions and, where there are any, near misses; it is calibrated on the
answerable ones alone, as users ask. The passages model learns from every passage shown to an answerable question.
All figures of the card are of questions whose family the fit had not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from assay.confidence.model import ConfidenceModel, family
from assay.confidence.training import Example, Fitted, fit_examples, recalibrated
from assay.errors import InputError
from assay.evaluation.answers import finite
from assay.evaluation.asking import Asked
from assay.evaluation.calibration import auroc_interval, calibration, precision_at
from assay.types import Record
from assay.version import VERSION


@dataclass(frozen=True, slots=True)
class FittedConfidence(Record):
    """The model, and out-of-family probabilities: by row for answers, by row and place for passages."""

    model: ConfidenceModel
    confidence: tuple[tuple[Asked, float], ...]
    relevance: tuple[tuple[Asked, bool, float], ...]


def fit_confidence(rows: Sequence[Asked], embedder: str, *, note: str = "") -> FittedConfidence:
    """Fit both models on asked questions. InputError where there is too little to learn from."""
    learnt = _Learnt.of(rows)
    confidence, relevance = fit_examples(learnt.of_answers), fit_examples(learnt.of_passages)
    return learnt.told(confidence, relevance, embedder, note)


def fit_domains(rows: Sequence[Asked], embedder: str, *, note: str = "") -> dict[str, FittedConfidence]:
    """A model by domain: of weights learned on all domains and of weights learned on its own, those with the less
    log loss on families left out; calibrated on the domain in both cases."""
    everything = _Learnt.of(rows)
    shared = fit_examples(everything.of_answers), fit_examples(everything.of_passages)
    found = {}
    for domain in sorted({row.domain for row in rows}):
        own = _Learnt.of([row for row in rows if row.domain == domain])
        confidence = _better(shared[0], everything.of_answers, own.of_answers, domain)
        relevance = _better(shared[1], everything.of_passages, own.of_passages, domain)
        found[domain] = own.told(confidence, relevance, embedder, note)
    return found


def _better(shared: Fitted, everything: Sequence[Example], own: Sequence[Example], domain: str) -> Fitted:
    borrowed = recalibrated(shared, everything, domain)
    try:
        alone = fit_examples(own)
    except InputError:
        return borrowed
    return alone if alone.log_loss(own) < borrowed.log_loss(own) else borrowed


@dataclass(frozen=True, slots=True)
class _Learnt:
    """Asked questions as examples to learn from: answers, and the passages of answerable questions."""

    rows: tuple[Asked, ...]
    answers: tuple[Asked, ...]
    passages: tuple[tuple[Asked, Mapping[str, float], bool], ...]

    @classmethod
    def of(cls, rows: Sequence[Asked]) -> _Learnt:
        labelled = [row for row in rows if row.mode != "off_topic"]
        passages = [
            (row, features, relevant)
            for row in labelled
            if row.mode == "answerable"
            for features, relevant in zip(row.passages, row.relevant, strict=True)
        ]
        return cls(tuple(rows), tuple(row for row in labelled if row.answered), tuple(passages))

    @property
    def of_answers(self) -> list[Example]:
        return [Example(r.features, float(r.right), _family(r), r.domain, r.mode == "answerable") for r in self.answers]

    @property
    def of_passages(self) -> list[Example]:
        return [Example(features, float(t), _family(r), r.domain) for r, features, t in self.passages]

    def told(self, confidence: Fitted, relevance: Fitted, embedder: str, note: str) -> FittedConfidence:
        """The model with its data card."""
        held = tuple(zip(self.answers, confidence.held_out, strict=True))
        shown = tuple((r, t, p) for (r, _, t), p in zip(self.passages, relevance.held_out, strict=True))
        card = {
            "made": datetime.now(UTC).date().isoformat(),
            "version": VERSION,
            "embedder": embedder,
            "note": note,
            "data": _data(self.rows),
            "relevance": {**relevance.card, "held_out": _figures([(p, float(t), r.domain) for r, t, p in shown])},
            "confidence": {**confidence.card, "held_out": confidence_figures(held)},
        }
        model = ConfidenceModel(relevance.model, confidence.model, family(embedder), card)
        return FittedConfidence(model, held, shown)


def _family(row: Asked) -> str:
    return f"{row.domain}/{row.family}"


def _data(rows: Sequence[Asked]) -> dict[str, Any]:
    """What the model was fitted on: counts by domain and mode, and a hash of the questions."""
    counts: dict[str, dict[str, int]] = {}
    for row in rows:
        by = counts.setdefault(row.domain, {})
        by[row.mode] = by.get(row.mode, 0) + 1
    keys = sorted(f"{row.domain}\n{row.mode}\n{row.id}\n{row.question}" for row in rows)
    return {"questions": counts, "sha256": hashlib.sha256("\n".join(keys).encode()).hexdigest()}


def _figures(items: Sequence[tuple[float, float, str]]) -> dict[str, Any]:
    """ECE, Brier and AUROC by domain, from out-of-family probabilities."""
    found = {}
    for name in [*sorted({domain for _, _, domain in items}), "all"]:
        chosen = [(p, t) for p, t, domain in items if name in (domain, "all")]
        told = calibration(*zip(*chosen, strict=True))
        found[name] = {"n": told.n, "right": round(told.share_right, 4)} | {
            key: _estimate(getattr(told, key)) for key in ("ece", "brier", "auroc")
        }
    return dict(finite(found))


def confidence_figures(held: Sequence[tuple[Asked, float]]) -> dict[str, Any]:
    """Figures of answerable questions, and how well near misses are told from them."""
    natural = [(p, float(row.right), row.domain) for row, p in held if row.mode == "answerable"]
    found = {"answerable": _figures(natural)}
    missed = [(row, p) for row, p in held if row.mode == "near_miss"]
    if missed:
        found["near_miss"] = {
            name: near_miss_figures([(row, p) for row, p in held if name in (row.domain, "all")])
            for name in [*sorted({row.domain for row, _ in missed}), "all"]
        }
    return found


def near_miss_figures(held: Sequence[tuple[Asked, float]]) -> dict[str, Any]:
    """AUROC of confidence over answered questions of both modes, and precision at 25 % coverage of them."""
    stated = [p for _, p in held]
    there = [float(row.mode == "answerable") for row, _ in held]
    right = [float(row.right) for row, _ in held]
    return dict(
        finite(
            {
                "n": len(held),
                "auroc": _estimate(auroc_interval(stated, there)),
                "precision@25": _estimate(precision_at(stated, right, 0.25)),
            }
        )
    )


def _estimate(value: Any) -> list[float]:
    return [round(value.mean, 4), round(value.low, 4), round(value.high, 4)]


def card_lines(card: Mapping[str, Any]) -> list[str]:
    """The data card for a terminal."""
    found = [f"fitted {card['made']} for {card['embedder']}"]
    for domain, counts in card["data"]["questions"].items():
        found.append(f"  {domain}: " + ", ".join(f"{n} {mode.replace('_', ' ')}" for mode, n in counts.items()))
    told = {"relevance": card["relevance"]["held_out"], "confidence": card["confidence"]["held_out"]["answerable"]}
    for name, by in told.items():
        for domain, item in by.items():
            found.append(f"{name}, {domain}: error {_shown(item['ece'])}, AUROC {_shown(item['auroc'])}, n {item['n']}")
    for domain, item in card["confidence"]["held_out"].get("near_miss", {}).items():
        found.append(
            f"near misses, {domain}: AUROC {_shown(item['auroc'])}, right at 25 % {_shown(item['precision@25'])}"
        )
    return found


def _shown(values: Sequence[float | None]) -> str:
    if None in values:
        return "not measured"
    middle, low, high = values
    return f"{middle:.3f} ({low:.3f} to {high:.3f})"
