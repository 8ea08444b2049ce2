"""Imports of the languages that tree-sitter reads, from their own forms. One pattern a form; nothing else is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assay.domains.technical.code.sources import Source
from assay.domains.technical.code.values import Import

Found = Iterator[tuple[str, str, re.Match[str]]]

_SCRIPT = re.compile(
    r"^[ \t]*import\s+(?:type\s+)?(?P<what>[\w$*{][\w$*{},\s]*?)\s+from\s+(?P<q>['\"])(?P<from>[^'\"\n]+)(?P=q)",
    re.MULTILINE,
)
_SCRIPT_BARE = re.compile(r"^[ \t]*import\s+['\"](?P<from>[^'\"\n]+)['\"]", re.MULTILINE)
_REQUIRE = re.compile(
    r"(?:const|let|var)\s+(?P<what>[\w$]+|\{[^{}]*\})\s*=\s*(?:await\s+)?"
    r"(?:require|import)\(\s*['\"](?P<from>[^'\"\n]+)['\"]\s*\)"
)
_JAVA = re.compile(r"^[ \t]*import\s+(?:static\s+)?([\w.]+?)(\.\*)?\s*;", re.MULTILINE)
_GO = re.compile(r"(?:^[ \t]*import\s+|^[ \t]+)(?:([\w.]+)[ \t]+)?\"([\w./-]+)\"[ \t]*(?://.*)?$", re.MULTILINE)
_RUST = re.compile(r"^[ \t]*(?:pub\s+)?use\s+([^;]{1,600});", re.MULTILINE)
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"\n]+)[>\"]", re.MULTILINE)
_USING = re.compile(r"^[ \t]*(?:global\s+)?using\s+(?:static\s+)?(?:(\w+)\s*=\s*)?([A-Z][\w.]*)\s*;", re.MULTILINE)
_PHP = re.compile(r"^[ \t]*use\s+(?:function\s+|const\s+)?\\?([\w\\]+)(?:\s+as\s+(\w+))?\s*;", re.MULTILINE)
_RUBY = re.compile(r"^[ \t]*(?:require|require_relative|gem)\s*\(?['\"]([^'\"\n]+)['\"]", re.MULTILINE)
_SOURCE = re.compile(r"^[ \t]*(?:source|\.)[ \t]+([\w./$~-]+)", re.MULTILINE)


def imports_of(text: str, language: str, source: Source) -> list[Import]:
    """The imports of `text`, in order, with spans in the original."""
    form = _FORMS.get(language)
    if form is None:
        return []
    offsets = source.spans()
    found = [
        Import(symbol, name, offsets.at(match.start() + _blank(match)), offsets.at(match.end()))
        for symbol, name, match in form(text)
    ]
    return sorted(found, key=lambda item: item.start)


def _blank(match: re.Match[str]) -> int:
    whole = match.group()
    return len(whole) - len(whole.lstrip())


def _script(text: str) -> Found:
    for match in (*_SCRIPT.finditer(text), *_REQUIRE.finditer(text)):
        module, what = match.group("from"), match.group("what").strip()
        braces = re.search(r"\{([^{}]*)\}", what)
        for item in braces.group(1).split(",") if braces else ():
            words = re.split(r"\s+as\s+|\s*:\s*", item.strip().removeprefix("type "))
            if words[0]:
                yield f"{module}.{words[0]}", words[-1], match
        for item in re.sub(r"\{[^{}]*\}", "", what).split(","):
            words = item.split()
            if words[:2] == ["*", "as"] and len(words) == 3:
                yield module, words[2], match
            elif len(words) == 1 and words[0] != "*":
                yield module, words[0], match
    for match in _SCRIPT_BARE.finditer(text):
        yield match.group("from"), "*", match


def _java(text: str) -> Found:
    for match in _JAVA.finditer(text):
        symbol = match.group(1)
        yield symbol, "*" if match.group(2) else symbol.rsplit(".", 1)[-1], match


def _go(text: str) -> Found:
    for match in _GO.finditer(text):
        path = match.group(2)
        last = path.rsplit("/", 1)[-1]
        if re.fullmatch(r"v\d+", last) and "/" in path:
            last = path.rsplit("/", 2)[-2]
        name = match.group(1) or last
        yield path, "*" if name in ("_", ".") else name, match


def _rust(text: str) -> Found:
    for match in _RUST.finditer(text):
        for path in _expanded(re.sub(r"\s+", " ", match.group(1)).strip()):
            target, _, alias = path.partition(" as ")
            target = target.strip().removesuffix("::self")
            last = target.rsplit("::", 1)[-1]
            yield target.removesuffix("::*"), alias.strip() or last, match


def _expanded(path: str, depth: int = 0) -> Iterator[str]:
    """ "a::{b, c::{d}}" as "a::b", "a::c::d"."""
    opening = path.find("{")
    if opening < 0 or depth > 8 or not path.rstrip().endswith("}"):
        yield path
        return
    prefix, inner = path[:opening], path.rstrip()[opening + 1 : -1]
    level = start = 0
    for place, mark in enumerate(f"{inner},"):
        level += (mark == "{") - (mark == "}")
        if mark == "," and level == 0:
            if part := inner[start:place].strip():
                yield from _expanded(f"{prefix}{part}", depth + 1)
            start = place + 1


def _named(pattern: re.Pattern[str], mark: str) -> Callable[[str], Found]:
    """Imports whose one group is a path; they bind no name of their own."""

    def find(text: str) -> Found:
        for match in pattern.finditer(text):
            yield match.group(1), mark, match

    return find


def _using(text: str) -> Found:
    for match in _USING.finditer(text):
        yield match.group(2), match.group(1) or "*", match


def _php(text: str) -> Found:
    for match in _PHP.finditer(text):
        yield match.group(1), match.group(2) or match.group(1).rsplit("\\", 1)[-1], match


_FORMS: dict[str, Callable[[str], Found]] = {
    "javascript": _script,
    "typescript": _script,
    "java": _java,
    "go": _go,
    "rust": _rust,
    "c": _named(_INCLUDE, "*"),
    "cpp": _named(_INCLUDE, "*"),
    "csharp": _using,
    "php": _php,
    "ruby": _named(_RUBY, "*"),
    "bash": _named(_SOURCE, "*"),
}
