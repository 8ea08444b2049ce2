"""What a restricted caller gets must not depend on documents that this caller may not read: not in one bit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from assay.store.edge import EdgeIndex
from assay.types import FieldFilter, IndexHit, IndexPoint, IndexQuery, Where
from tests.store.index_kit import point, query, settings, vector, words

READER = ("public", "user:ann")
QUERIES = [query(number, READER, depth=15) for number in range(0, 200, 10)]
# Boilerplate: equal scores in both legs, so that ties reach over the end of a leg.
TWINS = [point(key, tokens=["notice", "word1"], seed=7) for key in range(900, 940)]
VISIBLE = [*(point(key, access=("public",) if key % 2 else ("user:ann",)) for key in range(1, 201)), *TWINS]
TIED = IndexQuery(Where(READER), ("notice", "word1", "word2"), vector(7), 15)


def hidden(count: int) -> list[IndexPoint]:
    """Documents full of the words of every question, for others only; half of them near the questions' vectors."""
    terms = sorted({token for one in QUERIES for token in one.tokens or ()} | {"notice"})
    rng = np.random.default_rng(5)
    return [
        point(
            10_000 + number,
            access=("group:board",),
            tokens=[*rng.choice(terms, size=30), *words(number, 20), f"rare{number}"],
            seed=number * 10 if number % 2 else None,
            board=f"only-{number % 3}",
        )
        for number in range(count)
    ]


def answers(index: EdgeIndex) -> list[list[IndexHit]]:
    lexical = [IndexQuery(one.where, one.tokens, None, one.depth) for one in QUERIES]
    return [index.search(one) for one in (*QUERIES, *lexical, TIED)]


def built(folder: Path, steps: Sequence[Sequence[IndexPoint]]) -> EdgeIndex:
    index = EdgeIndex.create(folder, settings().changed(indexing_kb=8))
    for step in steps:
        index.upsert(step)
    return index


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[list[IndexHit]]]:
    index = built(tmp_path_factory.mktemp("alone") / "gen-000001", [VISIBLE])
    yield answers(index)
    index.close()


def shuffled() -> list[IndexPoint]:
    every = [*VISIBLE, *hidden(600)]
    order = np.random.default_rng(1).permutation(len(every))
    return [every[number] for number in order]


@pytest.mark.parametrize("manner", ["hidden first", "hidden last", "mixed"])
def test_hundreds_of_hidden_documents_move_no_id_no_order_and_no_bit(
    tmp_path: Path, expected: list[list[IndexHit]], manner: str
) -> None:
    steps = {
        "hidden first": [hidden(600), VISIBLE],
        "hidden last": [VISIBLE, hidden(600)],
        "mixed": [shuffled()],
    }[manner]
    index = built(tmp_path / "gen-000001", steps)
    assert answers(index) == expected
    assert index.optimise(0)
    assert answers(index) == expected
    # The owner sees all of them: the hidden documents are really there, and full of the words.
    assert index.search(IndexQuery(Where(None), QUERIES[0].tokens, None, 5))[0].id >= 10_000
    index.close()


def test_hidden_documents_that_come_and_go_leave_no_trace(tmp_path: Path, expected: list[list[IndexHit]]) -> None:
    index = built(tmp_path / "gen-000001", [VISIBLE, hidden(600)])
    index.optimise(0)
    index.delete([one.id for one in hidden(600)])
    assert answers(index) == expected
    index.upsert(hidden(100))
    assert answers(index) == expected
    index.close()


def test_statistics_count_nothing_outside_what_access_admits_even_under_other_filters(tmp_path: Path) -> None:
    index = built(tmp_path / "gen-000001", [VISIBLE[:100], hidden(50)])
    wide = {hit.id: hit.bm25 for hit in index.search(QUERIES[0])}
    narrow = index.search(IndexQuery(Where(READER, document_ids=("doc-0", "doc-1")), QUERIES[0].tokens, None, 15))
    assert narrow and all(hit.bm25 == wide[hit.id] for hit in narrow if hit.id in wide)
    index.close()


def test_a_field_that_only_hidden_documents_have_looks_like_a_field_that_nobody_has(tmp_path: Path) -> None:
    index = built(tmp_path / "gen-000001", [VISIBLE[:50], hidden(20)])
    for name in ("board", "nobody"):
        asked = IndexQuery(Where(READER, (FieldFilter(name, "any", ("only-1",)),)), ("word1",), vector(1), 10)
        assert index.search(asked) == []
    index.close()


def test_hidden_documents_do_not_move_what_the_graph_is_not_used_for(tmp_path: Path) -> None:
    """Above `exact_below` the graph may propose other candidates; the scores of those it proposes stay the same."""
    made = settings(exact_below=0).changed(indexing_kb=8)
    alone, crowded = (EdgeIndex.create(tmp_path / name / "gen-000001", made) for name in ("alone", "crowded"))
    alone.upsert(VISIBLE)
    crowded.upsert([*hidden(600), *VISIBLE])
    for index in (alone, crowded):
        assert index.optimise(0)
    for asked in QUERIES:
        exact = {hit.id: (hit.bm25, hit.cosine) for hit in alone.search(asked)}
        other = {hit.id: (hit.bm25, hit.cosine) for hit in crowded.search(asked)}
        assert all(other[key] == exact[key] for key in exact.keys() & other.keys())
        assert len(exact.keys() & other.keys()) >= 0.9 * len(exact)
    alone.close()
    crowded.close()
