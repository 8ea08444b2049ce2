"""Sentences of a passage, found by the benchmark's own rules (never by those of the engine under test).

Strict rather than complete: a stretch that might not be one clean sentence is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

SPACE = re.compile(r"\s+")
_BOUNDARY = re.compile(r"(?<=[.!?])[\"”’')\]]{0,2}(?=\s+(?:[\"“‘(\[`:*]{0,2}[A-Z0-9]|:[a-z:]+:`|``?[a-z]|\*[a-z]))")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|v|vs|Mr|Mrs|Ms|Dr|Jr|Sr|St|Inc|Corp|Ltd|Co|No|Nos|Art|Sec|Ch|Fig|Figs|Eq|Ref|al|cf|Cf|e\.g|i\.e|"
    r"E\.g|I\.e|viz|approx|ca|resp|etc|Supp|Cir|Ct|Rev|Stat|Fed|Crim|Civ|App|Ann|Mass|Cal|Id|id|Ed|ed|seq|Bros|Assn|"
    r"Dist|Dep't|Gov|Hon|Prof|Gen|Const|Op|op|Tr|pp|p|n|s\.d|S\.D|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|"
    r"Conn|Va|Fla|Ill|Tex|Pa|Me|Del|Ind|Wis|Minn|Colo|Ariz|Ga|La|Md|Mich|Mo|Tenn|Wash|Int'l|Nat'l|Ass'n)|"
    r"\b(?:[A-Za-z]\.)+[A-Za-z])\.$"
)
_LABEL = re.compile(
    r"^(?:(?:BACKGROUND|OBJECTIVES?|AIMS?|PURPOSE|METHODS?|METHODOLOGY|DESIGN|SETTING|PARTICIPANTS|PATIENTS|RESULTS?|"
    r"FINDINGS?|CONCLUSIONS?|INTERPRETATION|CONTEXT|INTRODUCTION|MATERIALS?|MEASUREMENTS?|MAIN|OUTCOMES?|MEASURES?|"
    r"INTERVENTIONS?|LIMITATIONS?|FUNDING|SIGNIFICANCE|IMPORTANCE|SAMPLE|SUBJECTS|DISCUSSION|DATA|SOURCES?|STUDY|"
    r"SELECTION|EXTRACTION|SYNTHESIS|AND|PRINCIPAL|PRIMARY|KEY|TRIAL|REGISTRATION|ANALYSIS|SUMMARY|OF|REVIEW|RATIONALE|"
    r"[A-Z][A-Z/&,'’ -]{3,60}(?=:))[ :/&,]+)+"
)
_LEANS = re.compile(
    r"^(?:This|These|Those|That|It|They|He|She|His|Her|Their|Its|Such|However|Thus|Therefore|Hence|"
    r"Moreover|Furthermore|"
    r"Also|But|And|Or|So|Yet|Accordingly|Consequently|Nevertheless|Nonetheless|Additionally|Finally|First|Second|Third|"
    r"Then|Instead|Similarly|Likewise|Here|There,|Both|Neither|Again|Indeed|Otherwise|See|Id|Cf|Compare|Accord|E\.g|"
    r"I\.e|Ibid|Note|Rather|Conversely|Further|Note that|For example|For instance|In addition|In contrast|As a result|"
    r"Because of this|On the other hand|One of these|Any such|No such|The same|The former|The latter|"
    r"The above|Above|Firstly|Secondly|Thirdly|Lastly|As a consequence|To this end|To that end|In the "
    r"final analysis|For the reasons|For the foregoing|By contrast|On remand|(?:In|For|At|On|With|By|"
    r"Under|To|From|After|Before|Given|Upon|As in) (?:this|that|these|those|such|either|each)(?! "
    r"(?:study|paper|report|article|Agreement|party|Party)\b))\b"
)
_DEBRIS = re.compile(
    r"-\d+-|\bon (?:the )?brief|Atty\.|\.\[\d+\]|\. §|\f|\.\d{1,3}\s+[A-Z]|[a-z]\.\d|_{3}|\*{3}|={3}|"
    r"-{4}|\.{3}|…|[•■□●]|\||"
    r"\d\s+\d\s+\d\s+\d|:: |>>>|"
    r"\\\\|[<>]{2}|https?:|www\.|@|\[\*|\b[A-Za-z]+\.[A-Z][a-z]+\s|[{}]|\bPage\b|\bthis (?:page|figure|table)\b|"
    r"\b(?:Table|Figure|Fig\.?) \d|^\d|[:;] \(?[\da-z.]+\)?\.$|\s\*\d|\. ?\. ?\.|"
    r"\b[a-z]+\d{1,2}\s+[A-Z][a-z]|:: *$|\(\s|\s\)|\s[.,;]"
)
_GLUED = re.compile(r"\b[a-z]{21,}\b")
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|may|must|shall|should|will|would|can|could|might|"
    r"[a-z]{3,}(?:ed|es|s)|found|held|made|led|gave|took|became|began|saw|showed|set|let)\b"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One clean sentence: passage text[start:end], and the same with white space made single."""

    start: int
    end: int
    raw: str
    text: str


def squash(text: str) -> str:
    """Every run of white space as one blank."""
    return SPACE.sub(" ", text).strip()


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """The spans between sentence ends, clean or not, in order."""
    start = 0
    for match in _BOUNDARY.finditer(text):
        if not _ABBREVIATION.search(text[max(start, match.start() - 12) : match.start()]):
            yield start, match.end()
            start = match.end()
    yield start, len(text)


def sentences(text: str, spans: Iterator[tuple[int, int]] | None = None) -> list[Sentence]:
    """The clean sentences of `text`, or of the stretches `spans` of it."""
    found = []
    for low, high in spans if spans is not None else paragraphs(text):
        for start, end in pieces(text[low:high]):
            sentence = _clean(text, low + start, low + end)
            if sentence is not None:
                found.append(sentence)
    return found


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The stretches of `text` that no blank line interrupts."""
    start = 0
    for match in re.finditer(r"\n[ \t]*\n\s*", text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _clean(text: str, start: int, end: int) -> Sentence | None:
    while start < end and text[start].isspace():
        start += 1
    label = _LABEL.match(text, start, end) if text[start : start + 2].isupper() else None
    if label := _LABEL.match(text[start:end]) if label is None and text[start : start + 2].isupper() else label:
        start += len(label[0])
    bullet = re.match(r"(?:[*+-]|#\.|\([a-z0-9]{1,3}\)|\d{1,2}[.)])\s+", text[start:end])
    if bullet:
        start += len(bullet[0])
    raw = text[start:end].rstrip()
    flat = squash(raw)
    return Sentence(start, start + len(raw), raw, flat) if good(flat) else None


def good(text: str) -> bool:
    """True for one whole declarative sentence that can stand alone."""
    words = text.split()
    return (
        55 <= len(text) <= 380
        and 9 <= len(words) <= 65
        and text.endswith(".")
        and not _ABBREVIATION.search(text)
        and bool(re.match(r"[A-Z`:“\"]", text))
        and not _LEANS.match(text)
        and not _DEBRIS.search(text)
        and not _GLUED.search(text)
        and not _broken(text)
        and bool(_VERB.search(text))
        and balanced(text)
        and sum(word.isupper() and len(word) > 3 for word in words) <= 4
        and sum(character.isalpha() or character == " " for character in text) >= 0.78 * len(text)
    )


def _broken(text: str) -> bool:
    """True if a full stop that ends no abbreviation is followed by a small letter, or an outline number leads."""
    stops = re.finditer(r"(\S+\.) [a-z]", text)
    return bool(re.match(r"[IVX]+\. ", text)) or any(not _ABBREVIATION.search(" " + stop[1]) for stop in stops)


def balanced(text: str) -> bool:
    """True if brackets, double quotation marks and backquotes come in pairs."""
    pairs = (("(", ")"), ("[", "]"), ("“", "”"))
    return all(text.count(a) == text.count(b) for a, b in pairs) and not text.count('"') % 2 and not text.count("`") % 2
