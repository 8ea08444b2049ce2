"""What a person is told when a question stops: the right help first, in their language where one is at hand.

Numbers stand in help.toml by country, with the day they were written down. Where the region is unknown, or a country
has no number for a need, the general text is used; a number is never guessed.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any

_NEEDS = {"emergency": "emergency", "self_harm": "crisis", "poisoning": "poison"}


def message(action: str, region: str = "", language: str = "en") -> str:
    """The text for an action ("" for "pass"). `region`: ISO 3166 alpha-2; an unknown one gets the general words."""
    texts = _table("messages.toml")
    spoken = texts.get(language, texts["en"])
    if action not in spoken:
        return ""
    lines = _table("help.toml")["regions"].get(region.strip().upper(), {})
    general = spoken["general"]
    named = {
        need: spoken["numbers"][need].format(number=lines[need]) if lines.get(need) else general[need]
        for need in _NEEDS.values()
    }
    return str(spoken[action]).format(**named).strip()


def regions() -> tuple[str, ...]:
    """The countries that help.toml holds numbers for."""
    return tuple(sorted(_table("help.toml")["regions"]))


@functools.lru_cache(maxsize=4)
def _table(name: str) -> Mapping[str, Any]:
    raw = resources.files("assay.domains.medical.safety").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(raw)
