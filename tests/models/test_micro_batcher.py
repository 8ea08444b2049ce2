"""The micro-batcher: everyone gets exactly their own vectors and their own errors, in fewer calls."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from assay.errors import ModelUnavailable
from assay.models.batching import MicroBatcher
from assay.models.hashing import HashingEmbedder
from assay.testing.embedder import EmbedderContract
from assay.types import Matrix


class SlowEmbedder(HashingEmbedder):
    """Takes a moment a call, keeps count, and fails on request."""

    def __init__(self, seconds: float = 0.004) -> None:
        super().__init__(32)
        self.seconds = seconds
        self.sizes: list[int] = []
        self.closed = 0
        self.at_work = threading.Semaphore(1)

    def embed(self, texts: Sequence[str]) -> Matrix:
        assert self.at_work.acquire(blocking=False), "two calls ran at once"
        try:
            time.sleep(self.seconds)
            self.sizes.append(len(texts))
            if any(text.startswith("poison") for text in texts):
                raise ValueError("this text cannot be embedded")
            if any(text.startswith("down") for text in texts):
                raise ModelUnavailable("the engine is down")
            return super().embed(texts)
        finally:
            self.at_work.release()

    def close(self) -> None:
        self.closed += 1


class TestTheContract(EmbedderContract):
    def make_embedder(self) -> MicroBatcher:
        return MicroBatcher(HashingEmbedder())


def test_every_thread_gets_its_own_vectors_and_far_fewer_calls_are_made() -> None:
    inner = SlowEmbedder()
    batcher = MicroBatcher(inner)
    texts = [[f"question {number} part {part}" for part in range(1 + number % 3)] for number in range(400)]
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(batcher.embed, texts))
    plain = HashingEmbedder(32)
    for given, vectors in zip(texts, found, strict=True):
        assert np.array_equal(vectors, plain.embed(given))
    assert batcher.calls == 400
    assert len(inner.sizes) < 200
    assert max(inner.sizes) <= 32


def test_a_lone_query_does_not_wait_for_company() -> None:
    batcher = MicroBatcher(SlowEmbedder(0.0))
    batcher.embed(["warm"])
    begin = time.perf_counter()
    for _ in range(100):
        batcher.embed(["alone"])
    assert time.perf_counter() - begin < 0.1


def test_a_text_that_fails_fails_only_for_its_own_caller() -> None:
    batcher = MicroBatcher(SlowEmbedder())

    def ask(number: int) -> str:
        try:
            batcher.embed([f"poison {number}" if number % 5 == 0 else f"text {number}"])
        except ValueError:
            return "failed"
        return "fine"

    with ThreadPoolExecutor(12) as pool:
        outcomes = list(pool.map(ask, range(60)))
    assert outcomes == ["failed" if number % 5 == 0 else "fine" for number in range(60)]


def test_an_engine_that_is_down_fails_everyone_once_and_not_once_each() -> None:
    inner = SlowEmbedder(0.05)
    batcher = MicroBatcher(inner)

    def ask(number: int) -> str:
        with pytest.raises(ModelUnavailable) as caught:
            batcher.embed([f"down {number}"])
        return str(caught.value)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {"the engine is down."}
    assert len(inner.sizes) <= 4
    inner.seconds = 0
    assert batcher.embed(["up again"]).shape == (1, 32)


def test_long_lists_pass_straight_through() -> None:
    inner = SlowEmbedder(0.0)
    batcher = MicroBatcher(inner)
    assert batcher.embed([f"chunk {number}" for number in range(100)]).shape == (100, 32)
    assert inner.sizes == [100]
    assert batcher.calls == 0


def test_closing_closes_what_is_behind() -> None:
    inner = SlowEmbedder()
    MicroBatcher(inner).close()
    assert inner.closed == 1
