"""Small real files of every format, made on the spot, and the reading of them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from assay.ingest.formats import reader_for
from assay.types import EMPTY, Block, Document, SourceFile

TextRun = tuple[str, float, float, float, str]
"""Font (F1 Helvetica, F2 Helvetica-Bold, F3 Courier), size, x, y, words."""


def documents(path: str, data: bytes | str, metadata: Mapping[str, Any] = EMPTY, encoding: str = "") -> list[Document]:
    """What the shipped reader for this path makes of the data."""
    raw = data.encode("utf-8") if isinstance(data, str) else data
    name, reader = reader_for(path, raw[:65_536])
    return list(reader.read(SourceFile(path, raw, name, encoding, metadata)))


def document(path: str, data: bytes | str, metadata: Mapping[str, Any] = EMPTY) -> Document:
    """The one document in the data."""
    (found,) = documents(path, data, metadata)
    return found


def shown(found: Document, kind: str) -> list[str]:
    """The text of every block of a kind."""
    return [found.text[block.start : block.end] for block in found.blocks if block.kind == kind]


def headings(found: Document) -> list[tuple[int, str]]:
    """Level and wording of every heading."""
    return [(block.level, block.label) for block in found.blocks if block.kind == "heading"]


def labelled(found: Document, label: str) -> Block:
    """The first block with this label."""
    return next(block for block in found.blocks if block.label == label)


def pdf(pages: Sequence[Sequence[TextRun]], properties: str = "", trailer: str = "") -> bytes:
    """A PDF with these runs of text on its pages."""
    fonts = "/F1 3 0 R /F2 4 0 R /F3 5 0 R"
    objects = ["", "", *(_font(name) for name in ("Helvetica", "Helvetica-Bold", "Courier")), f"<< {properties} >>"]
    kids: list[str] = []
    for runs in pages:
        content = "\n".join(_run(run) for run in runs)
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        stream = len(objects)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {stream} 0 R "
            f"/Resources << /Font << {fonts} >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _assembled(objects, trailer)


def _font(name: str) -> str:
    return f"<< /Type /Font /Subtype /Type1 /BaseFont /{name} >>"


def _run(run: TextRun) -> str:
    font, size, x, y, words = run
    escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _assembled(objects: Sequence[str], trailer: str) -> bytes:
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    start = out.tell()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode())
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R {trailer} >>\n".encode())
    out.write(f"startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def docx(*, title: str = "") -> bytes:
    """A Word document with headings, prose, code, a list, a table with merged cells, and a footnote-free body."""
    import docx as word

    made = word.Document()
    made.core_properties.title = title
    made.add_heading("Supply agreement", 0)
    made.add_heading("Payment", 1)
    made.add_paragraph("The buyer pays within 30 days.")
    for line in ("total = 3", "  print(total)"):
        made.add_paragraph().add_run(line).font.name = "Courier New"
    made.add_paragraph("first item", style="List Bullet")
    table = made.add_table(rows=4, cols=2)
    for row, cells in enumerate((("Item", "Price"), ("Apple", "1.20"), ("Pear", "2.00"), ("", "3.00"))):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    table.cell(2, 0).merge(table.cell(3, 0))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


JATS = """<?xml version="1.0"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd">
<article article-type="research-article"><front><journal-meta><journal-id journal-id-type="nlm-ta">J Test</journal-id>
<journal-title-group><journal-title>Journal of Tests</journal-title></journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="pmid">101</article-id><article-id pub-id-type="pmc">202</article-id>
<article-id pub-id-type="doi">10.1000/x</article-id>
<title-group><article-title>Effect of <italic>X</italic> on Y</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Doe</surname>
<given-names>Jane R</given-names></name></contrib>
<contrib contrib-type="author"><collab>The Y Group</collab></contrib></contrib-group>
<pub-date pub-type="ppub"><month>Mar</month><year>2015</year></pub-date>
<pub-date pub-type="epub"><day>9</day><month>12</month><year>2014</year></pub-date>
<volume>5</volume><fpage>2</fpage><lpage>9</lpage>
<history><date date-type="accepted"><day>1</day><month>11</month><year>2014</year></date></history>
<abstract><sec><title>Methods</title><p>We randomised 120 patients (p &#x0003c; 0.05).</p></sec></abstract>
</article-meta></front><body><sec><title>Results</title><p>A dose of 10<sup>3</sup> units helped
<sup><xref ref-type="bibr" rid="b1">7</xref></sup>.</p>
<table-wrap id="t1"><label>Table 1</label><caption><p>Outcomes</p></caption><table><thead>
<tr><th rowspan="2">Arm</th><th colspan="2">Score</th></tr><tr><th>mean</th><th>SD</th></tr></thead><tbody>
<tr><td>Drug</td><td>4.2</td><td>1.1</td></tr><tr><td>Placebo</td><td>3.9</td><td>1.3</td></tr></tbody></table>
</table-wrap>
<sec><title>Safety</title><p>No deaths.</p></sec></sec></body>
<back><ack><p>Thanks to all.</p></ack><ref-list><ref id="b1"><mixed-citation>Other work. 2001.</mixed-citation></ref>
</ref-list></back></article>"""

PUBMED = """<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE"><PMID>123</PMID><Article><Journal>
<JournalIssue><Volume>3</Volume><PubDate><Year>2020</Year><Month>Feb</Month></PubDate></JournalIssue>
<Title>Journal of X</Title></Journal><ArticleTitle>Aspirin &amp; more</ArticleTitle><Abstract>
<AbstractText Label="BACKGROUND">We saw 10<sup>3</sup> cells.</AbstractText>
<AbstractText Label="RESULTS">OR 0·76.</AbstractText>
</Abstract><AuthorList><Author><LastName>Doe</LastName><Initials>J</Initials></Author></AuthorList>
<PublicationTypeList><PublicationType>Randomized Controlled Trial</PublicationType></PublicationTypeList>
<ArticleDate DateType="Electronic"><Year>2019</Year><Month>12</Month><Day>1</Day></ArticleDate></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>J X. 2021</RefSource><PMID>777</PMID>
</CommentsCorrections></CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/y</ArticleId></ArticleIdList></PubmedData></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>124</PMID><Article><ArticleTitle>Only a title</ArticleTitle></Article>
</MedlineCitation></PubmedArticle></PubmedArticleSet>"""

OPENAPI = """openapi: 3.0.3
info:
  title: Orders API
  version: "2.1"
  description: |
    Manages orders.
    Use OAuth2.
paths:
  /orders/{id}:
    get:
      operationId: getOrder
      summary: Read one order
      deprecated: true
      parameters:
        - $ref: '#/components/parameters/Id'
      responses:
        "200":
          description: The order
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Order'}
              example: {"id": 7}
      security:
        - oauth: [read]
components:
  parameters:
    Id: {name: id, in: path, required: true, description: Number of the order, schema: {type: integer}}
  schemas:
    Order:
      type: object
      required: [id]
      properties:
        id: {type: integer}
        next: {$ref: '#/components/schemas/Order'}
    Loop: {$ref: '#/components/schemas/Loop'}
  securitySchemes:
    oauth:
      type: oauth2
      flows: {authorizationCode: {tokenUrl: https://example.org/token, scopes: {read: Read orders}}}
"""
