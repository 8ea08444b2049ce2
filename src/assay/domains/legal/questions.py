"""What a question of law names: forum, law, authorities, sections, and whether it asks for an authority's history.

It reads words, not intentions. A filter is set only where the question says "only"; a forum named in passing is used
for weighing, since authority from elsewhere may still bind or persuade there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assay.domains.legal.citations import LegalCitation, extract
from assay.domains.legal.courts import forums_in
from assay.domains.legal.currency import history_words
from assay.domains.legal.names import name_key, short_keys
from assay.domains.legal.sources import ancestors
from assay.textual.tokens import tokens

MOST = 8000
_ONLY = re.compile(r"\b(?:only|solely|exclusively|limited to|restrict(?:ed)? to|nothing but)\b", re.IGNORECASE)
_CODE_NEAR = re.compile(r"\b(?:UCC|U\.C\.C\.|Uniform\s+Commercial\s+Code|[Ss]ections?|§+|[Aa]rticle)\b|§")
_SECTION = re.compile(r"(?<![\w.-])(?:\d{1,2}[A-Z]?[:-])?\d{1,3}[A-Z]?-\d{3,4}[a-z]?(?![\w-])")
_VERSUS = re.compile(
    r"\b[A-Z][\w.&'’-]*(?:,?\s+(?:[A-Z][\w.&'’-]*|of|and|the|&))*\s+v\.?\s+[A-Z][\w.&'’-]*(?:\s+[A-Z][\w.&'’-]*)*"
)
_STILL = re.compile(
    r"\b(?:does|do|is|are|was|has|have|did|can|under|after|since|following|overrule|overruled)\s+(?:the\s+)?"
    r"(?P<name>[A-Z][\w'’-]{2,}(?:\s+(?:v\.?\s+)?[A-Z][\w'’-]+)*)\s+(?:still|remain|continue|been|be|good|over"
    r"|protect|hold|stand|apply|control|overrul|revers|the)",
)
_FEDERAL = re.compile(
    r"\b(?:copyright\w*|patent\w*|fair use|trademarks?|Lanham|bankruptcy|ERISA|antitrust|Sherman Act"
    r"|securities (?:act|fraud|law)|Rule 10b-5"
    r"|immigration|asylum|Title VII|FLSA|FMLA|RICO|(?:First|Second|Fourth|Fifth|Sixth|Eighth|Fourteenth) Amendment"
    r"|Sentencing Guidelines|habeas"
    r"|federal (?:law|question|statute)|Section 1983|§ ?1983|U\.S\.C\.|USC|C\.F\.R\.|CFR|tax court|Internal Revenue"
    r"|qualified immunity|Commerce Clause)\b",
    re.IGNORECASE,
)
_LISTED = "The This That What Which When Where Who Why How Is Are Does Do Did Can Under May Must Shall A An In On"
_COMMON = frozenset(_LISTED.split())


def read(text: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The reading of a question as a plain mapping; see the module."""
    asked = text[:MOST]
    cited = [citation for citation in extract(asked) if citation.key]
    forums = _forums(asked)
    reading: dict[str, Any] = {
        "text": asked,
        "tokens": tokens(asked)[:400],
        "citations": list(dict.fromkeys(citation.key for citation in cited)),
        "sections": sections_of(asked, cited),
        "names": names_of(asked, cited),
        "forum": forums[0][0] if forums else "",
        "forum_words": asked[forums[0][1] : forums[0][2]] if forums else "",
        "law": law_of(asked, cited, forums),
        "history": history_words(asked),
    }
    if settings.get("jurisdiction_filtering", True):
        reading |= _narrowed(asked, forums)
    return reading


def sections_of(text: str, cited: Sequence[LegalCitation] = ()) -> list[str]:
    """Section numbers that the question names ("2-207"), where a word beside them shows that they are sections."""
    found = [c.section for c in cited if c.kind in ("statute", "regulation", "uniform") and c.section]
    if _CODE_NEAR.search(text):
        found += _SECTION.findall(text)
    return list(dict.fromkeys(number.split(":")[-1] for number in found))


def names_of(text: str, cited: Sequence[LegalCitation] = ()) -> list[str]:
    """Look-up keys of the cases that the question names in full, or alone where it asks whether they still hold."""
    written = [c.name for c in cited if c.kind == "case" and c.name]
    written += [match.group() for match in _VERSUS.finditer(text)]
    keys = [name_key(_trimmed(name)) for name in written]
    if not written:
        for match in _STILL.finditer(text):
            name = _trimmed(match["name"])
            keys += short_keys(name)[:1] if name else []
    return list(dict.fromkeys(key for key in keys if key))


def _trimmed(name: str) -> str:
    words = name.split()
    while words and words[0] in _COMMON:
        words.pop(0)
    return " ".join(words)


def law_of(text: str, cited: Sequence[LegalCitation], forums: Sequence[tuple[str, int, int]]) -> str:
    """ "federal", a state's path, or "" where the question does not show whose law it is about."""
    for citation in cited:
        if citation.kind in ("statute", "regulation", "constitution") and citation.jurisdiction:
            return "federal" if citation.jurisdiction.startswith("us/fed") else citation.jurisdiction
    if _FEDERAL.search(text):
        return "federal"
    for path, start, end in forums:
        if path.startswith("us/state/") and re.search(r"\blaw\b", text[start : end + 6]):
            return "/".join(path.split("/")[:3])
    state = [path for path, _, _ in forums if path.startswith("us/state/")]
    return "/".join(state[0].split("/")[:3]) if state else ""


def _forums(text: str) -> list[tuple[str, int, int]]:
    return [(path, start, end) for path, start, end in forums_in(text) if path]


def _narrowed(text: str, forums: Sequence[tuple[str, int, int]]) -> dict[str, Any]:
    """A filter where the question says that nothing else counts; else nothing."""
    if len(forums) != 1:
        return {}
    path, start, end = forums[0]
    around = text[max(0, start - 40) : end + 40]
    return {"filters": {"jurisdictions": [path]}, "only": True} if _ONLY.search(around) else {}


def jurisdictions(path: str) -> list[str]:
    """The values of the filter field `jurisdictions` for a document at `path`: the path and all above it."""
    return list(ancestors(path))
