"""What a question finds first does not depend on how many passages are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from assay.retrieve.retriever import Retriever, RetrieverSettings
from assay.testing.catalogue_base import staged
from assay.types import OWNER, Passage, Question, Where
from tests.testing.memory_catalogue import MemoryCatalogue
from tests.testing.memory_index import MemoryIndex

DEPTH = 20


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    catalogue, index = MemoryCatalogue(tmp_path), MemoryIndex(tmp_path)
    # All of different lengths: no two have one score.
    texts = [f"Notice {'of breach ' * (n % 7)}is number {n} in the file{' and more' * n}." for n in range(300)]
    catalogue.publish(catalogue.stage([staged(f"d{n}", [text]) for n, text in enumerate(texts)]))
    index.upsert(list(catalogue.points()))
    vector = np.zeros(next(iter(index.points.values())).vector.shape, np.float32)
    vector[0] = 1.0
    return Retriever(catalogue, index, lambda text: (vector, None), RetrieverSettings(depth=DEPTH))


def found(retriever: Retriever, k: int, priors: object = None) -> list[tuple[int, float]]:
    asked = Question("notice of breach number", OWNER, k=k)
    given = retriever.retrieve(asked, Where(None), priors)  # type: ignore[arg-type]
    return [(passage.chunk.id, passage.score) for passage in given.passages]


def test_asking_for_more_passages_ranks_the_first_ones_as_before(retriever: Retriever) -> None:
    assert found(retriever, 150)[:5] == found(retriever, 5)


def test_a_pack_s_priors_always_see_as_many_passages(retriever: Retriever) -> None:
    seen: list[int] = []

    def last_first(passages: Sequence[Passage]) -> Sequence[Mapping[str, float]]:
        seen.append(len(passages))
        return [{"place": passage.rank / 1000} for passage in passages]

    for k in (5, 150, 250):
        assert len(found(retriever, k, last_first)) == min(k, 2 * max(k, DEPTH))
    assert max(seen) <= 100


def test_priors_move_only_what_they_saw(retriever: Retriever) -> None:
    def all_raised(passages: Sequence[Passage]) -> Sequence[Mapping[str, float]]:
        return [{"place": 9.0} for _ in passages]

    plain = [key for key, _ in found(retriever, 150)]
    raised = found(retriever, 150, all_raised)
    assert [key for key, _ in raised] == plain
    assert sum(score > 9 for _, score in raised) == 100
