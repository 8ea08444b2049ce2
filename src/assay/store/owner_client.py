"""`OwnedIndex`: `ports.Index` through the index owner. Starts the owner where there is none; threads may share one.

Where the owner is lost in the middle of a request, it is started once more, `on_restart` is called (the keeper carries
the outbox again: a new owner has forgotten what was not flushed), and the request is repeated. Every request may be
repeated without harm. If the owner is lost again, OwnerLost tells what its crash report says.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assay.errors import AssayError, OwnerLost
from assay.store.edge_lock import held, holder
from assay.store.edge_points import encode, query_terms, unit
from assay.store.edge_search import MAX_TERMS
from assay.store.edge_settings import IndexSettings, IndexState, settings_from
from assay.store.owner_files import OwnerFiles, in_use
from assay.store.owner_link import (
    ANSWER_SECONDS,
    START_SECONDS,
    Connection,
    Lost,
    autopsy,
    end_owner,
    held_inside,
    reach,
    start,
)
from assay.store.owner_protocol import (
    Arrays,
    Header,
    Message,
    batch_to_message,
    hits_from_message,
    where_to_json,
)
from assay.types import IndexHit, IndexPoint, IndexQuery, IndexStatus, Matrix, Where

LONG_SECONDS = 1800.0
_PAGE = 1000
_LONG = frozenset({"optimise", "flush", "checkpoint", "switch", "ids", "apply"})
_TRIES = 3


class OwnedIndex:
    """The index of a store, held by its owner process. `settings` are those of the open generation."""

    def __init__(
        self,
        store: Path,
        folder: Callable[[], Path],
        *,
        create: IndexSettings | None = None,
        role: str = "owner",
        idle_seconds: float = 300.0,
        on_restart: Callable[[], None] | None = None,
    ) -> None:
        """Reach the owner, or start one on what `folder` names then (made with `create` where it does not exist).

        Raises StoreInUse, naming the process, where the index is held and cannot be reached; StoreDamaged, OwnerLost.
        """
        self._folder = folder
        self._files = OwnerFiles(store.resolve(), role)
        self._create = create
        self._idle_seconds = idle_seconds
        self._on_restart: Callable[[], None] | None = None
        self._free: list[Connection] = []
        self._gate = threading.Lock()
        self._local = threading.local()
        self._instance = ""
        self._closed = False
        first = self._connect()
        self._instance = first.instance
        self._learn(first.greeting)
        self._give_back(first)
        self._on_restart = on_restart

    # --- ports.Index -------------------------------------------------------------------------------------------------

    def upsert(self, points: Sequence[IndexPoint]) -> None:
        """Add or replace by id; visible to the next search."""
        for first in range(0, len(points), _PAGE):
            self._encoded("apply", points[first : first + _PAGE])

    def delete(self, ids: Sequence[int]) -> None:
        """Remove by id; unknown ids are no error."""
        if ids:
            self._ask("delete", {}, {"ids": np.array(list(ids), dtype=np.int64)})

    def search(self, query: IndexQuery) -> list[IndexHit]:
        """Both legs, each hit with both signals, best cosine first. Raises FilterError, InputError, OwnerLost."""
        terms = None if query.tokens is None else query_terms(query.tokens, MAX_TERMS)
        asked = {"where": where_to_json(query.where), "terms": terms, "depth": query.depth}
        vector = query.vector
        arrays = {} if vector is None else {"vector": unit(vector, self.settings.dimensions, "The question")}
        return hits_from_message(*self._ask("search", asked, arrays)).rows()

    def nearest(self, where: Where, vectors: Matrix) -> list[float]:
        """The best cosine of each row with what passes `where`. Raises FilterError, InputError, OwnerLost."""
        if not len(vectors):
            return []
        rows = np.stack([unit(row, self.settings.dimensions, "The question") for row in vectors])
        told = self._ask("nearest", {"where": where_to_json(where)}, {"vectors": rows})
        return [float(value) for value in told[1]["cosines"]]

    def ids(self) -> set[int]:
        """Every id held."""
        return set(self._ask("ids")[1]["ids"].tolist())

    def flush(self) -> None:
        """Make everything before durable, and seal the folder."""
        self._ask("flush")

    def status(self) -> IndexStatus:
        """How the index stands, and which process holds it."""
        told, _ = self._ask("status")
        return IndexStatus(**{key: told[key] for key in IndexStatus.__dataclass_fields__})

    def close(self) -> None:
        """Hang up. The owner goes on for others; it flushes by itself and ends when nobody asks any more."""
        with self._gate:
            self._closed = True
            for connection in self._free:
                connection.close()
            self._free.clear()

    # --- for the keeper ----------------------------------------------------------------------------------------------

    def differing(self, points: Sequence[IndexPoint]) -> list[int]:
        """The ids of those points that the index lacks or holds otherwise."""
        return [int(key) for key in self._encoded("differences", points)["ids"]]

    def checkpoint(self) -> None:
        """Make everything before durable without sealing."""
        self._ask("checkpoint")

    def mark(self, sequence: int) -> None:
        """Note that the outbox was carried here through `sequence`."""
        self._ask("mark", {"sequence": sequence})

    def confirm(self) -> None:
        """Note that the content was compared with the catalogue and is right."""
        self._ask("confirm")

    def optimise(self, least: int = 0) -> bool:
        """Build graph and inverted lists for new points once there are `least`."""
        return bool(self._ask("optimise", {"least": least})[0]["changed"])

    def state(self) -> IndexState:
        """What the keeper must know."""
        told, _ = self._ask("state")
        return IndexState(**{key: told[key] for key in IndexState.__dataclass_fields__})

    def switch(self, folder: Path) -> None:
        """Let the owner serve another generation. Raises StoreDamaged, changing nothing, if it does not open."""
        self._learn(self._ask("switch", {"folder": str(folder)})[0])

    def end(self, seconds: float = 60.0) -> None:
        """Let the owner end, and wait until it has let go of the index."""
        self.close()
        end_owner(self._files.store, self._files.role, seconds)

    def _learn(self, told: Header) -> None:
        self.served, self.settings = Path(told["folder"]), settings_from(told["settings"])
        self.pid = int(told["pid"])

    def _encoded(self, op: str, points: Sequence[IndexPoint]) -> Header:
        """Ask with points, encoded for the generation that the owner serves: it may have switched meanwhile."""
        while True:
            header, arrays = batch_to_message(encode(points, self.settings.bm25, self.settings.dimensions))
            told, _ = self._ask(op, {**header, "folder": str(self.served)}, arrays)
            if not told.get("stale"):
                return told
            self._learn(told)

    # --- asking ------------------------------------------------------------------------------------------------------

    def _ask(self, op: str, header: Header | None = None, arrays: Arrays | None = None) -> Message:
        if self._closed:
            raise OwnerLost(f"The index of {self._files.store} was closed", next="Open the store again")
        crashes = 0
        for _ in range(_TRIES):
            before = self._crash_stamp()
            connection: Connection | None = None
            try:
                connection = self._take()
                answer = connection.ask({"op": op, **(header or {})}, arrays or {}, _seconds(op))
                self._give_back(connection)
                return answer
            except Lost:
                self._hang_up(connection)
                crashes += self._crashed(before)
                if crashes > 1 or self._recovering:
                    break
            except OwnerLost:
                self._hang_up(connection)
                raise
            except AssayError:
                if connection is not None:
                    self._give_back(connection)
                raise
        raise self._lost(op)

    def _take(self) -> Connection:
        with self._gate:
            if self._free:
                return self._free.pop()
        connection = self._connect()
        if connection.instance != self._instance and not self._recovering:
            self._restarted(connection)
        return connection

    def _restarted(self, connection: Connection) -> None:
        # Threads that notice at the same time all do this: carrying the outbox again is idempotent, and none of them
        # may go on before it is done.
        self._local.recovering = True
        try:
            self._learn(connection.greeting)
            if self._on_restart is not None:
                self._on_restart()
            self._instance = connection.instance
        except BaseException:
            connection.close()
            raise
        finally:
            self._local.recovering = False

    @property
    def _recovering(self) -> bool:
        return bool(getattr(self._local, "recovering", False))

    def _give_back(self, connection: Connection) -> None:
        with self._gate:
            if not self._closed and len(self._free) < 16 and connection.instance == self._instance:
                self._free.append(connection)
                return
        connection.close()

    def _hang_up(self, connection: Connection | None) -> None:
        if connection is not None:
            connection.close()
        with self._gate:
            for idle in self._free:
                idle.close()
            self._free.clear()

    def _crashed(self, before: int) -> bool:
        """True where the owner did not end by itself; its traces become the crash report."""
        autopsy(self._files)
        return self._crash_stamp() != before

    def _crash_stamp(self) -> int:
        try:
            return self._files.crash.stat().st_mtime_ns
        except OSError:
            return 0

    def _lost(self, op: str) -> OwnerLost:
        crash = self._files.crash
        told = crash.read_text("utf-8", "replace").strip() if crash.exists() else "It left no report."
        return OwnerLost(
            f"The index owner was lost twice during {op!r}",
            why=told,
            next=f"Run `assay doctor`. Nothing in the catalogue is lost. The report: {crash}",
        )

    # --- reaching and starting ---------------------------------------------------------------------------------------

    def _connect(self) -> Connection:
        until = time.monotonic() + START_SECONDS
        while True:
            connection = reach(self._files)
            if connection is not None:
                return connection
            if not held(self._files.lock):
                start(self._files, self._folder().resolve(), self._create, self._idle_seconds)
            elif time.monotonic() > until or held_inside(self._files):
                raise in_use(self._files, holder(self._files.lock))
            else:
                time.sleep(0.02)


def _seconds(op: str) -> float:
    return LONG_SECONDS if op in _LONG else ANSWER_SECONDS
