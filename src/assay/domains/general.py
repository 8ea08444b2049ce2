"""The null pack: no field's rules, the five questions answered from metadata alone."""

from __future__ import annotations

from assay.domains.base import MetadataPack


def pack() -> MetadataPack:
    """The general pack."""
    return MetadataPack()
