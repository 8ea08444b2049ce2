"""Turns what database drivers and the operating system report into Assay's errors. Nothing else happens here.

Messages never carry statement parameters: those hold document text.
"""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DataError, DBAPIError, TimeoutError

from assay.errors import InputError, StoreDamaged, StoreError, StoreFull, StoreInUse, StoreReadOnly

REPAIR = "Run `assay doctor` to see what is damaged; `assay restore` brings back the last backup"

_FULL_ERRNO = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY_ERRNO = {errno.EROFS, errno.EACCES, errno.EPERM}
_FULL_STATES = {"53100"}
_BUSY_STATES = {"55P03", "57014", "40001", "40P01", "53300"}
_READ_ONLY_STATES = {"25006", "42501"}
_DAMAGED_STATES = {"XX001", "XX002"}
_TIGHT = 1 << 20


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Whatever the driver or the system raises inside comes out as a StoreError that names `place`."""
    try:
        yield
    except DBAPIError as error:
        raise fault(error.orig, place, wrapped=error) from error
    except sqlite3.Error as error:
        raise fault(error, place) from error
    except TimeoutError as error:
        raise in_use(place) from error
    except OSError as error:
        raise fault(error, place) from error


def fault(error: BaseException | None, place: str, *, wrapped: DBAPIError | None = None) -> StoreError | InputError:
    """The error of Assay for one of the driver's or the system's; `wrapped`: what SQLAlchemy made of it."""
    if isinstance(error, sqlite3.Error):
        return _sqlite_fault(error, place)
    if isinstance(error, OSError):
        return _system_fault(error, place)
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return _postgres_fault(error, str(state), place)
    if isinstance(wrapped, DataError):
        return _unfit(str(error), place)
    return StoreError(
        f"The catalogue {place} could not be used",
        why=str(error).splitlines()[0] if error is not None and str(error) else type(error).__name__,
        next="Check that the database runs and can be reached, then try again",
    )


def full(place: str) -> StoreFull:
    """The disk has no room left."""
    return StoreFull(
        f"There is no room left on the disk for the store {place}",
        why="nothing of this step was written; everything acknowledged before is safe",
        next="Free some space and run the same command again",
    )


def in_use(place: str) -> StoreInUse:
    """Another process kept the catalogue locked for longer than the time-out."""
    return StoreInUse(
        f"The catalogue {place} is locked by another process",
        why="it did not finish its write in time; nothing of this step was written",
        next="Wait for the other command to finish, or end it, then try again",
    )


def read_only(place: str) -> StoreReadOnly:
    """The folder, the file or the way it was opened does not allow writing."""
    return StoreReadOnly(
        f"The store {place} cannot be written",
        why="the folder, its file system or the way it was opened is read-only",
        next="Check the permissions of the folder, or choose another with --store",
    )


def damaged(place: str, why: str) -> StoreDamaged:
    """The files are not what they should be."""
    return StoreDamaged(f"The catalogue {place} is damaged", why=why, next=REPAIR)


def _unfit(told: str, place: str) -> InputError:
    return InputError(f"The catalogue {place} cannot hold this value", why=told, next="Clean the document")


def _sqlite_fault(error: sqlite3.Error, place: str) -> StoreError | InputError:
    name = getattr(error, "sqlite_errorname", None) or ""
    told = str(error)
    kind = name.removeprefix("SQLITE_").split("_")[0]
    if kind == "FULL":
        return full(place)
    if kind in ("BUSY", "LOCKED"):
        return in_use(place)
    # SQLite reports a full disk under its shared-memory file as one of these.
    if kind in ("CANTOPEN", "IOERR") and _is_full(place):
        return full(place)
    if kind in ("READONLY", "PERM", "AUTH", "CANTOPEN"):
        return read_only(place)
    if kind in ("CORRUPT", "NOTADB") or "malformed" in told:
        return damaged(place, told)
    if kind == "IOERR":
        return _input_output_fault(told, name, place)
    if kind in ("TOOBIG", "RANGE", "MISMATCH"):
        return InputError(f"A value is too large for the catalogue {place}", why=told, next="Split the document")
    return StoreError(f"The catalogue {place} refused a step", why=f"{name} {told}".strip(), next=REPAIR)


def _is_full(place: str) -> bool:
    folder = Path(place) if Path(place).is_dir() else Path(place).parent
    return folder.is_dir() and shutil.disk_usage(folder).free < _TIGHT


def _input_output_fault(told: str, name: str, place: str) -> StoreError:
    return StoreError(
        f"The disk did not read or write the catalogue {place}",
        why=f"{told} ({name})",
        next="Check the disk and its cable or mount, then run `assay doctor`",
    )


def _system_fault(error: OSError, place: str) -> StoreError:
    if error.errno in _FULL_ERRNO:
        return full(place)
    if error.errno in _READ_ONLY_ERRNO:
        return read_only(place)
    return StoreError(
        f"The store {place} could not be used",
        why=str(error),
        next="Check the path and its permissions",
    )


def _postgres_fault(error: BaseException | None, state: str, place: str) -> StoreError | InputError:
    told = str(error).splitlines()[0] if str(error) else state
    if state in _FULL_STATES:
        return full(place)
    if state in _BUSY_STATES:
        return in_use(place)
    if state in _READ_ONLY_STATES:
        return read_only(place)
    if state in _DAMAGED_STATES:
        return damaged(place, told)
    if state.startswith("22"):
        return _unfit(told, place)
    return StoreError(f"The catalogue {place} refused a step", why=f"{state} {told}", next=REPAIR)
