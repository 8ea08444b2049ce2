"""The same catalogue on a PostgreSQL server. Runs where ASSAY_TEST_POSTGRES names an empty database to use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from assay.errors import InputError, NotFound, StoreNotFound, StoreReadOnly
from assay.store.catalogue import SqlCatalogue, open_catalogue_url
from assay.store.schema import metadata
from assay.types import OWNER, ItemReport, Principal
from tests.store.catalogue_kit import SetClock, put, staged

URL = os.environ.get("ASSAY_TEST_POSTGRES", "")
pytestmark = pytest.mark.skipif(not URL, reason="ASSAY_TEST_POSTGRES does not name a database to test with")


@pytest.fixture
def catalogue() -> Iterator[SqlCatalogue]:
    with pytest.raises(StoreNotFound):
        open_catalogue_url(URL, create=False)
    opened = open_catalogue_url(URL, create=True, clock=SetClock())
    yield opened
    with opened.database.write() as connection:
        metadata.drop_all(connection)
    opened.close()


def test_documents_come_change_and_go(catalogue: SqlCatalogue) -> None:
    put(catalogue, staged("a", "first", readers=("group:law",)), staged("B", "open", readers=("public",)))
    first = catalogue.point_ids()
    put(catalogue, staged("a", "second text", readers=("group:law",), metadata={"year": 1996}))
    assert catalogue.text("a", OWNER) == "second text"
    assert [info.id for info in catalogue.documents(Principal("x", ("law",)))] == ["B", "a"]
    assert [info.id for info in catalogue.documents(Principal("x"), matching="?")] == ["B"]
    assert {point.id for point in catalogue.points()} == catalogue.point_ids()
    assert set(catalogue.outbox()[-1].deletes) < first
    assert [receipt.document_id for receipt in catalogue.remove(["a", "nobody"])] == ["a"]
    catalogue.compact()
    assert catalogue.receipts("a")[0].compacted
    lost = catalogue.stage([staged("c")])
    assert catalogue.discard_staged() == 1
    with pytest.raises(NotFound):
        catalogue.publish(lost)


def test_writers_take_turns_and_ids_stay_distinct(catalogue: SqlCatalogue) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda i: put(catalogue, staged(f"d{i}")), range(20)))
    assert len(catalogue.point_ids()) == 20 * 4
    sequences = [entry.sequence for entry in catalogue.outbox()]
    assert sequences == sorted(sequences)


def test_jobs_are_leased_once(catalogue: SqlCatalogue) -> None:
    job_id = catalogue.jobs.open(["a", "b"], {})
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda i: catalogue.jobs.lease(job_id, f"w{i}", 60), range(4))) == 1
    catalogue.jobs.settle(job_id, [ItemReport("a", "failed", reason="torn")])
    assert catalogue.jobs.pending(job_id) == ["b"]
    assert [letter.reason for letter in catalogue.jobs.dead_letters()] == ["torn"]


def test_what_the_server_cannot_hold_is_refused_by_name(catalogue: SqlCatalogue) -> None:
    with pytest.raises(InputError, match="NUL"):
        catalogue.stage([staged("a", "a\x00b")])
    assert catalogue.point_ids() == set()


def test_a_reader_cannot_write(catalogue: SqlCatalogue) -> None:
    reader = open_catalogue_url(URL, create=False, read_only=True)
    with pytest.raises(StoreReadOnly):
        reader.stage([staged("a")])
    with pytest.raises(StoreReadOnly), reader.database.read() as connection:
        connection.exec_driver_sql("DELETE FROM outbox")
    reader.close()
