"""Late interaction: packing keeps directions, a text is met by its best pieces, a stretch by its own alone."""

from __future__ import annotations

import numpy as np
import pytest

from assay.models.hashing import HashingEmbedder
from assay.textual.interaction import Interaction, embedded, has_tokens, packed
from assay.types import Matrix, TokenVectors


def unit(rows: Matrix) -> Matrix:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def pieces(vectors: Matrix, starts: list[int], weights: list[float] | None = None) -> TokenVectors:
    given = np.array(weights or [1.0] * len(starts), np.float32)
    return TokenVectors(np.array(starts, np.int32), given, vectors)


def some(count: int, seed: int = 0) -> Matrix:
    return unit(np.random.default_rng(seed).standard_normal((count, 48)).astype(np.float32))


def test_packed_vectors_keep_their_direction_in_twenty_six_bytes_a_piece() -> None:
    vectors = some(40)
    data = packed(pieces(vectors, list(range(0, 400, 10))), 0)
    assert len(data) == 6 + 40 * 26
    for row in range(40):
        near = Interaction(pieces(vectors[row : row + 1], [0]), [data])
        assert near.whole()[0] > 0.98, "a packed vector no longer meets itself"


def test_the_score_is_the_weighted_mean_of_the_best_cosines() -> None:
    asked, told = some(3, 1), some(5, 2)
    weights = [0.2, 1.0, 0.5]
    found = Interaction(pieces(asked, [0, 4, 9], weights), [packed(pieces(told, [0, 1, 2, 3, 4]), 0)]).whole()[0]
    exact = float((asked @ told.T).max(axis=1) @ np.array(weights)) / sum(weights)
    assert found == pytest.approx(exact, abs=0.03)


def test_texts_do_not_disturb_one_another() -> None:
    asked = pieces(some(4, 3), [0, 1, 2, 3])
    texts = [packed(pieces(some(n, 10 + n), list(range(n))), 0) for n in (0, 1, 7, 30)]
    assert Interaction(asked, texts).whole() == pytest.approx([Interaction(asked, [t]).whole()[0] for t in texts])


def test_a_stretch_counts_its_own_pieces_and_never_those_of_the_title() -> None:
    vectors = some(6, 4)
    # Two pieces of title (before the ten characters of the lead end), then four of the text.
    text = packed(pieces(vectors, [0, 5, 10, 14, 20, 29]), 10)
    for row, (start, end) in {2: (0, 4), 3: (4, 8), 4: (8, 12), 5: (12, 40)}.items():
        near = Interaction(pieces(vectors[row : row + 1], [0]), [text])
        assert near.stretch(0, start, end) > 0.98
        assert near.stretch(0, 0, 40) < near.stretch(0, start, end)
    title = Interaction(pieces(vectors[:1], [0]), [text])
    assert title.whole()[0] > 0.98
    assert title.stretch(0, 0, 40) < 0.9
    assert title.stretch(0, 41, 60) == 0.0


def test_what_cannot_be_read_counts_as_empty() -> None:
    asked = pieces(some(2), [0, 1])
    good = packed(pieces(some(3, 5), [0, 1, 2]), 0)
    bad = [b"", b"\x01", good[:-1], b"\x02" + good[1:], packed(pieces(some(3, 5)[:, :32], [0, 1, 2]), 0)]
    found = Interaction(asked, [*bad, good])
    assert found.whole()[:-1] == [0.0] * len(bad)
    assert found.whole()[-1] != 0.0
    assert all(found.stretch(at, 0, 99) == 0.0 for at in range(len(bad)))


def test_a_question_without_telling_pieces_meets_nothing() -> None:
    nothing = pieces(np.zeros((0, 48), np.float32), [])
    found = Interaction(nothing, [packed(pieces(some(3), [0, 1, 2]), 0)])
    assert found.whole() == [0.0]
    assert found.stretch(0, 0, 9) == 0.0


def test_vectors_of_odd_length_are_refused() -> None:
    with pytest.raises(ValueError, match="47 dimensions"):
        packed(pieces(some(2)[:, :47], [0, 1]), 0)


def test_an_embedder_without_word_pieces_gives_none() -> None:
    embedder = HashingEmbedder(16)
    vectors, told = embedded(embedder, ["a b", "c"])
    assert vectors.shape == (2, 16)
    assert told == []
    assert not has_tokens(embedder)
