"""Engineering: what the technical system sets and asks of a model; the pack is loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import TYPE_CHECKING, Any

from assay.types import FrozenDict

if TYPE_CHECKING:
    from assay.domains.technical.technical_pack import TechnicalPack

SETTINGS = FrozenDict(
    chunk_strategy="hierarchical",
    quality_threshold=0.75,
    code_context_preservation=True,
    version_tracking=True,
    syntax_highlighting=True,
    deprecation_warnings=True,
    terminology_boost=(
        "function",
        "method",
        "class",
        "parameter",
        "return",
        "exception",
        "API",
        "endpoint",
        "authentication",
        "configuration",
    ),
)


def pack(settings: Mapping[str, Any] = SETTINGS) -> TechnicalPack:
    """The technical pack with these settings; a switch that is off is off in everything it says."""
    from assay.domains.technical.technical_pack import TechnicalPack

    template = resources.files("assay.domains.technical").joinpath("prompt.txt").read_text(encoding="utf-8")
    strategy = str(settings.get("chunk_strategy") or "hierarchical")
    whole = settings.get("code_context_preservation", True)
    return TechnicalPack(
        chunk_strategy=strategy if whole or strategy != "hierarchical" else "recursive",
        prompt_template=template,
        settings=settings,
    )
