"""What kind of answer a question wants, and whether a sentence has the look of one.

Surface cues: "who" wants a name, "when" a date, "how many" a number, "why" a reason. They break ties between sentences
that share the question's words; they never make a sentence an answer by themselves.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Literal

from assay.textual.names import names
from assay.textual.normalise import plain
from assay.textual.quantities import quantities

Kind = Literal[
    "who",
    "when",
    "count",
    "duration",
    "why",
    "definition",
    "howto",
    "version",
    "effect",
    "holding",
    "permission",
    "open",
]

_KINDS: list[tuple[Kind, re.Pattern[str]]] = [
    (
        "version",
        re.compile(r"\b(?:deprecated|removed|added|introduced|changed)\b.*\b(?:version|python|release|in)\b", re.I),
    ),
    (
        "duration",
        re.compile(r"\bhow (?:long|soon|often|frequently)\b|\bwhat (?:is|was) the (?:duration|term|period)\b", re.I),
    ),
    (
        "count",
        re.compile(
            r"\bhow (?:many|much|large|high|big|old|far)\b|\bwhat (?:is|was|are"
            r"|were) the (?:\w+ ){0,3}(?:number|rate|percentage"
            r"|proportion|dose|dosage|amount|size|price|fee|limit|maximum|minimum|prevalence|incidence"
            r"|sensitivity)\b",
            re.I,
        ),
    ),
    (
        "when",
        re.compile(
            r"\bwhen\b(?! (?:is|are) (?:it|a|an|the) \w+ (?:used|allowed))|\bwhat (?:date|year|day|time)\b", re.I
        ),
    ),
    ("who", re.compile(r"\bwho(?:m|se)?\b|\bwhich (?:court|judge|company|party|author|person|country)\b", re.I)),
    ("why", re.compile(r"\bwhy\b|\bwhat (?:is|are|was|were) the (?:reason|cause|rationale)s?\b|\bhow come\b", re.I)),
    (
        "effect",
        re.compile(
            r"\b(?:effect|efficacy|effective|risk|benefit|outcome|higher, lower|increase|decrease|reduce"
            r"|improve|associated"
            r"|association|compared)\b",
            re.I,
        ),
    ),
    ("holding", re.compile(r"\b(?:court|judge|panel|ruling|held|hold|decide[ds]?|decision|case)\b", re.I)),
    (
        "howto",
        re.compile(
            r"\bhow (?:to|do|can|should|would|could)\b|^\s*(?:convert|create|get|sort|remove|find|print|split"
            r"|replace|check|count"
            r"|read|write|add|make|list|extract|iterate|download|parse|format|set|open|append|delete|select|use"
            r"|call|install)\b"
            r"|\bexample|\bsample code\b|\bcode\b",
            re.I,
        ),
    ),
    (
        "definition",
        re.compile(
            r"^\W*(?:what (?:is|are|does|do)|define|explain|describe)\b|\bdefin(?:e[ds]?|ition)\b|\bmean(?:s|ing)?\b"
            r"|\bdifference between\b",
            re.I,
        ),
    ),
    (
        "permission",
        re.compile(r"^\W*(?:may|can|must|shall|is|are|does|do|should)\b|\b(?:allowed|permitted|required)\b", re.I),
    ),
]
_REASON = re.compile(
    r"\b(?:because|since|due to|so that|in order to|therefore|thus|reason|explain(?:s|ed)?|as a result)\b", re.I
)
_DEFINES = re.compile(
    r"\b(?:means?|refers? to|is defined|are defined|is (?:a|an|the|any)\b|are (?:a|the|any)?\b|includes?"
    r"|consists? of|denotes?"
    r"|occurs when|returns?)\b",
    re.I,
)
_EFFECT = re.compile(
    r"\b(?:conclu(?:de|sion)\w*|significant(?:ly)?|results?|showed|found|associated|reduced|increased|improved"
    r"|lower|higher"
    r"|no difference|compared|versus|effective|superior|inferior|odds|ratio|confidence|95\s*%)\b",
    re.I,
)
_HOLDING = re.compile(
    r"\b(?:held|hold|holds|holding|conclude[sd]?|affirm(?:ed|s)?|reverse[ds]?|vacate[ds]?|remand\w*|ruled?"
    r"|found|finds?|decided"
    r"|agree[ds]?|reject(?:s|ed)?)\b",
    re.I,
)
_VERSION = re.compile(
    r"\b(?:deprecated|removed|version(?:added|changed)|added in|changed in|new in|since|as of|replaced"
    r"|instead)\b",
    re.I,
)
_RULE = re.compile(
    r"\b(?:may|must|shall|should|can|cannot|not|only|unless|except|required|prohibited|permitted|entitled)\b", re.I
)
_DO = re.compile(
    r"\b(?:use|using|call|create|pass|set|returns?|you can|you may|to do|run|install|add|import|example|specify"
    r"|provide)\b|`|\(\)",
    re.I,
)


@functools.lru_cache(maxsize=256)
def kinds(question: str) -> tuple[Kind, ...]:
    """The kinds of answer that `question` may want, in order of how telling the cue is; ("open",) where none is."""
    return tuple(kind for kind, pattern in _KINDS if pattern.search(question)) or ("open",)


def looks_like(kind: Kind, sentence: str) -> float:
    """From 0 (no sign) to 1: whether `sentence` has the look of an answer of that kind."""
    test = _TESTS.get(kind)
    return test(sentence) if test else 0.0


def cue(question: str, sentence: str) -> float:
    """The best of the question's two most telling kinds, the second at three quarters."""
    shares = (1.0, 0.75)
    return max(
        (looks_like(kind, sentence) * share for kind, share in zip(kinds(question), shares, strict=False)), default=0.0
    )


_AIM = re.compile(
    r"\b(?:aim(?:s|ed)?|purpose|objective|goal)s?\b|^\W*(?:[A-Z]{4,}:\s*)?to (?:determine|assess|evaluate"
    r"|investigate|examine|compare"
    r"|test|explore|describe|study|analy[sz]e|identify|review|estimate|establish)\b"
    r"|\bwe (?:sought|investigate[ds]?|examined?|assessed|evaluated|hypothesi[sz]ed|aimed|tested|compared|asked"
    r"|wanted|studied)\b"
    r"|\b(?:was|were) (?:randomi[sz]ed|randomly|recruited|enrolled|assigned|measured using|collected)\b"
    r"|\bthe (?:questions?|issues?)\b.*\b(?:was|were|is|are) (?:\w+ )?whether\b"
    r"|\b(?:unknown|unclear|controversial|poorly understood|remains? to be)\b|\bwhether\b.*\b(?:was"
    r"|is) (?:evaluated|examined|assessed)\b",
    re.I,
)
_FINDING = re.compile(
    r"\b(?:conclu(?:de|sion)\w*|we (?:found|show|demonstrate[ds]?|observed|report)|our (?:results|findings"
    r"|data)|these (?:results"
    r"|findings|data)|results? (?:show|suggest|indicate|demonstrate)\w*|significant(?:ly)?|no difference"
    r"|did not differ|p\s*[<=>]"
    r"|95\s*%|odds ratio|hazard ratio|relative risk|was (?:higher|lower|associated|reduced|increased|similar))",
    re.I,
)


_ASKS_FINDING = re.compile(
    r"\bwhat\b.*\b(?:did|do|does|has|have)\b.*"
    r"\b(?:find|found|show|shown|report|conclude|observe|hold|decide|rule)\b",
    re.IGNORECASE,
)


def role(question: str, sentence: str, label: str) -> float:
    """From -1 to 1 for a question on an effect or a finding: conclusions and results answer it, aims and methods repeat
    it. 0 for every other question."""
    if not {"effect", "permission"} & set(kinds(question)) and not _ASKS_FINDING.search(question):
        return 0.0
    by_label = next((value for part, value in _LABELS.items() if part in label), 0.0)
    by_words = 0.7 if _FINDING.search(sentence) else -0.7 if _AIM.search(sentence) else 0.0
    return max(-1.0, min(1.0, by_label + by_words)) if by_label or by_words else 0.0


_LABELS = {
    "CONCLUSION": 1.0, "HOLDING": 1.0, "INTERPRETATION": 1.0, "IMPLICATION": 0.6, "FINDING": 0.7, "RESULT": 0.7,
    "OBJECTIVE": -1.0,
    "AIM": -1.0, "PURPOSE": -1.0, "BACKGROUND": -0.6, "INTRODUCTION": -0.6, "CONTEXT": -0.6, "METHOD": -0.8,
    "DESIGN": -0.8, "SETTING": -0.8, "PARTICIPANT": -0.6, "PATIENTS": -0.6, "MATERIAL": -0.8, 
    "INTERVENTION": -0.6, "MEASURE": -0.6,
}  # fmt: skip


def wants_code(question: str) -> bool:
    """Whether an example in code would answer."""
    return "howto" in kinds(question)


@functools.lru_cache(maxsize=512)
def _units(sentence: str) -> frozenset[str]:
    """The units of the quantities in a sentence; two kinds of answer may ask for them."""
    return frozenset(quantity.unit for quantity in quantities(plain(sentence)))


_YEAR = re.compile(r"\b(?:1[789]|20)\d\d\b")


def _count(sentence: str) -> float:
    return 1.0 if _units(sentence) - {"date"} else 0.0


def _when(sentence: str) -> float:
    if "date" in _units(sentence):
        return 1.0
    if re.search(r"\b(?:within|upon|after|before|until|when)\b", sentence):
        return 0.8
    # Looking for names costs more than looking for four digits.
    return 0.8 if _YEAR.search(sentence) and any(name.kind == "year" for name in names(sentence)) else 0.0


def _duration(sentence: str) -> float:
    return 1.0 if _units(sentence) & {"s", "month", "business day"} else 0.0


def _who(sentence: str) -> float:
    return 1.0 if any(name.kind == "proper" for name in names(sentence)) else 0.0


def _pattern(pattern: re.Pattern[str]) -> Callable[[str], float]:
    return lambda sentence: 1.0 if pattern.search(sentence) else 0.0


_TESTS: dict[Kind, Callable[[str], float]] = {
    "who": _who,
    "when": _when,
    "count": _count,
    "duration": _duration,
    "why": _pattern(_REASON),
    "definition": _pattern(_DEFINES),
    "howto": _pattern(_DO),
    "version": _pattern(_VERSION),
    "effect": _pattern(_EFFECT),
    "holding": _pattern(_HOLDING),
    "permission": _pattern(_RULE),
}
