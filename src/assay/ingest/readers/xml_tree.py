"""XML source becomes trees whose pieces of text know their place, through the standard library's expat.

Declared entities and external ones are refused: a few lines of them can stand for gigabytes, or for another file. The
named characters of HTML (`&alpha;`), which documents with an external DTD use, are known; other references stay as
they are written. Nothing is fetched.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Collection, Iterator
from xml.parsers import expat

from assay.errors import LimitExceeded, MalformedSource
from assay.ingest.decoding import Decoded, decode
from assay.ingest.readers.common import MAX_DEPTH, empty, require_content
from assay.ingest.readers.markup import Element
from assay.types import SourceFile

_STEP = 65_536
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w:.-]{2,40})["']""")


def decoded_xml(source: SourceFile) -> Decoded:
    """The text of an XML source; its declaration says the encoding where the bytes are not UTF-8."""
    require_content(source)
    declared = _DECLARED.match(source.data[:400].lstrip())
    found = decode(source.data, source.encoding or (declared.group(1).decode("ascii") if declared else ""))
    if not found.text.strip():
        raise empty(source)
    return found


def xml_trees(text: str, path: str, cut: Collection[str] = ()) -> Iterator[Element]:
    """The elements named in `cut` as they are complete, each released after it; the root where none was cut.

    Raises MalformedSource (not well formed, entities declared) and LimitExceeded (nested too deep), both naming `path`.
    """
    yield from _TreeParser(text, path, frozenset(cut)).trees()


class _TreeParser:
    def __init__(self, text: str, path: str, cut: frozenset[str]) -> None:
        self.path = path
        self.data = text.lstrip().encode("utf-8")
        self.lead = len(text) - len(text.lstrip())
        self.is_ascii = len(self.data) == len(text) - self.lead
        self.cut = cut
        self.stack: list[Element] = []
        self.ready: list[Element] = []
        self.root: Element | None = None
        self._bytes = 0
        self._characters = self.lead
        self.parser = self._parser()

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = False
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.SkippedEntityHandler = self._named
        parser.EntityDeclHandler = self._refuse_declaration
        parser.ExternalEntityRefHandler = self._refuse_external
        return parser

    def trees(self) -> Iterator[Element]:
        for start in range(0, len(self.data), _STEP):
            self._parse(self.data[start : start + _STEP], False)
            yield from self.ready
            self.ready.clear()
        self._parse(b"", True)
        yield from self.ready
        if not self.cut and self.root is not None:
            yield self.root

    def _parse(self, data: bytes, is_final: bool) -> None:
        try:
            self.parser.Parse(data, is_final)
        except expat.ExpatError as error:
            what = f"{self.path} is not well-formed XML"
            raise MalformedSource(what, why=str(error), next="Repair the file, or leave it out") from error

    def _character(self, byte: int) -> int:
        """The character offset of a byte offset; asked in rising order, so the whole takes linear time."""
        if self.is_ascii:
            return byte + self.lead
        if byte < self._bytes:
            self._bytes, self._characters = 0, self.lead
        self._characters += len(self.data[self._bytes : byte].decode("utf-8"))
        self._bytes = byte
        return self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise LimitExceeded(f"{self.path} nests elements deeper than {MAX_DEPTH} levels", next="Leave it out")
        local = name.rsplit(":", 1)[-1]
        element = Element(local, self._character(self.parser.CurrentByteIndex), attributes=attributes)
        if self.stack and not (local in self.cut and not self._inside_cut()):
            self.stack[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self.stack.append(element)

    def _inside_cut(self) -> bool:
        return any(element.name in self.cut for element in self.stack)

    def _end(self, name: str) -> None:
        element = self.stack.pop()
        element.end = self._character(self.parser.CurrentByteIndex)
        if element.name in self.cut and not self._inside_cut():
            self.ready.append(element)
        elif self.cut and not self._inside_cut():
            element.children.clear()

    def _text(self, text: str) -> None:
        if self.cut and not self._inside_cut():
            return
        at = self.parser.CurrentByteIndex
        raw = text.encode("utf-8")
        start = self._character(at)
        if self.data.startswith(raw, at):
            end = start + len(text)
        elif self.data.startswith(b"&", at):
            end = self._character(self.data.find(b";", at) + 1)
        elif self.data.startswith(b"\r\n", at):
            end = start + 2
        else:
            end = start + len(text)
        self.stack[-1].children.append((text, start, end))

    def _named(self, name: str, is_parameter: bool) -> None:
        if is_parameter or not self.stack:
            return
        value = html.entities.html5.get(f"{name};", f"&{name};")
        at = self.parser.CurrentByteIndex
        start = self._character(at)
        self.stack[-1].children.append((value, start, start + len(name) + 2))

    def _refuse_declaration(self, name: str, *_: object) -> None:
        what = f"{self.path} declares the entity {name!r}"
        why = "declared entities can expand without bound or read other files, so they are not accepted"
        raise MalformedSource(what, why=why, next="Replace the entities by their text")

    def _refuse_external(self, context: str, base: str | None, system: str | None, public: str | None) -> int:
        what = f"{self.path} refers to an external entity ({system or public or context})"
        raise MalformedSource(what, why="other files are not read", next="Replace the reference by its text")
