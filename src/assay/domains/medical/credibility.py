"""A score from 0 to 1 for how far a source can be relied on, with its reasons. It knows no list of bad journals.

Parts: level of evidence 0.35, peer review 0.20, precision 0.15, reporting 0.15, identifiers 0.05, divided by
their sum. Gates: retracted or a notice 0; expression of concern at most 0.3. A journal's standing is not looked at. The
weights are a convention, not a measurement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.domains.medical.peer_review import NOT_APPLICABLE, PREPRINT, REVIEWED, peer_review_of
from assay.domains.medical.status import CONCERN, NOTICE, RETRACTED, status_of
from assay.domains.medical.study_metadata import strings, study_of, words
from assay.types import Record

_LEVEL = {1: 1.0, 2: 0.85, 3: 0.6, 4: 0.35, 5: 0.15}
_REVIEW = {REVIEWED: 1.0, PREPRINT: 0.2, NOT_APPLICABLE: 0.4}
_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Credibility(Record):
    """The score, rounded to two digits, and one reason for each part that moved it."""

    score: float
    reasons: tuple[str, ...]


def credibility_of(title: str, metadata: Mapping[str, Any], *, check_review: bool = True) -> Credibility:
    """The score of one source from its metadata. `check_review` False leaves peer review out."""
    status = status_of(title, metadata)
    if status.value in (RETRACTED, NOTICE):
        return Credibility(0.0, (f"{status.value}: {status.reason}",))
    study = study_of(metadata)
    level = study.get("level")
    parts = [(0.35, _LEVEL.get(level, 0.3) if isinstance(level, int) else 0.3, f"evidence level {level or 'unknown'}")]
    if check_review:
        review = peer_review_of(metadata)
        parts.append((0.20, _REVIEW.get(review.value, _UNKNOWN), f"peer review {review.value}: {review.reason}"))
    parts.append((0.15, *_precision(study)))
    parts.append((0.15, *_reporting(study)))
    known = [key for key in ("pmid", "doi", "journal") if words(metadata, key)]
    parts.append((0.05, len(known) / 3, f"identifiers: {', '.join(known) or 'none'}"))
    total = sum(weight * value for weight, value, _ in parts) / sum(weight for weight, _, _ in parts)
    reasons = tuple(reason for _, _, reason in parts)
    if status.value == CONCERN:
        return Credibility(min(round(total, 2), 0.3), (f"{CONCERN}: {status.reason}", *reasons))
    return Credibility(round(total, 2), reasons)


def _precision(study: Mapping[str, Any]) -> tuple[float, str]:
    n = study.get("n")
    if not isinstance(n, int) or isinstance(n, bool):
        return _UNKNOWN, "sample size not stated"
    return (0.2 if n < 30 else 0.4 if n < 100 else 0.7 if n < 400 else 1.0), f"sample size {n:,}"


def _reporting(study: Mapping[str, Any]) -> tuple[float, str]:
    items = ("registrations", "effects", "limitations", "blinding")
    stated = [item for item in items if study.get(item) and (item != "registrations" or strings(study.get(item)))]
    return len(stated) / len(
        items
    ), f"states {', '.join(stated) or 'no registration, intervals, limitations or blinding'}"
