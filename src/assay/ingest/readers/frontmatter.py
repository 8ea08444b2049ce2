"""YAML front matter: the mapping between two `---` lines at the head of a text file.

Only plain mappings are taken. Aliases are refused, because a few lines of them can stand for gigabytes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.types import EMPTY

MAX_CHARACTERS = 65_536
_FENCED = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values, the number of characters that the front matter takes at the head of the text, and warnings."""

    values: Mapping[str, Any] = EMPTY
    length: int = 0
    warnings: tuple[str, ...] = ()


def split_front_matter(text: str) -> FrontMatter:
    """The front matter of `text`. Where it cannot be read, it stays in the text, and a warning says why."""
    if not text.startswith("---"):
        return FrontMatter()
    match = _FENCED.match(text, 0, MAX_CHARACTERS)
    if match is None or not match.group(1).strip():
        return FrontMatter()
    values = load_mapping(match.group(1))
    if isinstance(values, str):
        return FrontMatter(warnings=(f"The front matter was left in the text: {values}.",) if values else ())
    return FrontMatter(values, match.end())


def load_mapping(text: str) -> Mapping[str, Any] | str:
    """The YAML mapping in `text`, or the reason why there is none (empty: it is something other than a mapping)."""
    import yaml

    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            return "it uses YAML aliases"
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        return f"it is not valid YAML ({' '.join(str(error).split())[:160]})"
    except (ValueError, RecursionError) as error:
        return f"it is not valid YAML ({type(error).__name__})"
    return {str(key): value for key, value in values.items()} if isinstance(values, dict) else ""
