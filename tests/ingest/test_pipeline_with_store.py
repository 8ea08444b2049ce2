"""The pipeline over the real catalogue and ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.ingest.chunkers import chunker_for
from assay.ingest.pipeline import IngestPipeline
from assay.store.catalogue import SqlCatalogue, open_catalogue
from assay.types import OWNER
from tests.ingest.ingest_kit import FORMATS, READERS, HashEmbedder, records


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[SqlCatalogue]:
    (tmp_path / "store").mkdir()
    opened = open_catalogue(tmp_path / "store", create=True)
    yield opened
    opened.close()


def pipeline(catalogue: SqlCatalogue) -> IngestPipeline:
    def deliver() -> None:
        for entry in catalogue.outbox():
            catalogue.trim_outbox(entry.sequence)

    return IngestPipeline(
        catalogue,
        catalogue.jobs,
        HashEmbedder(),
        lambda document: chunker_for("semantic"),
        deliver,
        readers=READERS,
        reader_formats=FORMATS,
        batch_chunks=8,
    )


def test_a_job_over_the_real_store_adds_replaces_removes_and_reports(catalogue: SqlCatalogue, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    records(folder / "a.rec", **{f"r{n}": f"Record number {n}. It has two sentences." for n in range(20)})
    records(folder / "b.rec", b1="Bee. " * 500)
    (folder / "bad.crash").write_bytes(b"x")
    (folder / ".hidden").write_text("x")
    first = pipeline(catalogue).ingest([folder], {"access": ["public"], "metadata": {"library": "x"}})
    assert (first.added, first.failed) == (21, 1)
    job = catalogue.jobs.job(first.job_id)
    assert job is not None
    assert (job.state, job.sources, job.settled, job.failed) == ("done", 4, 4, 1)
    assert [Path(letter.source).name for letter in catalogue.jobs.dead_letters()] == ["bad.crash"]
    assert len(catalogue.documents(OWNER)) == 21
    assert len(catalogue.points(None).__next__().vector) == 16

    records(folder / "a.rec", r0="Record number 0, changed.", r1="Record number 1. It has two sentences.")
    (folder / "bad.crash").unlink()
    again = pipeline(catalogue).ingest([folder], {"access": ["public"], "metadata": {"library": "x"}})
    assert (again.added, again.replaced, again.unchanged, again.failed) == (0, 1, 2, 0)
    assert sorted(info.id for info in catalogue.documents(OWNER)) == ["b1", "r0", "r1"]
    assert catalogue.text("r0", OWNER) == "Record number 0, changed."


def test_a_refused_document_is_a_dead_letter_until_it_is_mended(catalogue: SqlCatalogue, tmp_path: Path) -> None:
    path = tmp_path / "a.rec"
    path.write_text("one\tFirst.\none\tAgain.\n")
    pipeline(catalogue).ingest([path])
    assert [letter.document_id for letter in catalogue.jobs.dead_letters()] == ["one"]
    path.write_text("one\tFirst.\ntwo\tAgain.\n")
    pipeline(catalogue).ingest([path])
    assert catalogue.jobs.dead_letters() == []
