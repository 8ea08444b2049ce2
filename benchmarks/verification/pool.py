"""The passages and sentences that claims are drawn from: each sentence once, each record with passages beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from benchmarks.verification.corpora import Source
from benchmarks.verification.draw import number, ordered
from benchmarks.verification.sentences import Sentence
from benchmarks.verification.tables import EMPTY

Pair = tuple[Source, Sentence]


@dataclass
class Pool:
    """All passages and their sentences, drawn order; remembers which sentences are used."""

    sources: dict[str, list[Source]]
    used: set[str] = field(default_factory=set)
    frequency: Counter[str] = field(default_factory=Counter)
    kinds: dict[tuple[str, str], list[Source]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for source in (s for group in self.sources.values() for s in group):
            self.kinds.setdefault((source.domain, source.kind.split("-")[0]), []).append(source)
            self.frequency.update(set(_tokens(source.text)))

    def candidates(self, domain: str, *parts: object) -> Iterator[Pair]:
        """The sentences of a domain that are not used yet, in an order of their own for each class."""
        pairs = [(source, sentence) for source in self.sources[domain] for sentence in source.sentences]
        for source, sentence in ordered(pairs, lambda pair: pair[0].document_id + pair[1].text, *parts):
            if sentence.text not in self.used:
                yield source, sentence

    def beside(self, source: Source, count: int, key: str) -> list[Source]:
        """Other passages of the same kind, of other documents."""
        alike = self.kinds[source.domain, source.kind.split("-")[0]]
        found: list[Source] = []
        for step in range(50):
            other = alike[number("beside", key, step) % len(alike)]
            if other.document_id not in {source.document_id, *(f.document_id for f in found)}:
                found.append(other)
            if len(found) == count:
                break
        return found

    def question(self, text: str, domain: str, *avoid: str) -> str:
        """A question after two telling words of the sentence that no change touches."""
        barred = {token for part in avoid for token in _tokens(part)}
        known = [t for t in dict.fromkeys(_tokens(text)) if t not in barred and self.frequency[t] >= 3]
        telling = sorted(sorted(known, key=lambda t: (self.frequency[t], t))[:2], key=known.index)
        what = " and ".join(telling) if telling else "this"
        frames = {
            "legal": "What do the documents say about {w}?",
            "medical": "What is known about {w}?",
            "technical": "What does the documentation say about {w}?",
        }
        return frames[domain].format(w=what)


def _tokens(text: str) -> list[str]:
    return [t for t in re.findall(r"[a-z][a-z-]{3,}[a-z]", text.lower()) if t not in EMPTY]


def arrange(pool: Pool, source: Source, key: str, *more: Source) -> tuple[tuple[Source, ...], dict[str, int]]:
    """Three passages or more in drawn order, and the place (from 1) of each document."""
    wanted = [source, *more]
    if len(wanted) < 3:
        held = {w.document_id for w in wanted}
        wanted += [s for s in pool.beside(source, 3 - len(wanted), key) if s.document_id not in held]
    order = ordered(wanted, lambda s: s.document_id, "arrange", key)
    return tuple(order), {s.document_id: place for place, s in enumerate(order, 1)}
