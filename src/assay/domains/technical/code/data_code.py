"""Whether data and markup are well formed: JSON, YAML, TOML, INI, XML, HTML. No meaning is read from them."""

from __future__ import annotations

import configparser
import json
import re
import tomllib
from collections.abc import Callable

MAX_DATA = 40_000
MAX_LEVEL = 100
_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>")
_UNREAD = re.compile(r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![A-Za-z][^<>]*>|<(script|style)\b.*?</\1>", re.DOTALL)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_OPEN_END = frozenset(
    ["li", "p", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup", "html", "head", "body"]
)


def data_error(text: str, language: str) -> str | None:
    """Why the text is not well formed, "" where it is, None where this language is not looked at or too long."""
    check = _CHECKS.get(language)
    if check is None or len(text) > MAX_DATA:
        return None
    try:
        return check(text)
    except (ValueError, RecursionError, configparser.Error) as error:
        return " ".join(str(error).split())[:200] or type(error).__name__


def _json(text: str) -> str:
    json.loads(text)
    return ""


def _toml(text: str) -> str:
    tomllib.loads(text)
    return ""


def _ini(text: str) -> str:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError:
        parser.read_string(f"[section]\n{text}")
    return ""


def _yaml(text: str) -> str:
    """Events only: nothing is built, so that no alias can grow."""
    import yaml

    try:
        level = 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            level += isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent))
            level -= isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent))
            if level > MAX_LEVEL:
                return "nested too deeply"
    except yaml.YAMLError as error:
        return " ".join(str(error).split())[:200]
    return ""


def _balanced(text: str, *, is_html: bool) -> str:
    """Whether every element that must be closed is closed, in order."""
    open_tags: list[str] = []
    for match in _TAG.finditer(_UNREAD.sub("", text)):
        closing, name, _, own = match.groups()
        name = name.lower() if is_html else name
        if own or (is_html and name in _VOID):
            continue
        if not closing:
            open_tags.append(name)
            continue
        while is_html and open_tags and open_tags[-1] != name and open_tags[-1] in _OPEN_END:
            open_tags.pop()
        if not open_tags or open_tags[-1] != name:
            return f"</{name}> closes nothing"
        open_tags.pop()
    left = [name for name in open_tags if not (is_html and name in _OPEN_END)]
    return f"<{left[-1]}> is not closed" if left else ""


_CHECKS: dict[str, Callable[[str], str]] = {
    "json": _json,
    "toml": _toml,
    "ini": _ini,
    "yaml": _yaml,
    "xml": lambda text: _balanced(text, is_html=False),
    "html": lambda text: _balanced(text, is_html=True),
}
