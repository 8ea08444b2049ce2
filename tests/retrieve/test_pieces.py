"""Token vectors are read once a question, and never handed from one caller to another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assay.retrieve.pieces import Pieces
from assay.types import OWNER, Principal
from tests.testing.memory_catalogue import MemoryCatalogue

ANN = Principal("ann")
STORED = {1: b"one", 2: b"two", 3: b"three"}


class Shelf(MemoryCatalogue):
    """A catalogue in which Ann may read chunk 1 and 2; it notes what was asked of it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: list[list[int]] = []

    def token_vectors(self, ids: Sequence[int], principal: Principal) -> dict[int, bytes]:
        self.asked.append(list(ids))
        readable = STORED if principal.owner else {1: b"one", 2: b"two"}
        return {key: readable[key] for key in ids if key in readable}


def test_what_ranking_read_is_not_read_again_for_writing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    pieces = Pieces(shelf)
    assert pieces.read([1, 2], ANN) == {1: b"one", 2: b"two"}
    assert pieces.again([2, 1], ANN) == {1: b"one", 2: b"two"}
    assert shelf.asked == [[1, 2]]


def test_only_what_is_missing_is_read_again(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    pieces = Pieces(shelf)
    pieces.read([1], OWNER)
    assert pieces.again([1, 3], OWNER) == {1: b"one", 3: b"three"}
    assert shelf.asked == [[1], [3]]


def test_what_was_read_for_one_caller_is_not_given_to_another(tmp_path: Path) -> None:
    pieces = Pieces(Shelf(tmp_path))
    pieces.read([1, 3], OWNER)
    assert pieces.again([1, 3], ANN) == {1: b"one"}
