"""Code and versions in the text of an answer: fenced blocks found, language tags set, the version stated.

It adds tags after fences that have none and a line at the end; no character of code or prose is changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.domains.technical.code import CodeAnalyzer
from assay.domains.technical.targets import Target
from assay.types import Record

_TAGS = {"pycon": "pycon", "unknown": "text", "": "text"}
_OPEN = re.compile(r"[ \t]*(`{3,}|~{3,})[ \t]*")


@dataclass(frozen=True, slots=True)
class Fence(Record):
    """A fenced block answer[start:end]: its language and where that comes from, and what the code says."""

    start: int
    end: int
    tag: str
    language: str
    language_source: str
    completeness: str
    parses: bool | None
    error: str
    symbols: tuple[str, ...]
    handles_errors: bool


def fences(answer: str, analyzer: CodeAnalyzer, context: str = "") -> list[Fence]:
    """The fenced blocks of `answer` in order, analysed."""
    return [
        Fence(
            snippet.start,
            snippet.end,
            snippet.language_tag,
            snippet.report.language,
            snippet.report.language_source,
            snippet.report.completeness,
            snippet.report.parses,
            snippet.report.error,
            snippet.report.symbols,
            snippet.report.has_error_handling,
        )
        for snippet in analyzer.snippets(answer, context)
    ]


def tagged(answer: str, code: Sequence[Fence]) -> str:
    """`answer` with a language tag behind every opening fence that has none: "text" where the language is not known."""
    pieces: list[str] = []
    place = 0
    for fence in code:
        opened = _OPEN.match(answer, fence.start)
        if fence.tag.strip() or opened is None:
            continue
        pieces.append(answer[place : opened.end()].rstrip(" \t"))
        pieces.append(_TAGS.get(fence.language, fence.language))
        place = opened.end()
    return "".join((*pieces, answer[place:]))


def version_line(target: Target, sources: Sequence[Mapping[str, str]]) -> str:
    """ "Version: Python 3.12 (from the question); the sources document python 3.13.5." "" where nothing is known."""
    told = list(dict.fromkeys(f"{one['product']} {one['version']}".strip() for one in sources if one["version"]))
    documented = ", ".join(told[:4])
    if target.version:
        name = f"{target.product} {target.version}".strip()
        return f"Version: {name} (from {target.origin})" + (
            f"; the sources document {documented}." if documented else "."
        )
    return f"Version: none was asked for; the sources document {documented}." if documented else ""
