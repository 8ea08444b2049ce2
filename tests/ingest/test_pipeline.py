"""Jobs from paths to published documents: what is promised holds whatever happens on the way."""

from __future__ import annotations

import dataclasses
import gzip
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assay.errors import InputError, ModelTimeout, NotFound, StoreInUse
from assay.ingest.limits import Limits
from assay.ingest.progress import Tally
from assay.textual.tokens import embedding_text
from assay.types import AccessList, Document, freeze
from tests.ingest.ingest_kit import Interrupted, World, records

LONG = "A sentence of the long document that goes on for a while and says number {n} in it. "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    root.mkdir()
    records(root / "a.rec", one="Text one. More of it.", two="Text two.")
    records(root / "b.rec", three="".join(LONG.format(n=n) for n in range(120)))
    return root


@pytest.fixture
def world() -> World:
    return World()


def test_a_folder_becomes_searchable_documents(world: World, folder: Path) -> None:
    report = world.pipeline().ingest([folder])
    assert sorted(world.served()) == ["one", "three", "two"]
    assert (report.added, report.replaced, report.unchanged, report.failed) == (3, 0, 0, 0)
    staged = [staged for _, staged in world.catalogue.live.values()]
    assert report.chunks == sum(len(one.chunks) for one in staged) > 10
    assert set(report.stages) >= {"read", "chunk", "embed", "stage", "deliver", "publish"}
    assert world.ledger.infos[report.job_id].state == "done"


def test_chunks_and_heads_are_embedded_with_what_they_belong_to(world: World, folder: Path) -> None:
    world.pipeline().ingest([folder])
    _, three = world.catalogue.live["three"]
    texts = [embedding_text(chunk, three.document.title) for chunk in three.chunks]
    assert np.array_equal(three.vectors, world.embedder.embed(texts))
    assert np.array_equal(three.head_vector, three.vectors[0])


def test_texts_are_embedded_in_batches_across_documents(tmp_path: Path) -> None:
    world = World(batch_chunks=8)
    records(tmp_path / "many.rec", **{f"r{n}": f"Record number {n}." for n in range(40)})
    world.pipeline().ingest([tmp_path])
    assert max(world.embedder.calls) == 8
    assert len(world.embedder.calls) <= 12


def test_adding_again_changes_nothing(world: World, folder: Path) -> None:
    world.pipeline().ingest([folder])
    before = dict(world.catalogue.live)
    calls = len(world.embedder.calls)
    report = world.pipeline().ingest([folder])
    assert (report.added, report.replaced, report.unchanged) == (0, 0, 3)
    assert world.catalogue.live == before
    assert len(world.embedder.calls) == calls


def test_a_changed_document_replaces_its_former_version_and_one_that_is_gone_goes(world: World, folder: Path) -> None:
    world.pipeline().ingest([folder])
    records(folder / "a.rec", one="Text one, changed.", four="A new one.")
    report = world.pipeline().ingest([folder / "a.rec"])
    assert list(world.served()) == ["four", "one", "three"]
    assert world.served()["one"] == "Text one, changed."
    assert (report.added, report.replaced, report.unchanged) == (1, 1, 0)
    assert any("1 document that it no longer holds removed" in warning for warning in report.warnings)


def test_the_former_version_is_served_until_the_new_one_is_published(world: World, folder: Path) -> None:
    world.pipeline().ingest([folder])
    former = world.served()["three"]
    records(folder / "b.rec", three="Now it is short.")
    seen: list[str] = []
    world.catalogue.trap = lambda step: seen.append(world.catalogue.live["three"][1].document.text)
    world.pipeline().ingest([folder / "b.rec"])
    assert set(seen) == {former, "Now it is short."}
    assert seen == sorted(seen, key=lambda text: text != former)


def test_a_file_that_fails_half_way_keeps_its_good_documents_and_loses_no_old_ones(world: World, folder: Path) -> None:
    world.pipeline().ingest([folder])
    (folder / "a.rec").write_text("one\tText one, changed.\n!\n")
    report = world.pipeline().ingest([folder])
    assert world.served()["one"] == "Text one, changed."
    assert "two" in world.served()
    assert report.failed == 1
    assert "This line is broken" in report.failures[0].reason
    assert "What came before it was taken: 1 document" in report.failures[0].reason
    letters = world.ledger.dead_letters()
    assert [letter.source for letter in letters] == [str(folder / "a.rec")]


def test_every_kind_of_bad_file_is_reported_and_everything_else_goes_on(folder: Path) -> None:
    world = World(Limits(seconds=3.0, memory_bytes=700 << 20, expansion_floor=4 << 20, file_bytes=10 << 20))
    (folder / "bomb.rec.gz").write_bytes(gzip.compress(b"\0" * (256 << 20)))
    (folder / "cut.rec.gz").write_bytes(gzip.compress(b"x\ty\n" * 1000)[:-20])
    (folder / "hang.hang").write_bytes(b"asleep")
    (folder / "crash.crash").write_bytes(b"x")
    (folder / "eat.eat").write_bytes(b"x")
    with (folder / "sparse.rec").open("wb") as file:
        file.truncate(1 << 30)
    (folder / "leak.rec").symlink_to("/etc/hostname")
    records(folder / "zlast.rec", last="The last one.")
    report = world.pipeline().ingest([folder])
    reasons = {Path(item.source).name: item.reason for item in report.failures}
    assert sorted(reasons) == [
        "bomb.rec.gz", "crash.crash", "cut.rec.gz", "eat.eat", "hang.hang", "leak.rec", "sparse.rec",
    ]  # fmt: skip
    assert "expands to more than" in reasons["bomb.rec.gz"]
    assert "cut off" in reasons["cut.rec.gz"]
    assert {"one", "two", "three", "last"} <= set(world.served())
    assert world.ledger.infos[report.job_id].state == "done"
    assert len(world.ledger.dead_letters()) == 7


def test_a_packed_file_is_read_like_the_file_inside(world: World, tmp_path: Path) -> None:
    (tmp_path / "a.rec.gz").write_bytes(gzip.compress(b"one\tText one.\n"))
    world.pipeline().ingest([tmp_path])
    assert world.served() == {"one": "Text one."}


def test_an_empty_file_is_skipped_and_a_file_that_became_empty_keeps_its_documents(world: World, folder: Path) -> None:
    (folder / "empty.rec").write_bytes(b"")
    report = world.pipeline().ingest([folder])
    assert report.failed == 0
    assert any("empty.rec: it holds no text" in warning for warning in report.warnings)
    (folder / "a.rec").write_bytes(b"")
    report = world.pipeline().ingest([folder])
    assert {"one", "two"} <= set(world.served())
    assert "It holds no text now" in report.failures[0].reason


def test_a_file_that_is_gone_is_an_error_and_loses_nothing(world: World, folder: Path) -> None:
    pipeline = world.pipeline()
    job = pipeline.submit([folder])
    (folder / "a.rec").unlink()
    report = pipeline.run(job)
    assert [Path(item.source).name for item in report.failures] == ["a.rec"]
    assert list(world.served()) == ["three"]


def test_a_megabyte_on_one_line_and_mixed_encodings_are_read(world: World, tmp_path: Path) -> None:
    (tmp_path / "line.txt").write_text("word " * 200_000)
    (tmp_path / "mixed.txt").write_bytes("schön ".encode() + "schön ".encode("latin-1") + "schön".encode("utf-16"))
    world.batch_chunks = 256
    report = world.pipeline().ingest([tmp_path])
    assert (report.added, report.failed) == (2, 0)
    assert report.chunks > 1000


def test_an_id_used_twice_in_a_file_is_refused_and_told(world: World, tmp_path: Path) -> None:
    (tmp_path / "a.rec").write_text("one\tFirst.\ntwo\tSecond.\none\tThird.\n")
    report = world.pipeline().ingest([tmp_path])
    assert world.served() == {"one": "First.", "two": "Second."}
    assert [(item.document_id, item.state) for item in report.failures] == [("one", "failed")]
    assert "occurs twice" in report.failures[0].reason
    assert world.ledger.dead_letters()


def test_an_id_used_in_two_files_is_told(world: World, tmp_path: Path) -> None:
    records(tmp_path / "a.rec", one="From a.")
    records(tmp_path / "b.rec", one="From b.")
    report = world.pipeline().ingest([tmp_path])
    assert world.served() == {"one": "From b."}
    assert any("replaced the version that came from" in warning for warning in report.warnings)


def test_options_give_metadata_and_access_below_what_documents_say(world: World, folder: Path) -> None:
    world.pipeline().ingest([folder], {"metadata": {"library": "x"}, "access": ["group:staff"]})
    info = world.catalogue.find("one")
    assert info is not None
    assert info.metadata == {"library": "x"}
    assert info.access == AccessList(("group:staff",))
    assert world.pipeline().ingest([folder]).replaced == 3


def test_an_unknown_option_is_refused_before_a_job_is_made(world: World, folder: Path) -> None:
    with pytest.raises(InputError):
        world.pipeline().submit([folder], {"speed": 3})
    assert not world.ledger.infos


# --- crashes


def interrupt_at(number: int) -> "Iterator[None]":
    """A trap that ends the process at the n-th step of the store."""

    def steps() -> Iterator[None]:
        for _ in range(number):
            yield
        raise Interrupted

    return steps()


def test_a_kill_at_any_step_loses_nothing_and_resuming_ends_in_the_same_state(folder: Path) -> None:
    untouched = World()
    untouched.pipeline().ingest([folder])
    records(folder / "a.rec", one="Text one, changed.", four="A new one.")
    expected_texts = {"four": "A new one.", "one": "Text one, changed.", "three": untouched.served()["three"]}
    old = {"one": "Text one. More of it.", "two": "Text two."}
    number = 0
    while True:
        world = World()
        world.catalogue.live = dict(untouched.catalogue.live)
        world.catalogue._ids = iter(range(1000, 2000))  # type: ignore[assignment]
        world.index = set(world.catalogue.point_ids())
        trap = interrupt_at(number)
        world.catalogue.trap = world.ledger.trap = lambda step, trap=trap: next(trap)  # type: ignore[misc]
        first = world.pipeline()
        job = first.submit([folder])
        try:
            first.run(job)
            interrupted = False
        except Interrupted:
            interrupted = True
        served = {name: staged.document.text for name, (_, staged) in world.catalogue.live.items()}
        assert all(text in (expected_texts.get(name), old.get(name)) for name, text in served.items())
        assert "three" in served and "one" in served
        world.catalogue.trap = world.ledger.trap = lambda step: None
        world.pipeline(worker="another").resume(job)
        assert world.served() == expected_texts
        assert world.ledger.infos[job].state == "done"
        assert not world.catalogue.staged
        if not interrupted:
            break
        number += 1
    assert number > 8


def test_an_error_of_the_model_ends_the_run_and_leaves_the_job_to_be_resumed(world: World, folder: Path) -> None:
    class Failing(type(world.embedder)):  # type: ignore[misc]
        def embed(self, texts: list[str]) -> None:
            raise ModelTimeout("no answer")

    sound = world.embedder
    world.embedder = Failing()
    job = world.pipeline().submit([folder])
    with pytest.raises(ModelTimeout):
        world.pipeline().run(job)
    assert [info.id for info in world.ledger.resumable()] == [job]
    world.embedder = sound
    assert world.pipeline().resume(job).added == 3


def test_a_job_that_is_done_resumes_to_nothing(world: World, folder: Path) -> None:
    pipeline = world.pipeline()
    job = pipeline.ingest([folder]).job_id
    assert pipeline.resume(job).added == 0
    with pytest.raises(NotFound):
        pipeline.resume("nothing")


def test_what_another_worker_staged_is_left_alone(world: World, folder: Path) -> None:
    pipeline = world.pipeline()
    other = world.ledger.open(["/x"], {})
    world.ledger.lease(other, "somebody", 100)
    world.catalogue.staged[99] = dataclasses.replace(_staged(world))
    world.index.add(99)
    pipeline.ingest([folder])
    assert 99 in world.catalogue.staged


def _staged(world: World):  # type: ignore[no-untyped-def]
    world.pipeline().ingest_documents([Document(id="x", title="", text="x y z.")])
    return world.catalogue.live["x"][1]


# --- leases and cancelling


def test_a_job_of_another_worker_is_refused(world: World, folder: Path) -> None:
    job = world.pipeline().submit([folder])
    world.ledger.lease(job, "somebody", 100)
    with pytest.raises(StoreInUse, match="somebody"):
        world.pipeline().run(job)


def test_the_lease_is_renewed_while_the_work_lasts_and_let_go_on_the_way_out(world: World, folder: Path) -> None:
    times = iter(range(0, 100_000, 60))
    pipeline = world.pipeline(clock=lambda: float(next(times)), lease_seconds=100.0)
    pipeline.ingest([folder])
    assert len(world.ledger.leases) > 5


def test_a_worker_that_lost_its_lease_stops(world: World, folder: Path) -> None:
    times = iter(range(0, 100_000, 60))
    pipeline = world.pipeline(clock=lambda: float(next(times)), lease_seconds=100.0)
    job = pipeline.submit([folder])

    def taken_over(step: str) -> None:
        world.ledger.infos[job] = dataclasses.replace(world.ledger.infos[job], worker="somebody")

    world.catalogue.trap = taken_over
    with pytest.raises(StoreInUse, match="taken over"):
        pipeline.run(job)
    assert world.ledger.infos[job].worker == "somebody"


def test_cancelling_stops_after_the_present_batch_and_keeps_what_was_published(world: World, tmp_path: Path) -> None:
    path = records(tmp_path / "a.rec", **{f"r{n}": "Text. " * 20 for n in range(40)})
    path.write_text(path.read_text() + "?30\nlate\tNever read.\n")
    pipeline = world.pipeline()
    job = pipeline.submit([tmp_path])
    world.catalogue.trap = lambda step: world.ledger.cancel(job) if step == "after publish" else None
    pipeline.run(job)
    assert world.ledger.infos[job].state == "cancelled"
    assert len(world.served()) == 4
    assert world.ledger.pending(job) == [str(path)]
    with pytest.raises(InputError, match="cancelled"):
        pipeline.run(job)


# --- documents from memory, progress


def test_documents_from_memory_are_published_and_bad_ones_told(world: World) -> None:
    good = Document(id="m1", title="One", text="Some text.", metadata=freeze({"year": 1990}))
    report = world.pipeline().ingest_documents(
        [good, Document(id="", title="", text="x"), Document(id="m2", title="", text=" \n")]
    )
    assert world.served() == {"m1": "Some text."}
    assert (report.added, report.failed, report.job_id) == (1, 1, "")
    assert any("1 document without text" in warning for warning in report.warnings)
    assert world.pipeline().ingest_documents([good]).unchanged == 1
    changed = dataclasses.replace(good, text="Other text.")
    assert world.pipeline().ingest_documents([changed]).replaced == 1


def test_the_observer_sees_the_work_go_by(world: World, folder: Path) -> None:
    tally = Tally()
    report = world.pipeline().ingest([folder], observer=tally)
    progress = tally.now()
    assert (progress.sources, progress.settled, progress.failed) == (2, 2, 0)
    assert progress.documents == 3
    assert progress.published == report.chunks
    assert progress.embedded == report.chunks
    assert progress.bytes == progress.bytes_settled > 0
