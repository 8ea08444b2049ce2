"""Late interaction: how well a text meets each word piece of a question (MaxSim; Khattab and Zaharia, 2020, ColBERT).

Every piece of the question takes its best cosine with any piece of the text; the weighted mean of these is the score.
It sees agreements that one vector a text averages away, and it can be asked of any stretch of a text. Token vectors are
packed into four bits a number, since only their direction counts: measured, ranking does not lose by it.

Layout of packed vectors: version (1 byte), dimensions (1), pieces (2, little-endian), how many of them stand in the
title and headings before the text (2); where each of the others begins in the text (2 each); then each piece's numbers,
two a byte, the first in the low half, from -7 to 7 with 8 added.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assay.ports import Embedder, TokenEmbedder
from assay.types import Matrix, TokenVectors, Vector

_VERSION = 1
_HEADER = 6
_LEVELS = 7
_LAST = 65535
# Two float32 a byte, handled as one item of eight bytes: looking up is then a plain take.
_NUMBERS = np.array([[(byte & 15) - 8, (byte >> 4) - 8] for byte in range(256)], np.float32).view(np.int64).ravel()

Place = tuple[int, int, int]
"""A text's position in a list, and a start and an end in it."""
Places = npt.NDArray[np.uint16]
Codes = npt.NDArray[np.uint8]


def embedded(embedder: Embedder, texts: Sequence[str]) -> tuple[Matrix, list[TokenVectors]]:
    """The vectors of the texts and their word pieces, in one pass; no pieces where the embedder has none."""
    if isinstance(embedder, TokenEmbedder) and embedder.token_dimensions:
        return embedder.embed_tokens(texts)
    return embedder.embed(texts), []


def has_tokens(embedder: Embedder) -> bool:
    """Whether the embedder tells the vectors of word pieces."""
    return isinstance(embedder, TokenEmbedder) and embedder.token_dimensions > 0


def packed(found: TokenVectors, lead: int) -> bytes:
    """The token vectors of a text in few bytes. `lead`: characters before the text proper (title and headings).

    Raises ValueError where a vector's length is odd or above 254.
    """
    dimensions = found.vectors.shape[1]
    if dimensions % 2 or dimensions > 254:
        raise ValueError(f"token vectors of {dimensions} dimensions cannot be packed")
    vectors, starts = found.vectors[:_LAST], found.starts[:_LAST]
    greatest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0.0), 1e-9)
    levels = (np.rint(vectors * (_LEVELS / greatest)) + 8).astype(np.uint8)
    leads = int(np.searchsorted(starts, lead))
    places = np.minimum(starts[leads:] - lead, _LAST).astype("<u2")
    head = bytes((_VERSION, dimensions)) + len(vectors).to_bytes(2, "little") + leads.to_bytes(2, "little")
    numbers: bytes = (levels[:, 0::2] | (levels[:, 1::2] << 4)).tobytes()
    return head + places.tobytes() + numbers


class Interaction:
    """One question against some texts; every score lies in -1..1, mostly in 0.2..0.9."""

    def __init__(self, question: TokenVectors, texts: Sequence[bytes]) -> None:
        """`texts`: packed token vectors; those that cannot be read, or are of other dimensions, count as empty."""
        dimensions = question.vectors.shape[1]
        read = [_read(text, dimensions) for text in texts]
        total = float(question.weights.sum())
        self._weights: Vector = question.weights / total if total > 0 else question.weights
        self._mean = _unit(question.vectors.mean(axis=0, keepdims=True))[0] if len(question.vectors) else None
        self._places = [places for places, _ in read]
        self._bounds = [0, *np.cumsum([len(codes) for _, codes in read]).tolist()]
        self._vectors = _unpacked(np.concatenate([np.zeros((0, dimensions // 2), np.uint8), *(c for _, c in read)]))
        # Text by text: one great product would be shared out to threads, which wait for one another on a busy machine.
        self._likeness: list[Matrix] = [
            question.vectors @ self._vectors[first:last].T
            for first, last in zip(self._bounds, self._bounds[1:], strict=False)
        ]

    def whole(self) -> list[float]:
        """The score of each text, its title and headings counted; 0 for an empty one."""
        return [self._best(likeness) for likeness in self._likeness]

    def stretch(self, text: int, start: int, end: int) -> float:
        """The mean of two scores of texts[text][start:end]: late interaction, and the cosine of the mean vectors."""
        places, before = self._places[text], self._bounds[text]
        leads = self._bounds[text + 1] - before - len(places)
        first, last = (leads + int(at) for at in np.searchsorted(places, (start, end)))
        if first >= last or self._mean is None:
            return 0.0
        mean = self._vectors[before + first : before + last].sum(axis=0)
        cosine = float(mean @ self._mean) / max(1e-9, math.sqrt(float(mean @ mean)))
        return (self._best(self._likeness[text][:, first:last]) + cosine) / 2

    def _best(self, likeness: Matrix) -> float:
        if not likeness.size:
            return 0.0
        return float(likeness.max(axis=1) @ self._weights)


def _read(text: bytes, dimensions: int) -> tuple[Places, Codes]:
    nothing = np.zeros(0, np.uint16), np.zeros((0, dimensions // 2), np.uint8)
    if len(text) < _HEADER or text[0] != _VERSION or text[1] != dimensions:
        return nothing
    count, leads = int.from_bytes(text[2:4], "little"), int.from_bytes(text[4:6], "little")
    placed = count - leads
    if placed < 0 or len(text) != _HEADER + 2 * placed + count * (dimensions // 2):
        return nothing
    places = np.frombuffer(text, "<u2", placed, _HEADER)
    return places, np.frombuffer(text, np.uint8, -1, _HEADER + 2 * placed).reshape(count, dimensions // 2)


def _unpacked(codes: Codes) -> Matrix:
    return _unit(_NUMBERS.take(codes).view(np.float32))


def _unit(vectors: Matrix) -> Matrix:
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    return np.asarray(vectors / np.maximum(norms, 1e-9)[:, None], np.float32)
