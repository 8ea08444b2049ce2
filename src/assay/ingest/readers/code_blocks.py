"""Where the definitions of a source file begin and end, through tree-sitter where the grammar is installed.

The blocks follow one another without overlap and cover every line that is not blank. A definition is one block with
the comments right above it; a large class is its head and then one block a method. Elsewhere (and without a grammar)
a block ends where a blank line is followed by a line that is not indented. Nothing is executed.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assay.types import Block

if TYPE_CHECKING:
    from tree_sitter import Node

LARGE_CLASS = 1500
_GRAMMARS = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "java": ("tree_sitter_java", "language"),
    "go": ("tree_sitter_go", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "c": ("tree_sitter_c", "language"),
}
LANGUAGES = {
    "py": "python",
    "pyi": "python",
    "pyx": "python",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "tsx": "tsx",
    "java": "java",
    "go": "go",
    "rs": "rust",
    "c": "c",
    "h": "c",
    "cpp": "cpp",
    "cc": "cpp",
    "cxx": "cpp",
    "hpp": "cpp",
    "hh": "cpp",
    "cs": "csharp",
    "rb": "ruby",
    "php": "php",
    "kt": "kotlin",
    "scala": "scala",
    "swift": "swift",
    "lua": "lua",
    "pl": "perl",
    "r": "r",
    "jl": "julia",
    "sh": "bash",
    "bash": "bash",
    "zsh": "bash",
    "ps1": "powershell",
    "sql": "sql",
    "toml": "toml",
    "ini": "ini",
    "cfg": "ini",
    "conf": "ini",
    "properties": "ini",
    "env": "ini",
    "css": "css",
    "scss": "css",
    "proto": "protobuf",
    "graphql": "graphql",
    "tf": "terraform",
    "dockerfile": "dockerfile",
    "makefile": "makefile",
    "cmake": "cmake",
}
_NAMES = frozenset(LANGUAGES.values())
_CLASS_LIKE = re.compile(r"class|interface|impl_item|trait|enum_declaration|record_declaration|module")
_BODIES = frozenset({"block", "class_body", "declaration_list", "interface_body", "enum_body", "object_type"})
_DEFINITION = re.compile(r"function|method|class|interface|struct|enum|impl|trait|decorated|constructor|record|type_")
# The Python grammar's scanner looks ahead over continued lines again and again: thousands of them would take minutes.
_CONTINUED = re.compile(r"(?:\\\r?\n[ \t]*+){500}")
_SEAM = re.compile(r"\n[ \t]*\r?\n(?=[^\s})\]])")
_WRAPPERS = frozenset({"decorated_definition", "export_statement", "template_declaration"})


def language_of(ending: str) -> str:
    """The language of a file ending or of a language's own name ("py", "python"); empty where it is not known."""
    name = ending.lower().lstrip(".")
    return name if name in _NAMES else LANGUAGES.get(name, "")


def code_blocks(text: str, language: str) -> tuple[Block, ...]:
    """Code blocks of `text`, in order; labels are the names of what is defined ("Parser.parse")."""
    root = _root(text, language)
    if root is None:
        return _by_blank_lines(text, language)
    places = _Places(text)
    cuts = list(_cuts(root, places))
    return tuple(_covering(text, cuts, language))


def _root(text: str, language: str) -> Node | None:
    """The syntax tree's root, or None without a grammar."""
    if language not in _GRAMMARS or _CONTINUED.search(text):
        return None
    module, function = _GRAMMARS[language]
    try:
        from tree_sitter import Language, Parser

        grammar = getattr(importlib.import_module(module), function)()
    except ImportError:
        return None
    tree = Parser(Language(grammar)).parse(text.encode("utf-8", "replace"))
    return tree.root_node


class _Places:
    """Character offsets of byte offsets that are asked in rising order."""

    def __init__(self, text: str) -> None:
        self.data = text.encode("utf-8", "replace")
        self.is_ascii = len(self.data) == len(text)
        self._byte = self._character = 0

    def at(self, byte: int) -> int:
        if self.is_ascii:
            return byte
        if byte < self._byte:
            self._byte = self._character = 0
        self._character += len(self.data[self._byte : byte].decode("utf-8", "replace"))
        self._byte = byte
        return self._character


def _cuts(root: Node, places: _Places) -> Iterator[tuple[int, int, str]]:
    """Start, end and name of each definition; comments that touch a definition from above belong to it."""
    yield from _definitions(list(root.children), places, "")


def _definitions(nodes: list[Node], places: _Places, outer: str) -> Iterator[tuple[int, int, str]]:
    lead: Node | None = None
    row = -2
    for node in nodes:
        if "comment" in node.type or node.type == "attribute_item":
            lead = node if lead is None or node.start_point.row > row + 1 else lead
            row = node.end_point.row
            continue
        if _DEFINITION.search(node.type) or node.type in _WRAPPERS:
            touches = lead is not None and node.start_point.row <= row + 1
            start = lead.start_byte if touches and lead is not None else node.start_byte
            yield from _definition(node, start, places, outer)
        lead, row = None, -2


def _definition(node: Node, start: int, places: _Places, outer: str) -> Iterator[tuple[int, int, str]]:
    inner = _unwrapped(node)
    name = ".".join(part for part in (outer, _name(inner)) if part)
    body = next((child for child in inner.children if child.type in _BODIES), None)
    is_large = node.end_byte - start > LARGE_CLASS
    methods = list(body.children) if body is not None and is_large and _CLASS_LIKE.search(inner.type) else []
    if not any(_DEFINITION.search(child.type) for child in methods):
        yield places.at(start), places.at(node.end_byte), name
        return
    begin = places.at(start)
    first = True
    for found in _definitions(methods, places, name):
        if first:
            yield begin, found[0], name
        first = False
        yield found


def _unwrapped(node: Node) -> Node:
    while node.type in _WRAPPERS:
        inner = node.child_by_field_name("definition") or node.child_by_field_name("declaration")
        if inner is None:
            break
        node = inner
    return node


def _name(node: Node) -> str:
    """The name a definition gives; for C functions it stands inside the declarator."""
    named = node.child_by_field_name("name") or node.child_by_field_name("type")
    declarator = node.child_by_field_name("declarator")
    while declarator is not None:
        named, declarator = declarator, declarator.child_by_field_name("declarator")
    text = named.text.decode("utf-8", "replace") if named is not None and named.text else ""
    return " ".join(text.split())[:120]


def _covering(text: str, cuts: list[tuple[int, int, str]], language: str) -> Iterator[Block]:
    position = 0
    for start, end, name in cuts:
        start = max(start, position)
        yield from _between(text, position, start, language)
        end = _line_end(text, max(end, start))
        if text[start:end].strip():
            start = _line_start(text, start, position)
            yield Block("code", start, _trimmed(text, start, end), language=language, label=name)
        position = end
    yield from _between(text, position, len(text), language)


def _between(text: str, start: int, end: int, language: str) -> Iterator[Block]:
    """What stands between definitions; a long stretch is cut where a line that is not indented follows a blank one."""
    if end - start <= LARGE_CLASS:
        yield from _stretch(text, start, end, language)
        return
    position = start
    for seam in [*(match.end() for match in _SEAM.finditer(text, start, end)), end]:
        yield from _stretch(text, position, seam, language)
        position = seam


def _stretch(text: str, start: int, end: int, language: str) -> Iterator[Block]:
    piece = text[start:end]
    if piece.strip():
        first = start + len(piece) - len(piece.lstrip())
        yield Block("code", _line_start(text, first, start), _trimmed(text, start, end), language=language)


def _line_start(text: str, place: int, lowest: int) -> int:
    start = max(text.rfind("\n", 0, place) + 1, lowest)
    return start if not text[start:place].strip() else place


def _line_end(text: str, place: int) -> int:
    """The end of the line, where only closing marks or a comment follow."""
    newline = text.find("\n", place)
    end = len(text) if newline < 0 else newline
    rest = text[place:end].strip()
    return end if not rest or rest in (";", ",", ");") or rest.startswith(("#", "//", "/*")) else place


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _by_blank_lines(text: str, language: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    position = 0
    for seam in [*(match.end() for match in _SEAM.finditer(text)), len(text)]:
        blocks.extend(_stretch(text, position, seam, language))
        position = seam
    return tuple(blocks)
