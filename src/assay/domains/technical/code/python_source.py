"""Python snippets become syntax trees, also where they are fragments: indented bodies, bare clauses, signatures.

What is added so that a fragment parses never has a place of its own: every span found later is clipped to the text
that the author wrote. Python 2 is not rewritten; it does not parse, and that is said.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assay.domains.technical.code.parsing import python_tree
from assay.domains.technical.code.sources import Line, Source, dedented

MAX_SALVAGED = 400
_CLAUSE = re.compile(r"(elif|else|except|finally|case)\b")
_BEFORE = {
    "elif": ["if 1:", " pass"],
    "else": ["if 1:", " pass"],
    "except": ["try:", " pass"],
    "finally": ["try:", " pass"],
}
_HEADER = re.compile(
    r"\s*(?:@|(?:async )?def |class |if |for |while |with |try:|else:|elif |except|finally:|match |case )"
)
_SIGNATURE = re.compile(r"[A-Za-z_][\w.]*\(.*\)(?:\s*->\s*.+)?$", re.DOTALL)
_MAGIC = re.compile(r"\s*[%!?]|.*\?\s*$")


class Parsed(NamedTuple):
    """A syntax tree with the source that its lines and columns count in; `is_fragment`: something was added to it."""

    tree: ast.Module
    source: Source
    is_fragment: bool


def parse_python(source: Source) -> tuple[list[Parsed], str]:
    """The trees of `source` and why it does not parse as a whole ("" where it does).

    One tree where it parses; else the trees of those top-level statements that do.
    """
    found, error = python_tree(source.text)
    if found is not None:
        return [Parsed(found, source, False)], ""
    for variant in _variants(source):
        tree, _ = python_tree(variant.text)
        if tree is not None:
            return [Parsed(tree, variant, True)], ""
    return list(_salvaged(source)), error


def _variants(source: Source) -> Iterator[Source]:
    """The source completed in the few ways in which documentation leaves things out."""
    lines = list(source.lines)
    if not lines:
        return
    without_magic = [line for line in lines if not _MAGIC.match(line.text)]
    if len(without_magic) < len(lines):
        yield Source(tuple(without_magic))
    first = lines[0]
    clause = _CLAUSE.match(first.text)
    if clause:
        before = _BEFORE.get(clause.group(1), ["match 1:"])
        body = lines if clause.group(1) != "case" else [Line(f" {line.text}", line.start) for line in lines]
        yield _wrapped(before, body, first.start)
    if _HEADER.match(lines[-1].text) or lines[-1].text.rstrip().endswith(":"):
        indent = " " * (len(lines[-1].text) - len(lines[-1].text.lstrip()) + 1)
        yield _wrapped([], [*lines, Line(f"{indent}pass", lines[-1].start + len(lines[-1].text))], first.start)
        yield _wrapped([], [*lines, Line(f"{indent[1:]}def _(): pass", lines[-1].start)], first.start)
    if any(line.text[:1] in " \t" for line in lines[1:]) and first.text[:1] not in " \t":
        yield from _hanging(lines)
    if _SIGNATURE.fullmatch(source.text):
        yield _signature(lines)


def _wrapped(before: Sequence[str], lines: Sequence[Line], start: int) -> Source:
    return Source((*(Line(text, start) for text in before), *lines))


def _hanging(lines: Sequence[Line]) -> Iterator[Source]:
    """A body whose first line lost its indentation, and a piece whose first lines stand deeper than its last ones."""
    rest = dedented(lines[1:])
    yield Source((lines[0], *rest))


def _signature(lines: Sequence[Line]) -> Source:
    """ "open(file, mode='r', *, encoding=None)" as the head of a function."""
    head = Line(f"def {lines[0].text}", lines[0].start - 4)
    last = [*([head] if len(lines) == 1 else [head, *lines[1:]])]
    closing = last[-1]
    return Source((*last[:-1], Line(f"{closing.text}: pass", closing.start)))


def _salvaged(source: Source) -> Iterator[Parsed]:
    """The statements at the top that parse alone; those that do not are left out."""
    for number, group in enumerate(_statements(source.lines)):
        if number >= MAX_SALVAGED:
            return
        piece = Source(tuple(dedented(group)))
        tree, _ = python_tree(piece.text)
        if tree is not None:
            yield Parsed(tree, piece, True)


def _statements(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Groups of lines: each begins at the left margin and holds what is indented below or continues a bracket."""
    group: list[Line] = []
    depth = 0
    for line in lines:
        text = line.text
        begins = text[:1] not in (" ", "\t", ")", "]", "}", "") and depth <= 0 and not _CLAUSE.match(text)
        if begins and group:
            if group[-1].text.startswith("@"):
                group.append(line)
                continue
            yield group
            group = []
        group.append(line)
        depth += sum(text.count(mark) for mark in "([{") - sum(text.count(mark) for mark in ")]}")
        depth = 0 if begins and depth < 0 else depth
    if group:
        yield group
