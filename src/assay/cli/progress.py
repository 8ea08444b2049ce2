"""Progress on long work: a bar with rate and time left on a terminal, silence when piped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assay.ingest.progress import Observer, Tally
    from assay.types import ItemReport


@contextmanager
def observing(*, quiet: bool) -> Iterator[Observer | None]:
    """Yields an observer of an ingestion that draws a bar, or None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from assay.ingest.progress import Tally

    with _bar("{task.fields[count]}") as bar:
        yield _Drawing(Tally(), bar, bar.add_task("reading", total=None, count=""))


@contextmanager
def counting(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Yields `update(stage, done, total)`; draws only on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    with _bar("{task.fields[count]}") as bar:
        tasks: dict[str, Any] = {}

        def update(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total, count="")
            bar.update(tasks[stage], completed=done, total=total, count=f"{done:,} of {total:,}")

        yield update


def _bar(text: str) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(20), TextColumn(text), TimeElapsedColumn())
    return Progress(*columns, TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True), transient=True)


class _Drawing:
    """An observer that counts and draws: share done by bytes, documents, chunks a second, time left."""

    def __init__(self, tally: Tally, bar: Any, task: Any) -> None:
        self._tally = tally
        self._bar = bar
        self._task = task

    def on_start(self, sources: int, bytes: int) -> None:
        """A job begins."""
        self._tally.on_start(sources, bytes)
        self._draw()

    def on_source(self, source: str, bytes: int) -> None:
        """A source is read."""
        self._tally.on_source(source, bytes)
        self._draw()

    def on_document(self, document_id: str, characters: int) -> None:
        """A document was read."""
        self._tally.on_document(document_id, characters)

    def on_stage(self, stage: str, chunks: int) -> None:
        """Chunks went through a stage."""
        self._tally.on_stage(stage, chunks)
        self._draw()

    def on_settled(self, report: ItemReport, bytes: int) -> None:
        """A source is done."""
        self._tally.on_settled(report, bytes)
        self._draw()

    def _draw(self) -> None:
        from assay.ingest.progress import rate, share_done

        now = self._tally.now()
        speed = rate(now.embedded, now.seconds)
        count = f"{now.settled:,}/{now.sources:,} files, {now.documents:,} documents, {speed:,.0f} chunks/s"
        self._bar.update(self._task, completed=share_done(now) * 100, total=100, count=count)
