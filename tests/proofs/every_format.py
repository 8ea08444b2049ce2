"""Writes one small real file of every format that is read, each with a fact that stands in no other file."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from tools.make_sample_pdf import render


@dataclass(frozen=True)
class Fact:
    """A file, a question that it alone answers, and the words of the answer."""

    name: str
    question: str
    answer: str


_HTML = """<!DOCTYPE html>
<html><head><title>Tower</title><style>p {color: red}</style></head><body><h1>Tower</h1><script>alert(1)</script>
<p>The tower of <b>Skarn</b> is 61&nbsp;metres high.</p></body></html>
"""
_XML = """<?xml version="1.0"?>
<report><title>Well</title><section><p>The well of Tarn is 27 fathoms deep.</p></section></report>
"""
_MEDLINE = """PMID- 7001
TI  - Cerazole for the scab of goats.
DP  - 2018 May
AB  - RESULTS: Cerazole cured 44 goats of Ilmen.
PT  - Journal Article
"""
_JATS = """<?xml version="1.0"?>
<article article-type="research-article"><front><article-meta>
<title-group><article-title>A trial of Verapine</article-title></title-group>
<abstract><p>Verapine shortened the fever of goats by 3 days.</p></abstract></article-meta></front>
<body><sec><title>Methods</title><p>We treated 52 goats.</p></sec></body></article>
"""
_PUBMED = """<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">12345678</PMID><Article>
<Journal><Title>Journal of Invented Medicine</Title>
<JournalIssue><PubDate><Year>2011</Year></PubDate></JournalIssue></Journal>
<ArticleTitle>Lorizol in colic</ArticleTitle>
<Abstract><AbstractText>Lorizol eased the colic of 18 horses.</AbstractText></Abstract>
</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>
"""
_OPENAPI_YAML = """openapi: "3.0.3"
info:
  title: Ferry service
  version: "1.0"
paths:
  /ferries/{id}:
    get:
      summary: Show a ferry
      description: The ferry endpoint allows 40 requests a minute.
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
      responses:
        '200':
          description: The ferry.
"""
_TRAMS = {
    "summary": "List trams",
    "description": "The tram endpoint returns 75 trams a page.",
    "responses": {"200": {"description": "The trams."}},
}
_OPENAPI_JSON = {
    "openapi": "3.0.3",
    "info": {"title": "Tram service", "version": "2.0"},
    "paths": {"/trams": {"get": _TRAMS}},
}
_GATES = [
    {"id": "gate-a", "title": "gate-a", "text": "The gate of Fenwick closes at nine in the evening."},
    {"id": "gate-b", "title": "gate-b", "text": "The gate of Hollin stays open on Sundays."},
]
_PYTHON = '''"""Crane."""


def lift(load: int) -> int:
    """The crane of Oslin lifts 18 crates at once."""
    return load
'''
_GO = """package press

// Run tells that the press of Vendel prints 240 sheets.
func Run(x int) int {
	return x
}
"""
_TYPESCRIPT = """/** The loom of Perth weaves 12 yards of linen. */
export function loom(x: number): number {
  return x;
}
"""
_JAVA = """/** The forge of Calder makes 90 nails an hour. */
class Forge {
  int f(int x) { return x; }
}
"""
_TEXT = {
    "harbour.txt": "The harbour of Ystra was dredged in spring.\n\nThe keeper of Ystra harbour is Anselm Brodie.\n",
    "bridge.md": "# Bridge of Mora\n\n```python\nspan = 4\n```\n\nThe bridge of Mora carries 14 tonnes at most.\n",
    "mill.rst": "====\nMill\n====\n\n.. note:: Old.\n\nThe mill of Quern grinds 300 sacks of barley a day.\n",
    "tower.html": _HTML,
    "lamp.json": json.dumps({"name": "Lamp", "note": "The lamp of Orrin burns whale oil at night."}, indent=1),
    "gates.jsonl": "".join(json.dumps(gate) + "\n" for gate in _GATES),
    "doses.csv": "drug,dose,interval\nBelcor,35 mg,every six hours\nTrimesol,80 mg,once a day\n",
    "tolls.tsv": "vehicle\ttoll\nwagon\t4 florins\ncoach\t9 florins\n",
    "refs.nbib": _MEDLINE,
    "report.xml": _XML,
    "article.nxml": _JATS,
    "pubmed.xml": _PUBMED,
    "service.yaml": _OPENAPI_YAML,
    "other.json": json.dumps(_OPENAPI_JSON, indent=1),
    "settings.yml": "# Settings\nname: kiln\nnotice: The kiln of Ardal is fired at 1280 degrees.\n",
    "crane.py": _PYTHON,
    "pump.js": "// The pump of Darrow moves 700 litres an hour.\nfunction pump(x) {\n  return x;\n}\n",
    "loom.ts": _TYPESCRIPT,
    "Forge.java": _JAVA,
    "press.go": _GO,
    "sluice.rs": "/// The sluice of Birk holds 33 barges.\nfn sluice(x: i32) -> i32 {\n    x\n}\n",
    "wheel.c": "/* The wheel of Strand turns 5 times a minute. */\nint wheel(int x) {\n    return x;\n}\n",
}
_PDF = "# Licence of the Quarry\n\n## Fee\n\nThe licensee of the quarry shall pay a fee of 610 crowns a year.\n"
_GZIPPED = "The chapel of Norvik has 26 windows.\n"

FACTS = (
    Fact("refs.nbib", "How many goats of Ilmen did Cerazole cure?", "44 goats"),
    Fact("harbour.txt", "Who is the keeper of Ystra harbour?", "Anselm Brodie"),
    Fact("bridge.md", "How many tonnes does the bridge of Mora carry?", "14 tonnes"),
    Fact("mill.rst", "How many sacks of barley does the mill of Quern grind a day?", "300 sacks"),
    Fact("tower.html", "How high is the tower of Skarn in metres?", "61"),
    Fact("lamp.json", "What does the lamp of Orrin burn at night?", "whale oil"),
    Fact("gates.jsonl", "When does the gate of Fenwick close in the evening?", "nine"),
    Fact("doses.csv", "What is the dose of Trimesol?", "80 mg"),
    Fact("tolls.tsv", "What is the toll of a coach?", "9 florins"),
    Fact("report.xml", "How many fathoms deep is the well of Tarn?", "27 fathoms"),
    Fact("article.nxml", "By how many days did Verapine shorten the fever of goats?", "3 days"),
    Fact("pubmed.xml", "Of how many horses did Lorizol ease the colic?", "18 horses"),
    Fact("service.yaml", "How many requests a minute does the ferry endpoint allow?", "40 requests"),
    Fact("other.json", "How many trams a page does the tram endpoint return?", "75 trams"),
    Fact("settings.yml", "At how many degrees is the kiln of Ardal fired?", "1280 degrees"),
    Fact("crane.py", "How many crates does the crane of Oslin lift at once?", "18 crates"),
    Fact("pump.js", "How many litres an hour does the pump of Darrow move?", "700 litres"),
    Fact("loom.ts", "How many yards of linen does the loom of Perth weave?", "12 yards"),
    Fact("Forge.java", "How many nails an hour does the forge of Calder make?", "90 nails"),
    Fact("press.go", "How many sheets does the press of Vendel print?", "240 sheets"),
    Fact("sluice.rs", "How many barges does the sluice of Birk hold?", "33 barges"),
    Fact("wheel.c", "How many times a minute does the wheel of Strand turn?", "5 times"),
    Fact("quarry.pdf", "What fee shall the licensee of the quarry pay a year?", "610 crowns"),
    Fact("deed.docx", "Who inherits the vineyard of Sorrel under the deed?", "Matilda Quist"),
    Fact("chapel.txt.gz", "How many windows has the chapel of Norvik?", "26 windows"),
)


def write_all(folder: Path) -> None:
    """The files, all in one folder."""
    folder.mkdir(parents=True)
    for name, text in _TEXT.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "quarry.pdf").write_bytes(render(_PDF))
    (folder / "chapel.txt.gz").write_bytes(gzip.compress(_GZIPPED.encode()))
    _write_docx(folder / "deed.docx")


def _write_docx(place: Path) -> None:
    from docx import Document

    made = Document()
    made.add_heading("Deed of the vineyard", 1)
    made.add_paragraph("Under this deed Matilda Quist inherits the vineyard of Sorrel.")
    table = made.add_table(rows=2, cols=2)
    for row, cells in enumerate((("parcel", "acres"), ("north slope", "17 acres"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    made.save(str(place))
