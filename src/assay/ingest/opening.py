"""Opening a source safely: the file that was named, a regular one, within its size, unchanged while it is read.

Walking gives real paths, free of symbolic links. Between walking and opening a path may be swapped, so it is checked
again here, on the descriptor that is then read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.errors import LimitExceeded, UnreadableSource
from assay.ingest.limits import MEGABYTE, Limits

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_BLOCK = 4 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A source as it was when it was opened: its bytes, or (for a large one) a descriptor that the parser reads."""

    path: str
    size: int
    data: bytes = b""
    descriptor: int | None = None


@contextmanager
def snapshot(path: str, limits: Limits) -> Iterator[Snapshot]:
    """The source at `path`, closed at the end. A file that changed while it was read is read once more.

    Raises UnreadableSource (missing, no permission, not a regular file, behind a symbolic link, changing) or
    LimitExceeded (larger than the limit).
    """
    descriptor, status = open_regular(path, limits)
    try:
        if status.st_size > limits.inherited_bytes:
            yield Snapshot(path, status.st_size, descriptor=descriptor)
            return
        data = read_unchanged(path, descriptor)
    finally:
        os.close(descriptor)
    yield Snapshot(path, len(data), data)


def open_regular(path: str, limits: Limits) -> tuple[int, os.stat_result]:
    """A descriptor of the regular file at `path` and its status; the caller closes it."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise unreadable(path, error) from error
    try:
        status = os.fstat(descriptor)
        check_regular(path, status)
        check_size(path, status.st_size, limits)
        if os.path.realpath(path) != path:
            raise UnreadableSource(
                f"{path} is reached through a symbolic link", next="Name the file by the place where it lies"
            )
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor, status


def read_unchanged(path: str, descriptor: int, attempts: int = 2) -> bytes:
    """All bytes of the file. Raises UnreadableSource where size or time of change moved during every attempt."""
    for _ in range(attempts):
        before = os.fstat(descriptor)
        data = _read_all(path, descriptor, before.st_size)
        after = os.fstat(descriptor)
        if _mark(before) == _mark(after) and len(data) == before.st_size:
            return data
    raise UnreadableSource(
        f"{path} changed while it was read", why="Something else writes to it", next="Add it again when it is complete"
    )


def check_regular(path: str, status: os.stat_result) -> None:
    """Raises UnreadableSource where the status is not that of a regular file."""
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableSource(f"{path} is not a regular file but {_kind(status.st_mode)}")


def check_size(path: str, size: int, limits: Limits) -> None:
    """Raises LimitExceeded where a file is larger than the limits allow."""
    if size > limits.file_bytes:
        raise LimitExceeded(
            f"{path} has {size / MEGABYTE:,.0f} MB, more than the limit of {limits.file_bytes / MEGABYTE:,.0f} MB",
            next="Split it, or raise ingest.max_file_mb",
        )


def unreadable(path: str, error: OSError) -> UnreadableSource:
    """The error for a path that the system would not give us."""
    if Path(path).is_symlink():
        return UnreadableSource(f"{path} is a symbolic link", next="Name the file by the place where it lies")
    reason = error.strerror or type(error).__name__
    return UnreadableSource(f"{path} cannot be read", why=reason)


def _read_all(path: str, descriptor: int, size: int) -> bytes:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        parts: list[bytes] = []
        got = 0
        # One byte more than announced tells a file that grows from one that stands still.
        while got <= size and (part := os.read(descriptor, min(_BLOCK, size + 1 - got))):
            parts.append(part)
            got += len(part)
    except OSError as error:
        raise unreadable(path, error) from error
    return b"".join(parts)


def _mark(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_size, status.st_mtime_ns, status.st_ino


def _kind(mode: int) -> str:
    kinds = {
        stat.S_ISDIR: "a folder",
        stat.S_ISFIFO: "a pipe",
        stat.S_ISSOCK: "a socket",
        stat.S_ISBLK: "a device",
        stat.S_ISCHR: "a device",
        stat.S_ISLNK: "a symbolic link",
    }
    return next((name for test, name in kinds.items() if test(mode)), "something special")
