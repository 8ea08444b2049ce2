"""The embedder for tests: the same everywhere, near for shared words, honest about what it is."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from assay.errors import InputError
from assay.models.hashing import HashingEmbedder
from assay.testing.embedder import EmbedderContract


class TestTheContract(EmbedderContract):
    tolerance = 1e-6

    def make_embedder(self) -> HashingEmbedder:
        return HashingEmbedder()


def test_another_process_computes_the_same_vectors() -> None:
    code = "from assay.models.hashing import HashingEmbedder as E; print(E(8).embed(['two words'])[0].tolist())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == str(HashingEmbedder(8).embed(["two words"])[0].tolist())


def test_texts_that_share_words_are_near_and_others_are_not() -> None:
    near, far, text = HashingEmbedder().embed(["the fee of sales", "appeal dismissed", "The fee: sales!"])
    assert near @ text > 0.7
    assert abs(far @ text) < 0.3


def test_its_fingerprint_says_that_it_is_for_tests() -> None:
    assert "for-tests" in HashingEmbedder().fingerprint
    assert HashingEmbedder(16).fingerprint != HashingEmbedder(32).fingerprint


@pytest.mark.parametrize("dimensions", [0, 7, 8193])
def test_impossible_dimensions_are_refused(dimensions: int) -> None:
    with pytest.raises(InputError, match="dimensions"):
        HashingEmbedder(dimensions)


def test_vectors_are_finite_for_any_text() -> None:
    assert np.isfinite(HashingEmbedder().embed(["", "🙂", "\ud83d", "\x00", "a" * 10_000])).all()
