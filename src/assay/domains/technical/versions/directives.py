"""Version notes from the directives of Sphinx: versionadded, versionchanged, deprecated, deprecated-removed,
versionremoved, soft-deprecated (Sphinx reference, "Paragraph-level markup"; the last ones are CPython's).

A note belongs to the described object around it; directly below a module's head it is about the module; elsewhere in a
section it is about that section's use of the module and never about the module as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.domains.technical.places import Place, Places
from assay.domains.technical.symbols import last, mentions
from assay.domains.technical.versions.notes import Change, Note, Scope
from assay.domains.technical.versions.numbers import parse_version
from assay.domains.technical.versions.wording import plain, planned, replacements, scope_of

_NAMES = "versionadded|versionchanged|versionremoved|deprecated-removed|soft-deprecated|deprecated"
_DIRECTIVE = re.compile(rf"^([ \t]*)\.\. (?:py:)?({_NAMES})::[ \t]*(.*)$", re.MULTILINE)
_CHANGES: dict[str, Change] = {
    "versionadded": "added",
    "versionchanged": "changed",
    "versionremoved": "removed",
    "deprecated": "deprecated",
    "deprecated-removed": "deprecated",
}
_PROVIDED = re.compile(r"^\W*this \w+ (?:was|has been|is) (?:added|provided|introduced|new)\b", re.IGNORECASE)


class Directive(NamedTuple):
    """text[start:end] is a version directive with its words; `body` is where the words begin."""

    name: str
    version: str
    removal: str
    start: int
    end: int
    body: int


def directive_notes(text: str, places: Places) -> list[Note]:
    """The notes of all version directives in reStructuredText `text`."""
    found: list[Note] = []
    for item in directives(text):
        around = places.around(item.start)
        owner = _owner(around)
        if owner is not None and item.name in _CHANGES:
            found.extend(_notes(text, item, owner, directly=_is_direct(around, owner)))
    return found


def directives(text: str) -> Iterator[Directive]:
    """The version directives of `text`, in order. One without a readable version is left out."""
    for match in _DIRECTIVE.finditer(text):
        name, argument = match[2], match[3].split()
        version = _version(argument[0]) if argument else ""
        if not version:
            continue
        removal = _version(argument[1]) if name == "deprecated-removed" and len(argument) > 1 else ""
        taken = 2 if removal else 1
        end = _body_end(text, match.end(), len(match[1].expandtabs()))
        words = match.start(3) + sum(len(word) + 1 for word in argument[:taken])
        yield Directive(name, version, removal, match.start() + len(match[1]), end, min(words, end))


def _version(word: str) -> str:
    """The version as written, "next" and other words left out."""
    found = parse_version(word.strip("|,;:"))
    return found.text if found else ""


def _body_end(text: str, place: int, indent: int) -> int:
    """The end of the last line that is indented more than the directive."""
    end = place
    while place < len(text):
        stop = text.find("\n", place + 1)
        stop = len(text) if stop < 0 else stop
        line = text[place + 1 : stop]
        if line.strip():
            if len(line) - len(line.lstrip()) <= indent:
                break
            end = stop
        place = stop
    return end


def _owner(around: list[Place]) -> Place | None:
    described = [place for place in around if place.names]
    return described[-1] if described else None


def _is_direct(around: list[Place], owner: Place) -> bool:
    """Whether no section opened between the owner and the note: for a module that means its head."""
    return not any(place.start > owner.start for place in around if not place.names)


def _notes(text: str, item: Directive, owner: Place, *, directly: bool) -> Iterator[Note]:
    words = text[item.body : item.end]
    names = tuple(dict.fromkeys((*owner.shared, *owner.names)))
    change = _CHANGES[item.name]
    scope: Scope = "symbol"
    if change != "changed":
        scope = scope_of(words, names[0]) if directly else "behaviour"
    if change == "added" and plain(words):
        change, scope, names = _addition(text, item, names, scope)
    elif len(names) > 1 and change in ("deprecated", "removed"):
        names = _meant(text, item, names)
    removal = item.removal or (planned(words)[1] if change == "deprecated" else "")
    if change == "added" and len(names) < len(owner.names) + len(owner.shared):
        rest = (name for name in (*owner.shared, *owner.names) if name not in names)
        yield from (Note(n, "changed", item.version, item.start, item.end, "directive", "behaviour") for n in rest)
    for name in names:
        instead = replacements(text, item.body, item.end, (name,)) if change in ("deprecated", "removed") else ()
        yield Note(name, change, item.version, item.start, item.end, "directive", scope, removal, instead)


def _addition(
    text: str, item: Directive, names: tuple[str, ...], scope: Scope
) -> tuple[Change, Scope, tuple[str, ...]]:
    """`versionadded` with words: a part of the object was added, unless the words name it or one of its group."""
    words = text[item.body : item.end]
    if _PROVIDED.match(plain(words)):
        return "added", "symbol", names
    named = _meant(text, item, names)
    if len(names) > 1 and len(named) < len(names):
        return "added", "symbol", named
    return "changed", "parameter" if scope == "parameter" else "behaviour", names


def _meant(text: str, item: Directive, names: tuple[str, ...]) -> tuple[str, ...]:
    """Of objects that share a description, those that the note names; all where it names none."""
    words = plain(text[item.body : item.end])
    if re.search(r"\ball\b.*\b(?:except|other than|apart from)\b", words, re.IGNORECASE):
        spared = re.split(r"\b(?:except|other than|apart from)\b", text[item.body : item.end], maxsplit=1)[-1]
        kept = {last(mention.name) for mention in mentions(spared)}
        return tuple(name for name in names if last(name) not in kept) or names
    said = {last(mention.name) for mention in mentions(text, item.body, item.end)}
    chosen = tuple(name for name in names if last(name) in said)
    return chosen or names
