"""Law: what the legal system sets, asks of a model, and says about itself; the pack is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from assay.types import FrozenDict

if TYPE_CHECKING:
    from assay.domains.legal.legal_pack import LegalPack

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


def pack(settings: Mapping[str, Any] = SETTINGS) -> LegalPack:
    """The legal pack with these settings; a switch that is off is off in everything it says."""
    from assay.domains.legal.legal_pack import LegalPack

    template = resources.files("assay.domains.legal").joinpath("prompt.txt").read_text(encoding="utf-8")
    return LegalPack(settings=settings, disclaimer=DISCLAIMER, prompt_template=template)
