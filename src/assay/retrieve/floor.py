"""The off-topic floor: "this library is not about that". The only place where a raw similarity is compared.

How near the nearest passage of a foreign question comes depends on the library: in 27,000 medical abstracts something
always looks alike, in 600 sections of one statute nothing does. So the library is asked first: the shipped probes, 32
everyday questions of many fields, show what is usual there for questions that it is not about (`level`: the nearest
cosine that nine of ten probes stay under). A question is on topic where

    (nearest cosine - level) + coverage_weight * (share of its words that the best passage has) >= margin

The two figures of an embedder family are shipped, set so that 5 % of answerable development questions fall under it
(floors.json names the questions). A question nearly all of whose words stand in one passage passes in any case: short
look-ups of identifiers have low cosines. The level is asked for only where it can change the outcome, over what this
caller may read, and is remembered by access list; a question that reaches the level of the whole library reaches that
of every part of it. "The right document is missing among its neighbours" cannot be seen
here; verification and confidence tell of that.
"""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from assay.ports import Catalogue, Index
from assay.textual.similarity import weight
from assay.textual.tokens import token_set, tokens, unique
from assay.types import Matrix, Vector, Where

READ = 8
"""Passages whose words are looked at."""
_COVERED = 0.8
_FEW = 2
_USUAL = 0.9
_LEAST_LEVEL, _MOST_LEVEL = 0.1, 0.5
"""No library measured has a level outside."""
_FIRST_LOOK = 16
_CLEAR = 0.1
"""So far from the level of the first 16 probes, the other 16 change nothing (their level's deviation is 0.03)."""
_REMEMBERED = 256
_LOOK_AGAIN = 64
_GROWN = 0.1

Embed = Callable[[str], Vector]


@dataclass(frozen=True, slots=True)
class FloorSettings:
    """The figures of one embedder family."""

    coverage_weight: float
    margin: float


class Floor:
    """Decides for one retriever whether a question is of its library's field. Safe to share between threads.

    `configured` above 0 is a plain least cosine in place of all this. An embedder without shipped figures has no floor.
    """

    def __init__(self, fingerprint: str, configured: float, embed: Embed, catalogue: Catalogue, index: Index) -> None:
        self._family = re.split("[;:]", fingerprint, maxsplit=1)[0]
        self._configured = configured
        self._embed = embed
        self._catalogue = catalogue
        self._index = index
        self._nearest: dict[tuple[str, ...] | None, list[float]] = {}
        self._measured_at = 0
        self._questions = 0
        self._gate = threading.Lock()

    def warm(self) -> None:
        """Measure the level of the whole library, where it will be asked for."""
        if not self._configured and self._family in shipped_floors():
            self._usual(Where(None), len(probes()))

    def admits(self, question: str, best_cosine: float, texts: Sequence[str], where: Where) -> tuple[bool, str]:
        """Whether the library is about this, and why. `texts`: the best few passages with titles and headings."""
        settings = shipped_floors().get(self._family)
        if self._configured > 0:
            return on_topic(question, best_cosine, self._configured, texts)
        if settings is None:
            return True, "no floor is known for this embedder"
        covered = best_coverage(question, texts)
        shown = f"nearest passage {best_cosine:.2f}, with {covered:.0%} of the question's words in one passage"
        if self._reaches(best_cosine + settings.coverage_weight * covered - settings.margin, where):
            return True, shown
        if covered >= _COVERED and _tells(question):
            return True, f"{covered:.0%} of the question's words stand in one passage"
        return False, f"{shown}: questions of other fields come as near in this library"

    def _reaches(self, level: float, where: Where) -> bool:
        """Whether `level` is at least what is usual for questions of other fields, for this caller."""
        if not _LEAST_LEVEL <= level < _MOST_LEVEL:
            return level >= _MOST_LEVEL
        # Nothing comes nearer in what a caller may read than in the whole library: what reaches the level of the whole
        # reaches the caller's too, and that need not be looked for.
        if where.access is not None and level >= self._usual(Where(None), len(probes())):
            return True
        usual = self._usual(where, _FIRST_LOOK)
        if abs(level - usual) <= _CLEAR:
            usual = self._usual(where, len(probes()))
        return level >= usual

    def _usual(self, where: Where, count: int) -> float:
        """The level that nine of ten of the first `count` probes stay under, over what this caller may read."""
        everything = Where(access=where.access)
        with self._gate:
            self._forget_outgrown()
            if len(self._nearest) >= _REMEMBERED:
                self._nearest.clear()
            nearest = self._nearest.setdefault(where.access, [])
            nearest.extend(self._index.nearest(everything, self._probes()[len(nearest) : count]))
            return float(np.quantile(nearest[:count], _USUAL))

    def _probes(self) -> Matrix:
        stored = probe_vectors(self._family)
        return stored if stored is not None else np.stack([self._embed(text) for text in probes()])

    def _forget_outgrown(self) -> None:
        """A library that has grown or shrunk by a tenth is asked anew; looked at now and then."""
        if self._questions % _LOOK_AGAIN == 0:
            count = self._catalogue.count_documents()
            if abs(count - self._measured_at) > _GROWN * max(1, self._measured_at):
                self._nearest.clear()
                self._measured_at = count
        self._questions += 1


@cache
def shipped_floors() -> dict[str, FloorSettings]:
    """The figures by embedder family, the part of a fingerprint before its first separator."""
    told = json.loads(_resource("floors.json").decode("utf-8"))["floors"]
    return {name: FloorSettings(float(f["coverage_weight"]), float(f["margin"])) for name, f in told.items()}


@cache
def probes() -> tuple[str, ...]:
    """Everyday questions of many fields."""
    return tuple(line for line in _resource("probes.txt").decode("utf-8").splitlines() if line.strip())


@cache
def probe_vectors(family: str) -> Matrix | None:
    """The probes as this embedder family embeds them, where that is shipped: it saves the first question the work."""
    if family not in shipped_floors():
        return None
    name = f"probes-{family}.npy"
    file = resources.files("assay.retrieve").joinpath(name)
    if not file.is_file():
        return None
    return np.asarray(np.load(io.BytesIO(_resource(name)), allow_pickle=False), dtype=np.float32)


def on_topic(question: str, best_cosine: float, floor: float, texts: Sequence[str]) -> tuple[bool, str]:
    """The plain rule of a configured floor: a least cosine, or nearly all words in one passage."""
    if best_cosine >= floor:
        return True, f"nearest passage {best_cosine:.2f}, floor {floor:.2f}"
    best = best_coverage(question, texts)
    if best >= _COVERED and _tells(question):
        return True, f"{best:.0%} of the question's words stand in one passage"
    return False, f"nearest passage {best_cosine:.2f} lies under the floor of {floor:.2f}"


def best_coverage(question: str, texts: Sequence[str]) -> float:
    """The greatest weighted share of the question's words that one of the texts has."""
    wanted = {token: weight(token) for token in unique(tokens(question))}
    total = sum(wanted.values())
    if not total:
        return 0.0
    held = map(token_set, texts[:READ])
    return max((sum(value for token, value in wanted.items() if token in have) / total for have in held), default=0.0)


def _tells(question: str) -> bool:
    wanted = unique(tokens(question))
    return len(wanted) >= _FEW or any(not word.isalpha() for word in wanted)


def _resource(name: str) -> bytes:
    return resources.files("assay.retrieve").joinpath(name).read_bytes()
