"""How far a job is: what an observer is told, and counts, rates and time left as pure functions. It draws nothing."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from assay.types import ItemReport, Record


class Observer(Protocol):
    """Told what happens while it happens, always from the thread that runs the job. It must be quick."""

    def on_start(self, sources: int, bytes: int) -> None:
        """The job is about to read this many sources of this many bytes in all."""
        ...

    def on_source(self, source: str, bytes: int) -> None:
        """The first documents of a source are being taken."""
        ...

    def on_document(self, document_id: str, characters: int) -> None:
        """A document was read."""
        ...

    def on_stage(self, stage: str, chunks: int) -> None:
        """So many chunks went through a stage: "embed" or "publish"."""
        ...

    def on_settled(self, report: ItemReport, bytes: int) -> None:
        """A source is done, one way or the other."""
        ...


class Silent:
    """An observer that looks away."""

    def on_start(self, sources: int, bytes: int) -> None:
        """Nothing."""

    def on_source(self, source: str, bytes: int) -> None:
        """Nothing."""

    def on_document(self, document_id: str, characters: int) -> None:
        """Nothing."""

    def on_stage(self, stage: str, chunks: int) -> None:
        """Nothing."""

    def on_settled(self, report: ItemReport, bytes: int) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Progress(Record):
    """How far a job is. Bytes are those of the sources as they lie on disk; `seconds` since the start."""

    sources: int = 0
    settled: int = 0
    failed: int = 0
    bytes: int = 0
    bytes_settled: int = 0
    documents: int = 0
    characters: int = 0
    embedded: int = 0
    published: int = 0
    seconds: float = 0.0
    current: str = ""


def share_done(progress: Progress) -> float:
    """The share of the work that is done, 0 to 1: by bytes, or by sources where there are no bytes."""
    if progress.bytes:
        return min(1.0, progress.bytes_settled / progress.bytes)
    return min(1.0, progress.settled / progress.sources) if progress.sources else 0.0


def rate(count: float, seconds: float) -> float:
    """A count a second; 0 where no time has passed."""
    return count / seconds if seconds > 0 else 0.0


def seconds_left(progress: Progress) -> float | None:
    """The time left if the rest goes as fast as what was done; None until something was."""
    done = share_done(progress)
    if done <= 0 or progress.seconds <= 0:
        return None
    return progress.seconds * (1.0 - done) / done


class Tally:
    """An observer that keeps count; `now()` is a snapshot for whoever draws or logs it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since = clock()
        self._progress = Progress()

    def now(self) -> Progress:
        """The progress at this moment."""
        return dataclasses.replace(self._progress, seconds=self._clock() - self._since)

    def on_start(self, sources: int, bytes: int) -> None:
        """Begin to count."""
        self._since = self._clock()
        self._progress = Progress(sources=sources, bytes=bytes)

    def on_source(self, source: str, bytes: int) -> None:
        """Remember which source is being read."""
        self._progress = dataclasses.replace(self._progress, current=source)

    def on_document(self, document_id: str, characters: int) -> None:
        """Count a document and its characters."""
        was = self._progress
        self._progress = dataclasses.replace(was, documents=was.documents + 1, characters=was.characters + characters)

    def on_stage(self, stage: str, chunks: int) -> None:
        """Count chunks embedded or published."""
        was = self._progress
        if stage == "embed":
            self._progress = dataclasses.replace(was, embedded=was.embedded + chunks)
        elif stage == "publish":
            self._progress = dataclasses.replace(was, published=was.published + chunks)

    def on_settled(self, report: ItemReport, bytes: int) -> None:
        """Count a source and its bytes."""
        was = self._progress
        self._progress = dataclasses.replace(
            was,
            settled=was.settled + 1,
            failed=was.failed + (report.state == "failed"),
            bytes_settled=was.bytes_settled + bytes,
        )
