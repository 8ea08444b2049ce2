"""`EdgeIndex`: `ports.Index` over one folder of Qdrant Edge, in this process. Derived from the catalogue.

The engine holds Python's lock during every call and can crash the process, so by default an index lives in a process
of its own (`owner`); opening one here is for that process, for building a generation, and for embedded use.
Dense vectors: cosine, HNSW. BM25: sparse vectors of term hashes; see `edge_points` and `edge_search`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assay.errors import StoreError
from assay.store import checksums, edge_compare, faults
from assay.store.edge_engine import check_room, damaged, engine, load, lock_of, unsealed_faults
from assay.store.edge_filters import filter_keys
from assay.store.edge_lock import ProcessLock
from assay.store.edge_points import PointBatch, encode, query_terms, unit
from assay.store.edge_search import MAX_TERMS, Hits, Searcher, Term
from assay.store.edge_settings import IndexSettings, IndexState, read_settings, write_settings
from assay.types import IndexHit, IndexPoint, IndexQuery, IndexStatus, Matrix, Vector, Where

if TYPE_CHECKING:
    import qdrant_edge as qe

PAGE = 1000
IDS_PAGE = 50_000
OPTIMISE_AT = 6000
MAX_FIELD_INDEXES = 256


class EdgeIndex:
    """One open index. Threads may share it; one process may hold it. Use `create` or `open`."""

    def __init__(self, folder: Path, settings: IndexSettings, shard: qe.EdgeShard, lock: ProcessLock) -> None:
        self.folder = folder
        self.settings = settings
        self.files_read: tuple[str, ...] = ()
        """The files that had to be read for the present seal; on opening also to compare them with the former one."""
        self._revision = ""
        self._known: checksums.Seal | None = None
        self._unverified = False
        self._marked = 0
        self._instance = checksums.new_revision()
        self._shard = shard
        self._lock = lock
        self._gate = threading.RLock()
        self._fields = _Keys()
        self._absent: set[str] = set()
        self._searcher = Searcher(shard, settings.search, self._fields)
        self._dirty = False
        self._closed = False

    @classmethod
    def create(cls, folder: Path, settings: IndexSettings) -> Self:
        """A new index in `folder`, which must not exist or be empty. Raises StoreInUse, StoreFull, StoreReadOnly."""
        with faults.translated(str(folder)):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = lock_of(folder)
        try:
            check_room(folder, 0)
            with engine(folder, "be made"):
                from qdrant_edge import EdgeShard

                write_settings(folder, settings)
                # The first load rewrites the engine's configuration file; a seal must not see that.
                EdgeShard.create(str(folder), settings.engine_config()).close()
            index = cls(folder, settings, load(folder, settings), lock)
            index._first_fields()
        except BaseException:
            lock.release()
            raise
        return index

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The index in `folder`, its files compared with their seal.

        Raises StoreDamaged, naming the files; StoreInUse; StoreTooNew. See `state().unverified`.
        """
        lock = lock_of(folder)
        try:
            settings = read_settings(folder)
            seal = checksums.read_seal(folder)
            seen = None if seal is None else checksums.survey(folder, seal)
            wrong = unsealed_faults(folder) if seal is None else checksums.faults_of(folder, seal, seen)
            if wrong:
                raise damaged(folder, wrong)
            # Loading may fold journals into their files, so for that moment the seal does not hold.
            checksums.break_seal(folder)
            if settings != settings.serving():
                settings = settings.serving()
                write_settings(folder, settings)
            index = cls(folder, settings, load(folder, settings), lock)
            index._reopened(seal, seen)
        except BaseException:
            lock.release()
            raise
        return index

    # --- ports.Index -------------------------------------------------------------------------------------------------

    def upsert(self, points: Sequence[IndexPoint]) -> None:
        """Add or replace by id; visible to the next search. Raises InputError for vectors that do not fit."""
        for start in range(0, len(points), PAGE):
            self.apply(encode(points[start : start + PAGE], self.settings.bm25, self.settings.dimensions))

    def delete(self, ids: Sequence[int]) -> None:
        """Remove by id; unknown ids are no error."""
        if not ids:
            return
        with self._writing("be deleted from"):
            from qdrant_edge import UpdateOperation

            self._shard.update(UpdateOperation.delete_points(list(ids)))

    def search(self, query: IndexQuery) -> list[IndexHit]:
        """Both legs, each hit with both signals, best cosine first. Raises FilterError, InputError."""
        terms = None if query.tokens is None else query_terms(query.tokens, MAX_TERMS)
        return self.find(query.where, terms, query.vector, query.depth).rows()

    def nearest(self, where: Where, vectors: Matrix) -> list[float]:
        """The best cosine of each row with what passes `where`. Raises FilterError, InputError."""
        rows = [unit(row, self.settings.dimensions, "The question") for row in vectors]
        self._index_filtered(filter_keys(where))
        with self._using("be searched"):
            return self._searcher.nearest(where, rows)

    def ids(self) -> set[int]:
        """Every id held."""
        from qdrant_edge import ScrollRequest

        found: set[int] = set()
        offset: Any = None
        with self._using("be listed"):
            while True:
                page, offset = self._shard.scroll(
                    ScrollRequest(offset=offset, limit=IDS_PAGE, with_payload=False, with_vector=False)
                )
                found.update(int(str(record.id)) for record in page)
                if offset is None:
                    return found

    def flush(self) -> None:
        """Make everything before durable, and seal the folder (not while it is unverified). See `state`."""
        with self._using("be flushed"):
            if self._dirty or not self._revision:
                self._shard.flush()
                if not self._unverified:
                    self._seal(checksums.new_revision())

    def status(self) -> IndexStatus:
        """How the index stands; `clean` is True while the folder is sealed and was found right."""
        with self._using("be examined"):
            info = self._shard.info()
            points = self._count()
            size = sum(512 * place.stat().st_blocks for place in self.folder.rglob("*") if place.is_file())
        return IndexStatus(
            generation=self.settings.generation,
            points=points,
            unindexed=_unindexed(info),
            bytes=size,
            clean=not self._dirty and not self._unverified,
            pid=os.getpid(),
            path=str(self.folder),
        )

    def close(self) -> None:
        """Flush, seal and let go."""
        with self._gate:
            if self._closed:
                return
            try:
                if self._dirty:
                    self.flush()
            finally:
                self._closed = True
                self._shard.close()
                self._lock.release()

    # --- for the owner process and the keeper ------------------------------------------------------------------------

    def apply(self, batch: PointBatch) -> None:
        """Add or replace points that were encoded already. Raises StoreFull before the disk is full."""
        if not batch.ids:
            return
        check_room(self.folder, 4 * batch.vectors.nbytes)
        with self._writing("take new points"):
            from qdrant_edge import UpdateOperation

            self._shard.update(UpdateOperation.upsert_points(list(_engine_points(batch))))
            self._absent.difference_update(key for payload in batch.payloads for key in payload)

    def find(self, where: Where, terms: Sequence[Term] | None, vector: Vector | None, depth: int) -> Hits:
        """A search with hashed terms. Raises FilterError for a filter that cannot be, InputError for the vector."""
        if vector is not None:
            vector = unit(vector, self.settings.dimensions, "The question")
        self._index_filtered(filter_keys(where))
        with self._using("be searched"):
            return self._searcher.search(where, terms, vector, depth)

    def differences(self, batch: PointBatch) -> list[int]:
        """As `differing`, for points that were encoded already."""
        with self._using("be compared"):
            return edge_compare.differing(self._shard, batch, self._fields)

    def differing(self, points: Sequence[IndexPoint]) -> list[int]:
        """The ids of those points that the index lacks or holds otherwise."""
        return self.differences(encode(points, self.settings.bm25, self.settings.dimensions))

    def checkpoint(self) -> None:
        """Make everything before durable without sealing: cheaper than `flush` in the middle of a long load."""
        with self._using("be flushed"):
            self._shard.flush()

    def mark(self, sequence: int) -> None:
        """Note that the outbox was carried here through `sequence`."""
        self._marked = max(self._marked, sequence)

    def confirm(self) -> None:
        """Note that the content was compared with the catalogue and is right."""
        self._unverified = False

    def optimise(self, least: int = OPTIMISE_AT) -> bool:
        """Build graph and inverted lists for new points once there are `least` of them; True if something was done."""
        with self._using("be optimised"):
            if _unindexed(self._shard.info()) < least:
                return False
            with self._rearranging():
                return bool(self._shard.optimize())

    def state(self) -> IndexState:
        """What the keeper must know; see `IndexState`."""
        with self._using("be examined"):
            return IndexState(
                revision=self._revision,
                unverified=self._unverified,
                dirty=self._dirty,
                marked=self._marked,
                unindexed=_unindexed(self._shard.info()),
                generation=self.settings.generation,
                instance=self._instance,
            )

    # --- inside ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _using(self, doing: str) -> Iterator[None]:
        with self._gate:
            if self._closed:
                raise StoreError(f"The index {self.folder} was closed", next="Open it again")
            with engine(self.folder, doing):
                yield

    @contextmanager
    def _writing(self, doing: str) -> Iterator[None]:
        with self._using(doing):
            self._touch()
            try:
                yield
            finally:
                self._searcher.forget()

    @contextmanager
    def _rearranging(self) -> Iterator[None]:
        """A change of files, not of content: a sealed folder is sealed again under the same revision."""
        sealed, revision = not self._dirty and bool(self._revision), self._revision
        self._touch()
        try:
            yield
        finally:
            self._searcher.forget()
        if sealed:
            self._shard.flush()
            self._seal(revision)

    def _touch(self) -> None:
        if not self._dirty:
            checksums.break_seal(self.folder)
            self._dirty = True
            self._known = self._known and self._known.lasting()

    def _seal(self, revision: str, points: int | None = None) -> None:
        seen = checksums.survey(self.folder, self._known)
        self._known = seen.seal(revision, self._count() if points is None else points)
        checksums.write_seal(self.folder, self._known)
        self._revision, self._dirty, self.files_read = revision, False, seen.read

    def _count(self) -> int:
        from qdrant_edge import CountRequest

        return int(self._shard.count(CountRequest(exact=True)))

    def _first_fields(self) -> None:
        with self._using("be made"):
            self._dirty = True
            for name in ("access", "document", "kind"):
                self._add_field(name, "s")

    def _reopened(self, seal: checksums.Seal | None, seen: checksums.Survey | None) -> None:
        with self._using("be opened"):
            self._fields.update(self._shard.info().payload_schema)
            self._unverified = self._dirty = seal is None
            if seal is not None and (points := self._count()) != seal.points:
                raise damaged(self.folder, [f"{points} points instead of {seal.points}"])
            if not {"access", "document", "kind"} <= self._fields:
                raise damaged(self.folder, ["the payload indexes are missing"])
            if seal is not None and seen is not None:
                self._resealed(seal, seen)

    def _resealed(self, seal: checksums.Seal, seen: checksums.Survey) -> None:
        self._revision, self._known = seal.revision, seen.seal(seal.revision, seal.points)
        if seen.read or seen.stamps != checksums.content_stamps(self.folder):
            # With new stamps, so that what was read now is not read the next time.
            self._seal(seal.revision, seal.points)
        else:
            checksums.mend_seal(self.folder)
        self.files_read = (*seen.read, *self.files_read)

    def _index_filtered(self, keys: set[str]) -> None:
        """Payload indexes are made when a field is first filtered on: each costs a tenth of a second and slows every
        later write, and most fields are never filtered on. A field that no point has leaves none behind."""
        with self._using("be indexed"):
            missing = sorted(keys - set(self._fields) - self._absent)[: max(0, MAX_FIELD_INDEXES - len(self._fields))]
            if not missing:
                return
            check_room(self.folder, 0)
            with self._rearranging():
                for key in missing:
                    self._add_field(key, key[0])
                    self._drop_empty(key)

    def _drop_empty(self, key: str) -> None:
        from qdrant_edge import UpdateOperation

        if self._shard.info().payload_schema[key].points == 0:
            self._shard.update(UpdateOperation.delete_field_index(key))
            self._fields.discard(key)
            self._absent.add(key)

    def _add_field(self, key: str, kind: str) -> None:
        import qdrant_edge as qe

        params: Any = {
            "n": qe.FloatIndexParams(enable_hnsw=False),
            "d": qe.DatetimeIndexParams(enable_hnsw=False),
        }.get(kind) or qe.KeywordIndexParams(enable_hnsw=False, prefix=True)
        self._shard.update(qe.UpdateOperation.create_field_index(key, params))
        self._fields.add(key)


class _Keys(set[str]):
    """The payload keys that have an index. Once there are very many, no more are made: then any key may be in use."""

    def __contains__(self, key: object) -> bool:
        return len(self) >= MAX_FIELD_INDEXES or super().__contains__(key)


def _unindexed(info: qe.ShardInfo) -> int:
    # Each point has two vectors, and the sparse one counts as indexed from the beginning.
    return max(0, 2 * int(info.points_count) - int(info.indexed_vectors_count))


def _engine_points(batch: PointBatch) -> Iterator[Any]:
    from qdrant_edge import Point, SparseVector

    bounds = batch.bounds()
    terms, weights, vectors = batch.terms.tolist(), batch.weights.tolist(), batch.vectors.tolist()
    for row, key in enumerate(batch.ids):
        start, end = bounds[row], bounds[row + 1]
        sparse = SparseVector(indices=terms[start:end], values=weights[start:end])
        yield Point(id=key, vector={"dense": vectors[row], "bm25": sparse}, payload=dict(batch.payloads[row]))
