from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assay.domains.legal.legal_pack import LegalPack
from assay.testing import DomainPackContract
from assay.testing.passages import document_info
from assay.types import Citation, Claim, DocumentInfo, QueryResult, Source
from tests.domains.legal.shelf import Shelf, legal_pack

AS_OF = datetime(2026, 1, 31, tzinfo=UTC)
OLD = (
    "alder",
    "Alder v. Birch",
    "United States Court of Appeals for the First Circuit.\n\nALDER, Circuit Judge.\n\nA seller may "
    "disclaim every warranty orally.",
    {
        "doc_type": "case",
        "case_name": "Alder v. Birch",
        "citation": "101 F.2d 202",
        "court": "ca1",
        "date_filed": "1939-05-02",
        "status": "published",
    },
)
NEW = (
    "cedar",
    "Cedar v. Dogwood",
    "United States Court of Appeals for the First Circuit.\n\nA seller may not disclaim every warranty orally. "
    "We overrule Alder v. Birch, 101 F.2d 202 (1st Cir. 1939). The rule is plain.",
    {
        "doc_type": "case",
        "case_name": "Cedar v. Dogwood",
        "citation": "303 F.2d 404",
        "court": "ca1",
        "date_filed": "1962-03-04",
        "status": "published",
    },
)
NEW_YORK = (
    "ny-warranty",
    "N.Y. warranty act",
    "§ 12. Oral disclaimers. A seller may disclaim a warranty orally.",
    {"doc_type": "statute", "jurisdiction": "us/ny", "citation": "N.Y. Gen. Bus. Law § 12"},
)


class TestLegalPackContract(DomainPackContract):
    def make_pack(self) -> Any:
        return legal_pack()

    def examples(self) -> list[tuple[DocumentInfo, str]]:
        shelf = Shelf(OLD, NEW, NEW_YORK)
        return [(shelf.info(key), shelf.documents[key].text) for key in shelf.documents]


def source(shelf: Shelf, key: str, number: int, pack: LegalPack) -> Source:
    info = shelf.info(key)
    text = shelf.documents[key].text
    appraisal = pack.appraise(info, text, AS_OF, shelf)
    return Source(number, key, info.title, info.source, 0.9, text[:50], 0, len(text), info.metadata, appraisal)


def claim(key: str, quote: str, start: int, number: int = 1, text: str = "") -> Claim:
    cited = Citation(number, key, number, key, f"{key}.text", quote, start, start + len(quote))
    return Claim(text or quote, "supported", 0.95, (cited,))


def answered(shelf: Shelf, pack: LegalPack, question: str, *claims: Claim) -> QueryResult:
    keys = list(dict.fromkeys(c.citations[0].document_id for c in claims))
    sources = tuple(source(shelf, key, n, pack) for n, key in enumerate(keys, 1))
    result = QueryResult("success", question, " ".join(c.text for c in claims), sources, claims=claims)
    return pack.finish(pack.read_question(question), result, shelf)


def metadata(result: QueryResult) -> Mapping[str, Any]:
    return dict(result["legal_metadata"])


# --- the five answers


def test_ingestion_adds_court_path_date_and_keys_and_keeps_what_the_document_says_itself() -> None:
    meta = Shelf(OLD).info("alder").metadata
    assert meta["legal_kind"] == "opinion"
    assert meta["court_path"] == "us/fed/ca1"
    assert "us/fed" in meta["jurisdictions"]
    assert meta["decided"] == "1939-05-02"
    assert "101 F.2d 202" in meta["authority_keys"]
    assert meta["court"] == "ca1"


def test_a_published_panel_opinion_is_weighed_by_its_court() -> None:
    shelf = Shelf(OLD)
    finding = legal_pack().weigh(shelf.info("alder"), shelf.documents["alder"].text)
    assert finding.value == "intermediate appellate court, published"


def test_an_overruled_case_is_stopped_with_the_words_that_overrule_it() -> None:
    shelf = Shelf(OLD, NEW)
    finding = legal_pack().currency(shelf.info("alder"), shelf.documents["alder"].text, AS_OF, shelf)
    assert finding.value == "stop"
    assert "We overrule Alder v. Birch" in finding.reason
    assert "2 documents as of 2026-01-31" in finding.reason


def test_a_case_that_nothing_speaks_against_is_never_called_good() -> None:
    shelf = Shelf(OLD, NEW)
    finding = legal_pack().currency(shelf.info("cedar"), shelf.documents["cedar"].text, AS_OF, shelf)
    assert finding.value == "none found"
    assert "no citator" in finding.reason
    assert "good" not in finding.reason


def test_a_citation_of_a_statute_is_rendered_from_its_metadata() -> None:
    pack = legal_pack()
    info = document_info("x", title="Oral disclaimers", metadata=NEW_YORK[3])
    assert "§ 12" in pack.cite(info, "")


# --- evidence


def test_overruled_authority_is_no_evidence_unless_its_history_is_asked_for() -> None:
    shelf = Shelf(OLD, NEW)
    pack = legal_pack()
    appraisal = pack.appraise(shelf.info("alder"), shelf.documents["alder"].text, AS_OF, shelf)
    passage = shelf.passage("alder")
    assert "overruled" in pack.admit(pack.read_question("May a seller disclaim a warranty orally?"), passage, appraisal)
    assert pack.admit(pack.read_question("Was Alder v. Birch overruled?"), passage, appraisal) == ""


def test_the_statute_of_another_state_is_no_evidence_for_the_forum_asked_about() -> None:
    shelf = Shelf(NEW_YORK)
    pack = legal_pack()
    appraisal = pack.appraise(shelf.info("ny-warranty"), NEW_YORK[2], AS_OF, shelf)
    asked = pack.read_question("May a seller in California disclaim a warranty orally?")
    assert "us/state/ny" in pack.admit(asked, shelf.passage("ny-warranty"), appraisal)
    assert (
        pack.admit(pack.read_question("May a seller disclaim a warranty?"), shelf.passage("ny-warranty"), appraisal)
        == ""
    )


# --- results


def test_the_result_bears_exactly_the_five_keys() -> None:
    shelf = Shelf(NEW)
    quote = "A seller may not disclaim every warranty orally."
    found = metadata(answered(shelf, legal_pack(), "May a seller disclaim orally?", claim("cedar", quote, 59)))
    assert set(found) == {
        "citations_found",
        "valid_citations",
        "jurisdictions_covered",
        "precedent_strength",
        "currency_assessment",
    }
    assert found["jurisdictions_covered"] == ["us/fed/ca1"]
    assert found["precedent_strength"][0]["court"] == "us/fed/ca1"
    assert found["currency_assessment"]["sources"][0]["signal"] == "none found"


def test_a_refusal_bears_the_metadata_too() -> None:
    pack = legal_pack()
    result = pack.finish(pack.read_question("What?"), QueryResult("no_results", "What?", ""), Shelf())
    assert result["legal_metadata"]["citations_found"] == []


def test_a_panel_binds_in_its_circuit_and_persuades_elsewhere() -> None:
    shelf = Shelf(NEW)
    quote = "A seller may not disclaim every warranty orally."
    pack = legal_pack()
    inside = metadata(answered(shelf, pack, "In the First Circuit, is fair use a defence?", claim("cedar", quote, 59)))
    outside = metadata(answered(shelf, pack, "In the Ninth Circuit, is fair use a defence?", claim("cedar", quote, 59)))
    assert inside["precedent_strength"][0]["standing"] == "binding"
    assert outside["precedent_strength"][0]["standing"] == "persuasive"


def test_without_a_forum_nothing_is_said_to_bind() -> None:
    shelf = Shelf(NEW)
    quote = "A seller may not disclaim every warranty orally."
    found = metadata(answered(shelf, legal_pack(), "May a seller disclaim orally?", claim("cedar", quote, 59)))
    assert found["precedent_strength"][0]["standing"] != "binding"


def test_two_sources_that_say_the_opposite_are_shown_from_both_sides() -> None:
    shelf = Shelf(OLD, NEW)
    one = claim("alder", "A seller may disclaim every warranty orally.", 86, 1)
    two = claim("cedar", "A seller may not disclaim every warranty orally.", 59, 2)
    result = answered(shelf, legal_pack(), "May a seller disclaim every warranty orally?", one, two)
    both = [w for w in result.warnings if "do not agree" in w]
    assert any("Alder v. Birch" in w and "Cedar v. Dogwood" in w and "may not" in w for w in both)


def test_a_question_that_takes_an_overruled_case_for_granted_is_corrected() -> None:
    shelf = Shelf(OLD, NEW)
    pack = legal_pack()
    question = "Does Alder v. Birch still allow oral disclaimers?"
    result = pack.finish(pack.read_question(question), QueryResult("no_results", question, ""), shelf)
    assert any("Alder v. Birch" in w and "overruled" in w for w in result.warnings)


def test_a_demand_that_the_named_section_does_not_make_is_corrected() -> None:
    statute = (
        "acceptance",
        "UCC § 2-207",
        "§ 2-207. Additional terms. A definite expression of acceptance operates as an acceptance even "
        "though it states "
        "additional terms.",
        {"doc_type": "statute", "citation": "UCC § 2-207"},
    )
    shelf = Shelf(statute)
    pack = legal_pack()
    question = "Under UCC 2-207 a contract must be notarized. Who may notarize it?"
    result = pack.finish(pack.read_question(question), QueryResult("no_results", question, ""), shelf)
    assert any("notarized" in w for w in result.warnings)
    plain = "What does UCC 2-207 require of an acceptance?"
    assert not pack.finish(pack.read_question(plain), QueryResult("no_results", plain, ""), shelf).warnings


DIVIDED = (
    "elm",
    "Elm v. Fir",
    "United States Court of Appeals for the First Circuit.\n\nELM, Circuit Judge.\n\n"
    + "The buyer may cancel the contract. " * 20
    + "\n\nSPRUCE, Circuit Judge, dissenting. The buyer keeps the deposit in my view.\n",
    {"doc_type": "case", "case_name": "Elm v. Fir", "citation": "404 F.2d 11", "court": "ca1"},
)


def test_a_sentence_from_a_dissent_is_marked() -> None:
    shelf = Shelf(DIVIDED)
    quote = "The buyer keeps the deposit in my view."
    start = DIVIDED[2].index(quote)
    result = answered(shelf, legal_pack(), "Who keeps the deposit?", claim("elm", quote, start))
    assert any("dissent" in w for w in result.warnings)
    assert metadata(result)["precedent_strength"][0]["part"] == "dissent"


def test_a_sentence_that_reports_an_argument_is_marked() -> None:
    text = "United States Court of Appeals for the First Circuit.\n\nThe plaintiff argues that the notice was late."
    shelf = Shelf(("oak", "Oak v. Pine", text, {"doc_type": "case", "citation": "55 F.3d 5", "court": "ca1"}))
    quote = "The plaintiff argues that the notice was late."
    result = answered(shelf, legal_pack(), "Was the notice late?", claim("oak", quote, text.index(quote)))
    assert any("what a party argues" in w for w in result.warnings)


# --- switches


def test_without_citation_extraction_no_citations_are_listed() -> None:
    shelf = Shelf(NEW)
    quote = "A seller may not disclaim every warranty orally."
    on = metadata(answered(shelf, legal_pack(), "May a seller disclaim?", claim("cedar", quote, 59)))
    off = metadata(
        answered(shelf, legal_pack(citation_extraction=False), "May a seller disclaim?", claim("cedar", quote, 59))
    )
    assert on["citations_found"] and not off["citations_found"]


def test_without_source_validation_nothing_is_validated_and_bad_law_is_admitted() -> None:
    shelf = Shelf(OLD, NEW)
    off = legal_pack(source_validation=False)
    appraisal = off.appraise(shelf.info("alder"), OLD[2], AS_OF, shelf)
    assert off.admit(off.read_question("May a seller disclaim?"), shelf.passage("alder"), appraisal) == ""
    quote = "A seller may not disclaim every warranty orally."
    on = metadata(answered(shelf, legal_pack(), "May a seller disclaim?", claim("cedar", quote, 59)))
    without = metadata(answered(shelf, off, "May a seller disclaim?", claim("cedar", quote, 59)))
    assert on["valid_citations"] and without["valid_citations"] == []


def test_without_jurisdiction_filtering_a_forum_narrows_nothing() -> None:
    question = "Answer only from California law: may a seller disclaim a warranty?"
    assert legal_pack().read_question(question)["filters"] == {"jurisdictions": ["us/state/ca"]}
    assert "filters" not in legal_pack(jurisdiction_filtering=False).read_question(question)
    shelf = Shelf(NEW_YORK)
    off = legal_pack(jurisdiction_filtering=False)
    appraisal = off.appraise(shelf.info("ny-warranty"), NEW_YORK[2], AS_OF, shelf)
    assert off.admit(off.read_question("In California?"), shelf.passage("ny-warranty"), appraisal) == ""


def test_a_forum_named_in_passing_weighs_and_does_not_narrow() -> None:
    reading = legal_pack().read_question("May a seller in California disclaim a warranty orally?")
    assert reading["forum"] == "us/state/ca"
    assert "filters" not in reading


def test_without_date_weighting_age_counts_nowhere() -> None:
    shelf = Shelf(NEW)
    reading = legal_pack().read_question("May a seller disclaim?")
    passages = [shelf.passage("cedar")]
    assert "date" in legal_pack().priors(reading, passages, shelf)[0]
    assert "date" not in legal_pack(date_relevance_weighting=False).priors(reading, passages, shelf)[0]


def test_a_citation_in_the_question_suggests_the_document_that_is_known_under_it() -> None:
    shelf, own = Shelf(OLD, NEW, NEW_YORK), legal_pack()

    def suggested(question: str) -> list[str]:
        return list(own.suggest(own.read_question(question), shelf))

    assert suggested("What did 303 F.2d 404 decide?") == ["cedar"]
    assert suggested("Is Alder v. Birch still good law?") == ["alder"]
    assert suggested("May a seller disclaim a warranty?") == []
