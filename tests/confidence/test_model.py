"""The models of a library: where they come from, what they state, and when they state nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assay.confidence.features import answer_features, passage_features
from assay.confidence.judge import Judge
from assay.confidence.logistic import Logistic, Term
from assay.confidence.model import FILE, ConfidenceModel, model_for, read_model, shipped, write_model
from assay.errors import InputError
from assay.types import Chunk, Citation, Claim, DocumentInfo, Passage, Retrieval, Signal, Verified

QUESTION = "What blade pitch did offshore turbines use in storms?"


def _passage(number: int, text: str, **signals: float) -> Passage:
    info = DocumentInfo(
        id=f"d{number}", title=f"Document {number}", source="", format="text", version=1, content_hash="",
        characters=len(text), chunks=1, added_at="",
    )  # fmt: skip
    told = tuple(Signal(name, raw, raw, 1.0, raw) for name, raw in signals.items())
    return Passage(Chunk(f"d{number}", 0, 0, len(text), text, id=number), info, number, sum(signals.values()), told)


PASSAGES = (
    _passage(1, "Offshore turbines used a blade pitch of 80 degrees in storms.", bm25=9.0, cosine=0.8),
    _passage(2, "An opera in three acts.", bm25=0.5, cosine=0.2),
)


def _claim(passage: Passage) -> Claim:
    text = passage.chunk.text
    cited = Citation(1, passage.document.id, passage.chunk.id, passage.document.title, "", text, 0, len(text))
    return Claim(text, "supported", 1.0, (cited,))


def _model(**changes: Any) -> ConfidenceModel:
    covers = Logistic((Term("covers", 0.5, 0.25, 2.0),), 0.0)
    claim = Logistic((Term("claim.covers", 0.5, 0.25, 2.0),), 0.0)
    return ConfidenceModel(covers, claim, changes.get("embedder", "all-MiniLM-L6-v2"), {"note": "made up"})


def test_a_passage_with_the_questions_words_is_stated_more_relevant() -> None:
    found = Judge(_model()).with_relevance(QUESTION, Retrieval(PASSAGES, True))
    first, second = (passage.relevance for passage in found.passages)
    assert first is not None and second is not None
    assert 0.0 < second < 0.5 < first < 1.0


def test_an_answer_that_covers_the_question_is_stated_with_more_confidence() -> None:
    judge = Judge(_model())
    near = judge.confidence_of(QUESTION, PASSAGES, Verified((_claim(PASSAGES[0]),)))
    far = judge.confidence_of(QUESTION, PASSAGES, Verified((_claim(PASSAGES[1]),)))
    assert near is not None and far is not None
    assert far < 0.5 < near


def test_nothing_is_stated_without_a_model_and_of_no_claims() -> None:
    assert Judge().confidence_of(QUESTION, PASSAGES, Verified((_claim(PASSAGES[0]),))) is None
    assert Judge(_model()).confidence_of(QUESTION, PASSAGES, Verified(())) is None
    assert Judge().with_relevance(QUESTION, Retrieval(PASSAGES, True)).passages == PASSAGES


def test_a_library_uses_its_own_model_where_it_has_one(tmp_path: Path) -> None:
    write_model(_model(), tmp_path / FILE)
    found = model_for("all-MiniLM-L6-v2;recipe=1", "general", tmp_path)
    assert found is not None
    assert found.card["note"] == "made up"


def test_a_model_of_another_embedder_is_not_used(tmp_path: Path) -> None:
    write_model(_model(embedder="other-model"), tmp_path / FILE)
    assert model_for("all-MiniLM-L6-v2;recipe=1", "general", tmp_path) is None
    assert model_for("hashing:64", "general") is None


def test_a_domain_without_a_model_of_its_own_uses_the_general_one() -> None:
    general = shipped("general")
    assert general is not None
    assert model_for("all-MiniLM-L6-v2;x", "astronomy") == general


def test_a_broken_file_is_refused_and_names_the_command(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"format": 1}', encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_model(tmp_path / FILE)
    assert "fit-confidence" in raised.value.next


def test_the_shipped_model_tells_on_what_it_was_fitted() -> None:
    general = shipped("general")
    assert general is not None
    assert general.card["data"]["questions"]
    assert general.card["confidence"]["folds"] == 5
    assert {"relevance", "confidence"} <= set(general.card)


def test_an_unmeasured_signal_is_absent_from_the_features_and_not_zero() -> None:
    rows = passage_features(QUESTION, PASSAGES)
    assert "late" not in rows[0]
    assert rows[0]["cosine"] == 0.8
    mixed = (*PASSAGES[:1], _passage(3, "Turbines.", bm25=1.0, cosine=0.3, late=0.4))
    first, second = passage_features(QUESTION, mixed)
    assert "late" not in first
    assert second["late"] == 0.4


def test_features_do_not_depend_on_whether_a_relevance_was_stated() -> None:
    again = Judge(_model()).with_relevance(QUESTION, Retrieval(PASSAGES, True)).passages
    claims = (_claim(PASSAGES[0]),)
    assert answer_features(QUESTION, again, claims) == answer_features(QUESTION, PASSAGES, claims)


def test_features_of_nothing_are_finite() -> None:
    row = answer_features("?", (), ())
    assert all(value == value and abs(value) != float("inf") for value in row.values())
