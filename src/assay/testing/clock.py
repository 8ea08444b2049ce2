"""The contract of a clock, and a clock that stands still until it is told to move: for tests of anything with time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from assay.ports import Clock
from assay.testing.contract import Contract


class StandingClock:
    """A clock that shows one moment until `advance` moves it."""

    def __init__(self, at: datetime = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)) -> None:
        self._at = at

    def now(self) -> datetime:
        """The moment that it shows."""
        return self._at

    def advance(self, seconds: float) -> None:
        """Move the hands by `seconds`."""
        self._at += timedelta(seconds=seconds)


class ClockContract(Contract):
    """What `ports.Clock` promises: moments with a time zone that do not run backwards."""

    def make_clock(self) -> Clock:
        """The clock under test."""
        raise NotImplementedError("override make_clock")

    def test_moments_carry_a_time_zone(self) -> None:
        moment = self.make_clock().now()
        assert isinstance(moment, datetime), f"now() gave {type(moment).__name__}, not a datetime"
        assert moment.utcoffset() is not None, "now() has no time zone, so moments of two machines cannot be compared"

    def test_time_does_not_run_backwards(self) -> None:
        clock = self.make_clock()
        moments = [clock.now() for _ in range(100)]
        assert moments == sorted(moments), "a later call to now() gave an earlier moment"
