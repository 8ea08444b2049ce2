"""Whole answers are judged by what a person wrote down: each kind of miss is found, and a right answer passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay import ProductionRAGSystem
from assay.errors import InputError
from assay.evaluation.acceptance import accept, read_cases
from tests.system.conftest import DOCUMENTS, config

QUESTION = {"id": "a", "text": "By how many days did verapine reduce migraine?"}


def judged(tmp_path: Path, **right: Any) -> tuple[str, ...]:
    file = tmp_path / "set.jsonl"
    file.write_text(json.dumps({**QUESTION, **right}) + "\n", encoding="utf-8")
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
        (outcome,) = accept(system, read_cases(file)).outcomes
    return outcome.wrong


def test_a_right_answer_is_right(tmp_path: Path) -> None:
    assert judged(tmp_path, all=["2.1"], none=["9.9"], cites=["trial"]) == ()


@pytest.mark.parametrize(
    ("right", "cause"),
    [
        ({"all": ["2.1", "9.9 a month"]}, "not said: 9.9 a month"),
        ({"any": ["seven", "nine hundred"]}, "not said: one of seven, nine hundred"),
        ({"none": ["2.1"]}, "wrongly said: 2.1"),
        ({"cites": ["lease"]}, "not cited: one of lease"),
        ({"status": ["no_results"]}, "status: success, right is no_results"),
        ({"warns": ["retracted"]}, "not warned: retracted"),
        ({"stopped": "emergency"}, "not stopped: went through, right is emergency"),
    ],
)
def test_each_kind_of_miss_is_named(tmp_path: Path, right: dict[str, Any], cause: str) -> None:
    assert cause in judged(tmp_path, **right)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (['{"id": "a"}'], "lacks text"),
        (['{"id": "a", "text": "b", "al": ["c"]}'], "unknown field 'al'"),
        (['{"id": "a", "text": "b"}', '{"id": "a", "text": "c"}'], "twice"),
        ([], "holds no question"),
    ],
)
def test_a_set_that_cannot_be_judged_is_refused(tmp_path: Path, lines: list[str], message: str) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_cases(file)


@pytest.mark.parametrize("domain", ["legal", "medical", "technical"])
def test_the_sets_of_the_domains_hold_sixty_questions_each(domain: str) -> None:
    cases = read_cases(Path(__file__).parents[1] / "data" / "acceptance" / f"{domain}.jsonl")
    assert len(cases) == 60
    refused = [case for case in cases if "success" not in case.status]
    assert 8 <= len(refused) <= 20
    assert all(case.all or case.any or case.cites for case in cases if case.status == ("success",))
