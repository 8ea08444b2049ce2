"""What a question takes for granted and the library contradicts, said with the evidence.

Two kinds are looked at. A case that the question treats as good while documents report that it was overruled or set
aside; and a section that the question says to demand something of which its stored text does not speak, or of which it
says the opposite. Silence of the library contradicts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assay.domains.legal.currency import described, severity
from assay.ports import Library
from assay.textual.sentences import sentences
from assay.textual.similarity import weight
from assay.textual.tokens import tokens
from assay.types import DocumentInfo, Fact

_DEMAND = re.compile(
    r"\b(?P<verb>must|shall|requires?|required|has to|have to|needs? to|always|prohibits?|forbids?|bars?"
    r"|never)\b(?P<rest>[^?.;]{3,200})",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^\s*(?:under|since|because|given that|as|according to|by|per|if|in view of|considering that|assuming)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(r"^\s*(?:does|do|is|are|must|shall|can|may|when|what|which|whether|who|how)\b", re.IGNORECASE)
_FREED = re.compile(
    r"\b(?:need not|not (?:be )?(?:required|necessary)|no requirement|without|unless|may|even though|although)\b",
    re.IGNORECASE,
)
_MOST_DOCUMENTS = 3
_WIDELY = 3.0
_MOST_SUGGESTED = 8


def contradicted(reading: Mapping[str, Any], library: Library) -> list[str]:
    """A warning for each premise of the question that the library contradicts."""
    return [*_overruled(reading, library), *_not_said(reading, library)]


def suggested(reading: Mapping[str, Any], library: Library) -> tuple[str, ...]:
    """The documents that are known under a citation of the question, then under a name in it; at most eight."""
    keys = [str(key) for field in ("citations", "names") for key in reading.get(field, ())]
    if not keys:
        return ()
    place = {key: number for number, key in reversed(list(enumerate(keys)))}
    facts = sorted(
        library.facts("authority", keys), key=lambda fact: (place.get(fact.key, len(keys)), fact.document_id)
    )
    return tuple(dict.fromkeys(fact.document_id for fact in facts))[:_MOST_SUGGESTED]


def _overruled(reading: Mapping[str, Any], library: Library) -> list[str]:
    keys = [*(str(key) for key in reading.get("citations", ())), *(str(key) for key in reading.get("names", ()))]
    if not keys:
        return []
    facts = [fact for fact in library.facts("treatment", keys) if severity(fact) == "stop"]
    seen: dict[str, Fact] = {}
    for fact in sorted(facts, key=lambda f: (str(f.value.get("date", "")), f.document_id, f.start), reverse=True):
        seen.setdefault(str(fact.value.get("name") or fact.key), fact)
    return [f"{_shown(name)}, which the question names, was {described(fact)}" for name, fact in sorted(seen.items())]


def _shown(name: str) -> str:
    return name.removeprefix("name:")


def _not_said(reading: Mapping[str, Any], library: Library) -> list[str]:
    text = str(reading.get("text", ""))
    demand = _DEMAND.search(text)
    if demand is None or not _presupposed(text, demand.start()):
        return []
    warnings = []
    for info in _sections(reading, library)[:_MOST_DOCUMENTS]:
        body = library.text(info.id) or ""
        warning = _compared(demand, text, info, body)
        if warning:
            warnings.append(warning)
    return warnings[:1]


def _presupposed(text: str, place: int) -> bool:
    """Whether the demand is stated and not asked: it stands behind "under", "since" and the like, or before the
    question proper begins."""
    before = text[:place]
    clause = re.split(r"[.;?]\s", before)[-1]
    return _LEAD.match(clause) is not None or (_ASKED.match(clause) is None and "?" in text[place:])


def _sections(reading: Mapping[str, Any], library: Library) -> Sequence[DocumentInfo]:
    keys = [str(key) for key in reading.get("citations", ()) if not str(key)[:1].isdigit() or "§" in str(key)]
    facts = library.facts("authority", keys) if keys else ()
    found = [library.document(fact.document_id) for fact in facts]
    return [info for info in found if info is not None]


def _compared(demand: re.Match[str], question: str, info: DocumentInfo, body: str) -> str:
    """The warning where the section's text lacks the demanded thing, or speaks of it without demanding it."""
    wanted = [
        word
        for word in dict.fromkeys(tokens(demand["rest"]))
        if weight(word) >= 1.0 and word.isalpha() and len(word) > 3
    ]
    held = set(tokens(body))
    named = set(tokens(question[: demand.start()]))
    wanted = [word for word in wanted if word not in named]
    if not wanted or len(body) > 20_000:
        return ""
    missing = [word for word in wanted if word not in held]
    if len(missing) == len(wanted) or (missing and missing[0] == wanted[0]):
        shown = _written(demand["rest"], missing)
        return f"the question supposes that {info.title} speaks of {shown}; its stored text does not"
    for span in sentences(body):
        said = span.of(body)
        inside = set(tokens(said))
        if wanted[0] in inside and _FREED.search(said) and not re.search(r"\b(?:must|shall|required)\b", said):
            return f"the question supposes a demand; {info.title} says: “{' '.join(said.split())[:300]}”"
    return ""


def _written(rest: str, missing: Sequence[str]) -> str:
    """The words of the question whose stems are missing, as written."""
    shown = [word for word in re.findall(r"[A-Za-z][\w'-]+", rest) if set(tokens(word)) & set(missing)]
    return ", ".join(f"“{word}”" for word in dict.fromkeys(shown)) or "that"
