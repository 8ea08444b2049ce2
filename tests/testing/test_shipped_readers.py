"""Every shipped reader keeps the contract, for each of its formats; so does the one that unpacks gzip."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from assay.ingest.formats import shipped_readers
from assay.ingest.readers.gzipped import GzipReader
from assay.ports import Reader
from assay.testing import ReaderContract
from assay.types import SourceFile
from tests.testing.reader_samples import samples_for


class Shipped(ReaderContract):
    """The shipped reader that takes `ending`. In `parted` formats origins count in the part that the locator names."""

    ending: ClassVar[str]
    parted: ClassVar[bool] = False

    def make_reader(self) -> Reader:
        return shipped_readers()[self.ending]

    def samples(self) -> Sequence[SourceFile]:
        return samples_for(self.make_reader().formats)

    def original(self, source: SourceFile) -> str | None:
        return None if self.parted else super().original(source)


class TestPlainTextReader(Shipped):
    ending = "txt"


class TestMarkdownReader(Shipped):
    ending = "md"


class TestRestructuredTextReader(Shipped):
    ending = "rst"


class TestHtmlReader(Shipped):
    ending = "html"


class TestPdfReader(Shipped):
    ending = "pdf"
    parted = True


class TestDocxReader(Shipped):
    ending = "docx"
    parted = True


class TestJsonReader(Shipped):
    ending = "json"
    parted = True


class TestJsonLinesReader(Shipped):
    ending = "jsonl"
    parted = True


class TestCsvReader(Shipped):
    ending = "csv"


class TestXmlReader(Shipped):
    ending = "xml"


class TestMedlineReader(Shipped):
    ending = "nbib"
    parted = True


class TestYamlReader(Shipped):
    ending = "yaml"


class TestSourceCodeReader(Shipped):
    ending = "py"
    damaged_copies = 4


class TestGzipReader(ReaderContract):
    def make_reader(self) -> Reader:
        return GzipReader(shipped_readers()["md"])

    def samples(self) -> Sequence[SourceFile]:
        inner = samples_for(shipped_readers()["md"].formats)
        return [replace(one, path=f"{one.path}.gz", data=gzip.compress(one.data, mtime=0)) for one in inner]

    def original(self, source: SourceFile) -> str | None:
        return gzip.decompress(source.data).decode()


def test_no_shipped_reader_is_left_out() -> None:
    tried = {one.ending for one in Shipped.__subclasses__()}
    assert {shipped_readers()[ending].name for ending in tried} == {one.name for one in shipped_readers().values()}
