"""How an older layout of the catalogue becomes the present one: plain functions, in order, each recorded by name.

A new catalogue is made in the present layout and records all names at once. Opening an older one is refused with
"run assay migrate"; a newer one is refused before anything is touched. To change the layout: change schema.py, append a
function here with @migration, and add the old layout to tests/store/test_migrations.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, inspect, select

from assay.errors import StoreError, StoreNotFound, StoreTooNew
from assay.ports import Clock
from assay.store import faults, records, schema
from assay.store.copies import copy_database
from assay.store.engine import BACKUPS_FOLDER, CATALOGUE_FILE, Database, server_database, sqlite_database
from assay.types import Record

Step = Callable[[Connection], None]

MIGRATIONS: list[tuple[str, Step]] = []


@dataclass(frozen=True, slots=True)
class MigrationReport(Record):
    """What `migrate` did: the steps it took, in order, and where the catalogue as it was before lies (or "")."""

    applied: tuple[str, ...]
    copy: str


def migration(step: Step) -> Step:
    """Append a step; its place in this file is its number, its name is what the catalogue records."""
    MIGRATIONS.append((step.__name__, step))
    return step


@migration
def m001_initial(connection: Connection) -> None:
    """Every table. On a new catalogue the present layout, which already holds what later steps would bring."""
    schema.metadata.create_all(connection)


@migration
def m002_access_tokens(connection: Connection) -> None:
    """Access lists as rows beside the JSON, so that listings and look-ups filter inside the statement."""
    schema.access_tokens.create(connection, checkfirst=True)
    connection.execute(delete(schema.access_tokens))
    for key, access in connection.execute(select(schema.versions.c.id, schema.versions.c.access)).all():
        rows = [{"version_id": key, "token": token} for token in dict.fromkeys(records.from_json(access))]
        if rows:
            connection.execute(insert(schema.access_tokens), rows)


@migration
def m003_facts(connection: Connection) -> None:
    """What packs read out of documents, to be looked up across the library; filled as documents are added again."""
    schema.facts.create(connection, checkfirst=True)


@migration
def m004_token_vectors(connection: Connection) -> None:
    """Token vectors for late interaction; filled by `assay migrate --rebuild`, which embeds anew."""
    schema.token_vectors.create(connection, checkfirst=True)


def ensure_current(database: Database, *, create: bool, now: str) -> None:
    """Return when the layout is the present one; make it where there is none and `create` is set; else refuse."""
    number = layout(database)
    if number is None and not create:
        raise StoreNotFound(f"There is no store at {database.place}", next="Make one with `assay init`")
    if number is None:
        with database.write() as connection:
            # Another process may have made it since we looked; the write lock settles who does.
            if not inspect(connection).has_table(schema.schema_version.name):
                m001_initial(connection)
                _record(connection, 0, now)
    elif number < len(MIGRATIONS):
        raise StoreError(
            f"The store {database.place} has an older layout ({number}; this version uses {len(MIGRATIONS)})",
            next="Run `assay migrate`; it keeps a copy of the catalogue as it is",
        )


def layout(database: Database) -> int | None:
    """The number of the layout in the database, None where it is empty. Raises StoreTooNew, and StoreDamaged for a
    database that is not a catalogue. Reads only."""
    with database.read() as connection:
        tables = set(inspect(connection).get_table_names())
        if schema.schema_version.name not in tables:
            if tables and database.is_sqlite:
                raise faults.damaged(database.place, "the file is a database, but not a catalogue of Assay")
            return None
        rows = connection.execute(select(schema.schema_version.c.number, schema.schema_version.c.name)).all()
    known = {number + 1: name for number, (name, _) in enumerate(MIGRATIONS)}
    strange = sorted(row.name for row in rows if known.get(row.number) != row.name)
    if strange:
        raise StoreTooNew(
            f"The store {database.place} was written by a newer version of Assay",
            why=f"it knows the layout {strange[-1]}, this version ends at {MIGRATIONS[-1][0]}; nothing was changed",
            next="Install the newer version, or open another store",
        )
    return max((row.number for row in rows), default=0)


def migrate(store: Path, *, clock: Clock | None = None) -> MigrationReport:
    """Bring the catalogue of a store to the present layout, after copying it into the store's folder `backups`.

    Each step is one transaction: a crash leaves a layout that was recorded, and running it again goes on from there.
    The copy is deleted by the next compaction, because it may hold text that was removed since.
    """
    file = store / CATALOGUE_FILE
    if not file.exists():
        raise StoreNotFound(f"There is no store at {store}", next="Make one with `assay init`")
    database = sqlite_database(file)
    try:
        pending = _pending(database)
        copy = _copy_before(file, pending[0]) if pending else ""
        return MigrationReport(applied=_apply(database, pending, clock), copy=copy)
    finally:
        database.close()


def migrate_url(url: str, *, clock: Clock | None = None) -> MigrationReport:
    """The same for a catalogue on a server; no copy is made: dump the database first."""
    database = server_database(url)
    try:
        return MigrationReport(applied=_apply(database, _pending(database), clock), copy="")
    finally:
        database.close()


def _pending(database: Database) -> list[str]:
    number = layout(database)
    if number is None:
        raise StoreNotFound(f"There is no store at {database.place}", next="Make one with `assay init`")
    return [name for name, _ in MIGRATIONS[number:]]


def _apply(database: Database, pending: list[str], clock: Clock | None) -> tuple[str, ...]:
    done: list[str] = []
    steps = dict(MIGRATIONS)
    for name in pending:
        with database.write() as connection:
            number = connection.scalar(select(func.max(schema.schema_version.c.number))) or 0
            # Another process may have taken this step while we waited for the lock.
            if MIGRATIONS[number:] and MIGRATIONS[number][0] == name:
                steps[name](connection)
                _record(connection, number, records.timestamp(clock or records.SystemClock()), upto=number + 1)
                done.append(name)
    return tuple(done)


def _record(connection: Connection, after: int, now: str, upto: int | None = None) -> None:
    names = [name for name, _ in MIGRATIONS][after:upto]
    rows = [{"number": after + i + 1, "name": name, "applied_at": now} for i, name in enumerate(names)]
    connection.execute(insert(schema.schema_version), rows)


def _copy_before(file: Path, step: str) -> str:
    folder = file.parent / BACKUPS_FOLDER
    with faults.translated(str(file.parent)):
        folder.mkdir(mode=0o700, exist_ok=True)
    stem = f"{file.stem}-before-{step}"
    taken = {entry.name for entry in folder.iterdir()}
    name = next(
        n for n in (f"{stem}{f'-{i}' if i else ''}{file.suffix}" for i in range(len(taken) + 1)) if n not in taken
    )
    copy_database(file, folder / name)
    return os.fspath(folder / name)
