"""Findings of one study, taken from its result and conclusion sentences: who, against whom, on what, which way.

Patterns of how results are reported name the outcome and the arms; the title names the arms where a sentence does not.
A sentence that fits no pattern gives no finding: nothing is guessed. Every finding carries its sentence. "Equivalent"
and "non-inferior" are said only where the sentence says so; "no difference shown" is not equivalence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from assay.domains.medical.findings.clauses import Said, is_increase, noun, statements
from assay.domains.medical.findings.direction import Direction
from assay.domains.medical.findings.reading import content_words, is_bad, stem
from assay.textual.sentences import sentences
from assay.types import Document, Record

Claim = Literal["difference", "no_difference_shown", "equivalent", "non_inferior", "unclear"]
Benefit = Literal["benefit", "harm", "neutral", "unknown"]
_MOST = 12
_RESULTS = re.compile(r"result|finding|conclusion|outcome|interpretation|discussion|summary", re.IGNORECASE)
_NOT_RESULTS = re.compile(
    r"background|objective|aim|purpose|method|design|setting|introduction|context"
    r"|intervention|participant|patients?$|trial registration|registration|funding",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:^|(?<=[.\n]\s)|(?<=\n))([A-Z][A-Z &/,-]{3,60}):\s")


@dataclass(frozen=True, slots=True)
class StudyFinding(Record):
    """One reported result; text[start:end] is its sentence.

    `significant` is what the sentence says (p, interval, words), None where it says nothing; `benefit` reads the
    direction with the outcome's polarity.
    """

    intervention: str
    comparator: str
    outcome: str
    population: str
    direction: Direction
    claim: Claim
    effect: str
    significant: bool | None
    start: int
    end: int
    benefit: Benefit = "unknown"
    document_id: str = ""
    year: int | None = None
    n: int | None = None
    design: str = ""


def findings_of(document: Document) -> tuple[StudyFinding, ...]:
    """The findings of a document's result and conclusion sentences, at most twelve, in the order of the text."""
    arms = _arms_of_title(document.title)
    found: list[StudyFinding] = []
    for start, end in _result_sentences(document):
        for finding in _in_sentence(document, start, end, arms):
            found.append(finding)
            if len(found) == _MOST:
                return tuple(found)
    return tuple(found)


def finding_from(held: Mapping[str, Any]) -> StudyFinding:
    """A finding back from `finding.to_dict()`; unknown keys are left out."""
    return StudyFinding(**{key: value for key, value in held.items() if key in StudyFinding.__dataclass_fields__})


def finding_key(finding: StudyFinding) -> str:
    """The normalised outcome and intervention: findings of one key are about the same thing."""
    parts = (sorted(set(_telling(text))) for text in (finding.outcome, finding.intervention))
    return " | ".join(" ".join(words) for words in parts)


# --- which sentences ------------------------------------------------------------------------------------------------


def _result_sentences(document: Document) -> Iterator[tuple[int, int]]:
    text = document.text
    sections = _sections(document)
    for place, span in enumerate(spans := sentences(text)):
        if span.kind not in ("prose", "list"):
            continue
        label = next((name for name, start, end in sections if start <= span.start < end), "")
        told = bool(_RESULTS.search(label)) if label else place * 5 >= len(spans) * 2
        if (
            told
            and not (label and _NOT_RESULTS.search(label) and not _RESULTS.search(label))
            and _CUE.search(text, span.start, span.end)
        ):
            match = _LABEL.match(text, span.start, span.end)
            yield (match.end() if match else span.start), span.end


def _sections(document: Document) -> list[tuple[str, int, int]]:
    held = document.metadata.get("sections") or ()
    given = [(str(s[0]), int(s[1]), int(s[2])) for s in held if isinstance(s, (list, tuple)) and len(s) == 3]
    if given:
        return given
    marks = [(m[1], m.start()) for m in _LABEL.finditer(document.text)]
    ends = [*(start for _, start in marks[1:]), len(document.text)]
    return [(name, start, end) for (name, start), end in zip(marks, ends, strict=False)]


# --- what a sentence says -------------------------------------------------------------------------------------------

_EFFECT = re.compile(
        r"\b(?:(?:adjusted |pooled |crude |weighted |standardi[sz]ed )?(?:hazard ratio"
        r"|odds ratio|risk ratio|relative risk|rate ratio|risk difference|mean difference"
        r"|a?HR|a?OR|RR|IRR|RD|MD|SMD|WMD))\b[^.;]{0,14}?[-−–]?\d+(?:[.·]\d+)?[^;.]{0,4}?(?:[\[(,;]?\s*(?:"
        r"95|90|99)\s?%?\s*(?:CI|confidence interval)[^)\];]{0,6}?[-−–]?\d+(?:[.·]\d+)?\s*(?:to"
        r"|–|-|−|,)\s*[-−–]?\d+(?:[.·]\d+)?)?",
    re.IGNORECASE,
)  # fmt: skip
_P = re.compile(r"\bp\s*(?:value\s*)?(?P<op>[<>=≤≥])\s*(?P<v>[01]?[.·]\d+)", re.IGNORECASE)
_INTERVAL = re.compile(
    r"(?:CI|interval)[\])]?\s*[,:;=]?\s*[\[(]?\s*(?P<lo>[-−–]?\d+(?:[.·]\d+)?)\s*%?\s*(?:to"
    r"|–|-|−|,)\s*(?P<hi>[-−–]?\d+(?:[.·]\d+)?)",
    re.IGNORECASE,
)
_NOT_SIGNIFICANT = re.compile(
    r"\b(?:not|no|non-?|without)\s*(?:statistically\s+)?significant|nonsignificant"
    r"|\bn\.?s\.?\b|not reach\w* (?:statistical )?significance",
    re.IGNORECASE,
)
_SIGNIFICANT = re.compile(r"\bsignifican", re.IGNORECASE)
_POPULATION = re.compile(
    r"\b(?:in|among|for|of)\s+((?:\w+[\s-]){0,5}?(?:patients|adults|children|women"
    r"|men|infants|adolescents|participants|subjects|people|volunteers|neonates"
    r"|elderly)(?:\s+(?:with|who|undergoing|aged|having|after)\s+[^,;:.()]{3,60})?)",
    re.IGNORECASE,
)
_TITLE_ARMS = (
    re.compile((
        r"(?P<i>[^:;?.]{3,70}?)\s+(?:versus|vs\.?|compared (?:with|to)|or)\s+(?P<c>[^:;?.]{3,60}?)(?=\s+(?"
        r":for|in|on|as|after|during|to|among)\b|[:;?.]|$)"
    ), re.IGNORECASE),
    re.compile((
        r"\b(?:effects?|efficacy|effectiveness|impact|influence|safety|role)\s+of\s+(?P<i>[^:;?.]{3,70}?)("
        r"?=\s+(?:on|in|for|versus|vs|and its|among|as|with|to)\b|[:;?.]|$)"
    ), re.IGNORECASE),
    re.compile((
        r"^(?P<i>[^:;?.]{3,60}?)\s+(?:for|in|as|improves?|reduces?|increases?|does|and"
        r"|to (?:treat|prevent|reduce|improve))\b"
    ), re.IGNORECASE),
)  # fmt: skip
_CUE = re.compile(
    r"\b(?:increas|improv|enhanc|rais|elevat|prolong|promot|boost|reduc|decreas|lower|shorten|prevent|attenuat|suppress"
    r"|diminish|inhibit|alleviat|reliev|declin|fell|rose|higher|greater|larger|longer|more|better|superior|faster|less"
    r"|smaller|shorter|fewer|worse|poorer|inferior|slower|differ|effect|chang|similar|comparable|equivalen|unchanged"
    r"|non-?inferior|benefit|impact|did not|not significant)",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:the )?(?:intervention|treatment|experimental|study|active|both|all|two|control|it|each)"
    r"(?: (?:groups?|arms?))?s?",
    re.IGNORECASE,
)
_VALUED = frozenset({"better", "superior", "improved", "improves", "worse", "poorer", "inferior"})


@dataclass(frozen=True, slots=True)
class _Arms:
    intervention: str = ""
    comparator: str = ""
    population: str = ""


def _arms_of_title(title: str) -> _Arms:
    population = _POPULATION.search(title)
    for pattern in _TITLE_ARMS:
        match = pattern.search(title)
        if match:
            held = match.groupdict()
            return _Arms(noun(held["i"]), noun(held.get("c") or ""), population[1] if population else "")
    return _Arms(population=population[1] if population else "")


def _in_sentence(document: Document, start: int, end: int, arms: _Arms) -> Iterator[StudyFinding]:
    for said in islice(statements(document.text, start, end), 3):
        finding = _finding(document, said, arms, start, end)
        if finding is not None:
            yield finding


def _finding(document: Document, said: Said, arms: _Arms, start: int, end: int) -> StudyFinding | None:
    intervention = _named(said.intervention, arms.intervention)
    if not intervention:
        return None
    sentence, clause = document.text[start:end], document.text[said.start : said.end]
    significant = _significance(clause if _P.search(clause) or _INTERVAL.search(clause) else sentence)
    direction, claim = _way(said, significant)
    effect = _EFFECT.search(clause) or _EFFECT.search(sentence)
    population = _POPULATION.search(sentence)
    year, n, design = _recorded(document.metadata)
    return StudyFinding(
        intervention=intervention,
        comparator=_named(said.comparator, arms.comparator),
        outcome=said.outcome,
        population=population[1] if population else arms.population,
        direction=direction,
        claim=claim,
        effect=effect.group().strip(" ,;") if effect else "",
        significant=significant,
        start=start,
        end=end,
        benefit=_benefit(direction, said.outcome, said.way),
        document_id=document.id,
        year=year,
        n=n,
        design=design,
    )


def _way(said: Said, significant: bool | None) -> tuple[Direction, Claim]:
    if said.form in ("non_inferior", "equivalent"):
        return "no_difference", said.form
    if said.form == "none" or significant is False:
        return "no_difference", "no_difference_shown"
    way = said.way.lower()
    if way in _VALUED:
        bad = is_bad(said.outcome)
        if bad is None:
            return "unclear", "difference"
        return ("increased" if (way in ("worse", "poorer", "inferior")) == bad else "decreased"), "difference"
    return ("increased" if is_increase(way) else "decreased"), "difference"


def _benefit(direction: Direction, outcome: str, way: str) -> Benefit:
    if direction == "no_difference":
        return "neutral"
    if re.match(r"improv|better|superior|alleviat|reliev", way, re.IGNORECASE):
        return "benefit"
    if re.match(r"worse|poorer|inferior", way, re.IGNORECASE):
        return "harm"
    bad = is_bad(outcome)
    if bad is None or direction == "unclear":
        return "unknown"
    return "benefit" if (direction == "decreased") == bad else "harm"


def _significance(text: str) -> bool | None:
    """What the words say: a p-value first, then an interval against its null value, then "significant" itself."""
    p = _P.search(text)
    if p:
        value = float(p["v"].replace("·", "."))
        return False if p["op"] in ">≥" and value >= 0.01 else value < 0.05 or (value == 0.05 and p["op"] in "<≤")
    if _NOT_SIGNIFICANT.search(text):
        return False
    interval = _INTERVAL.search(text)
    if interval:
        low, high = (float(re.sub("[−–]", "-", interval[key]).replace("·", ".")) for key in ("lo", "hi"))
        ratio = re.search(r"ratio|\b(?:a?HR|a?OR|RR|IRR)\b|relative risk", text) is not None
        return not (low <= (1.0 if ratio else 0.0) <= high)
    return True if _SIGNIFICANT.search(text) else None


def _recorded(metadata: Mapping[str, Any]) -> tuple[int | None, int | None, str]:
    numbers = [
        value if isinstance(value, int) and not isinstance(value, bool) else None
        for value in (metadata.get("year"), metadata.get("sample_size"))
    ]
    return numbers[0], numbers[1], str(metadata.get("study_design") or "")


def _named(found: str, other: str) -> str:
    """The phrase found, or the title's arm where the sentence only says "the treatment group"."""
    return other if not found or (other and _GENERIC.fullmatch(found)) else found


def _telling(text: str) -> list[str]:
    return [word for word in content_words(text) if len(word) > 2] or [stem(word) for word in text.lower().split()]
