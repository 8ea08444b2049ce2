"""What makes token vectors small: a projection to 48 dimensions, and how much each word piece says.

`projection.npy` (384 x 48, float16) holds the first 48 principal directions of the model's token vectors, fitted once
to some 300,000 pieces of medical abstracts, statutes, opinions, contracts and Python pages, each field counted a third.
It is derived statistics and holds nothing of a text. A piece's weight needs no data: the vocabulary is ordered by
frequency, so the rank stands for the logarithm that an inverse document frequency is.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from importlib import resources

import numpy as np

from assay.models.minilm import facts
from assay.textual.tokens import STOP_WORDS
from assay.types import Matrix, Vector

_SHORT = 0.3
"""The weight of single characters, which stand at the head of the vocabulary whatever their frequency."""


def projection() -> Matrix:
    """The matrix that takes a token vector of 384 dimensions to 48."""
    data = resources.files("assay.models.minilm").joinpath("projection.npy").read_bytes()
    return np.asarray(np.load(io.BytesIO(data), allow_pickle=False), np.float32)


class PieceWeights:
    """The weight of each piece by its number: 0 for stop words, punctuation and marks, else 0.07 (frequent) to 1.

    `word_of` gives the piece of a number below `size`. It is asked when a number first occurs: a question has twenty
    pieces, and asking for all thirty thousand would cost more than embedding it.
    """

    def __init__(self, size: int, word_of: Callable[[int], str]) -> None:
        ranks = np.maximum(np.arange(size) - facts.FIRST_WORD, 1)
        weights = np.log1p(ranks) / np.log1p(size - facts.FIRST_WORD)
        weights[: facts.FIRST_WORD] = _SHORT
        self._weights = np.asarray(weights, np.float32)
        self._known = np.zeros(size, np.bool_)
        self._word_of = word_of

    def __getitem__(self, numbers: Sequence[int]) -> Vector:
        """The weights of these pieces, float32, in their order. Safe to call from several threads."""
        asked = np.asarray(numbers, np.intp)
        for number in asked[~self._known[asked]].tolist():
            if _silent(self._word_of(number)):
                self._weights[number] = 0.0
            # Last, so that no other thread takes a weight that is not settled.
            self._known[number] = True
        return np.asarray(self._weights[asked], np.float32)


def _silent(word: str) -> bool:
    return word in STOP_WORDS or word.startswith("[") or not any(map(str.isalnum, word))
