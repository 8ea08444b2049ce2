"""A GRADE-like certainty for a body of studies on one outcome: an automated estimate, never a panel's assessment.

After the GRADE guidelines (Guyatt et al., J Clin Epidemiol 2011, parts 1, 4, 6 to 9): randomised evidence starts high,
observational low; down for risk of bias, inconsistency, indirectness and imprecision; up for a large effect where
nothing was rated down. Publication bias is not assessed. One study alone is no body: the answer is then "not rated".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.types import Record

LABEL = "automated estimate, not a panel's GRADE assessment"
LEVELS = ("very low", "low", "moderate", "high")
_RANDOMISED = frozenset({"rct", "rct_secondary"})
_RATED = _RANDOMISED | {
    "non_randomised_interventional",
    "cohort",
    "case_control",
    "cross_sectional",
    "before_after",
    "case_series",
}
_INDIRECT = frozenset({"animal", "in_vitro", "modelling"})
_RATIOS = frozenset({"OR", "RR", "HR", "IRR", "PR"})
_FEW = 400  # participants; the rule of thumb for the optimal information size of a continuous outcome


@dataclass(frozen=True, slots=True)
class BodyOfEvidence(Record):
    """Studies as mappings: design, n, blinding, effects (measure, estimate, lower, upper), direction where known."""

    studies: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Certainty(Record):
    """`level`: high, moderate, low, very low or "not rated"; `reasons` one line a step, with its domain."""

    level: str
    start: str
    reasons: tuple[str, ...]
    studies: int
    label: str = LABEL


def certainty_of(body: BodyOfEvidence) -> Certainty:
    """The estimate with its reasons."""
    rated = [study for study in body.studies if study.get("design") in _RATED | _INDIRECT]
    direct = [study for study in rated if study.get("design") in _RATED]
    trials = [study for study in direct if study.get("design") in _RANDOMISED]
    if len(direct) < 2:
        return Certainty("not rated", "", ("fewer than two studies in people with a known design",), len(direct))
    pool = trials if len(trials) >= 2 else direct
    start = 3 if pool is trials else 1
    steps = [
        step for step in (_bias(pool), _inconsistency(pool), _indirectness(rated, direct), _imprecision(pool)) if step
    ]
    raised = _large(pool) if start == 1 and not steps else None
    level = max(0, min(3, start - sum(count for count, _ in steps) + (raised[0] if raised else 0)))
    reasons = (*(reason for _, reason in steps), *((raised[1],) if raised else ()), "publication bias: not assessed")
    return Certainty(LEVELS[level], LEVELS[start], reasons, len(pool))


def _bias(pool: list[Mapping[str, Any]]) -> tuple[int, str] | None:
    unblinded = sum(study.get("blinding") in (None, "", "open") for study in pool)
    if unblinded * 2 > len(pool):
        return 1, f"risk of bias: {unblinded} of {len(pool)} studies are open or state no blinding"
    return None


def _inconsistency(pool: list[Mapping[str, Any]]) -> tuple[int, str] | None:
    directions = {str(study.get("direction")) for study in pool} & {"increased", "decreased"}
    return (1, "inconsistency: significant results in opposite directions") if len(directions) == 2 else None


def _indirectness(rated: list[Mapping[str, Any]], direct: list[Mapping[str, Any]]) -> tuple[int, str] | None:
    others = len(rated) - len(direct)
    return (1, f"indirectness: {others} of {len(rated)} studies are not in people") if others >= len(direct) else None


def _imprecision(pool: list[Mapping[str, Any]]) -> tuple[int, str] | None:
    known = [study["n"] for study in pool if isinstance(study.get("n"), int)]
    if len(known) == len(pool) and sum(known) < _FEW:
        return 1, f"imprecision: {sum(known)} participants in all, under {_FEW}"
    wide = [effect for effect in _effects(pool) if _is_wide(effect)]
    if wide and len(wide) == len(_effects(pool)):
        return 1, "imprecision: every interval holds both no effect and an important one"
    return None


def _large(pool: list[Mapping[str, Any]]) -> tuple[int, str] | None:
    ratios = [effect["estimate"] for effect in _effects(pool) if effect.get("measure") in _RATIOS]
    if len(ratios) >= 2 and (min(ratios) > 5 or max(ratios) < 0.2):
        return 2, "large effect: every ratio over 5 or under 0.2"
    if len(ratios) >= 2 and (min(ratios) > 2 or max(ratios) < 0.5):
        return 1, "large effect: every ratio over 2 or under 0.5"
    return None


def _is_wide(effect: Mapping[str, Any]) -> bool:
    low, high = effect["lower"], effect["upper"]
    if effect.get("measure") in _RATIOS:
        return bool(low <= 1 <= high and (low < 0.75 or high > 1.25))
    return bool(low <= 0 <= high)


def _effects(pool: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    found = []
    for study in pool:
        for effect in study.get("effects") or ():
            if isinstance(effect, Mapping) and all(
                isinstance(effect.get(key), (int, float)) for key in ("estimate", "lower", "upper")
            ):
                found.append(effect)
    return found
