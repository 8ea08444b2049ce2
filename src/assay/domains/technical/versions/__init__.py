"""Version notes: what documentation says of a symbol's life (added, changed, deprecated, removed), and since when."""

from __future__ import annotations

from assay.domains.technical.versions.collecting import notes_of
from assay.domains.technical.versions.notes import KIND, Note, note_of
from assay.domains.technical.versions.numbers import Version, at_most, parse_version
from assay.domains.technical.versions.standing import Cited, Standing, keys_for, same_product, standing_of

__all__ = [
    "KIND",
    "Cited",
    "Note",
    "Standing",
    "Version",
    "at_most",
    "keys_for",
    "note_of",
    "notes_of",
    "parse_version",
    "same_product",
    "standing_of",
]
