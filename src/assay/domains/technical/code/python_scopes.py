"""What the names in Python code stand for: imports, definitions, and variables whose class can be seen.

Scopes are functions; a name is looked up in the innermost function around it, then outwards, by its latest binding
before the place of use (functions see what is bound later outside of them). No types are inferred beyond one step:
a variable set from a class, a literal, or a function whose documentation names what it returns.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from assay.domains.technical.code.tables import builtin_names, returned_classes, standard_modules, usual_aliases
from assay.domains.technical.code.values import Origin

MAX_CHAIN = 40
_LITERALS: tuple[tuple[type[ast.expr], str], ...] = (
    (ast.JoinedStr, "str"),
    (ast.List, "list"),
    (ast.ListComp, "list"),
    (ast.Dict, "dict"),
    (ast.DictComp, "dict"),
    (ast.Set, "set"),
    (ast.SetComp, "set"),
    (ast.Tuple, "tuple"),
)


class Name(NamedTuple):
    """What a name stands for: its symbol and how that was found. `is_object`: the symbol is the class of a value."""

    symbol: str
    origin: Origin
    is_object: bool = False


class Binding(NamedTuple):
    """A name bound at a place (line, column)."""

    place: tuple[int, int]
    meaning: Name


@dataclass(slots=True)
class Scope:
    """A module, class or function with the names bound in it."""

    outer: "Scope | None"
    is_function: bool = False
    base: str = ""
    bound: dict[str, list[Binding]] = field(default_factory=dict)

    def bind(self, name: str, place: tuple[int, int], meaning: Name) -> None:
        """Note that `name` stands for `meaning` from `place` on."""
        self.bound.setdefault(name, []).append(Binding(place, meaning))

    def find(self, name: str, place: tuple[int, int]) -> Name | None:
        """The meaning of `name` at `place`; None where it is bound nowhere."""
        scope: Scope | None = self
        is_late = False
        while scope is not None:
            bindings = scope.bound.get(name)
            if bindings:
                before = [binding for binding in bindings if is_late or binding.place <= place]
                return (before or bindings[:1])[-1].meaning
            is_late = is_late or scope.is_function
            scope = scope.outer
        return None


LOCAL = Name("", "local")


def meaning_of(node: ast.expr, scope: Scope) -> Name:
    """What an expression stands for; an empty symbol where that cannot be told."""
    if _is_long(node):
        return Name("", "")
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    root = _root(node, scope, has_parts=bool(parts))
    for part in reversed(parts):
        root = _attribute(root, part)
    return root


def _is_long(node: ast.expr) -> bool:
    """Whether a chain of calls and attributes has more than `MAX_CHAIN` links."""
    for _ in range(MAX_CHAIN):
        if isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, (ast.Attribute, ast.Await)):
            node = node.value
        else:
            return False
    return True


def _attribute(of: Name, part: str) -> Name:
    if not of.symbol:
        return Name("", of.origin)
    return Name(f"{of.symbol}.{part}", "inferred" if of.is_object else of.origin)


def _root(node: ast.expr, scope: Scope, *, has_parts: bool) -> Name:
    if isinstance(node, ast.Name):
        return _named(node, scope, has_parts=has_parts)
    if isinstance(node, ast.Call):
        return value_of(node, scope)
    if isinstance(node, ast.Await):
        return value_of(node.value, scope) if isinstance(node.value, ast.Call) else Name("", "")
    return value_of(node, scope)


def _named(node: ast.Name, scope: Scope, *, has_parts: bool) -> Name:
    place = (node.lineno, node.col_offset)
    found = scope.find(node.id, place)
    if found is not None:
        return found
    if node.id in builtin_names():
        return Name(node.id, "builtin")
    if has_parts and node.id in standard_modules():
        return Name(node.id, "module")
    if has_parts and node.id in usual_aliases():
        return Name(usual_aliases()[node.id], "module")
    return Name("", "")


def value_of(node: ast.expr | None, scope: Scope) -> Name:
    """The class of the value that an expression gives, as far as it can be seen."""
    if node is None:
        return Name("", "")
    if isinstance(node, ast.Await):
        node = node.value
    if isinstance(node, ast.Constant):
        kind = type(node.value).__name__
        return Name(kind, "inferred", True) if kind in ("str", "bytes", "int", "float") else Name("", "")
    for literal, kind in _LITERALS:
        if isinstance(node, literal):
            return Name(kind, "inferred", True)
    if isinstance(node, (ast.Name, ast.Attribute)):
        found = meaning_of(node, scope)
        return found if found.is_object or found.origin in ("import", "module", "builtin") else Name("", "")
    return _returned(meaning_of(node.func, scope)) if isinstance(node, ast.Call) else Name("", "")


def _returned(called: Name) -> Name:
    """The class of what a call of this symbol gives: the symbol itself where it is a class."""
    symbol = called.symbol
    if not symbol or called.origin == "local":
        return Name("", "")
    if symbol in returned_classes():
        found = returned_classes()[symbol]
        return Name(found, "inferred", True) if found else Name("", "")
    last = symbol.rsplit(".", 1)[-1]
    is_class = last[:1].isupper() and not last.isupper()
    return Name(symbol, "inferred", True) if is_class and not called.is_object else Name("", "")


def bind_target(target: ast.expr, meaning: Name, scope: Scope) -> None:
    """Bind the names of an assignment's target; the parts of a tuple are local and unknown."""
    pending: list[tuple[ast.expr, Name]] = [(target, meaning)]
    while pending:
        node, value = pending.pop()
        if isinstance(node, ast.Name):
            scope.bind(node.id, (node.lineno, node.col_offset), value if value.symbol else LOCAL)
        elif isinstance(node, (ast.Tuple, ast.List)):
            pending.extend((item, LOCAL) for item in node.elts)
        elif isinstance(node, ast.Starred):
            pending.append((node.value, LOCAL))


def bind_arguments(arguments: ast.arguments, scope: Scope) -> None:
    """Bind a function's parameters; an annotation that names a class says what they are."""
    every: Iterable[ast.arg | None] = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    for argument in every:
        if argument is not None:
            scope.bind(argument.arg, (argument.lineno, argument.col_offset), _annotated(argument.annotation, scope))


def _annotated(annotation: ast.expr | None, scope: Scope) -> Name:
    if not isinstance(annotation, (ast.Name, ast.Attribute)):
        return LOCAL
    found = meaning_of(annotation, scope)
    return Name(found.symbol, "inferred", True) if found.symbol and found.origin != "local" else LOCAL
