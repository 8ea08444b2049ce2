"""How much of one text another covers: weights of words by rarity, ordered matching, near-duplicates.

Counting, not meaning: a text may cover every word of another and say the opposite, which is why verification never
decides by these numbers alone.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from assay.textual.tokens import stem


def listed(words: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(words.split())


_GENERIC = frozenset(
    stem(word)
    for word in listed(
        """also use used using show shown showed find found finding study studies result results conclude
    conclusion report reported reports case cases make made give given provide provided provides include includes
    including however thus therefore respectively among within well new based role effect effects level levels method
    methods group groups number high low data analysis present describe described suggest observed investigate examine
    different various important specific particular certain type types kind way ways thing things form part follow
    following know known become set get take need help work say says state stated matter order means mean whether
    compare compared comparison relate related overall significant significantly evidence available possible
        document text source passage question answer tell explain"""
    )
)
GENERIC_WEIGHT = 0.4


def weight(token: str) -> float:
    """How much a token says by its shape: 0.4 for words of any paper, 1 for a word, 1.5 for numbers and identifiers."""
    if token in _GENERIC:
        return GENERIC_WEIGHT
    return 1.5 if any(c.isdigit() for c in token) or "_" in token or "." in token else 1.0


def rarity(texts: Sequence[Iterable[str]]) -> dict[str, float]:
    """Inverse document frequency of each token over `texts`: ln(1 + (N - n + 0.5) / (n + 0.5)), Lucene's form."""
    counts = Counter(token for tokens in texts for token in set(tokens))
    total = len(texts)
    return {token: math.log(1 + (total - n + 0.5) / (n + 0.5)) for token, n in counts.items()}


def coverage(wanted: Iterable[str], given: Iterable[str], rare: Mapping[str, float] | None = None) -> float:
    """The weighted share of the distinct tokens of `wanted` that `given` has; 1.0 where nothing is wanted."""
    have = set(given)
    total = covered = 0.0
    for token in dict.fromkeys(wanted):
        value = weight(token) * (rare.get(token, 1.0) if rare else 1.0)
        total += value
        covered += value if token in have else 0.0
    return covered / total if total else 1.0


def longest_common(first: Sequence[str], second: Sequence[str]) -> list[tuple[int, int]]:
    """A longest common subsequence as pairs of positions, in order (Hunt and Szymanski, 1977)."""
    places: dict[str, list[int]] = {}
    for index, key in enumerate(second):
        places.setdefault(key, []).append(index)
    tails: list[int] = []
    links: list[tuple[int, int, int]] = []
    ends: list[int] = []
    for i, key in enumerate(first):
        for j in reversed(places.get(key, ())):
            at = bisect_left(tails, j)
            links.append((i, j, ends[at - 1] if at else -1))
            if at == len(tails):
                tails.append(j)
                ends.append(len(links) - 1)
            elif j < tails[at]:
                tails[at] = j
                ends[at] = len(links) - 1
    return _chain(links, ends[-1] if ends else -1)


def _chain(links: list[tuple[int, int, int]], at: int) -> list[tuple[int, int]]:
    pairs = []
    while at >= 0:
        i, j, at = links[at]
        pairs.append((i, j))
    return pairs[::-1]


def jaccard(first: Iterable[str], second: Iterable[str]) -> float:
    """Shared share of two sets of tokens; 1.0 for two empty ones."""
    one, two = set(first), set(second)
    return len(one & two) / len(one | two) if one | two else 1.0
