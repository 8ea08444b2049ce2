"""Redaction: a person's identifiers go, medicine and literature stay."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.guard.privacy import redact
from assay.guard.privacy_numbers import iban, luhn, nhs, vin

PROBES = [json.loads(line) for line in (Path(__file__).parent / "privacy_probes.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("probe", [p for p in PROBES if p["spans"]], ids=lambda p: p["id"])
def test_every_identifier_of_a_probe_is_taken_out(probe: dict[str, object]) -> None:
    text, spans = str(probe["text"]), probe["spans"]
    cleaned = redact(text)
    assert isinstance(spans, list)
    for span in spans:
        for place in range(span["start"], span["end"]):
            taken = any(found.start <= place < found.end for found in cleaned.spans)
            assert taken or not text[place].isalnum(), (span["text"], cleaned.text)


@pytest.mark.parametrize("probe", [p for p in PROBES if not p["spans"]], ids=lambda p: p["id"])
def test_a_text_without_identifiers_stays_as_it_is(probe: dict[str, object]) -> None:
    assert redact(str(probe["text"])).text == probe["text"]


def test_what_is_taken_out_is_named_by_its_kind() -> None:
    cleaned = redact("My patient Nora Field, MRN 0098123, born 3 May 1961, takes 5 mg of apixaban (NCT00412984).")
    assert cleaned.text == "My patient [NAME], MRN [RECORD-NUMBER], born [DATE], takes 5 mg of apixaban (NCT00412984)."
    assert [span.kind for span in cleaned.spans] == ["name", "mrn", "date"]


def test_the_spans_count_in_the_original() -> None:
    text = "Call Mr. Oduya at +44 20 7946 0123 today"
    assert [text[s.start : s.end] for s in redact(text).spans] == ["Mr. Oduya", "+44 20 7946 0123"]


def test_check_digits_decide() -> None:
    assert luhn("4111 1111 1111 1111") and not luhn("4111 1111 1111 1112")
    assert iban("GB82 WEST 1234 5698 7654 32") and not iban("GB82 WEST 1234 5698 7654 33")
    assert nhs("943 476 5919") and not nhs("943 476 5918")
    assert vin("1M8GDM9AXKP042788") and not vin("1M8GDM9A1KP042788")


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once.text).text == once.text


@given(st.text(max_size=200))
def test_spans_are_ordered_and_do_not_overlap(text: str) -> None:
    spans = redact(text).spans
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_redaction_costs_less_than_a_millisecond_a_question() -> None:
    texts = [p["text"] for p in PROBES]
    for text in texts:
        redact(text)
    begun = time.process_time()
    for text in texts:
        redact(text)
    assert (time.process_time() - begun) / len(texts) < 0.001
