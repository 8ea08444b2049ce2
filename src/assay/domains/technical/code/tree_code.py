"""What code in other languages imports, calls, defines and guards against, from tree-sitter's tree.

Names are qualified where an import binds their first part. It is no compiler: overloads, inherited members and the
types of variables stay unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.domains.technical.code.parsing import tree_of
from assay.domains.technical.code.sources import Source
from assay.domains.technical.code.tables import table
from assay.domains.technical.code.tree_imports import imports_of
from assay.domains.technical.code.values import Completeness, Definition, Handling, Import, Origin, Use

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_NODES = 60_000
_GLOBAL = frozenset({"c", "bash", "php"})
_NAME = re.compile(r"[A-Za-z_$@][\w$]*(?:(?:\?\.|\.|::|->|\\|!)[A-Za-z_$][\w$]*)*!?")
_ELISION = re.compile(r"(?<![.\w)\]])\.\.\.(?![.\w])|…")
_EXIT = re.compile(r"\bset -[a-z]*e|\|\| *(?:exit|return|die)\b|\btrap\b.*\bERR\b")
_WHOLE = re.compile(
    r"^\s*(?:package [\w.]+;?\s*$|<\?php|#!|import |#include|using [\w.]+;|use [\w:\\]+|require |from ['\"])",
    re.MULTILINE,
)


@dataclass(slots=True)
class TreeFacts:
    """What was found in a tree."""

    parses: bool | None = None
    error: str = ""
    completeness: Completeness = "unknown"
    imports: list[Import] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    handling: list[Handling] = field(default_factory=list)


class _Tree(NamedTuple):
    """A tree of text with what was put before the author's: `shift` bytes."""

    root: Node
    data: bytes
    shift: int
    is_fragment: bool


def read_tree(source: Source, language: str) -> TreeFacts:
    """The facts of `source`; `parses` is None where there is no grammar, or the text is beyond its bounds."""
    facts = TreeFacts()
    nodes = table("grammar_nodes").get(language)
    if nodes is None:
        return facts
    text = source.text
    tree = _best(text, language, nodes["wrap"])
    if tree is None:
        return facts
    facts.parses = not tree.root.has_error
    facts.error = "" if facts.parses else _error(tree, text)
    facts.completeness = _completeness(tree, text, nodes, facts.parses)
    places = _Places(source, tree)
    facts.imports = imports_of(text, language, source)
    bound = {item.name: item.symbol for item in facts.imports if item.name != "*"}
    _collect(tree, places, nodes, bound, language, facts)
    if language == "bash":
        facts.handling += [
            Handling("exit on error", (), places.original(match.start()), places.original(match.end()))
            for match in _EXIT.finditer(text)
        ]
    facts.uses.sort(key=lambda use: (use.start, -use.end))
    return facts


def _best(text: str, language: str, wraps: list[str]) -> _Tree | None:
    """The text as it stands where that parses, else inside the first wrap in which it does, else as it stands."""
    plain: _Tree | None = None
    filled = _ELISION.sub(lambda match: "_" * len(match.group()), text)
    if filled != text:
        # What was left out of an example ("SELECT ... WHERE x") is read as a name of the same length.
        found = _best(filled, language, wraps)
        return found._replace(is_fragment=True) if found is not None else None
    for wrap in ("%s", *wraps):
        before, _, after = wrap.partition("%s")
        whole = f"{before}{text}{after}"
        root = tree_of(whole, language)
        if root is None:
            continue
        tree = _Tree(root, whole.encode("utf-8", "replace"), len(before.encode()), wrap not in ("%s", *_FILES))
        if not root.has_error:
            return tree
        if plain is None or (wrap in _FILES):
            plain = tree
    return plain


_FILES = frozenset({"package p\n%s", "<?php\n%s"})


def _completeness(tree: _Tree, text: str, nodes: Mapping[str, Any], parses: bool) -> Completeness:
    if not parses or tree.is_fragment:
        return "fragment"
    kinds = {child.type for child in tree.root.children}
    if kinds & set(nodes.get("inner", ())):
        return "fragment"
    defines = any(kind in nodes["definition"] for kind in kinds) or "export_statement" in kinds
    return "file" if text.startswith("#!") or (defines and _WHOLE.search(text)) else "snippet"


def _error(tree: _Tree, text: str) -> str:
    """Where the first error stands, as a line of the author's text."""
    for node in _walk(tree.root):
        if node.is_error or node.is_missing:
            at = max(0, node.start_byte - tree.shift)
            line = text.encode("utf-8", "replace")[:at].count(b"\n") + 1
            return f"line {line}: missing {node.type}" if node.is_missing else f"line {line}: not understood"
    return "not understood"


class _Places:
    """Original offsets of bytes in a tree, clipped to what the author wrote."""

    def __init__(self, source: Source, tree: _Tree) -> None:
        self._offsets = source.spans()
        self._data = tree.data
        self._shift = tree.shift
        self._size = len(source.text)
        self._ascii = len(tree.data) == len(tree.data.decode("utf-8", "replace"))

    def span(self, node: Node) -> tuple[int, int]:
        """The node's span in the original."""
        start = self._at(node.start_byte)
        return start, max(start, self._at(node.end_byte))

    def original(self, offset: int) -> int:
        """The original place of an offset in the source's text."""
        return self._offsets.at(offset)

    def _at(self, byte: int) -> int:
        byte = max(byte, self._shift)
        written = self._data[self._shift : byte]
        offset = len(written) if self._ascii else len(written.decode("utf-8", "replace"))
        return self._offsets.at(min(offset, self._size))


def _walk(root: Node) -> Iterator[Node]:
    stack = [root]
    count = 0
    while stack and count < MAX_NODES:
        node = stack.pop()
        count += 1
        yield node
        stack.extend(reversed(node.children))


def _collect(
    tree: _Tree,
    places: _Places,
    nodes: Mapping[str, Any],
    bound: Mapping[str, str],
    language: str,
    facts: TreeFacts,
) -> None:
    defined: set[str] = set()
    for node in _walk(tree.root):
        kind = node.type
        if node.start_byte < tree.shift and node.end_byte > tree.shift and kind in nodes["definition"]:
            continue
        if kind in nodes["definition"] and (name := _defined(node)):
            defined.add(name)
            facts.definitions.append(Definition(nodes["definition"][kind], name, *places.span(node)))
        if kind in nodes["handling"]:
            facts.handling.append(Handling(nodes["handling"][kind], _caught(node, bound), *places.span(node)))
        if kind == "if_statement" and language == "go" and _is_error_check(node):
            facts.handling.append(Handling("if err", (), *places.span(node)))
        if kind in nodes["call"]:
            use = _use(node, nodes, places, bound, language)
            if use is not None:
                facts.uses.append(use)
    facts.uses = [
        Use(use.kind, use.name, "", "local", use.start, use.end, use.keywords, use.arguments)
        if use.name in defined and use.origin in ("", "global")
        else use
        for use in facts.uses
    ]


def _defined(node: Node) -> str:
    named = node.child_by_field_name("name") or node.child_by_field_name("type")
    declarator = node.child_by_field_name("declarator")
    while declarator is not None:
        named, declarator = declarator, declarator.child_by_field_name("declarator")
    if named is None:
        named = next((child for child in node.named_children if child.type == "type_spec"), None)
        named = named.child_by_field_name("name") if named is not None else None
    return _text(named)[:120]


def _text(node: Node | None) -> str:
    return " ".join(node.text.decode("utf-8", "replace").split()) if node is not None and node.text else ""


def _caught(node: Node, bound: Mapping[str, str]) -> tuple[str, ...]:
    """The types that a catch names, or what is thrown."""
    for field_name in ("type", "parameter", "exceptions", "declaration"):
        found = node.child_by_field_name(field_name)
        if found is not None:
            return tuple(dict.fromkeys(bound.get(name, name) for name in _types(_text(found))))
    children = [child for child in node.named_children if "block" not in child.type and "body" not in child.type]
    return tuple(dict.fromkeys(bound.get(name, name) for name in _types(_text(children[0])))) if children else ()


def _types(words: str) -> list[str]:
    return [name for name in re.findall(r"\b[A-Z][\w.:\\]*", words[:200]) if name[0].isupper()]


def _is_error_check(node: Node) -> bool:
    condition = _text(node.child_by_field_name("condition"))
    return bool(re.search(r"\berr\w* != nil|errors\.(?:Is|As)\(", condition))


def _use(node: Node, nodes: Mapping[str, Any], places: _Places, bound: Mapping[str, str], language: str) -> Use | None:
    target = node.child_by_field_name(nodes["call"][node.type]) if nodes["call"][node.type] else None
    if target is None:
        target = next((child for child in node.named_children if "name" in child.type or child.type == "type"), None)
    if target is None:
        return None
    name = _text(target)
    receiver = node.child_by_field_name(nodes.get("receiver", {}).get(node.type, "-"))
    start, end = places.span(target)
    if receiver is not None:
        name = f"{_text(receiver)}.{name}"
        start = places.span(receiver)[0]
    if len(name) > 200 or not _NAME.fullmatch(name):
        name = (
            "()." + re.split(r"\.|::|->", name)[-1][:80] if not re.fullmatch(r"[\w./+-]+", name[:200]) else name[:200]
        )
    symbol, origin = _qualified(name, bound, language)
    arguments = node.child_by_field_name("arguments")
    count = len(arguments.named_children) if arguments is not None else 0
    return Use("call", name, symbol, origin, start, end, (), count)


def _qualified(name: str, bound: Mapping[str, str], language: str) -> tuple[str, Origin]:
    head, mark, rest = _split(name)
    if head in bound:
        return f"{bound[head]}{'::' if language == 'rust' and mark else '.' if rest else ''}{rest}", "import"
    if language in _GLOBAL and not rest and not name.startswith("()"):
        return name, "global"
    return "", ""


def _split(name: str) -> tuple[str, str, str]:
    match = re.match(r"([\w$]+!?)(\?\.|\.|::|->|\\)?", name)
    if match is None:
        return name, "", ""
    return match.group(1), match.group(2) or "", name[match.end() :].replace("?.", ".")
