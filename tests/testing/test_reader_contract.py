"""The contract of a reader: a correct one passes, and each kind of defect is found by the test that speaks of it."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from assay.errors import MalformedSource
from assay.ports import Reader
from assay.testing import ReaderContract, failures_of
from assay.types import Block, Document, OriginSegment, SourceFile, freeze

_HEAD = "note "


class NoteReader:
    """A small correct reader: a line that begins with "note " opens a document; the rest of it is the title."""

    name = "notes"
    formats: tuple[str, ...] = ("note",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        text = self.decoded(source)
        starts = [0, *(i + 1 for i, c in enumerate(text) if c == "\n" and text.startswith(_HEAD, i + 1)), len(text)]
        found = [self.document(source, text, *span) for span in itertools.pairwise(starts)]
        documents = [document for document in found if document.text.strip()]
        if not documents:
            raise MalformedSource(f"{source.path} holds no notes", next="leave it out")
        yield from documents

    def decoded(self, source: SourceFile) -> str:
        try:
            text = source.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise MalformedSource(f"{source.path} is not UTF-8", why=str(error)) from error
        return text.replace("\x00", "\ufffd")

    def document(self, source: SourceFile, text: str, start: int, end: int) -> Document:
        line = text[start:end].partition("\n")[0]
        metadata = {str(key): value for key, value in source.metadata.items() if isinstance(value, (str, int))}
        return Document(
            id=f"{source.path}#{start}",
            title=line.removeprefix(_HEAD).strip() or source.path,
            text=text[start:end],
            source=source.path,
            format="note",
            metadata=freeze(metadata),
            blocks=(Block("heading", 0, len(line), 1), Block("prose", len(line), end - start)),
            origin=(OriginSegment(0, end - start, start, end),) if end > start else (),
        )


SAMPLE = SourceFile("in/two.note", "note Première\nÜber Verträge.\nnote Second\nOn doses.\n".encode(), "note")


class NoteContract(ReaderContract):
    def samples(self) -> Sequence[SourceFile]:
        return [SAMPLE]


class TestNoteReader(NoteContract):
    def make_reader(self) -> Reader:
        return NoteReader()


class Changes(NoteReader):
    """A reader with one defect: `changed` is put over every document."""

    def read(self, source: SourceFile) -> Iterator[Document]:
        return (self.changed(document) for document in super().read(source))

    def changed(self, document: Document) -> Document:
        raise NotImplementedError


class BlocksBeyondTheEnd(Changes):
    def changed(self, document: Document) -> Document:
        return replace(document, blocks=(*document.blocks[:1], Block("prose", 0, len(document.text) + 1)))


class BlocksOutOfOrder(Changes):
    def changed(self, document: Document) -> Document:
        return replace(document, blocks=document.blocks[::-1])


class BlocksThatCross(Changes):
    def changed(self, document: Document) -> Document:
        size = len(document.text)
        return replace(document, blocks=(Block("table", 0, size - 2), Block("row", 1, size)))


class OriginOffByOne(Changes):
    """Counts bytes where characters are meant."""

    def changed(self, document: Document) -> Document:
        segments = [replace(s, origin_start=s.origin_start + 1, origin_end=s.origin_end + 1) for s in document.origin]
        return replace(document, origin=tuple(segments))


class NormalisesWithoutMap(Changes):
    def changed(self, document: Document) -> Document:
        return replace(document, text=document.text.upper(), origin=())


class SameIds(Changes):
    def changed(self, document: Document) -> Document:
        return replace(document, id=document.source)


class KeepsNul(NoteReader):
    def decoded(self, source: SourceFile) -> str:
        return source.data.decode("utf-8", "replace")


class CrashesOnBytes(NoteReader):
    def decoded(self, source: SourceFile) -> str:
        return source.data.decode("utf-8")


class EmptyIsFine(NoteReader):
    def read(self, source: SourceFile) -> Iterator[Document]:
        return iter([self.document(source, "empty", 0, 5)] if not source.data.strip() else super().read(source))


class Counts(NoteReader):
    """Ids go on from one reading to the next."""

    def __init__(self) -> None:
        self.count = itertools.count()

    def document(self, source: SourceFile, text: str, start: int, end: int) -> Document:
        return replace(super().document(source, text, start, end), id=f"note-{next(self.count)}")


class AsksTheNetwork(NoteReader):
    def decoded(self, source: SourceFile) -> str:
        with socket.socket() as asked:
            asked.connect_ex(("127.0.0.1", 1))
        return super().decoded(source)


class LosesMetadata(NoteReader):
    def read(self, source: SourceFile) -> Iterator[Document]:
        return super().read(replace(source, metadata={}))


class Shouts(NoteReader):
    formats = (".NOTE",)


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (BlocksBeyondTheEnd, "test_blocks_lie_within_the_text_in_order"),
        (BlocksOutOfOrder, "test_blocks_lie_within_the_text_in_order"),
        (BlocksThatCross, "test_blocks_lie_within_the_text_in_order"),
        (OriginOffByOne, "test_the_origin_map_holds"),
        (NormalisesWithoutMap, "test_the_origin_map_holds"),
        (SameIds, "test_ids_within_a_file_are_distinct"),
        (KeepsNul, "test_garbage_gives_an_ingest_error_or_sound_documents"),
        (CrashesOnBytes, "test_garbage_gives_an_ingest_error_or_sound_documents"),
        (CrashesOnBytes, "test_a_damaged_file_gives_an_ingest_error_or_sound_documents"),
        (EmptyIsFine, "test_an_empty_file_is_an_ingest_error"),
        (Counts, "test_reading_twice_gives_the_same_documents"),
        (AsksTheNetwork, "test_reading_needs_neither_the_file_nor_the_network"),
        (LosesMetadata, "test_metadata_of_the_source_is_handed_on"),
        (Shouts, "test_the_reader_has_a_name_and_formats"),
        (Shouts, "test_there_is_a_sample_for_every_format"),
    ],
)
def test_a_broken_reader_fails(defect: type[NoteReader], found_by: str) -> None:
    class Broken(NoteContract):
        def make_reader(self) -> Reader:
            return defect()

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]
