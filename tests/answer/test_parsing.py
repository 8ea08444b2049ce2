"""Reading a model's answer: tolerant of what stands around it, strict in types, the same however the stream is cut."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.answer.parsing import MAX_CLAIMS, MAX_QUOTES, MAX_TEXT, ClaimStream, parse
from assay.errors import ModelProtocolError
from assay.types import DraftClaim, DraftQuote

CLAIM = {"text": "The fee is 2 %.", "quotes": [{"passage": 1, "quote": "a fee of 2 %"}]}
DRAFTED = DraftClaim("The fee is 2 %.", (DraftQuote(1, "a fee of 2 %"),))


def said(*claims: Any, refusal: Any = "") -> str:
    return json.dumps({"claims": list(claims), "refusal": refusal})


@pytest.mark.parametrize(
    "text",
    [
        said(CLAIM),
        f"```json\n{said(CLAIM)}\n```",
        f"Here {{is}} what I found: {said(CLAIM)} I hope it helps. {{}}",
        said(CLAIM).replace("}]", "},]").replace('"}]', '"}]'),
        json.dumps({"refusal": "", "claims": [CLAIM]}, indent=2),
        json.dumps({"answer": {"claims": [CLAIM]}}),
        said(CLAIM)[:-1],
        f"{said()} No, wait: {said(CLAIM)}",
    ],
    ids=[
        "plain",
        "fenced",
        "prose around",
        "trailing comma",
        "other order",
        "wrapped",
        "last brace gone",
        "second try",
    ],
)
def test_the_claims_are_found_whatever_stands_around_them(text: str) -> None:
    assert parse(text).claims == (DRAFTED,)


def test_braces_brackets_and_quotation_marks_inside_strings_mean_nothing() -> None:
    text = 'if (a[0] == "}") { return "]"; } // \\" {"claims": ['
    claim = {"text": text, "quotes": [{"passage": 2, "quote": text}]}
    assert parse(said(claim, CLAIM)).claims == (DraftClaim(text, (DraftQuote(2, text),)), DRAFTED)


def test_bare_line_ends_in_strings_are_kept() -> None:
    assert parse('{"claims": [{"text": "one\ntwo", "quotes": []}]}').claims == (DraftClaim("one\ntwo"),)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ("a string", "no JSON object"),
        (17, "no JSON object"),
        (None, "no JSON object"),
        ([CLAIM], "no JSON object"),
        ({"quotes": []}, "no text"),
        ({"text": 5}, "no text"),
        ({"text": " \n"}, "no text"),
        ({"text": "x", "quotes": "y"}, "quotes are no list"),
        ({"text": "x", "quotes": [{"passage": "1", "quote": "y"}]}, "from which passage"),
        ({"text": "x", "quotes": [{"passage": True, "quote": "y"}]}, "from which passage"),
        ({"text": "x", "quotes": [{"passage": 1.0, "quote": "y"}]}, "from which passage"),
        ({"text": "x", "quotes": [{"passage": 1, "quote": ["y"]}]}, "is no text"),
        ({"text": "x", "quotes": ["y"]}, "is no text"),
        ({"text": "x", "section": 3}, "section"),
        ({"text": "x" * (MAX_TEXT + 1)}, "longer than"),
    ],
)
def test_a_claim_of_the_wrong_form_is_left_out_with_a_note_and_the_others_stay(wrong: Any, reason: str) -> None:
    answer = parse(said(wrong, CLAIM))
    assert answer.claims == (DRAFTED,)
    assert len(answer.notes) == 1
    assert "claim 1" in answer.notes[0]
    assert reason in answer.notes[0]


def test_a_claim_without_quotations_stays() -> None:
    assert parse(said({"text": "It depends."})).claims == (DraftClaim("It depends."),)


def test_claims_and_quotations_are_bounded() -> None:
    many = parse(said(*[CLAIM] * (MAX_CLAIMS + 9)))
    assert len(many.claims) == MAX_CLAIMS
    assert many.notes == ("the model proposed more than 50 claims; the others were left out",)
    (one,) = parse(said({"text": "x", "quotes": CLAIM["quotes"] * (MAX_QUOTES + 1)})).claims  # type: ignore[operator]
    assert len(one.quotes) == MAX_QUOTES


def test_a_quotation_that_is_too_long_is_left_out_with_a_note() -> None:
    answer = parse(said({"text": "x", "quotes": [{"passage": 1, "quote": "y" * (MAX_TEXT + 1)}]}))
    assert answer.claims == (DraftClaim("x"),)
    assert "too long" in answer.notes[0]


def test_a_refusal_is_read_and_bounded() -> None:
    assert parse(said(refusal="not in the passages")).refusal == "not in the passages"
    assert parse('{"claims": null, "refusal": "no"}').refusal == "no"
    assert len(parse(said(refusal="n" * 20_000)).refusal) == MAX_TEXT


def test_what_could_forge_a_terminal_and_half_characters_do_not_pass() -> None:
    answer = parse('{"claims": [{"text": "\\u001b[2Jred \\u202eevil \\ud800"}]}')
    assert not set("\x1b\u202e\ud800") & set(answer.claims[0].text)
    answer.claims[0].text.encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I do not know.",
        "null",
        "[1, 2]",
        '{"claims": "none"}',
        '{"claims": {}, "refusal": ""}',
        '{"claims": [{"text": "a", "quotes": [}]}]}',
        '{"claims": [{"text": "a", "quotes": []}',
        '{"claims": [{"text": "a',
        "{" * 100_000,
        '{"claims": [' + "[" * 100_000,
        "Sure! {claims: [oops, this is }not{ JSON",
    ],
)
def test_an_answer_in_another_form_is_a_protocol_error(text: str) -> None:
    with pytest.raises(ModelProtocolError, match="not in the form"):
        parse(text)


def test_an_empty_list_of_claims_is_an_answer() -> None:
    assert parse(said()).claims == ()


def test_of_an_answer_that_was_cut_the_complete_claims_are_used_with_a_note() -> None:
    text = said(CLAIM, CLAIM)
    cut = text[: text.rindex('"quote"')]
    answer = parse(cut, cut=True)
    assert answer.claims == (DRAFTED,)
    assert "cut off" in answer.notes[0]
    with pytest.raises(ModelProtocolError):
        parse(cut)


def test_an_answer_that_was_cut_before_its_first_claim_is_an_error_that_says_so() -> None:
    with pytest.raises(ModelProtocolError, match="before its first claim"):
        parse(said(CLAIM)[:20], cut=True)


def test_a_claim_is_told_with_its_last_character_and_not_before() -> None:
    stream = ClaimStream()
    text = said(CLAIM, CLAIM)
    end = text.index("}]}") + 3
    assert stream.feed(text[: end - 1]) == []
    assert stream.feed(text[end - 1 : end]) == [DRAFTED]
    assert stream.feed(text[end:]) == [DRAFTED]


_words = st.text(st.characters(codec="utf-8"), max_size=12)
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | _words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_words, inner, max_size=3),
    max_leaves=6,
)
_claims = st.fixed_dictionaries(
    {"text": _words, "quotes": st.lists(st.fixed_dictionaries({"passage": st.integers(), "quote": _words}), max_size=3)}
)
_answers = st.builds(
    lambda before, claims, refusal, after: before + said(*claims, refusal=refusal) + after,
    _words,
    st.lists(_claims | _values, max_size=4),
    _words | _values,
    _words,
)
_noise = st.text(st.sampled_from('{}[]",:\\ \n"claims""refusal"textquotes1`'), max_size=80)


def outcome(pieces: list[str]) -> tuple[list[DraftClaim], object]:
    stream = ClaimStream()
    told = [claim for piece in pieces for claim in stream.feed(piece)]
    try:
        return told, stream.finish()
    except ModelProtocolError as error:
        return told, str(error)


@settings(max_examples=150, deadline=None)
@given(_answers | _noise, st.data())
def test_any_cut_of_the_stream_gives_what_the_whole_text_gives(text: str, data: st.DataObject) -> None:
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    cut = [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]
    whole = outcome([text])
    assert outcome(cut) == whole == outcome(list(text))


@settings(max_examples=150, deadline=None)
@given(_noise | st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    outcome([text])
    outcome(['{"claims": [', text])
