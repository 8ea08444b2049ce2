"""The contract of an embedder: a correct one passes, and each kind of defect is found by the test that speaks of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from assay.models.hashing import HashingEmbedder
from assay.ports import Embedder
from assay.testing import EmbedderContract, failures_of
from assay.types import Matrix


class TestHashingEmbedder(EmbedderContract):
    def make_embedder(self) -> Embedder:
        return HashingEmbedder(64)


class Defect(HashingEmbedder):
    """Hashing with one defect."""

    def __init__(self) -> None:
        super().__init__(64)


class DoublePrecision(Defect):
    def embed(self, texts: Sequence[str]) -> Any:
        return super().embed(texts).astype(np.float64)


class NotUnit(Defect):
    def embed(self, texts: Sequence[str]) -> Matrix:
        return super().embed(texts) * np.float32(1.01)


class Noisy(Defect):
    """Never twice the same."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        rows = super().embed(texts) + np.random.default_rng().normal(0, 0.02, (len(texts), 64))
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


class DependsOnBatch(Defect):
    """Padding leaks: every row moves towards the longest text of its batch."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        rows = super().embed(texts)
        if not len(rows):
            return rows
        rows = rows + np.float32(0.1) * rows[int(np.argmax([len(text) for text in texts]))]
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


class NoneForNothing(Defect):
    def embed(self, texts: Sequence[str]) -> Matrix:
        return super().embed(texts) if texts else np.zeros(0, np.float32)


class FailsOnEmptyText(Defect):
    """A zero row for a text without words."""

    def embed(self, texts: Sequence[str]) -> Matrix:
        rows = super().embed(texts)
        rows[[i for i, text in enumerate(texts) if not text.strip()]] = 0
        return rows


class NotSafeForThreads(Defect):
    """Keeps the texts in the object while it works."""

    texts: Sequence[str] = ()

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.texts = texts
        time.sleep(0.002)
        return super().embed(self.texts)


class ChangingFingerprint(Defect):
    def embed(self, texts: Sequence[str]) -> Matrix:
        self.fingerprint += "."
        return super().embed(texts)


class SharesItsCache(Defect):
    """Hands out the rows that it keeps."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, ...], Matrix] = {}

    def embed(self, texts: Sequence[str]) -> Matrix:
        return self.kept.setdefault(tuple(texts), super().embed(texts))


class Sorts(Defect):
    def embed(self, texts: Sequence[str]) -> Matrix:
        return super().embed(sorted(texts))


class AllAlike(Defect):
    def embed(self, texts: Sequence[str]) -> Matrix:
        return super().embed(["the same"] * len(texts))


class ClosesOnce(Defect):
    def close(self) -> None:
        del self.dimensions


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (DoublePrecision, "test_one_float32_row_of_the_promised_length_comes_for_each_text"),
        (NotUnit, "test_rows_are_unit_vectors"),
        (Noisy, "test_the_same_text_gets_the_same_vector_each_time"),
        (DependsOnBatch, "test_a_vector_does_not_depend_on_its_batch"),
        (NoneForNothing, "test_no_texts_give_no_rows"),
        (FailsOnEmptyText, "test_odd_texts_get_vectors"),
        (NotSafeForThreads, "test_threads_get_the_same_vectors_as_one_after_the_other"),
        (ChangingFingerprint, "test_the_fingerprint_is_one_line_and_stays_the_same"),
        (SharesItsCache, "test_changing_a_result_does_not_change_the_next_one"),
        (Sorts, "test_rows_come_in_the_order_of_the_texts"),
        (AllAlike, "test_different_texts_get_different_vectors"),
        (AllAlike, "test_a_near_copy_is_nearer_than_an_unrelated_text"),
        (ClosesOnce, "test_closing_twice_is_harmless"),
    ],
)
def test_a_broken_embedder_fails(defect: type[Defect], found_by: str) -> None:
    class Broken(EmbedderContract):
        def make_embedder(self) -> Embedder:
            return defect()

        @classmethod
        def teardown_class(cls) -> None:
            """The defect of closing is for the test, not for cleaning up."""
            cls._shared.pop(cls, None)

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]
