"""Stamps: what the file system says of a file, so that one that nobody touched need not be read to know what it holds.

A stamp is size, time of writing, time of change and inode. The time of change cannot be set by a program, so a file
that was written, copied, restored or had its times set back has another stamp. Stamps count only during the run of the
machine in which they were taken (its boot id, which Linux tells; elsewhere no stamp counts): within a run every reader
sees what was last written, while after a power failure a write may be lost behind an unchanged stamp. What no stamp
shows is a disk that gives back other bytes than were written to it; for that the content must be read.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

Stamp = tuple[int, int, int, int]
"""Size, time of writing and time of change in nanoseconds, inode."""

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SECOND = 1_000_000_000
# Linux stamps files with the time of its last tick, at most 10 ms ago.
_TICK = _SECOND // 50


def boot() -> str:
    """Names the present run of this machine; "" where the system does not tell."""
    try:
        return _BOOT_ID.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def stamps(folder: Path) -> dict[str, Stamp]:
    """Path (relative, with `/`) -> stamp of every file below `folder`, in no order."""
    return dict(_walk(os.fspath(folder), ""))


def settled(stamp: Stamp, now: int) -> bool:
    """True where a later write would get another stamp: the last one was earlier than the clock of the file system
    can tell apart from `now` (nanoseconds)."""
    changed = stamp[2]
    # A file system that knows no fractions of a second may round to two of them.
    return changed + (_TICK if changed % _SECOND else 2 * _SECOND) < now


def _walk(folder: str, below: str) -> Iterator[tuple[str, Stamp]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _walk(entry.path, f"{below}{entry.name}/")
            elif entry.is_file():
                told = entry.stat()
                yield below + entry.name, (told.st_size, told.st_mtime_ns, told.st_ctime_ns, told.st_ino)
