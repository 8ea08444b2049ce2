"""A catalogue that cannot be used as it is: each case is made real, gives its own error, and loses nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from contextlib import closing
from errno import EACCES, EIO, ENOSPC, EROFS
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from assay.errors import StoreDamaged, StoreError, StoreFull, StoreInUse, StoreNotFound, StoreReadOnly, StoreTooNew
from assay.store import faults
from assay.store.catalogue import SqlCatalogue, open_catalogue
from assay.store.engine import CATALOGUE_FILE
from assay.types import OWNER
from tests.store.catalogue_kit import put, staged


def made(store: Path) -> Path:
    """A closed store with one document; its catalogue file."""
    catalogue = open_catalogue(store, create=True)
    put(catalogue, staged("a", "A text that was acknowledged. " * 200, readers=("public",)))
    catalogue.close()
    return store / CATALOGUE_FILE


def test_a_missing_store_says_so_and_is_not_made(tmp_path: Path) -> None:
    for place in (tmp_path / "none", tmp_path):
        with pytest.raises(StoreNotFound, match="assay init"):
            open_catalogue(place, create=False)
    with pytest.raises(StoreNotFound):
        open_catalogue(tmp_path / "none", create=True, read_only=True)
    assert list(tmp_path.iterdir()) == []


def test_a_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "deep" / "store", create=True)
    put(catalogue, staged("a"))
    store = tmp_path / "deep" / "store"
    assert stat.S_IMODE(store.stat().st_mode) == 0o700
    files = list(store.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) == 3
    catalogue.close()


def test_a_folder_that_holds_other_things_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    tmp_path.chmod(0o755)
    open_catalogue(tmp_path, create=True).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / CATALOGUE_FILE).stat().st_mode) == 0o600


def test_the_settings_that_safety_rests_on_are_set_on_every_connection(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True)
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 30000}
    for use in (catalogue.database.write, catalogue.database.read):
        with use() as connection:
            for pragma, value in expected.items():
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
    with catalogue.database.write(durable=False) as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 1
    catalogue.close()


def test_a_full_disk_is_told_and_loses_nothing(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True)
    put(catalogue, staged("a"))
    _limit_pages(catalogue, spare=4)
    ids = catalogue.point_ids()
    with pytest.raises(StoreFull, match="Free some space"):
        catalogue.stage([staged("b", "many words " * 20_000)])
    assert catalogue.point_ids() == ids
    assert catalogue.text("a", OWNER) is not None
    assert catalogue.check() == []
    _limit_pages(catalogue, spare=10_000)
    put(catalogue, staged("b", "many words " * 20_000))
    assert len(catalogue.documents(OWNER)) == 2
    catalogue.close()


def _limit_pages(catalogue: SqlCatalogue, spare: int) -> None:
    # Only one connection is in the pool here, so the limit holds for the write that follows.
    with catalogue.database.driver() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + spare}")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_a_plain_file_is_told_too() -> None:
    with pytest.raises(StoreFull), faults.translated("here"), Path("/dev/full").open("wb", buffering=0) as handle:
        handle.write(b"x")


def test_a_read_only_catalogue_reads_and_refuses_to_write(tmp_path: Path) -> None:
    made(tmp_path / "s")
    catalogue = open_catalogue(tmp_path / "s", create=False, read_only=True)
    assert catalogue.text("a", OWNER) is not None
    for write in (
        lambda: catalogue.stage([staged("b")]),
        lambda: catalogue.set_manifest(x=1),
        catalogue.discard_staged,
    ):
        with pytest.raises(StoreReadOnly):
            write()
    with catalogue.database.engine.connect() as connection, pytest.raises(DBAPIError) as refused:
        connection.exec_driver_sql("DELETE FROM versions")
    assert isinstance(faults.fault(refused.value.orig, "s"), StoreReadOnly)
    catalogue.close()


def _visit(store: Path) -> list[str]:
    """What happens to a visitor who may read the folder but not write it."""
    catalogue = open_catalogue(store, create=False, read_only=True)
    told = [info.id for info in catalogue.documents(OWNER)]
    catalogue.close()
    for place in (store, store / "new"):
        try:
            open_catalogue(place, create=True).set_manifest(x=1)
        except StoreReadOnly as error:
            told.append(error.code)
    return told


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_folder_without_write_permission_can_be_read_and_says_so_on_writing() -> None:
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        store = Path(outer) / "s"
        made(store).chmod(0o444)
        store.chmod(0o555)
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            try:
                os.write(tell, " ".join(_visit(store)).encode())
            finally:
                os._exit(0)
        os.close(tell)
        os.waitpid(child, 0)
        with os.fdopen(told) as pipe:
            assert pipe.read() == "a store_read_only store_read_only"
        assert sorted(place.name for place in store.iterdir()) == [CATALOGUE_FILE]
        store.chmod(0o700)


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(tmp_path: Path) -> None:
    file = made(tmp_path / "s")
    catalogue = open_catalogue(tmp_path / "s", create=False, lock_seconds=0.2)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreInUse, match="another process"):
            catalogue.stage([staged("b")])
        assert catalogue.text("a", OWNER) is not None
        other.execute("ROLLBACK")
    put(catalogue, staged("b"))
    catalogue.close()


def test_a_store_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    file = made(tmp_path / "s")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO schema_version VALUES (99, 'm099_from_the_future', '2030')")
        connection.commit()
    before = file.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreTooNew, match="m099_from_the_future"):
            open_catalogue(tmp_path / "s", create=True, read_only=read_only)
    assert file.read_bytes() == before


@pytest.mark.parametrize("harm", ["garbage", "header", "cut", "middle", "other database"])
def test_a_damaged_catalogue_is_told_and_never_half_read(tmp_path: Path, harm: str) -> None:
    file = made(tmp_path / "s")
    whole = file.read_bytes()
    if harm == "garbage":
        file.write_bytes(b"this is not a database " * 400)
    elif harm == "header":
        file.write_bytes(b"\0" * 100 + whole[100:])
    elif harm == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif harm == "middle":
        file.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))
    else:
        file.unlink()
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE something (x)")
    with pytest.raises(StoreDamaged, match="assay doctor"):
        open_catalogue(tmp_path / "s", create=True).documents(OWNER)


def test_the_check_finds_damage_inside_a_page(tmp_path: Path) -> None:
    file = made(tmp_path / "s")
    assert _check(tmp_path / "s") == []
    data = bytearray(file.read_bytes())
    page = next(i for i in range(len(data) - 4096, 4096, -4096) if data[i] == 0x0D)
    data[page + 3 : page + 5] = b"\xff\xff"
    file.write_bytes(data)
    assert _check(tmp_path / "s")


def _check(store: Path) -> list[str]:
    catalogue = open_catalogue(store, create=False)
    try:
        return catalogue.check()
    finally:
        catalogue.close()


def test_a_point_that_lost_its_vector_is_damage_not_silence(tmp_path: Path) -> None:
    made(tmp_path / "s")
    catalogue = open_catalogue(tmp_path / "s", create=False)
    with catalogue.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM vectors WHERE point_id = 2")
    with pytest.raises(StoreDamaged, match="point 2 has no vector"):
        list(catalogue.points())
    catalogue.close()


def test_an_empty_file_left_by_a_crash_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / CATALOGUE_FILE).touch()
    with pytest.raises(StoreNotFound):
        open_catalogue(tmp_path, create=False)
    catalogue = open_catalogue(tmp_path, create=True)
    put(catalogue, staged("a"))
    catalogue.close()


@pytest.mark.parametrize(
    ("number", "kind"),
    [(ENOSPC, StoreFull), (EROFS, StoreReadOnly), (EACCES, StoreReadOnly), (EIO, StoreError)],
)
def test_each_error_of_the_system_has_its_own(number: int, kind: type[StoreError]) -> None:
    with pytest.raises(kind) as caught, faults.translated("/the/store"):
        raise OSError(number, os.strerror(number))
    assert type(caught.value) is kind
    assert "/the/store" in str(caught.value)


def test_no_message_holds_the_text_of_a_document(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True)
    with catalogue.database.write() as connection:
        connection.exec_driver_sql("DROP TABLE chunks")
    with pytest.raises(StoreError) as caught:
        catalogue.stage([staged("a", "a secret diagnosis")])
    shown = f"{caught.value} {caught.value.__cause__}"
    assert "diagnosis" not in shown
    catalogue.close()


def test_a_store_can_be_moved(tmp_path: Path) -> None:
    made(tmp_path / "s")
    moved = tmp_path / "has space & #?%41 ünïcode"
    shutil.move(tmp_path / "s", moved)
    catalogue = open_catalogue(moved, create=False)
    assert catalogue.find("a") is not None
    catalogue.close()
