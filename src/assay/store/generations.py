"""Generations of the index: index/gen-000001 and so on, built beside one another, switched by one manifest write.

Optimising, repairing, re-embedding and erasing are the same step: build the next generation from the catalogue, catch
up with what came meanwhile, compare, switch. A point never changes under its id, so ids tell what is missing.
This module builds and compares; which generation counts is the keeper's to say.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assay.errors import StoreDamaged
from assay.ports import Catalogue, Index
from assay.store import faults
from assay.store.edge_settings import BULK_POINTS, REPAIR, IndexSettings, IndexState
from assay.types import IndexPoint, Record

BATCH = 500
_NAME = re.compile(r"gen-(\d{6})")
Progress = Callable[[int, int], None]


class KeptIndex(Index, Protocol):
    """An index that the keeper can hold: `EdgeIndex` in this process, `OwnedIndex` through its owner."""

    @property
    def settings(self) -> IndexSettings:
        """What the open generation was built with."""
        ...

    def differing(self, points: Sequence[IndexPoint]) -> list[int]:
        """The ids of those points that the index lacks or holds otherwise."""
        ...

    def checkpoint(self) -> None:
        """Make everything before durable without sealing."""
        ...

    def mark(self, sequence: int) -> None:
        """Note that the outbox was carried through `sequence`."""
        ...

    def confirm(self) -> None:
        """Note that the content was compared with the catalogue."""
        ...

    def optimise(self, least: int = 0) -> bool:
        """Build graph and lists for new points once there are `least`."""
        ...

    def state(self) -> IndexState:
        """What the keeper must know."""
        ...


@dataclass(frozen=True, slots=True)
class Gap(Record):
    """What an index lacks of the catalogue and what it holds beyond it."""

    missing: frozenset[int]
    extra: frozenset[int]

    @property
    def closed(self) -> bool:
        """True where both hold the same ids."""
        return not self.missing and not self.extra


def folder_of(store: Path, number: int) -> Path:
    """Where a generation lies."""
    return store / "index" / f"gen-{number:06d}"


def numbers(store: Path) -> list[int]:
    """The generations that have a folder, in order."""
    places = (store / "index").glob("gen-*") if (store / "index").is_dir() else []
    found = (_NAME.fullmatch(place.name) for place in places if place.is_dir())
    return sorted(int(match[1]) for match in found if match)


def remove(store: Path, number: int) -> None:
    """Delete a generation's files."""
    folder = folder_of(store, number)
    with faults.translated(str(folder)):
        # Out of sight first: a folder that is half deleted must not look like a generation.
        if folder.exists():
            doomed = folder.with_name(f"{folder.name}.gone")
            shutil.rmtree(doomed, ignore_errors=True)
            folder.rename(doomed)
            shutil.rmtree(doomed)
        folder.with_name(folder.name + ".lock").unlink(missing_ok=True)


def sweep(store: Path, keep: Iterable[int]) -> list[int]:
    """Delete every generation but `keep`, and what an interrupted deletion left; returns the numbers deleted."""
    doomed = [number for number in numbers(store) if number not in set(keep)]
    for number in doomed:
        remove(store, number)
    for place in (store / "index").glob("gen-*.gone"):
        shutil.rmtree(place, ignore_errors=True)
    return doomed


def gap(catalogue: Catalogue, index: Index) -> Gap:
    """What separates the two, by ids."""
    expected, held = catalogue.point_ids(), index.ids()
    return Gap(frozenset(expected - held), frozenset(held - expected))


def fill(catalogue: Catalogue, index: KeptIndex, progress: Progress | None = None) -> int:
    """Put every point of the catalogue into an empty index, one segment after the other; returns how many."""
    total = len(catalogue.point_ids())
    done = since = 0
    for batch in batches(catalogue.points()):
        index.upsert(batch)
        done, since = done + len(batch), since + len(batch)
        if since >= BULK_POINTS:
            index.optimise(0)
            since = 0
        if progress is not None:
            progress(min(done, total), total)
    index.optimise(0)
    return done


def catch_up(catalogue: Catalogue, index: KeptIndex) -> Gap:
    """Close the gap; returns what it was. Nobody may carry the outbox meanwhile. Raises StoreDamaged if it stays."""
    found = gap(catalogue, index)
    if found.closed:
        return found
    index.delete(sorted(found.extra))
    for batch in batches(catalogue.points(sorted(found.missing))):
        index.upsert(batch)
    left = gap(catalogue, index)
    if not left.closed:
        raise StoreDamaged(
            "Catalogue and index cannot be brought together",
            why=f"{len(left.missing)} points stay missing and {len(left.extra)} stay too many",
            next=REPAIR,
        )
    return found


def differences(catalogue: Catalogue, index: KeptIndex, progress: Progress | None = None) -> Iterator[int]:
    """The ids of the catalogue's points that the index lacks or holds otherwise: vector, tokens, access or fields."""
    total = len(catalogue.point_ids()) if progress is not None else 0
    done = 0
    for batch in batches(catalogue.points()):
        yield from index.differing(batch)
        done += len(batch)
        if progress is not None:
            progress(min(done, total), total)


def batches(points: Iterable[IndexPoint], size: int = BATCH) -> Iterator[Sequence[IndexPoint]]:
    """`points` in lists of `size`."""
    rest = iter(points)
    while batch := list(itertools.islice(rest, size)):
        yield batch
