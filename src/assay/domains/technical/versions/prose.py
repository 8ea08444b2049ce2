"""Version notes in running text and comments: rendered Sphinx pages, Javadoc, JSDoc, PHPDoc, Go, MkDocs, Markdown.

A note is taken only in the set forms of these tools ("Deprecated since version 3.8", `@deprecated since 2.9, use x`,
`// Deprecated: As of Go 1.16`, `!!! warning "Deprecated in v2.4.0"`), at the beginning of a line, and is about the
described object around it; below "Parameters" it is about a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.domains.technical.places import Place, Places
from assay.domains.technical.versions.notes import Change, Note, Scope
from assay.domains.technical.versions.numbers import parse_version
from assay.domains.technical.versions.wording import planned, replacements, scope_of

_NUMBER = r"(?:[A-Z][A-Za-z]*\s+)?(?:version\s+|release\s+)?[vV]?(?P<version>\d+(?:\.\d+)*(?:\.x)?(?:[ab]|rc)?\d*)"
_LEAD = r"^[ \t]*(?:[*#>/;|-]+[ \t]*|\{?[\"']{3})?(?:[*_]{1,2}|!{3}[ \t]+\w+[ \t]+[\"']|:material-\S+ )?"
_LAST = (
    r"(?:,?\s*(?:and\s+)?(?:will be |to be |is )?(?:removed|removal) in (?:version\s+|release\s+)?"
    r"[vV]?(?P<removal>\d+(?:\.\d+)*))?"
)
_FORMS: tuple[tuple[Change, re.Pattern[str]], ...] = (
    (
        "added",
        re.compile(rf"{_LEAD}(?:new in|added in|introduced in|available since|@since|since:)\s*{_NUMBER}", re.I | re.M),
    ),
    ("changed", re.compile(rf"{_LEAD}(?:changed|modified) in\s+{_NUMBER}", re.I | re.M)),
    (
        "deprecated",
        re.compile(rf"{_LEAD}@?deprecated:?\s*\(?(?:since|in|as of|from)\s+{_NUMBER}{_LAST}", re.I | re.M),
    ),
    ("removed", re.compile(rf"{_LEAD}(?:removed in|no longer available (?:since|as of))\s+{_NUMBER}", re.I | re.M)),
)
_UNDATED = re.compile(
    r"^[ \t]*(?:(?:\*|//+|#|>|///?)[ \t]*)?(?:@deprecated\b|(?:[*_]{2})?Deprecated:?(?:[*_]{2}):|Deprecated:\s"
    r"|!{3}[ \t]+(?:warning|danger|deprecated|note)[ \t]+[\"']?Deprecated[\"']?\s*$"
    r"|\[Obsolete\(|@Deprecated\b|#\[deprecated)",
    re.MULTILINE,
)
_PART_HEAD = re.compile(
    r"^[ \t]*(?:#+ )?(Parameters|Other Parameters|Arguments|Args|Attributes|Returns?|Raises|Yields|Notes"
    r"|Examples?|See also"
    r"|References|Methods|Description|Warnings?)[ \t]*:?[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_TAG_PARAMETER = re.compile(r"@param\s+\S*\s*$")
_LONGEST = 700


class _Found(NamedTuple):
    change: Change
    version: str
    removal: str
    start: int
    end: int
    body: int


def prose_notes(text: str, places: Places) -> Iterator[Note]:
    """The notes in `text` that stand within a described object."""
    taken: list[tuple[int, int]] = []
    for found in sorted(_found(text), key=lambda item: (item.start, item.version == "")):
        if any(start <= found.start < end for start, end in taken):
            continue
        around = [place for place in places.around(found.start) if place.names]
        if around:
            taken.append((found.start, found.end))
            yield from _notes(text, found, around[-1])


def _found(text: str) -> Iterator[_Found]:
    for change, pattern in _FORMS:
        for match in pattern.finditer(text):
            version = parse_version(match["version"])
            if version is not None:
                removal = match.groupdict().get("removal") or ""
                yield _Found(change, version.text, removal, *_extent(text, match))
    for match in _UNDATED.finditer(text):
        start, end, body = _extent(text, match)
        yield _Found("deprecated", "", "", start, end, body)


def _extent(text: str, match: re.Match[str]) -> tuple[int, int, int]:
    """Start, end and beginning of the words of a note: up to the end of its paragraph."""
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    end = text.find("\n\n", match.end())
    end = len(text) if end < 0 else end
    line = text.find("\n", match.end())
    if end - start > _LONGEST and line > 0:
        end = min(end, max(line, match.end()))
    return start, min(end, start + 2 * _LONGEST), match.end()


def _notes(text: str, found: _Found, owner: Place) -> Iterator[Note]:
    words = text[found.body : found.end].lstrip(" :.,)")
    scope = _part(text, owner, found.start)
    if scope == "symbol" and found.change != "changed":
        scope = scope_of(words, owner.names[0])
    if found.change == "added" and scope != "symbol":
        return
    removal = found.removal or (planned(words)[1] if found.change == "deprecated" else "")
    source = "docstring" if owner.kind == "definition" else "prose"
    for name in owner.names:
        instead = (
            replacements(text, found.body, found.end, (name,)) if found.change in ("deprecated", "removed") else ()
        )
        yield Note(name, found.change, found.version, found.start, found.end, source, scope, removal, instead)


def _part(text: str, owner: Place, place: int) -> Scope:
    """Whether a note stands in the part of a description that lists parameters."""
    heads = list(_PART_HEAD.finditer(text, owner.start, place))
    if heads and heads[-1][1].lower() in ("parameters", "other parameters", "arguments", "args", "attributes"):
        return "parameter"
    if _TAG_PARAMETER.search(text, max(owner.start, place - 80), place):
        return "parameter"
    return "symbol"
