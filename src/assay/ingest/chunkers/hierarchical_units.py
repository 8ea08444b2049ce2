"""Where the operations of an API description begin, among the units of its text. It cuts nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from assay.ingest.chunkers.outline import Placed
from assay.types import Document

_FORMATS = ("openapi", "swagger")
_OPERATION_LEVEL = 2


def operation_starts(document: Document, placed: Sequence[Placed]) -> frozenset[int]:
    """The units that begin an operation (or what follows the last one); empty for every other kind of document.

    A description that was written out has a heading for each; in one kept as it is, a code block is an operation, and
    the lines before it (its path) go with it.
    """
    if not document.format.startswith(_FORMATS):
        return frozenset()
    headed = {
        number
        for number, place in enumerate(placed)
        if place.unit.kind == "heading" and place.unit.level <= _OPERATION_LEVEL
    }
    return frozenset(headed or _kept(placed))


def _kept(placed: Sequence[Placed]) -> set[int]:
    starts: set[int] = set()
    gap: int | None = None
    for number, place in enumerate(placed):
        if place.unit.kind == "code":
            starts.add(number if gap is None else gap)
            gap = None
        elif gap is None:
            gap = number
    if gap is not None:
        starts.add(gap)
    return starts
