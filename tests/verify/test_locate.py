"""A quotation is found where it stands, as stored characters, or not at all."""

from __future__ import annotations

import time

import pytest

from assay.verify.locate import Span, locate


def found(quote: str, text: str) -> list[str] | None:
    place = locate(quote, text)
    return None if place is None else [text[start:end] for start, end in place.spans]


@pytest.mark.parametrize(
    ("quote", "text", "stored"),
    [
        ("The buyer may cancel.", "First. The buyer may cancel. Last.", "The buyer may cancel."),
        ("the “goods” are", 'all the "goods" are here', 'the "goods" are'),
        ("the goods are sold", "all the goods\n   are sold", "the goods\n   are sold"),
        ("the hyphenation is gone", "now the hyphen-\nation is gone", "the hyphen-\nation is gone"),
        ("a well-known rule", "it is a well-\nknown rule", "a well-\nknown rule"),
        ("finding of fact", "a ﬁnding of fact", "ﬁnding of fact"),
        ("Buyers may cancel", "then buyers may cancel", "buyers may cancel"),
        ("The buyer may cancel.", "the buyer may cancel, and", "the buyer may cancel"),
        ("0.76 of cases", "in 0·76 of cases", "0·76 of cases"),
        ("“It is so ordered.”", "It is so ordered.", "It is so ordered."),
        ("[t]he buyer may cancel", "Now The buyer may cancel", "The buyer may cancel"),
    ],
)
def test_a_quotation_is_found_in_any_typography(quote: str, text: str, stored: str) -> None:
    assert found(quote, text) == [stored]


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("5 mg of aspirin", "give 25 mg of aspirin"),
        ("5 mg of aspirin", "give 0.5 mg of aspirin"),
        ("5 mg of aspirin", "give 2,5 mg of aspirin"),
        ("5 degrees", "at -5 degrees"),
        ("a dose of 5", "a dose of 50"),
        ("a dose of 5", "a dose of 5.5"),
        ("a rate of 5", "a rate of 5%"),
        ("a dose of 5 mg", "a dose of 5 mg/kg"),
        ("steroidal drugs", "non-steroidal drugs"),
        ("art", "party"),
        ("The buyer may cancel", "The buyer must cancel"),
        ("The Buyer may cancel", "The buyer may cancel"),
        ("", "anything"),
        ("...", "anything"),
    ],
)
def test_what_does_not_stand_there_is_not_found(quote: str, text: str) -> None:
    assert locate(quote, text) is None


def test_an_ellipsis_joins_parts_that_stand_near_each_other_in_order() -> None:
    text = "The seller, who knew of the defect, must repair the goods."
    assert found("The seller ... must repair the goods", text) == ["The seller", "must repair the goods"]
    assert found("The seller [...] must repair the goods", text) == ["The seller", "must repair the goods"]


def test_parts_far_apart_or_out_of_order_are_stitched() -> None:
    text = "The seller must repair. " + "Nothing of note. " * 100 + "The buyer pays the price."
    far = locate("The seller must repair ... The buyer pays", text)
    assert far is not None
    assert far.stitched
    turned = locate("The buyer pays ... The seller must repair", text)
    assert turned is not None
    assert turned.stitched


def test_an_ellipsis_of_the_source_itself_is_no_elision() -> None:
    text = "It said: wait ... and then go."
    place = locate("wait ... and then go", text)
    assert place is not None
    assert place.exact
    assert len(place.spans) == 1


def test_bracketed_words_mark_the_quotation_as_altered() -> None:
    text = "Later she must repair the goods."
    place = locate("[the seller] must repair the goods", text)
    assert place is not None
    assert [text[start:end] for start, end in place.spans] == ["must repair the goods"]


def test_the_occurrence_nearest_to_the_passage_is_taken() -> None:
    text = "The term is 2 years. " + "x " * 500 + "The term is 2 years. End."
    second = text.rindex("The term")
    place = locate("The term is 2 years.", text, Span(second - 5, second + 30))
    assert place is not None
    assert place.spans[0].start == second


def test_a_long_text_without_the_quotation_is_refused_quickly() -> None:
    text = "Lorem ipsum dolor sit amet, consectetur adipiscing elit.\n" * 20_000
    began = time.perf_counter()
    assert locate("Aspirin considerably reduced cardiovascular mortality among diabetic patients.", text) is None
    assert time.perf_counter() - began < 1.0
