"""Version notes of HTTP API operations: `deprecated: true` in OpenAPI, dates in extensions, and what descriptions say.

OpenAPI 3.1 section 4.8.10 (`deprecated` of an operation) and 4.8.12 (of a parameter); RFC 9745 and RFC 8594 name the
dates "deprecation" and "sunset", which vendors put into `x-` extensions. A planned date is a plan, whatever the day.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assay.domains.technical.places import Place, Places
from assay.domains.technical.symbols import METHODS
from assay.domains.technical.versions.notes import Note
from assay.domains.technical.versions.numbers import date_in, parse_version
from assay.domains.technical.versions.wording import planned
from assay.types import Document

_FLAG = re.compile(r"[\"']?deprecated[\"']?\s*:\s*true\b|^Deprecated: this operation is marked as deprecated", re.M)
_NOTICE = re.compile(
    r"\b(?:this|the) (?:(?:api|rest|http) )?(?:operation|endpoint|route|method|resource"
    r"|endpoint route)s?\b[^.\n]{0,40}\b"
    r"(?:is|are|has been) (?:now )?(?:deprecated|closing down|being retired|obsolete)",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"deprecat\w*\W{0,4}(?:\w+\W+){0,3}?(?:since|on|in|as of)\s+(?:version\s+|v)?(\S+(?: \d+, \d{4})?)", re.I
)
_DATE_KEY = re.compile(r"deprecat\w*[-_]?(?:date|at|on|since)|deprecated[-_]?in", re.IGNORECASE)
_END_KEY = re.compile(
    r"(?:removal|sunset|retire\w*|end[-_]?of[-_]?life)[-_]?(?:date|at|on)?$|removed[-_]?in", re.IGNORECASE
)
_USE = re.compile(r"\b(GET|PUT|POST|DELETE|PATCH|HEAD|OPTIONS)\s+(/[^\s`'\")\]]+)")


def operation_notes(document: Document, places: Places) -> Iterator[Note]:
    """The notes of an API description's operations and their parameters."""
    for place in places.items:
        if place.names and place.names[0].split(" ")[0] in METHODS:
            yield from _operation(document.text, place)


def _operation(text: str, place: Place) -> Iterator[Note]:
    words = text[place.start : place.end]
    symbol = place.names[0]
    described = _value(words)
    if described is None:
        if _FLAG.search(words) or _NOTICE.search(words):
            yield _note(symbol, place, words, {})
        return
    if described.get("deprecated") is True or _NOTICE.search(_description(described)):
        yield _note(symbol, place, _description(described), described)
    for parameter in described.get("parameters") or ():
        if isinstance(parameter, Mapping) and parameter.get("deprecated") is True:
            told = str(parameter.get("description", ""))
            yield Note(symbol, "deprecated", _since(told), place.start, place.end, "openapi", "parameter",
                       subject=str(parameter.get("name", "")))  # fmt: skip


def _value(words: str) -> Mapping[str, Any] | None:
    """The operation object behind `"get": {...}`; None where the text is not JSON."""
    if not words.lstrip().startswith('"'):
        return None
    try:
        value = json.loads(f"{{{words}}}")
    except (ValueError, RecursionError):
        return None
    operation = next(iter(value.values()), None)
    return operation if isinstance(operation, Mapping) else None


def _description(operation: Mapping[str, Any]) -> str:
    return f"{operation.get('summary', '')}\n{operation.get('description', '')}"


def _note(symbol: str, place: Place, told: str, operation: Mapping[str, Any]) -> Note:
    dates = dict(_extensions(operation))
    since = next((value for key, value in dates.items() if _DATE_KEY.search(key)), "") or _since(told)
    end = next((value for key, value in dates.items() if _END_KEY.search(key)), "") or _end(told)
    instead = tuple(f"{method} {path}" for method, path in _USE.findall(told) if f"{method} {path}" != symbol)
    return Note(symbol, "deprecated", since, place.start, place.end, "openapi", "symbol", end, instead[:6])


def _extensions(operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys of `x-` extensions, also one level inside, with values that are versions or dates."""
    for key, value in operation.items():
        if not str(key).lower().startswith("x-"):
            continue
        inside = value.items() if isinstance(value, Mapping) else [(key, value)]
        for name, item in inside:
            if isinstance(item, str) and parse_version(item):
                yield str(name), date_in(item) or item


def _since(told: str) -> str:
    match = _SINCE.search(told)
    if match is None:
        return ""
    version = parse_version(match[1])
    return date_in(told[match.start() : match.end() + 20]) or (version.text if version else "")


def _end(told: str) -> str:
    for sentence in re.split(r"(?<=[.!])\s+", told[:4000]):
        is_planned, version = planned(sentence)
        if is_planned:
            return date_in(sentence) or version
    return ""
