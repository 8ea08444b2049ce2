"""An embedder without a model, for tests only: a text's vector is the sum of pseudo-random vectors of its words.

Texts that share words are near, all others are far; meaning plays no part. Never use it for real documents.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from assay.errors import InputError
from assay.types import Matrix

_WORD = re.compile(r"\w+")
_SEEN_LIMIT = 100_000


class HashingEmbedder:
    """Deterministic on every machine and in every process. For tests; not for real use."""

    def __init__(self, dimensions: int = 384) -> None:
        """Raises InputError unless 8 <= dimensions <= 8192."""
        if not 8 <= dimensions <= 8192:
            raise InputError(f"{dimensions} dimensions are not possible", next="choose 8 to 8192")
        self.dimensions = dimensions
        self.fingerprint = f"hashing-for-tests;version=1;dimensions={dimensions}"
        self._seen: dict[str, Matrix] = {}

    def __repr__(self) -> str:
        return f"HashingEmbedder(dimensions={self.dimensions})"

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One unit row a text, float32, shape (len(texts), dimensions). Safe to call from several threads."""
        if isinstance(texts, str):
            raise TypeError("embed takes a list of texts; put the one text into a list")
        rows = np.empty((len(texts), self.dimensions), np.float32)
        for row, text in enumerate(texts):
            rows[row] = self._text(text)
        return rows

    def close(self) -> None:
        """Nothing is held."""

    def _text(self, text: str) -> Matrix:
        words = _WORD.findall(text.casefold()) or [f"no words: {text}"]
        total = np.sum([self._word(word) for word in words], axis=0, dtype=np.float64)
        norm = float(np.linalg.norm(total))
        return np.asarray(total / norm if norm > 1e-9 else self._word("no direction"), np.float32)

    def _word(self, word: str) -> Matrix:
        known = self._seen.get(word)
        if known is None:
            raw = hashlib.shake_128(word.encode("utf-8", "surrogatepass")).digest(2 * self.dimensions)
            values = np.frombuffer(raw, "<u2").astype(np.float64) - 32767.5
            known = np.asarray(values / np.linalg.norm(values), np.float32)
            if len(self._seen) < _SEEN_LIMIT:
                self._seen[word] = known
        return known
