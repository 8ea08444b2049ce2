"""Finds the words and phrases by which reports name what was done, each with its place. It decides nothing.

The phrases stand in design_cues.toml, by group. They are compared as word stems, so "were randomised" also finds "was
randomized". Linear in the text: one look-up a word.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from assay.textual.tokens import stem

NUMBER = "#"
_WORD = re.compile(r"[A-Za-z]+|\d[\d,.]*|[<>=%]")
_SPELLING = (("randomiz", "randomis"),)
# "randomised trials" speaks of trials, "a randomised trial" is one: here the number of the noun counts.
_PLURALS = frozenset({"trials", "studies", "rcts"})


class Word(NamedTuple):
    """text[start:end] as a stem; a number is "#"."""

    stem: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scan:
    """The cues of one text: the spans of each group, how often each phrase stands there, and the words.

    Spans count with `shift` added, words without.
    """

    words: tuple[Word, ...]
    groups: Mapping[str, tuple[tuple[int, int], ...]]
    phrases: Mapping[str, int]
    shift: int = 0

    def count(self, *groups: str) -> int:
        """How many cues of these groups were found."""
        return sum(len(self.groups.get(group, ())) for group in groups)

    def first(self, *groups: str) -> tuple[int, int] | None:
        """The first cue of these groups, or None."""
        return min((self.groups[group][0] for group in groups if group in self.groups), default=None)


def words_of(text: str) -> tuple[Word, ...]:
    """The words of `text` as stems, numbers as "#", British spelling, with their places."""
    # A report has hundreds of words: making each through the class's own constructor costs as much as reading it.
    make = tuple.__new__
    return tuple([make(Word, (_stem(match.group()), *match.span())) for match in _WORD.finditer(text)])


def scan(text: str, start: int = 0) -> Scan:
    """The cues in `text`; `start` is added to every place."""
    return _scanned(words_of(text), start)


def _scanned(words: Sequence[Word], shift: int) -> Scan:
    table = _table()
    stems = [word.stem for word in words]
    groups: dict[str, list[tuple[int, int]]] = {}
    phrases: dict[str, int] = {}
    for at, (first, second) in enumerate(pairwise([*stems, ""])):
        begun = table.get(first)
        if begun is None:
            continue
        for rest, phrase, names in begun.get(second, begun[""]):
            length = len(rest)
            if length > 1 and tuple(stems[at + 1 : at + 1 + length]) != rest:
                continue
            phrases[phrase] = phrases.get(phrase, 0) + 1
            span = (words[at].start + shift, words[at + length].end + shift)
            for name in names:
                groups.setdefault(name, []).append(span)
    return Scan(tuple(words), {name: tuple(spans) for name, spans in groups.items()}, phrases, shift)


Phrase = tuple[tuple[str, ...], str, tuple[str, ...]]


@functools.cache
def _table() -> Mapping[str, Mapping[str, tuple[Phrase, ...]]]:
    """Phrases (the stems after the first, the phrase, its groups) by their first stem and the one after it: those that
    may begin so, in the order of the file. Under "" stand the phrases of one word."""
    source = resources.files("assay.domains.medical.evidence").joinpath("design_cues.toml")
    groups: Mapping[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))["groups"]
    named: dict[tuple[str, ...], list[str]] = {}
    for name, phrases in groups.items():
        for phrase in phrases:
            stems = tuple(NUMBER if part == NUMBER else _stem(part) for part in phrase.split())
            if name not in named.setdefault(stems, []):
                named[stems].append(name)
    table: dict[str, list[Phrase]] = {}
    for stems, names in named.items():
        table.setdefault(stems[0], []).append((stems[1:], " ".join(stems), tuple(names)))
    return {first: _by_second(entries) for first, entries in table.items()}


def _by_second(entries: Sequence[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    seconds = dict.fromkeys(["", *(rest[0] for rest, _, _ in entries if rest)])
    return {second: tuple(entry for entry in entries if not entry[0] or entry[0][0] == second) for second in seconds}


@functools.lru_cache(maxsize=16_384)
def _stem(raw: str) -> str:
    if raw[0].isdigit():
        return NUMBER
    word = raw.lower()
    for american, british in _SPELLING:
        word = word.replace(american, british)
    return word if word in _PLURALS else stem(word)
