"""Joins the queries of many threads into one call of the embedder: eight together cost about as much as two alone.

There is no timer and no thread of its own. A query that finds the engine free goes at once; those that come meanwhile
wait together and go as the next batch, led by one of them. Long lists (ingestion) pass straight through.
"""

from __future__ import annotations

import collections
import copy
import threading
from collections.abc import Sequence

import numpy as np

from assay.errors import ModelError
from assay.ports import Embedder, TokenEmbedder
from assay.types import Matrix, TokenVectors

Embedded = tuple[Matrix, list[TokenVectors]]


class _Ticket:
    """One caller's texts, and what became of them."""

    __slots__ = ("error", "found", "pieces", "texts", "wake")

    def __init__(self, texts: Sequence[str], *, pieces: bool) -> None:
        self.texts = texts
        self.pieces = pieces
        self.wake = threading.Event()
        self.found: Embedded | None = None
        self.error: BaseException | None = None

    @property
    def settled(self) -> bool:
        return self.found is not None or self.error is not None


class MicroBatcher:
    """An Embedder around another: same vectors, same errors, more queries a second from several threads."""

    def __init__(self, embedder: Embedder, *, limit: int = 32, longest_call: int = 4) -> None:
        """`limit`: texts joined at most. A call with more than `longest_call` texts is not joined."""
        self.dimensions = embedder.dimensions
        self.fingerprint = embedder.fingerprint
        self._embedder = embedder
        self._tokens = embedder if isinstance(embedder, TokenEmbedder) else None
        self.token_dimensions = self._tokens.token_dimensions if self._tokens else 0
        self._limit = limit
        self._longest_call = longest_call
        self._lock = threading.Lock()
        self._queue: collections.deque[_Ticket] = collections.deque()
        self._busy = False
        self.calls = 0
        self.batches = 0

    def __repr__(self) -> str:
        return f"MicroBatcher({self._embedder!r})"

    def embed(self, texts: Sequence[str]) -> Matrix:
        """One unit row a text, in the order given; raises what the embedder raises for these texts."""
        if not self._joins(texts):
            return self._embedder.embed(texts)
        return self._settled(_Ticket(texts, pieces=False))[0]

    def embed_tokens(self, texts: Sequence[str]) -> Embedded:
        """What `embed` gives, and the word pieces of each text; none where the embedder behind has none."""
        if not self._joins(texts):
            return self._both(texts)
        return self._settled(_Ticket(texts, pieces=True))

    def close(self) -> None:
        """Close the embedder behind; calling it twice is harmless."""
        self._embedder.close()

    def _joins(self, texts: Sequence[str]) -> bool:
        return 0 < len(texts) <= self._longest_call and not isinstance(texts, str)

    def _settled(self, ticket: _Ticket) -> Embedded:
        if not self._enter(ticket):
            self._wait(ticket)
        if not ticket.settled:
            self._lead()
        if ticket.error is not None:
            raise ticket.error
        assert ticket.found is not None
        return ticket.found

    def _both(self, texts: Sequence[str]) -> Embedded:
        if self._tokens is None or not self.token_dimensions:
            return self._embedder.embed(texts), []
        return self._tokens.embed_tokens(texts)

    def _enter(self, ticket: _Ticket) -> bool:
        """Queue the ticket; True where its caller leads the next batch."""
        with self._lock:
            self.calls += 1
            self._queue.append(ticket)
            leads = not self._busy
            self._busy = True
            return leads

    def _wait(self, ticket: _Ticket) -> None:
        try:
            ticket.wake.wait()
        except BaseException:
            # The caller was interrupted: take the ticket back, and pass the lead on if it had just been handed over.
            with self._lock:
                if ticket in self._queue:
                    self._queue.remove(ticket)
                if ticket.wake.is_set() and not ticket.settled:
                    self._hand_over()
            raise

    def _lead(self) -> None:
        # Who leads stands at the head of the queue, so the leader's own ticket is always in the batch.
        batch: list[_Ticket] = []
        try:
            with self._lock:
                size = 0
                while self._queue and (not batch or size + len(self._queue[0].texts) <= self._limit):
                    batch.append(self._queue.popleft())
                    size += len(batch[-1].texts)
                self.batches += 1
            self._settle(batch)
        finally:
            for ticket in batch:
                if not ticket.settled:
                    ticket.error = ModelError("the thread that embedded this query was interrupted", next="ask again")
                ticket.wake.set()
            with self._lock:
                self._hand_over()

    def _hand_over(self) -> None:
        """Wake the next leader, or mark the engine as free; the lock is held."""
        if self._queue:
            self._queue[0].wake.set()
        else:
            self._busy = False

    def _settle(self, batch: list[_Ticket]) -> None:
        texts = [text for ticket in batch for text in ticket.texts]
        try:
            if any(ticket.pieces for ticket in batch):
                vectors, pieces = self._both(texts)
            else:
                vectors, pieces = self._embedder.embed(texts), []
        except ModelError as error:
            # The engine or the server failed, whoever asked: asking once more for each would only pile up.
            for ticket in batch:
                ticket.error = copy.copy(error)
            return
        except Exception as error:  # noqa: BLE001 - handed to the thread that it belongs to
            self._settle_alone(batch, error)
            return
        start = 0
        for ticket in batch:
            rows = slice(start, start + len(ticket.texts))
            # A copy: a view would keep the whole batch alive for as long as one caller keeps a row.
            ticket.found = np.array(vectors[rows]), pieces[rows]
            start += len(ticket.texts)

    def _settle_alone(self, batch: list[_Ticket], error: Exception) -> None:
        """One of the texts was the cause: find out whose, so that the others get their vectors."""
        if len(batch) == 1:
            batch[0].error = error
            return
        for ticket in batch:
            try:
                ticket.found = self._both(ticket.texts) if ticket.pieces else (self._embedder.embed(ticket.texts), [])
            except Exception as own:  # noqa: BLE001 - handed to the thread that it belongs to
                ticket.error = own
