"""A text as a row of comparable words: quantities in base units, closed-class markers, names, content, function words.

Two sentences say the same, word by word, where their rows agree. The kinds say what a difference would mean.
"""

from __future__ import annotations

import functools
import re
from typing import Literal, NamedTuple

from assay.textual.normalise import plain
from assay.textual.polarity import Marker, MarkerKind, markers
from assay.textual.quantities import Quantity, quantities
from assay.textual.similarity import listed, weight
from assay.textual.tokens import fold, stem

WordKind = Literal["free", "small", "content", "name", "number", "comparator", "operator"] | MarkerKind

FREE = listed(
    """a an the this that these those it its itself which who whom whose be is are was were been being am do does did
    done has have had having as so such there here then thus therefore also to i we our us my"""
)
SMALL = listed(
    """of in on at for about onto upon through during among via per regarding concerning toward towards across along
    near off out up down because back he his him she her hers they their them you your yours"""
)
_WORD = re.compile(r"[^\W_]+(?:['_.:][^\W_]+)*_*")
_OPERATOR = re.compile(r"[=!<>]=+|[=<>≠±×÷≈]|&&|\|\||!(?=\w)|\+|(?<=\s)[*/-](?=\s)")
_DRUG = re.compile(
    r"[a-z]{2,}(?:mab|nib|pril|sartan|statin|cillin|azole|olol|ivir|mycin|cycline|prazole|gliptin|formin|parin|tidine"
    r"|oxetine|azepam|caine|dipine|gliflozin|setron|triptan|floxacin)s?"
)
_STEMMED: frozenset[str] = frozenset({"direction", "attribution", "hedge", "quantifier", "condition"})
_OPEN = re.compile(r"(?:^|[.!?:]\s+|\n\s*)[\W_]*$")


class Word(NamedTuple):
    """One comparable word; equal `key` means equal. text[start:end] is how it is written."""

    key: str
    kind: WordKind
    start: int
    end: int
    shown: str
    value: str = ""

    @property
    def weight(self) -> float:
        """How much is lost without it: nothing for function words, most for names and numbers."""
        if self.kind in ("free", "small", "relation", "comparator", "operator"):
            return 0.0
        return 1.5 if self.kind in ("name", "number") else weight(self.key)


def words(text: str) -> tuple[Word, ...]:
    """The row of words of `text`, in its normal form."""
    return _words(plain(text))


@functools.lru_cache(maxsize=1024)
def _words(text: str) -> tuple[Word, ...]:
    taken: list[tuple[int, int]] = []
    row: list[Word] = []
    for quantity in quantities(text):
        row.extend(_of_quantity(text, quantity))
        taken.append((quantity.start, quantity.end))
    for marker in markers(text):
        if not _overlaps(taken, marker.start, marker.end):
            row.append(_of_marker(text, marker))
            taken.append((marker.start, marker.end))
    for match in _WORD.finditer(text):
        if not _overlaps(taken, match.start(), match.end()):
            row.append(_of_word(text, match))
    for match in _OPERATOR.finditer(text):
        if not _overlaps(taken, match.start(), match.end()):
            row.append(Word(match.group(), "operator", match.start(), match.end(), match.group()))
    return tuple(sorted(row, key=lambda word: word.start))


def _overlaps(taken: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(one < end and start < two for one, two in taken)


def _of_quantity(text: str, quantity: Quantity) -> list[Word]:
    shown = text[quantity.start : quantity.end]
    number = Word(quantity.key, "number", quantity.start, quantity.end, shown, quantity.unit)
    if quantity.comparator in ("", "="):
        return [number]
    sign = Word(quantity.comparator, "comparator", quantity.start, quantity.start, shown)
    return [sign, number]


def _of_marker(text: str, marker: Marker) -> Word:
    shown = text[marker.start : marker.end]
    key = stem(shown.lower()) if marker.kind in _STEMMED else f"{marker.kind}:{marker.value}"
    return Word(key, marker.kind, marker.start, marker.end, shown, marker.value)


def _of_word(text: str, match: re.Match[str]) -> Word:
    shown = match.group()
    bare = shown.removesuffix("'s")
    lower = fold(bare).lower()
    return Word(stem(lower), _kind(text, bare, lower, match.start()), match.start(), match.end(), shown, lower)


def _kind(text: str, bare: str, lower: str, start: int) -> WordKind:
    if _is_name(text, bare, start):
        return "name"
    if lower in FREE:
        return "free"
    return "small" if lower in SMALL else "content"


def _is_name(text: str, bare: str, start: int) -> bool:
    if any(c.isdigit() for c in bare) or "_" in bare or (len(bare) > 1 and any(c.isupper() for c in bare[1:])):
        return True
    if bare[0].isupper() and bare.lower() not in FREE and bare.lower() not in SMALL:
        return _OPEN.search(text, max(0, start - 12), start) is None if start else False
    return _DRUG.fullmatch(bare) is not None
