"""Anchors that pages can be linked to, and included files: resolved inside the folder, refused outside of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.textual.offsets import check_origin
from assay.types import Document
from tests.ingest.readers.reader_kit import document, shown


def anchors(found: Document) -> dict[str, str]:
    """Each anchor with the line that begins there."""
    pairs = found.metadata.get("anchors", ())
    return {name: found.text[start:].lstrip("\n").split("\n", 1)[0] for start, name in pairs}


def page(folder: Path, name: str, text: str, root: Path | None) -> Document:
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return document(str(place), text, {"reader": {"include_root": str(root)}} if root else {})


RST = """.. _start-here:

Heaps
=====

.. module:: pile

.. function:: push(heap, item)

   Adds.

.. class:: Pile(size=3)

   .. method:: pop()

   .. attribute:: Pile.size
"""


def test_objects_of_rst_are_named_with_module_and_class() -> None:
    assert anchors(document("heaps.rst", RST)) == {
        "start-here": ".. _start-here:",
        "module-pile": ".. module:: pile",
        "pile.push": ".. function:: push(heap, item)",
        "pile.Pile": ".. class:: Pile(size=3)",
        "pile.Pile.pop": "   .. method:: pop()",
        "pile.Pile.size": "   .. attribute:: Pile.size",
    }


def test_headings_of_markdown_are_named_by_slug_or_by_what_stands_behind_them() -> None:
    text = "# Getting *started*, at last\n\n## Set up { #set-up-now }\n\n## Notes\n\na\n\n## Notes\n"
    assert list(anchors(document("start.md", text))) == ["getting-started-at-last", "set-up-now", "notes", "notes-1"]


def test_ids_of_html_places_are_noted_in_the_extracted_text() -> None:
    described = '<dl><dt id="pile.push">push</dt></dl>'
    text = f'<h1 id="top">Piles</h1><p>One.</p><section id="sec"><h2>Use</h2></section>{described}'
    assert anchors(document("piles.html", text)) == {"top": "Piles", "sec": "Use", "pile.push": "push"}


def test_records_note_the_anchors_of_their_format() -> None:
    found = document("pages.jsonl", json.dumps({"id": "p", "text": RST, "metadata": {"format": "rst"}}))
    assert "pile.Pile.pop" in anchors(found)


def test_a_page_without_named_places_has_no_anchors() -> None:
    assert "anchors" not in document("plain.md", "Only words.\n").metadata


CODE = "import os\n\n\ndef first():\n    return os.name\n\n\ndef second():\n    return 2\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/page.md", "See it:\n\n{* ../src/one.py hl[1] *}\n\nThat was it.\n"),
        ("docs/page.md", 'See it:\n\n--8<-- "src/one.py"\n\nThat was it.\n'),
        ("docs/page.rst", "See it:\n\n.. literalinclude:: ../src/one.py\n   :language: python\n\nThat was it.\n"),
    ],
)
def test_an_included_file_becomes_a_code_block_in_place(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "one.py").write_text(CODE, encoding="utf-8")
    found = page(tmp_path, name, text, tmp_path)
    (block,) = [block for block in found.blocks if block.kind == "code"]
    body = found.text[block.start : block.end]
    assert "def first():" in body and "return 2" in body and block.language in ("py", "python")
    assert found.text.startswith("See it:") and found.text.rstrip().endswith("That was it.")
    own = [segment for segment in found.origin if not segment.locator]
    assert check_origin(found.text, own, text) == []
    inside = [segment for segment in found.origin if segment.locator.endswith("one.py")]
    assert check_origin(found.text, inside, CODE) == []
    assert [list(note)[1:] for note in found.metadata["includes"]] == [
        ["../src/one.py" if "../" in text else "src/one.py", "resolved"]
    ]


def test_the_lines_that_a_page_asks_for_are_put_in_and_no_others(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(CODE, encoding="utf-8")
    found = page(tmp_path, "page.rst", "See:\n\n.. literalinclude:: one.py\n   :lines: 4-5\n", tmp_path)
    assert "def first" in found.text and "def second" not in found.text and "import os" not in found.text


@pytest.mark.parametrize("path", ["../../secret.py", "/../../secret.py", "sub/../../../secret.py", "link.py"])
def test_nothing_outside_of_the_folder_is_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.py").write_text("PASSWORD = 'x'\n", encoding="utf-8")
    root = tmp_path / "site"
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "link.py").symlink_to(tmp_path / "secret.py")
    found = page(root, "docs/page.md", f"See it:\n\n{{* {path} *}}\n", root)
    assert "PASSWORD" not in found.text and f"{{* {path} *}}" in found.text
    assert any("left out" in warning for warning in found.warnings)


def test_without_the_option_no_file_is_opened_and_the_line_stays(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(CODE, encoding="utf-8")
    text = "See it:\n\n{* one.py *}\n"
    found = page(tmp_path, "page.md", text, None)
    assert found.text == text and "includes" not in found.metadata and not found.warnings
    assert shown(found, "code") == ["{* one.py *}"]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    found = page(tmp_path, "page.md", "See it:\n\n{* gone.py *}\n", tmp_path)
    assert found.warnings == ("The included file gone.py was left out: missing.",)
    assert found.metadata["includes"][0][2] == "missing"


def test_front_matter_and_includes_go_together(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("x = 1\n", encoding="utf-8")
    text = "---\ntitle: T\n---\nSee it:\n\n{* one.py *}\n"
    found = page(tmp_path, "page.md", text, tmp_path)
    assert found.title == "T" and "x = 1" in found.text
    assert check_origin(found.text, [part for part in found.origin if not part.locator], text) == []
