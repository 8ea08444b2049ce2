"""The contract of a reader: documents that hold together, and a clear error for bytes that make no sense.

Whether a reader understood a format well, only tests with real files can say.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, get_args

from assay.errors import IngestError
from assay.ports import Reader
from assay.testing.contract import Contract, bounded
from assay.testing.isolation import alone
from assay.textual.offsets import check_origin
from assay.types import Block, BlockKind, Document, SourceFile, plain

_KINDS = get_args(BlockKind)


class ReaderContract(Contract):
    """What `ports.Reader` promises. Override `make_reader` and `samples`, and `original` for formats that are not text.

    `seconds_a_file` bounds the processor time for one damaged sample; `least_traced` is the share of an extracted text
    that must have an origin (labels that the reader adds itself have none).
    """

    seconds_a_file: ClassVar[float] = 20.0
    damaged_copies: ClassVar[int] = 12
    least_traced: ClassVar[float] = 0.2

    def make_reader(self) -> Reader:
        """A new reader."""
        raise NotImplementedError("override make_reader")

    def samples(self) -> Sequence[SourceFile]:
        """Good files, at least one for each format; their paths need not exist."""
        raise NotImplementedError("override samples")

    def original(self, source: SourceFile) -> str | None:
        """The characters that origin offsets count in; None where they count in the part that a locator names (a page).

        As it stands: the bytes as UTF-8, without a byte order mark.
        """
        return source.data.decode("utf-8-sig")

    # --- particulars

    def test_the_reader_has_a_name_and_formats(self) -> None:
        reader = self.make_reader()
        assert isinstance(reader.name, str) and reader.name.strip(), f"the name is {reader.name!r}"
        assert reader.formats, "the reader takes no format"
        for name in reader.formats:
            assert name == name.lower().strip().lstrip("."), f"{name!r} is not a lower-case ending without its dot"

    def test_there_is_a_sample_for_every_format(self) -> None:
        missing = set(self.make_reader().formats) - {sample.format for sample in self.samples()}
        assert not missing, f"samples() holds none of: {', '.join(sorted(missing))}"

    # --- documents

    def test_a_good_file_gives_documents_with_text(self) -> None:
        for sample, documents in self._read_all():
            assert documents, f"{sample.path} gave no document"
            for document in documents:
                assert isinstance(document, Document), f"{sample.path} gave {type(document).__name__}"
                assert document.id.strip(), f"{sample.path} gave a document without an id"
                assert document.title.strip(), f"{sample.path} gave a document without a title"
                assert document.text.strip(), f"{document.id} of {sample.path} has no text"

    def test_ids_within_a_file_are_distinct(self) -> None:
        for sample, documents in self._read_all():
            ids = [document.id for document in documents]
            assert len(set(ids)) == len(ids), f"{sample.path} gives an id twice: {ids}"

    def test_documents_can_be_stored(self) -> None:
        for sample, documents in self._read_all():
            for document in documents:
                why = _unstorable(document)
                assert not why, f"{document.id} of {sample.path} cannot be stored: {why}"

    def test_blocks_lie_within_the_text_in_order(self) -> None:
        for sample, documents in self._read_all():
            for document in documents:
                why = _bad_blocks(document)
                assert not why, f"{document.id} of {sample.path}: {why}"

    def test_the_origin_map_holds(self) -> None:
        for sample, documents in self._read_all():
            original = self.original(sample)
            for document in documents:
                why = _bad_origin(document, original)
                assert not why, f"{document.id} of {sample.path}: {why}"

    def test_text_is_traced_to_its_origin(self) -> None:
        for sample, documents in self._read_all():
            for document in documents:
                if document.origin:
                    covered = sum(segment.end - segment.start for segment in document.origin)
                    share = covered / len(document.text)
                    assert share >= self.least_traced, (
                        f"only {share:.0%} of {document.id} of {sample.path} has an origin"
                    )

    def test_metadata_of_the_source_is_handed_on(self) -> None:
        for sample in self.samples():
            marked = replace(sample, metadata={**sample.metadata, "contract_mark": "kept"})
            for document in self.make_reader().read(marked):
                assert document.metadata.get("contract_mark") == "kept", f"{document.id} lost the metadata of its file"

    # --- sameness

    def test_reading_twice_gives_the_same_documents(self) -> None:
        reader = self.make_reader()
        for sample in self.samples():
            first = list(reader.read(sample))
            assert list(reader.read(sample)) == first, f"{sample.path} read again gives other documents"
            assert list(self.make_reader().read(sample)) == first, f"a second reader reads {sample.path} otherwise"

    def test_reading_needs_neither_the_file_nor_the_network(self) -> None:
        for sample in self.samples():
            moved = replace(sample, path=f"no/such/folder/{sample.path.rsplit('/', 1)[-1]}")
            with alone(f"reading {sample.path}"):
                texts = [document.text for document in self.make_reader().read(moved)]
            assert texts == [document.text for document in self.make_reader().read(sample)], (
                f"the text of {sample.path} depends on where the file lies"
            )

    # --- damage

    def test_an_empty_file_is_an_ingest_error(self) -> None:
        for name in self.make_reader().formats:
            for data in (b"", b" \n\t\r\n "):
                source = SourceFile(f"empty.{name}", data, name)
                error = self._error_of(source)
                assert error is not None, (
                    f"{len(data)} bytes of white space as {name} gave documents instead of an error"
                )
                assert error.what.strip(), f"the error for an empty {name} file does not say what happened"

    def test_garbage_gives_an_ingest_error_or_sound_documents(self) -> None:
        chooser = random.Random(7)
        for name in self.make_reader().formats:
            for number, data in enumerate((*_GARBAGE, *(chooser.randbytes(size) for size in (1, 50, 3_000)))):
                self._survives(SourceFile(f"garbage-{number}.{name}", data, name))

    def test_a_damaged_file_gives_an_ingest_error_or_sound_documents(self) -> None:
        chooser = random.Random(11)
        for sample in self.samples():
            for number in range(self.damaged_copies):
                self._survives(
                    replace(sample, path=f"{sample.path}~{number}", data=_damaged(sample.data, chooser, number))
                )

    def test_odd_metadata_of_the_source_breaks_nothing(self) -> None:
        odd = {
            "title": 7,
            "access": 5,
            "date": ["x"],
            "id": None,
            "reader": "x",
            "é": {"deep": [{}]},
        }
        for sample in self.samples():
            self._survives(replace(sample, metadata=odd))
            self._survives(replace(sample, encoding="no-such-encoding"))

    # --- checks

    def _read_all(self) -> list[tuple[SourceFile, list[Document]]]:
        reader = self.make_reader()
        return [(sample, list(reader.read(sample))) for sample in self.samples()]

    def _error_of(self, source: SourceFile) -> IngestError | None:
        try:
            list(self.make_reader().read(source))
        except IngestError as error:
            return error
        return None

    def _survives(self, source: SourceFile) -> None:
        """Any exception but IngestError goes through, and so fails the test."""
        documents: list[Document] = []
        with bounded(self.seconds_a_file, f"reading {source.path}"):
            try:
                documents.extend(self.make_reader().read(source))
            except IngestError:
                pass
        for document in documents:
            why = _bad_blocks(document) or _unstorable(document) or _bad_origin(document, None)
            assert not why, f"{source.path} ({source.data[:20]!r}...): {why}"


_GARBAGE = (
    b"\x00",
    b"\x00" * 500,
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    bytes(range(256)),
    b"\xed\xa0\x80 half a surrogate pair",
    b"%PDF-1.7\n%%EOF",
    b"PK\x03\x04" + b"\x00" * 40,
    b"\x1f\x8b\x08\x00broken",
    b"[" * 5_000,
    b'{"a":' * 2_000,
    b"<a>" * 3_000,
    b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x>&e;</x>",
    b"<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>",
    b"- " * 3_000,
    b"> " * 2_000 + b"x",
    b"```\n" * 300,
    b"&a [*a, *a]\n",
    b"---\n{[}: ]\n---\n",
    b'"' * 999,
    b"a,b\n1\n1,2,3\n",
    b"=" * 2_000 + b"\n" + b"=" * 2_000,
    b"null",
    b"[]",
    b"{}",
    b"0",
    b"word " * 20_000,
)


def _damaged(data: bytes, chooser: random.Random, number: int) -> bytes:
    """`data` cut off, with bits flipped, with a piece missing, doubled or with noise inside, in turn."""
    if not data:
        return data
    place, other = sorted((chooser.randrange(len(data)), chooser.randrange(len(data))))
    kind = number % 5
    if kind == 0:
        return data[:place]
    if kind == 1:
        changed = bytearray(data)
        for _ in range(1 + len(data) // 200):
            changed[chooser.randrange(len(data))] ^= 1 << chooser.randrange(8)
        return bytes(changed)
    if kind == 2:
        return data[:place] + data[other:]
    if kind == 3:
        return data[:other] + data[place:]
    return data[:place] + chooser.randbytes(30) + data[place:]


def _bad_blocks(document: Document) -> str:
    size = len(document.text)
    last = (-1, 0)
    around: list[Block] = []
    for block in document.blocks:
        if block.kind not in _KINDS:
            return f"{block} is of no known kind"
        if not 0 <= block.start <= block.end <= size:
            return f"{block} lies outside the text of {size} characters"
        if (block.start, -block.end) < last:
            return f"{block} comes after one that begins later"
        if block.kind == "heading" and block.level < 1:
            return f"{block} is a heading without a level"
        while around and around[-1].end <= block.start:
            around.pop()
        if around and block.end > around[-1].end:
            return f"{block} begins inside {around[-1]} and ends outside it"
        around.append(block)
        last = (block.start, -block.end)
    return ""


def _bad_origin(document: Document, original: str | None) -> str:
    if original is None:
        last = 0
        for segment in document.origin:
            if not last <= segment.start < segment.end <= len(document.text):
                return f"{segment} is out of order or outside the text"
            if not 0 <= segment.origin_start <= segment.origin_end:
                return f"{segment} runs backwards in the original"
            last = segment.end
        return ""
    if not document.origin:
        return "" if document.text == original else "the origin map is empty, yet the text is not the file's own"
    return "; ".join(check_origin(document.text, document.origin, original)[:3])


def _unstorable(document: Document) -> str:
    for name in ("id", "title", "text", "source", "format"):
        value = document[name]
        if not isinstance(value, str) or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            return f"its {name} is not text, or holds NUL or half a surrogate pair"
    try:
        json.dumps(plain(document.metadata), allow_nan=False)
    except (TypeError, ValueError) as error:
        return f"its metadata is not JSON: {error}"
    if not all(isinstance(warning, str) and warning.strip() for warning in document.warnings):
        return f"its warnings are {document.warnings!r}"
    return ""
