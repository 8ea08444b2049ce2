"""The medical pack: five answers, switches, retraction, ranking and result metadata."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.domains.library import EMPTY_LIBRARY, EmptyLibrary
from assay.domains.medical import SETTINGS, pack
from assay.domains.medical.dates import recency, year_of
from assay.domains.medical.medical_pack import MedicalPack
from assay.domains.medical.peer_review import peer_review_of
from assay.domains.medical.status import status_of
from assay.testing.passages import document_info, passages_of
from assay.types import Document, DocumentInfo, Fact, Passage, QueryResult, Source, freeze

NOW = datetime(2026, 1, 31, tzinfo=UTC)
TITLE = "Saline drops for the common cold: a randomised trial"
TEXT = (
    "In this double-blind, placebo-controlled trial, 412 adults with a cold were randomly assigned to saline drops or "
    "placebo. Symptoms resolved sooner with drops (hazard ratio 1.31, 95% CI 1.08 to 1.59). Registration: NCT09999991."
)
RECORD = {
    "pmid": "100",
    "doi": "10.1000/drops",
    "journal_abbrev": "J Cold",
    "year": 2019,
    "volume": "3",
    "issue": "2",
    "pages": "10-19",
    "authors": ["Moe A", "Roe B", "Poe C", "Doe D", "Coe E", "Loe F", "Zoe G"],
    "publication_types": ["Journal Article"],
}


class Notices(EmptyLibrary):
    """A library that holds facts about one article."""

    def __init__(self, *facts: Fact) -> None:
        self.held = facts

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Fact]:
        return [fact for fact in self.held if fact.kind == kind and fact.key in keys]


def info(metadata: Mapping[str, Any], title: str = TITLE, text: str = TEXT, key: str = "d1") -> DocumentInfo:
    document = pack().enrich(Document(id=key, title=title, text=text, metadata=metadata))
    return document_info(key, text, title=title, metadata=document.metadata)


def without(switch: str) -> MedicalPack:
    return pack({**SETTINGS, switch: False})


def passage(document: DocumentInfo, text: str = TEXT) -> Passage:
    return replace(passages_of(text)[0], document=document)


def result_of(*documents: DocumentInfo, using: MedicalPack | None = None) -> QueryResult:
    field = using or pack()
    sources = tuple(
        Source(
            n,
            item.id,
            item.title,
            item.source,
            1.0,
            TEXT,
            0,
            len(TEXT),
            item.metadata,
            field.appraise(item, TEXT, NOW, EMPTY_LIBRARY),
        )
        for n, item in enumerate(documents, 1)
    )
    return field.finish(field.read_question("Do drops help?"), QueryResult("success", "q", "a", sources), EMPTY_LIBRARY)


def test_the_five_answers_come_with_reason_and_place() -> None:
    document = info(RECORD)
    appraisal = pack().appraise(document, TEXT, NOW, EMPTY_LIBRARY)
    assert appraisal.identity.value == "randomised trial" and appraisal.weight.value == "OCEBM level 2"
    assert appraisal.identity.start is not None and appraisal.identity.end is not None
    assert "random" in TEXT[appraisal.identity.start : appraisal.identity.end]
    assert appraisal.scope.value == "adults with a cold were randomly assigned to saline drops or placebo" or (
        "adults with a cold" in appraisal.scope.value
    )
    assert appraisal.currency.value == "no retraction known" and appraisal.currency.as_of == "2026-01-31"


def test_the_reference_is_ama_style_with_doi_pmid_level_and_size() -> None:
    assert pack().cite(info(RECORD), TEXT) == (
        "Moe A, Roe B, Poe C, et al. Saline drops for the common cold: a randomised trial. J Cold. 2019;3(2):10-19. "
        "doi:10.1000/drops. PMID: 100. [OCEBM 2 | randomised trial, double-blind | n = 412]"
    )


def test_enriching_never_overwrites_what_the_document_says_of_itself() -> None:
    document = info({"study_design": "registry analysis", "sample_size": 9})
    assert document.metadata["study_design"] == "registry analysis" and document.metadata["sample_size"] == 9
    assert document.metadata["study"]["design"] == "rct"
    assert pack().identify(document, TEXT).value == "registry analysis"


@pytest.mark.parametrize(
    ("title", "metadata", "status"),
    [
        ("RETRACTED: Drops for colds", {}, "retracted"),
        ("Retraction: Drops for colds", {}, "retraction notice"),
        ("Drops", {"publication_types": ["Retracted Publication"]}, "retracted"),
        ("Drops", {"publication_types": ["Retraction of Publication"]}, "retraction notice"),
        ("Drops", {"comments_corrections": [{"type": "RetractionIn", "pmid": "5"}]}, "retracted"),
        ("Drops", {"comments_corrections": [{"type": "ExpressionOfConcernIn", "pmid": "5"}]}, "expression of concern"),
        ("Drops", {"article_type": "retraction"}, "retraction notice"),
        ("Drops", {"retraction": "2020-06-05; notice PMID 7"}, "retracted"),
        ("Drops", {"publication_types": ["Journal Article"], "pmid": "1"}, "no retraction known"),
        ("Ear retraction after surgery", {}, "unknown"),
        ("Retraction of canine teeth with springs", {}, "unknown"),
        ("Drops", {"retraction": None, "pmid": "1"}, "unknown"),
    ],
)
def test_status_is_read_from_records_and_titles_but_not_from_anatomy(
    title: str, metadata: Mapping[str, Any], status: str
) -> None:
    assert status_of(title, metadata).value == status


@pytest.mark.parametrize(
    "switch", ["", "source_credibility_check", "evidence_level_tracking", "peer_review_validation"]
)
def test_a_retracted_article_is_never_evidence_and_always_flagged(switch: str) -> None:
    field = without(switch) if switch else pack()
    document = info({**RECORD, "publication_types": ["Retracted Publication"]})
    appraisal = field.appraise(document, TEXT, NOW, EMPTY_LIBRARY)
    assert "retracted" in field.admit({}, passage(document), appraisal)
    assert any("RETRACTED" in warning for warning in appraisal.warnings)
    assert appraisal.citation.startswith("RETRACTED: ")


def test_a_notice_in_the_library_retracts_an_article_whose_own_record_is_older() -> None:
    notice = Document(
        id="n1",
        title="Retraction: Saline drops",
        text="The article has been retracted.",
        metadata={"pmid": "101", "comments_corrections": [{"type": "RetractionOf", "pmid": "100"}]},
    )
    facts = [replace(fact, document_id="n1") for fact in pack().facts(notice)]
    document = info(RECORD)
    appraisal = pack().appraise(document, TEXT, NOW, Notices(*facts))
    assert appraisal.currency.value == "retracted" and "n1" in appraisal.currency.reason
    assert pack().admit({}, passage(document), appraisal)
    assert pack().admit({}, passage(document), pack().appraise(document, TEXT, NOW, EMPTY_LIBRARY)) == ""


@pytest.mark.parametrize(
    ("metadata", "value"),
    [
        ({}, "unknown"),
        ({"medline_indexed": True}, "unknown"),
        ({"peer_reviewed": True}, "reviewed"),
        ({"publication_types": ["Preprint"]}, "preprint"),
        ({"journal": "medRxiv"}, "preprint"),
        ({"publication_types": ["Editorial"]}, "not applicable"),
    ],
)
def test_peer_review_is_unknown_unless_something_says_so(metadata: Mapping[str, Any], value: str) -> None:
    assert peer_review_of(metadata).value == value


def test_recency_is_bounded_and_an_unknown_date_is_neither_new_nor_old() -> None:
    assert recency(2026, 2026) == 1.0 and recency(None, 2026) == 0.75
    assert 0.5 < recency(1950, 2026) < 0.51 and recency(2030, 2026) == 1.0
    assert year_of({"year": 2008, "pub_dates": {"epub": "2007-12-30", "ppub": "2008-01"}}) == 2007


# --- the switches ---------------------------------------------------------------------------------------------------


def test_evidence_level_tracking_decides_level_certainty_prior_and_citation() -> None:
    document = info(RECORD)
    reading = pack().read_question("Do drops improve colds?")
    assert "evidence_level" in pack().priors(reading, [passage(document)], EMPTY_LIBRARY)[0]
    assert result_of(document)["medical_metadata"]["highest_level"] == 2
    off = without("evidence_level_tracking")
    assert off.weigh(document, TEXT).value == "unknown" and "OCEBM" not in off.cite(document, TEXT)
    assert "evidence_level" not in off.priors(reading, [passage(document)], EMPTY_LIBRARY)[0]
    found = result_of(document, using=off)["medical_metadata"]
    assert "certainty" not in found and "level" not in found["sources"][0]


def test_recency_weighting_decides_the_prior_and_the_note_on_old_reviews() -> None:
    newer, older = info(RECORD), info({**RECORD, "year": 1990}, key="d2")
    reading = pack().read_question("Do drops improve colds?")
    first, second = pack().priors(reading, [passage(newer), passage(older)], EMPTY_LIBRARY)
    assert first["recency"] > 0 > second["recency"] and abs(second["recency"]) <= 0.03
    off = without("recency_weighting").priors(reading, [passage(newer), passage(older)], EMPTY_LIBRARY)
    assert not any("recency" in found for found in off)
    review = info({**RECORD, "publication_types": ["Systematic Review"]}, title="Drops: a systematic review")
    assert any("newer trials may exist" in warning for warning in result_of(review).warnings)
    assert not any(
        "newer trials" in warning for warning in result_of(review, using=without("recency_weighting")).warnings
    )


def test_peer_review_validation_decides_warning_and_metadata() -> None:
    document = info({**RECORD, "journal_abbrev": "medRxiv"})
    assert any("not peer reviewed" in warning for warning in pack().warnings(document))
    assert result_of(document)["medical_metadata"]["sources"][0]["peer_review"]["value"] == "preprint"
    off = without("peer_review_validation")
    assert not any("peer reviewed" in warning for warning in off.warnings(document))
    assert "peer_review" not in result_of(document, using=off)["medical_metadata"]["sources"][0]


def test_source_credibility_check_decides_score_and_warning() -> None:
    document = info({**RECORD, "journal_abbrev": "medRxiv"}, title="A case report of one cold", text="A case report.")
    found = result_of(document)["medical_metadata"]["sources"][0]["credibility"]
    assert 0 <= found["score"] <= 0.5 and found["reasons"]
    off = result_of(document, using=without("source_credibility_check"))["medical_metadata"]["sources"][0]
    assert "credibility" not in off


def test_the_terminology_boost_counts_words_that_question_and_title_share() -> None:
    document = info(RECORD, title="Treatment of colds with drops: a randomised trial")
    reading = pack().read_question("Which treatment helps colds?")
    assert pack().priors(reading, [passage(document)], EMPTY_LIBRARY)[0]["terminology"] == 0.01
    off = pack({**SETTINGS, "terminology_boost": []})
    plain = off.priors(off.read_question("Which treatment helps colds?"), [passage(document)], EMPTY_LIBRARY)[0]
    assert "terminology" not in plain


# --- questions and results ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Does metformin reduce mortality?", "therapy"),
        ("How accurate is D-dimer for the diagnosis of embolism?", "diagnosis"),
        ("What is the prevalence of gout?", "prevalence"),
        ("Are there adverse effects of statins?", "harm"),
        ("Is there benefit of screening for lung cancer?", "screening"),
    ],
)
def test_the_kind_of_question_is_read(question: str, kind: str) -> None:
    assert pack().read_question(question)["question_type"] == kind


def test_an_emergency_stops_before_retrieval_and_a_research_question_does_not() -> None:
    stop = pack().read_question("I have crushing chest pain and cannot breathe, what should I do?").get("stop")
    assert stop and stop["message"] and stop["urgent"] is True
    assert not pack().read_question("Does aspirin reduce mortality in adults with chest pain in trials?").get("stop")


def test_the_summary_tells_design_size_status_and_effects_of_each_source() -> None:
    found = result_of(info(RECORD))["medical_metadata"]
    (source,) = found["sources"]
    assert (source["design"], source["n"], source["status"], source["pmid"]) == (
        "rct",
        412,
        "no retraction known",
        "100",
    )
    assert source["effects"][0]["estimate"] == 1.31 and source["registrations"] == ["NCT09999991"]
    assert found["certainty"]["level"] == "not rated" and found["automated"] is True and found["consultation"]


def test_two_articles_of_one_trial_are_one_study() -> None:
    found = result_of(info(RECORD), info({**RECORD, "pmid": "200"}, key="d2"))["medical_metadata"]
    assert found["certainty"]["studies"] == 1


def test_the_sample_size_that_a_document_states_stands_above_the_one_read_out_of_its_text() -> None:
    medical = pack()
    text = "We randomised 2104 patients to the drug and 4321 to usual care in a randomised controlled trial."
    own = Document("t", "A trial of a drug", text, metadata=freeze({"sample_size": 6425}))
    enriched = medical.enrich(own)
    info = document_info("t", text, title=own.title, metadata=enriched.metadata)
    assert "n = 6,425" in medical.cite(info, text)
