"""Bytes become text: marks, patterns, declared encodings, mixtures; never an exception."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.ingest.decoding import decode, looks_binary, storable

WORDS = "Schöne Häuser – “naïve”"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_left_out(encoding: str) -> None:
    found = decode(WORDS.encode(encoding), declared="latin-1")
    assert found.text == WORDS
    assert found.warnings == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_its_zeros(encoding: str) -> None:
    text = "The contract is void. " * 20
    assert decode(text.encode(encoding)).text == text


def test_valid_utf8_is_utf8_whatever_was_declared() -> None:
    assert decode(WORDS.encode(), declared="latin-1").text == WORDS


def test_a_declared_encoding_is_used_where_the_bytes_are_not_utf8() -> None:
    assert decode("契約".encode("shift-jis"), declared="shift_jis").text == "契約"
    assert decode("Договор".encode("koi8-r"), declared="KOI8-R").encoding == "koi8-r"


def test_other_bytes_are_read_as_windows_1252_with_a_warning() -> None:
    found = decode(WORDS.encode("cp1252"))
    assert found.text == WORDS
    assert "Windows-1252" in found.warnings[0]


def test_a_file_of_mixed_encodings_keeps_both_halves() -> None:
    data = "Größe über äußeres Maß\n".encode() + "café".encode("cp1252")
    found = decode(data)
    assert found.text == "Größe über äußeres Maß\ncafé"
    assert "Mixed encodings: 1 bytes" in found.warnings[0]


def test_bytes_without_a_meaning_in_windows_1252_do_not_stop_anything() -> None:
    assert decode(b"a\x81\xff\x8d").text == "a\x81ÿ\x8d"


def test_nul_characters_and_lone_surrogates_become_replacement_characters_one_for_one() -> None:
    assert decode(b"a\x00b").text == "a�b"
    text, warnings = storable("x\ud800y\x00")
    assert text == "x�y�" and "2 characters" in warnings[0]
    assert storable("fine é") == ("fine é", ())


@pytest.mark.parametrize("declared", ["no-such", "hex", "idna", "\x00", "utf-8", "unicode_escape\x00"])
def test_a_useless_declaration_is_ignored(declared: str) -> None:
    assert decode(b"caf\xe9", declared).text == "café"


@given(st.binary(max_size=300), st.sampled_from(["", "latin-1", "utf-16", "ascii", "cp1252"]))
def test_decoding_never_fails_and_never_gives_what_cannot_be_stored(data: bytes, declared: str) -> None:
    text = decode(data, declared).text
    assert "\x00" not in text
    text.encode("utf-8")


@given(st.text(max_size=200))
def test_utf8_text_comes_back_as_it_was(text: str) -> None:
    clean = text.replace("\x00", "")
    if not clean.encode().startswith(codecs.BOM_UTF8):
        assert decode(clean.encode()).text == clean


def test_binary_bytes_are_told_from_text() -> None:
    assert looks_binary(bytes(range(32)) * 20)
    assert not looks_binary(WORDS.encode())
    assert not looks_binary("a".encode("utf-16") * 50)
    assert not looks_binary(b"")
