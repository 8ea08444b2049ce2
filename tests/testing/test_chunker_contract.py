"""The contract of a chunker: a correct one passes, and each kind of defect is found by the test that speaks of it."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from assay.ports import Chunker
from assay.testing import ChunkerContract, failures_of
from assay.types import Chunk, Document

_PIECE = re.compile(r"\S(?:[^\n]{0,400}(?=\s)|[^\n]{0,400})")


class LineChunker:
    """A small correct chunker: lines, and long lines in pieces between words."""

    name = "lines"
    version = "lines-1"
    preserves: tuple[str, ...] = ("words",)

    def chunk(self, document: Document) -> list[Chunk]:
        spans = [match.span() for match in _PIECE.finditer(document.text)]
        return [Chunk(document.id, i, start, end, document.text[start:end]) for i, (start, end) in enumerate(spans)]


class TestLineChunker(ChunkerContract):
    def make_chunker(self) -> Chunker:
        return LineChunker()


class LosesLastPiece(LineChunker):
    def chunk(self, document: Document) -> list[Chunk]:
        found = super().chunk(document)
        return found[:-1] if len(found) > 3 else found


class StripsText(LineChunker):
    """Text that is no slice any more."""

    def chunk(self, document: Document) -> list[Chunk]:
        return [replace(chunk, text=" ".join(chunk.text.split())) for chunk in super().chunk(document)]


class CountsFromOne(LineChunker):
    def chunk(self, document: Document) -> list[Chunk]:
        return [replace(chunk, ordinal=chunk.ordinal + 1) for chunk in super().chunk(document)]


class InventsBreadcrumbs(LineChunker):
    def chunk(self, document: Document) -> list[Chunk]:
        return [replace(chunk, breadcrumb=("Introduction",)) for chunk in super().chunk(document)]


class CutsWords(LineChunker):
    def chunk(self, document: Document) -> list[Chunk]:
        spans = [match.span() for match in re.finditer(r"\S[^\n]{0,30}", document.text)]
        return [Chunk(document.id, i, start, end, document.text[start:end]) for i, (start, end) in enumerate(spans)]


class PromisesCode(LineChunker):
    preserves = ("code blocks, whatever their length",)


class PromisesRows(CutsWords):
    preserves = ("table rows up to the limit",)


class PromisesHeadings(LineChunker):
    preserves = ("headings with the text below them",)


class PromisesSentences(CutsWords):
    preserves = ("sentences up to the limit",)


class Remembers(LineChunker):
    """Numbers the chunks on through all documents."""

    def __init__(self) -> None:
        self.count = itertools.count()

    def chunk(self, document: Document) -> list[Chunk]:
        return [replace(chunk, id=next(self.count)) for chunk in super().chunk(document)]


class OneGreatChunk(LineChunker):
    def chunk(self, document: Document) -> list[Chunk]:
        text = document.text
        return [Chunk(document.id, 0, 0, len(text), text)] if text.strip() else []


class Quadratic(LineChunker):
    """Looks through the whole text again for each piece."""

    def chunk(self, document: Document) -> list[Chunk]:
        found = super().chunk(document)
        for chunk in found:
            sum(document.text[: chunk.end].count(mark) for mark in "abc")
        return found


class StumblesOverMarks(LineChunker):
    def chunk(self, document: Document) -> list[Chunk]:
        document.text.encode("latin-1")
        return super().chunk(document)


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (LosesLastPiece, "test_every_visible_character_lies_in_a_chunk"),
        (LosesLastPiece, "test_odd_texts_are_cut_without_loss"),
        (StripsText, "test_a_chunk_is_exactly_a_slice_of_the_text"),
        (CountsFromOne, "test_chunks_are_numbered_in_the_order_of_the_text"),
        (InventsBreadcrumbs, "test_breadcrumbs_name_headings_above_the_text"),
        (CutsWords, "test_words_are_kept_whole_where_promised"),
        (PromisesCode, "test_code_blocks_are_kept_whole_where_promised"),
        (PromisesRows, "test_table_rows_are_kept_whole_where_promised"),
        (PromisesHeadings, "test_headings_stay_with_the_text_below_them_where_promised"),
        (PromisesSentences, "test_sentences_are_kept_whole_where_promised"),
        (Remembers, "test_cutting_twice_gives_the_same_chunks"),
        (Remembers, "test_other_documents_in_between_change_nothing"),
        (OneGreatChunk, "test_a_long_text_is_cut_into_pieces"),
        (Quadratic, "test_a_one_line_megabyte_takes_time_in_proportion"),
        (StumblesOverMarks, "test_generated_texts_with_generated_blocks_are_cut_without_loss"),
    ],
)
def test_a_broken_chunker_fails(defect: type[LineChunker], found_by: str) -> None:
    class Broken(ChunkerContract):
        def make_chunker(self) -> Chunker:
            return defect()

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]
