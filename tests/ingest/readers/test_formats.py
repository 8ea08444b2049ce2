"""Which reader a file gets, and how clearly a file is refused that no reader takes."""

from __future__ import annotations

import gzip

import pytest

from assay.errors import UnsupportedFormat
from assay.ingest.formats import reader_for, shipped_readers
from tests.ingest.readers.reader_kit import documents, docx, pdf

TEXT = b"Some words.\n"
PAGE = pdf([[("F1", 11.0, 72.0, 700.0, "Words")]])


@pytest.mark.parametrize(
    ("path", "head", "reader"),
    [
        ("a.txt", TEXT, "text"),
        ("README", TEXT, "text"),
        ("opinion.1997", TEXT, "text"),
        ("Makefile", b"all:\n\techo\n", "code"),
        ("a.MD", TEXT, "markdown"),
        ("a.rst", TEXT, "rst"),
        ("a.py", TEXT, "code"),
        ("a.tsv", TEXT, "csv"),
        ("a.nxml", b"<article>", "xml"),
        ("a.jsonl", b"{}", "jsonl"),
        ("a.yml", b"a: 1", "yaml"),
    ],
)
def test_the_ending_chooses_the_reader(path: str, head: bytes, reader: str) -> None:
    name, found = reader_for(path, head)
    assert found.name == reader
    assert name in found.formats


@pytest.mark.parametrize(
    ("path", "head", "reader"),
    [
        ("a.txt", PAGE, "pdf"),
        ("a.doc", PAGE, "pdf"),
        ("a.zip", docx(), "docx"),
        ("a.txt", b"<!DOCTYPE html><html><p>x", "html"),
        ("a.xml", b"<?xml version='1.0'?><!DOCTYPE html><html>", "html"),
        ("a.html", b"<?xml version='1.0'?><article><front/></article>", "xml"),
        ("a.txt", b'{"openapi": "3.0.0"}', "json"),
        ("a.json", b"openapi: 3.0.0\n", "yaml"),
        ("a.json", b'{"id": 1}\n{"id": 2}\n{"id": 3}\n', "jsonl"),
    ],
)
def test_content_wins_over_an_ending_that_lies(path: str, head: bytes, reader: str) -> None:
    assert reader_for(path, head)[1].name == reader


def test_markdown_that_begins_with_a_tag_stays_markdown() -> None:
    assert reader_for("a.md", b"<html>in Markdown</html>")[1].name == "markdown"


@pytest.mark.parametrize(
    ("path", "head", "says"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(50), "Save it as .docx"),
        ("a.rtf", b"{\\rtf1 x", "Rich Text"),
        ("a.png", b"\x89PNG\r\n", "OCR"),
        ("a.txt", b"\xff\xd8\xff\xe0", "an image"),
        ("a.zip", b"PK\x03\x04 something", "Unpack it"),
        ("a.xlsx", b"PK\x03\x04 xl/workbook.xml", "a spreadsheet"),
        ("a.odt", b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.text", "OpenDocument"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "an archive"),
        ("a.db", b"SQLite format 3\x00", "a database"),
        ("a.foo", TEXT, "Known endings: "),
        ("a.txt", bytes(range(1, 30)) * 50, "is not text"),
    ],
)
def test_a_file_that_is_not_read_is_refused_with_a_reason_and_a_way_out(path: str, head: bytes, says: str) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        reader_for(path, head)
    assert says in str(caught.value)
    assert caught.value.why and caught.value.next


def test_the_list_of_known_endings_is_complete() -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        reader_for("a.foo", TEXT)
    assert all(f"{ending}" in caught.value.next for ending in shipped_readers() if ending)


@pytest.mark.parametrize("ending", ["txt", "md", "json", "jsonl", "csv"])
def test_gzip_around_a_format_is_unpacked_first(ending: str) -> None:
    content = {"json": '{"a": "words"}', "jsonl": '{"id": "r", "text": "words"}', "csv": "a,b\nwords,2\n"}
    packed = gzip.compress(content.get(ending, "words").encode())
    (found,) = documents(f"x.{ending}.gz", packed)
    assert "words" in found.text


def test_every_reader_answers_to_its_own_endings_once() -> None:
    for ending, reader in shipped_readers().items():
        assert ending in reader.formats
    names = [reader.name for reader in set(shipped_readers().values())]
    assert len(names) == len(set(names))
