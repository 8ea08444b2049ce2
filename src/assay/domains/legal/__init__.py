"""Law: what the legal system sets, asks of a model, and says about itself. Sources are read from their metadata."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from assay.domains.base import Keys, MetadataPack
from assay.types import FrozenDict

DISCLAIMER = "Research aid, not legal advice. Check every authority before relying on it, and consult a lawyer."

SETTINGS = FrozenDict(
    chunk_strategy="semantic",
    quality_threshold=0.85,
    source_validation=True,
    jurisdiction_filtering=True,
    date_relevance_weighting=True,
    citation_extraction=True,
    terminology_boost=(
        "precedent",
        "statute",
        "regulation",
        "case law",
        "jurisdiction",
        "ruling",
        "opinion",
        "brief",
    ),
)


def pack(settings: Mapping[str, Any] = SETTINGS) -> MetadataPack:
    """The legal pack."""
    return MetadataPack(
        name="legal",
        disclaimer=DISCLAIMER,
        chunk_strategy=str(settings["chunk_strategy"]),
        keys=Keys(
            identity=("doc_type",),
            scope=("jurisdiction", "court"),
            weight=("authority", "court"),
            currency=("later_history", "status"),
            citation=("citation",),
        ),
        prompt_template=resources.files("assay.domains.legal").joinpath("prompt.txt").read_text(encoding="utf-8"),
        settings=settings,
    )
