"""Progress: counts, rates and time left."""

from __future__ import annotations

from assay.ingest.progress import Progress, Tally, rate, seconds_left, share_done
from assay.types import ItemReport


def test_the_share_goes_by_bytes_or_by_sources_where_there_are_none() -> None:
    assert share_done(Progress(sources=4, settled=1, bytes=100, bytes_settled=80)) == 0.8
    assert share_done(Progress(sources=4, settled=1)) == 0.25
    assert share_done(Progress()) == 0.0


def test_the_time_left_follows_from_what_was_done() -> None:
    assert seconds_left(Progress(bytes=100, bytes_settled=25, seconds=10.0)) == 30.0
    assert seconds_left(Progress(bytes=100, seconds=10.0)) is None
    assert seconds_left(Progress(bytes=100, bytes_settled=100, seconds=10.0)) == 0.0


def test_a_rate_needs_time() -> None:
    assert rate(10, 4) == 2.5
    assert rate(10, 0) == 0.0


def test_a_tally_counts_what_it_is_told() -> None:
    moments = iter([0.0, 1.0, 5.0])
    tally = Tally(lambda: next(moments))
    tally.on_start(2, 100)
    tally.on_source("a", 60)
    tally.on_document("d", 500)
    tally.on_stage("embed", 3)
    tally.on_stage("publish", 2)
    tally.on_settled(ItemReport("a", "added"), 60)
    tally.on_settled(ItemReport("b", "failed"), 40)
    assert tally.now() == Progress(
        sources=2,
        settled=2,
        failed=1,
        bytes=100,
        bytes_settled=100,
        documents=1,
        characters=500,
        embedded=3,
        published=2,
        seconds=4.0,
        current="a",
    )
