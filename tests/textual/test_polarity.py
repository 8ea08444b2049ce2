"""Limiting words are found and told apart."""

from __future__ import annotations

import pytest

from assay.textual.polarity import ANTONYMS, markers


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("it does not apply", "negation", "not"),
        ("it doesn't apply", "negation", "not"),
        ("the buyer shall pay", "modality", "obligation"),
        ("the buyer must pay", "modality", "obligation"),
        ("the buyer may pay", "modality", "permission"),
        ("unless it rains", "condition", "unless"),
        ("plaintiff contends that", "attribution", "attributed"),
        ("but it failed", "contrast", "but"),
        ("risk was reduced", "direction", "down"),
        ("risk was higher", "direction", "up"),
        ("only women", "quantifier", "only"),
        ("it appears to work", "hedge", "hedge"),
    ],
)
def test_each_kind_of_limit_is_found(text: str, kind: str, value: str) -> None:
    assert (kind, value) in [(marker.kind, marker.value) for marker in markers(text)]


def test_a_word_that_only_contains_one_is_none() -> None:
    assert markers("notation, allocate, mayor, canned") == []


def test_opposites_go_both_ways() -> None:
    assert ANTONYMS["buyer"] == "seller"
    assert ANTONYMS["seller"] == "buyer"
