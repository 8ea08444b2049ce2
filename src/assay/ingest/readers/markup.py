"""A light tree of marked-up text (HTML, XML) in which every piece of text knows its characters in the source.

It is not a DOM: no parents, no namespaces, no serialisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape

Piece = tuple[str, int, int]
"""Text and the half-open span of source characters that it stands for; equal lengths mean identical characters."""

_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]+)))?""")


class Element:
    """A tag with its children: elements and pieces of text, in order. `start` is where its opening tag begins."""

    __slots__ = ("_attributes", "_raw", "children", "end", "name", "start")

    def __init__(self, name: str, start: int, raw: str = "", attributes: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.start = start
        self.end = start
        self.children: list[Element | Piece] = []
        self._raw = raw
        self._attributes = attributes

    def get(self, attribute: str, default: str = "") -> str:
        """The attribute's value, or `default`."""
        if self._attributes is None:
            self._attributes = _parsed(self._raw) if self._raw else {}
        return self._attributes.get(attribute, default)

    @property
    def has_attributes(self) -> bool:
        """Whether the tag carries anything but its name."""
        return bool(self._raw or self._attributes)

    def elements(self, *names: str) -> Iterator["Element"]:
        """The child elements, of these names if any are given."""
        for child in self.children:
            if isinstance(child, Element) and (not names or child.name in names):
                yield child

    def find(self, path: str) -> "Element | None":
        """The first element at `path` ("front/article-meta"), or None."""
        return next(self.find_all(path), None)

    def find_all(self, path: str) -> Iterator["Element"]:
        """All elements at `path`, in order."""
        name, _, rest = path.partition("/")
        for child in self.elements(name):
            if rest:
                yield from child.find_all(rest)
            else:
                yield child

    def walk(self) -> Iterator["Element"]:
        """This element and all below it, in order."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(reversed(list(element.elements())))

    def words(self) -> str:
        """All text below, white space collapsed."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        stack: list[Element | Piece] = [self]
        while stack:
            node = stack.pop()
            if isinstance(node, Element):
                stack.extend(reversed(node.children))
            else:
                yield node[0]


def text_at(element: Element | None, path: str) -> str:
    """The words of the first element at `path`, or nothing."""
    found = element.find(path) if element is not None else None
    return found.words() if found is not None else ""


def _parsed(raw: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found
