"""The contract of an embedder. It says nothing of how good the vectors are: `assay eval retrieval` measures that."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

import numpy as np

from assay.ports import Embedder
from assay.testing.contract import Contract
from assay.testing.texts import storable_texts
from assay.types import Matrix

_TEXTS = (
    "The buyer may cancel the contract if the seller fails to deliver the goods.",
    "Beta blockers lower the heart rate.",
    "read_csv parses a file.",
    "A",
    "The trial randomised 1,203 patients to placebo or to the drug, and followed them for two years. " * 6,
)


class EmbedderContract(Contract):
    """What `ports.Embedder` promises. Override `make_embedder`.

    `tolerance` is how far the cosine of two vectors of one text may fall below 1 (batching changes the last digits).
    One embedder serves all tests of the class, because loading a model is slow; it is closed at the end.
    """

    tolerance: ClassVar[float] = 1e-3
    unit_tolerance: ClassVar[float] = 1e-3
    _shared: ClassVar[dict[type, Embedder]] = {}

    def make_embedder(self) -> Embedder:
        """A new embedder."""
        raise NotImplementedError("override make_embedder")

    @property
    def embedder(self) -> Embedder:
        """The embedder that the tests of this class share."""
        if type(self) not in self._shared:
            self._shared[type(self)] = self.make_embedder()
        return self._shared[type(self)]

    @classmethod
    def teardown_class(cls) -> None:
        """Close the shared embedder; pytest and `failures_of` call it after the last test."""
        shared = cls._shared.pop(cls, None)
        if shared is not None:
            shared.close()

    # --- shape

    def test_dimensions_is_a_positive_number(self) -> None:
        assert isinstance(self.embedder.dimensions, int), "dimensions is not an int"
        assert self.embedder.dimensions > 0, f"dimensions is {self.embedder.dimensions}"

    def test_one_float32_row_of_the_promised_length_comes_for_each_text(self) -> None:
        for number in (1, 2, len(_TEXTS)):
            self._embed(_TEXTS[:number])

    def test_rows_are_unit_vectors(self) -> None:
        rows = self._embed(_TEXTS)
        norms = np.linalg.norm(rows.astype(np.float64), axis=1)
        assert np.allclose(norms, 1, atol=self.unit_tolerance), f"rows have the lengths {norms.round(4).tolist()}"

    def test_no_texts_give_no_rows(self) -> None:
        self._embed([])

    def test_different_texts_get_different_vectors(self) -> None:
        rows = self._embed(_TEXTS[:3])
        likeness = rows @ rows.T - np.eye(3)
        assert likeness.max() < 0.99, f"three unlike texts have cosines up to {likeness.max():.4f}"

    def test_a_near_copy_is_nearer_than_an_unrelated_text(self) -> None:
        one, copy, other = self._embed(
            [_TEXTS[0], "The buyer may cancel the contract if the seller does not deliver the goods.", _TEXTS[1]]
        )
        assert one @ copy > one @ other, f"the near copy has cosine {one @ copy:.3f}, the other text {one @ other:.3f}"

    # --- sameness

    def test_the_same_text_gets_the_same_vector_each_time(self) -> None:
        first = self._embed(_TEXTS)
        for _ in range(3):
            self._same(first, self._embed(_TEXTS), "a repeated call")

    def test_a_vector_does_not_depend_on_its_batch(self) -> None:
        together = self._embed(_TEXTS)
        alone = np.concatenate([self._embed([text]) for text in _TEXTS])
        self._same(together, alone, "embedding one at a time")

    def test_rows_come_in_the_order_of_the_texts(self) -> None:
        order = [3, 1, 4, 0, 2]
        self._same(self._embed(_TEXTS)[order], self._embed([_TEXTS[i] for i in order]), "another order of the texts")

    def test_a_text_given_twice_gets_two_equal_rows(self) -> None:
        rows = self._embed([_TEXTS[0], _TEXTS[1], _TEXTS[0]])
        self._same(rows[:1], rows[2:], "the second row of the same text")

    def test_many_texts_at_once_are_all_embedded(self) -> None:
        texts = [f"clause {number} of the agreement" for number in range(150)]
        rows = self._embed(texts)
        self._same(rows[[0, 77, 149]], self._embed([texts[0], texts[77], texts[149]]), "a batch of 150 texts")

    def test_a_second_embedder_of_the_same_making_agrees(self) -> None:
        second = self.opened(self.make_embedder())
        assert second.fingerprint == self.embedder.fingerprint, "two embedders made alike have different fingerprints"
        assert second.dimensions == self.embedder.dimensions, "two embedders made alike have different dimensions"
        self._same(self._embed(_TEXTS), np.asarray(second.embed(_TEXTS)), "a second embedder with the same fingerprint")

    def test_threads_get_the_same_vectors_as_one_after_the_other(self) -> None:
        texts = [f"{text} {number}" for number in range(6) for text in _TEXTS[:4]]
        serial = self._embed(texts)
        with ThreadPoolExecutor(8) as pool:
            parallel = np.concatenate(list(pool.map(lambda text: self.embedder.embed([text]), texts)))
        self._same(serial, parallel, "embedding from eight threads")

    def test_changing_a_result_does_not_change_the_next_one(self) -> None:
        before = self._embed(_TEXTS[:2]).copy()
        given = self._embed(_TEXTS[:2])
        if given.flags.writeable:
            given[:] = 0
        self._same(before, self._embed(_TEXTS[:2]), "overwriting an earlier result")

    def test_the_texts_given_are_left_as_they_are(self) -> None:
        texts = list(_TEXTS)
        self.embedder.embed(texts)
        assert texts == list(_TEXTS), "embed changed the list that it was given"

    # --- odd texts

    def test_a_very_long_text_gets_a_vector(self) -> None:
        self._finite_units(["The parties agree as follows. " * 4_000])

    def test_odd_texts_get_vectors(self) -> None:
        self._finite_units(["", " ", "\n\n", *(text[:300] for text in storable_texts())])

    # --- fingerprint and end

    def test_the_fingerprint_is_one_line_and_stays_the_same(self) -> None:
        before = self.embedder.fingerprint
        assert isinstance(before, str), "the fingerprint is not text"
        assert before.strip(), "the fingerprint is empty"
        assert before.isprintable(), f"the fingerprint {before!r} is not one line of printable text"
        self._embed(_TEXTS)
        assert self.embedder.fingerprint == before, f"the fingerprint became {self.embedder.fingerprint!r}"

    def test_closing_twice_is_harmless(self) -> None:
        embedder = self.make_embedder()
        embedder.embed(_TEXTS[:1])
        embedder.close()
        embedder.close()

    # --- checks

    def _embed(self, texts: Sequence[str]) -> Matrix:
        rows = self.embedder.embed(texts)
        assert isinstance(rows, np.ndarray), f"embed gave {type(rows).__name__}, not an array"
        expected = (len(texts), self.embedder.dimensions)
        assert rows.shape == expected, f"embed gave shape {rows.shape} for {len(texts)} texts; promised is {expected}"
        assert rows.dtype == np.float32, f"embed gave {rows.dtype}; promised is float32"
        return rows

    def _same(self, left: Matrix, right: Matrix, what: str) -> None:
        gap = 1 - float(np.min(np.sum(left.astype(np.float64) * right.astype(np.float64), axis=1)))
        assert gap <= self.tolerance, f"{what} changed a vector: cosine {1 - gap:.6f} (tolerance {self.tolerance:g})"

    def _finite_units(self, texts: Sequence[str]) -> None:
        for start in range(0, len(texts), 16):
            rows = self._embed(texts[start : start + 16])
            norms = np.linalg.norm(rows.astype(np.float64), axis=1)
            for text, norm in zip(texts[start : start + 16], norms, strict=True):
                assert abs(norm - 1) <= self.unit_tolerance, f"{text[:40]!r} got a row of length {norm:.4f}, not 1"
