"""Finds a quotation in a stored document: exactly, in normal form, with elisions, with bracketed alterations.

What is found is always a span of stored characters. A quotation never matches inside a longer word or number ("5 mg"
is not in "25 mg" nor in "0.5 mg"). Nothing here is fuzzy: one other word, and the quotation is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.textual.normalise import first_letter_swapped, normalise, normalised_document, plain

MAX_ELISION = 600
"""Characters that an ellipsis may stand for; parts further apart are two places, not one quotation."""
MAX_ALTERATION = 80
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\s?\.\s?\.)\s*\]|\(\s*(?:…|\.\.\.)\s*\)|…|\.\s?\.\s?\.(?:\s?\.)?)\s*")
_CAPITAL = re.compile(r"^\[([^\W\d_])\](?=\w)")
_ELIDED_BRACKET = re.compile(r"\[\s*(?:…|\.\s?\.\s?\.)\s*\]")
_BRACKET = re.compile(r"\[([^\[\]]{0,60})\]")
_OUTER = " \t\n\r\"'“”‘’«»"
_TAIL = ".,;: "
_DASHES = "-‐‑‒–—−"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\ufb00-\ufb06]")
_LONG_WORDS = re.compile(r"(?<![^\W_])[A-Za-z]{5,}")
_BROKEN = re.compile(r"[\u2010-]\s")
MAX_OCCURRENCES = 64


class Span(NamedTuple):
    """Stored characters, half-open."""

    start: int
    end: int


START = Span(0, 0)


class Location(NamedTuple):
    """Where a quotation stands: one span, or several in order where it has elisions.

    `exact`: character by character as quoted. `altered`: bracketed words in it are the writer's, not the source's.
    `stitched`: every part is in the document, but not together; the spans are then empty.
    """

    spans: tuple[Span, ...]
    exact: bool = False
    altered: bool = False
    stitched: bool = False


def locate(quote: str, text: str, near: Span = START) -> Location | None:
    """Where `quote` stands in `text`, the occurrence in or nearest to `near` first; None where it does not."""
    bare = quote.strip()
    if not bare:
        return None
    found = _nearest(_exact(bare, text), near)
    if found:
        return Location((found,), exact=True)
    unquoted = bare.strip(_OUTER)
    if not unquoted or not _may_hold(unquoted, text):
        return None
    found = _folded(unquoted, text, near)
    if found:
        return Location((found,))
    lettered = _CAPITAL.sub(r"\1", unquoted)
    found = _folded(lettered, text, near) if lettered != unquoted else None
    if found:
        return Location((found,))
    unquoted = _ELIDED_BRACKET.sub("…", lettered)
    if "[" in unquoted:
        altered = _bracketed(unquoted, text, near)
        if altered:
            return altered
    return _elided(unquoted, text, near)


def _may_hold(quote: str, text: str) -> bool:
    """A quick refusal: a text that lacks many of the quotation's longer words cannot hold it, not even with some of
    them broken at line ends. Texts with soft hyphens or ligatures are searched in full."""
    if _INVISIBLE.search(text):
        return True
    long = set(_LONG_WORDS.findall(quote))
    missing = sum(word not in text for word in long)
    return missing <= max(2, len(long) // 5)


def _exact(needle: str, text: str) -> Iterator[Span]:
    place = text.find(needle)
    count = 0
    while place >= 0 and count < MAX_OCCURRENCES:
        if whole_words(text, place, place + len(needle)):
            yield Span(place, place + len(needle))
        place = text.find(needle, place + 1)
        count += 1


def _folded(quote: str, text: str, near: Span) -> Span | None:
    """The nearest place where quote and document agree in normal form; the first letter's case may differ."""
    for needle in _spellings(quote):
        window = _window(near, len(quote), text)
        found = _nearest(_in_normal_form(needle, text[window.start : window.end], window.start, text), near)
        if found:
            return found
        found = _nearest(_in_normal_form(needle, text, 0, text), near)
        if found:
            return found
    return None


def _spellings(quote: str) -> list[str]:
    base = plain(quote)
    trimmed = base.rstrip(_TAIL)
    forms = [base, first_letter_swapped(base)]
    if trimmed and trimmed != base:
        forms += [trimmed, first_letter_swapped(trimmed)]
    return list(dict.fromkeys(form for form in forms if form))


def _in_normal_form(needle: str, part: str, base: int, text: str) -> Iterator[Span]:
    for join in (True, False):
        haystack = normalised_document(part, join)
        for place in _places(needle, haystack.text):
            start, end = haystack.to_stored(place, place + len(needle))
            if whole_words(text, base + start, base + end):
                yield Span(base + start, base + end)
        if _BROKEN.search(part) is None:
            return


def _places(needle: str, haystack: str) -> Iterator[int]:
    place = haystack.find(needle)
    count = 0
    while place >= 0 and count < MAX_OCCURRENCES:
        yield place
        place = haystack.find(needle, place + 1)
        count += 1


def _window(near: Span, length: int, text: str) -> Span:
    return Span(max(0, near.start - 2 * length), min(len(text), near.end + 2 * length))


def _nearest(found: Iterator[Span], near: Span) -> Span | None:
    def distance(span: Span) -> int:
        return max(0, near.start - span.end, span.start - near.end)

    return min(found, key=distance, default=None)


# --- elisions and alterations -----------------------------------------------------------------------------------


def _elided(quote: str, text: str, near: Span) -> Location | None:
    parts = [part for part in _ELLIPSIS.split(quote) if part.strip(_OUTER + _TAIL)]
    if not parts or (len(parts) == 1 and parts[0] == quote):
        return None
    if len(parts) == 1:
        only = _folded(parts[0].strip(_OUTER), text, near)
        return Location((only,)) if only else None
    return _parts(parts, text, near, MAX_ELISION, altered=False)


def _bracketed(quote: str, text: str, near: Span) -> Location | None:
    """Bracketed letters match either case or an ending; bracketed words stand for something short in the source."""
    cleaned = re.sub(r"\s*\[sic\]", "", quote)
    pieces = _BRACKET.split(cleaned)
    if len(pieces) == 1:
        found = _folded(cleaned, text, near)
        return Location((found,)) if found else None
    parts, pattern = [], ""
    for index, piece in enumerate(pieces):
        if index % 2 == 0:
            pattern += re.escape(plain_inner(piece))
        elif len(piece) == 1 and piece.isalpha():
            pattern += f"[{piece.lower()}{piece.upper()}]"
        elif piece.isalpha() and len(piece) <= 4 and pieces[index - 1][-1:].isalpha():
            pattern += r"\w{0,6}"
        else:
            parts.append(pattern)
            pattern = ""
    parts.append(pattern)
    return _patterns([part for part in map(_trimmed, parts) if part], text, near)


def _trimmed(pattern: str) -> str:
    """An escaped pattern without the escaped spaces at its ends."""
    return re.sub(r"^(?:\\ )+|(?:\\ )+$", "", pattern)


def plain_inner(piece: str) -> str:
    """Normal form without trimming: the spaces around a bracket count."""
    return normalise(piece).text


def _patterns(parts: list[str], text: str, near: Span) -> Location | None:
    if not parts:
        return None
    pattern = f"\\s?[^\\n]{{0,{MAX_ALTERATION}}}?\\s?".join(parts)
    document = normalised_document(text, True)
    found = []
    for match in re.finditer(pattern, document.text):
        span = Span(*document.to_stored(match.start(), match.end()))
        if whole_words(text, *span):
            found.append(span)
    best = _nearest(iter(found), near)
    return Location((best,), altered=len(parts) > 1) if best else None


def _parts(parts: list[str], text: str, near: Span, most: int, *, altered: bool) -> Location | None:
    """The parts in order, each within `most` characters of the one before; else stitched, or None if one is absent."""
    stripped = [part.strip(_OUTER) for part in parts]
    for first in _all(stripped[0], text, near):
        spans = _follow([first], stripped[1:], text, most)
        if spans:
            return Location(tuple(spans), altered=altered)
    if all(_folded(part, text, near) for part in stripped):
        return Location((), stitched=True)
    return None


def _all(part: str, text: str, near: Span) -> list[Span]:
    found: dict[Span, None] = dict.fromkeys(_exact(part, text))
    for needle in _spellings(part):
        found |= dict.fromkeys(_in_normal_form(needle, text, 0, text))
    return sorted(found, key=lambda span: (max(0, near.start - span.end, span.start - near.end), span))


def _follow(spans: list[Span], rest: list[str], text: str, most: int) -> list[Span] | None:
    for part in rest:
        after = spans[-1].end
        window = Span(after, min(len(text), after + most + 2 * len(part)))
        next_span = _first_after(part, text, window, most)
        if next_span is None:
            return None
        spans.append(next_span)
    return spans


def _first_after(part: str, text: str, window: Span, most: int) -> Span | None:
    found = [
        span
        for needle in _spellings(part)
        for span in _in_normal_form(needle, text[window.start : window.end], window.start, text)
        if span.start - window.start <= most
    ]
    return min(found, default=None)


# --- boundaries -------------------------------------------------------------------------------------------------


def whole_words(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] neither begins nor ends inside a word, a number or a hyphenated compound."""
    return end > start and _clean_start(text, start) and _clean_end(text, end)


def _clean_start(text: str, start: int) -> bool:
    if start == 0 or not _inner(text[start]):
        return True
    before, first = text[start - 1], text[start]
    if _inner(before):
        return False
    second = text[start - 2] if start > 1 else " "
    if before in ".,·" and first.isdigit():
        return not second.isdigit() and before != "."
    if before in _DASHES:
        return not second.isalnum() and not first.isdigit()
    return not (before in "<>≤≥$€£±~" or (before == "/" and second.isalnum()))


def _clean_end(text: str, end: int) -> bool:
    if end == len(text) or not _inner(text[end - 1]):
        return True
    after, last = text[end], text[end - 1]
    if _inner(after):
        return False
    following = text[end + 1] if end + 1 < len(text) else " "
    if after in ".,·" and last.isdigit():
        return not following.isdigit()
    if after in _DASHES or after == "/":
        return not following.isalnum()
    return not (after == "%" and last.isdigit())


def _inner(character: str) -> bool:
    return character.isalnum() or character == "_"
