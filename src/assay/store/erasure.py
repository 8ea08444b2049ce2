"""Leaves no deleted text in any file of the catalogue, and checks that its files are sound.

secure_delete writes zeros over deleted rows, but cells that SQLite moved between pages leave copies behind, and the
write-ahead log keeps old pages until it is cut off. So erasure is: empty the log, write the database anew (VACUUM),
empty the log again, and delete the copies that migrations made. VACUUM's own temporary file holds live rows only and is
gone when it ends. What a file system or an SSD keeps of freed blocks is beyond a database's reach.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.errors import StoreError, StoreInUse
from assay.store import notes
from assay.store.engine import BACKUPS_FOLDER, CATALOGUE_FILE, Database
from assay.store.schema import metadata


def compact_catalogue(database: Database) -> Mapping[str, str]:
    """Rewrite the catalogue's files without what was deleted; mark the receipts; returns place -> what was found.

    Needs free space of about twice the catalogue. Raises StoreInUse while another process reads an old state or
    writes; StoreFull, changing nothing, where the disk has no room.
    """
    probes = _compact_sqlite(database) if database.is_sqlite else _compact_server(database)
    with database.write() as connection:
        notes.mark_compacted(connection, probes)
    if database.is_sqlite:
        with database.driver() as cursor:
            _empty_log(cursor, database.place)
    return probes


def check(database: Database) -> list[str]:
    """What SQLite's own checks find wrong: pages, indices, references; empty when sound."""
    if not database.is_sqlite:
        return []
    try:
        with database.driver() as cursor:
            told = [str(row[0]) for row in cursor.execute("PRAGMA quick_check(20)")]
            lost = cursor.execute("PRAGMA foreign_key_check").fetchmany(20)
    except StoreError as error:
        return [str(error)]
    found = [line for line in told if line != "ok"]
    return [*found, *(f"row {row[1]} of {row[0]} refers to a missing row of {row[2]}" for row in lost)]


def migration_copies(store: Path) -> list[Path]:
    """The copies of the catalogue that `migrate` made before it changed anything."""
    return sorted((store / BACKUPS_FOLDER).glob(f"{Path(CATALOGUE_FILE).stem}-before-*"))


def _compact_sqlite(database: Database) -> dict[str, str]:
    store = Path(database.place)
    with database.driver() as cursor:
        _empty_log(cursor, database.place)
        cursor.execute("VACUUM")
        _empty_log(cursor, database.place)
        free = int(cursor.execute("PRAGMA freelist_count").fetchone()[0])
    copies = migration_copies(store)
    for copy in copies:
        copy.unlink()
    log = store / f"{CATALOGUE_FILE}-wal"
    return {
        "catalogue file": f"written anew, {free} free pages",
        "write-ahead log": f"{log.stat().st_size if log.exists() else 0} bytes",
        "copies made by migrations": f"{len(copies)} deleted" if copies else "none",
    }


def _compact_server(database: Database) -> dict[str, str]:
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
    return {
        "catalogue tables": "written anew",
        "server log and archives": "not reached: ask the server's administrator",
    }


def _empty_log(cursor: Any, place: str) -> None:
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreInUse(
            f"The catalogue {place} could not be compacted",
            why="another process still reads from it or writes to it",
            next="End the other command, or wait for it, then run the same command again",
        )
