"""The contract of a chunker: nothing lost, nothing changed, and what it says it preserves is preserved.

How well the chunks serve retrieval, `assay eval retrieval` measures; that is not a promise of the port.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import ClassVar

from assay.ports import Chunker
from assay.testing.contract import Contract, bounded
from assay.testing.documents import built, everyday_documents, prose
from assay.testing.texts import generated_texts, storable_texts
from assay.types import Block, BlockKind, Chunk, Document

_QUALIFIED = re.compile(r"\b(up to|that fit|where|shorter than|unless)\b")
_WORD_END = re.compile(r"[A-Za-z]{2}")


class ChunkerContract(Contract):
    """What `ports.Chunker` promises. Override `make_chunker`; `documents` adds your own to those it is tried on.

    Of `preserves`, entries that speak of code blocks, table rows, headings with the text below them, sentences or words
    are put to the test; an entry without a condition ("up to the limit", "that fit") is tried on long ones too.
    """

    longest: ClassVar[int] = 20_000
    seconds_for_a_megabyte: ClassVar[float] = 30.0

    def make_chunker(self) -> Chunker:
        """A new chunker."""
        raise NotImplementedError("override make_chunker")

    def documents(self) -> Sequence[Document]:
        """Documents that every test of coverage and order is tried on."""
        return everyday_documents()

    # --- particulars

    def test_the_chunker_says_what_it_is(self) -> None:
        chunker = self.make_chunker()
        for name in ("name", "version"):
            value = getattr(chunker, name)
            assert isinstance(value, str) and value.strip(), f"{name} is {value!r}"
        assert isinstance(chunker.preserves, tuple), "preserves is not a tuple"
        assert all(isinstance(item, str) and item.strip() for item in chunker.preserves), f"{chunker.preserves=}"
        assert self.make_chunker().version == chunker.version, "two chunkers made alike have different versions"

    # --- nothing lost, nothing changed

    def test_every_visible_character_lies_in_a_chunk(self) -> None:
        self._each(self.documents(), _uncovered)

    def test_a_chunk_is_exactly_a_slice_of_the_text(self) -> None:
        self._each(self.documents(), _inexact)

    def test_chunks_are_numbered_in_the_order_of_the_text(self) -> None:
        self._each(self.documents(), _disordered)

    def test_breadcrumbs_name_headings_above_the_text(self) -> None:
        self._each([document for document in self.documents() if document.blocks], _strange_crumbs)

    def test_odd_texts_are_cut_without_loss(self) -> None:
        self._each([_bare(number, text) for number, text in enumerate(storable_texts())], _unsound)

    def test_generated_texts_with_generated_blocks_are_cut_without_loss(self) -> None:
        chooser = random.Random(3)
        self._each(
            [_with_blocks(number, text, chooser) for number, text in enumerate(generated_texts(80, seed=5))], _unsound
        )

    def test_a_text_without_visible_characters_does_no_harm(self) -> None:
        for text in ("", " ", "\n\n\t\r\n"):
            chunks = self.make_chunker().chunk(Document("blank", "Blank", text))
            assert [chunk for chunk in chunks if not chunk.text] == [], f"{text!r} gave a chunk without characters"

    def test_a_short_text_is_one_chunk(self) -> None:
        for text in ("x", "Yes.", "  spaced  ", "é", "👩\u200d⚖️"):
            chunks = self.make_chunker().chunk(Document("short", "Short", text))
            assert len(chunks) == 1, f"{text!r} gave {len(chunks)} chunks"
            assert chunks[0].text.strip() == text.strip(), f"{text!r} became {chunks[0].text!r}"

    # --- sameness

    def test_cutting_twice_gives_the_same_chunks(self) -> None:
        chunker = self.make_chunker()
        for document in self.documents():
            first = chunker.chunk(document)
            assert chunker.chunk(document) == first, f"{document.id} is cut otherwise the second time"
            assert self.make_chunker().chunk(document) == first, f"a second chunker cuts {document.id} otherwise"

    def test_other_documents_in_between_change_nothing(self) -> None:
        chunker = self.make_chunker()
        documents = list(self.documents())
        forwards = {document.id: chunker.chunk(document) for document in documents}
        backwards = {document.id: chunker.chunk(document) for document in reversed(documents)}
        assert forwards == backwards, "the chunks of a document depend on the documents before it"

    # --- size and time

    def test_a_long_text_is_cut_into_pieces(self) -> None:
        for text in (prose(200_000, 1).replace("\n", " "), prose(200_000, 2)):
            longest = max(len(chunk.text) for chunk in self.make_chunker().chunk(Document("long", "Long", text)))
            assert longest <= self.longest, f"a text of 200,000 characters gave a chunk of {longest:,}"

    def test_a_one_line_megabyte_takes_time_in_proportion(self) -> None:
        spaced, solid = prose(1_000_000, 3).replace("\n", " "), "x" * 1_000_000
        for name, text in (
            ("words in one line", spaced),
            ("one endless word", solid),
            ("one line of marks", "-" * 1_000_000),
        ):
            short = self._seconds(text[: len(text) // 8])
            with bounded(self.seconds_for_a_megabyte, f"cutting a megabyte of {name}"):
                whole = self._seconds(text)
            assert whole <= 24 * max(short, 0.02), (
                f"{name}: 8 times the text took {whole / max(short, 1e-9):.0f} times as long"
            )

    def test_many_blocks_take_time_in_proportion(self) -> None:
        short, whole = (self._seconds_of(_many_blocks(number)) for number in (500, 4_000))
        assert whole <= 24 * max(short, 0.02), f"8 times the blocks took {whole / max(short, 1e-9):.0f} times as long"

    # --- what it says it preserves

    def test_code_blocks_are_kept_whole_where_promised(self) -> None:
        self._keeps_whole("code block", "code", "    total += weights[i] * values[i]  # step {}\n")

    def test_table_rows_are_kept_whole_where_promised(self) -> None:
        self._keeps_whole("table row", "row", "cell number {} | ")

    def test_headings_stay_with_the_text_below_them_where_promised(self) -> None:
        if not self._promised("headings with the text"):
            return
        for document in self.documents():
            chunks = self.make_chunker().chunk(document)
            for block in _headings_above_text(document):
                holders = [chunk for chunk in chunks if chunk.start <= block.start and block.end <= chunk.end]
                alone = [chunk for chunk in holders if not document.text[block.end : chunk.end].strip()]
                assert holders and not alone, (
                    f"{document.text[block.start : block.end]!r} of {document.id} stands alone"
                )

    def test_sentences_are_kept_whole_where_promised(self) -> None:
        if not self._promised("sentence"):
            return
        sentences = [f"The party of part {number} shall deliver the goods in time." for number in range(120)]
        for gap in (" ", "\n"):
            document = Document("sentences", "Sentences", gap.join(sentences))
            chunks = self.make_chunker().chunk(document)
            torn = [one for one in sentences if not any(one in chunk.text for chunk in chunks)]
            assert not torn, f"{len(torn)} sentences are cut, the first is {torn[0]!r}"

    def test_words_are_kept_whole_where_promised(self) -> None:
        if not self._promised("word"):
            return
        for document in (*self.documents(), _bare(0, prose(30_000, 4)), _bare(1, prose(30_000, 5).replace("\n", " "))):
            for chunk in self.make_chunker().chunk(document):
                for place in (chunk.start, chunk.end):
                    seam = document.text[max(0, place - 1) : place + 1]
                    assert not _WORD_END.fullmatch(seam), f"{document.id} is cut inside a word at {place}"

    # --- checks

    def _promised(self, what: str) -> str:
        """The entry of `preserves` that speaks of `what`, or an empty text."""
        return next((entry for entry in self.make_chunker().preserves if what in entry.lower()), "")

    def _keeps_whole(self, what: str, kind: BlockKind, line: str) -> None:
        promise = self._promised(what)
        if not promise:
            return
        for number in (2, 4) if _QUALIFIED.search(promise) else (2, 4, 60, 300):
            whole = "".join(line.format(i) for i in range(number)).rstrip()
            paragraphs: list[tuple[BlockKind, str]] = [("prose", prose(700, i)) for i in range(6)]
            mixed = [part for paragraph in paragraphs for part in (paragraph, (kind, whole))]
            document = built("whole", mixed)
            chunks = self.make_chunker().chunk(document)
            indent = len(whole) - len(whole.lstrip())
            for block in document.blocks:
                kept = any(chunk.start <= block.start + indent and block.end <= chunk.end for chunk in chunks)
                assert block.kind != kind or kept, f"it promises {promise!r}, and cuts one of {len(whole)} characters"

    def _each(self, documents: Iterable[Document], wrong: Callable[[Document, Sequence[Chunk]], str]) -> None:
        chunker = self.make_chunker()
        for document in documents:
            why = wrong(document, chunker.chunk(document))
            assert not why, f"{document.id} ({document.text[:30]!r}...): {why}"

    def _seconds(self, text: str) -> float:
        return self._seconds_of(Document("megabyte", "Megabyte", text))

    def _seconds_of(self, document: Document) -> float:
        return min(self._once(document) for _ in range(2))

    def _once(self, document: Document) -> float:
        # This thread's time alone: other threads of the process (an inference engine, say) are none of the chunker's.
        before = time.thread_time()
        self.make_chunker().chunk(document)
        return time.thread_time() - before


def _uncovered(document: Document, chunks: Sequence[Chunk]) -> str:
    text, reached = document.text, 0
    for chunk in sorted(chunks, key=lambda chunk: chunk.start):
        lost = text[reached : chunk.start].strip()
        if lost:
            return f"{lost[:40]!r} before {chunk.start} lies in no chunk"
        reached = max(reached, chunk.end)
    lost = text[reached:].strip()
    return f"{lost[:40]!r} at the end lies in no chunk" if lost else ""


def _inexact(document: Document, chunks: Sequence[Chunk]) -> str:
    for chunk in chunks:
        if not 0 <= chunk.start < chunk.end <= len(document.text):
            return f"chunk {chunk.ordinal} runs from {chunk.start} to {chunk.end}"
        if document.text[chunk.start : chunk.end] != chunk.text:
            return f"chunk {chunk.ordinal} is not the text from {chunk.start} to {chunk.end}"
        if chunk.document_id != document.id:
            return f"chunk {chunk.ordinal} names the document {chunk.document_id!r}"
        if chunk.id != 0:
            return f"chunk {chunk.ordinal} has the id {chunk.id}; the catalogue gives ids"
        if not chunk.text.strip():
            return f"chunk {chunk.ordinal} is blank"
    return ""


def _disordered(document: Document, chunks: Sequence[Chunk]) -> str:
    ordinals = [chunk.ordinal for chunk in chunks]
    if ordinals != list(range(len(chunks))):
        return f"the ordinals are {ordinals[:8]}"
    places = [(chunk.start, chunk.end) for chunk in chunks]
    return "" if places == sorted(set(places)) else "the chunks are not in the order of the text, or one comes twice"


def _strange_crumbs(document: Document, chunks: Sequence[Chunk]) -> str:
    headings = [(block.start, block.label or document.text[block.start : block.end]) for block in document.blocks]
    for chunk in chunks:
        for crumb in chunk.breadcrumb:
            bare = crumb.removesuffix("…")
            if not any(start < chunk.end and bare in heading for start, heading in headings):
                return f"chunk {chunk.ordinal} has the breadcrumb {crumb!r}, which is no heading above it"
    return ""


def _unsound(document: Document, chunks: Sequence[Chunk]) -> str:
    return _uncovered(document, chunks) or _inexact(document, chunks) or _disordered(document, chunks)


def _headings_above_text(document: Document) -> list[Block]:
    """The headings that are followed by text of their own, not by another heading or nothing."""
    found: list[Block] = []
    ends = [*document.blocks[1:], None]
    for block, after in zip(document.blocks, ends, strict=True) if document.blocks else ():
        if block.kind == "heading" and after is not None and after.kind == "prose":
            found.append(block)
    return found


def _bare(number: int, text: str) -> Document:
    return Document(f"text-{number}", f"Text {number}", text)


def _with_blocks(number: int, text: str, chooser: random.Random) -> Document:
    """`text` with blocks of random kinds side by side, as a reader might find them."""
    places = sorted({0, len(text), *(chooser.randrange(len(text) + 1) for _ in range(chooser.randrange(9)))})
    kinds: tuple[BlockKind, ...] = ("heading", "prose", "code", "table", "list", "quote", "caption", "row", "field")
    blocks: list[Block] = []
    for start, end in pairwise(places):
        kind = chooser.choice(kinds)
        if text[start:end].strip() and chooser.random() < 0.8:
            blocks.append(Block(kind, start, end, level=chooser.randrange(1, 5) if kind == "heading" else 0))
    return Document(f"generated-{number}", f"Generated {number}", text, blocks=tuple(blocks))


def _many_blocks(number: int) -> Document:
    parts: list[tuple[BlockKind, str]] = []
    for index in range(number):
        parts += [("heading", f"Section {index}"), ("prose", prose(120, index % 50))]
    return built("many", parts)
