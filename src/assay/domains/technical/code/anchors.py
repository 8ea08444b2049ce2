"""Anchors: which named place of a page a passage belongs to, from what the reader noted in the metadata."""

from __future__ import annotations

import bisect
from collections.abc import Mapping
from typing import Any


def anchor_at(metadata: Mapping[str, Any], offset: int) -> str:
    """The anchor that holds at `offset`: the last one noted at or before it; "" where there is none."""
    noted = metadata.get("anchors")
    if not isinstance(noted, (list, tuple)):
        return ""
    pairs = [(item[0], str(item[1])) for item in noted if _is_pair(item)]
    pairs.sort(key=lambda pair: pair[0])
    place = bisect.bisect_right([start for start, _ in pairs], offset)
    return pairs[place - 1][1] if place else ""


def _is_pair(item: Any) -> bool:
    return (
        isinstance(item, (list, tuple))
        and len(item) == 2
        and isinstance(item[0], int)
        and not isinstance(item[0], bool)
        and isinstance(item[1], str)
    )
