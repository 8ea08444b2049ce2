"""PDF through PDFium: text page by page, locator "page 3" (counted from the first page, whatever is printed on it).

Origins count in the page's text as `pdf_layout` defines it. Tables are lines of text; annotations, forms and
attachments are not read. A page without a text layer is named in a warning; a file without any is refused, unless OCR
is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assay.errors import MalformedSource
from assay.ingest.readers.common import file_title, make_document, options, require_content
from assay.ingest.readers.ocr import ocr_page
from assay.ingest.readers.pdf_layout import Page, read_page
from assay.ingest.readers.pdf_write import PdfWriter
from assay.types import Document, SourceFile

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
_USELESS_TITLE = re.compile(r"untitled|microsoft word - |\.(?:docx?|tex|dvi|indd|pdf|qxd)$", re.IGNORECASE)
_SHOWN = 12


class PdfReader:
    """One document a file. Title: the file's property if it says something, else the first heading, else its name."""

    name = "pdf"
    formats: tuple[str, ...] = ("pdf",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The file as one document. Raises MalformedSource: empty, broken, protected by a password, without text."""
        require_content(source)
        pdf = _opened(source)
        try:
            pages, bare = _pages(pdf, source)
            properties: dict[str, str] = pdf.get_metadata_dict(skip_empty=True)
        finally:
            pdf.close()
        yield _document(source, pages, bare, properties)


def _opened(source: SourceFile) -> PdfDocument:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        return pypdfium2.PdfDocument(source.data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            what = f"{source.path} is protected by a password"
            raise MalformedSource(what, next="Save a copy without the password and add that") from error
        what = f"{source.path} is not a readable PDF"
        raise MalformedSource(what, why=str(error), next="Repair it, or print it to a new PDF") from error


def _pages(pdf: PdfDocument, source: SourceFile) -> tuple[list[Page], dict[int, str]]:
    """The pages, and for each page without text of its own what became of it ("" or "OCR" or why it cannot be read)."""
    import pypdfium2

    pages: list[Page] = []
    bare: dict[int, str] = {}
    wants_ocr = options(source).get("ocr") is True
    language = str(options(source).get("ocr_language", "eng"))
    for index in range(len(pdf)):
        try:
            page = pdf[index]
        except pypdfium2.PdfiumError as error:
            bare[index + 1] = f"it cannot be read ({error})"
            continue
        textpage = page.get_textpage()
        found = read_page(textpage, index + 1)
        if not found.lines:
            bare[index + 1] = ""
            if wants_ocr:
                found = ocr_page(page, index + 1, source.path, language)
                bare[index + 1] = "OCR" if found.text.strip() else ""
        pages.append(found)
        textpage.close()
        page.close()
    return pages, bare


def _document(source: SourceFile, pages: list[Page], bare: dict[int, str], properties: dict[str, str]) -> Document:
    if not any(page.lines for page in pages):
        raise _textless(source, len(pages), bare)
    writer = PdfWriter(pages)
    writer.write()
    text, origin, blocks = writer.writer.finish()
    heading = next((block.label for block in blocks if block.kind == "heading"), "")
    title = properties.get("Title", "").strip()
    return make_document(
        source,
        text,
        title=title if title and not _USELESS_TITLE.search(title) else heading or file_title(source.path),
        format="pdf",
        metadata=_metadata(properties, len(pages)),
        blocks=blocks,
        origin=origin,
        warnings=_warnings(bare, len(pages)),
    )


def _textless(source: SourceFile, pages: int, bare: dict[int, str]) -> MalformedSource:
    broken = next((why for why in bare.values() if why not in ("", "OCR")), "")
    if broken:
        return MalformedSource(f"{source.path} has no readable page", why=broken, next="Print it to a new PDF")
    what = f"{source.path} has no text layer"
    why = f"none of its {pages} pages has characters" if pages != 1 else "its only page has no characters"
    step = "Install the ocr extra (pip install 'assay-rag[ocr]' and tesseract) and add it with OCR turned on"
    return MalformedSource(what, why=why, next=step)


def _metadata(properties: dict[str, str], pages: int) -> dict[str, Any]:
    found: dict[str, Any] = {"pages": pages}
    for key in ("Author", "Subject", "Keywords"):
        if properties.get(key, "").strip():
            found[key.lower()] = properties[key].strip()
    for key, name in (("CreationDate", "created"), ("ModDate", "modified")):
        match = _DATE.match(properties.get(key, ""))
        if match:
            found[name] = "-".join(part for part in match.groups() if part)
    return found


def _warnings(bare: dict[int, str], pages: int) -> list[str]:
    empty = [str(number) for number, became in bare.items() if not became]
    read = [str(number) for number, became in bare.items() if became == "OCR"]
    warnings = [f"Page {number}: {why}." for number, why in bare.items() if why not in ("", "OCR")]
    if empty:
        warnings.append(f"{_listed(empty)} of {pages} without a text layer: nothing was read there.")
    if read:
        warnings.append(f"{_listed(read)} of {pages} read by OCR: characters may be wrong.")
    return warnings


def _listed(numbers: list[str]) -> str:
    shown = ", ".join(numbers[:_SHOWN]) + (f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else "")
    return f"Page{'s' if len(numbers) > 1 else ''} {shown}"
