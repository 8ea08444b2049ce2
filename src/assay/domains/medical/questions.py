"""What a question on medicine asks for: the kind of evidence, the people it is about, and whether it may be answered.

Safety comes first and is decided in `assay.domains.medical.safety`; here is only what narrows and ranks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from assay.domains.medical.evidence.level import QuestionType
from assay.domains.medical.safety import screen

_KINDS: tuple[tuple[QuestionType, re.Pattern[str]], ...] = tuple(
    (cast("QuestionType", kind), re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("screening", r"\bscreening\b"),
        (
            "diagnosis",
            r"\bdiagnos\w+|\bsensitivity\b|\bspecificity\b|\baccura\w+|\bpredictive value|\bdetect(?:s|ing|ion)?\b",
        ),
        ("prevalence", r"\bprevalen\w+|\bincidence\b|\bhow (?:common|frequent|many)\b|\bepidemiolog\w+"),
        (
            "harm",
            r"\b(?:adverse|side) effects?\b|\bharms?\b|\bsafe(?:ty)?\b|\btoxic\w*|\brisks? of\b|\bcauses?\b"
            r"|\bcomplications?\b",
        ),
        (
            "prognosis",
            r"\bprognos\w+|\bsurvival\b|\bpredict\w*|\boutcomes? of (?:patients|people)\b|\bnatural history\b",
        ),
        (
            "therapy",
            r"\b(?:treat|therap|reduc|improv|effect|efficac|prevent|benefit|intervention|compared|versus)\w*|\bvs\b",
        ),
    )
)
_PEOPLE = {
    "children": r"\bchild(?:ren|hood)?\b|\bpa?ediatric\w*|\binfants?\b|\badolescen\w+|\bneonat\w+|\bnewborns?\b",
    "pregnancy": r"\bpregnan\w+|\bgestation\w*|\bmaternal\b|\blactat\w+|\bbreastfeed\w*",
    "older people": r"\bold(?:er)? (?:people|adults|persons|patients)\b|\belderly\b|\bgeriatric\w*",
    "women": r"\bwomen\b|\bfemales?\b",
    "men": r"\bmen\b|\bmales?\b",
    "adults": r"\badults?\b",
    "animals": r"\banimals?\b|\bmice\b|\brats?\b|\bmouse\b",
}
_COMPILED = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _PEOPLE.items()}
_PAPER = r"(?:article|paper|preprint|stud(?:y|ies)|report|publication|trial)s?"
_RETRACTION = re.compile(
    r"\bretract(?:ed|ion|ions)\b|\bexpression of concern\b"
    rf"|\b{_PAPER}\b[^?.]*\bwithdrawn\b|\bwithdrawn\b[^?.]*\b{_PAPER}\b",
    re.IGNORECASE,
)


def reading_of(text: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """`question_type`, `population`, `terms` of the terminology boost, and `stop` where safety forbids an answer."""
    decision = screen(text, region=str(settings.get("region", "")))
    reading: dict[str, Any] = {
        "question_type": kind_of(text),
        "population": people_of(text),
        "terms": terms_in(text, settings.get("terminology_boost", ())),
        "about_retraction": _RETRACTION.search(text) is not None,
        "concerns": list(decision.concerns),
    }
    if decision.stop:
        reading["stop"] = {"kind": decision.action, "message": decision.message, "urgent": decision.urgent}
    return reading


def kind_of(text: str) -> QuestionType:
    """The kind of question, which decides the column of the OCEBM table; therapy where nothing else is named."""
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "therapy")


def people_of(text: str) -> list[str]:
    """The groups of people that a text names."""
    return [name for name, pattern in _COMPILED.items() if pattern.search(text)]


def terms_in(text: str, terms: object) -> list[str]:
    """The terms of the boost that stand in `text`, in any ending."""
    listed: Sequence[object] = terms if isinstance(terms, (list, tuple)) else ()
    lower = text.lower()
    return [term for term in listed if isinstance(term, str) and term.strip() and _root(term) in lower]


def _root(term: str) -> str:
    """A term without its ending, so that "diagnosis" meets "diagnostic"."""
    clean = term.strip().lower()
    return clean[: max(5, len(clean) - 3)]
