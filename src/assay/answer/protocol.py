"""Reads what a model answered: one JSON object with claims and quotations, whole or as it streams in.

Tolerant of what models put around the object (code fences, a sentence before or after, a trailing comma), strict about
what is in it: a claim without text or with a malformed quotation makes the answer malformed, never a guess.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from assay.errors import ModelProtocolError
from assay.types import DraftClaim, DraftQuote

MAX_TEXT = 4000
MAX_QUOTES = 16
_NEXT = "use a model that keeps to a given form, or answer.writer = extractive"
_TRAILING_COMMA = re.compile(r",(?=\s*[\]}])")
_CLAIMS = re.compile(r'"claims"\s*:\s*\[')


class Answer(NamedTuple):
    """A model's answer, read."""

    claims: tuple[DraftClaim, ...]
    refusal: str


def read_answer(text: str) -> Answer:
    """The claims and the refusal in `text`. Raises ModelProtocolError, which says what was wrong."""
    found = _object(text)
    raw = found.get("claims", [])
    if not isinstance(raw, list):
        raise _malformed('"claims" is not a list')
    refusal = found.get("refusal") or ""
    if not isinstance(refusal, str):
        raise _malformed('"refusal" is not text')
    return Answer(tuple(read_claim(item) for item in raw), refusal.strip())


def read_claim(raw: Any) -> DraftClaim:
    """One claim. Raises ModelProtocolError where it lacks text or its quotations cannot be read."""
    if not isinstance(raw, dict):
        raise _malformed("a claim is not an object")
    text = raw.get("text")
    if not isinstance(text, str) or not text.strip():
        raise _malformed('a claim has no "text"')
    if len(text) > MAX_TEXT:
        raise _malformed(f"a claim is longer than {MAX_TEXT} characters")
    quotes = raw.get("quotes", [])
    quotes = [quotes] if isinstance(quotes, dict) else quotes
    if not isinstance(quotes, list) or len(quotes) > MAX_QUOTES:
        raise _malformed(f'the "quotes" of a claim are not a list of at most {MAX_QUOTES}')
    section = raw.get("section", "")
    return DraftClaim(text.strip(), tuple(map(_quote, quotes)), section if isinstance(section, str) else "")


def _quote(raw: Any) -> DraftQuote:
    if not isinstance(raw, dict) or not isinstance(raw.get("quote"), str):
        raise _malformed('a quotation has no "quote"')
    number = raw.get("passage")
    if isinstance(number, str) and number.strip(" []").isdecimal():
        number = int(number.strip(" []"))
    if not isinstance(number, int) or isinstance(number, bool):
        raise _malformed("a quotation does not say which passage it is from")
    return DraftQuote(number, raw["quote"])


def _object(text: str) -> dict[str, Any]:
    """The first JSON object in `text` that has claims or a refusal."""
    for attempt in (text, _TRAILING_COMMA.sub("", text)):
        for value in _objects(attempt):
            if "claims" in value or "refusal" in value:
                return value
    if not text.strip():
        raise _malformed("the answer is empty")
    cut = text.count("{") > text.count("}")
    raise _malformed("the answer breaks off" if cut else "there is no JSON object with claims in the answer")


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    place = text.find("{")
    tries = 0
    while place >= 0 and tries < 64:
        tries += 1
        try:
            value, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place = text.find("{", place + 1)
            continue
        if isinstance(value, dict):
            yield value
        place = text.find("{", end)


def _malformed(why: str) -> ModelProtocolError:
    return ModelProtocolError("the model's answer is not in the form that was asked for", why=why, next=_NEXT)


class ClaimStream:
    """Reads claims out of an answer that is still coming: feed it pieces, get the claims that became complete."""

    def __init__(self) -> None:
        self.text = ""
        self._place = -1
        self._ended = False

    def feed(self, piece: str) -> list[DraftClaim]:
        """The claims completed by `piece`. Raises ModelProtocolError where a complete one is malformed."""
        self.text += piece
        if self._place < 0:
            start = _CLAIMS.search(self.text)
            if start is None:
                return []
            self._place = start.end()
        return [read_claim(value) for value in self._complete()]

    def _complete(self) -> Iterator[Any]:
        decoder = json.JSONDecoder()
        while not self._ended:
            start = re.compile(r"[\s,]*").match(self.text, self._place)
            at = start.end() if start else self._place
            if at >= len(self.text):
                return
            if self.text[at] != "{":
                self._ended = True
                return
            try:
                value, self._place = decoder.raw_decode(self.text, at)
            except (ValueError, RecursionError):
                return
            yield value
