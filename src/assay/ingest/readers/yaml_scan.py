"""YAML as the same tree as JSON, with the place of every value, built from the parser's events.

Events, not PyYAML's own trees: those are built by recursion in C, and a few kilobytes of brackets end the process. An
alias stands for the very node it names, so that aliases cannot multiply. Only the first document of a stream is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assay.errors import LimitExceeded, MalformedSource
from assay.ingest.readers.common import MAX_DEPTH
from assay.ingest.readers.json_scan import Node
from assay.ingest.readers.markup import Piece

if TYPE_CHECKING:
    from yaml.events import Event

_TRUE, _FALSE, _NULL = frozenset({"true", "yes", "on"}), frozenset({"false", "no", "off"}), frozenset({"", "~", "null"})


class YamlScalar(Node):
    """A YAML scalar: `raw` is its value, which need not stand in the source as it is."""

    __slots__ = ("is_plain", "source")

    def __init__(self, start: int, end: int, raw: str, source: str, is_plain: bool) -> None:
        super().__init__("string", start, end, raw)
        self.source = source
        self.is_plain = is_plain

    def value(self) -> Any:
        """The text, or a boolean, null or number where it is written plain; dates stay text."""
        word = self.raw.lower()
        if not self.is_plain:
            return self.raw
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        if word in _NULL:
            return None
        return int(word) if word.isascii() and word.isdigit() and len(word) < 19 else self.raw

    def pieces(self) -> Iterator[Piece]:
        """The text with its places: line by line where the lines stand in the source, else as a whole."""
        lines = self.raw.rstrip("\n").split("\n")
        position, found = self.start, []
        for line in lines:
            place = self.source.find(line, position, self.end) if line else position
            if place < 0:
                yield self.raw.rstrip("\n"), self.start, self.end
                return
            found.append((line, place, place + len(line)))
            position = place + len(line)
        for number, piece in enumerate(found):
            if number:
                # The line break and the indentation after it stand for one line end.
                before = found[number - 1][2]
                yield "\n", before, max(piece[1], before)
            if piece[0]:
                yield piece


def scan_yaml(text: str, path: str) -> Node:
    """The tree of the first YAML document in `text`. Raises MalformedSource or LimitExceeded naming `path`."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(text, path)
    try:
        for event in yaml.parse(text, Loader=loader):
            if builder.take(event):
                break
    except (yaml.YAMLError, ValueError) as error:
        why = " ".join(str(error).split())[:200]
        raise MalformedSource(f"{path} is not valid YAML", why=why, next="Repair the file, or leave it out") from error
    if builder.root is None:
        raise MalformedSource(f"{path} holds no YAML value")
    return builder.root


class _Builder:
    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.root: Node | None = None
        self._open: list[Node] = []
        self._keys: list[tuple[str, tuple[int, int]] | None] = []
        self._anchors: dict[str, Node] = {}

    def take(self, event: Event) -> bool:
        """Add what the event says; True when the root is complete."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._add(self._scalar(event), event)
        elif kind == "AliasEvent":
            target = self._anchors.get(str(getattr(event, "anchor", "")))
            if target is not None:
                self._add(target, None)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._start(Node("object" if kind == "MappingStartEvent" else "array", _index(event.start_mark)), event)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop().end = _index(event.end_mark)
            self._keys.pop()
        return self.root is not None and not self._open

    def _start(self, node: Node, event: Event) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise LimitExceeded(f"{self.path} nests values deeper than {MAX_DEPTH} levels", next="Leave it out")
        self._add(node, event)
        self._open.append(node)
        self._keys.append(None)

    def _scalar(self, event: Any) -> YamlScalar:
        start, end = event.start_mark.index, event.end_mark.index
        return YamlScalar(start, end, event.value, self.text, event.style in (None, ""))

    def _add(self, node: Node, event: Any) -> None:
        if event is not None and event.anchor:
            self._anchors[event.anchor] = node
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.kind == "array":
            parent.items.append(("", node))
            return
        pending = self._keys[-1]
        if pending is None:
            name = node.raw if isinstance(node, YamlScalar) else self.text[node.start : node.end]
            self._keys[-1] = (name, (node.start, node.end))
            return
        key, span = pending
        self._keys[-1] = None
        if event is not None:
            node.key_span = span
        parent.items.append((key, node))


def _index(mark: Any) -> int:
    return int(mark.index)
