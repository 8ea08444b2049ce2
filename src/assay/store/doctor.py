"""What is wrong with a store, and its repair. Looks at both sides and names, for each symptom, the command that helps.

`examine` carries what waits to the index and changes nothing else. `repair` rebuilds the index from the catalogue; a
damaged catalogue cannot be made again from an index, so for that the report names the restore command.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from assay.errors import AssayError, StoreError
from assay.store import checksums, generations
from assay.store.edge_lock import held, holder
from assay.store.erasure import migration_copies
from assay.store.generations import Progress, folder_of
from assay.store.keeper import Store
from assay.store.owner_files import OwnerFiles, address, post_mortem
from assay.types import OWNER, DoctorReport, Symptom

REPAIR = "assay doctor --repair"
RESTORE = "assay restore ARCHIVE --overwrite"
_BACKLOG = 1000
_TIGHT = 512 << 20


def examine(store: Store, *, thorough: bool = True) -> DoctorReport:
    """What was seen, looked at one by one. Open the store with `tolerant=True`, so that damage is shown, not raised.

    `thorough` reads every page of the catalogue, every file of the index and every point of both; that takes about a
    minute for a million points.
    """
    looks: list[Callable[[], Symptom]] = [
        lambda: _catalogue(store) if thorough else _documents(store),
        lambda: _manifest(store),
        lambda: _index(store),
        lambda: _ids(store),
        lambda: _outbox(store),
        lambda: _staged(store),
        lambda: _generations(store),
        lambda: _owner(store),
        lambda: _disk(store),
        lambda: _permissions(store),
    ]
    if thorough:
        looks[3:3] = [lambda: _files(store), lambda: _points(store)]
    symptoms = tuple(_looked(look) for look in looks)
    return DoctorReport(healthy=all(symptom.ok for symptom in symptoms), symptoms=symptoms)


def repair(store: Store, *, progress: Progress | None = None) -> DoctorReport:
    """Mend what can be mended from the catalogue: the index, the outbox, leftovers, permissions. Then examine.

    Raises StoreError where the catalogue itself cannot be read.
    """
    _mend_permissions(store.path)
    if store.fault is not None or not _sound(store):
        # What is damaged is not kept for rolling back.
        store.rebuild(erase=True, progress=progress)
    store.recover(progress)
    store.flush()
    generations.sweep(store.path, [store.generation, *_former(store)])
    files = OwnerFiles(store.path)
    files.crash.unlink(missing_ok=True)
    return examine(store)


# --- the looks -------------------------------------------------------------------------------------------------------


def _looked(look: Callable[[], Symptom]) -> Symptom:
    try:
        seen = look()
        return replace(seen, repair="") if seen.ok else seen
    except AssayError as error:
        return Symptom(error.code, False, str(error), error.next or REPAIR)
    except OSError as error:
        return Symptom("files", False, f"could not be read: {error}", "check the disk and the permissions")


def _catalogue(store: Store) -> Symptom:
    wrong = store.catalogue.check()
    if wrong:
        return Symptom("catalogue", False, "; ".join(wrong[:3]), RESTORE)
    return _documents(store)


def _documents(store: Store) -> Symptom:
    documents = len(store.catalogue.documents(OWNER))
    return Symptom("catalogue", True, f"{documents:,} documents")


def _manifest(store: Store) -> Symptom:
    told = store.catalogue.manifest()
    parts = [f"{key} {told[key]}" for key in ("fingerprint", "tokeniser", "chunker", "dimensions") if key in told]
    return Symptom("manifest", bool(told.get("generation")), ", ".join(parts) or "empty", REPAIR)


def _index(store: Store) -> Symptom:
    if store.fault is not None:
        return Symptom("index", False, str(store.fault), REPAIR)
    status = store.index.status()
    seen = f"generation {status.generation}, {status.points:,} points, {status.unindexed:,} not in the graph yet"
    return Symptom("index", True, f"{seen}, {status.bytes / 1e6:.1f} MB, held by process {status.pid}")


def _files(store: Store) -> Symptom:
    folder = folder_of(store.path, store.generation)
    if store.fault is None and store.index.state().dirty:
        store.flush()
    seal = checksums.read_seal(folder)
    if seal is None:
        return Symptom("checksums", False, "the index was not closed properly and is not sealed", REPAIR)
    wrong = checksums.faults_of(folder, seal)
    if wrong:
        return Symptom("checksums", False, f"{len(wrong)} files: {'; '.join(wrong[:3])}", REPAIR)
    return Symptom("checksums", True, f"{len(seal.files)} files as they were sealed")


def _points(store: Store) -> Symptom:
    if store.fault is not None:
        return Symptom("points", False, "not compared: the index cannot be served", REPAIR)
    store.deliver()
    wrong = list(generations.differences(store.catalogue, store.index))
    if wrong:
        return Symptom("points", False, f"{len(wrong):,} differ from the catalogue, point {wrong[0]} first", REPAIR)
    return Symptom("points", True, "vectors, tokens, access and fields as in the catalogue")


def _ids(store: Store) -> Symptom:
    if store.fault is not None:
        return Symptom("ids", False, "not compared: the index cannot be served", REPAIR)
    gap = generations.gap(store.catalogue, store.index)
    waiting = {key for entry in store.catalogue.outbox(1_000_000) for key in (*entry.upserts, *entry.deletes)}
    missing, extra = gap.missing - waiting, gap.extra - waiting
    seen = f"{len(missing):,} missing in the index, {len(extra):,} beyond the catalogue"
    return Symptom("ids", not missing and not extra, seen if missing or extra else "equal on both sides", REPAIR)


def _outbox(store: Store) -> Symptom:
    waiting = len(store.catalogue.outbox(_BACKLOG + 1))
    many = "more than " if waiting > _BACKLOG else ""
    return Symptom("outbox", waiting <= _BACKLOG, f"{many}{min(waiting, _BACKLOG):,} steps not yet trimmed", REPAIR)


def _staged(store: Store) -> Symptom:
    working = [job for job in store.ledger.jobs(1000) if job.state == "running"]
    idle = store.ledger.resumable()
    seen = f"{len(working) - len(idle)} jobs at work, {len(idle)} broken off"
    return Symptom("jobs", not idle, seen, "assay add --resume" if idle else "")


def _generations(store: Store) -> Symptom:
    present = store.generation
    kept = generations.numbers(store.path)
    orphans = [number for number in kept if number not in (present, *_former(store))]
    half = [place.name for place in (store.path / "index").glob("gen-*.gone")]
    copies = [place.name for place in migration_copies(store.path)]
    if orphans or half:
        names = [f"generation {number}" for number in orphans] + half
        return Symptom("generations", False, f"left over: {', '.join(names)}", REPAIR)
    seen = f"{present} serves, {len(kept) - 1} kept for rolling back"
    return Symptom("generations", present in kept, seen + (f", copies {', '.join(copies)}" if copies else ""), REPAIR)


def _owner(store: Store) -> Symptom:
    files = OwnerFiles(store.path)
    if files.crash.exists():
        told = " ".join(files.crash.read_text("utf-8", "replace").split())[:300]
        return Symptom("index owner", False, f"it crashed: {told}", REPAIR)
    if not held(files.lock) and (address(files) is not None or files.last.exists()):
        return Symptom("index owner", False, "files of a dead owner are left", REPAIR)
    pid = holder(files.lock) if held(files.lock) else None
    return Symptom("index owner", True, f"process {pid}" if pid else "none runs; one starts when it is needed")


def _disk(store: Store) -> Symptom:
    told = shutil.disk_usage(store.path)
    size = sum(512 * place.stat().st_blocks for place in _files_under(store.path))
    enough = told.free > max(_TIGHT, 2 * size)
    seen = f"{told.free / 1e9:.1f} GB free, the store has {size / 1e9:.2f} GB"
    return Symptom("disk", enough, seen, "free some space: a new index generation and compacting need room")


def _permissions(store: Store) -> Symptom:
    wrong = list(_loose(store.path))
    if not os.access(store.path, os.W_OK):
        return Symptom("permissions", False, "the folder cannot be written", f"chmod u+rwx {store.path}")
    if wrong:
        named = ", ".join(place.name for place in wrong[:3])
        return Symptom("permissions", False, f"others may read {len(wrong)} files: {named}", REPAIR)
    return Symptom("permissions", True, "only you may read the store")


# --- mending ---------------------------------------------------------------------------------------------------------


def _sound(store: Store) -> bool:
    """True where index files and content are right, so that nothing need be built anew."""
    try:
        return all(look(store).ok for look in (_index, _files, _points, _ids))
    except StoreError:
        return False


def _former(store: Store) -> list[int]:
    present = store.generation
    return [number for number in generations.numbers(store.path) if number < present][-1:]


def _mend_permissions(folder: Path) -> None:
    for place in _loose(folder):
        place.chmod(place.stat().st_mode & ~0o077)
    files = OwnerFiles(folder)
    if not held(files.lock):
        post_mortem(files)


def _loose(folder: Path) -> Iterator[Path]:
    """The store's folder and its top files, where others than their owner may read them.

    Deeper files lie behind the folder's own permissions."""
    for place in (folder, *folder.iterdir()):
        if not place.is_symlink() and stat.S_IMODE(place.stat().st_mode) & 0o077:
            yield place


def _files_under(folder: Path) -> Iterator[Path]:
    for place in folder.rglob("*"):
        if place.is_file() and not place.is_symlink():
            yield place
