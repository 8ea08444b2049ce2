"""Reads a language model's answer: one JSON object with claims and quotations, whole or as it streams in.

    {"claims": [{"text": "...", "quotes": [{"passage": 1, "quote": "..."}]}], "refusal": ""}

Tolerant of what models put around and into it (code fences, sentences before and after, a trailing comma, bare line
ends in strings); strict about types: a claim of the wrong form is left out with a note, and nothing is guessed. One
character-driven reader serves both ways, so a stream cut anywhere gives what the whole text gives.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from assay.errors import ModelProtocolError
from assay.types import DraftClaim, DraftQuote, Record

MAX_CLAIMS = 50
MAX_QUOTES = 20
MAX_TEXT = 8000
_MAX_DEPTH = 32
_MAX_ITEM = 1_000_000
_NEXT = "use a model that keeps to a given form, or set answer.writer = extractive"
_COMMA = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=\s*[\]}])', re.DOTALL)
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """A model's answer, read. `notes` say what was left out of it and why."""

    claims: tuple[DraftClaim, ...]
    refusal: str = ""
    notes: tuple[str, ...] = ()


def parse(text: str, *, cut: bool = False) -> Answer:
    """The claims and the refusal in `text`; see `ClaimStream.finish`."""
    stream = ClaimStream()
    stream.feed(text)
    return stream.finish(cut=cut)


class ClaimStream:
    """Reads claims out of an answer that is still coming: feed it pieces, get the claims that became complete.

    The first object that holds a claim or a refusal is the answer; what follows it is not read.
    """

    def __init__(self) -> None:
        self._scanner = _Scanner()
        self._claims: list[DraftClaim] = []
        self._notes: list[str] = []
        self._seen = 0

    def feed(self, piece: str) -> list[DraftClaim]:
        """The claims that `piece` completes, in order. Never raises; what is wrong is told by `finish`."""
        before = len(self._claims)
        for char in piece:
            item = self._scanner.take(char)
            if item is not None:
                self._add(item)
        return self._claims[before:]

    def finish(self, *, cut: bool = False) -> Answer:
        """The whole answer, once all of it was fed. `cut`: the server said that it ended the answer early.

        Raises ModelProtocolError where there is no answer in the form asked for, or where it breaks off. Of an answer
        that was `cut` the complete claims are used, with a note.
        """
        scanner = self._scanner
        if scanner.broken:
            raise _malformed("its brackets do not match")
        if scanner.open and not (cut and self._claims):
            raise _malformed("it was cut off before its first claim was complete" if cut else "it breaks off")
        if not scanner.found and not scanner.open:
            raise _malformed("there is no JSON object with claims in it")
        if scanner.open:
            self._note("the model's answer was cut off; the claims that were complete are used")
        return Answer(tuple(self._claims), _plain(scanner.refusal)[:MAX_TEXT].strip(), tuple(self._notes))

    def _add(self, item: str) -> None:
        self._seen += 1
        if self._seen > MAX_CLAIMS:
            self._note(f"the model proposed more than {MAX_CLAIMS} claims; the others were left out")
            return
        read = _claim(item)
        if isinstance(read, str):
            self._note(f"claim {self._seen} of the model was left out: {read}")
        else:
            self._scanner.useful = True
            self._claims.append(read[0])
            self._notes += [f"claim {self._seen} of the model: {note}" for note in read[1]]

    def _note(self, note: str) -> None:
        if note not in self._notes:
            self._notes.append(note)


# --- one claim ----------------------------------------------------------------------------------------------------


def _claim(item: str) -> tuple[DraftClaim, list[str]] | str:
    """The claim in the text of one item with notes about it, or why there is none."""
    raw = _loads(item)
    if not isinstance(raw, dict):
        return "it is no JSON object"
    text, quotes, section = raw.get("text"), raw.get("quotes", []), raw.get("section") or ""
    if not isinstance(text, str) or not (text := _plain(text).strip()):
        return "it has no text"
    if len(text) > MAX_TEXT:
        return f"it is longer than {MAX_TEXT:,} characters"
    if not isinstance(quotes, list):
        return "its quotes are no list"
    if not isinstance(section, str):
        return "its section is no text"
    notes = [f"only its first {MAX_QUOTES} quotations are used"] if len(quotes) > MAX_QUOTES else []
    read: list[DraftQuote] = []
    for quote in map(_quote, quotes[:MAX_QUOTES]):
        if isinstance(quote, str):
            return quote
        if quote.quote.strip() and len(quote.quote) <= MAX_TEXT:
            read.append(quote)
        else:
            notes.append("a quotation that is empty or too long was left out")
    return DraftClaim(text, tuple(read), " ".join(_plain(section).split())[:80]), notes


def _quote(raw: Any) -> DraftQuote | str:
    if not isinstance(raw, dict) or not isinstance(raw.get("quote"), str):
        return "a quotation of it is no text"
    number = raw.get("passage")
    if not isinstance(number, int) or isinstance(number, bool):
        return "a quotation of it does not say from which passage it is"
    return DraftQuote(number, _whole(raw["quote"]))


def _loads(item: str) -> Any:
    """The JSON value in `item`, bare line ends in strings and trailing commas forgiven; None where it is none."""
    for attempt in (item, _COMMA.sub(lambda found: found[1] or "", item)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _whole(text: str) -> str:
    """`text` without half characters (lone surrogates), which no file can hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(text: str) -> str:
    """`text` without control characters and direction marks, which could forge what a terminal shows."""
    return _UNSHOWABLE.sub(" ", _whole(text))


def _malformed(why: str) -> ModelProtocolError:
    return ModelProtocolError("the model's answer is not in the form that was asked for", why=why, next=_NEXT)


# --- where claims begin and end -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Scanner:
    """Follows brackets and strings character by character and cuts out the items of the list named "claims".

    `found`: a list of claims or a refusal was there, whole. `broken`: a list has begun whose brackets do not match.
    `useful` is set from outside once an item proved to be a claim.
    """

    found: bool = False
    broken: bool = False
    useful: bool = False
    refusal: str = ""
    _ended: bool = False
    _begun: bool = False
    _listed: bool = False
    _fresh: bool = False
    _stack: list[str] = field(default_factory=list)
    _string: list[str] | None = None
    _escaped: bool = False
    _last: str = ""
    _key: str = ""
    _list: int = 0
    _item: list[str] | None = None

    @property
    def open(self) -> bool:
        """A list of claims has begun and not ended."""
        return self._begun and not self._listed

    def take(self, char: str) -> str | None:
        """Read one character; returns the item of the list that it completes, if it completes one."""
        if self._ended or self.broken:
            return None
        if self._string is not None:
            self._keep(char)
            self._in_string(char)
            return None
        if not self._stack or self._fresh:
            self._seek(char)
            if not self._stack or self._fresh:
                return None
        done = self._between(char)
        self._keep(char)
        self._follow(char)
        if self._item is not None and len(self._stack) == self._list and char in "}]":
            done, self._item = "".join(self._item), None
        return done

    def _seek(self, char: str) -> None:
        """Outside an object: one begins with a brace and a quotation mark; any other brace is running text."""
        if self._stack and char.isspace():
            return
        if self._stack and char in '"}':
            self._fresh = False
            return
        self._fresh = char == "{"
        self._stack = ["{"] if char == "{" else []

    def _between(self, char: str) -> str | None:
        """At the level of the list's items: a bare word or number ends here, or any item begins."""
        if not self._list or len(self._stack) != self._list:
            return None
        done = None
        if char in ",]":
            if self._item is not None:
                done, self._item = "".join(self._item), None
        elif self._item is None and not char.isspace():
            self._item = []
        return done

    def _keep(self, char: str) -> None:
        if self._item is not None and len(self._item) < _MAX_ITEM:
            self._item.append(char)

    def _follow(self, char: str) -> None:
        if char == '"':
            self._string = []
        elif char in "{[":
            self._open(char)
        elif char in "}]":
            self._close(char)
        elif char == ":":
            self._key, self._last = self._last, ""
        elif char == ",":
            self._key = self._last = ""

    def _open(self, char: str) -> None:
        self._stack.append(char)
        if char == "[" and self._key == "claims" and not self._list and not self._listed:
            self._list, self._begun = len(self._stack), True
        self._key = self._last = ""
        if len(self._stack) > _MAX_DEPTH:
            self._lose()

    def _close(self, char: str) -> None:
        if self._stack[-1] != {"}": "{", "]": "["}[char]:
            self._lose()
            return
        self._stack.pop()
        self._key = self._last = ""
        if self._list and len(self._stack) < self._list:
            self._list, self._listed, self.found = 0, True, True
        if not self._stack:
            self._ended = self.useful or bool(self.refusal.strip())
            self._begun = self._listed = False

    def _lose(self) -> None:
        """Brackets that do not match: fatal within the list, the end of the answer behind it, nothing before it."""
        self.broken, self._ended = self.open, self._listed
        self._stack, self._item, self._list = [], None, 0

    # --- strings ----------------------------------------------------------------------------------------------------

    def _in_string(self, char: str) -> None:
        assert self._string is not None
        if char == '"' and not self._escaped:
            raw, self._string = "".join(self._string), None
            self._end_string(raw)
            return
        self._escaped = char == "\\" and not self._escaped
        if not self._list and len(self._string) < _MAX_ITEM:
            self._string.append(char)

    def _end_string(self, raw: str) -> None:
        if self._list:
            return
        if self._key != "refusal":
            self._last = raw
            return
        value = _loads(f'"{raw}"')
        self.refusal = self.refusal or (value if isinstance(value, str) else raw)
        self.found = self.found or bool(self.refusal.strip())
        self._key = ""
