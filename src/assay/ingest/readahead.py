"""Reading ahead: a thread takes documents from the parser process while the caller embeds, up to a bound.

The bound is in characters, not in documents, so that a few very large documents do not fill the memory.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field

from assay.errors import IngestError
from assay.ingest.limits import IngestOptions, Limits
from assay.ingest.opening import snapshot
from assay.ingest.sandbox import Sandbox, Stopped
from assay.types import Document

AHEAD_CHARACTERS = 8_000_000
AHEAD_ITEMS = 1000
ITEM_WEIGHT = 500


@dataclass(frozen=True, slots=True)
class Started:
    """Reading of a source begins; `size` is that of the file in bytes."""

    source: str
    size: int


@dataclass(frozen=True, slots=True)
class Read:
    """One document of a source."""

    source: str
    document: Document


@dataclass(frozen=True, slots=True)
class Ended:
    """A source was read to its end (`error` None), or reading it failed."""

    source: str
    error: IngestError | None = None


Event = Started | Read | Ended


def read_sources(
    sources: Iterable[str], sandbox: Sandbox, limits: Limits, options: IngestOptions
) -> Generator[Event, None, None]:
    """The events of reading these sources one after another. One that fails ends with its error; the rest go on."""
    for source in sources:
        try:
            with snapshot(source, limits) as opened:
                yield Started(source, opened.size)
                if not opened.size:
                    yield Ended(source)
                    continue
                for document in sandbox.read(opened, options):
                    yield Read(source, document)
        except IngestError as error:
            yield Ended(source, error)
        else:
            yield Ended(source)


@dataclass
class ReadAhead:
    """Runs an iterator of events in a thread. Use it as a context manager; leaving it stops the reading."""

    events: Generator[Event, None, None]
    sandbox: Sandbox
    _items: deque[Event] = field(default_factory=deque)
    _weight: int = 0
    _over: bool = False
    _failure: BaseException | None = None
    _closing: bool = False
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __enter__(self) -> ReadAhead:
        self._thread = threading.Thread(target=self._run, name="assay-read-ahead", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self.sandbox.stop()
        self._thread.join()

    def take(self, seconds: float) -> Sequence[Event] | None:
        """All events that wait, at least one where one comes within `seconds`; None after the last one.

        Raises what the reading thread raised, once everything that came before it was taken.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._over, seconds)
            taken = list(self._items)
            self._items.clear()
            self._weight = 0
            self._changed.notify_all()
            if taken or not self._over:
                return taken
            if self._failure is not None:
                raise self._failure
            return None

    def _run(self) -> None:
        try:
            for event in self.events:
                if not self._put(event):
                    break
        except Stopped:
            pass
        except BaseException as error:  # noqa: BLE001  a thread's edge: handed to the thread that waits, which raises it
            self._failure = error
        finally:
            self.events.close()
            with self._changed:
                self._over = True
                self._changed.notify_all()

    def _put(self, event: Event) -> bool:
        weight = ITEM_WEIGHT + (len(event.document.text) if isinstance(event, Read) else 0)
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._room(weight))
            self._items.append(event)
            self._weight += weight
            self._changed.notify_all()
            return not self._closing

    def _room(self, weight: int) -> bool:
        if not self._items:
            return True
        return self._weight + weight <= AHEAD_CHARACTERS and len(self._items) < AHEAD_ITEMS
