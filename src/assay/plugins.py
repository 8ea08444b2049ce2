"""Plug-ins by entry points: `assay.readers`, `assay.embedders`, `assay.writers`, `assay.domains`.

An entry point names a function without arguments that returns the object. Nothing is loaded until it is asked for by
name, but readers, of which all are loaded. A plug-in that fails to load is a ConfigError that names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from assay.domains import general, legal, medical, technical
from assay.errors import ConfigError
from assay.ports import DomainPack, Reader

_SHIPPED_PACKS: dict[str, Callable[..., DomainPack]] = {
    "general": general.pack,
    "legal": legal.pack,
    "technical": technical.pack,
    "medical": medical.pack,
}


def domain_names() -> list[str]:
    """The packs that can be asked for: shipped ones and plug-ins."""
    return sorted({*_SHIPPED_PACKS, *(point.name for point in entry_points(group="assay.domains"))})


def domain_pack(name: str, settings: Mapping[str, Any] | None = None) -> DomainPack:
    """The pack of that name; a shipped one cannot be replaced by a plug-in.

    `settings`: a shipped domain's own, whole; None for its defaults.
    """
    if name in _SHIPPED_PACKS:
        return _SHIPPED_PACKS[name](settings) if settings is not None else _SHIPPED_PACKS[name]()
    pack: DomainPack = _named("assay.domains", name, domain_names())
    return pack


def extra_readers() -> list[Reader]:
    """The readers that plug-ins bring."""
    return [_load(point) for point in entry_points(group="assay.readers")]


def reader_places() -> list[str]:
    """Where plug-ins' readers are, as `module:function`: the parser process loads them itself."""
    return [point.value for point in entry_points(group="assay.readers")]


def extra(group: str, name: str) -> Any:
    """The embedder or writer that a plug-in registered under `name`."""
    return _named(f"assay.{group}", name, sorted(point.name for point in entry_points(group=f"assay.{group}")))


def _named(group: str, name: str, known: list[str]) -> Any:
    for point in entry_points(group=group, name=name):
        return _load(point)
    raise ConfigError(f"there is no {name!r} in {group}", next=f"choose one of: {', '.join(known) or 'none installed'}")


def _load(point: EntryPoint) -> Any:
    try:
        return point.load()()
    except (ImportError, AttributeError, TypeError) as error:
        raise ConfigError(
            f"the plug-in {point.name} ({point.value}) cannot be loaded", why=str(error), next="update or remove it"
        ) from error
