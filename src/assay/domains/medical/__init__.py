"""Medicine: what the medical system sets, asks of a model, and says about itself. Sources are read from metadata."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from assay.domains.base import Keys, MetadataPack
from assay.types import FrozenDict

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


def pack(settings: Mapping[str, Any] = SETTINGS) -> MetadataPack:
    """The medical pack."""
    return MetadataPack(
        name="medical",
        disclaimer=DISCLAIMER,
        chunk_strategy=str(settings["chunk_strategy"]),
        keys=Keys(
            identity=("study_design", "doc_type", "article_type"),
            scope=("population", "setting"),
            weight=("evidence_level", "study_design"),
            currency=("retraction", "publication_status"),
            citation=("citation", "pmid", "doi"),
        ),
        prompt_template=resources.files("assay.domains.medical").joinpath("prompt.txt").read_text(encoding="utf-8"),
        settings=settings,
    )
