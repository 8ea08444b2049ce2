"""Backup while in use, restore of all or nothing, and archives that are damaged or hostile."""

from __future__ import annotations

import io
import json
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from assay.errors import InputError, StoreDamaged, StoreError, StoreInUse, StoreNotFound, StoreTooNew
from assay.store.backup import MANIFEST, backup, restore
from assay.store.catalogue import open_catalogue
from assay.store.engine import BACKUPS_FOLDER, CATALOGUE_FILE
from assay.types import OWNER
from tests.store.catalogue_kit import SetClock, put, staged

Members = dict[str, bytes]


def filled(store: Path) -> Path:
    catalogue = open_catalogue(store, create=True)
    put(catalogue, *(staged(f"d{i}", f"Text number {i}. " * 50, pieces=5, readers=("public",)) for i in range(8)))
    catalogue.set_manifest(embedder="m")
    catalogue.close()
    (store / "index" / "g1" / "segments").mkdir(parents=True)
    (store / "index" / "g1" / "segments" / "a.bin").write_bytes(b"\x01" * 5000)
    (store / "index" / "owner.lock").write_text("1")
    (store / BACKUPS_FOLDER).mkdir()
    (store / BACKUPS_FOLDER / "older.sqlite3").write_text("x")
    return store


def everything(store: Path) -> object:
    catalogue = open_catalogue(store, create=False, read_only=True)
    infos = catalogue.documents(OWNER)
    texts = {info.id: catalogue.text(info.id, OWNER) for info in infos}
    points = [(p.id, p.tokens, p.vector.tobytes(), p.access, dict(p.fields)) for p in catalogue.points()]
    told = (infos, texts, points, dict(catalogue.manifest()), catalogue.outbox())
    catalogue.close()
    return told


@pytest.mark.parametrize("name", ["s.tar", "s.tar.gz"])
def test_what_is_restored_equals_what_was_backed_up(tmp_path: Path, name: str) -> None:
    store = filled(tmp_path / "s")
    made = backup(store, tmp_path / "out" / name, clock=SetClock())
    assert made.members == (CATALOGUE_FILE,)
    assert made.made_at == "2026-03-01T12:00:00.000000Z"
    back = restore(Path(made.archive), tmp_path / "deep" / "r")
    assert back == made
    assert everything(tmp_path / "deep" / "r") == everything(store)
    assert stat.S_IMODE((tmp_path / "deep" / "r").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "deep" / "r" / CATALOGUE_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(made.archive).stat().st_mode) == 0o600
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [name]
    assert sorted(p.name for p in (tmp_path / "deep").iterdir()) == ["r"]


def test_the_index_comes_along_where_it_is_wanted(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    made = backup(store, tmp_path / "s.tar", include_index=True)
    assert made.members == (CATALOGUE_FILE, "index/g1/segments/a.bin")
    restore(tmp_path / "s.tar", tmp_path / "r")
    assert (tmp_path / "r/index/g1/segments/a.bin").read_bytes() == b"\x01" * 5000


def test_a_backup_during_writes_is_one_moment_of_the_store(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True)
    stop = threading.Event()

    def write() -> None:
        turn = 0
        while not stop.is_set():
            turn += 1
            put(catalogue, *(staged(f"d{i}", f"{turn} " * 30) for i in range(5)))

    put(catalogue, *(staged(f"d{i}", "0 " * 30) for i in range(5)))
    writer = threading.Thread(target=write)
    writer.start()
    for i in range(4):
        backup(tmp_path / "s", tmp_path / f"{i}.tar")
    stop.set()
    writer.join()
    catalogue.close()
    for i in range(4):
        restore(tmp_path / f"{i}.tar", tmp_path / f"r{i}")
        copy = open_catalogue(tmp_path / f"r{i}", create=False)
        copy.discard_staged()
        assert len({copy.text(f"d{i}", OWNER) for i in range(5)}) == 1
        assert len(copy.chunks(sorted(copy.point_ids()), OWNER)) == 15
        copy.close()


def test_a_backup_is_refused_where_it_would_harm(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    with pytest.raises(InputError, match="inside the store"):
        backup(store, store / "sub" / "b.tar")
    (tmp_path / "taken.tar").write_text("precious")
    with pytest.raises(InputError, match="exists already"):
        backup(store, tmp_path / "taken.tar")
    assert (tmp_path / "taken.tar").read_text() == "precious"
    with pytest.raises(StoreNotFound):
        backup(tmp_path / "none", tmp_path / "n.tar")


def test_a_damaged_catalogue_is_not_backed_up_as_if_it_were_sound(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    data = bytearray((store / CATALOGUE_FILE).read_bytes())
    for page in range(8192, len(data), 4096):
        data[page : page + 2000] = b"\xa5" * 2000
    (store / CATALOGUE_FILE).write_bytes(data)
    with pytest.raises(StoreDamaged):
        backup(store, tmp_path / "b.tar")
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


def test_a_target_that_holds_anything_is_refused_unless_told_otherwise(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    backup(store, tmp_path / "b.tar")
    other = open_catalogue(tmp_path / "o", create=True)
    put(other, staged("mine"))
    other.close()
    before = everything(tmp_path / "o")
    with pytest.raises(InputError, match="not empty"):
        restore(tmp_path / "b.tar", tmp_path / "o")
    assert everything(tmp_path / "o") == before
    restore(tmp_path / "b.tar", tmp_path / "o", overwrite=True)
    assert everything(tmp_path / "o") == everything(store)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("precious")
    with pytest.raises(InputError, match="no store"):
        restore(tmp_path / "b.tar", tmp_path / "photos", overwrite=True)
    with pytest.raises(InputError, match="not a folder"):
        restore(tmp_path / "b.tar", tmp_path / "b.tar")
    with pytest.raises(InputError, match="no archive"):
        restore(tmp_path / "none.tar", tmp_path / "x")
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "b.tar", tmp_path / "empty")
    assert everything(tmp_path / "empty") == everything(store)


def test_a_store_in_use_is_not_replaced(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    backup(store, tmp_path / "b.tar")
    user = open_catalogue(store, create=False)
    assert user.find("d1") is not None
    with pytest.raises(StoreInUse):
        restore(tmp_path / "b.tar", store, overwrite=True)
    put(user, staged("still here"))
    user.close()
    assert (store / "index").exists()
    restore(tmp_path / "b.tar", store, overwrite=True)
    assert not (store / "index").exists()


def test_a_damaged_store_can_be_replaced(tmp_path: Path) -> None:
    store = filled(tmp_path / "s")
    backup(store, tmp_path / "b.tar")
    before = everything(store)
    (store / CATALOGUE_FILE).write_bytes(b"ruins" * 1000)
    restore(tmp_path / "b.tar", store, overwrite=True)
    assert everything(store) == before


# --- hostile and damaged archives -----------------------------------------------------------------------------------


def taken_apart(archive: Path) -> Members:
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def put_together(members: Members, archive: Path, *, relist: bool = True) -> Path:
    if relist:
        told = json.loads(members[MANIFEST])
        told["members"] = {
            name: {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in members.items()
            if name != MANIFEST
        }
        members = {**members, MANIFEST: json.dumps(told).encode()}
    with tarfile.open(archive, "w") as tar:
        for name in sorted(members, key=lambda name: name != MANIFEST):
            entry = tarfile.TarInfo(name)
            entry.size = len(members[name])
            tar.addfile(entry, io.BytesIO(members[name]))
    return archive


def _flip(members: Members) -> Members:
    data = bytearray(members[CATALOGUE_FILE])
    data[len(data) // 2] ^= 1
    return {**members, CATALOGUE_FILE: bytes(data)}


def _without(name: str) -> Callable[[Members], Members]:
    return lambda members: {key: data for key, data in members.items() if key != name}


@pytest.mark.parametrize(
    ("change", "relist", "why"),
    [
        (_flip, False, "checksum"),
        (_without(MANIFEST), False, "manifest"),
        (_without(CATALOGUE_FILE), False, "missing"),
        (_without(CATALOGUE_FILE), True, "no catalogue"),
        (lambda m: {**m, "extra.txt": b"x"}, False, "lists"),
        (lambda m: {**m, "../outside.txt": b"x"}, True, "outside the store"),
        (lambda m: {**m, "a/../../outside.txt": b"x"}, True, "outside the store"),
        (lambda m: {**m, "/tmp/outside.txt": b"x"}, True, "outside the store"),
        (lambda m: {**m, CATALOGUE_FILE: m[CATALOGUE_FILE][:9000]}, False, "bytes"),
        (lambda m: {**m, CATALOGUE_FILE: b"not a database" * 999}, True, "not a database"),
        (lambda m: {**m, MANIFEST: b"not json"}, False, "not an archive"),
        (lambda m: {**m, MANIFEST: b'{"format": 1, "members": 5}'}, False, "not an archive"),
    ],
)
def test_an_archive_that_was_changed_is_refused_and_leaves_nothing(
    tmp_path: Path, change: Callable[[Members], Members], relist: bool, why: str
) -> None:
    backup(filled(tmp_path / "s"), tmp_path / "b.tar")
    bad = put_together(change(taken_apart(tmp_path / "b.tar")), tmp_path / "bad.tar", relist=relist)
    (tmp_path / "in").mkdir()
    with pytest.raises(StoreDamaged, match=why):
        restore(bad, tmp_path / "in" / "r")
    assert list((tmp_path / "in").iterdir()) == []
    assert not (tmp_path / "outside.txt").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE])
def test_only_plain_files_leave_an_archive(tmp_path: Path, kind: bytes) -> None:
    backup(filled(tmp_path / "s"), tmp_path / "b.tar")
    members = taken_apart(tmp_path / "b.tar")
    put_together({**members, "link": b""}, tmp_path / "relisted.tar")
    with tarfile.open(tmp_path / "relisted.tar") as old, tarfile.open(tmp_path / "bad.tar", "w") as new:
        for member in old:
            if member.name == "link":
                member.type, member.linkname = kind, "/etc/passwd"
            new.addfile(member, old.extractfile(member) if member.isreg() else None)
    with pytest.raises(StoreDamaged, match="link"):
        restore(tmp_path / "bad.tar", tmp_path / "r")
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("name", ["b.tar", "b.tar.gz"])
def test_an_archive_cut_short_is_refused(tmp_path: Path, name: str) -> None:
    backup(filled(tmp_path / "s"), tmp_path / name)
    data = (tmp_path / name).read_bytes()
    for keep in (0, 100, len(data) // 2, len(data) * 9 // 10):
        (tmp_path / name).write_bytes(data[:keep])
        with pytest.raises(StoreError):
            restore(tmp_path / name, tmp_path / "r")
        assert not (tmp_path / "r").exists()


def test_an_archive_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    backup(filled(tmp_path / "s"), tmp_path / "b.tar")
    members = taken_apart(tmp_path / "b.tar")
    told = {**json.loads(members[MANIFEST]), "format": 99}
    put_together({**members, MANIFEST: json.dumps(told).encode()}, tmp_path / "new.tar", relist=False)
    with pytest.raises(StoreTooNew):
        restore(tmp_path / "new.tar", tmp_path / "r")
    with closing(sqlite3.connect(tmp_path / "s" / CATALOGUE_FILE)) as connection:
        connection.execute("INSERT INTO schema_version VALUES (99, 'm099_x', '')")
        connection.commit()
    backup(tmp_path / "s", tmp_path / "later.tar")
    with pytest.raises(StoreTooNew, match="m099_x"):
        restore(tmp_path / "later.tar", tmp_path / "r")
    assert not (tmp_path / "r").exists()
