"""JSON as a tree that keeps the place of every value: a scanner of its own, because the standard one forgets offsets.

Follows RFC 8259; control characters inside strings are let pass. It does not recurse, so depth is a limit and not a
crash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from assay.errors import LimitExceeded, MalformedSource
from assay.ingest.readers.common import MAX_DEPTH
from assay.ingest.readers.markup import Piece

Kind = Literal["object", "array", "string", "number", "literal"]

_SPACE = re.compile(r"[ \t\n\r]*+")
_STRING = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR = re.compile(r"(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)|true|false|null|NaN|-?Infinity")
_ESCAPE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.", re.DOTALL)


_NOTHING: list[tuple[str, "Node"]] = []


class Node:
    """A JSON value at source[start:end]. `items` holds members (key, value) of an object, elements ("", value) of an
    array.

    `key_span` is where the key stands that names this value, quotation marks included.
    """

    __slots__ = ("end", "items", "key_span", "kind", "raw", "start")

    def __init__(self, kind: Kind, start: int, end: int = 0, raw: str = "") -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.raw = raw
        self.key_span = (start, start)
        self.items: list[tuple[str, Node]] = [] if kind in ("object", "array") else _NOTHING

    @property
    def is_container(self) -> bool:
        """Whether this is an object or an array."""
        return self.kind in ("object", "array")

    def member(self, key: str) -> "Node | None":
        """The value of an object's last member of that name, or None."""
        found = None
        for name, node in self.items if self.kind == "object" else ():
            if name == key:
                found = node
        return found

    def value(self) -> Any:
        """The plain Python value."""
        if self.kind == "object":
            return {key: node.value() for key, node in self.items}
        if self.kind == "array":
            return [node.value() for _, node in self.items]
        return unquoted(self.raw) if self.kind == "string" else json.loads(self.raw)

    def pieces(self) -> Iterator[Piece]:
        """The text of a scalar with its places: a string without quotation marks, its escapes resolved one by one."""
        if self.kind != "string":
            yield self.raw, self.start, self.end
            return
        first = position = self.start + 1
        inner = self.raw[1:-1]
        for match in _ESCAPE.finditer(inner):
            begin, end = first + match.start(), first + match.end()
            if begin > position:
                yield inner[position - first : begin - first], position, begin
            yield unquoted(f'"{match.group()}"'), begin, end
            position = end
        if position < first + len(inner):
            yield inner[position - first :], position, first + len(inner)


def unquoted(raw: str) -> str:
    """The value of a JSON string literal; an escape that does not exist stands for itself."""
    if "\\" not in raw:
        return raw[1:-1]
    try:
        return str(json.loads(raw, strict=False))
    except ValueError:
        return _ESCAPE.sub(lambda match: _lenient(match.group()), raw[1:-1])


def scan(text: str, path: str, start: int = 0) -> Node:
    """The tree of the one JSON value in `text` after `start`. Raises MalformedSource or LimitExceeded naming `path`."""
    return _Scanner(text, path).scan(start)


class _Scanner:
    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.stack: list[Node] = []

    def scan(self, position: int) -> Node:
        root, position = self._value(self._skip(position))
        if root.is_container:
            self.stack.append(root)
        while self.stack:
            position = self._next(position)
        position = self._skip(position)
        if position < len(self.text):
            raise self._error(position, "there is more after the end of the value")
        return root

    def _next(self, position: int) -> int:
        """Read one more member or element of the innermost container, or its end."""
        parent = self.stack[-1]
        close = "}" if parent.kind == "object" else "]"
        position = self._skip(position)
        if parent.items and self.text.startswith(",", position):
            position = self._skip(position + 1)
        elif self.text.startswith(close, position):
            parent.end = position + 1
            self.stack.pop()
            return parent.end
        elif parent.items:
            raise self._error(position, f"expected ',' or '{close}'")
        key, key_span = "", (position, position)
        if parent.kind == "object":
            key, key_span, position = self._key(position)
        node, position = self._value(position)
        node.key_span = key_span
        parent.items.append((key, node))
        if node.is_container:
            if len(self.stack) >= MAX_DEPTH:
                raise LimitExceeded(f"{self.path} nests values deeper than {MAX_DEPTH} levels", next="Leave it out")
            self.stack.append(node)
        return position

    def _key(self, position: int) -> tuple[str, tuple[int, int], int]:
        match = _STRING.match(self.text, position)
        if match is None:
            raise self._error(position, "expected a key in quotation marks")
        after = self._skip(match.end())
        if not self.text.startswith(":", after):
            raise self._error(after, "expected ':' after a key")
        return unquoted(match.group()), match.span(), self._skip(after + 1)

    def _value(self, position: int) -> tuple[Node, int]:
        text = self.text
        opening = text[position : position + 1]
        if opening == '"':
            match = _STRING.match(text, position)
            if match is None:
                raise self._error(position, "a string is never closed")
            return Node("string", position, match.end(), match.group()), match.end()
        if opening == "{":
            return Node("object", position), position + 1
        if opening == "[":
            return Node("array", position), position + 1
        match = _SCALAR.match(text, position)
        if match is None:
            raise self._error(position, "expected a value")
        kind: Kind = "number" if match.group(1) else "literal"
        return Node(kind, position, match.end(), match.group()), match.end()

    def _skip(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def _error(self, position: int, why: str) -> MalformedSource:
        line = self.text.count("\n", 0, position) + 1
        column = position - self.text.rfind("\n", 0, position)
        what = f"{self.path} is not valid JSON"
        return MalformedSource(
            what, why=f"line {line}, column {column}: {why}", next="Repair the file, or leave it out"
        )


def _lenient(escape: str) -> str:
    try:
        return str(json.loads(f'"{escape}"', strict=False))
    except ValueError:
        return escape[1:]
