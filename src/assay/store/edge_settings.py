"""How one index generation is made: written once into its folder as index.json, read by everyone who opens it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.errors import ManifestMismatch, StoreDamaged, StoreTooNew
from assay.store.edge_points import Bm25Parameters
from assay.store.edge_search import FORMER_DEFAULTS, SearchSettings
from assay.types import EMPTY, Record

if TYPE_CHECKING:
    import qdrant_edge as qe

FORMAT = 2
SETTINGS_FILE = "index.json"
REPAIR = "Run `assay doctor --repair`: it rebuilds the index from the catalogue, nothing is lost"
SEGMENT_KB = 30_000
SEGMENTS = 4
BULK_POINTS = 300_000


@dataclass(frozen=True, slots=True)
class IndexSettings(Record):
    """What an index generation is built with. Sizes in kilobytes of vectors; `m`, `ef_construct`: the HNSW graph.

    While an index serves, small segments keep one step of optimising under a second; a generation that is built at once
    gets few large ones (`bulk`), which answer faster, and serves with the small size afterwards (`serving`).
    """

    dimensions: int
    bm25: Bm25Parameters = field(default_factory=Bm25Parameters)
    search: SearchSettings = field(default_factory=SearchSettings)
    m: int = 16
    ef_construct: int = 128
    full_scan_kb: int = 10_000
    segment_kb: int = SEGMENT_KB
    segments: int = SEGMENTS
    indexing_kb: int = 5_000
    generation: int = 1
    mapped: bool = True
    """Vectors, graph and inverted lists are read from their files as they are needed, and not whole on opening: a
    million chunks then open at once, and the system decides what stays in memory."""
    built_for: Mapping[str, Any] = EMPTY
    """Names embedder and tokeniser: what was built for others is never served again, not even by rolling back."""

    def bulk(self, points: int) -> IndexSettings:
        """The same, with one segment for every 300,000 of `points` points."""
        count = max(1, -(-points // BULK_POINTS))
        size = max(SEGMENT_KB, min(points, BULK_POINTS) * self.dimensions * 4 * 5 // 4 // 1024)
        return self.changed(segment_kb=size, segments=count)

    def serving(self) -> IndexSettings:
        """The same, with the small segments of an index that takes points while it serves."""
        return self.changed(segment_kb=SEGMENT_KB, segments=SEGMENTS)

    def changed(self, **values: Any) -> IndexSettings:
        """The same but for `values`."""
        return IndexSettings(**{**{key: self[key] for key in self.keys()}, **values})

    def engine_config(self) -> qe.EdgeConfig:
        """The engine's configuration. No write-ahead log: the catalogue's outbox is ours."""
        import qdrant_edge as qe

        # For an older index nothing is said: with another placement the engine would build every segment anew.
        memory = qe.Memory.Cold if self.mapped else None
        return qe.EdgeConfig(
            vectors={"dense": qe.EdgeVectorParams(size=self.dimensions, distance=qe.Distance.Cosine, memory=memory)},
            sparse_vectors={"bm25": qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf, memory=memory)},
            hnsw_config=qe.HnswIndexConfig(
                m=self.m, ef_construct=self.ef_construct, full_scan_threshold=self.full_scan_kb, memory=memory
            ),
            optimizers=qe.EdgeOptimizersConfig(
                default_segment_number=self.segments,
                max_segment_size=self.segment_kb,
                indexing_threshold=self.indexing_kb,
            ),
            wal_enabled=False,
        )


@dataclass(frozen=True, slots=True)
class IndexState(Record):
    """What the keeper must know of an open index.

    `revision`: the sealed state of its content ("" before the first seal). `unverified`: it was not closed properly;
    compare it with the catalogue before serving, then `confirm`. `marked`: the outbox sequence carried to it by this
    process. `instance`: the process that holds it; another one has forgotten what was not flushed.
    """

    revision: str
    unverified: bool
    dirty: bool
    marked: int
    unindexed: int
    generation: int
    instance: str


def settings_from(told: dict[str, Any]) -> IndexSettings:
    """Settings out of `to_dict()`."""
    search = SearchSettings(**told["search"])
    nested = {
        "bm25": Bm25Parameters(**told["bm25"]),
        "search": SearchSettings() if search == FORMER_DEFAULTS else search,
    }
    return IndexSettings(**{**told, **nested})


def write_settings(folder: Path, settings: IndexSettings) -> None:
    """Write index.json, durably."""
    with (folder / SETTINGS_FILE).open("w", encoding="utf-8") as handle:
        json.dump({"format": FORMAT, **settings.to_dict()}, handle, indent=1)
        handle.flush()
        os.fsync(handle.fileno())


def read_settings(folder: Path) -> IndexSettings:
    """Raises StoreDamaged where index.json is missing or makes no sense, StoreTooNew for a later format."""
    try:
        told: dict[str, Any] = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
        version = int(told.pop("format"))
        if version > FORMAT:
            raise StoreTooNew(f"The index {folder} was written by a newer version", next="Install the newer version")
        if version < FORMAT:
            raise ManifestMismatch(f"The index {folder} was written by an older version", next=REPAIR)
        # What was built before there was a choice is held in memory.
        return settings_from({"mapped": False, **told})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreDamaged(
            f"The index {folder} is damaged", why=f"{SETTINGS_FILE}: {error or type(error).__name__}", next=REPAIR
        ) from error
