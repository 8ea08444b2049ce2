"""Waiting between tries: bounded, spread out, and what the server asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.models.retry import Backoff, retry_after_seconds


@given(st.integers(0, 20), st.integers(0, 10), st.floats(0.01, 5), st.floats(1, 60))
def test_a_wait_is_bounded_and_tries_end(attempt: int, retries: int, first: float, longest: float) -> None:
    wait = Backoff(retries, first, longest).wait(attempt)
    if attempt >= retries:
        assert wait is None
    else:
        assert wait is not None
        assert 0 < wait <= longest


def test_waits_grow_and_differ_between_clients() -> None:
    backoff = Backoff(retries=5, first=1.0)
    assert max(backoff.wait(0) or 0 for _ in range(50)) <= 1.0
    assert min(backoff.wait(3) or 0 for _ in range(50)) >= 4.0
    assert len({backoff.wait(2) for _ in range(50)}) > 40


def test_the_server_s_wish_is_obeyed_up_to_the_limit() -> None:
    backoff = Backoff(retries=1, longest=20)
    assert backoff.wait(0, retry_after=7.0) == 7.0
    assert backoff.wait(0, retry_after=3600.0) is None


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("3", 3.0),
        ("0.25", 0.25),
        ("-5", 0.0),
        ("soon", None),
        ("Thu, 01 Jan 1970 00:01:40 GMT", 60.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, now=lambda: 40.0) == seconds
