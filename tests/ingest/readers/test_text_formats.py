"""Text, Markdown, reStructuredText, YAML and source code: the text stays, the structure is seen."""

from __future__ import annotations

import pytest

from assay.errors import MalformedSource
from assay.types import AccessList
from tests.ingest.readers.reader_kit import document, headings, labelled, shown

RST = """\
=====
Title
=====

.. module:: box

Intro with code::

    x = 1

    y = 2

Section
-------

.. function:: open(path, mode='r')
              open(path)

   Opens it.

   .. versionadded:: 3.2

   .. deprecated:: 3.9
      Use :func:`close`.

   >>> open(1)
   1

.. code-block:: sh
   :linenos:

   run me

.. literalinclude:: other.py

* first::

    in list

* second

+-----+-----+
| A   | B   |
+=====+=====+
| 1   | 2   |
+-----+-----+

.. list-table:: Prices

   * - Item
     - Cost
   * - Pear
     - 3
"""

MARKDOWN = """\
---
title: The guide
date: 2024-05-01
access: [group:staff, public]
tags: [a, b]
---

# Head `one` {#anchor}

Text.

Second [link](x)
----------------

```python title="x"
print(1)
```

| Name | Price |
|------|------:|
| Pear | 3 \\| 4 |

- item

  ```
  inner
  ```

{* ../src/app.py hl[2] *}
"""


def test_plain_text_is_kept_to_the_character() -> None:
    text = "  Zeile\r\n\r\n\tTab\u00a0x  \n"
    found = document("folder/notes.txt", text)
    assert (found.id, found.title, found.text, found.origin) == ("folder/notes.txt", "notes", text, ())


def test_an_empty_file_says_that_it_is_empty() -> None:
    for path in ("a.txt", "a.md", "a.rst", "a.html", "a.json", "a.jsonl", "a.csv", "a.xml", "a.yaml", "a.py"):
        with pytest.raises(MalformedSource, match="is empty"):
            document(path, " \n")


def test_text_that_is_not_english_is_kept_with_a_stated_limit() -> None:
    text = "Der Vertrag ist nichtig, und die Klage wird von dem Gericht abgewiesen, weil die Frist nicht gilt. " * 5
    found = document("a.txt", text)
    assert found.text == text
    assert "German" in found.warnings[0] and "English rules" in found.warnings[0]
    assert "Cyrillic" in document("b.txt", "Договор является недействительным. " * 5).warnings[0]
    assert document("c.txt", "The contract is void and the claim of the seller is dismissed. " * 5).warnings == ()
    assert document("d.txt", "x = 1 y = 2 " * 100).warnings == ()


def test_front_matter_becomes_metadata_and_leaves_the_text() -> None:
    found = document("a.md", MARKDOWN)
    assert found.title == "The guide"
    assert found.metadata["date"] == "2024-05-01"
    assert found.metadata["tags"] == ("a", "b")
    assert found.access == AccessList(("group:staff", "public"))
    assert found.text.startswith("# Head")
    (segment,) = found.origin
    assert MARKDOWN[segment.origin_start : segment.origin_end] == found.text


def test_markdown_structure_is_seen() -> None:
    found = document("a.md", MARKDOWN)
    assert headings(found) == [(1, "Head one"), (2, "Second link")]
    assert shown(found, "code") == [
        '```python title="x"\nprint(1)\n```',
        "  ```\n  inner\n  ```",
        "{* ../src/app.py hl[2] *}",
    ]
    assert shown(found, "cell") == ["Name", "Price", "Pear", "3 \\| 4"]
    assert labelled(found, "row 2").kind == "row"
    assert [block.label for block in found.blocks if block.kind == "cell"] == ["Name", "Price", "Name", "Price"]


def test_front_matter_that_cannot_be_read_stays_in_the_text_with_a_warning() -> None:
    found = document("a.md", "---\na: &x 1\nb: *x\n---\ntext\n")
    assert found.text.startswith("---") and "aliases" in found.warnings[0]
    assert "not valid YAML" in document("a.md", "---\n{[}\n---\ntext\n").warnings[0]


def test_a_mistyped_access_list_opens_a_document_to_nobody() -> None:
    with pytest.raises(MalformedSource, match="access list"):
        document("a.md", "---\naccess: [evrybody]\n---\ntext\n")


def test_rst_structure_is_seen() -> None:
    found = document("a.rst", RST)
    assert found.text == RST
    assert headings(found) == [(1, "Title"), (2, "Section"), (3, "open(path, mode='r')")]
    code = shown(found, "code")
    assert code[0] == "    x = 1\n\n    y = 2"
    assert code[1] == "   >>> open(1)\n   1"
    assert code[2].startswith(".. code-block:: sh") and code[2].endswith("run me")
    assert labelled(found, "other.py").kind == "code"
    assert "    in list" in code
    assert shown(found, "cell") == ["A", "B", "1", "2", "Item", "Cost", "Pear", "3"]


def test_version_notes_of_rst_are_fields() -> None:
    found = document("a.rst", RST)
    assert [block.label for block in found.blocks if block.kind == "field"] == ["versionadded 3.2", "deprecated 3.9"]
    field = labelled(found, "deprecated 3.9")
    assert "Use :func:`close`." in found.text[field.start : field.end]


def test_code_of_a_page_has_its_language() -> None:
    found = document("a.rst", ".. highlight:: c\n\nText::\n\n   int x;\n\n.. code-block:: Python\n\n   y\n")
    assert [block.language for block in found.blocks if block.kind == "code"] == ["c", "python"]


def test_source_code_is_cut_at_its_definitions() -> None:
    function, wrapped = "# why\ndef f(x):\n    return x\n", "@wrapped\nclass A:\n    def m(self): ...\n"
    text = f'"""Doc é."""\nimport os\n\n\n{function}\n\n{wrapped}\n\nlast = 1\n'
    found = document("pkg/mod.py", text)
    assert (found.text, found.title, found.format) == (text, "mod.py", "python")
    assert [(block.label, block.language) for block in found.blocks] == [
        ("", "python"),
        ("f", "python"),
        ("A", "python"),
        ("", "python"),
    ]
    assert shown(found, "code")[1].startswith("# why\ndef f(x)")
    assert shown(found, "code")[2].startswith("@wrapped\nclass A")


def test_a_large_class_is_cut_into_its_methods() -> None:
    body = "".join(f"    def m{n}(self):\n        return {'x' * 300!r}\n\n" for n in range(8))
    found = document("a.py", f"class Big:\n    '''Doc.'''\n\n{body}")
    assert [block.label for block in found.blocks] == ["Big", *(f"Big.m{n}" for n in range(8))]


@pytest.mark.parametrize(
    ("path", "text", "names"),
    [
        ("a.js", "// c\nfunction f() { return 1 }\nexport class B { m() {} }\n", ["f", "B"]),
        ("a.ts", "interface I { a: number }\nfunction g(): void {}\n", ["I", "g"]),
        ("a.java", "/** d */\npublic class A { void m() {} }\n", ["A"]),
        ("a.go", "package x\n\n// F does.\nfunc F(a int) int { return 1 }\n", ["", "F"]),
        ("a.rs", "/// d\n#[derive(Debug)]\nstruct S { a: i32 }\nfn f() {}\n", ["S", "f"]),
        ("a.c", "#include <x.h>\n\nstatic int foo(int a) { return 1; }\n", ["", "foo"]),
        ("a.sql", "select 1;\n\nselect 2;\n", ["", ""]),
        ("a.toml", "[a]\nx = 1\n\n[b]\ny = 2\n", ["", ""]),
    ],
)
def test_definitions_are_named_in_each_language(path: str, text: str, names: list[str]) -> None:
    found = document(path, text)
    assert [block.label for block in found.blocks] == names
    assert "".join(shown(found, "code")).replace("\n", "") == text.replace("\n", "")


def test_plain_yaml_stays_as_it_is() -> None:
    text = "# note\nname: x\nlist: [1, 2]\n"
    assert document("a.yaml", text).text == text


@pytest.mark.parametrize("path", ["a.txt", "a.md", "a.rst", "a.html", "a.csv", "a.py"])
def test_a_line_of_a_megabyte_is_read(path: str) -> None:
    found = document(path, "word and " * 120_000)
    assert len(found.text) > 1_000_000
