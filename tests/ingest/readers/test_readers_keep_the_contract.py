"""Every shipped reader against the contract of readers: damage, sameness, origins, blocks."""

from __future__ import annotations

import json
from collections.abc import Sequence

from assay.ingest.formats import shipped_readers
from assay.ports import Reader
from assay.testing import ReaderContract
from assay.types import SourceFile
from tests.ingest.readers.reader_kit import JATS, OPENAPI, PUBMED, docx, pdf


def sources(reader: str, text: str | bytes) -> list[SourceFile]:
    """The same content under every ending of the reader of this ending."""
    data = text.encode() if isinstance(text, str) else text
    return [SourceFile(f"folder/file.{name}", data, name) for name in shipped_readers()[reader].formats]


class TestPlainTextReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["txt"])()

    def samples(self) -> Sequence[SourceFile]:
        return sources("txt", "First line – with a dash.\r\n\r\nSecond paragraph.\n")


class TestMarkdownReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["md"])()

    def samples(self) -> Sequence[SourceFile]:
        table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
        text = f"---\ntitle: T\naccess: [public]\n---\n# A\n\n- x\n  ```py\n  1\n  ```\n\n> q\n\n{table}"
        return [*sources("md", text), SourceFile("plain.md", b"# Only\n\ntext", "md")]


class TestRestructuredTextReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["rst"])()

    def samples(self) -> Sequence[SourceFile]:
        table = "=====  =====\nA      B\n=====  =====\n1      2\n=====  =====\n"
        text = (
            f"Head\n====\n\nText::\n\n   code\n\n* item\n\n  >>> 1\n  1\n\n.. function:: f(x)\n\n   Words.\n\n{table}"
        )
        return sources("rst", text)


class TestHtmlReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["html"])()

    def samples(self) -> Sequence[SourceFile]:
        table = "<ul><li>a<li>b</ul><table><tr><th>A<th>B<tr><td>1 &amp; 2<td>3</table>"
        text = f"<html><title>T</title><body><h1>H</h1><p>Words &eacute; in\n a row{table}<pre>x\n y</pre>"
        return sources("html", text)


class TestPdfReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["pdf"])()

    def original(self, source: SourceFile) -> str | None:
        return None

    def samples(self) -> Sequence[SourceFile]:
        page = [("F2", 18.0, 72.0, 700.0, "Heading"), ("F1", 11.0, 72.0, 660.0, "Body text of the page.")]
        return sources("pdf", pdf([page, page]))


class TestDocxReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["docx"])()

    def original(self, source: SourceFile) -> str | None:
        return None

    def samples(self) -> Sequence[SourceFile]:
        return sources("docx", docx())


class TestJsonReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["json"])()

    def samples(self) -> Sequence[SourceFile]:
        return sources(
            "json", '{"name": "caf\\u00e9 \\n x", "list": [1, true, null], "in": [{"a": "some words"}, {"a": "b"}]}'
        )


class TestJsonLinesReader(ReaderContract):
    text = "Words of the record, kept as they are."

    def make_reader(self) -> Reader:
        return type(shipped_readers()["jsonl"])()

    def original(self, source: SourceFile) -> str | None:
        return self.text

    def samples(self) -> Sequence[SourceFile]:
        records = [{"id": f"r{n}", "title": "T", "text": self.text, "metadata": {"year": 2000 + n}} for n in range(3)]
        return sources("jsonl", "\n".join(json.dumps(record) for record in records))


class TestCsvReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["csv"])()

    def samples(self) -> Sequence[SourceFile]:
        name = 'Name\tPrice in whole euros\n"An ""odd"" apple from the garden"\t10000\nPear from the market\t20000\n'
        tabbed = [source for source in sources("csv", name) if source.format != "csv"]
        return [SourceFile("folder/file.csv", name.replace("\t", ",").encode(), "csv"), *tabbed]


class TestXmlReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["xml"])()

    def samples(self) -> Sequence[SourceFile]:
        generic = '<?xml version="1.0"?><list kind="x"><e n="1">first entry &amp; more</e><e>second entry</e></list>'
        return [*sources("xml", JATS), *sources("xml", PUBMED), *sources("xml", generic)]


class TestYamlReader(ReaderContract):
    def make_reader(self) -> Reader:
        return type(shipped_readers()["yaml"])()

    def samples(self) -> Sequence[SourceFile]:
        return [*sources("yaml", "a: 1\nb: [x, y]\n"), *sources("yaml", OPENAPI)]


class TestSourceCodeReader(ReaderContract):
    damaged_copies = 5

    def make_reader(self) -> Reader:
        return type(shipped_readers()["py"])()

    def samples(self) -> Sequence[SourceFile]:
        return sources("py", '"""Doc."""\n\n\ndef é(x):\n    # why\n    return x\n\n\nclass A:\n    b = 1\n')
