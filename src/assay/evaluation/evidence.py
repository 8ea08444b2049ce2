"""`assay eval evidence`: how well studies are graded: design, level, sample size, blinding, effects, identifiers.

A gold file holds one JSON object a line: a study `{"id", "kind": "study", "doc", "n_total", "n_acceptable", "design":
[...], "randomised", "blinding", "ocebm_therapy_level"}` whose text stands in the corpus under `doc`, or a sentence
`{"id", "kind": "effect", "text", "effects": [{"measure", "estimate", "lower", "upper"}]}`. A labels file holds `{"id",
"task": "study_type", "design"}` (nine classes) or `{"id", "task": "pubmed_pubtypes", "is_rct", "mesh_design"}`.

Randomised trials are read from title and text alone, and once more with the subject headings of the labels; the
publication type is what is compared with, so it never goes in. Intervals: Wilson for shares, bootstrap over documents
(1,000 draws, fixed seed) for F1. A label whose document is not in the corpus is counted as missing and scored nowhere.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.domains.medical.evidence import MedicalEvidenceGrader
from assay.domains.medical.evidence.design import Design, design_of
from assay.domains.medical.evidence.effects import effects_of
from assay.domains.medical.evidence.model import CLASSES
from assay.errors import InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.limits import Limits
from assay.evaluation.verification import REGRESSION, Rate, wilson
from assay.types import Record

_DRAWS = 1_000
_TASKS = ("study_type", "pubmed_pubtypes")
_TRIALS = ("rct", "rct_secondary")
LIMITS = Limits(
    {
        "rct_f1": "least F1 of randomised trials, text alone",
        "designs_macro_f1": "least macro F1 of the nine designs",
        "sample_size_f1": "least F1 of exact sample sizes",
        "effects_f1": "least F1 of effects with interval",
        "blinding": "least share of right blinding",
        "level": "least share of right levels (therapy)",
    },
)


@dataclass(frozen=True, slots=True)
class Score(Record):
    """A figure with its 95 % interval and how many documents or sentences it rests on; NaN where nothing was there."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class EvidenceReport(Record):
    """Figures by name. `missing`: labels whose document the corpus does not hold. `by_design`: F1 of each class."""

    scores: Mapping[str, Score]
    by_design: Mapping[str, float]
    missing: int
    limits: Mapping[str, float] = field(default_factory=dict)
    breaches: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where a limit is broken, else 0."""
        return REGRESSION if self.breaches else 0

    def summary(self) -> dict[str, Any]:
        """Everything, ready for JSON (NaN as None)."""
        whole: dict[str, Any] = _finite(self.to_dict())
        return whole | {"exit_code": self.exit_code}

    def text(self) -> str:
        """The report as lines for a terminal."""
        lines = [
            f"{name:<28} {score.value:.3f}  [{score.low:.3f}, {score.high:.3f}]  n = {score.n}"
            for name, score in self.scores.items()
        ]
        lines += [f"  F1 {name:<31} {value:.3f}" for name, value in self.by_design.items()]
        lines += [f"labels without a document: {self.missing}"] if self.missing else []
        return "\n".join([*lines, *(f"limit broken: {breach}" for breach in self.breaches)])


Pair = tuple[Any, Any]
Counts = tuple[int, int, int]


def run(
    corpus: Path,
    *,
    gold: Path | None = None,
    labels: Path | None = None,
    limits: Mapping[str, float] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> EvidenceReport:
    """Grade what the labels name and score it. Raises InputError: no labels at all, or an unknown limit."""
    if gold is None and labels is None:
        raise InputError("there is nothing to compare with", next="give --gold, --labels, or both")
    checked = LIMITS.check(limits or {})
    marked = [*(json_lines(gold) if gold else ()), *(json_lines(labels) if labels else ())]
    wanted = {str(item.get("doc") or item.get("id")) for item in marked}
    documents = {str(item["id"]): item for item in json_lines(corpus) if str(item.get("id")) in wanted}
    needs = [
        item for item in marked if item.get("kind") == "study" or item.get("task") in ("study_type", "pubmed_pubtypes")
    ]
    present = [item for item in needs if str(item.get("doc") or item.get("id")) in documents]
    scores: dict[str, Score] = {}
    scores |= _effects([item for item in marked if item.get("kind") == "effect"])
    scores |= _studies([item for item in present if item.get("kind") == "study"], documents)
    progress(len(scores))
    scores |= _trials([item for item in present if item.get("task") == "pubmed_pubtypes"], documents)
    nine, by_design = _designs([item for item in present if item.get("task") == "study_type"], documents)
    progress(len(present))
    scores |= nine
    return EvidenceReport(scores, by_design, len(needs) - len(present), checked, _breaches(checked, scores))


# --- what is scored -------------------------------------------------------------------------------------------------


def _trials(labels: Sequence[Mapping[str, Any]], documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Score]:
    usable = [item for item in labels if item.get("has_abstract", True) and documents[item["id"]].get("text")]
    found = {}
    for name, use in (("rct_f1", False), ("rct_f1_with_mesh", True)):
        pairs = [
            (bool(item.get("is_rct")), _design(documents[item["id"]], item, use).name in _TRIALS) for item in usable
        ]
        found[name] = _bootstrapped(pairs, _binary_f1)
    return {name: score for name, score in found.items() if score.n}


def _design(document: Mapping[str, Any], label: Mapping[str, Any], use_mesh: bool) -> Design:
    mesh = label.get("mesh_design") or () if use_mesh else ()
    return design_of(str(document.get("title", "")), str(document.get("text", "")), mesh=mesh)


def _designs(
    labels: Sequence[Mapping[str, Any]], documents: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Score], dict[str, float]]:
    pairs: list[Pair] = []
    for item in labels:
        pairs.append((item.get("design"), _design(documents[item["id"]], item, False).family))
    if not pairs:
        return {}, {}
    by_class = {name: _class_f1(pairs, name) for name in CLASSES if any(name in pair for pair in pairs)}
    return {"designs_macro_f1": _bootstrapped(pairs, _macro_f1)}, by_class


def _studies(gold: Sequence[Mapping[str, Any]], documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Score]:
    if not gold:
        return {}
    grader = MedicalEvidenceGrader()
    sizes: list[Pair] = []
    designs = levels = blindings = acceptable = stated = 0
    for item in gold:
        document = documents[str(item["doc"])]
        record = grader.read(str(document.get("title", "")), str(document.get("text", "")))
        n = record.sample.n if record.sample else None
        sizes.append((item.get("n_total"), n))
        stated += item.get("n_total") is not None
        acceptable += item.get("n_total") is not None and n in (item["n_total"], *(item.get("n_acceptable") or ()))
        designs += record.design.name in (item.get("design") or ("unknown", "other", "opinion", "narrative_review"))
        levels += record.level == item.get("ocebm_therapy_level")
        blindings += (record.blinding.value if record.blinding else None) == item.get("blinding")
    return {
        "sample_size_f1": _bootstrapped(sizes, _exact_f1),
        "sample_size_acceptable": _of_rate(wilson(acceptable, stated)),
        "design": _of_rate(wilson(designs, len(gold))),
        "level": _of_rate(wilson(levels, len(gold))),
        "blinding": _of_rate(wilson(blindings, len(gold))),
    }


def _effects(gold: Sequence[Mapping[str, Any]]) -> dict[str, Score]:
    counts: list[Counts] = []
    for item in gold:
        wanted = [_tuple(effect) for effect in item.get("effects", ())]
        found = [_tuple(effect.to_dict()) for effect in effects_of(str(item.get("text", "")))]
        rest = list(wanted)
        right = 0
        for effect in found:
            if effect in rest:
                rest.remove(effect)
                right += 1
        counts.append((right, len(found) - right, len(rest)))
    return {"effects_f1": _bootstrapped(counts, _counted_f1)} if counts else {}


def _tuple(effect: Mapping[str, Any]) -> tuple[str, float, float, float]:
    return (str(effect["measure"]), float(effect["estimate"]), float(effect["lower"]), float(effect["upper"]))


# --- figures --------------------------------------------------------------------------------------------------------


def f1(right: int, wrong: int, missed: int) -> float:
    """2 right / (2 right + wrong + missed); NaN where nothing was there and nothing was found."""
    whole = 2 * right + wrong + missed
    return 2 * right / whole if whole else math.nan


def _binary_f1(pairs: Sequence[Pair]) -> float:
    return _class_f1(pairs, True)


def _class_f1(pairs: Sequence[Pair], name: Any) -> float:
    right = sum(gold == name and found == name for gold, found in pairs)
    return f1(right, sum(found == name for _, found in pairs) - right, sum(gold == name for gold, _ in pairs) - right)


def _macro_f1(pairs: Sequence[Pair]) -> float:
    names = {gold for gold, _ in pairs}
    values = [_class_f1(pairs, name) for name in sorted(names, key=str)]
    return sum(values) / len(values) if values else math.nan


def _exact_f1(pairs: Sequence[Pair]) -> float:
    right = sum(gold is not None and gold == found for gold, found in pairs)
    found_all = sum(found is not None for _, found in pairs)
    return f1(right, found_all - right, sum(gold is not None for gold, _ in pairs) - right)


def _counted_f1(counts: Sequence[Counts]) -> float:
    right, wrong, missed = (sum(item[place] for item in counts) for place in range(3))
    return f1(right, wrong, missed)


def _bootstrapped(items: Sequence[Any], figure: Callable[[Sequence[Any]], float]) -> Score:
    """The figure with the 2.5 and 97.5 % points of 1,000 draws with replacement."""
    if not items:
        return Score(math.nan, math.nan, math.nan, 0)
    draw = random.Random(0)
    values = [figure(draw.choices(items, k=len(items))) for _ in range(_DRAWS)]
    kept = sorted(value for value in values if not math.isnan(value))
    low, high = (kept[int(len(kept) * 0.025)], kept[int(len(kept) * 0.975)]) if kept else (math.nan, math.nan)
    return Score(figure(items), low, high, len(items))


def _of_rate(rate: Rate) -> Score:
    return Score(rate.rate, rate.low, rate.high, rate.n)


# --- limits ---------------------------------------------------------------------------------------------------------


def _breaches(limits: Mapping[str, float], scores: Mapping[str, Score]) -> tuple[str, ...]:
    broken = []
    for name, least in limits.items():
        score = scores.get(name)
        if score is None or not score.value >= least:
            broken.append(f"{name}: {'not measured' if score is None else f'{score.value:.3f}'} is under {least}")
    return tuple(broken)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list) else value
