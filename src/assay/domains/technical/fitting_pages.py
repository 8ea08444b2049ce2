"""How well a passage fits the kind of answer that a question wants, told by the passage alone.

A task ("split a line at commas") is put in words that its reference page does not use, so what is meant counts more
than the words; a question names a heading where its words are those of the heading. Weights were chosen by hand on
development questions; docs/technical.md tells what they are worth.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assay.domains.technical.pages import page_kind
from assay.textual.tokens import tokens
from assay.types import DocumentInfo, Passage

_STANDS_BACK = {"changelog": -0.5, "timeline": -0.5, "low-level": -0.5, "source": -0.2}
_DESCRIBES = re.compile(
    r"^[ \t]*\.\. (?:\w+:)?(?:function|method|class|classmethod|staticmethod|decorator|coroutine\w*)::[ \t]",
    re.MULTILINE,
)
_CALL = re.compile(r"`{0,2}[A-Za-z_][\w.]*\(.*\)`{0,2}", re.DOTALL)
_DOTTED_TITLE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+(?:\(.*\))?", re.DOTALL)
_HEAD = 400
_SAME_HEADING = 0.6


@dataclass(frozen=True, slots=True)
class Wants:
    """What counts for one kind of question: pages by kind, the share of the signals of words and of late interaction
    that is kept, the description of a symbol, the logarithm of in how many documents that symbol is referred to, and a
    heading in the question's words (less for a look-up of few words, which many headings share)."""

    pages: Mapping[str, float] = field(default_factory=dict)
    words: float = 1.0
    late: float = 1.0
    describes: float = 0.0
    referred: float = 0.0
    heading: float = 1.0


WANTS: Mapping[str, Wants] = {
    "task": Wants({"reference": 0.35}, words=0.3, late=0.0, describes=0.35, referred=0.12),
    "how": Wants({"faq": 0.3}, words=0.3, late=0.0, describes=0.1, referred=0.03),
    "why": Wants({"faq": 0.3}, words=0.5, late=0.5),
    "question": Wants({"faq": 0.3}, words=0.5, late=0.5),
    "definition": Wants({"glossary": 0.8}, words=0.5, late=0.0),
    "lookup": Wants(referred=0.15),
    "topic": Wants(referred=0.03, heading=0.3),
}


def kind_of(document: DocumentInfo) -> str:
    """The kind of page as found when the document was taken in, else from what its particulars tell."""
    held = document.metadata.get("page_kind")
    if isinstance(held, str) and held:
        return held
    return page_kind(document.title, document.source, document.format, document.metadata, "").kind


def fits(reading: Mapping[str, Any], passages: Sequence[Passage]) -> list[dict[str, float]]:
    """The addends of each passage: `page_kind`, `wording`, `describes`, `heading`; none for questions of versions."""
    wants = WANTS.get(str(reading.get("kind", "question")))
    if wants is None:
        return [{} for _ in passages]
    asked = frozenset(tokens(str(reading.get("text", ""))))
    known: dict[str, frozenset[str]] = {}
    return [
        {
            "page_kind": _page(wants, kind_of(passage.document), reading),
            "wording": _wording(wants, passage),
            "describes": wants.describes if wants.describes and describes(passage) else 0.0,
            "heading": wants.heading if _headed(asked, passage, known) else 0.0,
        }
        for passage in passages
    ]


def describes(passage: Passage) -> bool:
    """Whether the passage begins the description of something that can be called."""
    if _DESCRIBES.search(passage.chunk.text[:_HEAD]):
        return True
    crumbs = passage.chunk.breadcrumb
    if crumbs and crumbs[-1] in passage.chunk.text[:_HEAD] and _CALL.fullmatch(crumbs[-1].strip()):
        return True
    return kind_of(passage.document) == "reference" and bool(_DOTTED_TITLE.fullmatch(passage.document.title.strip()))


def _page(wants: Wants, page: str, reading: Mapping[str, Any]) -> float:
    if page == "low-level" and reading.get("low_level"):
        return 0.0
    return _STANDS_BACK.get(page, 0.0) + wants.pages.get(page, 0.0)


def _wording(wants: Wants, passage: Passage) -> float:
    """What is taken off again of the signals that compare words."""
    off = {"bm25": wants.words - 1.0, "late": wants.late - 1.0}
    return sum(off[signal.name] * signal.contribution for signal in passage.signals if signal.name in off)


def _headed(asked: frozenset[str], passage: Passage, known: dict[str, frozenset[str]]) -> bool:
    """Whether the heading right above the passage has nearly the words of the question (Jaccard index)."""
    crumb = passage.chunk.breadcrumb[-1] if passage.chunk.breadcrumb else ""
    if crumb not in known:
        known[crumb] = frozenset(tokens(crumb))
    words = known[crumb]
    return bool(words) and len(words & asked) >= _SAME_HEADING * len(words | asked)
