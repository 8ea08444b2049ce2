"""What Python code imports, looks up, defines and guards against: one pass over its syntax tree, without recursion.

Statements are read in the order of the text, so that a name means what it was last bound to.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from assay.domains.technical.code.python_scopes import (
    LOCAL,
    Name,
    Scope,
    bind_arguments,
    bind_target,
    meaning_of,
    value_of,
)
from assay.domains.technical.code.python_source import Parsed
from assay.domains.technical.code.values import Definition, Handling, Import, Use, UseKind

MAX_NODES = 60_000
_STATUS = frozenset({"raise_for_status", "check_returncode"})
_STATUS_NAMES = frozenset({"status_code", "status", "ok", "returncode"})


@dataclass(slots=True)
class PythonFacts:
    """What was found so far; one for all the trees of a session, so that later entries see earlier ones."""

    imports: list[Import] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    handling: list[Handling] = field(default_factory=list)
    scope: Scope = field(default_factory=lambda: Scope(None))
    line: int = 0
    nodes: int = 0


def read_python(parsed: Parsed, facts: PythonFacts) -> None:
    """Add what `parsed` holds to `facts`."""
    reader = _Reader(parsed, facts)
    reader.run(parsed.tree)
    facts.line += len(parsed.source.lines) + 1


class _Reader:
    """Walks one tree with a stack of its own: deep trees cannot exhaust Python's."""

    def __init__(self, parsed: Parsed, facts: PythonFacts) -> None:
        self.source = parsed.source
        self.facts = facts
        self.stack: list[tuple[ast.AST, Scope, str]] = []

    def run(self, tree: ast.Module) -> None:
        if self.facts.line:
            ast.increment_lineno(tree, self.facts.line)
        self._push(tree.body, self.facts.scope, "")
        while self.stack and self.facts.nodes < MAX_NODES:
            node, scope, owner = self.stack.pop()
            self.facts.nodes += 1
            self._node(node, scope, owner)

    # --- one node

    def _node(self, node: ast.AST, scope: Scope, owner: str) -> None:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self._import(node, scope)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self._function(node, scope, owner)
        elif isinstance(node, ast.ClassDef):
            self._class(node, scope, owner)
        elif isinstance(node, ast.Lambda):
            inner = Scope(scope, is_function=True)
            bind_arguments(node.args, inner)
            self._push([node.body], inner, owner)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            self._assign(node, scope, owner)
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
            bind_target(node.target, LOCAL, scope)
            self._children(node, scope, owner)
        elif isinstance(node, (ast.Try, ast.Raise, ast.ExceptHandler, ast.If)):
            self._guard(node, scope, owner)
        elif isinstance(node, ast.Call):
            self._call(node, scope, owner)
        elif isinstance(node, (ast.Name, ast.Attribute)):
            self._reference(node, scope, owner)
        else:
            self._other(node, scope, owner)

    def _other(self, node: ast.AST, scope: Scope, owner: str) -> None:
        if isinstance(node, ast.withitem) and node.optional_vars is not None:
            bind_target(node.optional_vars, value_of(node.context_expr, scope), scope)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            for generator in node.generators:
                bind_target(generator.target, LOCAL, scope)
        self._children(node, scope, owner)

    def _children(self, node: ast.AST, scope: Scope, owner: str) -> None:
        self._push(list(ast.iter_child_nodes(node)), scope, owner)

    def _push(self, nodes: list[ast.stmt] | list[ast.AST] | list[ast.expr], scope: Scope, owner: str) -> None:
        self.stack.extend((node, scope, owner) for node in reversed(nodes))

    # --- places

    def _span(self, node: ast.stmt | ast.expr | ast.excepthandler | ast.alias) -> tuple[int, int]:
        start = self.source.place(node.lineno - self.facts.line, node.col_offset)
        last = (node.end_lineno or node.lineno) - self.facts.line
        return start, max(start, self.source.place(last, node.end_col_offset or 0))

    # --- statements

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        start, end = self._span(node)
        place = (node.lineno, node.col_offset)
        module = ""
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
        for item in node.names:
            symbol = f"{module}.{item.name}".replace("..", ".") if module.strip(".") else f"{module}{item.name}"
            if isinstance(node, ast.ImportFrom) and item.name == "*":
                self.facts.imports.append(Import(module, "*", start, end))
                continue
            bound = item.asname or (item.name.split(".")[0] if isinstance(node, ast.Import) else item.name)
            stands_for = symbol if item.asname or isinstance(node, ast.ImportFrom) else bound
            self.facts.imports.append(Import(symbol, bound, start, end))
            scope.bind(bound, place, Name(stands_for, "import"))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, owner: str) -> None:
        name = f"{owner}.{node.name}" if owner else node.name
        kind = "method" if owner and not scope.is_function else "function"
        self._define(kind, name, node)
        scope.bind(node.name, (node.lineno, node.col_offset), LOCAL)
        inner = Scope(scope, is_function=True)
        bind_arguments(node.args, inner)
        if kind == "method" and node.args.args and scope.base:
            first = node.args.args[0]
            inner.bind(first.arg, (first.lineno, first.col_offset), Name(scope.base, "inferred", True))
        self._push([*node.body], inner, name)
        heads: list[ast.expr] = [*node.args.defaults, *(item for item in node.args.kw_defaults if item is not None)]
        heads += [item.annotation for item in (*node.args.args, *node.args.kwonlyargs) if item.annotation is not None]
        heads += [node.returns] if node.returns is not None else []
        self._push(heads, scope, owner)
        self._decorators(node.decorator_list, scope, owner)

    def _class(self, node: ast.ClassDef, scope: Scope, owner: str) -> None:
        name = f"{owner}.{node.name}" if owner else node.name
        self._define("class", name, node)
        scope.bind(node.name, (node.lineno, node.col_offset), LOCAL)
        bases = [meaning_of(base, scope) for base in node.bases]
        base = next((found.symbol for found in bases if found.symbol and found.origin in ("import", "module")), "")
        inner = Scope(scope, base=base)
        for own in _own_attributes(node) if base else ():
            inner.bind(f"self.{own}", (0, 0), LOCAL)
        self._push([*node.body], inner, name)
        self._push([*node.bases, *(keyword.value for keyword in node.keywords)], scope, owner)
        self._decorators(node.decorator_list, scope, owner)

    def _define(self, kind: str, name: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        start, end = self._span(node)
        docstring = (ast.get_docstring(node, clean=True) or "").split("\n", 1)[0][:200]
        self.facts.definitions.append(Definition(kind, name, start, end, docstring))

    def _decorators(self, decorators: list[ast.expr], scope: Scope, owner: str) -> None:
        for decorator in decorators:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(target, (ast.Name, ast.Attribute)):
                self._use("decorator", target, scope, decorator if isinstance(decorator, ast.Call) else None)
            if isinstance(decorator, ast.Call):
                self._push([*decorator.args, *(item.value for item in decorator.keywords)], scope, owner)

    def _assign(
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr, scope: Scope, owner: str
    ) -> None:
        value = value_of(node.value, scope)
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        inner = [target for target in targets if not isinstance(target, ast.Name)]
        self._push([*inner, *([node.value] if node.value is not None else [])], scope, owner)
        if isinstance(node, ast.AnnAssign):
            self._push([node.annotation], scope, owner)
        for target in targets:
            bind_target(target, value, scope)

    # --- errors

    def _guard(self, node: ast.Try | ast.Raise | ast.ExceptHandler | ast.If, scope: Scope, owner: str) -> None:
        if isinstance(node, ast.Try):
            if node.handlers:
                names = [name for handler in node.handlers for name in self._caught(handler.type, scope)]
                self.facts.handling.append(Handling("try", tuple(dict.fromkeys(names)), *self._span(node)))
        elif isinstance(node, ast.Raise):
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            self.facts.handling.append(Handling("raises", tuple(self._caught(raised, scope)), *self._span(node)))
        elif isinstance(node, ast.If):
            checked = {item.attr for item in ast.walk(node.test) if isinstance(item, ast.Attribute)}
            if checked & _STATUS_NAMES:
                named = tuple(sorted(checked & _STATUS_NAMES))
                self.facts.handling.append(Handling("status check", named, *self._span(node.test)))
        elif node.name:
            scope.bind(node.name, (node.lineno, node.col_offset), self._exception(node, scope))
        if isinstance(node, ast.ExceptHandler):
            for item in _alternatives(node.type):
                if isinstance(item, (ast.Name, ast.Attribute)):
                    self._use("exception", item, scope, None)
            self._push([*node.body], scope, owner)
            return
        self._children(node, scope, owner)

    def _exception(self, node: ast.ExceptHandler, scope: Scope) -> Name:
        caught = self._caught(node.type, scope)
        return Name(caught[0], "inferred", True) if len(caught) == 1 else LOCAL

    def _caught(self, node: ast.expr | None, scope: Scope) -> list[str]:
        names: list[str] = []
        for item in _alternatives(node):
            if isinstance(item, (ast.Name, ast.Attribute)):
                found = meaning_of(item, scope)
                names.append(found.symbol if found.symbol else _dotted(item))
        return [name for name in names if name]

    # --- uses

    def _call(self, node: ast.Call, scope: Scope, owner: str) -> None:
        if isinstance(node.func, (ast.Name, ast.Attribute)):
            self._use("call", node.func, scope, node)
            inner: ast.expr = node.func
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            if not isinstance(inner, ast.Name):
                self._push([inner], scope, owner)
            if isinstance(node.func, ast.Attribute) and node.func.attr in _STATUS:
                self.facts.handling.append(Handling("status check", (node.func.attr,), *self._span(node)))
            if meaning_of(node.func, scope).symbol == "contextlib.suppress":
                names = [name for item in node.args for name in self._caught(item, scope)]
                self.facts.handling.append(Handling("try", tuple(names), *self._span(node)))
        else:
            self._push([node.func], scope, owner)
        self._push([*node.args, *(keyword.value for keyword in node.keywords)], scope, owner)

    def _reference(self, node: ast.Name | ast.Attribute, scope: Scope, owner: str) -> None:
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        if isinstance(inner, ast.Name):
            if isinstance(node, ast.Attribute) or meaning_of(node, scope).origin in ("import", "builtin"):
                self._use("reference", node, scope, None)
        else:
            self._push([inner], scope, owner)
            if isinstance(node, ast.Attribute) and meaning_of(node, scope).symbol:
                self._use("reference", node, scope, None)

    def _use(self, kind: UseKind, node: ast.Name | ast.Attribute, scope: Scope, call: ast.Call | None) -> None:
        found = meaning_of(node, scope)
        is_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if is_own and found.origin == "inferred" and scope.find(_dotted(node), (0, 0)) is not None:
            found = LOCAL
        if found.origin == "inferred" and _dotted(node).startswith(("self.", "cls.")) and not _is_own_call(node, call):
            found = Name("", "")
        keywords = tuple(item.arg for item in call.keywords if item.arg) if call is not None else ()
        start, end = self._span(node)
        name = _dotted(node)
        self.facts.uses.append(
            Use(kind, name, found.symbol, found.origin, start, end, keywords, len(call.args) if call is not None else 0)
        )


def _own_attributes(node: ast.ClassDef) -> set[str]:
    """What a class defines itself: its methods, its variables, what is set on `self`."""
    own: set[str] = set()
    for item in ast.walk(node):
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
            own.add(item.name)
        elif isinstance(item, ast.Name) and isinstance(item.ctx, ast.Store):
            own.add(item.id)
        elif isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store):
            own.add(item.attr)
    return own


def _is_own_call(node: ast.expr, call: ast.Call | None) -> bool:
    """Whether it is "self.method(...)", where the base class is all that can be meant."""
    return call is not None and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)


def _alternatives(node: ast.expr | None) -> list[ast.expr]:
    if node is None:
        return []
    return list(node.elts) if isinstance(node, ast.Tuple) else [node]


def _dotted(node: ast.expr) -> str:
    """A dotted name as written; what is not a name ("f().x", "'a'.join") begins with "()" ."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "()")
    return ".".join(reversed(parts))
