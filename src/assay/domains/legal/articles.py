"""Which article of the Uniform Commercial Code a question is about, by the transaction it names.

The data stand in ucc_articles.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from assay.textual.tokens import tokens

_ARTICLE = re.compile(r"(?:^|:|\bUCC § )(\d{1,2}A?)-\d{3}")


@dataclass(frozen=True, slots=True)
class _Article:
    special: bool
    words: frozenset[str]


@cache
def _articles() -> Mapping[str, _Article]:
    raw = resources.files("assay.domains.legal").joinpath("ucc_articles.toml").read_text(encoding="utf-8")
    data = tomllib.loads(raw)["article"]
    return {number: _Article(a["special"], frozenset(tokens(a["words"]))) for number, a in data.items()}


def article_of(metadata: Mapping[str, Any], keys: Sequence[str]) -> str:
    """The article of the Uniform Commercial Code that a document is a section of ("2A"), or ""."""
    told = metadata.get("ucc_article")
    if isinstance(told, str) and told.upper() in _articles():
        return told.upper()
    if str(metadata.get("legal_kind", "statute")) not in ("statute", "uniform"):
        return ""
    written = (str(metadata.get("ucc_section") or ""), *keys)
    for text in written:
        match = _ARTICLE.search(text) if "UCC" in text else None
        if match and match.group(1).upper() in _articles():
            return match.group(1).upper()
    return ""


def fit(article: str, asked: Sequence[str]) -> float:
    """1 where the question names a transaction of the article; -1 where the article governs one kind of transaction
    alone and the question names none of its words; else 0. `asked`: tokens of the question."""
    known = _articles().get(article)
    if known is None:
        return 0.0
    if known.words & set(asked):
        return 1.0
    return -1.0 if known.special else 0.0
