"""`Store`: what the system opens. The catalogue is the truth; this keeps the index in step with it.

A write is acknowledged by the catalogue's commit. `deliver` carries the outbox to the index, idempotently; entries are
trimmed only after the index has flushed. Opening recovers: what was staged and never published is dropped, the outbox
is carried again, and unless the index is known to be in step (see `recover`) both sides are compared, point by point
after an end without closing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from assay.errors import ManifestMismatch, OwnerLost, StoreDamaged, StoreError, StoreNotFound
from assay.store import generations
from assay.store.catalogue import SqlCatalogue, open_catalogue
from assay.store.edge import OPTIMISE_AT, EdgeIndex
from assay.store.edge_settings import REPAIR, IndexSettings
from assay.store.generations import Gap, KeptIndex, Progress, folder_of
from assay.store.keeper_access import embedded_index, owned_index
from assay.store.keeper_locks import Presence, Turn
from assay.store.keeper_manifest import checked_settings, mismatch, missing_values, next_settings
from assay.store.owner_client import OwnedIndex
from assay.store.owner_link import end_owner
from assay.types import OutboxEntry

Mode = Literal["owner", "embedded"]
FLUSH_EVERY = 5000
_ENTRIES = 1000


class Store:
    """A catalogue and its index, kept in step. Threads may share one; several processes may open one store each."""

    def __init__(self, path: Path, catalogue: SqlCatalogue, *, mode: Mode, idle_seconds: float = 300.0) -> None:
        """Use `Store.open`."""
        self.path = path
        self.catalogue = catalogue
        self.ledger = catalogue.jobs
        self.fault: StoreError | None = None
        """Why there is no index, where the store was opened tolerantly and it could not be served."""
        self._mode: Mode = mode
        self._idle_seconds = idle_seconds
        self._index: KeptIndex | None = None
        self._turn = Turn(path / "deliver.lock")
        self._building = Turn(path / "rebuild.lock")
        self._carried = 0
        self._presence = Presence(path / "open.lock")
        self._closed = False

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        mode: Mode = "owner",
        create: bool = False,
        expect: Mapping[str, Any] | None = None,
        idle_seconds: float = 300.0,
        settings: IndexSettings | None = None,
        catalogue: SqlCatalogue | None = None,
        tolerant: bool = False,
        progress: Progress | None = None,
    ) -> Store:
        """The store in folder `path`, recovered and ready; made first where there is none and `create` is set.

        `expect`: manifest values that must agree (fingerprint, tokeniser, dimensions, chunker); missing ones are
        written. `settings` apply to a new index only. `catalogue`: one that lies elsewhere, opened already (the store
        closes it). `tolerant`: an index that cannot be served becomes `fault` instead of an error, for doctor and
        repair. Raises StoreNotFound, ManifestMismatch, StoreDamaged, StoreInUse,
        StoreTooNew, StoreReadOnly, StoreFull, OwnerLost.
        """
        path = path.resolve()
        catalogue = catalogue or open_catalogue(path, create=create)
        store: Store | None = None
        try:
            store = cls(path, catalogue, mode=mode, idle_seconds=idle_seconds)
            try:
                store.agree(expect or {})
                store._begin(settings, progress)
            except (StoreDamaged, ManifestMismatch, StoreNotFound, OwnerLost) as error:
                if not tolerant:
                    raise
                store.fault = error
        except BaseException:
            if store is not None:
                store._let_go()
            catalogue.close()
            raise
        return store

    # --- reading -----------------------------------------------------------------------------------------------------

    @property
    def index(self) -> KeptIndex:
        """The index. Raises `fault` where there is none."""
        if self._index is None or self.fault is not None:
            raise self.fault or StoreError(f"The store {self.path} was closed", next="Open it again")
        return self._index

    @property
    def generation(self) -> int:
        """The generation that the manifest names; 0 before the first."""
        return int(self.catalogue.manifest().get("generation", 0))

    # --- keeping in step ---------------------------------------------------------------------------------------------

    def deliver(self) -> int:
        """Carry what waits in the outbox to the index; returns how many entries. The next search sees it."""
        delivered = 0
        with self._turn:
            while entries := self._waiting():
                self._carry(entries)
                delivered += len(entries)
            if self._carried >= FLUSH_EVERY:
                self._checkpoint()
        return delivered

    def flush(self) -> None:
        """Make the index durable, seal it, and trim what was carried. Call it at the end of a job."""
        with self._turn:
            index = self.index
            if self._mode == "embedded":
                index.optimise(OPTIMISE_AT)
            index.flush()
            self._carried = 0
            state = index.state()
            if state.marked:
                self.catalogue.trim_outbox(state.marked)
            if state.revision != self.catalogue.manifest().get("index_revision"):
                self.catalogue.set_manifest(index_revision=state.revision)

    def recover(self, progress: Progress | None = None) -> Gap:
        """Bring both sides together after an end of any kind; returns what separated them.

        A revision stands in the catalogue only after the index was sealed under it and what it lacked of the catalogue
        was left in the outbox. So an index that is sealed under that revision, with nothing left to carry, holds what
        the catalogue says and is not compared; nor is one that this store (in any process) compared already.
        Raises StoreDamaged where the index holds points otherwise than the catalogue and no outbox entry explains it.
        """
        with self._turn:
            index, state, manifest = self.index, self.index.state(), self.catalogue.manifest()
            known = bool(state.revision) and state.revision == manifest.get("index_revision")
            if state.unverified or not known:
                self._compare(index, heal=not state.unverified, progress=progress)
            carried = self.deliver()
            compared = manifest.get("index_compared") == state.instance
            found = Gap(frozenset(), frozenset())
            if state.unverified or not known or ((carried or state.dirty) and not compared):
                found = generations.catch_up(self.catalogue, index)
                index.confirm()
            if not compared:
                self.catalogue.set_manifest(index_compared=state.instance)
            if index.state().dirty or not known or not found.closed:
                self.flush()
            return found

    # --- generations -------------------------------------------------------------------------------------------------

    def rebuild(
        self,
        *,
        erase: bool = False,
        settings: IndexSettings | None = None,
        manifest: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
    ) -> int:
        """Build the next generation from the catalogue beside the present one, and switch; returns its number.

        The former one stays for `rollback`, unless `erase`. `manifest`: values to record with the switch (a new
        tokeniser, for example). The present generation goes on serving until the switch.
        """
        with self._building:
            former = self.generation
            number = max([former, *generations.numbers(self.path)]) + 1
            fresh = self._builder(number, self._settings_for(number, settings, manifest))
            try:
                generations.fill(self.catalogue, fresh, progress)
                fresh.flush()
                with self._turn:
                    self._take_over(number, fresh, manifest)
            except BaseException:
                self._abandon(number, fresh)
                raise
            generations.sweep(self.path, [number] if erase else [former, number])
        return number

    def rollback(self) -> int:
        """Serve the former generation again, brought up to date; returns its number.

        Raises StoreNotFound where none is kept, ManifestMismatch where it was built for another embedder or tokeniser.
        """
        present = self.generation
        kept = [number for number in generations.numbers(self.path) if number < present]
        if not kept:
            raise StoreNotFound("There is no former generation of the index", why="none is kept after erasing")
        with self._turn:
            former = kept[-1]
            settings = checked_settings(folder_of(self.path, former), self.catalogue.manifest())
            self._switch(former, {"index": settings.to_dict()}, revision="")
            self.recover()
        return former

    def compact(self, erase: bool = True) -> Mapping[str, str]:
        """Write catalogue and index anew; with `erase` older generations go too, so that what was removed is in no
        file of the store. Returns what was probed at each place. Raises StoreInUse while another process reads."""
        self.deliver()
        number = self.rebuild(erase=erase)
        unmarked = [
            receipt.document_id for receipt in self.catalogue.receipts(limit=1_000_000) if not receipt.compacted
        ]
        kept = [other for other in generations.numbers(self.path) if other != number]
        found = generations.gap(self.catalogue, self.index)
        probes = {
            "index": f"generation {number} written anew, {len(found.extra)} points beyond the catalogue",
            "older generations": f"{len(kept)} kept" if kept else "none",
        }
        probes = {**self.catalogue.compact(), **probes}
        for document in dict.fromkeys(unmarked):
            self.catalogue.add_probes(document, probes)
        return probes

    # --- life --------------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Flush what was carried and let go; calling it twice is harmless."""
        if self._closed:
            return
        try:
            if self._index is not None and self.fault is None:
                state = self._index.state()
                if state.dirty or state.revision != self.catalogue.manifest().get("index_revision"):
                    self.flush()
        finally:
            self._let_go()
            self.catalogue.close()

    def end_owner(self) -> None:
        """Let the index owner end and close this store: before a backup with the index, or a restore."""
        index = self._index
        if isinstance(index, OwnedIndex):
            if self.fault is None:
                self.flush()
            index.end()
            self._index = None
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- opening -----------------------------------------------------------------------------------------------------

    def agree(self, expect: Mapping[str, Any]) -> None:
        """Compare the manifest with what is expected; write what it does not say yet. Raises ManifestMismatch.

        An empty index of other dimensions (made before an embedder was known) is made anew.
        """
        missing = missing_values(self.catalogue.manifest(), expect, self.path)
        if missing:
            self.catalogue.set_manifest(**missing)
        wanted = expect.get("dimensions")
        if self._index is not None and wanted is not None and self._index.settings.dimensions != wanted:
            if self.catalogue.point_ids():
                raise mismatch(self.path, "dimensions", self._index.settings.dimensions, wanted)
            self.rebuild(erase=True)

    def _begin(self, settings: IndexSettings | None, progress: Progress | None) -> None:
        number = self.generation
        if not number or not folder_of(self.path, number).is_dir():
            number = self._first(settings, progress)
        checked_settings(folder_of(self.path, number), self.catalogue.manifest())
        self._index = self._serving()
        # Only here: later on, what is staged may be this store's own work.
        self._discard_staged()
        self.recover(progress)
        with self._presence.alone() as alone:
            if alone:
                former = [other for other in generations.numbers(self.path) if other < number][-1:]
                generations.sweep(self.path, [number, *former])

    def _first(self, settings: IndexSettings | None, progress: Progress | None) -> int:
        """Make the generation that is missing: the first of a new store, or anew after a restore without index."""
        with self._turn:
            number = self.generation
            if number and folder_of(self.path, number).is_dir():
                return number
            number = max([number, *generations.numbers(self.path)]) + 1
            # An empty one is made here: a process of its own would take longer to start than the whole rest.
            apart = bool(self.catalogue.point_ids())
            fresh = self._builder(number, self._settings_for(number, settings, None), apart=apart)
            try:
                generations.fill(self.catalogue, fresh, progress)
                generations.catch_up(self.catalogue, fresh)
                fresh.flush()
                told = fresh.state().revision
                self._end_builder(fresh)
            except BaseException:
                self._abandon(number, fresh)
                raise
            made = fresh.settings.to_dict()
            self.catalogue.set_manifest(generation=number, index_revision=told, index=made)
            return number

    def _serving(self) -> KeptIndex:
        open_index = embedded_index if self._mode == "embedded" else owned_index
        return open_index(self.path, lambda: folder_of(self.path, self.generation), self._idle_seconds, self._restarted)

    def _builder(self, number: int, settings: IndexSettings, *, apart: bool = True) -> KeptIndex:
        folder = folder_of(self.path, number)
        (self.path / "index").mkdir(mode=0o700, exist_ok=True)
        if self._mode == "embedded" or not apart:
            return EdgeIndex.create(folder, settings)
        # One may be left of a build that was broken off.
        end_owner(self.path, "builder")
        return OwnedIndex(
            self.path, lambda: folder, create=settings, role="builder", idle_seconds=60.0, on_restart=_builder_lost
        )

    def _take_over(self, number: int, fresh: KeptIndex, manifest: Mapping[str, Any] | None) -> None:
        """Catch up with what came while the generation was built, and serve it. Only in our turn."""
        through = self._last_sequence()
        generations.catch_up(self.catalogue, fresh)
        fresh.flush()
        revision = fresh.state().revision
        self._end_builder(fresh)
        self._switch(number, {**(manifest or {}), "index": fresh.settings.to_dict()}, revision=revision)
        self.index.mark(through)
        self.flush()

    def _abandon(self, number: int, fresh: KeptIndex) -> None:
        with contextlib.suppress(StoreError):
            self._end_builder(fresh)
        if self.generation != number:
            generations.remove(self.path, number)

    def _end_builder(self, index: KeptIndex) -> None:
        if isinstance(index, OwnedIndex):
            index.end()
        index.close()

    def _restarted(self) -> None:
        if self._index is not None:
            self.recover()

    def _let_go(self) -> None:
        self._closed = True
        index, self._index = self._index, None
        if index is not None:
            index.close()
        self._presence.leave()

    # --- steps -------------------------------------------------------------------------------------------------------

    def _waiting(self) -> list[OutboxEntry]:
        marked = self.index.state().marked
        entries = self.catalogue.outbox(_ENTRIES)
        fresh = [entry for entry in entries if entry.sequence > marked]
        if not fresh and len(entries) == _ENTRIES:
            # All that can be seen was carried already; make room to see what comes after it.
            self._checkpoint()
            return self._waiting()
        return fresh

    def _checkpoint(self) -> None:
        """Make durable what was carried, and only then forget the entries."""
        index = self.index
        index.checkpoint()
        self.catalogue.trim_outbox(index.state().marked)
        self._carried = 0

    def _carry(self, entries: Sequence[OutboxEntry]) -> None:
        """Upserts and deletes of several entries at once. An id is never used twice, so a delete always wins."""
        deletes = {key for entry in entries for key in entry.deletes}
        upserts = {key for entry in entries for key in entry.upserts} - deletes
        index = self.index
        found: set[int] = set()
        for batch in generations.batches(self.catalogue.points(sorted(upserts))):
            index.upsert(batch)
            found.update(point.id for point in batch)
        index.delete(sorted(deletes | (upserts - found)))
        index.mark(entries[-1].sequence)
        self._carried += len(upserts) + len(deletes)

    def _compare(self, index: KeptIndex, *, heal: bool, progress: Progress | None) -> None:
        pending = {key for entry in self._all_entries() for key in entry.upserts}
        wrong = [key for key in generations.differences(self.catalogue, index, progress) if key not in pending]
        if not wrong:
            return
        if not heal:
            raise StoreDamaged(
                f"The index of the store {self.path} is damaged",
                why=f"{len(wrong)} points are missing or differ from the catalogue, point {wrong[0]} among them",
                next=REPAIR,
            )
        for batch in generations.batches(self.catalogue.points(wrong)):
            index.upsert(batch)

    def _discard_staged(self) -> None:
        """Drop what was staged and never published, where nobody can be at work on it."""
        with self._presence.alone() as alone:
            if not alone:
                return
            if not self.catalogue.database.is_sqlite:
                # Other hosts may share the catalogue; they are seen by their leases alone.
                idle = {job.id for job in self.ledger.resumable()}
                if any(job.state == "running" and job.id not in idle for job in self.ledger.jobs(1000)):
                    return
            self.catalogue.discard_staged()

    def _switch(self, number: int, manifest: Mapping[str, Any], *, revision: str) -> None:
        self.catalogue.set_manifest(**{**manifest, "generation": number, "index_revision": revision})
        index = self._index
        if isinstance(index, OwnedIndex):
            index.switch(folder_of(self.path, number))
        else:
            self._index = None
            if index is not None:
                index.close()
            self._index = self._serving()
        self.fault = None
        self.catalogue.set_manifest(index_compared=self.index.state().instance)

    def _settings_for(
        self, number: int, settings: IndexSettings | None, manifest: Mapping[str, Any] | None
    ) -> IndexSettings:
        told = {**self.catalogue.manifest(), **(manifest or {})}
        return next_settings(told, settings, number, len(self.catalogue.point_ids()))

    def _last_sequence(self) -> int:
        entries = self._all_entries()
        return entries[-1].sequence if entries else 0

    def _all_entries(self) -> list[OutboxEntry]:
        return self.catalogue.outbox(10_000_000)


def _builder_lost() -> None:
    # What a builder had not flushed is gone with it; another one must not go on from there.
    raise OwnerLost(
        "The process that built a new index generation was lost",
        why="the present generation goes on serving; the report is in builder-crash.txt",
        next="Run the same command again",
    )
