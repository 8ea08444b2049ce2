"""The version that an answer is for: from the question, the caller, a lock file or the settings; always stated.

Settings: `target_version` (for everything), `target_versions` (by product: what `locked_versions` reads from a lock
file), `target_from` (who set it). Where none names one there is no target; the answer says what its sources document.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from assay.domains.technical.versions.numbers import parse_version
from assay.domains.technical.versions.standing import same_product
from assay.errors import InputError
from assay.types import Record

CALLER = "the caller"
_PINNED = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*={2,3}\s*([^\s;#,\\]+)", re.MULTILINE)
_LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Target(Record):
    """The version ("" where none is known), the product it belongs to, and where it comes from."""

    version: str = ""
    product: str = ""
    origin: str = "not stated"


def target_of(reading: Mapping[str, Any], settings: Mapping[str, Any]) -> Target:
    """The target version: the caller's, else the question's own, else the settings' for its product, else the
    settings' for everything."""
    product = str(reading.get("product", ""))
    version = str(reading.get("version", ""))
    if settings.get("target_from") == CALLER:
        return Target(str(settings.get("target_version", "")), product, CALLER)
    if version:
        return Target(version, product, "the question")
    by_product = settings.get("target_versions")
    if isinstance(by_product, Mapping) and product:
        for name, value in sorted(by_product.items()):
            if same_product(str(name), product):
                return Target(str(value), product, str(settings.get("target_from") or "the settings (target_versions)"))
    general = settings.get("target_version")
    if isinstance(general, str) and general.strip():
        return Target(general.strip(), product, str(settings.get("target_from") or "the settings (target_version)"))
    return Target("", product)


def locked_versions(path: str | Path) -> dict[str, str]:
    """Product -> version as pinned by a lock file: requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock,
    package-lock.json. Raises InputError where the file is none of these or cannot be read."""
    place = Path(path)
    if not place.is_file():
        raise InputError(f"there is no file {place}", next="name a lock file")
    if place.stat().st_size > _LARGEST:
        raise InputError(f"{place} is larger than 64 MiB", next="name a lock file")
    try:
        text = place.read_text(encoding="utf-8")
        return locked_in(text, place.name)
    except (UnicodeDecodeError, ValueError) as error:
        raise InputError(f"{place} cannot be read as a lock file", why=str(error)[:200], next=_KNOWN) from error


_KNOWN = "give requirements.txt, uv.lock, poetry.lock, pdm.lock, Pipfile.lock or package-lock.json"


def locked_in(text: str, name: str) -> dict[str, str]:
    """`locked_versions` of a text; `name` is the file's name. ValueError where it cannot be read as that."""
    base = PurePosixPath(name).name
    if base in ("uv.lock", "poetry.lock", "pdm.lock"):
        found = _toml(text)
    elif base in ("package-lock.json", "npm-shrinkwrap.json"):
        found = _npm(json.loads(text))
    elif base == "Pipfile.lock":
        found = _pipfile(json.loads(text))
    elif base.endswith(".txt") or base.startswith("requirements"):
        found = {match[1]: match[2] for match in _PINNED.finditer(text)}
    else:
        raise ValueError(f"{base} is no lock file that is known; {_KNOWN}")
    return {product: version for product, version in sorted(found.items()) if parse_version(version)}


def _toml(text: str) -> dict[str, str]:
    packages = tomllib.loads(text).get("package", [])
    held = [item for item in packages if isinstance(item, dict)] if isinstance(packages, list) else []
    return {str(item["name"]): str(item["version"]) for item in held if "name" in item and "version" in item}


def _npm(value: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    packages = value.get("packages")
    for key, item in packages.items() if isinstance(packages, dict) else ():
        if isinstance(item, dict) and "version" in item and key.count("node_modules/") == 1:
            found[key.split("node_modules/", 1)[1]] = str(item["version"])
    older = value.get("dependencies")
    for key, item in older.items() if isinstance(older, dict) else ():
        if isinstance(item, dict) and "version" in item:
            found.setdefault(str(key), str(item["version"]))
    return found


def _pipfile(value: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in ("default", "develop"):
        held = value.get(group) if isinstance(value, dict) else None
        for key, item in held.items() if isinstance(held, dict) else ():
            if isinstance(item, dict) and str(item.get("version", "")).startswith("=="):
                found.setdefault(str(key), str(item["version"])[2:])
    return found
