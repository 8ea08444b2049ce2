"""A question as the safety rules read it: lower case, no accents, contractions written out, small typos mended.

Words are joined by one blank; a comma is "," and the end of a sentence "|". Every word remembers where it stood in the
question, so that a rule's match is shown in the person's own words. Nothing here decides anything.
"""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[.!?;:\n¿¡]+|,|[%/]")
_BREAK = frozenset(".!?;\n¿¡")
_MENDED_FROM = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is the normalised question with one blank at each end; `starts` are its words' offsets in it, and
    `spans` the same words' places in the question."""

    text: str
    starts: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    words: frozenset[str]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The span in the question of text[start:end]."""
        if not self.spans:
            return 0, 0
        first = max(0, bisect_right(self.starts, start) - 1)
        if first + 1 < len(self.starts) and self.text[start : self.starts[first + 1]].isspace():
            first += 1
        last = max(first, bisect_right(self.starts, max(start, end - 1)) - 1)
        return self.spans[first][0], max(self.spans[last][1], self.spans[first][1])


@functools.lru_cache(maxsize=1)
def lexicon() -> Mapping[str, Any]:
    """The tables of lexicon.toml."""
    raw = resources.files("assay.domains.medical.safety").joinpath("lexicon.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


def read(question: str) -> Reading:
    """The question as the rules read it."""
    pieces: list[str] = []
    starts: list[int] = []
    spans: list[tuple[int, int]] = []
    offset = 1
    for match in _TOKEN.finditer(question):
        for word in _words(match.group()):
            pieces.append(word)
            starts.append(offset)
            spans.append(match.span())
            offset += len(word) + 1
    return Reading(f" {' '.join(pieces)} ", tuple(starts), tuple(spans), frozenset(pieces))


def fold(word: str) -> str:
    """Lower case without accents; German ß as ss."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.lower().replace("ß", "ss").replace("œ", "oe"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _words(token: str) -> Iterable[str]:
    if token[0] in _BREAK:
        return ("|",)
    if token[0] == ":":
        return (":",)
    if token[0].isdigit() or not token[0].isalpha():
        return (token,)
    return _known(fold(token.replace("’", "'")))


@functools.lru_cache(maxsize=20_000)
def _known(word: str) -> tuple[str, ...]:
    written_out = lexicon()["rewrite"].get(word)
    if written_out is not None:
        return tuple(str(written_out).split())
    if word.endswith("'s") and len(word) > 2:
        return (word[:-2],) if len(word) > 4 else (word[:-2], "is")
    if "'" in word:
        head, _, tail = word.partition("'")
        return (
            (head, tail)
            if head in ("j", "l", "d", "m", "n", "qu", "t", "s", "c", "jusqu")
            else (word.replace("'", ""),)
        )
    return (_mended(word),)


def _mended(word: str) -> str:
    """The key word that differs by one letter (missing, added, changed or swapped), else the word."""
    right, by_deletion, keep = _spelling()
    if len(word) < _MENDED_FROM or word in right or word in keep:
        return word
    for candidate in (word, *_deletions(word)):
        for key in by_deletion.get(candidate, ()):
            if key[0] == word[0] and _near(word, key):
                return key
    return word


@functools.lru_cache(maxsize=1)
def _spelling() -> tuple[frozenset[str], Mapping[str, tuple[str, ...]], frozenset[str]]:
    table = lexicon()["spelling"]
    found: dict[str, tuple[str, ...]] = {}
    for key in table["words"]:
        for form in (key, *_deletions(key)):
            found[form] = (*found.get(form, ()), key)
    return frozenset(table["words"]), found, frozenset(table["keep"])


def _deletions(word: str) -> list[str]:
    return [word[:i] + word[i + 1 :] for i in range(len(word))]


def _near(word: str, key: str) -> bool:
    """Whether one insertion, deletion, change or swap of neighbours turns `word` into `key` (Damerau 1964); short
    words only by a letter too many or too few."""
    if abs(len(word) - len(key)) == 1:
        longer, shorter = (word, key) if len(word) > len(key) else (key, word)
        return shorter in _deletions(longer) and not (
            longer == word and longer.endswith(("s", "d", "r")) and longer[:-1] == key
        )
    if len(word) != len(key) or len(word) < 6:
        return False
    differing = [i for i, (a, b) in enumerate(zip(word, key, strict=True)) if a != b]
    if len(differing) == 1:
        return True
    return len(differing) == 2 and differing[1] == differing[0] + 1 and word[differing[0]] == key[differing[1]]
