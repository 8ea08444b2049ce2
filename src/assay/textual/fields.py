"""Which metadata can be filtered on: scalars and lists of scalars, nested keys joined by dots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Scalar = str | int | float | bool
MAX_VALUE = 256
MAX_FIELDS = 64


def filter_fields(metadata: Mapping[str, Any], prefix: str = "") -> dict[str, Scalar | list[Scalar]]:
    """`metadata` as flat filter fields. Long texts, empty values and deep lists are left out: they are not filters."""
    found: dict[str, Scalar | list[Scalar]] = {}
    for key, value in metadata.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            found |= filter_fields(value, f"{name}.")
        elif isinstance(value, (list, tuple)):
            items = [item for item in value if _is_filter(item)]
            if items and len(items) == len(value):
                found[name] = items[:MAX_FIELDS]
        elif _is_filter(value):
            found[name] = value
    return dict(list(found.items())[:MAX_FIELDS])


def _is_filter(value: object) -> bool:
    return isinstance(value, (bool, int, float)) or (isinstance(value, str) and 0 < len(value) <= MAX_VALUE)
