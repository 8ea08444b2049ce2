"""What else a report states of itself: blinding, follow-up, registration, limitations, funding, conflicts of interest.

Each as a span of the text; nothing is inferred from silence. Wording after CONSORT 2010 and its item list.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.textual.sentences import sentences
from assay.types import Record

_BLINDING = (
    ("triple", re.compile(r"\btriple[- ]?(?:blind|mask)\w*", re.IGNORECASE)),
    ("double", re.compile(r"\bdouble[- ]?(?:blind|mask|dummy)\w*", re.IGNORECASE)),
    (
        "single",
        re.compile(
            r"\bsingle[- ]?(?:blind|mask)\w*|\b(?:assessor|observer|evaluator|investigator|examiner|rater|patient"
            r"|participant|subject)s?[- ]"
            r"(?:blind|mask)\w*|\b(?:blinded|masked)\s+(?:\w+\s+)?(?:assess|evaluat|observ|rat|examin|outcome|investigat|review)\w*"
            r"|\b(?:assessors?|observers?|evaluators?|investigators?|examiners?|raters?|clinicians?|patients?"
            r"|participants?|radiologists?|pathologists?|technicians?)\s+"
            r"(?:\w+\s+){0,4}?(?:blind(?:ed)?|masked|unaware)\b|\bsingle-blind",
            re.IGNORECASE,
        ),
    ),
    (
        "open",
        re.compile(
            r"\bopen[- ]?label\w*|\bunblinded\b|\bnon-?blinded\b|\bunmasked\b"
            r"|\bnot\s+(?:blinded|masked)\b|\bopen\s+(?:trial|study|randomi[sz]ed)|\bopen,",
            re.IGNORECASE,
        ),
    ),
)
_TIME = r"(?:\d+(?:[.·]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty-four)"
_UNIT = r"(?:hours?|h|days?|weeks?|wks?|months?|mo|years?|yrs?)"
_FOLLOW_UP = re.compile(
    rf"(?:follow(?:ed)?[- ]?up|followed)\b[^.;]{{0,50}}?\b(?P<after>{_TIME})[- ]?(?P<unit>{_UNIT})\b"
    rf"|\b(?P<before>{_TIME})[- ](?P<unit2>{_UNIT})\s+(?:of\s+)?follow[- ]?up"
    rf"|\b(?:at|after|for|over)\s+(?P<last>{_TIME})\s*(?P<unit3>weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_DAYS = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 30.0, "y": 365.0}
_WORDS = dict(one=1, two=2, three=3, four=4, five=5, six=6, seven=7, eight=8, nine=9, ten=10, twelve=12, eighteen=18)
_REGISTRATION = re.compile(
    r"\bNCT[\s:#]{0,2}0?\d{7,8}\b|\bISRCTN[\s:#]{0,2}\d{6,8}\b|\bEudraCT[\s:#A-Za-z]{0,12}\d{4}-\d{6}-\d{2}\b|\bACTRN\s?\d{14}\w?\b|\bChiCTR[-A-Z\d]{5,20}\b"
    r"|\bUMIN\s?\d{9}\b|\bCTRI/\d{4}/\d{2,3}/\d{4,6}\b|\bIRCT\d{6,}[N\d]*\b|\bDRKS\s?\d{8}\b|\bNTR\s?\d{2,5}\b|\bCRD\s?\d{8,13}\b"
    r"|\bPACTR\d{12,}\b|\bKCT\d{7}\b|\bTCTR\d{8,}\b|\bJPRN-\w+\b|\bjRCT\w?\d{8,}\b|\bRBR-\w{6}\b",
)
_PMID = re.compile(r"\bPMID\s*:?\s*(\d{1,8})\b", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;:)\]]")
_LIMITATION = re.compile(
    r"\blimitations?\b|\blimited\s+by\b|\bsmall\s+(?:sample|number|study)|\bsingle[- ]cent(?:er|re)\b"
    r"|\bretrospective\s+(?:design|nature)"
    r"|\bopen-label\s+design|\bunderpowered|\bshort\s+follow-up|\bself-report(?:ed)?\s+data|\bresidual\s+confounding|\brecall\s+bias"
    r"|\bselection\s+bias|\black\s+of\s+(?:a\s+)?(?:control|blinding|randomi[sz]ation|statistical\s+power)",
    re.IGNORECASE,
)
_FUNDING = re.compile(
    r"^[ \t]*(?:FUNDING|Funding)\b[: ]|\b(?:was|were|is)\s+(?:funded|sponsored|supported)\s+by\b"
    r"|\bfunded\s+by\b|\bsponsored\s+by\b"
    r"|\bfinancial\s+support\b|\bFUNDING:",
    re.MULTILINE,
)
_INTERESTS = re.compile(r"\b(?:conflicts?|declarations?)\s+of\s+interests?\b|\bcompeting\s+interests?\b", re.IGNORECASE)
MOST_SPANS = 5


@dataclass(frozen=True, slots=True)
class Stated(Record):
    """A value and where text[start:end] states it."""

    value: str
    start: int
    end: int


def blinding_of(text: str) -> Stated | None:
    """ "triple", "double", "single" or "open", the first of these that is stated."""
    for name, pattern in _BLINDING:
        match = pattern.search(text)
        if match:
            return Stated(name, match.start(), match.end())
    return None


def follow_up_of(text: str) -> Stated | None:
    """The longest time after which outcomes are reported, as printed ("12 months")."""
    best: tuple[float, Stated] | None = None
    for match in _FOLLOW_UP.finditer(text):
        for number, unit in (("after", "unit"), ("before", "unit2"), ("last", "unit3")):
            if match[number] is None:
                continue
            days = _amount(match[number]) * _DAYS[match[unit][0].lower()]
            if best is None or days > best[0]:
                best = days, Stated(f"{match[number]} {match[unit]}", match.start(), match.end())
    return best[1] if best else None


def registrations_of(text: str) -> tuple[Stated, ...]:
    """Trial and review registrations (NCT, ISRCTN, EudraCT, CRD, ...), each once."""
    return _each(_REGISTRATION, text)


def identifiers_of(text: str) -> tuple[tuple[Stated, ...], tuple[Stated, ...]]:
    """The PMIDs and the DOIs that stand in the text, each once."""
    pmids = {match[1]: Stated(match[1], match.start(1), match.end(1)) for match in reversed(list(_PMID.finditer(text)))}
    return tuple(sorted(pmids.values(), key=lambda item: item.start)), _each(_DOI, text)


def limitations_of(text: str) -> tuple[Stated, ...]:
    """Sentences that name a limitation, the first few."""
    return _sentences_with(_LIMITATION, text)


def funding_of(text: str) -> tuple[Stated, ...]:
    """Sentences that say who paid."""
    return _sentences_with(_FUNDING, text)


def interests_of(text: str) -> tuple[Stated, ...]:
    """Sentences on conflicts of interest."""
    return _sentences_with(_INTERESTS, text)


def _amount(raw: str) -> float:
    lower = raw.lower()
    return float(_WORDS.get(lower, 24)) if lower[0].isalpha() else float(lower.replace("·", "."))


def _each(pattern: re.Pattern[str], text: str) -> tuple[Stated, ...]:
    found: dict[str, Stated] = {}
    for match in pattern.finditer(text):
        found.setdefault(re.sub(r"\s", "", match.group()), Stated(match.group(), match.start(), match.end()))
    return tuple(found.values())


def _sentences_with(pattern: re.Pattern[str], text: str) -> tuple[Stated, ...]:
    if not pattern.search(text):
        return ()
    hits = [span for span in sentences(text) if pattern.search(text[span.start : span.end])][:MOST_SPANS]
    return tuple(Stated(text[span.start : span.end], span.start, span.end) for span in hits)
