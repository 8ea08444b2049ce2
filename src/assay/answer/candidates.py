"""The pieces of passages that an extractive answer may quote: sentences, stretched where they cannot stand alone.

A sentence that begins with a pronoun takes the sentence before it along; one that ends with a colon or a dash takes
what it announces. Headings, questions and boilerplate are no candidates. A candidate is always a slice of its passage.
The particulars at the head of a document ("version: 2.3") are marked as such: they answer only who asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assay.answer.headings import names_code, plain_heading
from assay.answer.implied import implied
from assay.textual.sentences import Span, sentences
from assay.textual.tokens import token_set
from assay.types import Passage

MAX_CHARACTERS = 900
MIN_WORDS = 4
_LEANS = re.compile(
    r"(?:It|Its|This|That|These|Those|They|Their|He|She|His|Her|Such|Both|Neither|Either|However|Therefore|Thus"
    r"|Moreover|Hence"
    r"|Consequently|Accordingly|Conversely|In contrast|In addition|Furthermore|Instead|Otherwise|Nevertheless"
    r"|Nonetheless"
    r"|The (?:court|court's|study|trial|authors?|former|latter|same|panel|parties|method|function|result"
    r"|agreement))\b"
)
_BOILERPLATE = re.compile(
    r"(?:©|\bcopyright)\s+(?:\(c\)|©|by\b|(?:19|20)\d\d)|all rights reserved|table of contents"
    r"|^\s*(?:see also|references|bibliography|page \d+|\d+\s*$)"
    r"|click here"
    r"|cookie|intentionally left blank|\.{6,}|_{6,}|^\s*\W+$",
    re.IGNORECASE,
)
_LABEL = re.compile(r"([A-Z][A-Z&/,' -]{3,48}):\s")
_PARTICULAR = re.compile(r"^[A-Za-z][\w -]{0,30}:[ \t]+(\S.*)$", re.MULTILINE)
_PARTICULARS = 3
"""As many lines "key: value" at the head of a document are its particulars."""
_MARKUP_LINE = re.compile(r"^\s*(?:\.\. |:\w+:|<[^>]+>\s*$|\|[-=|: ]+\|?$|={3,}|-{3,})")


class Candidate(NamedTuple):
    """passage text[start:end]; `core` is the sentence it was made from; `tokens` are those of the whole.

    `heading` is what it stands under, `named` whether that is the name of something in code; `particulars` are the keys
    and values of a document's head, where it is that.
    """

    passage: int
    start: int
    end: int
    core: tuple[int, int]
    text: str
    tokens: frozenset[str]
    code: bool
    position: float
    label: str
    heading: str = ""
    named: bool = False
    particulars: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """The sentence it was made from, without what it was stretched by."""
        return self.text[self.core[0] - self.start : self.core[1] - self.start]


def candidates(passages: Sequence[Passage]) -> list[Candidate]:
    """All candidates of all passages, in order. `passage` counts from 0."""
    return [found for index, passage in enumerate(passages) for found in _of_passage(index, passage)]


def _of_passage(index: int, passage: Passage) -> list[Candidate]:
    text = passage.chunk.text
    spans = sentences(text)
    found = []
    heading = plain_heading(passage.chunk.breadcrumb[-1]) if passage.chunk.breadcrumb else ""
    label = heading.upper()
    named = names_code(heading, text)
    for at, span in enumerate(spans):
        if span.kind == "heading":
            heading = plain_heading(span.of(text))
            named = names_code(heading, text[span.end :])
        opened = _LABEL.match(text, span.start)
        label = opened[1] if opened else label
        code = span.kind == "code" or passage.chunk.kind == "code"
        if not code and not _usable(span, text):
            continue
        start, end = (span.start, span.end) if code else _stretched(spans, at, text)
        piece = text[start:end]
        place = at / max(1, len(spans) - 1)
        told = _particulars(piece) if passage.chunk.start == 0 and not code else ()
        words = token_set(piece) if code else token_set(piece) | implied(piece)
        core = (span.start, span.end)
        found.append(Candidate(index, start, end, core, piece, words, code, place, label, heading, named, told))
    return found


def _particulars(text: str) -> tuple[tuple[str, str], ...]:
    """Key and value of each line, where the text is mostly such lines."""
    found = tuple((line[0].partition(":")[0], line[1]) for line in _PARTICULAR.finditer(text))
    lines = sum(bool(line.strip()) for line in text.splitlines())
    return found if len(found) >= _PARTICULARS and 2 * len(found) > lines else ()


def _usable(span: Span, text: str) -> bool:
    words = span.of(text)
    if span.kind == "heading" or _MARKUP_LINE.match(words):
        return False
    if words.rstrip("\"')”’ ").endswith("?") or _BOILERPLATE.search(words):
        return False
    return len(re.findall(r"\w+", words)) >= MIN_WORDS


def _stretched(spans: Sequence[Span], at: int, text: str) -> tuple[int, int]:
    start, end = spans[at].start, spans[at].end
    if at > 0 and _LEANS.match(text, start) and spans[at - 1].kind == spans[at].kind:
        before = spans[at - 1]
        if end - before.start <= MAX_CHARACTERS and _usable(before, text):
            start = before.start
    if text[start:end].endswith((":", "—", "–")):
        for after in spans[at + 1 : at + 9]:
            if after.kind == "heading" or after.end - start > MAX_CHARACTERS:
                break
            if end != spans[at].end and after.kind == "prose":
                break
            end = after.end
    return start, end
