"""The data files of this package, read once when they are first needed. It holds no rules."""

from __future__ import annotations

import builtins
import functools
import re
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

UNKNOWN = "unknown"
TEXT = "text"


@functools.cache
def table(name: str) -> Mapping[str, Any]:
    """The table `name`.toml of this package."""
    data = resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(data)


@functools.cache
def _aliases() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language, names in table("languages")["aliases"].items():
        found[language] = language
        found.update(dict.fromkeys(names, language))
    return found


def normal_language(declared: str) -> str:
    """The one name of a language that authors write in many ways ("py3" is "python"); a name that is not known is
    kept in lower case, so that nothing an author said is lost."""
    name = declared.strip().lower().lstrip(".{").rstrip("}").strip()
    return _aliases().get(name, name)


def is_known_language(name: str) -> bool:
    """Whether a normalised name is one of those that can be told."""
    return name in table("languages")["aliases"]


@functools.cache
def family(language: str) -> str:
    """The family of a language; a language without relatives is its own."""
    for name, members in table("languages")["families"].items():
        if language in members:
            return str(name)
    return language


@dataclass(frozen=True, slots=True)
class Cue:
    """One sign of a language: a pattern (multi-line), its weight, how often it counts at most."""

    pattern: re.Pattern[str]
    weight: float
    most: int


@functools.cache
def cues() -> Mapping[str, tuple[Cue, ...]]:
    """The signs by language."""
    return {
        language: tuple(Cue(re.compile(sign[0], re.MULTILINE), float(sign[1]), int(sign[2])) for sign in signs)
        for language, signs in table("cues")["languages"].items()
    }


@functools.cache
def gates() -> Mapping[str, frozenset[str]]:
    """Characters of which a language needs at least one."""
    return {language: frozenset(characters) for language, characters in table("cues")["gates"].items()}


@functools.cache
def supersets() -> Mapping[str, str]:
    """Languages that hold all of another: signs of the other count for them too, once they have signs of their own."""
    return dict(table("cues")["supersets"])


@functools.cache
def builtin_names() -> frozenset[str]:
    """The names of Python's `builtins`."""
    return frozenset(name for name in dir(builtins) if not name.startswith("__"))


@functools.cache
def standard_modules() -> frozenset[str]:
    """The top-level modules of the standard library of this interpreter."""
    return frozenset(sys.stdlib_module_names)


@functools.cache
def returned_classes() -> Mapping[str, str]:
    """What a function returns, where its documentation names a class: "sqlite3.connect" gives "sqlite3.Connection"."""
    return dict(table("python_names")["returns"])


@functools.cache
def usual_aliases() -> Mapping[str, str]:
    """The names that everybody gives to some modules: "np" is numpy."""
    return dict(table("python_names")["aliases"])
