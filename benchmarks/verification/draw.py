"""Deterministic drawing: order and choice by SHA-256 of a key, so the same data give the same set on every machine.

No random number generator: nothing depends on the order of calls or on the version of Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

SEED = "verification-1"
Item = TypeVar("Item")


def digest(*parts: object) -> str:
    """The hexadecimal SHA-256 of the seed and the parts."""
    return hashlib.sha256("\x1f".join([SEED, *map(str, parts)]).encode()).hexdigest()


def number(*parts: object) -> int:
    """A number that looks random and depends on the parts alone."""
    return int(digest(*parts)[:15], 16)


def pick(options: Sequence[Item], *parts: object) -> Item:
    """One of `options` (at least one), the same one for the same parts."""
    return options[number(*parts) % len(options)]


def ordered(items: Iterable[Item], key: Callable[[Item], str], *parts: object) -> list[Item]:
    """The items in an order that looks random and depends on their keys and the parts alone."""
    return sorted(items, key=lambda item: digest(*parts, key(item)))


def half_of(identity: str) -> str:
    """`development` or `frozen`, by the SHA-256 of the record's id."""
    return ("development", "frozen")[int(hashlib.sha256(identity.encode()).hexdigest(), 16) % 2]
