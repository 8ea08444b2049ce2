"""What enriching writes into a document's metadata, and how it is read back.

Everything found stands under the one key `study`; four short keys (`study_design`, `evidence_level`, `sample_size`,
`peer_review`) are set besides where the document has none of its own, so that they can be filtered on. Spans are
[start, end] in the document's text. Reading back never trusts types: metadata may come from anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.domains.medical.evidence.grader import StudyRecord
from assay.domains.medical.evidence.reporting import Stated
from assay.types import EMPTY

KEY = "study"


def study_metadata(record: StudyRecord) -> dict[str, Any]:
    """The record as JSON, without what is not stated."""
    design = record.design
    found: dict[str, Any] = {
        "design": design.name if design.source != "none" else None,
        "design_source": design.source,
        "design_confidence": design.confidence,
        "design_reason": design.reason,
        "design_span": [design.start, design.end] if design.start is not None else None,
        "randomised": design.randomised,
        "level": record.level,
        "effects": [
            {key: value for key, value in effect.to_dict().items() if value not in (None, "")}
            for effect in record.effects
        ],
        "limitations": _spans(record.limitations),
        "funding": _spans(record.funding),
        "interests": _spans(record.interests),
        "registrations": [item.value for item in record.registrations],
        "automated": True,
    }
    if record.sample is not None:
        found |= {
            "n": record.sample.n,
            "n_kind": record.sample.kind,
            "n_span": [record.sample.start, record.sample.end],
        }
        found["arms"] = list(record.sample.arms)
    for name, stated in (("blinding", record.blinding), ("follow_up", record.follow_up)):
        if stated is not None:
            found |= {name: stated.value, f"{name}_span": [stated.start, stated.end]}
    return {key: value for key, value in found.items() if value not in (None, [], ())}


def study_of(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """What enriching found, or an empty mapping."""
    study = metadata.get(KEY)
    return study if isinstance(study, Mapping) else EMPTY


def span_of(study: Mapping[str, Any], key: str, characters: int) -> tuple[int, int] | None:
    """A span that lies within the text, or None."""
    span = study.get(key)
    if isinstance(span, (list, tuple)) and len(span) == 2 and all(type(item) is int for item in span):
        start, end = span
        return (start, end) if 0 <= start < end <= characters else None
    return None


def words(metadata: Mapping[str, Any], *keys: str) -> str:
    """The first of these keys that holds a short text or a number, as text; else nothing."""
    for key in keys:
        value = metadata.get(key)
        if isinstance(value, bool):
            continue
        if isinstance(value, (str, int)) and str(value).strip("\x00 \t\n") and len(str(value)) <= 500:
            return " ".join(str(value).split())
    return ""


def strings(value: object) -> tuple[str, ...]:
    """The texts in a list; a single text as one; else none."""
    if isinstance(value, str):
        return (value,) if value.strip() else ()
    return (
        tuple(item for item in value if isinstance(item, str) and item.strip())
        if isinstance(value, (list, tuple))
        else ()
    )


def _spans(found: tuple[Stated, ...]) -> list[list[int]]:
    return [[item.start, item.end] for item in found]
