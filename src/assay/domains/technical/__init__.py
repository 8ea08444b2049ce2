"""Engineering: what the technical system sets and asks of a model. Sources are read from their metadata."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from typing import Any

from assay.domains.base import Keys, MetadataPack
from assay.types import FrozenDict

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


def pack(settings: Mapping[str, Any] = SETTINGS) -> MetadataPack:
    """The technical pack."""
    return MetadataPack(
        name="technical",
        chunk_strategy=str(settings["chunk_strategy"]),
        keys=Keys(
            identity=("doc_type", "kind", "format"),
            scope=("version", "library", "product"),
            weight=("source_kind",),
            currency=("status", "deprecated"),
            status_date=("status_as_of", "date"),
            citation=("citation", "url_path"),
        ),
        prompt_template=resources.files("assay.domains.technical").joinpath("prompt.txt").read_text(encoding="utf-8"),
        settings=settings,
    )
