"""The words by which opinions report treatment, compiled from treatment.toml. Data only; no rule is here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of treatment. `strict`: as a statement it needs a named case, since trial rulings use the same verb."""

    name: str
    severity: str
    history: bool
    statement: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Compiled patterns. `trigger` matches any kind; the group that matched is "k" and the kind's number."""

    kinds: tuple[Kind, ...]
    trigger: re.Pattern[str]
    things: re.Pattern[str]
    arguing: re.Pattern[str]
    arguing_that: re.Pattern[str]
    modal: re.Pattern[str]
    negation: re.Pattern[str]
    conditional: re.Pattern[str]
    preposition: re.Pattern[str]
    authority: re.Pattern[str]
    part: re.Pattern[str]
    legislation: re.Pattern[str]
    courts: re.Pattern[str]
    not_names: frozenset[str]

    def kind_of(self, match: re.Match[str]) -> Kind:
        """The kind whose trigger matched."""
        return self.kinds[int((match.lastgroup or "k0")[1:])]


@cache
def words() -> Words:
    """The shipped words."""
    raw = resources.files("assay.domains.legal").joinpath("treatment.toml").read_text(encoding="utf-8")
    data = tomllib.loads(raw)
    guards: Mapping[str, str] = data["guards"]
    kinds = tuple(
        Kind(k["name"], k["severity"], k["history"], k["statement"], k.get("strict", False)) for k in data["kind"]
    )
    triggers = "|".join(f"(?P<k{n}>{_spaced(k['trigger'])})" for n, k in enumerate(data["kind"]))
    return Words(
        kinds=kinds,
        trigger=re.compile(rf"(?<![\w-])(?:{triggers})(?!\w)", re.IGNORECASE),
        things=_any(guards["things"]),
        arguing=_any(guards["arguing"]),
        arguing_that=re.compile(
            rf"\b(?:{_alternatives(guards['arguing_that'])})(?: \w+){{0,2}} (?:that|to)\b", re.IGNORECASE
        ),
        modal=_any(guards["modal"]),
        negation=re.compile(
            rf"\b(?:{_alternatives(guards['negation'])})\b|n[’']t\b|\b(?:{_alternatives(guards['able'])}) to\b",
            re.IGNORECASE,
        ),
        conditional=_any(guards["conditional"]),
        preposition=_any(guards["preposition"]),
        authority=_any(guards["authority"]),
        part=_any(guards["part_of_authority"]),
        legislation=_any(guards["legislation"]),
        courts=_any(guards["courts"]),
        not_names=frozenset(guards["not_names"].split()),
    )


def severity_of(kind: str) -> str:
    """The severity of a kind by name; "neutral" for one that is not known."""
    return next((k.severity for k in words().kinds if k.name == kind), "neutral")


def _spaced(pattern: str) -> str:
    """Blanks of a pattern match any white space: words may stand at the end of a line."""
    return pattern.replace(" ", r"\s+")


def _alternatives(listed: str) -> str:
    return "|".join(listed.split())


def _any(listed: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_alternatives(listed)})\b", re.IGNORECASE)
