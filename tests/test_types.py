"""Values: frozen, readable like dictionaries; a result takes new keys but keeps its verified parts."""

from __future__ import annotations

import copy
import dataclasses
import json
import pickle

import pytest

from assay.types import Citation, Claim, FrozenDict, QueryResult, freeze, plain

CITATION = Citation(1, "d", 7, "Title", "d.md", "words", 0, 5)
CLAIM = Claim("Words.", "supported", 1.0, (CITATION,))


def result() -> QueryResult:
    return QueryResult("success", "why?", "Words. [1]", claims=(CLAIM,))


def test_a_result_reads_like_a_record_and_like_a_dictionary() -> None:
    made = result()
    assert made.status == made["status"] == made.get("status") == "success"
    assert "status" in made and "legal_metadata" not in made
    assert made.get("legal_metadata", 3) == 3
    with pytest.raises(KeyError):
        _ = made["legal_metadata"]


def test_a_result_takes_new_keys_and_lists_them() -> None:
    made = result()
    made["legal_metadata"] = {"citations_found": 2}
    assert made["legal_metadata"]["citations_found"] == 2
    assert "legal_metadata" in made
    assert dict(made.to_dict())["legal_metadata"] == {"citations_found": 2}
    assert {"status", "question", "answer", "sources", "confidence", "processing_time"} <= set(made)


def test_post_processing_may_change_the_answer_but_not_what_was_verified() -> None:
    made = result()
    made["answer"] = made["answer"] + "\n\nNot legal advice."
    assert made.answer.endswith("advice.")
    with pytest.raises(TypeError, match="verified"):
        made["claims"] = ()
    with pytest.raises(TypeError, match="verified"):
        made.claims = ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.claims[0].text = "Other."  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.claims[0].citations[0].quote = "other"  # type: ignore[misc]


def test_a_result_becomes_json_all_the_way_down() -> None:
    body = json.loads(json.dumps(result().to_dict()))
    assert body["claims"][0]["citations"][0]["quote"] == "words"


def test_a_frozen_mapping_cannot_be_changed_and_survives_copies() -> None:
    made = freeze({"a": [1, {"b": 2}]})
    assert made == {"a": (1, {"b": 2})}
    with pytest.raises(TypeError, match="frozen"):
        made.update(a=1)
    with pytest.raises(TypeError, match="frozen"):
        made.pop("a")
    with pytest.raises(TypeError, match="frozen"):
        made["a"][1].clear()
    assert pickle.loads(pickle.dumps(made)) == made == copy.deepcopy(made)
    assert isinstance(made, FrozenDict) and hash(made) == hash(freeze({"a": 5}))


def test_plain_turns_sets_and_tuples_into_lists() -> None:
    assert plain({"a": (1, {"x", "b"})}) == {"a": [1, ["b", "x"]]}
