"""The null pack: no field's rules, the five questions answered from metadata alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.domains.base import MetadataPack
from assay.types import EMPTY


def pack(settings: Mapping[str, Any] = EMPTY) -> MetadataPack:
    """The general pack."""
    return MetadataPack(settings=settings)
