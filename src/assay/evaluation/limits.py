"""Gates on measured figures: `--limit NAME=VALUE`, where a figure below its limit is a regression (exit code 2)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.errors import InputError


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits that a measurement knows: `meanings` by name. `counts` may pass 1, all others are rates; those of
    `zero` are 0 as soon as any limit is given, unless they are named themselves."""

    meanings: Mapping[str, str]
    counts: frozenset[str] = frozenset()
    zero: frozenset[str] = frozenset()

    def parse(self, texts: Iterable[str]) -> dict[str, float]:
        """`name=value` texts as limits. InputError names an unknown name or a value that is no number."""
        found: dict[str, float] = {}
        for text in texts:
            name, _, value = text.partition("=")
            try:
                found[name.strip()] = float(value)
            except ValueError as error:
                raise InputError(f"the limit {text!r} is not name=number", next=self._choices()) from error
        return self.check(found)

    def check(self, limits: Mapping[str, float]) -> dict[str, float]:
        """The limits, those of `zero` among them. InputError for an unknown name or an impossible value."""
        for name, value in limits.items():
            if name not in self.meanings:
                raise InputError(f"there is no limit {name!r}", next=self._choices())
            if not 0.0 <= value <= (math.inf if name in self.counts else 1.0):
                raise InputError(f"the limit {name}={value} is impossible", why="a rate lies between 0 and 1")
        return (dict.fromkeys(sorted(self.zero), 0.0) | dict(limits)) if limits else {}

    def _choices(self) -> str:
        return "use " + "; ".join(f"{name} ({meaning})" for name, meaning in self.meanings.items())


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
