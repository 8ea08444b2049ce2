"""One good file for every format that the shipped readers take: written here, or taken from the sample libraries."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from importlib import resources
from pathlib import PurePosixPath

from assay.types import SourceFile

_PROSE = "The buyer may cancel. Die Käuferin kann zurücktreten – § 2-711.\n\nA second paragraph, “quoted”.\n"
_MARKDOWN = """---
title: Guide
tags: [a, b]
---
# Guide

Call it *so*, see [the page](x.md):

```python
def f(x):
    return x
```

| arm | dose |
|-----|------|
| 1   | 5 mg |
| 2   | 7 mg |

## Ünder

- one
- two

> quoted
"""
_RST = """=====
Guide
=====

Call it so::

    def f(x):
        return x

.. note:: Be careful.

Under
-----

* one
* two

=====  =====
arm    dose
=====  =====
1      5 mg
=====  =====
"""
_HTML = """<!DOCTYPE html><html><head><title>Ünïcode &amp; more</title><style>p {}</style></head><body>
<h1>Top &lt;1&gt;</h1><p>First <b>bold</b> paragraph&nbsp;here.</p><script>alert(1)</script>
<pre><code class="language-python">def f(x):
    return x</code></pre><table><tr><th>arm</th><th>dose</th></tr><tr><td>1</td><td>5&nbsp;mg</td></tr></table>
<ul><li>one</li><li>two</li></ul><blockquote>quoted</blockquote></body></html>
"""
_JSON = {"name": "errors", "items": [{"code": "E1", "text": "Not found – try again"}, {"code": "E2", "text": "Zurück"}]}
_LINES = [
    {"id": "a", "title": "A", "text": "The court held \u201cso\u201d.\nIt did.", "metadata": {"year": 2019}},
    {"id": "b", "text": "# Head\n\nText.", "metadata": {"format": "markdown", "court": "ca9"}},
]
_CSV = 'arm,dose,note\n1,"5 mg","a ""quoted"" word"\n2,7 mg,Übelkeit\n'
_XML = """<?xml version="1.0" encoding="UTF-8"?>
<report><title>Ünïcode &amp; more</title><section n="1"><p>First <i>part</i>.</p></section><p>Second.</p></report>
"""
_YAML = """# Settings
name: service
list: [one, two]
text: |
  several lines
  of text
nested:
  key: "Ünïcode"
"""
_MEDLINE = """PMID- 100
DP  - 2019 Mar 4
TI  - Naïve drops for the common cold:
      a trial.
AB  - METHODS: We asked 412 adults. RESULTS: Drops helped.
AU  - Moe Å
PT  - Journal Article

PMID- 101
TI  - A second record.
"""
_RIS = """TY  - JOUR
TI  - A naïve survey
AU  - Poe, C
PY  - 2011/05/02
AB  - We asked 90 adults.
ER  -
"""
_CODE = {
    "py": '"""Module."""\n\n\nclass A:\n    """Doc."""\n\n    def f(self, x):\n        # naïve\n        return x\n',
    "js": "// naïve\nfunction f(x) {\n  return x;\n}\nclass A { g() { return 1; } }\n",
    "java": "/** Doc. */\nclass A {\n  int f(int x) { return x; }\n}\n",
    "go": "package a\n\n// F is naïve.\nfunc F(x int) int {\n\treturn x\n}\n",
    "rs": "/// naïve\nfn f(x: i32) -> i32 {\n    x\n}\nstruct A { b: i32 }\n",
    "c": "/* naïve */\nint f(int x) {\n    return x;\n}\n",
}
_OTHER_CODE = "# naïve\nkey = value\n\n[part]\nother = 1\n"
_TEXTS = {
    "md": _MARKDOWN,
    "rst": _RST,
    "html": _HTML,
    "json": json.dumps(_JSON, indent=1),
    "jsonl": "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _LINES),
    "csv": _CSV,
    "tsv": _CSV.replace(",", "\t"),
    "xml": _XML,
    "yaml": _YAML,
    "txt": _PROSE,
    "nbib": _MEDLINE,
    "ris": _RIS,
}
_SAME = {
    **dict.fromkeys(("markdown", "mdown", "mkd", "mdx"), "md"),
    **dict.fromkeys(("rest",), "rst"),
    **dict.fromkeys(("htm", "xhtml"), "html"),
    **dict.fromkeys(("ndjson", "jsonlines"), "jsonl"),
    **dict.fromkeys(("tab",), "tsv"),
    **dict.fromkeys(("nxml", "jats"), "xml"),
    **dict.fromkeys(("yml",), "yaml"),
    **dict.fromkeys(("text", "log", ""), "txt"),
    **dict.fromkeys(("ts", "tsx", "jsx", "mjs", "cjs"), "js"),
    **dict.fromkeys(("h",), "c"),
    **dict.fromkeys(("medline",), "nbib"),
}
_SHIPPED = {
    "md": ("medical/accord-bp-2010.md", "technical/api-v2.md"),
    "txt": ("legal/ucc-2-106.txt",),
    "json": ("legal/sun-v-microsoft.json", "technical/errors.json"),
    "jsonl": ("medical/trials.jsonl", "legal/cases.jsonl"),
    "csv": ("medical/trial-figures.csv",),
    "xml": ("medical/strongyloidiasis-ivermectin-2011.xml", "medical/pubmed-retracted.xml"),
    "yaml": ("technical/openapi-v2.yaml",),
    "py": ("technical/auth_samples.py",),
    "pdf": ("legal/software-licence.pdf",),
}


def samples_for(formats: Sequence[str]) -> list[SourceFile]:
    """Good files, at least one for each of `formats`."""
    return [*_from_libraries(formats), *(sample for name in formats for sample in _written(name))]


def _written(name: str) -> list[SourceFile]:
    if name == "docx":
        return [SourceFile("in/sample.docx", _docx(), "docx")]
    if name == "pdf":
        return []
    kind = _SAME.get(name, name)
    text = _TEXTS.get(kind) or _CODE.get(kind, _OTHER_CODE)
    return [SourceFile(f"in/sample.{name}", text.encode(), name)]


def _from_libraries(formats: Sequence[str]) -> list[SourceFile]:
    place = resources.files("assay.samples")
    names = [name for kind, listed in _SHIPPED.items() if kind in formats for name in listed]
    return [
        SourceFile(name, place.joinpath(name).read_bytes(), PurePosixPath(name).suffix.lstrip(".")) for name in names
    ]


def _docx() -> bytes:
    from docx import Document as Word

    word = Word()
    word.add_heading("Licence", level=1)
    word.add_paragraph("The licensee shall pay – Ünïcode.")
    word.add_heading("Fees", level=2)
    word.add_paragraph("one", style="List Bullet")
    table = word.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("arm", "dose"), ("1", "5 mg")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    saved = io.BytesIO()
    word.save(saved)
    return saved.getvalue()
