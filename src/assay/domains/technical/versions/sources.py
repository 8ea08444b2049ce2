"""Version notes in Python source: calls of `warnings.warn` with a deprecation category, and `@deprecated` decorators.

Read from the syntax tree; nothing is executed. Only an unconditional warning directly in a function, method or
`__init__` speaks of the whole; one below an `if` speaks of a way of calling it (PEP 702, PEP 565).
"""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.domains.technical.versions.notes import Note, Scope
from assay.domains.technical.versions.wording import planned, replacements

_CATEGORY = re.compile(r"(?:Pending)?DeprecationWarning$|^RemovedIn\w+Warning$|DeprecatedWarning$|FutureWarning$")
_SINCE = re.compile(r"deprecated\b.{0,40}?(?:since|in|as of)\s+(?:[A-Za-z]+\s+)*?v?(\d+(?:\.\d+)+)", re.I)
_REMOVED_IN = re.compile(r"RemovedIn[A-Za-z]*?(\d)(\d+)Warning")
_LONGEST = 400_000


class _At(NamedTuple):
    name: str
    kind: str
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def source_notes(text: str, module: str) -> list[Note]:
    """The notes in Python source `text` of `module` ("" where its name is not known)."""
    if len(text) > _LONGEST or ("eprecat" not in text and "RemovedIn" not in text):
        return []
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found: list[Note] = []
    for at in _definitions(tree, module):
        found.extend(_of(text, starts, at))
    return found


def _definitions(tree: ast.Module, module: str) -> Iterator[_At]:
    stack: list[tuple[ast.AST, str]] = [(tree, module)]
    while stack:
        node, prefix = stack.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                name = f"{prefix}.{child.name}" if prefix else child.name
                yield _At(name, "class" if isinstance(child, ast.ClassDef) else "function", child)
                if isinstance(child, ast.ClassDef):
                    stack.append((child, name))


def _of(text: str, starts: list[int], at: _At) -> Iterator[Note]:
    symbol = at.name.removesuffix(".__init__").removesuffix(".__new__")
    for decorator in at.node.decorator_list:
        if isinstance(decorator, ast.Call) and _called(decorator).rsplit(".", 1)[-1] == "deprecated":
            yield _note(text, starts, symbol, decorator, "symbol")
    if at.kind == "class":
        return
    for statement in at.node.body:
        for call in _warnings(statement):
            direct = isinstance(statement, ast.Expr) and statement.value is call
            yield _note(text, starts, symbol, call, "symbol" if direct else "behaviour")


def _warnings(statement: ast.stmt) -> Iterator[ast.Call]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and _called(node).rsplit(".", 1)[-1] in ("warn", "warn_explicit", "_deprecated"):
            told = [*node.args, *(keyword.value for keyword in node.keywords)]
            if _called(node).endswith("_deprecated") or any(_CATEGORY.search(_dotted(item)) for item in told):
                yield node


def _called(call: ast.Call) -> str:
    return _dotted(call.func)


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def _note(text: str, starts: list[int], symbol: str, call: ast.Call, scope: Scope) -> Note:
    start = _offset(text, starts, call.lineno, call.col_offset)
    end = _offset(text, starts, call.end_lineno or call.lineno, call.end_col_offset or 0)
    words = " ".join(
        node.value for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    since, gone = _SINCE.search(words), _REMOVED_IN.search(text[start:end])
    removal = f"{gone[1]}.{gone[2]}" if gone else planned(words)[1]
    instead = replacements(words, 0, len(words), (symbol,))
    return Note(symbol, "deprecated", since[1] if since else "", start, end, "source", scope, removal, instead)


def _offset(text: str, starts: list[int], line: int, column: int) -> int:
    """The character offset of a line and a column in UTF-8 bytes, as `ast` counts."""
    start = starts[min(line - 1, len(starts) - 1)]
    stop = starts[min(bisect.bisect_right(starts, start), len(starts) - 1)]
    piece = text[start:stop]
    return start + len(piece.encode("utf-8")[:column].decode("utf-8", "ignore"))
