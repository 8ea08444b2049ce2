"""Gates on measured figures: `--limit NAME=VALUE`, where a figure below its limit is a regression (exit code 2)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay.errors import InputError


def named_values(texts: Iterable[str], choices: str) -> dict[str, float]:
    """`name=value` texts by name; InputError, with what there is to choose, where a value is no number."""
    found: dict[str, float] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError as error:
            raise InputError(f"the limit {text!r} is not name=number", next=choices) from error
    return found


def parse_least(texts: Iterable[str], names: Sequence[str]) -> dict[str, float]:
    """`name=value` texts as least values. InputError names an unknown name or a value that is no share."""
    found: dict[str, float] = {}
    for text in texts:
        name, _, value = (part.strip() for part in text.partition("="))
        if name not in names:
            raise InputError(f"there is no limit {name!r}", next=f"use one of {', '.join(names)}")
        try:
            found[name] = float(value)
        except ValueError as error:
            raise InputError(f"the limit {text!r} is not name=number", next=f"use one of {', '.join(names)}") from error
        if not 0.0 <= found[name] <= 1.0:
            raise InputError(f"the limit {text!r} is impossible", why="a share lies between 0 and 1")
    return found


def broken(limits: Mapping[str, float], measured: Mapping[str, float], names: Sequence[str]) -> tuple[str, ...]:
    """What lies below its limit. A figure that was not measured breaks its limit: it was asked for and not shown."""
    said = []
    for name, least in limits.items():
        if name not in names:
            raise InputError(f"there is no limit {name!r}", next=f"use one of {', '.join(names)}")
        value = measured.get(name, math.nan)
        if not value >= least:
            said.append(
                f"{name}: {'nothing measured' if math.isnan(value) else f'{value:.3f}'}, at least {least:g} asked"
            )
    return tuple(said)


def finite(value: Any) -> Any:
    """`value` with None for every NaN, ready for JSON."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
