"""Tokens for BM25: written once, shared by indexing, querying and every feature that counts words.

Prose words are lower-cased, accents folded and stemmed (Snowball English). Kept whole, beside their parts: identifiers
(os.path.join, read_csv), citations' section numbers (2-106, 1693e), section signs (§), numbers with their decimals and
signs (0.76, 1,200 -> 1200), dotted abbreviations (U.S.C. -> usc). Tokens never contain white space.

It is not a language detector: text in other languages is folded and kept, but stemmed by English rules.
"""

from __future__ import annotations

import functools
import re
import threading
import unicodedata
from itertools import chain
from typing import TYPE_CHECKING

from assay.types import Chunk, Document

if TYPE_CHECKING:
    from collections.abc import Iterable

TOKENISER_VERSION = "assay-tokens-1"

STOP_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "may",
        "me",
        "my",
        "no",
        "nor",
        "not",
        "of",
        "on",
        "or",
        "our",
        "shall",
        "she",
        "should",
        "so",
        "some",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)

_TOKEN = re.compile(
    r"""
      (?P<plain>[^\W\d_]++(?=[\s,;)]|\Z))                         # most words: seen first, since it is the quickest
    | (?P<section>§+)
    | (?P<abbreviation>(?:[^\W\d_]\.){2,})                      # U.S.C.  e.g.
    | (?P<number>\d+(?:[.,·]\d+)*(?:-\d+(?:\.\d+)*)*[a-z]?\b)   # 0.76  1,200  2-106  28  107a  12-34-5
    | (?P<identifier>[^\W\d]\w*(?:(?:\.|::|->|/)[^\W\d]\w*)+ | [^\W\d_]*_\w+ )  # os.path.join  read_csv
    | (?P<word>\w+(?:['’]\w+)?)
    """,
    re.VERBOSE,
)
_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
_PARTS = re.compile(r"[^\W_]+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_WORDS = 60_000
_local = threading.local()


def tokens(text: str) -> list[str]:
    """The tokens of `text` in order, stop words left out; compound tokens are followed by their parts."""
    # No token reaches over white space, nor does its form depend on what lies behind it: a word is looked into once.
    return list(chain.from_iterable(map(_written, fold(text).split())))


@functools.lru_cache(maxsize=2048)
def token_set(text: str) -> frozenset[str]:
    """The distinct tokens of `text`; remembered for the texts of the last questions, line by line: one question asks
    this of a passage alone, with its title, and with what stands before it."""
    first, *others = text.split("\n")
    return _line_set(first).union(*map(_line_set, others)) if others else _line_set(first)


@functools.lru_cache(maxsize=8192)
def _line_set(line: str) -> frozenset[str]:
    return frozenset(tokens(line))


def fold(text: str) -> str:
    """`text` in NFKC with accents removed: what a reader would type on a plain keyboard."""
    if text.isascii():
        return text
    # Nothing in plain ASCII composes with what stands beside it, once combining marks are gone.
    return _FOREIGN.sub(lambda match: _folded(match.group()), text)


@functools.lru_cache(maxsize=8192)
def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("§", "\ue000"))
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFKC", plain).replace("\ue000", "§")


def chunk_tokens(chunk: Chunk, title: str) -> tuple[str, ...]:
    """What the index holds of a chunk: title, breadcrumb and text."""
    return tuple(tokens("\n".join((title, *chunk.breadcrumb, chunk.text))))


def embedding_text(chunk: Chunk, title: str) -> str:
    """What is embedded of a chunk: title and the last heading before the text, so that a piece knows its whole."""
    lead = " > ".join(part for part in (title, *chunk.breadcrumb[-2:]) if part)
    return f"{lead}\n{chunk.text}" if lead else chunk.text


HEAD_CHARACTERS = 3000


def head_text(document: Document) -> str:
    """What stands for a whole document when a question names it: its title, source name and first characters."""
    name = document.source.rsplit("/", 1)[-1]
    return "\n".join((document.title, name, document.text[:HEAD_CHARACTERS]))


def unique(items: Iterable[str]) -> tuple[str, ...]:
    """The distinct items in order of first appearance."""
    return tuple(dict.fromkeys(items))


@functools.lru_cache(maxsize=_WORDS)
def _written(piece: str) -> tuple[str, ...]:
    """The tokens of what stands between two spaces."""
    return tuple(token for match in _TOKEN.findall(piece) for token in _of(match))


def _of(match: tuple[str, str, str, str, str, str]) -> tuple[str, ...]:
    """The tokens of one match: section sign, abbreviation, number, identifier or word."""
    plain, _, abbreviation, number, identifier, word = match
    if plain or word:
        return tuple(_word(plain or word))
    if number:
        return tuple(_number(number))
    if identifier:
        return tuple(_identifier(identifier))
    return (abbreviation.replace(".", "").lower(),) if abbreviation else ("§",)


def _word(raw: str) -> list[str]:
    if not raw.isascii() and _CJK.search(raw):
        return _bigrams(raw)
    word = raw.replace("’", "'").split("'")[0] if raw[-2:] in ("'s", "’s") else raw.replace("’", "'")
    lower = word.lower()
    if lower in STOP_WORDS or not lower:
        return []
    stemmed = stem(lower)
    mixed = word[1:] != lower[1:] and any(c.isupper() for c in word[1:]) and not word.isupper()
    pieces = _CAMEL.findall(word) if mixed else []
    return [stemmed, *(stem(p.lower()) for p in pieces)] if len(pieces) > 1 else [stemmed]


def _number(raw: str) -> list[str]:
    plain = re.sub(r"(?<=\d),(?=\d{3}(?:\D|$))", "", raw).replace("·", ".").lower()
    parts = [part for part in re.split(r"[-]", plain) if part]
    return [plain, *parts] if len(parts) > 1 else [plain]


def _identifier(raw: str) -> list[str]:
    whole = raw.lower()
    parts = [stem(p.lower()) for piece in _PARTS.findall(raw) for p in (_CAMEL.findall(piece) or [piece])]
    return [whole, *(p for p in parts if p not in STOP_WORDS)]


def _bigrams(raw: str) -> list[str]:
    return [raw[i : i + 2] for i in range(len(raw) - 1)] or [raw]


@functools.lru_cache(maxsize=_WORDS)
def stem(word: str) -> str:
    """The Snowball English stem of one lower-case word."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:
        import Stemmer

        stemmer = _local.stemmer = Stemmer.Stemmer("english")
    return str(stemmer.stemWord(word))
