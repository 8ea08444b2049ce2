"""Parsing without harm: Python by `ast`, other languages by tree-sitter. Bounded in size and time; nothing is run.

What is written by others may be nested ten thousand deep. `ast.parse` then raises RecursionError, MemoryError or
ValueError, which count as "does not parse". A grammar that is not installed gives None, never an error.
"""

from __future__ import annotations

import ast
import functools
import importlib
import re
import threading
import time
import warnings
from typing import TYPE_CHECKING, Any

from assay.domains.technical.code.tables import table

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

MAX_PYTHON = 200_000
MAX_TREE = 40_000
SECONDS = 0.5
MAX_DEPTH = 100
# `warnings.catch_warnings` changes a global list: one at a time.
_QUIET = threading.Lock()
_MARKS = re.compile(r"[(\[{)\]}<\n;]")


def python_tree(text: str) -> tuple[ast.Module | None, str]:
    """The syntax tree of Python `text`, or None and why not ("line 3: invalid syntax")."""
    if len(text) > MAX_PYTHON:
        return None, f"longer than {MAX_PYTHON:,} characters"
    try:
        with _QUIET, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text), ""
    except SyntaxError as error:
        return None, f"line {error.lineno or 1}: {error.msg}"
    except (RecursionError, MemoryError):
        return None, "nested too deeply"
    except ValueError as error:
        return None, str(error)


@functools.cache
def _language(name: str) -> Any:
    """The grammar of a language, or None where there is none here."""
    entry = table("languages")["grammars"].get(name)
    if entry is None:
        return None
    try:
        from tree_sitter import Language

        return Language(getattr(importlib.import_module(entry[0]), entry[1])())
    except (ImportError, AttributeError, ValueError):
        return None


def has_grammar(name: str) -> bool:
    """Whether tree-sitter can parse this language here."""
    return _language(name) is not None


def tree_of(text: str, language: str) -> Node | None:
    """The root of the syntax tree; None without a grammar, for text that is too long, or when time runs out."""
    grammar = _language(language)
    if grammar is None or len(text) > MAX_TREE or is_deep(text):
        return None
    from tree_sitter import Parser

    return _timed(Parser(grammar), text.encode("utf-8", "replace"))


def is_deep(text: str) -> bool:
    """Whether brackets are nested deeper than any author nests them: some grammars need minutes for such text."""
    depth = angles = 0
    for mark in _MARKS.findall(text):
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
        else:
            angles = angles + 1 if mark == "<" else 0
        if depth > MAX_DEPTH or angles > MAX_DEPTH:
            return True
    return False


def _timed(parser: Parser, data: bytes) -> Node | None:
    """The tree, or None where the clock ends the parser before it is done."""
    until = time.monotonic() + SECONDS

    def piece(offset: int, _: object) -> bytes:
        return data[offset : offset + 8192]

    def is_late(_offset: int, _has_error: bool) -> bool:
        return time.monotonic() > until

    try:
        tree = parser.parse(piece, progress_callback=is_late)
    except ValueError:
        return None
    if time.monotonic() > until:
        return None
    return tree.root_node
