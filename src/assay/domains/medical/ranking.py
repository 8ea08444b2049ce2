"""The pack's addends to the ranking: small, bounded, and each with a name. Relevance always decides first.

Strength of evidence (questions on therapy and harm only), age against the newest candidate, and words of the
terminology boost that question and title share. No addend exceeds 0.03 where the engine's signals reach 1 each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.domains.medical.dates import NEUTRAL, recency, year_of
from assay.domains.medical.evidence.level import level_of
from assay.domains.medical.questions import terms_in
from assay.domains.medical.study_metadata import study_of
from assay.types import Passage

_LEVEL = {1: 0.03, 2: 0.02, 3: 0.0, 4: -0.01, 5: -0.02}
_RECENCY = 0.03
_TERM = 0.01
_MOST_TERMS = 2


def addends(
    reading: Mapping[str, Any], passages: Sequence[Passage], settings: Mapping[str, Any]
) -> list[Mapping[str, float]]:
    """One mapping a passage, holding only the addends that are switched on and not zero."""
    newest = max((year for passage in passages if (year := year_of(passage.document.metadata))), default=0)
    return [_of(reading, passage, settings, newest) for passage in passages]


def _of(reading: Mapping[str, Any], passage: Passage, settings: Mapping[str, Any], newest: int) -> Mapping[str, float]:
    metadata = passage.document.metadata
    found: dict[str, float] = {}
    kind = str(reading.get("question_type", ""))
    if settings.get("evidence_level_tracking", True) and kind in ("therapy", "harm"):
        level = level_of(str(study_of(metadata).get("design", "")), kind)
        found["evidence_level"] = _LEVEL.get(level or 0, 0.0)
    if settings.get("recency_weighting", True):
        found["recency"] = round(_RECENCY * (recency(year_of(metadata), newest) - NEUTRAL), 4)
    terms = terms_in(passage.document.title, reading.get("terms"))
    found["terminology"] = _TERM * min(len(terms), _MOST_TERMS)
    return {name: value for name, value in found.items() if value}
