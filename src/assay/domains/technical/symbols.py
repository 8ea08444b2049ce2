"""Names of program symbols and API operations in a normal form, and their mentions in documentation markup.

Case is kept: `collections.abc.ByteString` and `bytestring` are two names. Nothing here knows which symbols exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assay.textual.similarity import listed

METHODS = frozenset({"GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE"})
_OPERATION = re.compile(r"(GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE)\s+(/[^\s`'\"?]*)", re.IGNORECASE)
_DOTTED = re.compile(r"@?[A-Za-z_$][\w$]*(?:(?:\.|::|#)[A-Za-z_$][\w$]*)*")
_OPTION = re.compile(r"--?[A-Za-z][\w-]*")
_MENTION = re.compile(
    r":(?:(?P<domain>[a-z]\w*):)?(?P<role>[a-z][\w-]*):`(?P<target>[^`\n]{1,200}(?:\n[^`\n]{1,200})?)`"
    r"|(?P<ticks>`{1,2})(?P<code>[^`\n]{1,160})(?P=ticks)(?!`)"
    r"|\{@(?:link|code)\s+(?P<tag>[^}\n]{1,160})\}"
)
_NO_SYMBOL_ROLES = listed(
    """pypi gh issue pep rfc ref term doc source src cve cwe file kbd command dfn abbr program sub sup bpo ticket
    keyword commit pr user guilabel menuselection manpage samp math eq numref download mimetype newsgroup regexp
    token grammar cwe oss-fuzz"""
)
_KEYWORDS = frozenset({"None", "True", "False", "null", "true", "false", "self", "this", "void", "undefined"})


class Mention(NamedTuple):
    """text[start:end] names `name` in the manner of a role ("func", "mod", ..., "" where it is only code)."""

    name: str
    role: str
    start: int
    end: int


def normal(name: str) -> str:
    """The normal form of a symbol's name: without marks of markup, call brackets and a leading `@`; "" if it is none.

    Operations of an HTTP API are "GET /path"; `a::b` and `a#b` are written `a.b`.
    """
    text = " ".join(name.strip().strip("`'\"“”‘’").split())
    operation = _OPERATION.fullmatch(text)
    if operation:
        return f"{operation[1].upper()} {operation[2]}"
    target = re.fullmatch(r"[^<]*<([^<>]+)>", text)
    text = (target[1] if target else text).lstrip("!~.").removeprefix("@")
    if _OPTION.fullmatch(text):
        return text
    bare = re.sub(r"\s*\(.*\)?$", "", text, flags=re.DOTALL).rstrip(".,;:")
    if not _DOTTED.fullmatch(bare) or bare in _KEYWORDS:
        return ""
    return bare.replace("::", ".").replace("#", ".")


def mentions(text: str, start: int = 0, end: int | None = None) -> Iterator[Mention]:
    """The symbols named in text[start:end] by roles, code marks or Javadoc links, in order."""
    for match in _MENTION.finditer(text, start, len(text) if end is None else end):
        role = match["role"] or ""
        if role in _NO_SYMBOL_ROLES:
            continue
        name = normal(match["target"] or match["code"] or match["tag"] or "")
        if name:
            yield Mention(name, "mod" if role == "module" else role, match.start(), match.end())


def last(name: str) -> str:
    """The last part of a dotted name; an operation is one part."""
    return name if " " in name else name.rsplit(".", 1)[-1]


def tails(name: str) -> tuple[str, ...]:
    """The name, then ever shorter ends of it: a.b.c, b.c, c. An operation has no ends."""
    if " " in name or name.startswith("-"):
        return (name,)
    parts = name.split(".")
    return tuple(".".join(parts[place:]) for place in range(len(parts)))
