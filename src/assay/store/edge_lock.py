"""One process a folder: an advisory lock on a file, with the holder's process id in it. The engine has none itself."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from assay.errors import StoreInUse
from assay.store import faults


class ProcessLock:
    """Holds the lock from making to `release`; the system frees it when the process ends, however it ends."""

    def __init__(self, file: Path, what: str) -> None:
        """Raises StoreInUse, naming the process that holds `what`; StoreReadOnly where the file cannot be made."""
        self._file = file
        with faults.translated(str(file.parent)):
            self._handle = os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._handle)
            raise StoreInUse(
                f"{what} is in use by process {holder(file) or 'unknown'}",
                why="one process at a time may hold an index, and that one cannot be reached from here",
                next="End that process, or wait for it, then try again",
            ) from None
        self.note(os.getpid())

    def note(self, pid: int) -> None:
        """Write down which process holds the lock."""
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, str(pid).encode(), 0)

    def release(self) -> None:
        """Let go; calling it twice is harmless. The file stays: deleting it would let two processes hold it."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def holder(file: Path) -> int | None:
    """The process id in a lock file, or None where there is none."""
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return None


def held(file: Path) -> bool:
    """True while some process holds the lock."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
