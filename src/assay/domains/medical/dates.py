"""When a report was first public, and how much its age counts.

w = f + (1 - f) * 0.5 ** (age / h) with h = 5.5 years and f = 0.5. h: the median time until a systematic review needs an
update (Shojania et al., Ann Intern Med 2007: 5.5 years, 95 % CI 4.6 to 7.6). An unknown date is neither new nor old.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HALF_LIFE = 5.5
FLOOR = 0.5
NEUTRAL = 0.75
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


def year_of(metadata: Mapping[str, Any]) -> int | None:
    """The year in which it was first public: the earliest of the dates that the metadata holds."""
    years = [*_years(metadata.get("year")), *_years(metadata.get("date"))]
    dates = metadata.get("pub_dates")
    if isinstance(dates, Mapping):
        years += [year for kind in ("epub", "ppub", "collection", "pub") for year in _years(dates.get(kind))]
    return min(years, default=None)


def recency(year: int | None, now: int) -> float:
    """The weight of age, 0.5 (old) to 1 (this year); 0.75 where the year is unknown."""
    if year is None:
        return NEUTRAL
    return float(FLOOR + (1 - FLOOR) * 0.5 ** (max(0, now - year) / HALF_LIFE))


def _years(value: object) -> list[int]:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return []
    match = _YEAR.match(str(value)[:4]) if value is not None else None
    return [int(match.group())] if match else []
