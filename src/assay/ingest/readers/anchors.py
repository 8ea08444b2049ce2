"""Anchors: the names by which places of a page are linked to, as pairs of offset and name, in order.

reStructuredText: targets (`.. _name:`) and described objects, named as Sphinx names them, with module and class.
Markdown: `{#name}` after a heading, else the heading's slug as GitHub and MkDocs make it. HTML notes its own ids
while it is rendered. It checks no link and knows no address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assay.ingest.readers.names import names
from assay.types import Block

MOST = 500
"""No page notes more anchors than this; the first ones are kept."""
_TARGET = re.compile(r"^[ \t]*\.\. _(?:`([^`\n]+)`|((?:[^:\\\n]|\\.)+)):[ \t]*$", re.MULTILINE)
_OBJECT = re.compile(r"^([ \t]*)\.\. (?:[a-z]+:)?([a-z-]+)::[ \t]+(\S.*)$", re.MULTILINE)
_MODULES = names("module currentmodule automodule")
_CONTAINERS = names("class exception interface struct union enum")
_OBJECTS = _CONTAINERS | names(
    """function method classmethod staticmethod attribute property data decorator decoratormethod macro type
    member var enumerator setting option cmdoption envvar confval describe"""
)
_NAMED = re.compile(r"(?:[\w.:$~*&-]+\s+)*?([\w.$-]+)\s*(?:\(|\[|=|:|$)")
_EXPLICIT = re.compile(r"\{[^{}]*#([\w:.-]+)[^{}]*\}\s*#*\s*$")
_SPACES = re.compile(r"[\s]+")


def noted(pairs: Iterable[tuple[int, str]]) -> Mapping[str, Any]:
    """The metadata that holds these anchors; empty where there are none."""
    found = sorted(dict.fromkeys((start, name) for start, name in pairs if name), key=lambda pair: pair[0])[:MOST]
    return {"anchors": [[start, name] for start, name in found]} if found else {}


def markup_anchors(text: str, format: str, blocks: Iterable[Block]) -> Mapping[str, Any]:
    """The anchors of a page in reStructuredText ("rst") or Markdown ("markdown"), as metadata."""
    return noted(rst_anchors(text) if format == "rst" else markdown_anchors(text, blocks))


def rst_anchors(text: str) -> Iterator[tuple[int, str]]:
    """Targets and described objects of reStructuredText."""
    for match in _TARGET.finditer(text):
        yield match.start(), (match.group(1) or match.group(2) or "").replace("\\", "").strip().lower()
    module = ""
    around: list[tuple[int, str]] = []
    for match in _OBJECT.finditer(text):
        indent, kind, argument = len(match.group(1).expandtabs()), match.group(2), match.group(3).strip()
        while around and around[-1][0] >= indent:
            around.pop()
        if kind in _MODULES:
            module = argument.split()[0]
            if kind != "currentmodule":
                yield match.start(), f"module-{module}"
        elif kind in _OBJECTS and (name := _object_name(argument)):
            owner = around[-1][1] if around else ""
            full = _joined(module, owner, name)
            if kind in _CONTAINERS:
                around.append((indent, full))
            yield match.start(), full


def _object_name(signature: str) -> str:
    match = _NAMED.match(signature[:300])
    return match.group(1).strip(".") if match else ""


def _joined(module: str, owner: str, name: str) -> str:
    """The full name: a name that already begins with its class or module is not given it twice."""
    if owner:
        last = owner.rsplit(".", 1)[-1]
        return f"{owner}.{name.removeprefix(f'{last}.')}" if not name.startswith(f"{owner}.") else name
    return f"{module}.{name}" if module and not name.startswith(f"{module}.") and not name.startswith("-") else name


def markdown_anchors(text: str, blocks: Iterable[Block]) -> Iterator[tuple[int, str]]:
    """The headings' anchors; the second heading of a name gets "-1" after it, the third "-2"."""
    times: dict[str, int] = {}
    for block in blocks:
        if block.kind != "heading":
            continue
        explicit = _EXPLICIT.search(text[block.start : block.end].split("\n", 1)[0])
        if explicit:
            yield block.start, explicit.group(1)
            continue
        name = slug(block.label)
        count = times.get(name, 0)
        times[name] = count + 1
        yield block.start, f"{name}-{count}" if count else name


def slug(words: str) -> str:
    """A heading's wording in lower case, without punctuation, with hyphens for spaces."""
    plain = unicodedata.normalize("NFC", words).lower()
    kept = "".join(mark for mark in plain if mark.isalnum() or mark in "-_ ")
    return _SPACES.sub("-", kept.strip())
