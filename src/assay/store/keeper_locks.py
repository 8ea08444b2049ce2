"""Two locks of a store, between threads and between processes: whose turn it is to write the index, and who is here."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from assay.errors import StoreInUse
from assay.store import faults
from assay.store.edge_lock import holder

TURN_SECONDS = 600.0


class Turn:
    """The turn to carry the outbox to the index: one thread of one process at a time; the same thread may nest it."""

    def __init__(self, file: Path, seconds: float = TURN_SECONDS) -> None:
        self._file = file
        self._seconds = seconds
        self._threads = threading.RLock()
        self._depth = 0
        self._handle = -1

    def __enter__(self) -> None:
        """Raises StoreInUse, naming the process, where it is not our turn in time."""
        self._threads.acquire()
        if self._depth == 0:
            try:
                self._handle = self._locked()
            except BaseException:
                self._threads.release()
                raise
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if self._depth == 0:
            os.close(self._handle)
            self._handle = -1
        self._threads.release()

    def _locked(self) -> int:
        with faults.translated(str(self._file.parent)):
            handle = os.open(self._file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        until = time.monotonic() + self._seconds
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    os.close(handle)
                    raise StoreInUse(
                        f"The store {self._file.parent} is being written by process {holder(self._file) or 'unknown'}",
                        why=f"it did not finish within {self._seconds:.0f} s",
                        next="Wait for it, or end it, then try again",
                    ) from None
                time.sleep(0.005)
                continue
            os.ftruncate(handle, 0)
            os.pwrite(handle, str(os.getpid()).encode(), 0)
            return handle


class Presence:
    """Says that this store is open here. `alone` tells whether it is open nowhere else."""

    def __init__(self, file: Path) -> None:
        with faults.translated(str(file.parent)):
            self._handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """True where no other process, and no other `Store` of this one, has the store open; none can open it before
        the block ends."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            found = True
        except BlockingIOError:
            found = False
        try:
            yield found
        finally:
            fcntl.flock(self._handle, fcntl.LOCK_SH)

    def leave(self) -> None:
        """The store is no longer open here; calling it twice is harmless."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
