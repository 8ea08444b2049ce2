"""PDF and Word: pages, paragraphs and cells; headings and code by what the fonts and styles say."""

from __future__ import annotations

import importlib.util
import io
import zipfile

import pytest

from assay.errors import LimitExceeded, MalformedSource
from assay.ingest.readers.ocr import seen_page
from assay.ingest.readers.pdf_write import PdfWriter
from assay.textual.offsets import locator_of
from assay.types import Document
from tests.ingest.readers.reader_kit import document, docx, headings, pdf, shown

BODY = ("F1", 11.0)


def lines(
    *words: str, top: float = 640.0, font: tuple[str, float] = BODY
) -> list[tuple[str, float, float, float, str]]:
    """Lines of body text below one another."""
    return [(*font, 72.0, top - 14 * number, line) for number, line in enumerate(words)]


def cited(found: Document, words: str) -> str:
    """The locator of the first place where the document says this."""
    at = found.text.index(words)
    return locator_of(found.origin, at, at + len(words))


GUIDE = pdf(
    [
        [
            ("F2", 20.0, 72.0, 720.0, "Field guide"),
            ("F2", 14.0, 72.0, 680.0, "1 Scope"),
            *lines("The first paragraph runs over", "two lines of the page.", top=650.0),
            *lines("A second paragraph.", top=600.0),
            ("F3", 10.0, 72.0, 570.0, "def f(x):"),
            ("F3", 10.0, 96.0, 558.0, "return x"),
        ],
        [
            *lines(
                "The infor-",
                "mation is on this page. All information counts, and a well-",
                "known fact too: well-known.",
            ),
            *lines("An unheard-", "ofword stays.", top=560.0),
        ],
    ],
    "/Title (Guide to fields) /CreationDate (D:20240203120000Z)",
)


def test_a_pdf_is_read_page_by_page() -> None:
    found = document("g.pdf", GUIDE)
    assert found.title == "Guide to fields"
    assert found.metadata == {"pages": 2, "created": "2024-02-03"}
    assert cited(found, "second paragraph") == "page 1"
    assert cited(found, "counts") == "page 2"
    assert "over\ntwo lines of the page.\n\nA second" in found.text


def test_headings_of_a_pdf_need_evidence_of_the_fonts() -> None:
    assert headings(document("g.pdf", GUIDE)) == [(1, "Field guide"), (2, "1 Scope")]
    plain = pdf([lines("INTRODUCTION", "1. Not a heading by its font", "just text")])
    assert headings(document("p.pdf", plain)) == []


def test_code_of_a_pdf_keeps_its_indentation() -> None:
    assert shown(document("g.pdf", GUIDE), "code") == ["def f(x):\n    return x"]


def test_words_broken_at_a_line_end_are_joined_only_on_evidence() -> None:
    found = document("g.pdf", GUIDE)
    assert "The information is on this page." in found.text
    assert "a well-known fact too: well-known." in found.text
    assert "An unheard-\nofword stays." in found.text


def test_a_pdf_without_a_text_layer_says_so_and_how_to_go_on() -> None:
    with pytest.raises(MalformedSource) as caught:
        document("scan.pdf", pdf([[], []]))
    assert "has no text layer" in str(caught.value) and "ocr extra" in str(caught.value)


def test_pages_without_text_are_named_in_a_warning() -> None:
    found = document("part.pdf", pdf([lines("Some words."), [], []]))
    assert found.warnings == ("Pages 2, 3 of 3 without a text layer: nothing was read there.",)


def test_a_broken_pdf_and_a_locked_one_are_clear_errors() -> None:
    with pytest.raises(MalformedSource, match="is not a readable PDF"):
        document("b.pdf", b"%PDF-1.7\n" + b"\xff" * 400)
    locked = (
        "/Encrypt << /Filter /Standard /V 1 /R 2 /O <" + "00" * 32 + "> /U <" + "11" * 32 + "> /P -4 >> /ID [<00> <00>]"
    )
    with pytest.raises(MalformedSource, match="protected by a password"):
        document("l.pdf", pdf([lines("secret")], trailer=locked))


def test_what_ocr_sees_is_written_like_any_page() -> None:
    writer = PdfWriter([seen_page("First para-\ngraph. A paragraph.\n\nSecond one.\n", 4)])
    writer.write()
    text, origin, _ = writer.writer.finish()
    assert text == "First paragraph. A paragraph.\n\nSecond one."
    assert {segment.locator for segment in origin} == {"page 4"}


def test_ocr_that_is_asked_for_and_not_installed_is_named() -> None:
    if importlib.util.find_spec("pytesseract") is not None:
        pytest.skip("the ocr extra is installed here")
    with pytest.raises(MalformedSource, match="OCR is not installed"):
        document("scan.pdf", pdf([[]]), {"reader": {"ocr": True}})


def test_a_word_document_is_read_in_its_order() -> None:
    found = document("a.docx", docx())
    assert found.text == (
        "Supply agreement\n\nPayment\n\nThe buyer pays within 30 days.\n\ntotal = 3\n  print(total)\n\n- first item\n\n"
        "Item; Price\nItem: Apple; Price: 1.20\nItem: Pear; Price: 2.00\nItem: Pear; Price: 3.00"
    )
    assert headings(found) == [(1, "Supply agreement"), (1, "Payment")]
    assert shown(found, "code") == ["total = 3\n  print(total)"]
    assert found.title == "Supply agreement"
    assert document("a.docx", docx(title="Own title")).title == "Own title"


def test_places_in_a_word_document_are_named_in_words() -> None:
    found = document("a.docx", docx())
    assert cited(found, "30 days") == "paragraph 3"
    assert cited(found, "3.00") == "table 1, row 4, column Price"


def test_inserted_text_is_read_and_deleted_text_is_not() -> None:
    changed = _edited(
        docx(),
        "The buyer pays within 30 days.</w:t></w:r>",
        "The buyer pays within </w:t></w:r><w:del w:id='1' w:author='x'><w:r><w:delText>30</w:delText></w:r></w:del>"
        "<w:ins w:id='2' w:author='x'><w:r><w:t>60</w:t></w:r></w:ins><w:r><w:t> days.</w:t></w:r>",
    )
    text = document("a.docx", changed).text
    assert "60" in text and "30" not in text


def _edited(data: bytes, old: str, new: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "word/document.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            after.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 40_000_000)
    with pytest.raises(LimitExceeded, match="expands to 40,000,000 bytes"):
        document("bomb.docx", out.getvalue())
    with pytest.raises(LimitExceeded):
        document("a.docx", docx(), {"reader": {"max_expanded_bytes": 1000}})


def test_a_broken_word_document_is_a_clear_error() -> None:
    with pytest.raises(MalformedSource, match="is not a readable Word document"):
        document("a.docx", docx()[:3000])
