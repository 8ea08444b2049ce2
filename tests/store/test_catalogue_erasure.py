"""Deleted text is not to be found in any file of the store, whatever its encoding, after removal and compaction."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assay.errors import StoreInUse
from assay.store.catalogue import SqlCatalogue, open_catalogue
from assay.store.engine import BACKUPS_FOLDER, CATALOGUE_FILE
from assay.textual.tokens import tokens
from assay.types import OWNER, ItemReport
from tests.store.catalogue_kit import put, staged

MARKER = "The quokkazine dosage was tripled überraschend on 4 May"


def found_in(store: Path) -> set[str]:
    """The names of the files that hold the marker in any form."""
    forms = [MARKER.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")]
    forms += [json.dumps(MARKER)[1:-1].encode(), " ".join(tokens(MARKER)).encode(), b"quokkazin"]
    files = [file for file in store.rglob("*") if file.is_file()]
    return {file.name for file in files if any(form in file.read_bytes() for form in forms)}


def filled(store: Path) -> SqlCatalogue:
    """A store in which the marked document came, was replaced, came under another name, failed once, and stayed."""
    catalogue = open_catalogue(store, create=True)
    filler = [staged(f"filler {i}", f"filler {i} " * 400, pieces=8) for i in range(20)]
    put(catalogue, *filler[:10])
    put(catalogue, staged("marked", f"Before. {MARKER}. After. " * 40, pieces=20, metadata={"note": MARKER}))
    put(catalogue, *filler[10:])
    put(catalogue, staged("marked", f"Replaced, but it still says: {MARKER}." * 9, pieces=4))
    put(catalogue, staged("also marked", f"{MARKER} " * 3000, pieces=50))
    catalogue.stage([staged("marked", f"Staged only: {MARKER}")])
    job = catalogue.jobs.open(["notes.txt"], {})
    catalogue.jobs.settle(job, [ItemReport("notes.txt", "failed", "marked", reason="broke off at character 9")])
    catalogue.append_audit("owner", "add", {"document": "marked"})
    return catalogue


def test_after_removal_and_compaction_no_file_holds_the_text(tmp_path: Path) -> None:
    store = tmp_path / "s"
    catalogue = filled(store)
    assert found_in(store)
    catalogue.remove(["marked", "also marked"])
    probes = catalogue.compact()
    assert found_in(store) == set()
    assert probes["catalogue file"] == "written anew, 0 free pages"
    assert probes["write-ahead log"] == "0 bytes"
    receipt = catalogue.receipts("marked")[0]
    assert receipt.compacted
    assert receipt.probes["catalogue"] == "0 rows left"
    assert receipt.probes["write-ahead log"] == "0 bytes"
    assert [info.id for info in catalogue.documents(OWNER, matching="filler*")] == sorted(
        f"filler {i}" for i in range(20)
    )
    assert catalogue.check() == []
    catalogue.close()
    assert found_in(store) == set()


def test_a_replaced_text_is_gone_too(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True)
    put(catalogue, staged("a", f"{MARKER}. " * 50))
    put(catalogue, staged("a", "Harmless now. " * 50))
    catalogue.compact()
    assert found_in(tmp_path / "s") == set()
    catalogue.close()


def test_the_scan_itself_finds_what_is_there(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True)
    put(catalogue, staged("a", f"{MARKER}. " * 50))
    catalogue.compact()
    assert found_in(tmp_path / "s") == {CATALOGUE_FILE}
    catalogue.close()


def test_copies_that_migrations_made_are_deleted_by_compaction(tmp_path: Path) -> None:
    catalogue = filled(tmp_path / "s")
    copy = tmp_path / "s" / BACKUPS_FOLDER / "catalogue-before-m009_x.sqlite3"
    copy.parent.mkdir()
    copy.write_text(MARKER)
    (copy.parent / "mine.txt").write_text("not ours")
    catalogue.remove(["marked", "also marked"])
    assert catalogue.compact()["copies made by migrations"] == "1 deleted"
    assert found_in(tmp_path / "s") == set()
    assert [file.name for file in copy.parent.iterdir()] == ["mine.txt"]
    catalogue.close()


def test_compaction_says_so_while_another_process_still_reads_the_old_state(tmp_path: Path) -> None:
    catalogue = open_catalogue(tmp_path / "s", create=True, lock_seconds=0.2)
    put(catalogue, staged("a", MARKER))
    with closing(sqlite3.connect(tmp_path / "s" / CATALOGUE_FILE, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM versions").fetchall()
        catalogue.remove(["a"])
        with pytest.raises(StoreInUse, match="still reads"):
            catalogue.compact()
        assert not catalogue.receipts("a")[0].compacted
        other.execute("COMMIT")
    catalogue.compact()
    assert catalogue.receipts("a")[0].compacted
    assert found_in(tmp_path / "s") == set()
    catalogue.close()
