"""What the manifest says an index was built with, and whether that still agrees. Pure but for reading index.json."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.errors import ManifestMismatch
from assay.store.edge_settings import IndexSettings, read_settings, settings_from

_OF_INDEX = ("fingerprint", "tokeniser", "dimensions")
_DEFAULT_DIMENSIONS = 384


def missing_values(manifest: Mapping[str, Any], expect: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Those of `expect` that the manifest does not say yet. Raises ManifestMismatch where it says something else."""
    for key, value in expect.items():
        if key in manifest and manifest[key] != value:
            raise mismatch(path, key, manifest[key], value)
    return {key: value for key, value in expect.items() if key not in manifest}


def mismatch(path: Path, key: str, built: object, wanted: object) -> ManifestMismatch:
    """The error that names what differs and the command that brings both together."""
    return ManifestMismatch(
        f"The store {path} was built with {key} {built!r}, but the settings say {wanted!r}",
        why="vectors, tokens and chunks of different makers cannot be compared",
        next="Run `assay migrate --rebuild`, or use the settings that the store was built with",
    )


def next_settings(manifest: Mapping[str, Any], given: IndexSettings | None, number: int, points: int) -> IndexSettings:
    """The settings for building generation `number` of so many points: as given, else as the present one."""
    dimensions = int(manifest.get("dimensions", _DEFAULT_DIMENSIONS))
    present = settings_from({**manifest["index"], "mapped": True}) if "index" in manifest else IndexSettings(dimensions)
    base = given or present
    built_for = {key: manifest[key] for key in _OF_INDEX if key in manifest}
    return base.changed(dimensions=dimensions, generation=number, built_for=built_for).bulk(points)


def checked_settings(folder: Path, manifest: Mapping[str, Any]) -> IndexSettings:
    """The settings of a generation. Raises ManifestMismatch where it was built for another embedder or tokeniser."""
    settings = read_settings(folder)
    for key, built in settings.built_for.items():
        if key in manifest and manifest[key] != built:
            raise mismatch(folder, key, built, manifest[key])
    return settings
