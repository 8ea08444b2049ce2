"""What every value of `assay.types` is made of: records that can be read like dictionaries, and frozen mappings."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np


class Record:
    """A typed value that can also be read like a dictionary: `r.x`, `r["x"]`, `"x" in r`, `r.get("x")`."""

    __slots__ = ()

    def __getitem__(self, key: str) -> Any:
        if key in self.keys():
            return getattr(self, key)
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self.keys()

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def get(self, key: str, default: Any = None) -> Any:
        """The field's value, or `default` where there is no such field."""
        return self[key] if key in self else default

    def keys(self) -> tuple[str, ...]:
        """The names of the fields, in order."""
        return tuple(f.name for f in dataclasses.fields(cast("Any", self)))

    def to_dict(self) -> dict[str, Any]:
        """A plain dictionary, all the way down, ready for `json.dumps` (arrays are left out)."""
        return {key: plain(self[key]) for key in self.keys() if not isinstance(self[key], np.ndarray)}


def plain(value: Any) -> Any:
    """`value` with every record, tuple and frozen mapping turned into dict, list and scalar."""
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if isinstance(value, np.generic):
        return value.item()
    return value


class FrozenDict(dict[str, Any]):
    """A dictionary that cannot be changed after it was made; picklable and comparable like a dict."""

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise TypeError("this mapping is frozen; make a new one with {**old, 'key': value}")

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))


def freeze(value: Any) -> Any:
    """`value` with every dict frozen and every list a tuple, all the way down."""
    if isinstance(value, Mapping):
        return FrozenDict({str(key): freeze(item) for key, item in value.items()})
    if isinstance(value, (list, tuple)):
        return tuple(freeze(item) for item in value)
    return value


EMPTY = FrozenDict()
