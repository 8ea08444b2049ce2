"""One archive of a store, made while the store is in use, and its way back. Database servers have their own tools.

The archive is a tar file (compressed where its name ends in .gz or .tgz). Its first member, manifest.json, lists every
other member with size and SHA-256. It holds the catalogue, from which the index can be rebuilt without a model, and the
index files too where that is wanted and nobody writes them. Restoring checks everything before it touches the target.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from assay.errors import InputError, StoreDamaged, StoreError, StoreFull, StoreInUse, StoreNotFound, StoreTooNew
from assay.ports import Clock
from assay.store import faults, migrations, records
from assay.store.copies import copy_database, quick_check, sync
from assay.store.engine import BACKUPS_FOLDER, CATALOGUE_FILE, sqlite_database
from assay.types import Record

FORMAT = 1
MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 64 << 20
_PIECE = 1 << 20
_SPARE = 16 << 20


@dataclass(frozen=True, slots=True)
class BackupReport(Record):
    """What lies in an archive: where it is, when it was made, its members and their bytes, whether the index is in."""

    archive: str
    made_at: str
    members: tuple[str, ...]
    bytes: int
    index: bool


def backup(
    store_dir: Path, target_file: Path, *, include_index: bool = False, clock: Clock | None = None
) -> BackupReport:
    """Write an archive of the store to `target_file` (0600), which must not exist and must lie outside the store.

    The catalogue is copied as it is at one moment, checked, while others go on reading and writing. With
    `include_index`, end the index owner first: its files are copied one after the other.
    Raises StoreNotFound, StoreDamaged, StoreFull, InputError.
    """
    catalogue = store_dir / CATALOGUE_FILE
    if not catalogue.exists():
        raise StoreNotFound(f"There is no store at {store_dir}", next="Make one with `assay init`")
    _check_target(store_dir, target_file)
    made_at = records.timestamp(clock or records.SystemClock())
    with faults.translated(str(target_file.parent)):
        target_file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".assay-backup-", dir=target_file.parent) as scratch:
            work = Path(scratch)
            copy_database(catalogue, work / "members" / CATALOGUE_FILE)
            if include_index:
                _copy_index(store_dir, work / "members")
            report = _write_archive(work, target_file, made_at, include_index)
    return report


def restore(archive: Path, store_dir: Path, *, overwrite: bool = False) -> BackupReport:
    """Put the store of an archive at `store_dir`; all of it or nothing.

    Every member is checked against the manifest, and the catalogue by SQLite, before the target is touched. A target
    that holds anything is refused unless `overwrite`; one that is in use is refused even then. What was there is gone
    afterwards. The index is rebuilt from the catalogue when the store is next opened. Raises StoreDamaged for an
    archive that is damaged or hostile, StoreTooNew, StoreInUse, StoreFull, InputError.
    """
    if not archive.is_file():
        raise InputError(f"There is no archive at {archive}", next="Check the path")
    _check_destination(store_dir, overwrite)
    with faults.translated(str(store_dir)):
        store_dir.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".assay-restore-", dir=store_dir.parent) as scratch:
            fresh = Path(scratch) / "store"
            fresh.mkdir(mode=0o700)
            report = _unpack(archive, fresh)
            _check_catalogue(fresh / CATALOGUE_FILE, archive)
            _exchange(fresh, store_dir, Path(scratch) / "former")
    return report


def _check_target(store_dir: Path, target: Path) -> None:
    if target.resolve().is_relative_to(store_dir.resolve()):
        raise InputError(
            f"The archive {target} would lie inside the store",
            why="a backup beside the original is lost with it, and would keep text that is removed later",
            next="Choose a place outside the store",
        )
    if target.exists():
        raise InputError(f"{target} exists already", next="Choose another name, or delete it first")


def _copy_index(store_dir: Path, members: Path) -> None:
    """Every regular file of the store's folders but the catalogue's own, locks and sockets."""
    for place in sorted(store_dir.rglob("*")):
        relative = place.relative_to(store_dir)
        own = relative.parts[0] == BACKUPS_FOLDER or len(relative.parts) == 1
        if own or place.is_symlink() or not place.is_file() or place.suffix in (".lock", ".pid"):
            continue
        (members / relative).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(place, members / relative)


def _write_archive(work: Path, target: Path, made_at: str, index: bool) -> BackupReport:
    members = work / "members"
    names = sorted(place.relative_to(members).as_posix() for place in members.rglob("*") if place.is_file())
    listed = {name: {"sha256": _digest(members / name), "bytes": (members / name).stat().st_size} for name in names}
    told = {"format": FORMAT, "made_at": made_at, "index": index, "members": listed}
    (work / MANIFEST).write_text(json.dumps(told, indent=1), encoding="utf-8")
    part = work / "archive"
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    with _writing_tar(part, compressed=target.suffix in (".gz", ".tgz")) as tar:
        for name, place in ((MANIFEST, work / MANIFEST), *((name, members / name) for name in names)):
            tar.add(place, arcname=name, recursive=False, filter=_anonymous)
    sync(part)
    try:
        # A link never replaces a file that appeared meanwhile; not every file system has them.
        os.link(part, target)
    except PermissionError:
        part.rename(target)
    sync(target.parent)
    return _report(target, told)


@contextmanager
def _writing_tar(part: Path, *, compressed: bool) -> Iterator[tarfile.TarFile]:
    if compressed:
        with tarfile.open(part, "w:gz", compresslevel=5) as tar:
            yield tar
    else:
        with tarfile.open(part, "w") as tar:
            yield tar


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _check_destination(store_dir: Path, overwrite: bool) -> None:
    if store_dir.is_symlink() or (store_dir.exists() and not store_dir.is_dir()):
        raise InputError(f"{store_dir} is not a folder", next="Choose a folder")
    if not store_dir.exists() or not any(store_dir.iterdir()):
        return
    if not overwrite:
        raise InputError(
            f"{store_dir} is not empty", why="restoring replaces all of it", next="Choose another folder, or overwrite"
        )
    catalogue = store_dir / CATALOGUE_FILE
    if not catalogue.exists():
        raise InputError(
            f"{store_dir} holds files, but no store", why="they would be lost", next="Choose another folder"
        )
    _refuse_in_use(catalogue)


def _refuse_in_use(catalogue: Path) -> None:
    # SQLite gives up the write-ahead log only while no other connection exists, in any process.
    try:
        with closing(sqlite3.connect(catalogue, timeout=0.2, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if "locked" in str(error):
            raise StoreInUse(
                f"The store {catalogue.parent} is in use",
                why="replacing it would pull the files from under another process",
                next="End the server and other commands that use it, then try again",
            ) from error
        # A damaged catalogue is a reason to restore, not to refuse.


def _unpack(archive: Path, fresh: Path) -> BackupReport:
    try:
        with tarfile.open(archive, "r:*") as tar:
            told = _read_manifest(tar, archive)
            _check_room(fresh, told)
            left = dict(told["members"])
            while member := tar.next():
                expected = left.pop(member.name, None)
                if expected is None or not member.isreg():
                    raise _bad(archive, f"{member.name!r} is not a file that its manifest lists")
                _write_member(tar, member, fresh, expected, archive)
    except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _bad(archive, f"it is not an archive made by `assay backup` ({error})") from error
    except OSError as error:
        # gzip tells of damaged data by an OSError without a number.
        if error.errno is None:
            raise _bad(archive, str(error)) from error
        raise
    if left:
        raise _bad(archive, f"{min(left)} is missing")
    return _report(archive, told)


def _read_manifest(tar: tarfile.TarFile, archive: Path) -> dict[str, Any]:
    first = tar.next()
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > _LARGEST_MANIFEST:
        raise _bad(archive, "it does not begin with a manifest")
    told: dict[str, Any] = json.loads(_opened(tar, first).read())
    if int(told["format"]) > FORMAT:
        raise StoreTooNew(
            f"The archive {archive} was written by a newer version of Assay", next="Install the newer version"
        )
    for name in told["members"]:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name or "\0" in name:
            raise _bad(archive, f"it names a place outside the store: {name!r}")
    if CATALOGUE_FILE not in told["members"]:
        raise _bad(archive, "it holds no catalogue")
    return told


def _check_room(fresh: Path, told: dict[str, Any]) -> None:
    needed = sum(int(member["bytes"]) for member in told["members"].values())
    if shutil.disk_usage(fresh).free < needed + _SPARE:
        raise StoreFull(
            f"There is no room for the store: it needs {needed >> 20} MB", next="Free some space and try again"
        )


def _write_member(
    tar: tarfile.TarFile, member: tarfile.TarInfo, fresh: Path, expected: dict[str, Any], archive: Path
) -> None:
    if member.size != int(expected["bytes"]):
        raise _bad(archive, f"{member.name} has {member.size} bytes, not {expected['bytes']}")
    place = fresh / member.name
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with (
        _opened(tar, member) as source,
        os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out,
    ):
        while piece := source.read(_PIECE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != expected["sha256"]:
        raise _bad(archive, f"{member.name} does not have the checksum that its manifest lists")


def _check_catalogue(catalogue: Path, archive: Path) -> None:
    try:
        with closing(sqlite3.connect(catalogue)) as connection:
            quick_check(connection, archive)
    except sqlite3.DatabaseError as error:
        raise _bad(archive, str(error)) from error
    database = sqlite_database(catalogue, read_only=True)
    try:
        # An older layout is fine: it is migrated where it was restored.
        migrations.layout(database)
    finally:
        database.close()


def _exchange(fresh: Path, store_dir: Path, former: Path) -> None:
    if not store_dir.exists():
        fresh.rename(store_dir)
    else:
        store_dir.rename(former)
        try:
            fresh.rename(store_dir)
        except BaseException:
            former.rename(store_dir)
            raise
    sync(store_dir)
    sync(store_dir.parent)


def _opened(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    opened = tar.extractfile(member)
    if opened is None:
        raise tarfile.TarError(f"{member.name} is not a file")
    return opened


def _digest(place: Path) -> str:
    with place.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _bad(archive: Path, why: str) -> StoreError:
    return StoreDamaged(
        f"The archive {archive} cannot be used", why=f"{why}; nothing was changed", next="Use another backup"
    )


def _report(archive: Path, told: dict[str, Any]) -> BackupReport:
    listed = told["members"]
    return BackupReport(
        archive=str(archive),
        made_at=str(told["made_at"]),
        members=tuple(listed),
        bytes=sum(int(member["bytes"]) for member in listed.values()),
        index=bool(told["index"]),
    )
