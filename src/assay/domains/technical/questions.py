"""What a question on software names: symbols, product and version, and what kind of answer it wants.

Surface rules; what is not written is not assumed. A word counts as a symbol where it looks like code: in code marks,
dotted, with brackets, with underscores, in camel case, or as an API operation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assay.domains.technical.question_kinds import kind_of_question
from assay.domains.technical.symbols import normal
from assay.domains.technical.versions.numbers import parse_version
from assay.textual.similarity import listed

_TICKED = re.compile(r"``([^`\n]{1,120})``|`([^`\n]{1,120})`")
_OPERATION = re.compile(r"\b(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE)\s+/[^\s`'\"?]*")
_BARE = re.compile(
    r"(?<![\w./@-])(?:[A-Za-z_]\w*(?:(?:\.|::)[A-Za-z_]\w*)+(?:\(\))?|[A-Za-z_]\w*\(\)|[a-z]+_\w+|_\w+_\w*"
    r"|[A-Z]\w*[a-z]\w*[A-Z]\w*|[a-z]+[A-Z]\w*)(?![\w/@])"
)
_NO_SYMBOL = re.compile(
    r"(?:e\.g|i\.e|etc|vs|Node\.js|Next\.js|Vue\.js|ASP\.NET|[Gg]it[Hh]ub|[Jj]ava[Ss]cript|[Tt]ype[Ss]cript"
    r"|[Pp]ostgre[Ss][Qq][Ll]|[Oo]pen[Aa][Pp][Ii]|OAuth2?|MySQL|SQLite|macOS|iOS|DevOps|YouTube|[Ss]tack[Oo]verflow)$"
    r"|\.(?:py|txt|json|ya?ml|toml|md|html?|csv|xml|js|ts|jpg|png|com|org|net|io|zip|ini|cfg|log)$"
)
_VERSION = r"(?P<version>\d+(?:\.\d+)+(?:(?:a|b|rc)\d+)?(?:\.x)?|(?:19|20)\d\d-\d\d-\d\d)"
_PRODUCT_VERSION = re.compile(
    rf"\b(?P<product>[A-Z][\w+#-]*(?:[ .-][A-Z][\w+#-]*){{0,3}}|[a-z][\w+#-]{{2,30}})\s+(?:version\s+"
    rf"|release\s+|v\.?\s?)?{_VERSION}(?![\w.])"
)
_ONLY_VERSION = re.compile(
    rf"\b(?:version|release|v)\s?{_VERSION}(?![\w.])|\b(?:in|since|as of|on|for|with|under|before"
    rf"|after)\s+{_VERSION.replace('version', 'other')}(?![\w.%])",
    re.IGNORECASE,
)
_WHOLE_VERSION = re.compile(r"\b(?P<product>[A-Z][\w+#-]{2,})\s+(?:version\s+|v)?(?P<version>\d{1,2})(?![\w.,:%-])")
_NOT_PRODUCTS = listed(
    """in as of the a an is was since from with for on at to by and or version release than until before after about
    under using api when which what how does did changed added removed deprecated section chapter step figure table
    error http rfc pep part page line port over least most only python's code"""
)
_MOST_SYMBOLS = 6
_LONGEST = 8000
_ENDLESS = re.compile(r"\S{200,}")


def read(text: str) -> Mapping[str, Any]:
    """What `text` names: symbols, product and version where they are written, and its kind: status, added, changed,
    definition, lookup, why, how, task, question or topic."""
    words = _ENDLESS.sub(" ", " ".join(text[:_LONGEST].split()))
    symbols = named_symbols(words)
    product, version = named_version(words)
    reading: dict[str, Any] = {"kind": kind_of_question(words, symbols), "symbols": list(symbols)}
    if version:
        reading |= {"version": version, "version_from": "the question"}
    if product:
        reading["product"] = product
    return reading


def named_symbols(text: str) -> tuple[str, ...]:
    """The symbols that `text` names, those in code marks first."""
    found = [normal(one or other) for one, other in _TICKED.findall(text)]
    rest = _TICKED.sub(" ", text)
    found.extend(normal(operation.rstrip(".,;")) for operation in _OPERATION.findall(rest))
    rest = _OPERATION.sub(" ", rest)
    found.extend(normal(word) for word in _BARE.findall(rest) if not _NO_SYMBOL.search(word))
    return tuple(dict.fromkeys(name for name in found if name and len(name) > 1))[:_MOST_SYMBOLS]


def named_version(text: str) -> tuple[str, str]:
    """(product, version) as the question writes them; either may be empty."""
    product, start, end = _version_place(text)
    return product, _written(text[start:end]) if end else ""


def retargeted(text: str, version: str) -> str:
    """The question with `version` in place of the one that it names; as it is where it names none."""
    _, start, end = _version_place(text) if len(text) <= _LONGEST else ("", 0, 0)
    return f"{text[:start]}{version}{text[end:]}" if end else text


def _version_place(text: str) -> tuple[str, int, int]:
    """The product, and where the version stands in `text`; 0, 0 where there is none."""
    for match in (*_PRODUCT_VERSION.finditer(text), *_WHOLE_VERSION.finditer(text)):
        product = _product(match["product"])
        if product:
            return product, *match.span("version")
    only = _ONLY_VERSION.search(text)
    return ("", *only.span("version" if only["version"] else "other")) if only else ("", 0, 0)


def _product(words: str) -> str:
    parts = words.split()
    while parts and parts[0].lower() in _NOT_PRODUCTS:
        parts = parts[1:]
    return " ".join(parts)


def _written(version: str) -> str:
    found = parse_version(version)
    return found.text.removesuffix(".x") if found else ""
