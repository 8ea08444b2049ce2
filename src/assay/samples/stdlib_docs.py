"""The standard library documentation of the running interpreter: one Markdown page per public module.

Built from docstrings, signatures, class members and the deprecation warnings found in the source. It works offline and
executes nothing but the import of modules from the fixed list `STDLIB_MODULES`: properties and descriptors are looked
at, never called. Two runs of the same interpreter give the same bytes. It is not the reference manual of Python: what
has no docstring appears with its signature alone, and nothing is added that the interpreter does not say itself.
"""

from __future__ import annotations

import ast
import enum
import importlib
import importlib.util
import inspect
import platform
import re
import sys
import textwrap
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from assay.errors import InputError

# fmt: off
STDLIB_MODULES: tuple[str, ...] = (
    "abc", "argparse", "array", "ast", "asyncio", "asyncio.events", "asyncio.exceptions", "asyncio.locks",
    "asyncio.queues", "asyncio.runners", "asyncio.streams", "asyncio.subprocess", "asyncio.taskgroups",
    "asyncio.tasks", "asyncio.timeouts", "base64", "bisect", "builtins", "calendar", "codecs", "collections",
    "collections.abc", "concurrent.futures", "configparser", "contextlib", "contextvars", "copy", "csv", "dataclasses",
    "datetime", "decimal", "difflib", "email.message", "email.utils", "enum", "errno", "filecmp", "fnmatch",
    "fractions", "functools", "getpass", "glob", "graphlib", "gzip", "hashlib", "heapq", "hmac", "html", "http",
    "http.client", "http.server", "importlib.metadata", "importlib.resources", "inspect", "io", "ipaddress",
    "itertools", "json", "locale", "logging", "logging.handlers", "math", "mimetypes", "numbers", "operator", "os",
    "os.path", "pathlib", "pickle", "platform", "pprint", "queue", "random", "re", "sched", "secrets", "select",
    "selectors", "shlex", "shutil", "signal", "socket", "sqlite3", "ssl", "stat", "statistics", "string", "struct",
    "subprocess", "sys", "tarfile", "tempfile", "textwrap", "threading", "time", "timeit", "tomllib", "traceback",
    "types", "typing", "unittest", "unittest.mock", "urllib.error", "urllib.parse", "urllib.request", "uuid",
    "warnings", "weakref", "xml.etree.ElementTree", "zipfile", "zlib", "zoneinfo",
)
# fmt: on

# Modules written in C whose twin in Python holds the warnings as readable source.
_TWINS = {"datetime": "_pydatetime", "decimal": "_pydecimal", "io": "_pyio"}
_VALUE_MODULES = frozenset({"cmath", "math", "string"})
_QUIET_BASES = frozenset({"abc", "builtins", "enum", "typing"})
_UNDERLINE = re.compile(r"^\s*[=\-*~^]{3,}\s*$")
_COLUMNS = re.compile(r"\S {3,}\S|^=+ +=+")
_DEPRECATED = re.compile(
    r"^\W*deprecated\b|\b(?:is|are|was|been) deprecated\b(?! by RFC)|\bdeprecated (?:since|alias)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class StdlibDocs:
    """The pages written, in the order of the modules, and one line for each module left out, with the reason."""

    pages: tuple[Path, ...]
    skipped: tuple[str, ...]


def build_stdlib_docs(target: Path, modules: Sequence[str] | None = None) -> StdlibDocs:
    """Write one page `MODULE.md` per module into `target` (made if missing) and return what was written.

    `modules` defaults to `STDLIB_MODULES` and may only name modules of that list: anything else is an InputError,
    raised before a file is written or a module imported. A module that cannot be imported is skipped and reported.
    """
    wanted = _checked(modules)
    if target.exists() and not target.is_dir():
        raise InputError(
            f"{target} is not a folder", why="The pages need a folder.", next="Name a new or empty folder."
        )
    target.mkdir(parents=True, exist_ok=True)
    pages: list[Path] = []
    skipped: list[str] = []
    notes = _Notes()
    with warnings.catch_warnings():
        # Touching a deprecated name warns; the page says so itself.
        warnings.simplefilter("ignore")
        for name in wanted:
            try:
                module = importlib.import_module(name)
            except ImportError as error:
                skipped.append(f"{name}: cannot be imported by this interpreter ({error})")
                continue
            pages.append(_write(target / f"{name}.md", "\n\n".join(_page(name, module, wanted, notes)) + "\n"))
    return StdlibDocs(tuple(pages), tuple(skipped))


def _checked(modules: Sequence[str] | None) -> tuple[str, ...]:
    if modules is None:
        return STDLIB_MODULES
    unknown = sorted(set(modules) - set(STDLIB_MODULES))
    if unknown:
        raise InputError(
            f"No documentation is built for {', '.join(unknown)}",
            why="Only the modules of a fixed list are imported, so that nothing unexpected runs.",
            next="Choose from assay.samples.stdlib_docs.STDLIB_MODULES.",
        )
    return tuple(dict.fromkeys(modules))


def _write(path: Path, text: str) -> Path:
    """Write beside and rename, so that a page is whole or absent and a link in its place is never followed."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)
    return path


# --- a page ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """The name of the page's module, and the public name of each object with a section on it, by its `id`."""

    name: str
    public: Mapping[int, str]


def _page(name: str, module: ModuleType, wanted: Sequence[str], notes: _Notes) -> Iterator[str]:
    version = platform.python_version()
    yield _front_matter(name, version)
    yield f"# {name}"
    yield (
        f"This page documents the module `{name}` of Python {version}. "
        "It was built from the docstrings and signatures of the running interpreter."
    )
    yield from _prose(inspect.getdoc(module) or "")
    yield from _warned(name, notes.of(name, ""))
    values, elsewhere = _sorted_out(name, module, wanted)
    public: dict[int, str] = {}
    for short, value in sorted(values.items(), key=lambda pair: getattr(pair[1], "__name__", "") != pair[0]):
        if inspect.isclass(value) or inspect.isroutine(value):
            public.setdefault(id(value), f"{_shown_in(name, short, value)}.{short}")
    place = _Place(name, public)
    for short, value in values.items():
        yield from _section(place, short, value, notes)
    yield from _constants(name, values)
    for home, names in elsewhere.items():
        listed = ", ".join(f"`{name}.{each}`" for each in names)
        yield f"These names of `{name}` are documented on the page of `{home}`: {listed}."


def _front_matter(name: str, version: str) -> str:
    return f"""---
title: "{name}: Python {version} standard library"
doc_type: reference
domain: technical
product: Python standard library
library: python
module: {name}
version: "{version}"
implementation: {sys.implementation.name}
licence: PSF-2.0
sample: false
---"""


def _sorted_out(name: str, module: ModuleType, wanted: Sequence[str]) -> tuple[dict[str, object], dict[str, list[str]]]:
    """The public values that this page documents, and the names that a page of a submodule documents instead."""
    values: dict[str, object] = {}
    elsewhere: dict[str, list[str]] = {}
    for short in _public_names(name, module):
        try:
            value: object = _original(module, short)
        except (AttributeError, ImportError):
            continue  # Declared, but not available on this platform.
        home = getattr(value, "__module__", None)
        if inspect.ismodule(value):
            continue
        if isinstance(home, str) and home in wanted and home.startswith(f"{name}."):
            elsewhere.setdefault(home, []).append(short)
        else:
            values[short] = value
    return values, elsewhere


def _original(module: ModuleType, short: str) -> object:
    """The value; for a hook or stream that this program may have replaced, the interpreter's own, kept beside it."""
    kept = getattr(module, f"__{short}__", None) if short.endswith("hook") or short.startswith("std") else None
    return getattr(module, short) if kept is None else kept


def _public_names(name: str, module: ModuleType) -> list[str]:
    declared = getattr(module, "__all__", None)
    if declared:
        return sorted({str(each) for each in declared})
    own = {name, module.__name__, f"_{name}", f"{name}.{name}"}
    found = []
    for short in dir(module):
        value = getattr(module, short, None)
        named = inspect.isclass(value) or inspect.isroutine(value)
        foreign = name != "builtins" and named and str(getattr(value, "__module__", name)).split(".")[0] not in own
        if not short.startswith("_") and not foreign:
            found.append(short)
    return found


def _shown_in(name: str, short: str, value: object) -> str:
    """The package where users find this value: `asyncio` for `gather`, though it is written in `asyncio.tasks`."""
    parent = name.rpartition(".")[0]
    shown = getattr(sys.modules.get(parent), short, None) if parent else None
    return parent if shown is value else name


def _section(place: _Place, short: str, value: object, notes: _Notes) -> Iterator[str]:
    full = f"{_shown_in(place.name, short, value)}.{short}"
    if inspect.isclass(value) or inspect.isroutine(value):
        original = place.public.get(id(value), full)
        if original != full:
            yield f"## {full}\n\n`{full}` is another name of `{original}`."
        elif getattr(value, "__module__", "") == "builtins" and place.name != "builtins":
            yield f"## {full}\n\n`{full}` is another name of the builtin `{getattr(value, '__name__', short)}`."
        elif inspect.isclass(value):
            yield from _class(place, full, value, notes)
        else:
            yield from _callable("##", full, short, value, notes.of_object(value))
    elif _own_doc(value):
        yield f"## {full}"
        yield from _prose(_own_doc(value))


def _own_doc(value: object) -> str:
    """The docstring of the value itself, not the one of its type."""
    text = getattr(value, "__doc__", None)
    return inspect.cleandoc(text) if isinstance(text, str) and text != type(value).__doc__ else ""


def _constants(name: str, values: Mapping[str, object]) -> Iterator[str]:
    lines = []
    for short, value in values.items():
        if inspect.isclass(value) or inspect.isroutine(value) or _own_doc(value):
            continue
        fixed = short.isupper() or name in _VALUE_MODULES
        # The kind of a variable such as `tempfile.tempdir` changes while a program runs.
        kind = f"{type(value).__module__}.{type(value).__qualname__}".removeprefix("builtins.")
        said = f": {kind}" if fixed or not isinstance(value, (str, type(None))) else ""
        plain = fixed and isinstance(value, (bool, int, float, str))
        lines.append(f"- `{name}.{short}`{said}" + (f", value `{_literal(value)}`" if plain else ""))
    if lines:
        yield f"## Constants of {name}"
        yield "\n".join(lines)


# --- classes and functions ------------------------------------------------------------------------------------------


def _class(place: _Place, full: str, cls: type, notes: _Notes) -> Iterator[str]:
    yield f"## {full}"
    bases = ", ".join(_base_name(place, base) for base in cls.__bases__ if base is not object)
    head = f"class {cls.__name__}({bases}):" if bases else f"class {cls.__name__}:"
    made = None if issubclass(cls, (enum.Enum, BaseException)) else _definition("__init__", cls, ("self",))
    yield _code(f"{head}\n{textwrap.indent(made or '...', '    ')}")
    forms, doc = _call_forms(cls.__name__, inspect.cleandoc(cls.__doc__ or ""))
    yield from forms
    yield from _prose(doc)
    yield from _warned(full, notes.of_object(cls))
    if issubclass(cls, enum.Enum):
        members = [f"- `{full}.{key}` = `{_literal(each.value)}`" for key, each in cls.__members__.items()]
        if members:
            yield "\n".join(members)
    own, inherited = _members(place, cls)
    bare = []
    for name, (raw, owner) in sorted(own.items()):
        documented = list(_member(f"{full}.{name}", name, raw, notes.of_object(owner, name)))
        if documented:
            yield from documented
        elif callable(_function(raw)):
            bare.append(_definition(name, _function(raw), (), _decorator(raw)) or f"def {name}(*args, **kwargs): ...")
    if bare:
        yield f"These members of `{full}` have no docstring."
        yield _code("\n".join(bare))
    for base, names in inherited.items():
        yield f"`{full}` inherits from `{base}`: " + ", ".join(f"`{each}`" for each in names) + "."


def _members(place: _Place, cls: type) -> tuple[dict[str, tuple[object, type]], dict[str, list[str]]]:
    """The members to document here with the class that defines each, and the names inherited from public bases."""
    own: dict[str, tuple[object, type]] = {}
    inherited: dict[str, list[str]] = {}
    seen: set[str] = set(cls.__members__) if issubclass(cls, enum.Enum) else set()
    for base in cls.__mro__:
        if base is not cls and base.__module__ in _QUIET_BASES:
            continue
        names = [each for each in sorted(vars(base)) if not each.startswith("_") and each not in seen]
        seen.update(names)
        private = any(part.startswith("_") for part in _base_name(place, base).split("."))
        if base is cls or private:
            own.update({each: (vars(base)[each], base) for each in names})
        elif names:
            inherited[_base_name(place, base)] = names
    return own, inherited


def _base_name(place: _Place, base: type) -> str:
    if id(base) in place.public or base.__module__ == "builtins":
        return place.public.get(id(base), base.__qualname__)
    # `_asyncio.Future` is written in C and known as `asyncio.Future`.
    public = base.__module__.removeprefix("_")
    shown = getattr(sys.modules.get(public), base.__qualname__, None) is base
    return f"{public if shown else base.__module__}.{base.__qualname__}"


def _member(full: str, name: str, raw: object, warned: Sequence[str]) -> Iterator[str]:
    function = _function(raw)
    if inspect.isroutine(function):
        if inspect.getdoc(function) or warned:
            yield from _callable("###", full, name, function, warned, _decorator(raw))
        return
    described = inspect.isdatadescriptor(raw) or _decorator(raw) == "@cached_property"
    doc = inspect.getdoc(function) if callable(function) else inspect.getdoc(raw)
    if described and doc:
        yield f"### {full}"
        yield _code(f"{_decorator(raw) or '@property'}\ndef {name}(self): ...")
        yield from _prose(doc)
        yield from _warned(full, warned)


def _function(raw: object) -> object:
    """What a static method, class method or cached property wraps; anything else as it is."""
    if isinstance(raw, (staticmethod, classmethod)):
        return raw.__func__
    return getattr(raw, "func", raw) if type(raw).__name__ == "cached_property" else raw


def _decorator(raw: object) -> str:
    # Built-in class methods have a type of their own, `classmethod_descriptor`.
    kind = type(raw).__name__.removesuffix("_descriptor")
    return f"@{kind}" if kind in {"staticmethod", "classmethod", "cached_property", "property"} else ""


def _callable(
    mark: str, full: str, name: str, value: object, warned: Sequence[str], decorator: str = ""
) -> Iterator[str]:
    yield f"{mark} {full}"
    definition = _definition(name, value, (), decorator)
    if definition:
        yield _code(definition)
    forms, doc = _call_forms(name, inspect.getdoc(value) or "")
    yield from forms
    yield from _prose(doc)
    yield from _warned(full, warned)


def _call_forms(name: str, doc: str) -> tuple[list[str], str]:
    """The lines such as `range(stop) -> range object` that open many builtin docstrings, fenced, and the rest."""
    form = re.compile(rf"^(?:[\w.]+\.)?{re.escape(name)}\(.*\)(?:\s*->.*|\s+--\s.*)?$")
    lines = doc.split("\n")
    ends = (index for index, line in enumerate(lines) if not form.match(line) and not (index and line.startswith("  ")))
    count = next(ends, len(lines))
    return ([_code("\n".join(lines[:count]), "text")] if count else []), "\n".join(lines[count:]).strip("\n")


# --- signatures -----------------------------------------------------------------------------------------------------


def _definition(name: str, value: object, first: tuple[str, ...], decorator: str = "") -> str | None:
    """A `def` line that Python can parse, with annotations if they can be written, or None without a signature."""
    if not callable(value):
        return None
    try:
        signature = inspect.signature(value)
    except (ValueError, TypeError, NameError, AttributeError):
        return None
    texts = (_def_line(name, signature, first, annotated) for annotated in (True, False))
    return next((f"{decorator}\n{text}".lstrip() for text in texts if _parses(text)), None)


def _def_line(name: str, signature: inspect.Signature, first: tuple[str, ...], annotated: bool) -> str:
    parts = [*first, *_parameters(signature, annotated)]
    returns = signature.return_annotation
    arrow = f" -> {inspect.formatannotation(returns)}" if annotated and returns is not inspect.Signature.empty else ""
    line = f"def {name}({', '.join(parts)}){arrow}: ..."
    if len(line) <= 100:
        return line
    return f"def {name}(\n" + "".join(f"    {part},\n" for part in parts) + f"){arrow}: ..."


def _parameters(signature: inspect.Signature, annotated: bool) -> Iterator[str]:
    kinds = [each.kind for each in signature.parameters.values()]
    for index, parameter in enumerate(signature.parameters.values()):
        kind = parameter.kind
        if kind is parameter.KEYWORD_ONLY and not {kind, parameter.VAR_POSITIONAL} & set(kinds[:index]):
            yield "*"
        stars = "*" if kind is parameter.VAR_POSITIONAL else "**" if kind is parameter.VAR_KEYWORD else ""
        text = stars + parameter.name
        typed = annotated and parameter.annotation is not parameter.empty
        if typed:
            text += f": {inspect.formatannotation(parameter.annotation)}"
        if parameter.default is not parameter.empty:
            text += (" = " if typed else "=") + _literal(parameter.default)
        yield text
        if kind is parameter.POSITIONAL_ONLY and parameter.POSITIONAL_ONLY not in kinds[index + 1 :]:
            yield "/"


def _literal(value: object) -> str:
    """The value as an expression that is the same in every run, or `...` where there is none."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__qualname__}.{value.name}" if value.name else "..."
    if inspect.isclass(value) or inspect.isroutine(value):
        return str(getattr(value, "__qualname__", "..."))
    text = repr(value)
    # A path is a fact about this machine; an address and the order of a set are facts about this run.
    path = isinstance(value, str) and Path(value).is_absolute() and len(value) > 1
    varies = path or isinstance(value, (set, frozenset))
    return text if not varies and len(text) <= 120 and " at 0x" not in text and _parses(text) else "..."


def _parses(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


# --- docstrings -----------------------------------------------------------------------------------------------------


def _prose(doc: str) -> Iterator[str]:
    """The docstring as Markdown blocks: text stays as it is, code and columns are fenced, terms become a list."""
    blocks: list[tuple[str, str]] = []
    for paragraph in re.split(r"\n[ \t]*\n", doc.expandtabs().strip("\n")):
        announced = bool(blocks) and blocks[-1][1].rstrip().endswith("::")
        for language, text in _pieces(paragraph.strip("\n"), announced):
            if blocks and language and blocks[-1][0] == language:
                blocks[-1] = (language, f"{blocks[-1][1]}\n\n{text}")
            elif text.strip():
                blocks.append((language, text))
    for language, text in blocks:
        if language:
            yield _code(text, language)
        else:
            yield f"**Deprecation note:** {text}" if _DEPRECATED.search(text) else text


def _pieces(paragraph: str, announced: bool) -> Iterator[tuple[str, str]]:
    """The parts of one paragraph as (language, text); the language is empty for prose."""
    lines = textwrap.dedent(paragraph).split("\n")
    start = next((index for index, line in enumerate(lines) if _starts_code(lines, index)), None)
    if start is not None:
        if start:
            yield "", _text(lines[:start])
        code = textwrap.dedent("\n".join(lines[start:]))
        yield ("pycon" if code.startswith(">>>") else "python" if _parses(code) else "text"), code
        return
    body, indented = "\n".join(lines), paragraph.startswith(" ")
    if sum(bool(_COLUMNS.search(line)) for line in lines) > 1:
        yield "text", body
    elif indented and (announced or _looks_like_code(body)):
        yield ("python" if _parses(body) else "text"), body
    else:
        yield "", _terms(lines) or _text(lines)


def _starts_code(lines: Sequence[str], index: int) -> bool:
    if lines[index].lstrip().startswith(">>>"):
        return True
    if index == 0 or not lines[index - 1].endswith(":") or not all(line.startswith("  ") for line in lines[index:]):
        return False
    return lines[index - 1].endswith("::") or _looks_like_code(textwrap.dedent("\n".join(lines[index:])))


def _looks_like_code(text: str) -> bool:
    return any(mark in text for mark in ("=", "(", "import ")) and _parses(text)


def _terms(lines: Sequence[str]) -> str:
    """A definition list (`name`, then deeper lines that explain it) as a Markdown list, or nothing if it is none."""
    items: list[tuple[str, list[str]]] = []
    for line in lines:
        if not line.startswith(" "):
            items.append((line.rstrip(" :"), []))
        elif items:
            items[-1][1].append(line.strip())
    term = re.compile(r"^[\w*'\"./|, ()\[\]=-]{1,48}$")
    if not all(explained and term.match(name) and not name.startswith(("-", "*")) for name, explained in items):
        return ""
    return "\n".join(f"- `{name}`: {' '.join(explained)}" for name, explained in items)


def _text(lines: Iterable[str]) -> str:
    """Prose whose lines cannot be taken for headings, quotations, fences or HTML."""
    kept: list[str] = []
    for line in lines:
        if _UNDERLINE.match(line):
            if kept and kept[-1].strip():
                kept[-1] = f"**{kept[-1].strip()}**"
            continue
        kept.append(re.sub(r"^(\s*)(#|>|<|```|~~~)", r"\1\\\2", line))
    return "\n".join(kept)


def _code(code: str, language: str = "python") -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{code.rstrip()}\n{fence}"


# --- deprecation notes from the source --------------------------------------------------------------------------------


def _warned(full: str, messages: Sequence[str]) -> Iterator[str]:
    for message in messages:
        said = f' with the message "{message}"' if message else ""
        yield f"**Deprecation note:** the source of `{full}` can issue a DeprecationWarning{said}."


class _Notes:
    """The deprecation warnings written in the source of a module, by the qualified name of what issues them.

    A warning may concern one parameter or one use only, so the pages quote it and claim no more.
    """

    def __init__(self) -> None:
        self._modules: dict[str, dict[str, list[str]]] = {}

    def of(self, module: str, name: str) -> list[str]:
        if module not in self._modules:
            self._modules[module] = _scan(module)
        return self._modules[module].get(name, [])

    def of_object(self, value: object, member: str = "") -> list[str]:
        """The messages of a function or class, or of one member of a class."""
        marked = getattr(inspect.getattr_static(value, member, None) if member else value, "__deprecated__", None)
        module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        found = self.of(module, f"{name}.{member}" if member else name) if module and name else []
        return [*([marked] if isinstance(marked, str) else []), *found]


def _scan(module: str) -> dict[str, list[str]]:
    """Every deprecation warning in the source of `module`; empty where there is no source to read."""
    source = _source(_TWINS.get(module, module))
    notes: dict[str, list[str]] = {}
    if "DeprecationWarning" not in source and "_deprecated(" not in source:
        return notes

    def visit(node: ast.AST, scope: tuple[str, ...], inside: bool) -> None:
        for child in ast.iter_child_nodes(node):
            message = _message(child) if isinstance(child, ast.Call) and inside else None
            if message is not None:
                name = ".".join(each for each in scope if each not in {"__init__", "__new__", "__getattr__"})
                if message not in notes.setdefault(name, []):
                    notes[name].append(message)
            named = isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            deeper = (*scope, str(getattr(child, "name", ""))) if named and not inside else scope
            visit(child, deeper, inside or isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)))

    visit(ast.parse(source), (), False)
    return notes


def _source(module: str) -> str:
    loaded = sys.modules.get(module)
    spec = getattr(loaded, "__spec__", None) if loaded else importlib.util.find_spec(module)
    origin = getattr(spec, "origin", None)
    if not isinstance(origin, str) or not origin.endswith(".py"):
        return ""
    try:
        return importlib.util.decode_source(Path(origin).read_bytes())
    except OSError:
        return ""


def _message(call: ast.Call) -> str | None:
    """The message of a call that issues a deprecation warning (empty if it is computed), or None for other calls."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    keywords = {each.arg: each.value for each in call.keywords}
    if name == "_deprecated" and "remove" in keywords:
        given = keywords.get("message") or (call.args[1] if len(call.args) > 1 else None)
        removed = ".".join(re.findall(r"\d+", ast.unparse(keywords["remove"])))
        first = (_string(given) if given else "") or f"{_string(call.args[0])} is deprecated"
        first = first.replace("{name!r}", _string(call.args[0])).replace("{remove}", removed)
        return first if removed in first else f"{first}; it is slated for removal in Python {removed}"
    categories = [ast.unparse(each) for each in (*call.args[1:2], *filter(None, [keywords.get("category")]))]
    if name == "warn" and any(each.endswith("DeprecationWarning") for each in categories):
        given = call.args[0] if call.args else keywords.get("message")
        return _string(given) if given else ""
    return None


def _string(node: ast.expr) -> str:
    """The text of a string expression; what is filled in at run time stays in braces, anything else is left out."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_string, node.values))
    if isinstance(node, ast.FormattedValue):
        return f"{{{ast.unparse(node.value)}}}"
    if isinstance(node, ast.BinOp):
        return _string(node.left) + (_string(node.right) if isinstance(node.op, ast.Add) else "")
    return ""
