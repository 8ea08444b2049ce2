"""`assay eval answers` over a small library: what counts as right, near misses, records, reports, fitting."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay import ProductionRAGSystem, RAGConfig
from assay.errors import InputError
from assay.evaluation.answers import lines, per_query, report, stated
from assay.evaluation.asking import Asked, Asker, families, meets, read_asked, write_asked
from assay.evaluation.asking import Expected as ExpectedAnswer
from assay.evaluation.calibrating import calibration_report
from assay.evaluation.dataset import LabelledQuery
from assay.evaluation.fitting import card_lines, fit_confidence
from assay.evaluation.hiding import Hiding
from assay.types import Citation, Claim

LEASE = (
    "The tenant shall pay rent of 4,200 euros on the first day of each month.\n\n"
    "Either party may terminate the lease with ninety days of written notice.\n"
)
DOCUMENTS = [
    {"id": "lease", "title": "Lease of the warehouse", "text": LEASE},
    {
        "id": "trial",
        "title": "Verapine in migraine",
        "text": "Verapine reduced migraine days by 2.1 a month compared with placebo in 312 adults.\n",
    },
]
NOTICE = (LEASE.index("Either"), len(LEASE) - 1)


@pytest.fixture
def system(tmp_path: Path) -> Iterator[ProductionRAGSystem]:
    """An open system over two documents, behind the deterministic embedder."""
    store = {"path": str(tmp_path / "store"), "mode": "embedded"}
    config = RAGConfig.load(environ={}, folder=tmp_path, store=store, models={"embedder": "hashing"})
    with ProductionRAGSystem(config) as opened:
        assert opened.ingest(DOCUMENTS).added == 2
        yield opened


def _query(text: str, grades: dict[str, float], **more: Any) -> LabelledQuery:
    return LabelledQuery(more.pop("id", "q"), text, grades, more.pop("spans", {}), **more)


def test_an_answer_that_cites_the_labelled_span_is_right(system: ProductionRAGSystem) -> None:
    query = _query("How many days of notice terminate the lease?", {"lease": 1.0}, spans={"lease": (NOTICE,)})
    row = Asker(system, domain="general").ask(query, "answerable")
    assert (row.status, row.right, row.right_document) == ("success", True, True)
    assert len(row.relevant) == len(row.passages) > 0


def test_an_answer_from_another_place_of_the_labelled_document_is_not_right(system: ProductionRAGSystem) -> None:
    beyond = (len(LEASE), len(LEASE) + 1)
    query = _query("How many days of notice terminate the lease?", {"lease": 1.0}, spans={"lease": (beyond,)})
    row = Asker(system, domain="general").ask(query, "answerable")
    assert row.right_document
    assert not row.right_first


def test_a_near_miss_never_sees_the_labelled_document(system: ProductionRAGSystem) -> None:
    query = _query("How many days of notice terminate the lease?", {"lease": 1.0})
    row = Asker(system, domain="general").ask(query, "near_miss")
    assert not row.right_document
    assert row.mode == "near_miss"
    again = Asker(system, domain="general").ask(query, "answerable")
    assert again.right_document, "hiding must not outlast the question"


def test_hidden_documents_are_not_found_and_come_back(system: ProductionRAGSystem) -> None:
    hiding = Hiding(system)
    with hiding.without(["trial"]):
        assert all(p.document.id != "trial" for p in system.search("verapine in migraine").passages)
    assert any(p.document.id == "trial" for p in system.search("verapine in migraine").passages)


def test_a_document_that_a_question_excludes_is_hidden_too(system: ProductionRAGSystem) -> None:
    query = _query("verapine migraine days", {"trial": 1.0}, exclude=frozenset({"trial"}))
    assert not Asker(system, domain="general").ask(query, "answerable").right_document


def test_expected_phrases_stand_in_for_labels(system: ProductionRAGSystem) -> None:
    query = LabelledQuery(
        "q", "When is the rent paid?", {}, {}, fields={"expected_phrases": ["first day of each  month"]}
    )
    assert Asker(system, domain="general").ask(query, "answerable").right
    other = LabelledQuery("q", "When is the rent paid?", {}, {}, fields={"expected_phrases": ["the second Tuesday"]})
    assert not Asker(system, domain="general").ask(other, "answerable").right


def test_an_expected_citation_is_met_by_id_title_or_reference() -> None:
    citation = Citation(1, "cl:7", 1, "Alder v. Birch", "alder.txt", "quote", 0, 5, reference="Alder v. Birch, 1 X. 2")
    claim = Claim("text", "supported", 1.0, (citation,))
    for wanted in ("cl:7", "alder v. birch", "Birch, 1 X. 2"):
        assert meets(claim, ExpectedAnswer(citations=(wanted,)))
    assert not meets(claim, ExpectedAnswer(citations=("Cedar v. Doe",)))


def test_records_are_read_back_as_they_were_written(system: ProductionRAGSystem, tmp_path: Path) -> None:
    row = Asker(system, domain="general").ask(_query("How is the lease terminated?", {"lease": 1.0}), "answerable")
    write_asked([row], tmp_path / "r.jsonl")
    (again,) = read_asked([tmp_path / "r.jsonl"])
    assert (again.id, again.right, again.relevant) == (row.id, row.right, row.relevant)
    assert again.features.keys() == row.features.keys()


def test_a_file_of_something_else_is_refused_by_line(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text(json.dumps({"id": "a"}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        read_asked([tmp_path / "x.jsonl"])


def test_questions_that_share_a_document_or_a_field_are_one_family() -> None:
    found = families(
        [
            _query("a", {"d1": 1.0}, id="1"),
            _query("b", {"d1": 1.0, "d2": 1.0}, id="2"),
            _query("c", {"d3": 1.0}, id="3", fields={"review": "r"}),
            _query("d", {"d4": 1.0}, id="4", fields={"review": "r"}),
            _query("e", {"d5": 1.0}, id="5"),
        ],
        "review",
    )
    assert found["1"] == found["2"]
    assert found["3"] == found["4"]
    assert len(set(found.values())) == 3


def _asked(
    number: int, right: bool, confidence: float | None, mode: Any = "answerable", status: str = "success"
) -> Asked:
    answered = status == "success"
    tell = (1.0 if right else 0.0) + 0.3 * ((number * 7) % 5 - 2)
    return Asked(
        id=f"q{number}",
        family=f"f{number}",
        domain="general",
        mode=mode,
        status=status,
        question=f"question {number}",
        right=right,
        right_first=right,
        right_document=right,
        claims=2 if answered else 0,
        right_claims=int(right),
        spans=False,
        confidence=confidence,
        seconds=0.1,
        features={"tell": tell},
        passages=({"tell": tell}, {"tell": -tell}),
        relevant=(right, False),
        relevance=(0.5, 0.5) if confidence is not None else (),
    )


def test_a_refusal_counts_as_the_lowest_confidence() -> None:
    rows = [_asked(1, True, 0.4), _asked(2, False, None, status="insufficient_evidence")]
    assert stated(rows) == ([0.4, 0.0], [1.0, 0.0])


def test_the_report_counts_refusals_by_status_and_right_answers_among_the_answered() -> None:
    rows = [_asked(1, True, 0.9), _asked(2, False, 0.3), _asked(3, False, None, status="no_results")]
    told = report(rows, missing=["q9"])
    group = told.groups["answerable"]
    assert group.statuses == {"no_results": 1, "success": 2}
    assert (group.answered.count, group.answered.n) == (2, 3)
    assert (group.right.count, group.right.n) == (1, 2)
    assert told.measured()["false_refusals"] == pytest.approx(1 / 3)
    assert any("1 questions whose document" in line for line in lines(told))


def test_near_misses_are_told_apart_by_confidence() -> None:
    rows = [_asked(i, True, 0.9) for i in range(10)] + [_asked(i, False, 0.2, "near_miss") for i in range(10)]
    told = report(rows).near_miss
    assert told is not None
    assert told.auroc.mean == 1.0
    assert told.precision["0.5"].mean == 1.0
    assert told.precision["1"].mean == 0.5


def test_scores_for_comparison_keep_the_modes_apart() -> None:
    rows = [_asked(1, True, 0.9), _asked(1, False, 0.2, "near_miss")]
    assert set(per_query(rows)) == {"q1", "near_miss:q1"}


def test_questions_without_a_stated_confidence_are_counted_and_not_taken_for_zero() -> None:
    told = calibration_report([_asked(1, True, None), _asked(2, True, 0.8)])
    assert told.unstated == {"relevance": 1, "confidence": 1}
    assert told.measured["confidence"]["general"].n == 1


def test_a_model_fitted_on_asked_questions_knows_right_from_wrong_on_unseen_families() -> None:
    rows = [_asked(i, i % 2 == 0, None) for i in range(120)]
    rows += [_asked(i, False, None, "near_miss") for i in range(120)]
    fitted = fit_confidence(rows, "hashing:64", note="made up")
    told = fitted.model.card["confidence"]["held_out"]["answerable"]["all"]
    assert told["auroc"][0] > 0.8
    assert told["ece"][0] < 0.15
    assert fitted.model.embedder == "hashing"
    assert any("near misses" in line for line in card_lines(fitted.model.card))


def test_too_few_questions_are_refused_rather_than_fitted() -> None:
    with pytest.raises(InputError, match="too few"):
        fit_confidence([_asked(i, i % 2 == 0, None) for i in range(12)], "hashing:64")
