"""Medicine: what the medical system sets, asks of a model, and says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from assay.types import FrozenDict

if TYPE_CHECKING:
    from assay.domains.medical.medical_pack import MedicalPack

DISCLAIMER = (
    "For research purposes only. This must not replace professional medical advice, diagnosis or treatment; "
    "consult a qualified clinician about any decision on care."
)

SETTINGS = FrozenDict(
    chunk_strategy="semantic",
    quality_threshold=0.90,
    source_credibility_check=True,
    recency_weighting=True,
    evidence_level_tracking=True,
    peer_review_validation=True,
    terminology_boost=(
        "clinical",
        "diagnosis",
        "treatment",
        "prognosis",
        "pathology",
        "therapy",
        "medication",
        "dosage",
        "contraindication",
        "adverse",
    ),
)


def pack(settings: Mapping[str, Any] = SETTINGS) -> MedicalPack:
    """The medical pack with these settings; a switch that is off is off in everything it says."""
    from assay.domains.medical.medical_pack import MedicalPack

    return MedicalPack(
        disclaimer=DISCLAIMER,
        chunk_strategy=str(settings["chunk_strategy"]),
        prompt_template=resources.files("assay.domains.medical").joinpath("prompt.txt").read_text(encoding="utf-8"),
        settings=settings,
    )
