"""All version notes of one document, from every source that its format offers."""

from __future__ import annotations

from dataclasses import replace

from assay.domains.technical.places import RST, Places
from assay.domains.technical.versions.changelogs import changelog_notes
from assay.domains.technical.versions.directives import directive_notes
from assay.domains.technical.versions.notes import Note
from assay.domains.technical.versions.operations import operation_notes
from assay.domains.technical.versions.prose import prose_notes
from assay.domains.technical.versions.sources import source_notes
from assay.types import Document


def notes_of(document: Document, places: Places, kind: str, product: str = "") -> list[Note]:
    """The version notes of `document`, in the order of its text. `kind`: its kind of page (see `pages`)."""
    made: dict[tuple[str, str, str, str, int], Note] = {}
    for note in _found(document, places, kind):
        if note.symbol and note.start < note.end:
            key = (note.symbol, note.change, note.version, note.scope, note.start)
            made.setdefault(key, replace(note, product=product))
    return sorted(made.values(), key=lambda note: (note.start, note.symbol, note.change))


def _found(document: Document, places: Places, kind: str) -> list[Note]:
    text = document.text
    found: list[Note] = []
    if "::" in text and ("version" in text or "deprecated" in text):
        found.extend(directive_notes(text, places))
    if kind in ("changelog", "timeline"):
        found.extend(changelog_notes(document, timeline=kind == "timeline"))
    elif kind == "api" or document.format.startswith(("openapi", "swagger")):
        found.extend(operation_notes(document, places))
    elif document.format not in RST:
        found.extend(prose_notes(text, places))
    if document.format == "python":
        found.extend(source_notes(text, module_of(document)))
    return found


def module_of(document: Document) -> str:
    """The module that a Python file is, from its name; "" where the name is no identifier."""
    stem = document.title.removesuffix(".py").rsplit("/", 1)[-1]
    return stem if stem.isidentifier() else ""
