"""Normal form folds typography and keeps meaning, and every span of it leads back to the stored characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.textual.normalise import comparable, first_letter_swapped, normalise, plain


@pytest.mark.parametrize(
    ("stored", "folded"),
    [
        ("the “goods”", 'the "goods"'),
        ("buyer’s  right", "buyer's right"),
        ("2019–2020 and −5", "2019-2020 and -5"),
        ("ﬁnding", "finding"),
        ("treat\u00adment", "treatment"),
        ("hyphen-\n  ation", "hyphenation"),
        ("a\u00a0b\n c", "a b c"),
        ("0·76", "0.76"),
        ("cafe\u0301", "café"),
        ("wait…", "wait..."),
    ],
)
def test_typography_is_folded(stored: str, folded: str) -> None:
    assert plain(stored) == folded


@pytest.mark.parametrize("text", ["10⁵", "H₂O", "IL-4 is not IL-5", "May and may", "a < b"])
def test_what_carries_meaning_is_kept(text: str) -> None:
    assert plain(text) == text


def test_a_word_broken_at_a_line_end_can_keep_its_hyphen() -> None:
    assert normalise("well-\nknown", join_broken_words=False).text == "well-known"


def test_a_span_of_the_normal_form_leads_back_to_the_stored_characters() -> None:
    stored = "He said “yes”\n  to the treat\u00adment."
    form = normalise(stored)
    start = form.text.index("treatment")
    first, last = form.to_stored(start, start + len("treatment"))
    assert stored[first:last] == "treat\u00adment"
    start = form.text.index('"yes" to')
    first, last = form.to_stored(start, start + len('"yes" to'))
    assert stored[first:last] == "“yes”\n  to"


@given(st.text(alphabet="ab1 \n-“”’–\u00adﬁ…·e\u0301", max_size=40))
def test_every_part_of_any_text_maps_into_its_bounds_and_in_order(text: str) -> None:
    form = normalise(text)
    last = 0
    for place in range(len(form.text)):
        start, end = form.to_stored(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert start >= last or end > last
        last = start


def test_comparable_ignores_the_first_letters_case_and_the_closing_stop() -> None:
    assert comparable("The buyer may cancel.") == comparable("the buyer may  cancel")
    assert comparable("The buyer may cancel.") != comparable("The Buyer may cancel.")


def test_only_the_first_letter_is_swapped() -> None:
    assert first_letter_swapped("The Act") == "the Act"
    assert first_letter_swapped("“the act”") == "“The act”"
