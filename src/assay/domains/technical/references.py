"""Facts on symbols besides versions: where a page describes one, and which ones it refers to and how often.

How often other pages refer to a symbol tells which of many similar ones is meant (the idea of link counts: Kleinberg,
JACM 46(5), 1999). One fact a document and symbol, so that counting facts counts documents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from assay.domains.technical.places import Places
from assay.domains.technical.symbols import last, mentions
from assay.types import Document, Fact

DESCRIBED = "symbol"
REFERRED = "reference"
_MOST_REFERENCES = 300
_MOST_DESCRIBED = 3000


def described(places: Places, kind: str, version: str) -> Iterator[Fact]:
    """One fact a symbol that the page describes, under its full name and under the last part of it."""
    for number, place in enumerate(places.symbols()):
        if number >= _MOST_DESCRIBED:
            return
        for name in place.names:
            value = {"symbol": name, "object": place.kind, "page": kind, "version": version}
            for key in dict.fromkeys((name, last(name))):
                yield Fact(DESCRIBED, key, value, place.start, place.end)


def referred(document: Document, places: Places) -> Iterator[Fact]:
    """One fact a symbol that the page refers to, with how often; what the page itself describes has its full name."""
    own = {last(name): name for place in places.symbols() for name in place.names}
    full = set(own.values())
    counts: Counter[str] = Counter()
    first: dict[str, tuple[int, int]] = {}
    for mention in mentions(document.text):
        if not mention.role and "." not in mention.name:
            continue
        name = mention.name if mention.name in full else own.get(mention.name, mention.name)
        counts[name] += 1
        first.setdefault(name, (mention.start, mention.end))
    for name, count in counts.most_common(_MOST_REFERENCES):
        yield Fact(REFERRED, name, {"n": count}, *first[name])
