"""Packing: atoms in, chunks out, by the cheapest sequence of cuts (dynamic programming over a bounded window).

Each cut has a price: low where the text itself has a seam, high inside what should stay together. A chunk's length
has a price too: none at the target, more the further it is away. The whole is minimised, so a seam a little further on
beats a cut in mid-thought. It knows nothing of headings or code: that is in the prices. Linear: at most `WINDOW` atoms
a chunk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

WINDOW = 40
"""No chunk holds more atoms than this, so that packing stays linear whatever the text."""
SMALLEST = 60
"""An atom shorter than this is joined with its neighbour where no seam lies between them."""


class Atom(NamedTuple):
    """A stretch that is not cut any more. `price` is that of a cut before it; `unit` is where it came from."""

    start: int
    end: int
    price: float
    unit: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in characters. `fit`: up to here a unit that belongs together stays whole. `limit`: never longer."""

    target: int = 850
    fit: int = 1050
    limit: int = 1600

    @staticmethod
    def around(target: int) -> Sizes:
        """The sizes that go with a target: `fit` is 1.2 times it, `limit` 1.8 times."""
        return Sizes(target, round(target * 1.2), round(target * 1.8))

    def cost(self, length: int) -> float:
        """What a chunk of this length costs: the squared relative distance from the target, thrice when above it."""
        away = (length - self.target) / self.target
        return away * away * (3.0 if away > 0 else 1.0)


def pack(atoms: Sequence[Atom], sizes: Sizes) -> list[tuple[int, int]]:
    """Chunks as half-open ranges of atoms, in order, none left out; of at most `sizes.limit` characters.

    An atom longer than the limit is a chunk of its own.
    """
    best = [0.0]
    back = [0]
    for last in range(len(atoms)):
        cost, start = _cheapest(atoms, sizes, best, last)
        best.append(cost)
        back.append(start)
    ranges: list[tuple[int, int]] = []
    stop = len(atoms)
    while stop > 0:
        ranges.append((back[stop], stop))
        stop = back[stop]
    return ranges[::-1]


def _cheapest(atoms: Sequence[Atom], sizes: Sizes, best: list[float], last: int) -> tuple[float, int]:
    end = atoms[last].end
    cheapest, chosen = float("inf"), last
    for first in range(last, max(-1, last - WINDOW), -1):
        length = end - atoms[first].start
        if length > sizes.limit and first < last:
            break
        cost = best[first] + (atoms[first].price if first else 0.0)
        cost += sizes.cost(length) if length <= sizes.limit else 0.0
        if cost < cheapest:
            cheapest, chosen = cost, first
    return cheapest, chosen


def join_small(atoms: Sequence[Atom]) -> list[Atom]:
    """Atoms with the tiny ones joined to a neighbour of the same unit, and tiny units joined to one another.

    It keeps the window of `pack` wide in characters. A seam that is worth a cut (its price is below zero) stays.
    """
    joined: list[Atom] = []
    for atom in atoms:
        if joined and atom.price >= 0:
            former = joined[-1]
            sizes = (atom.end - atom.start, former.end - former.start)
            small = (min if atom.unit == former.unit else max)(sizes) < SMALLEST
            if small and atom.end - former.start <= 3 * SMALLEST:
                joined[-1] = former._replace(end=atom.end)
                continue
        joined.append(atom)
    return joined
