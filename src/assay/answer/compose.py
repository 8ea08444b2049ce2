"""The text of an answer: checked claims as readable sentences with their [n] marks; code kept in fenced blocks.

It arranges and never writes: no word of a claim is added, left out or changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from assay.types import Claim

CODE = "code"
"""The section that marks a claim as code; it is no heading."""
Kind = Literal["prose", "line", "block"]

_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})", re.MULTILINE)
_OWN_LINE = re.compile(
    r"\s*(?:[-*+•‣◦▪–—][ \t]|\((?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})\)[ \t]|\d{1,3}[.)][ \t]|\||#{1,6}[ \t])"
)
_ENDS = re.compile(r"[.!?:;…。！？]['\"”’»)\]*_`]*$")
_CODE_LINE = re.compile(
    r"""\s*(?:
        >>>\s | \.\.\.\s | \$\s | @\w+ | // | /\* | \#include | \#! | </?\w[^>]*>
      | (?:async\s+def|def|class|func|fn|interface|struct)\s+\w+.*[:{(]$ | import\s+[\w.*{}, ]+;?$
      | from\s+[\w.]+\s+import\b | (?:if|for|while|with|try|except|elif|else|switch|finally)\b.*[:{]$
      | return\s+[\w.()\[\]"']+;?$
      | (?:const|let|var|public|private|static)\s+\w+ | [\w.\[\]"']+(?:\s*:\s*[\w\[\], |.]+)?\s*[-+*/|&]?=\s*\S
      | (?:await\s+)?[A-Za-z_][\w.]*\([^)]*\)?[;{:,]?$ | [\[\]{}()]+[,;]?$ | .*[{}]$ | "[\w-]+":\s*\S | .*\);$
      | --?\w[\w-]*(?:[= ]\S+)?\s*\\?$ | (?:curl|pip|git|GET|POST|PUT|DELETE|HTTP/\d)\b.*
    )""",
    re.VERBOSE,
)


class _Piece(NamedTuple):
    """A claim's text with its marks. `prose` runs on in a paragraph, a `line` stands alone, a `block` has air."""

    kind: Kind
    text: str


def compose(claims: Sequence[Claim]) -> str:
    """The claims as one text: sections in order of first appearance, each under its name, those without a name first.

    Sentences run on as a paragraph, each followed by the marks of its citations ("The fee is 2 %. [1][3]"); list items
    and table rows stand on lines of their own; code stands as a fenced block.
    """
    sections: dict[str, list[Claim]] = {"": []}
    current = ""
    for claim in claims:
        current = current if claim.section == CODE else claim.section.strip()
        sections.setdefault(current, []).append(claim)
    return "\n\n".join(_section(name, group) for name, group in sections.items() if group)


def marks(claim: Claim) -> str:
    """The claim's citation marks, each number once: "[1][3]"."""
    return "".join(f"[{number}]" for number in dict.fromkeys(citation.number for citation in claim.citations))


def is_code(claim: Claim) -> bool:
    """Whether the claim's text is code that must keep its lines: marked so, fenced, or mostly lines of code."""
    if claim.section == CODE or _FENCE.match(claim.text):
        return True
    lines = [line for line in claim.text.splitlines() if line.strip()]
    looks = sum(_CODE_LINE.match(line) is not None for line in lines)
    return len(lines) > 1 and 2 * looks >= len(lines)


def _section(name: str, claims: Iterable[Claim]) -> str:
    text = f"{name.rstrip(':')}:" if name else ""
    before: Kind | None = "line" if name else None
    for claim in claims:
        piece = _piece(claim)
        text += _gap(before, piece.kind) + piece.text
        before = piece.kind
    return text


def _gap(before: Kind | None, after: Kind) -> str:
    """What stands between two pieces: nothing at the start, a space in a paragraph, a line end in a list."""
    if before is None:
        return ""
    if before == after == "prose":
        return " "
    return "\n" if before == after == "line" else "\n\n"


def _piece(claim: Claim) -> _Piece:
    marked = marks(claim)
    if is_code(claim):
        return _Piece("block", f"{_fenced(claim.text)}\n{marked}".rstrip())
    text = _joined(claim.text)
    fence = _FENCE.search(text)
    if fence:
        return _Piece("block", f"{text}\n{marked}".rstrip())
    kind: Kind = "prose" if _ENDS.search(text) and "\n" not in text and not _OWN_LINE.match(text) else "line"
    return _Piece("block" if "\n\n" in text else kind, f"{text} {marked}".rstrip())


def _fenced(text: str) -> str:
    """Code between fences: its own where it has them, closed where the quotation ends before them."""
    text = text.strip("\n").rstrip()
    fences: list[str] = _FENCE.findall(text)
    if fences and _FENCE.match(text):
        return f"{text}\n{fences[0]}" if len(fences) % 2 else text
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}\n{text}\n{fence}"


def _joined(text: str) -> str:
    """Prose without its line breaks; list items, table rows, headings, paragraphs and fenced parts keep theirs."""
    if _FENCE.search(text):
        return text.strip()
    lines: list[str] = []
    for line in text.strip().splitlines():
        runs_on = (
            lines and lines[-1] and line.strip() and not _OWN_LINE.match(line) and not lines[-1].startswith(("|", "#"))
        )
        if runs_on:
            lines[-1] = f"{lines[-1]} {line.strip()}"
        else:
            lines.append(line.rstrip() if _OWN_LINE.match(line) else line.strip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
