#!/usr/bin/env python3
"""Make the sample licence agreement PDF from its plain text source.

What it is: a small writer of single-column text PDFs (PDF 1.4, the built-in Helvetica fonts, one real text
layer) that needs the standard library only. The same source gives the same bytes on every machine: there is no
date, no random identifier and no compression in the file.

What it is not: a general PDF library. Text outside the Windows-1252 character set is refused.

Source format: one paragraph a line, blank lines between them; "# " starts the title, "## " a heading.

    python tools/make_sample_pdf.py            write the PDF beside the sample library
    python tools/make_sample_pdf.py --check    exit 1 if the PDF on disk differs from its source
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

LIBRARY = Path(__file__).resolve().parent.parent / "src" / "assay" / "samples" / "legal"
SOURCE = LIBRARY / "_source" / "software-licence.txt"
TARGET = LIBRARY / "software-licence.pdf"

PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 64

# Advance widths of Helvetica for the characters 32 to 126, in thousandths of the type size (Adobe font metrics).
HELVETICA = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
WIDEST = 1015


@dataclass(frozen=True)
class Style:
    """How one kind of paragraph is set: font resource, size, line height and space before, in points."""

    font: str
    size: int
    leading: int
    before: int


TITLE = Style("F2", 16, 22, 0)
HEADING = Style("F2", 12, 17, 14)
BODY = Style("F1", 11, 15, 7)


@dataclass(frozen=True)
class Line:
    """One set line: its style, its words and its distance from the top of the page, in points."""

    style: Style
    text: str
    top: int


def advance(text: str, style: Style) -> float:
    """The width of ``text`` in points; bold is taken as 8 percent wider, a character without metrics as the widest."""
    units = sum(HELVETICA[ord(c) - 32] if 32 <= ord(c) <= 126 else WIDEST for c in text)
    return units * style.size / 1000 * (1.08 if style.font == "F2" else 1.0)


def wrapped(text: str, style: Style) -> list[str]:
    """The paragraph as lines that fit the column; words are never divided."""
    lines: list[str] = []
    for word in text.split():
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and advance(candidate, style) <= PAGE_WIDTH - 2 * MARGIN:
            lines[-1] = candidate
        else:
            lines.append(word)
    return lines


def paragraphs(source: str) -> list[tuple[Style, str]]:
    """The source as styled paragraphs."""
    marked = []
    for line in source.splitlines():
        if line.startswith("## "):
            marked.append((HEADING, line[3:]))
        elif line.startswith("# "):
            marked.append((TITLE, line[2:]))
        elif line.strip():
            marked.append((BODY, line.strip()))
    return marked


def pages(source: str) -> list[list[Line]]:
    """The paragraphs set on pages; a heading is kept with the first two lines below it."""
    done: list[list[Line]] = [[]]
    top = MARGIN
    for style, text in paragraphs(source):
        top += style.before
        lines = wrapped(text, style)
        needed = len(lines) * style.leading + (2 * BODY.leading + BODY.before if style is HEADING else 0)
        whole = style is HEADING and top + needed > PAGE_HEIGHT - MARGIN
        for line in lines:
            if whole or top + style.leading > PAGE_HEIGHT - MARGIN:
                done.append([])
                top, whole = MARGIN, False
            done[-1].append(Line(style, line, top))
            top += style.leading
    return done


def literal(text: str) -> bytes:
    """``text`` as a PDF string. Raises UnicodeEncodeError for a character outside Windows-1252."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return b"(" + escaped.encode("cp1252") + b")"


def content(lines: list[Line]) -> bytes:
    """The drawing commands of one page."""
    parts = [b"BT"]
    for line in lines:
        baseline = PAGE_HEIGHT - line.top - line.style.size
        parts.append(f"/{line.style.font} {line.style.size} Tf 1 0 0 1 {MARGIN} {baseline} Tm".encode("ascii"))
        parts.append(literal(line.text) + b" Tj")
    return b"\n".join([*parts, b"ET"])


def font(name: str) -> bytes:
    """A built-in font with the Windows-1252 encoding."""
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>".encode("ascii")


def objects(source: str) -> list[bytes]:
    """The bodies of the PDF objects, numbered from 1: catalogue, page tree, fonts, information, then page pairs."""
    sheets = pages(source)
    title = next((text for style, text in paragraphs(source) if style is TITLE), "")
    kids = " ".join(f"{6 + 2 * number} 0 R" for number in range(len(sheets)))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-US) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>".encode("ascii"),
        font("Helvetica"),
        font("Helvetica-Bold"),
        b"<< /Title " + literal(title) + b" >>",
    ]
    for number, lines in enumerate(sheets):
        stream = content(lines)
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {7 + 2 * number} 0 R >>".encode("ascii")
        )
        bodies.append(f"<< /Length {len(stream)} >>\nstream\n".encode("ascii") + stream + b"\nendstream")
    return bodies


def render(source: str) -> bytes:
    """The whole PDF file for a source text; equal sources give equal bytes."""
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects(source), start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode("ascii") + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode("ascii")
    out += b"".join(f"{offset:010d} 00000 n \n".encode("ascii") for offset in offsets)
    out += f"trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R /Info 5 0 R >>\n".encode("ascii")
    out += f"startxref\n{start}\n%%EOF\n".encode("ascii")
    return bytes(out)


def main(arguments: list[str] | None = None) -> int:
    """Write the PDF, or with ``--check`` say whether the one on disk is the one its source gives."""
    parser = argparse.ArgumentParser(description="Make the sample licence agreement PDF from its text source.")
    parser.add_argument("--source", type=Path, default=SOURCE, help="the plain text source")
    parser.add_argument("--target", type=Path, default=TARGET, help="the PDF to write")
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 if the PDF is out of date")
    options = parser.parse_args(arguments)
    made = render(options.source.read_text(encoding="utf-8"))
    if not options.check:
        options.target.write_bytes(made)
        print(f"{options.target}: {len(made)} bytes")
        return 0
    if options.target.is_file() and options.target.read_bytes() == made:
        return 0
    print(f"{options.target} is not what {options.source} gives; run this tool without --check", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
