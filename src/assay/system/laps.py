"""Seconds by stage of one question."""

from __future__ import annotations

import time

from assay.types import FrozenDict


class Laps:
    """Notes the time since the last mark under a name; names that come again add up."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self._seconds: dict[str, float] = {}

    def mark(self, name: str) -> None:
        """Everything since the last mark was `name`."""
        now = time.perf_counter()
        self._seconds[name] = self._seconds.get(name, 0.0) + now - self._last
        self._last = now

    def taken(self) -> FrozenDict:
        """Seconds by name, in order."""
        return FrozenDict(self._seconds)
