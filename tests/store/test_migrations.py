"""An older layout is refused until it is migrated, and is then equal to a new one with everything in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assay.errors import StoreDamaged, StoreError, StoreNotFound
from assay.store.catalogue import open_catalogue
from assay.store.engine import BACKUPS_FOLDER, CATALOGUE_FILE
from assay.store.migrations import MIGRATIONS, migrate
from assay.types import OWNER, Principal
from tests.store.catalogue_kit import SetClock, put, staged

# The catalogue as m001_initial made it: access lists were JSON in `versions` only.
LAYOUT_1 = """
CREATE TABLE counters (name TEXT NOT NULL, value BIGINT NOT NULL, PRIMARY KEY (name));
CREATE TABLE versions (id INTEGER NOT NULL, document_id TEXT NOT NULL, number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('staged', 'live')), title TEXT NOT NULL, source TEXT NOT NULL,
  source_file TEXT NOT NULL, format TEXT NOT NULL, content_hash TEXT NOT NULL, characters INTEGER NOT NULL,
  chunk_count INTEGER NOT NULL, added_at TEXT NOT NULL, metadata TEXT NOT NULL, access TEXT NOT NULL,
  warnings TEXT NOT NULL, PRIMARY KEY (id));
CREATE INDEX versions_by_document ON versions (document_id);
CREATE INDEX versions_by_source_file ON versions (source_file);
CREATE UNIQUE INDEX one_live_version ON versions (document_id) WHERE state = 'live';
CREATE TABLE bodies (version_id INTEGER NOT NULL, text TEXT NOT NULL, blocks BLOB NOT NULL, origin BLOB NOT NULL,
  PRIMARY KEY (version_id), FOREIGN KEY(version_id) REFERENCES versions (id));
CREATE TABLE chunks (id INTEGER NOT NULL, version_id INTEGER NOT NULL, ordinal INTEGER NOT NULL,
  start INTEGER NOT NULL, "end" INTEGER NOT NULL, kind TEXT NOT NULL, breadcrumb TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (id), FOREIGN KEY(version_id) REFERENCES versions (id));
CREATE UNIQUE INDEX chunks_by_version ON chunks (version_id, ordinal);
CREATE TABLE heads (id INTEGER NOT NULL, version_id INTEGER NOT NULL, PRIMARY KEY (id),
  FOREIGN KEY(version_id) REFERENCES versions (id));
CREATE UNIQUE INDEX heads_by_version ON heads (version_id);
CREATE TABLE vectors (point_id INTEGER NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (point_id));
CREATE TABLE outbox (sequence INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, upserts TEXT NOT NULL, deletes TEXT NOT NULL);
CREATE TABLE manifest ("key" TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key"));
CREATE TABLE receipts (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL, title TEXT NOT NULL,
  source TEXT NOT NULL, content_hash TEXT NOT NULL, removed_at TEXT NOT NULL, chunks INTEGER NOT NULL,
  compacted INTEGER NOT NULL, probes TEXT NOT NULL);
CREATE INDEX receipts_by_document ON receipts (document_id);
CREATE TABLE audit (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, principal TEXT NOT NULL,
  action TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE jobs (id TEXT NOT NULL, sequence BIGINT NOT NULL, state TEXT NOT NULL, created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL, sources INTEGER NOT NULL, settled INTEGER NOT NULL, failed INTEGER NOT NULL,
  worker TEXT DEFAULT '' NOT NULL, lease_until TEXT DEFAULT '' NOT NULL, cancel_requested INTEGER NOT NULL,
  options TEXT NOT NULL, PRIMARY KEY (id), UNIQUE (sequence));
CREATE TABLE job_items (job_id TEXT NOT NULL, position INTEGER NOT NULL, source TEXT NOT NULL,
  stage TEXT DEFAULT '' NOT NULL, state TEXT DEFAULT '' NOT NULL, reason TEXT DEFAULT '' NOT NULL,
  PRIMARY KEY (job_id, position), FOREIGN KEY(job_id) REFERENCES jobs (id));
CREATE UNIQUE INDEX job_items_by_source ON job_items (job_id, source);
CREATE TABLE dead_letters (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL, source TEXT NOT NULL,
  document_id TEXT NOT NULL, chunks INTEGER NOT NULL, reason TEXT NOT NULL, warnings TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX dead_letters_by_source ON dead_letters (source);
CREATE TABLE schema_version (number INTEGER NOT NULL, name TEXT NOT NULL, applied_at TEXT NOT NULL,
  PRIMARY KEY (number));
INSERT INTO schema_version VALUES (1, 'm001_initial', '2026-01-01T00:00:00.000000Z');
INSERT INTO counters VALUES ('version', 3), ('point', 5);
INSERT INTO versions VALUES
  (1, 'open', 1, 'live', 'Open', '', 'f', 'text', 'h1', 5, 1, 't', '{}', '["public","user:ann","public"]', '[]'),
  (2, 'shut', 1, 'live', 'Shut', '', 'f', 'text', 'h2', 5, 1, 't', '{"year":1996}', '[]', '[]'),
  (3, 'later', 0, 'staged', 'Later', '', 'f', 'text', 'h3', 0, 0, 't', '{}', '["group:law"]', '[]');
INSERT INTO bodies VALUES (1, 'hello', x'', x''), (2, 'world', x'', x''), (3, '', x'', x'');
INSERT INTO chunks VALUES (1, 1, 0, 0, 5, 'prose', '[]', 'hello'), (2, 2, 0, 0, 5, 'prose', '[]', 'world');
INSERT INTO heads VALUES (3, 1), (4, 2), (5, 3);
INSERT INTO vectors VALUES (1, x'003c'), (2, x'003c'), (3, x'003c'), (4, x'003c'), (5, x'003c');
"""


def old_store(folder: Path) -> Path:
    folder.mkdir()
    with closing(sqlite3.connect(folder / CATALOGUE_FILE)) as connection:
        connection.executescript(LAYOUT_1)
    return folder


def layout_of(file: Path) -> set[tuple[str, ...]]:
    """Every column and every index, whatever way the statements that made them were written."""
    with closing(sqlite3.connect(file)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {(t, *map(str, c[1:])) for t in tables for c in connection.execute(f"PRAGMA table_info({t})")}
        indices = {
            (t, str(i[1]), str(i[2]), str(i[4]), *(str(c[2]) for c in connection.execute(f"PRAGMA index_info({i[1]})")))
            for t in tables
            for i in connection.execute(f"PRAGMA index_list({t})")
        }
        keys = {(t, *map(str, k[2:])) for t in tables for k in connection.execute(f"PRAGMA foreign_key_list({t})")}
    return columns | indices | keys


def test_an_older_store_is_refused_with_the_command_that_helps_and_stays_untouched(tmp_path: Path) -> None:
    store = old_store(tmp_path / "s")
    before = (store / CATALOGUE_FILE).read_bytes()
    for create in (False, True):
        with pytest.raises(StoreError, match=r"older layout \(1; .*assay migrate"):
            open_catalogue(store, create=create, read_only=True)
    assert (store / CATALOGUE_FILE).read_bytes() == before


def test_migrating_keeps_everything_and_adds_what_the_layout_needs(tmp_path: Path) -> None:
    store = old_store(tmp_path / "s")
    report = migrate(store, clock=SetClock())
    assert report.applied == ("m002_access_tokens", "m003_facts", "m004_token_vectors")
    catalogue = open_catalogue(store, create=False)
    assert [info.id for info in catalogue.documents(OWNER)] == ["open", "shut"]
    assert [info.id for info in catalogue.documents(Principal("ann"))] == ["open"]
    assert set(catalogue.chunks([1, 2], Principal("x"))) == {1}
    catalogue.publish([3])
    assert [info.id for info in catalogue.documents(Principal("x", ("law",)))] == ["later", "open"]
    put(catalogue, staged("new"))
    assert min(catalogue.point_ids() - {1, 2, 3, 4, 5}) == 6
    assert catalogue.check() == []
    catalogue.close()


def test_a_migrated_layout_equals_a_new_one(tmp_path: Path) -> None:
    store = old_store(tmp_path / "old")
    migrate(store)
    open_catalogue(tmp_path / "new", create=True).close()
    assert layout_of(store / CATALOGUE_FILE) == layout_of(tmp_path / "new" / CATALOGUE_FILE)
    with closing(sqlite3.connect(store / CATALOGUE_FILE)) as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM schema_version ORDER BY number")]
    assert names == [name for name, _ in MIGRATIONS]


def test_the_copy_taken_before_is_the_store_as_it_was(tmp_path: Path) -> None:
    store = old_store(tmp_path / "s")
    copy = Path(migrate(store).copy)
    assert copy == store / BACKUPS_FOLDER / "catalogue-before-m002_access_tokens.sqlite3"
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        dump = list(connection.iterdump())
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(LAYOUT_1)
        assert dump == list(connection.iterdump())


def test_migrating_twice_does_nothing_and_copies_nothing(tmp_path: Path) -> None:
    store = old_store(tmp_path / "s")
    migrate(store)
    report = migrate(store)
    assert (report.applied, report.copy) == ((), "")
    assert len(list((store / BACKUPS_FOLDER).iterdir())) == 1


def test_a_step_that_fails_leaves_the_layout_as_it_was(tmp_path: Path) -> None:
    store = old_store(tmp_path / "s")
    with closing(sqlite3.connect(store / CATALOGUE_FILE)) as connection:
        connection.execute("CREATE TRIGGER no_room BEFORE INSERT ON schema_version BEGIN SELECT RAISE(FAIL, 'no'); END")
        connection.commit()
        before = list(connection.iterdump())
    with pytest.raises(StoreError):
        migrate(store)
    with closing(sqlite3.connect(store / CATALOGUE_FILE)) as connection:
        assert list(connection.iterdump()) == before
        connection.execute("DROP TRIGGER no_room")
    assert migrate(store).applied == ("m002_access_tokens", "m003_facts", "m004_token_vectors")
    assert len(list((store / BACKUPS_FOLDER).iterdir())) == 2


def test_a_store_that_is_not_there_or_not_ours_is_not_migrated(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFound):
        migrate(tmp_path)
    with closing(sqlite3.connect(tmp_path / CATALOGUE_FILE)) as connection:
        connection.execute("CREATE TABLE something (x)")
    with pytest.raises(StoreDamaged):
        migrate(tmp_path)


def test_every_step_is_named_by_its_number() -> None:
    assert [name.split("_")[0] for name, _ in MIGRATIONS] == [f"m{i + 1:03}" for i in range(len(MIGRATIONS))]
    assert all(step.__doc__ for _, step in MIGRATIONS)
