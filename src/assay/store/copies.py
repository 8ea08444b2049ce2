"""A faithful copy of a catalogue file while it is in use. What becomes of the copy is the caller's affair."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from assay.store import faults
from assay.store.engine import connect_file


def copy_database(source: Path, target: Path) -> None:
    """Copy a catalogue file, as it is at one moment, through SQLite's online backup; checked and on disk afterwards."""
    with faults.translated(str(source.parent)):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
        try:
            with closing(connect_file(source, read_only=True)) as reading, closing(sqlite3.connect(target)) as writing:
                reading.backup(writing)
                # A copy is one file: without this it would want a log beside it.
                writing.execute("PRAGMA journal_mode = DELETE")
                quick_check(writing, source.parent)
            sync(target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise


def quick_check(connection: sqlite3.Connection, place: Path) -> None:
    """Let SQLite check every page; raises StoreDamaged that names `place`."""
    told = [str(row[0]) for row in connection.execute("PRAGMA quick_check(5)")]
    if told != ["ok"]:
        raise faults.damaged(str(place), "; ".join(told))


def sync(place: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
