"""One database, safely shared: connections, pragmas, transactions, permissions. It knows no tables.

SQLite (the default) runs with write-ahead log, synchronous=FULL, foreign keys and secure_delete; readers never wait
for the writer. A write transaction takes the write lock when it begins (BEGIN IMMEDIATE; an advisory lock on
PostgreSQL), so that what it reads is still true when it writes, between threads and between processes.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import QueuePool

from assay.errors import StoreError, StoreNotFound
from assay.store import faults

CATALOGUE_FILE = "catalogue.sqlite3"
BACKUPS_FOLDER = "backups"
LOCK_SECONDS = 30.0
_MODE = "assay_mode"
_ADVISORY_LOCK = 0x61737361
_HEADER = 100
_POOL = 8
_OVERFLOW = 56


class Database:
    """An engine with the two kinds of transaction that the catalogue knows: `read` and `write`."""

    def __init__(self, engine: Engine, place: str, *, read_only: bool = False) -> None:
        self.engine = engine
        self.place = place
        self.read_only = read_only
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._closed = False
        self._reader = self._with_mode("read")
        self._writer = self._with_mode("write")
        self._hasty = self._with_mode("hasty")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one moment of the database throughout."""
        with faults.translated(self.place), self._open(self._reader).begin() as connection:
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction that alone may write; committed at the end, rolled back by any exception.

        `durable` False leaves out the wait for the disk: after a power cut the step may be missing (never half there,
        and never while a later durable step is there). It is for notes on progress, not for documents.
        """
        if self.read_only:
            raise faults.read_only(self.place)
        with faults.translated(self.place), self._open(self._writer if durable else self._hasty).begin() as connection:
            yield connection

    @contextmanager
    def driver(self) -> Iterator[Any]:
        """A cursor of the driver outside any transaction, for VACUUM and pragmas."""
        with faults.translated(self.place):
            connection = self._open(self.engine).raw_connection()
            try:
                cursor = connection.cursor()
                yield cursor
                cursor.close()
            finally:
                connection.close()

    def close(self) -> None:
        """Close every connection; calling it twice is harmless."""
        if not self._closed:
            self._closed = True
            self.engine.dispose()

    def _open(self, engine: Engine) -> Engine:
        if self._closed:
            raise StoreError(f"The catalogue {self.place} was closed", next="Open it again")
        return engine

    def _with_mode(self, mode: str) -> Engine:
        if not self.is_sqlite and mode == "read":
            return self.engine.execution_options(
                **{_MODE: mode, "isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            )
        return self.engine.execution_options(**{_MODE: mode})


def sqlite_database(file: Path, *, read_only: bool = False, seconds: float = LOCK_SECONDS) -> Database:
    """The database in `file`, which exists. `seconds`: how long a write waits for another writer."""
    place = str(file.parent)

    def connect() -> sqlite3.Connection:
        return connect_file(file, read_only=read_only, seconds=seconds)

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=_POOL,
        max_overflow=_OVERFLOW,
        pool_timeout=seconds,
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin_sqlite)
    _renew_after_fork(engine)
    return Database(engine, place, read_only=read_only)


def server_database(url: str, *, read_only: bool = False, seconds: float = LOCK_SECONDS) -> Database:
    """The database behind a SQLAlchemy URL (postgresql+psycopg://...). The password never appears in a message."""
    engine = create_engine(url, pool_size=_POOL, pool_pre_ping=True, pool_timeout=seconds, hide_parameters=True)

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_MODE) in ("write", "hasty"):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(seconds * 1000)}ms'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")

    event.listen(engine, "begin", begin)
    _renew_after_fork(engine)
    return Database(engine, engine.url.render_as_string(hide_password=True), read_only=read_only)


def connect_file(file: Path, *, read_only: bool = False, seconds: float = LOCK_SECONDS) -> sqlite3.Connection:
    """A connection of the driver with our pragmas. Raises sqlite3 errors; never creates the file."""
    if not file.exists():
        raise StoreNotFound(f"There is no store at {file.parent}", next="Make one with `assay init`")
    if read_only:
        return _connect_read_only(file, seconds)
    connection = _raw(file, "mode=rw", seconds)
    try:
        for pragma in (
            # Counts for a new file alone. Token vectors take some 2.5 KB a row: of 4 KB pages they would waste a third.
            "page_size = 16384",
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "journal_size_limit = 67108864",
            "cache_size = -8000",
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def make_file(file: Path) -> None:
    """An empty database file that only its owner may read (0600), in a folder of its own (0700)."""
    folder = file.parent
    fresh = not folder.exists() or not any(folder.iterdir())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if fresh:
        folder.chmod(0o700)
    # SQLite gives its log and shared-memory files the permissions of the database file.
    os.close(os.open(file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))


def check_length(file: Path) -> None:
    """Refuse a database file shorter than its own header says: SQLite itself would notice only on reading that far.

    With a log beside it the file may be behind its header, so then nothing can be said from the length.
    """
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size:
        return
    with faults.translated(str(file.parent)), file.open("rb") as handle:
        header = handle.read(_HEADER)
    size = file.stat().st_size
    page = int.from_bytes(header[16:18], "big")
    pages = int.from_bytes(header[28:32], "big")
    if size < _HEADER or size < pages * (65536 if page == 1 else page):
        raise faults.damaged(str(file.parent), f"{file.name} has been cut short")


def _connect_read_only(file: Path, seconds: float) -> sqlite3.Connection:
    connection = _raw(file, "mode=ro", seconds)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except sqlite3.OperationalError as error:
        connection.close()
        if not (getattr(error, "sqlite_errorname", None) or "").startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise
    else:
        return connection
    # In a folder that we may not write, SQLite cannot make its shared-memory file. Where no log waits to be read in,
    # the database file alone is the whole truth.
    log = file.with_name(file.name + "-wal")
    if log.exists() and log.stat().st_size:
        raise faults.read_only(str(file.parent))
    return _raw(file, "mode=ro&immutable=1", seconds)


def _raw(file: Path, options: str, seconds: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(file.absolute()))}?{options}",
        uri=True,
        timeout=seconds,
        isolation_level=None,
        check_same_thread=False,
    )


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get(_MODE)
    if mode in ("write", "hasty"):
        # With a write-ahead log NORMAL is as consistent as FULL; it only does not wait for the disk at each commit.
        connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if mode == 'write' else 'NORMAL'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")


def _renew_after_fork(engine: Engine) -> None:
    """A connection must not be used on both sides of a fork: a child makes its own."""

    def remember(_: object, record: Any) -> None:
        record.info["pid"] = os.getpid()

    def check(_: object, record: Any, proxy: Any) -> None:
        if record.info["pid"] != os.getpid():
            record.dbapi_connection = proxy.dbapi_connection = None
            raise DisconnectionError("this connection belongs to another process")

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", check)
