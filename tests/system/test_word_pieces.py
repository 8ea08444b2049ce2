"""Token vectors from ingestion to answer: kept with a chunk, used to rank and to write, gone with their document."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assay import ProductionRAGSystem
from assay.models.hashing import HashingEmbedder
from assay.store.engine import CATALOGUE_FILE
from assay.types import Matrix, Principal, TokenVectors
from tests.system.conftest import DOCUMENTS, config

RENT = "How much rent shall the tenant pay?"


class WordPieces(HashingEmbedder):
    """The deterministic embedder with one vector a word of four letters; counts what it is asked for."""

    token_dimensions = 32

    def __init__(self) -> None:
        super().__init__()
        self.fingerprint += ";pieces"
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.asked += texts
        return super().embed(texts)

    def embed_tokens(self, texts: Sequence[str]) -> tuple[Matrix, list[TokenVectors]]:
        return self.embed(texts), [self._pieces(text) for text in texts]

    def _pieces(self, text: str) -> TokenVectors:
        found = list(re.finditer(r"\w{4,}", text))
        rows = np.array([self._word(match.group().lower())[:32] for match in found], np.float32).reshape(-1, 32)
        starts = np.array([match.start() for match in found], np.int32)
        lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return TokenVectors(starts, np.ones(len(found), np.float32), rows / lengths)


def stored(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "store" / CATALOGUE_FILE)) as connection:
        return int(connection.execute("SELECT count(*) FROM token_vectors").fetchone()[0])


def test_a_chunk_s_token_vectors_rank_it_and_a_question_embeds_nothing_but_itself(tmp_path: Path) -> None:
    embedder = WordPieces()
    with ProductionRAGSystem(config(tmp_path), embedder=embedder) as system:
        system.ingest(DOCUMENTS)
        chunks = sum(info.chunks for info in system.documents())
        embedder.asked.clear()
        result = system.process_query(RENT)
        assert "4,200 euros" in result.answer
        assert embedder.asked == [RENT]
        best = system.search(RENT).passages[0]
        assert best.document.id == "lease"
        late = {signal.name: signal for signal in best.signals}["late"]
        assert late.contribution == late.weight * late.scaled == pytest.approx(1.0)
    assert stored(tmp_path) == chunks


def test_a_weight_of_nothing_leaves_late_interaction_out(tmp_path: Path) -> None:
    settings = config(tmp_path, retrieval={"late_weight": 0.0})
    with ProductionRAGSystem(settings, embedder=WordPieces()) as system:
        system.ingest(DOCUMENTS)
        names = {signal.name for passage in system.search(RENT).passages for signal in passage.signals}
        assert names == {"bm25", "cosine"}


def test_an_embedder_without_word_pieces_ranks_and_answers_as_before(library: ProductionRAGSystem) -> None:
    names = {signal.name for passage in library.search(RENT).passages for signal in passage.signals}
    assert names == {"bm25", "cosine"}
    assert "4,200 euros" in library.process_query(RENT).answer


def test_who_may_not_read_a_document_is_not_ranked_by_its_pieces(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path), embedder=WordPieces()) as system:
        system.ingest(DOCUMENTS)
        found = system.search(RENT, principal=Principal("ann")).passages or ()
        assert {passage.document.id for passage in found} <= {"trial"}


def test_removed_documents_take_their_token_vectors_along(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path), embedder=WordPieces()) as system:
        system.ingest(DOCUMENTS)
        system.remove(["lease", "memo"], erase=True)
        left = sum(info.chunks for info in system.documents())
    assert stored(tmp_path) == left > 0


def test_embedding_anew_brings_token_vectors_to_a_store_that_had_none(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
    assert stored(tmp_path) == 0
    embedder = WordPieces()
    with ProductionRAGSystem(config(tmp_path), embedder=embedder) as system:
        assert system.process_query(RENT)["error"] == "manifest_mismatch"
        system._parts.rebuild()
        embedder.asked.clear()
        assert "4,200 euros" in system.process_query(RENT).answer
        assert embedder.asked == [RENT]
        assert stored(tmp_path) == sum(info.chunks for info in system.documents())
