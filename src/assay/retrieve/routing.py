"""Does the question name a document? Then it is answered from that document.

Two strengths. "Consider the X; ..." says so outright: the search is limited to X. A quoted title, "A v. B", a file name
or "the X agreement" is a hint: passages of a document whose name covers those words are raised, the others stay. A long
text that names something in passing asks for more than that, and gives no hint.
Measured on contracts: limiting to the named document takes the first passage from 7 to 25 % character precision.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assay.textual.tokens import HEAD_CHARACTERS, tokens, unique

_OUTRIGHT = re.compile(
    r"^\s*(?:consider|regarding|with regard to|with respect to|looking at|according to)\s+"
    r"(?P<name>[^;:?]{3,300})[;:]\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_QUOTED = re.compile(r"[\"“]([^\"“”]{4,200})[\"”]")
_VERSUS = re.compile(
    r"\b([A-Z][\w.&'’-]*(?:\s+(?:[A-Z][\w.&'’-]*|of|and|the|&))*)\s+v\.?\s+([A-Z][\w.&'’-]*(?:\s+[A-Z][\w.&'’-]*)*)"
)
_FILE = re.compile(r"\b[\w-]+\.(?:pdf|docx?|md|txt|html?|rst|json|csv|xml|ya?ml|py)\b", re.IGNORECASE)
_KEEP = 0.8
_MOST = 3
_HINTING = 40
"""Words of a question at most for a name in it to be a hint."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a question says about the document it is about. `outright` limits the search; otherwise it is a hint."""

    name: str
    rest: str
    outright: bool


def named_document(question: str) -> Named | None:
    """The document that the question names, or None."""
    match = _OUTRIGHT.match(question)
    if match:
        return Named(match["name"].strip(), match["rest"].strip(), True)
    if len(question.split()) > _HINTING:
        return None
    versus = _VERSUS.search(question)
    if versus:
        return Named(versus.group(), question, False)
    for pattern in (_QUOTED, _FILE):
        found = pattern.search(question)
        if found:
            return Named(found.group(found.lastindex or 0), question, False)
    return None


def best_documents(scores: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """At most three documents that score at least 80 % of the best; `scores` come best first."""
    if not scores or scores[0][1] <= 0:
        return ()
    least = scores[0][1] * _KEEP
    return tuple(document for document, score in scores[:_MOST] if score >= least)


def covered(name: str, head: str) -> float:
    """The share of the name's distinct tokens that the document's head (title, file name, first text) holds."""
    wanted = unique(tokens(name))
    held = set(tokens(head[: HEAD_CHARACTERS + 1000]))
    return sum(token in held for token in wanted) / len(wanted) if wanted else 0.0


def confirmed(named: Named, documents: Sequence[str], head_of: Callable[[str], str]) -> tuple[str, ...]:
    """Of `documents`, those whose head really covers the name: all of it for a hint, half of it outright."""
    least = 0.5 if named.outright else 0.99
    return tuple(document for document in documents if covered(named.name, head_of(document)) >= least)
