"""Normal form of text for comparing quotations, with a map back to the stored characters.

Folded: runs of white space, kinds of quotation marks, dashes and minus signs, ligatures, composed accents, invisible
characters (soft hyphen, zero width), a hyphen that breaks a word at a line's end, the one-character ellipsis, the
middle dot of a decimal. Never folded: letter case, digits, superscripts, punctuation, because they carry meaning.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from bisect import bisect_right
from typing import NamedTuple

_SPECIAL = re.compile(
    r"""
      (?P<broken>(?<=[^\W\d_])[\u00ad\u2010-](?:[ \t]*\r?\n\s*|[ \t]+)(?=[^\W\d_]))
    | (?P<nothing>[\u00ad\u200b-\u200d\u2060\ufeff]+)
    | (?P<space>\s{2,}|[^\S\x20])
    | (?P<double>[“”„‟«»″\x93\x94]|''|``|‘‘|’’)
    | (?P<single>[‘’‚‛′ʼ`´\x91\x92])
    | (?P<dash>[‐‑‒–—―−\x96\x97]|--+)
    | (?P<ligature>[ﬀ-ﬆ])
    | (?P<ellipsis>…)
    | (?P<middot>(?<=\d)·(?=\d))
    | (?P<accent>[^\W\d_][\u0300-\u036f]+)
    """,
    re.VERBOSE,
)
_PLAIN = {"nothing": "", "space": " ", "double": '"', "single": "'", "dash": "-", "ellipsis": "...", "middot": "."}
_FOLDED_ASCII = ("  ", "- ", "--", "''", "`")
_CLOSING = " \t.,;:\"'"


class Normalised(NamedTuple):
    """Text in normal form. `starts[i]` is where its i-th piece begins, `origins[i]` the stored span of that piece.

    A piece whose lengths agree maps one to one; any other maps whole to its stored span.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[tuple[int, int], ...]
    lengths: tuple[int, ...]

    def to_stored(self, start: int, end: int) -> tuple[int, int]:
        """The stored span behind the non-empty normal span [start, end)."""
        first = self._piece(start)
        last = self._piece(end - 1)
        return self._at(first, start, 0), self._at(last, end - 1, 1)

    def _piece(self, place: int) -> int:
        """The last piece that begins at or before `place` and is not empty."""
        index = bisect_right(self.starts, place) - 1
        while self.lengths[index] == 0 and index > 0:
            index -= 1
        return index

    def _at(self, piece: int, place: int, side: int) -> int:
        start, end = self.origins[piece]
        if end - start == self.lengths[piece]:
            return start + place - self.starts[piece] + side
        return end if side else start


def normalise(text: str, *, join_broken_words: bool = True) -> Normalised:
    """The normal form of `text`. `join_broken_words` False keeps the hyphen of a word broken at a line's end."""
    pieces: list[str] = []
    starts: list[int] = []
    origins: list[tuple[int, int]] = []
    length = 0

    def add(piece: str, start: int, end: int) -> None:
        nonlocal length
        pieces.append(piece)
        starts.append(length)
        origins.append((start, end))
        length += len(piece)

    place = 0
    for match in _SPECIAL.finditer(text):
        if match.start() > place:
            add(text[place : match.start()], place, match.start())
        add(_replacement(match, join_broken_words), match.start(), match.end())
        place = match.end()
    if place < len(text) or not pieces:
        add(text[place:], place, len(text))
    return Normalised("".join(pieces), tuple(starts), tuple(origins), tuple(map(len, pieces)))


@functools.lru_cache(maxsize=48)
def normalised_document(text: str, join_broken_words: bool = True) -> Normalised:
    """`normalise`, remembered for the last few texts: one document is searched for many quotations."""
    return normalise(text, join_broken_words=join_broken_words)


def plain(text: str) -> str:
    """The normal form alone, trimmed."""
    return text.strip() if _is_normal(text) else normalise(text).text.strip()


def _is_normal(text: str) -> bool:
    """Whether nothing in `text` can need folding: true of most sentences, and told at a tenth of the cost."""
    return text.isascii() and text.isprintable() and not any(mark in text for mark in _FOLDED_ASCII)


def comparable(text: str) -> str:
    """What two renderings of one sentence share: normal form, first letter lower, no closing punctuation or quotes."""
    bare = plain(text).strip(_CLOSING)
    return bare[:1].lower() + bare[1:]


def first_letter_swapped(text: str) -> str:
    """`text` with its first letter in the other case: a sentence's beginning may be quoted in mid-sentence."""
    for index, character in enumerate(text[:4]):
        if character.isalpha():
            return text[:index] + character.swapcase() + text[index + 1 :]
    return text


def _replacement(match: re.Match[str], join: bool) -> str:
    kind = match.lastgroup or ""
    if kind == "broken":
        return "" if join or match.group()[0] == "\u00ad" else "-"
    if kind == "ligature":
        return unicodedata.normalize("NFKC", match.group())
    if kind == "accent":
        return unicodedata.normalize("NFC", match.group())
    return _PLAIN[kind]
