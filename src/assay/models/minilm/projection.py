"""What makes token vectors small: a projection to 48 dimensions, and how much each word piece says.

`projection.npy` (384 x 48, float16) holds the first 48 principal directions of the model's token vectors, fitted once
to some 300,000 pieces of medical abstracts, statutes, opinions, contracts and Python pages, each field counted a third.
It is derived statistics and holds nothing of a text. A piece's weight needs no data: the vocabulary is ordered by
frequency, so the rank stands for the logarithm that an inverse document frequency is.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
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


def piece_weights(vocabulary: Sequence[str]) -> Vector:
    """The weight of each piece by its number: 0 for stop words, punctuation and marks, else 0.07 (frequent) to 1."""
    ranks = np.maximum(np.arange(len(vocabulary)) - facts.FIRST_WORD, 1)
    weights = np.log1p(ranks) / np.log1p(len(vocabulary) - facts.FIRST_WORD)
    weights[: facts.FIRST_WORD] = _SHORT
    silent = [word in STOP_WORDS or word.startswith("[") or not any(map(str.isalnum, word)) for word in vocabulary]
    weights[np.array(silent)] = 0.0
    return np.asarray(weights, np.float32)
