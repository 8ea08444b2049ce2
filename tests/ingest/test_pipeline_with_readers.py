"""The pipeline over the shipped readers: real formats, and files made to hurt them."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from assay.ingest.limits import Limits
from tests.ingest.ingest_kit import World

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def docx(body: bytes, repeat: int = 1) -> bytes:
    """A word-processor file whose main part is `body` many times over."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATIONS)
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(repeat):
                part.write(body)
    return stream.getvalue()


@pytest.fixture
def world() -> World:
    return World(Limits(seconds=20.0, memory_bytes=1024 << 20, expansion_floor=16 << 20), "hierarchical", 64)


def ingest(world: World, folder: Path) -> dict[str, str]:
    """The reason of every failure by file name."""
    report = world.pipeline(readers=(), reader_formats=()).ingest([folder])
    return {Path(item.source).name: item.reason for item in report.failures}


def test_a_folder_of_many_formats_becomes_documents_with_chunks(world: World, tmp_path: Path) -> None:
    files = {
        "a.md": "# Guide\n\nInstall it. Then run:\n\n```sh\nassay init\n```\n",
        "b.txt": "A plain text. It has two sentences.",
        "c.rst": "Title\n=====\n\nSome text::\n\n    code = 1\n",
        "d.html": "<html><head><title>T</title></head><body><h1>Head</h1><p>Some text.</p></body></html>",
        "e.json": '{"name": "x", "value": "some text"}',
        "f.jsonl": '{"id": "f1", "title": "One", "text": "Text of one."}\n{"id": "f2", "text": "Text of two."}\n',
        "g.csv": "name,price\napple,1.20\npear,2.10\n",
        "h.py": 'def answer() -> int:\n    """The answer."""\n    return 42\n',
        "i.yaml": "name: x\nvalue: some text\n",
        "j.xml": "<root><a>Some text.</a></root>",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert ingest(world, tmp_path) == {}
    staged = [one for _, one in world.catalogue.live.values()]
    assert {Path(one.source_file).name for one in staged} == set(files)
    assert all(one.chunks for one in staged)
    for one in staged:
        assert all(c.text == one.document.text[c.start : c.end] for c in one.chunks)


def test_bombs_and_broken_files_are_errors_of_their_own(world: World, tmp_path: Path) -> None:
    (tmp_path / "bomb.docx").write_bytes(docx(b"<w:p>" + b" " * (1 << 20), repeat=700))
    (tmp_path / "bomb.jsonl.gz").write_bytes(gzip.compress(b'{"text": "' + b"a" * (64 << 20) + b'"}') * 4)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\n" + b"\xff" * 500)
    (tmp_path / "cut.docx").write_bytes(docx(b"<w:document/>")[:-60])
    (tmp_path / "deep.json").write_text("[" * 200_000)
    (tmp_path / "laughs.xml").write_text(
        '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
        + "".join(f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "&a;") * 12}">' for n in range(12))
        + "]><l>&a11;</l>"
    )
    (tmp_path / "good.md").write_text("# Good\n\nThis one is good.\n")
    reasons = ingest(world, tmp_path)
    assert {"bomb.docx", "bomb.jsonl.gz", "broken.pdf", "cut.docx", "deep.json"} <= set(reasons)
    assert set(reasons) <= {"bomb.docx", "bomb.jsonl.gz", "broken.pdf", "cut.docx", "deep.json", "laughs.xml"}
    assert any("This one is good." in text for text in world.served().values())


def test_mixed_encodings_and_empty_files_are_told_apart(world: World, tmp_path: Path) -> None:
    (tmp_path / "utf8.txt").write_bytes("Schöne Häuser stehen am Fluss.".encode())
    (tmp_path / "latin.txt").write_bytes("Schöne Häuser stehen am Fluss.".encode("latin-1"))
    (tmp_path / "utf16.txt").write_bytes("Schöne Häuser stehen am Fluss.".encode("utf-16"))
    (tmp_path / "empty.txt").write_bytes(b"")
    assert ingest(world, tmp_path) == {}
    texts = list(world.served().values())
    assert len(texts) == 3
    assert all("Häuser" in text for text in texts)


def test_a_line_of_a_megabyte_and_an_unknown_format_do_not_stop_a_folder(world: World, tmp_path: Path) -> None:
    (tmp_path / "line.txt").write_text("word " * 250_000)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (tmp_path / "records.jsonl").write_text(
        "".join(json.dumps({"id": f"r{n}", "text": "x y z"}) + "\n" for n in range(50))
    )
    report = world.pipeline(readers=(), reader_formats=()).ingest([tmp_path])
    assert (report.added, report.failed) == (51, 0)
    assert any("picture.png: no reader knows this format" in warning for warning in report.warnings)


def test_an_unknown_format_that_is_named_is_a_failure_with_a_way_out(world: World, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert "OCR" in ingest(world, path)["picture.png"]


def test_real_corpora_load(shared_data: Path, tmp_path: Path) -> None:
    for corpus in ("legal/statutes_ucc", "medical", "technical"):
        with gzip.open(shared_data / corpus / "corpus.jsonl.gz", "rb") as lines:
            head = b"".join(line for line, _ in zip(lines, range(60), strict=False))
        (tmp_path / f"{corpus.replace('/', '-')}.jsonl.gz").write_bytes(gzip.compress(head))
    world = World(strategy="semantic", batch_chunks=256)
    report = world.pipeline(readers=(), reader_formats=()).ingest([tmp_path])
    assert (report.added, report.failed) == (180, 0)
    assert len(world.served()) == 180
