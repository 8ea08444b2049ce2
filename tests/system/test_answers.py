"""One answer, end to end: verified claims, honest refusals, and clear errors for anything that cannot be asked."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from assay import Claim, Principal, ProductionRAGSystem
from tests.system.conftest import DOCUMENTS, config

TEXTS = {str(record["id"]): str(record["text"]) for record in DOCUMENTS}


def test_an_answer_quotes_the_exact_characters_of_its_source(library: ProductionRAGSystem) -> None:
    result = library.process_query("How many days of notice terminate the lease?")
    assert result.status == "success"
    assert "ninety days of written notice" in result.answer
    for claim in result.claims:
        assert claim.verdict == "supported" and claim.support >= result.threshold
        for citation in claim.citations:
            assert TEXTS[citation.document_id][citation.start : citation.end] == citation.quote
    assert result.sources[0].document_id == "lease"
    assert {"retrieve", "write", "verify"} <= set(result.timings)
    assert result.processing_time > 0


def test_a_result_carries_every_key_that_was_promised(library: ProductionRAGSystem) -> None:
    result = library.process_query("What did verapine reduce?")
    for key in ("status", "question", "answer", "sources", "confidence", "processing_time"):
        assert key in result
    assert result["confidence"] is None


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "empty"),
        ("a", "too short"),
        ("ab", "too short"),
        ("x" * 100_000, "100,000 characters"),
        ("\x00\x01", "empty"),
        ("🙂🙂🙂", "no word"),
        (None, "must be text"),
    ],
)
def test_a_question_that_cannot_be_asked_is_an_error_result_and_never_an_exception(
    library: ProductionRAGSystem, question: str, said: str
) -> None:
    result = library.process_query(question)
    assert result.status == "error"
    assert said in result.message
    assert result.claims == ()


@pytest.mark.parametrize(
    "question", ["מה קרה לנודניקים?", "is 🙂 migraine 🙂 reduced?", "\u202eegnarts\u202c verapine?"]
)
def test_right_to_left_and_emoji_questions_are_answered_or_refused_but_never_fail(
    library: ProductionRAGSystem, question: str
) -> None:
    assert library.process_query(question).status in ("success", "no_results", "insufficient_evidence")


@pytest.mark.parametrize(
    ("argument", "said"),
    [
        ({"k": 0}, "k cannot be 0"),
        ({"k": 1_000_000}, "k cannot be 1000000"),
        ({"score_threshold": 1.5}, "score_threshold cannot be 1.5"),
        ({"score_threshold": -0.1}, "score_threshold"),
        ({"filters": {"colour": "red"}}, "no document here has a field 'colour'"),
        ({"filters": {"year": {"near": 3}}}, "is no condition"),
        ({"filters": "year"}, "filters must be a mapping"),
    ],
)
def test_an_impossible_argument_is_an_error_that_says_what_to_change(
    library: ProductionRAGSystem, argument: dict[str, object], said: str
) -> None:
    result = library.process_query("What did verapine reduce?", **argument)  # type: ignore[arg-type]
    assert result.status == "error"
    assert said in result.message


def test_filters_limit_the_answer_to_the_documents_they_admit(library: ProductionRAGSystem) -> None:
    found = library.search("migraine lease merger", {"year": {"gte": 2020}})
    assert {p.document.id for p in found.passages} <= {"lease", "memo"}
    nothing = library.process_query("What did verapine reduce?", {"year": {"gt": 2030}})
    assert nothing.status == "no_results"
    assert library.search("rent", {"jurisdiction": {"prefix": "us/"}}).passages[0].document.id == "lease"


def test_a_question_about_something_else_is_refused_with_the_nearest_evidence(library: ProductionRAGSystem) -> None:
    result = library.process_query("Which enzyme does the drug Zoltamab inhibit in 44 % of horses?")
    assert result.status in ("no_results", "insufficient_evidence")
    assert result.claims == () and result.nearest
    assert result.message


def test_a_caller_never_learns_of_what_it_may_not_read(library: ProductionRAGSystem) -> None:
    stranger, tenant = Principal("eve"), Principal("tim", ("tenants",))
    assert {info.id for info in library.documents(stranger)} == {"trial"}
    assert {info.id for info in library.documents(tenant)} == {"trial", "lease"}
    for who in (stranger, tenant):
        result = library.process_query("For how much will Corvane acquire Deltrix?", principal=who)
        shown = str(result.to_dict())
        assert "88 million" not in shown and "Memorandum" not in shown
    secret = library.process_query("What is said?", {"jurisdiction": "us/ca"}, principal=stranger)
    assert secret.status == "error" and "us/ca" not in secret.message
    assert library.process_query("For how much will Corvane acquire Deltrix?").status == "success"


def test_nobody_may_ask_without_a_principal_where_the_store_is_not_local(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
    with ProductionRAGSystem(config(tmp_path), local=False) as remote:
        refused = remote.process_query("What did verapine reduce?")
        assert (refused.status, refused["error"]) == ("error", "access_denied")
        assert remote.process_query("What did verapine reduce?", principal=Principal("eve")).status == "success"


def test_claims_are_handed_on_only_after_they_were_checked(library: ProductionRAGSystem) -> None:
    seen: list[Claim] = []
    result = library.process_query("How many adults did the trial randomise?", on_claim=seen.append)
    assert result.status == "success"
    assert [claim.text for claim in seen] == [claim.text for claim in result.claims]
    assert all(claim.verdict == "supported" and claim.citations for claim in seen)


def test_a_higher_threshold_never_shows_more(library: ProductionRAGSystem) -> None:
    counts = [
        len(library.process_query("How many adults did the trial randomise?", score_threshold=t).claims)
        for t in (0.0, 0.5, 0.9, 1.0)
    ]
    assert counts == sorted(counts, reverse=True)


def test_asking_an_empty_place_says_how_to_make_a_library(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        result = system.process_query("Is anything here?")
    assert (result.status, result["error"]) == ("error", "store_not_found")
    assert "assay init" in result.message


def test_a_warmed_system_answers_as_before_and_its_collector_leaves_what_was_loaded(
    library: ProductionRAGSystem,
) -> None:
    before = library.process_query("How many days of notice terminate the lease?")
    frozen = gc.get_freeze_count()
    try:
        library.warm()
        assert gc.get_freeze_count() > frozen
        assert library.process_query("How many days of notice terminate the lease?").answer == before.answer
    finally:
        gc.unfreeze()
