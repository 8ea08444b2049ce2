"""Reads the image of a PDF page with Tesseract, where the ocr extra is installed and the source asks for it.

What comes back is a guess: the document's warnings name the pages.
"""

from __future__ import annotations

from typing import Any

from assay.errors import MalformedSource
from assay.ingest.readers.pdf_layout import Line, Page

_SCALE = 300 / 72
_LINE_HEIGHT = 12.0


def ocr_page(page: Any, number: int, path: str, language: str = "eng") -> Page:
    """The page with the text that Tesseract sees. Raises MalformedSource where the extra or the program is missing."""
    try:
        import pytesseract
    except ImportError as error:
        what = f"{path}: page {number} has no text layer, and OCR is not installed"
        raise MalformedSource(what, next="Install the ocr extra: pip install 'assay-rag[ocr]' and tesseract") from error
    image = page.render(scale=_SCALE, grayscale=True).to_pil()
    try:
        seen = str(pytesseract.image_to_string(image, lang=language))
    except pytesseract.TesseractNotFoundError as error:
        what = f"{path}: page {number} has no text layer, and the program tesseract was not found"
        raise MalformedSource(what, next="Install tesseract-ocr with your system's packages") from error
    except pytesseract.TesseractError as error:
        what = f"{path}: OCR failed on page {number}"
        raise MalformedSource(
            what, why=str(error)[:200], next=f"See that the language {language!r} is installed"
        ) from error
    return seen_page(seen, number)


def seen_page(seen: str, number: int) -> Page:
    """A page of plain lines; a blank line is a paragraph's end."""
    lines: list[Line] = []
    start, baseline = 0, 0.0
    for piece in seen.split("\n"):
        baseline -= _LINE_HEIGHT
        if piece.strip():
            lines.append(Line(start, start + len(piece), _LINE_HEIGHT, False, False, 0.0, baseline))
        start += len(piece) + 1
    return Page(number, seen, tuple(lines))
