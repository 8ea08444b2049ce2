"""Which reader a file gets: by its ending, unless its first bytes say for certain that it is something else.

Files that cannot be read are refused with a reason and a way out (archives, images, old Word files, spreadsheets).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from assay.errors import UnsupportedFormat
from assay.ingest.decoding import decode, looks_binary
from assay.ingest.unpacking import inner_name, unpacked_head
from assay.ports import Reader

_SNIFFED = 65_536
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old binary Office file", "Save it as .docx (or as .csv, .pdf) and add that"),
    (b"{\\rtf", "a Rich Text file", "Save it as .docx and add that"),
    (b"\x89PNG", "an image", "Print it to a PDF and add that with OCR turned on"),
    (b"\xff\xd8\xff", "an image", "Print it to a PDF and add that with OCR turned on"),
    (b"GIF8", "an image", "Print it to a PDF and add that with OCR turned on"),
    (b"II*\x00", "an image", "Print it to a PDF and add that with OCR turned on"),
    (b"MM\x00*", "an image", "Print it to a PDF and add that with OCR turned on"),
    (b"7z\xbc\xaf\x27\x1c", "an archive", "Unpack it and add its folder"),
    (b"Rar!", "an archive", "Unpack it and add its folder"),
    (b"BZh", "a compressed file", "Unpack it and add what is inside"),
    (b"\xfd7zXZ", "a compressed file", "Unpack it and add what is inside"),
    (b"\x28\xb5\x2f\xfd", "a compressed file", "Unpack it and add what is inside"),
    (b"SQLite format 3", "a database", "Export its tables as .csv and add those"),
    (b"\x7fELF", "a program", "Leave it out"),
    (b"MZ\x90", "a program", "Leave it out"),
)
_PACKAGES: tuple[tuple[bytes, str, str], ...] = (
    (b"xl/", "a spreadsheet", "Save its sheets as .csv and add those"),
    (b"ppt/", "a presentation", "Print it to a PDF and add that"),
    (b"application/vnd.oasis", "an OpenDocument file", "Save it as .docx and add that"),
    (b"application/epub", "an EPUB book", "Convert it to HTML or PDF and add that"),
)
_HTML = re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(r"<\?xml\b|<!DOCTYPE\s+(?!html)\w|<(?:article|PubmedArticleSet|MedlineCitationSet)[\s>]")
_OPENAPI_JSON = re.compile(r'\{\s*"(?:openapi|swagger)"\s*:\s*"')
_OPENAPI_YAML = re.compile(r"""(?:#[^\n]*\n|---\s*\n|\s*\n)*["']?(?:openapi|swagger)["']?\s*:\s*["']?[23]\.""")
_LOOSE = frozenset(("", "txt", "text", "log", "html", "htm", "xhtml", "xml", "nxml", "jats", "json", "yaml", "yml"))


@functools.cache
def shipped_readers() -> Mapping[str, Reader]:
    """The reader of each file ending (without the dot; "" is a file without one)."""
    return {ending: reader for reader in _readers() for ending in reader.formats}


def reader_for(path: str, head: bytes) -> tuple[str, Reader]:
    """The format's name (one of the reader's endings) and the reader for the file at `path`, whose bytes begin with
    `head`.

    Raises UnsupportedFormat, which says what the file is as far as that can be told, and what could be added instead.
    """
    if head.startswith(_GZIP):
        inside = unpacked_head(head, _SNIFFED)
        name, inner = reader_for(inner_name(path), inside)
        from assay.ingest.readers.gzipped import GzipReader

        return name, GzipReader(inner)
    readers = shipped_readers()
    ending = _ending(path)
    certain = _certain(path, ending, head)
    if certain:
        return certain, readers[certain]
    if ending not in readers:
        raise UnsupportedFormat(f"no reader knows {path}", why=f"its ending is .{ending}", next=_known())
    if looks_binary(head):
        raise UnsupportedFormat(f"{path} is not text", why="its first bytes are binary", next="Leave it out")
    name = ending or "txt"
    return name, readers[name]


def _readers() -> Iterator[Reader]:
    from assay.ingest.readers.csv_file import CsvReader
    from assay.ingest.readers.docx_file import DocxReader
    from assay.ingest.readers.html import HtmlReader
    from assay.ingest.readers.json_file import JsonReader
    from assay.ingest.readers.json_lines import JsonLinesReader
    from assay.ingest.readers.markdown import MarkdownReader
    from assay.ingest.readers.medline import MedlineReader
    from assay.ingest.readers.pdf_file import PdfReader
    from assay.ingest.readers.plain import PlainTextReader
    from assay.ingest.readers.rst import RestructuredTextReader
    from assay.ingest.readers.source_code import SourceCodeReader
    from assay.ingest.readers.xml import XmlReader
    from assay.ingest.readers.yaml_file import YamlReader

    yield from (PlainTextReader(), MarkdownReader(), RestructuredTextReader(), HtmlReader(), PdfReader(), DocxReader())
    yield from (JsonReader(), JsonLinesReader(), CsvReader(), XmlReader(), YamlReader(), SourceCodeReader())
    yield MedlineReader()


def _ending(path: str) -> str:
    """The ending in lower case. A name such as Makefile counts as one; digits do not ("opinion.1997" has none)."""
    name = PurePosixPath(path.replace("\\", "/"))
    ending = name.suffix.lstrip(".").lower()
    if not ending and name.name.lower() in ("makefile", "dockerfile"):
        return name.name.lower()
    return ending if any(character.isalpha() for character in ending) else ""


def _certain(path: str, ending: str, head: bytes) -> str:
    """The format that the first bytes prove, or "". Raises UnsupportedFormat where they prove one that is not read."""
    if b"%PDF-" in head[:1024] and (ending == "pdf" or head.lstrip().startswith(b"%PDF-")):
        return "pdf"
    if head.startswith(_ZIP):
        return _package(path, ending, head)
    for mark, what, step in _REFUSED:
        if head.startswith(mark):
            raise UnsupportedFormat(f"{path} is {what}", why="no reader knows this format", next=step)
    if ending in ("pdf", "docx") and head.strip():
        return ending  # its reader says what is broken
    return _by_text(ending, head) if ending in _LOOSE else ""


def _package(path: str, ending: str, head: bytes) -> str:
    if ending == "docx" or b"word/" in head:
        return "docx"
    for mark, what, step in _PACKAGES:
        if mark in head:
            raise UnsupportedFormat(f"{path} is {what}", why="no reader knows this format", next=step)
    raise UnsupportedFormat(f"{path} is an archive", why="archives are not opened", next="Unpack it and add its folder")


def _by_text(ending: str, head: bytes) -> str:
    if looks_binary(head):
        return ""
    text = decode(head[:_SNIFFED]).text.lstrip()
    if _HTML.match(text):
        return "html"
    if _XML.match(text):
        return "xml" if ending not in ("nxml", "jats") else ending
    if _OPENAPI_JSON.match(text):
        return "json"
    if _OPENAPI_YAML.match(text):
        return "yaml"
    if ending == "json" and _has_two_values(text):
        return "jsonl"
    return ""


def _has_two_values(text: str) -> bool:
    """Whether the first two lines are an object each: JSON Lines under another name."""
    lines = text.split("\n", 2)
    if len(lines) < 3:
        return False
    first, second = lines[0].strip(), lines[1].strip()
    return first.startswith("{") and first.endswith("}") and second.startswith("{") and second.endswith("}")


def _known() -> str:
    names = sorted(ending for ending in shipped_readers() if ending)
    return f"Known endings: {', '.join(names)}; each also with .gz"
