"""Filters of `FIELD=VALUE` form over the records of a file: which questions, which documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def matches(record: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    """True if every filter of `{"field": {"any": [...], "gte": ..., "prefix": ...}}` holds for the record."""
    return all(_holds(record.get(name), conditions) for name, conditions in filters.items())


_CHECKS: dict[str, Callable[[Any, Any], bool]] = {
    "any": lambda item, operand: item in operand,
    "gte": lambda item, operand: item is not None and item >= operand,
    "lte": lambda item, operand: item is not None and item <= operand,
    "gt": lambda item, operand: item is not None and item > operand,
    "lt": lambda item, operand: item is not None and item < operand,
    "prefix": lambda item, operand: isinstance(item, str) and item.startswith(operand),
}


def _holds(value: Any, conditions: Mapping[str, Any]) -> bool:
    held = value if isinstance(value, list) else [value]
    return all(any(_CHECKS[op](item, operand) for item in held) for op, operand in conditions.items())
