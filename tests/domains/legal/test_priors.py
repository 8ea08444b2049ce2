from __future__ import annotations

from assay.domains.legal.strength import age_weight, foreign
from tests.domains.legal.shelf import Shelf, legal_pack


def opinion(key: str, text: str, **more: str) -> tuple[str, str, str, dict[str, str]]:
    return key, key.title(), text, {"doc_type": "case", "court": "ca1", **more}


def section(number: str, text: str) -> tuple[str, str, str, dict[str, str]]:
    return number, f"UCC § {number}", text, {"doc_type": "statute", "citation": f"UCC § {number}"}


def test_words_in_the_order_of_the_question_raise_a_passage() -> None:
    shelf = Shelf(
        opinion("near", "The forum selection clause was void."), opinion("far", "The clause on selection of any forum.")
    )
    reading = legal_pack().read_question("Is the forum selection clause void?")
    near, far = legal_pack().priors(reading, [shelf.passage("near"), shelf.passage("far", 2)], shelf)
    assert near["order"] > far.get("order", 0.0)


def test_the_section_that_the_question_names_is_raised() -> None:
    shelf = Shelf(section("2-207", "Additional terms."), section("2-209", "Modification."))
    for question in ("What does UCC § 2-207 say?", "What does section 2-207 say?", "UCC 2-207: additional terms?"):
        reading = legal_pack().read_question(question)
        named, other = legal_pack().priors(reading, [shelf.passage("2-207"), shelf.passage("2-209", 2)], shelf)
        assert named.get("section", 0.0) > 0.0, question
        assert "section" not in other


def test_a_lease_section_stands_back_where_no_lease_is_named() -> None:
    shelf = Shelf(section("2-209", "Modification."), section("2A-208", "Modification."))
    passages = [shelf.passage("2-209"), shelf.passage("2A-208", 2)]
    sale, lease = legal_pack().priors(legal_pack().read_question("May a sale be modified?"), passages, shelf)
    assert sale["article"] > 0 > lease["article"]
    again = legal_pack().priors(legal_pack().read_question("May a lease be modified?"), passages, shelf)
    assert again[1]["article"] > 0


def test_terms_of_the_setting_count_where_question_and_passage_use_them() -> None:
    shelf = Shelf(opinion("one", "The statute governs."), opinion("two", "The parties agreed."))
    passages = [shelf.passage("one"), shelf.passage("two", 2)]
    reading = legal_pack().read_question("Which statute applies?")
    assert "terms" in legal_pack().priors(reading, passages, shelf)[0]
    assert "terms" not in legal_pack().priors(reading, passages, shelf)[1]
    assert "terms" not in legal_pack(terminology_boost=[]).priors(reading, passages, shelf)[0]
    other = legal_pack(terminology_boost=["parties"])
    assert "terms" not in other.priors(reading, passages, shelf)[0]


def test_authority_of_the_forum_is_raised_over_authority_from_elsewhere() -> None:
    shelf = Shelf(
        opinion("here", "The notice was late.", status="published", date_filed="2001-01-01"),
        ("there", "There", "The notice was late.", {"doc_type": "case", "court": "ca9", "status": "published"}),
    )
    reading = legal_pack().read_question("In the First Circuit, was notice of a copyright claim late?")
    here, there = legal_pack().priors(reading, [shelf.passage("here"), shelf.passage("there", 2)], shelf)
    assert here["forum"] > 0 > there["forum"]


def test_binding_precedent_does_not_age() -> None:
    shelf = Shelf(opinion("old", "Notice was late.", status="published", date_filed="1950-01-01"))
    inside = legal_pack().read_question("In the First Circuit, was notice of a copyright claim late?")
    outside = legal_pack().read_question("In the Ninth Circuit, was notice of a copyright claim late?")
    assert "date" not in legal_pack().priors(inside, [shelf.passage("old")], shelf)[0]
    assert "date" in legal_pack().priors(outside, [shelf.passage("old")], shelf)[0]


def test_persuasive_authority_loses_half_its_weight_in_25_years() -> None:
    from datetime import date

    assert age_weight("2001-01-01", date(2026, 1, 1)) == 0.5
    assert age_weight("", date(2026, 1, 1)) == 0.5


def test_what_lies_outside_a_forum() -> None:
    assert foreign("us/state/ny", "us/state/ca")
    assert foreign("us/fed/ca1", "us/fed/ca9")
    assert not foreign("us/fed/scotus", "us/state/ca")
    assert not foreign("us/state/ca/app/2", "us/state/ca")
    assert not foreign("us/fed/ca9", "us/state/ca")
    assert not foreign("us", "us/state/ca")
    assert not foreign("", "us/state/ca")


def test_word_order_counts_for_law_and_not_for_contracts() -> None:
    text = "The forum selection clause was void."
    shelf = Shelf(("nda", "An agreement", text, {"doc_type": "nda"}), opinion("case", text))
    reading = legal_pack().read_question("Is the forum selection clause void?")
    contract, case = legal_pack().priors(reading, [shelf.passage("nda"), shelf.passage("case", 2)], shelf)
    assert "order" not in contract
    assert case["order"] > 0
