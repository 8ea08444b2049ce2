"""The words of privacy_terms.toml, read once."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from importlib import resources
from typing import Any


@functools.lru_cache(maxsize=1)
def terms() -> Mapping[str, Any]:
    """The tables: lists of words, labels and gates by kind of identifier."""
    return tomllib.loads(resources.files("assay.guard").joinpath("privacy_terms.toml").read_text(encoding="utf-8"))


@functools.lru_cache(maxsize=16)
def words(name: str) -> frozenset[str]:
    """One list of words as a set."""
    return frozenset(terms()[name])
