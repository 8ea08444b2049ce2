"""How many took part: the number that a report states of its participants (or animals, or specimens), with its place.

Candidates are whole numbers that count people; the words around them say whether they were randomised, enrolled or
analysed, or only screened, lost or excluded. Sizes of arms that stand side by side are added up where no total is
stated. Percentages, doses, ages and years never count.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from assay.domains.medical.evidence.numbers import Whole, whole_numbers
from assay.textual.sentences import sentences
from assay.types import Record

_UNITS = (
    r"patients?|participants?|subjects?|individuals?|persons?|people|children|adults?|adolescents?|women|men|males?|"
    r"females?|infants?|neonates?|newborns?|babies|boys|girls|volunteers?|controls?|cases|respondents?|students?|"
    r"outpatients?|inpatients?|residents?|veterans?|survivors?|couples|families|mothers?|fathers|pregnancies|twins|"
    r"nurses|physicians|doctors|practitioners|teachers|caregivers|carers|workers|athletes|players|runners|smokers|"
    r"employees|recipients|donors|users|clients|probands|relatives|pairs|nulliparas|primiparas|schoolchildren|toddlers|"
    r"seniors|elders|citizens|soldiers|beneficiaries|births|deliveries|singletons|carriers|consumers|members|"
    r"mice|rats|animals|rabbits|dogs|pigs|piglets|cats|sheep|monkeys|hamsters|teeth|eyes|knees|hips|specimens|samples|"
    r"lesions|tumou?rs|cancers|procedures|operations|surgeries|admissions|hospitali[sz]ations|records|charts|"
    r"questionnaires|women's|parents|dyads|households|ears|limbs|shoulders|feet|premolars|molars|fractures|aneurysms"
)
_NEXT = re.compile(r"[\w'’/()-]+,?")
_UNIT = re.compile(rf"(?:{_UNITS})\b", re.IGNORECASE)
_MOST_WORDS = 8
_LISTED = re.compile(r"\(\s*$")
_MONTH_BEFORE = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|in|of|since|until|and|to|from|year)[,\s]*$"
)
_WERE = re.compile(
    r"\s*(?:\(\d[^)]{0,12}\)\s*)?(?:were|was)\s+(?:\w+ly\s+)?(?:randomi[sz]ed|enroll?ed|included|recruited|assigned|allocated)",
    re.IGNORECASE,
)
_STOPS = re.compile(
    r"\b(?:and|were|was|with|who|of|in|from|to|received|had|is|are|for|at|by|or|versus|vs|than|after|weeks?|months?|"
    r"years?|days?|hours?|h|min|mg|ml|kg|g|mm|cm|points?|times|sites|cent(?:er|re)s|hospitals|clinics|countries|"
    r"groups?|arms?|sessions?|studies|trials|rcts|doses?|episodes?|visits|units?|schools|practices|percent|per)\b",
    re.IGNORECASE,
)
_N_EQUALS = re.compile(r"\bn\s*[=:]\s*$", re.IGNORECASE)
_TOTAL_BEFORE = re.compile(
    r"\b(?:total(?:\s+(?:of|sample|number|cohort))*(?:\s+of)?|overall|altogether|in\s+all),?\s*$", re.IGNORECASE
)
_SIZE_BEFORE = re.compile(
    r"\b(?:sample(?:\s+size)?|cohort|population|series|consist(?:ed|ing)\s+of|compris(?:ed|ing)|included|enroll?ed|recruited|randomi[sz]ed|of|studied|among|in)\s*$",
    re.IGNORECASE,
)
_TAKEN_IN = re.compile(
    r"\b(?:includ(?:ed|ing)|recruit(?:ed)?|enroll?(?:ed)?|randomi[sz]ed|compris(?:ed|ing)|consist(?:ed|ing)\s+of"
    r"|sample\s+size\b[^.;]{0,25}|number\s+of\s+(?:patients|participants|subjects|women|children)\b[^.;\d]{0,40})\s*$",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(r"\b(?:per|in\s+every|one\s+in|1\s+in)\s*$", re.IGNORECASE)
_SHARE = re.compile(r"\s*\(?\s*\d+(?:[.·]\d+)?\s*%")
_OUT_OF = re.compile(r"\b\d+\s*(?:\(\s*\d+(?:[.·]\d+)?\s*%\s*\)\s*)?(?:of|out of)\s+(?:the\s+)?$", re.IGNORECASE)
_PER_GROUP = re.compile(
    r"\s*(?:[\w-]+\s+){0,3}(?:(?:per|in\s+each|each)\s+(?:\w+\s+)?(?:group|arm)|each\b)", re.IGNORECASE
)
_NAMED_GROUPS = re.compile(r"\bgroups?\s+(?:I|A|1)\b.{0,40}?\b(?:II|B|2)\b", re.IGNORECASE)
_GROUPS = re.compile(r"\b(?P<n>two|three|four|five|six|2|3|4|5|6)\s+(?:[\w-]+\s+){0,3}(?:groups|arms)\b", re.IGNORECASE)
_RULES = (
    (r"\brandomi[sz]ed|\brandomly\s+(?:assigned|allocated|divided|placed)|\ballocated|\bassigned", 2.5, "randomised"),
    (
        r"\benroll?ed|\brecruited|\bincluded|\bparticipated|\bentered|\bconsented|\btook\s+part|\bcomprised|\bconsisted",
        2.0,
        "enrolled",
    ),
    (
        r"\bunderwent|\bstudied|\breceived|\btreated|\bevaluated|\bassessed|\breviewed|\binvestigated|\bexamined|\binterviewed|\bobserved",
        1.0,
        "studied",
    ),
    (r"\bprospective|\bretrospective|\bconsecutive|\bcohort|\bcross-sectional|\bsurvey|\bsample\b", 0.8, "studied"),
    (r"\bcompleted|\banaly[sz]ed|\bavailable|\bevaluable|\bresponded|\banalysis\b", -0.6, "analysed"),
    (r"\bscreened|\beligible|\bapproached|\binvited|\bidentified", -0.8, "screened"),
    (r"\bworldwide|\bglobally|\bannually|\b(?:each|every|per)\s+year|\bestimated", -3.0, "burden"),
    (r"\bto\s+(?:determine|assess|evaluate|investigate|compare|test)\b", -1.6, "aim"),
    (
        r"\bexcluded|\bwithdrew|\bdropp?ed\s+out|\bdropouts?|\blost\s+to|\bdied|\bdeveloped|\bfailed|\bdeclined|\brefused|\breported|\bexperienced|\bdiscontinued",
        -2.0,
        "lost",
    ),
)
_ANY_NUMBER = r"\d|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|one)\b"
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), weight, kind) for pattern, weight, kind in _RULES)


@dataclass(frozen=True, slots=True)
class SampleSize(Record):
    """`n` as text[start:end] states it (or the arms there add up to); `kind` says which stage it counts."""

    n: int
    start: int
    end: int
    kind: str
    arms: tuple[int, ...] = ()


@dataclass(slots=True)
class _Candidate:
    n: int
    start: int
    end: int
    kind: str
    score: float
    arms: tuple[int, ...] = ()


def sample_size(text: str, planned: bool = False) -> SampleSize | None:
    """The size of the study in `text`, or None where none is stated. `planned`: the report is a protocol."""
    candidates: list[_Candidate] = []
    for number, span in enumerate(sentences(text)):
        sentence = text[span.start : span.end]
        if _COUNTS.search(sentence):
            candidates.extend(_in_sentence(sentence, span.start, number))
    if not candidates:
        return None
    _agree(candidates)
    best = max(candidates, key=lambda item: (item.score, -item.start))
    if best.score < 0:
        return None
    return SampleSize(best.n, best.start, best.end, "planned" if planned else best.kind, best.arms)


_COUNTS = re.compile(rf"\d|\b(?:{_ANY_NUMBER}|hundred)", re.IGNORECASE)


def _in_sentence(text: str, shift: int, number: int) -> list[_Candidate]:
    found: list[_Candidate] = []
    arms: list[_Candidate] = []
    numbers = [whole for whole in whole_numbers(text) if whole.value > 1 and not _is_year(text, whole)]
    if not numbers:
        return []
    bonus, kind = _setting(text)
    for whole in numbers:
        candidate = _candidate(text, shift, whole, bonus, kind, number)
        if candidate is None:
            continue
        found.append(candidate)
        if _N_EQUALS.search(text[max(0, whole.start - 8) : whole.start]):
            arms.append(candidate)
    return [*found, *_arm_sums(text, shift, found, arms, bonus, kind, number)]


def _is_year(text: str, whole: Whole) -> bool:
    if not 1900 <= whole.value <= 2035 or whole.end - whole.start != 4:
        return False
    return _MONTH_BEFORE.search(text[max(0, whole.start - 14) : whole.start]) is not None or not _counted(text, whole)


def _setting(text: str) -> tuple[float, str]:
    total, kind, best = 0.0, "studied", 0.0
    for pattern, weight, name in _COMPILED:
        if pattern.search(text):
            total += weight
            if weight > best:
                best, kind = weight, name
    return min(total, 4.0), kind


def _counted(text: str, whole: Whole) -> bool:
    """Whether a unit follows within a few words, with no word between that would cut it off."""
    if text[whole.end : whole.end + 1] in (",", ")", "]"):
        return False
    for place, match in enumerate(_NEXT.finditer(text, whole.end, whole.end + 90)):
        if place == _MOST_WORDS or re.search(r"[.;:)]", text[whole.end : match.start()]):
            return False
        if _UNIT.match(text, match.start()):
            return True
        if _STOPS.match(text, match.start()):
            return False
    return False


def _form(text: str, whole: Whole, before: str, counted: bool) -> float | None:
    """What the form of the number is worth; None where nothing makes it a count of participants."""
    if _N_EQUALS.search(before):
        return 1.0
    if _WERE.match(text, whole.end):
        return 2.8
    if counted:
        return 2.0
    if _TOTAL_BEFORE.search(before):
        return 1.5
    return 1.2 if _TAKEN_IN.search(before) and whole.value > 5 else None


def _candidate(text: str, shift: int, whole: Whole, bonus: float, kind: str, number: int) -> _Candidate | None:
    before, counted = text[max(0, whole.start - 70) : whole.start], _counted(text, whole)
    score = bonus - min(number, 12) * 0.1
    if _LISTED.search(before) and text[whole.end : whole.end + 1] == ")":
        return None
    form = _form(text, whole, before, counted)
    if form is None or _RATE_BEFORE.search(before):
        return None
    score += form
    if _TOTAL_BEFORE.search(before):
        score += 2.0
    elif _SIZE_BEFORE.search(before):
        score += 0.5
    if _SHARE.match(text, whole.end) or re.match(r"\s*(?:of|out of)\s+(?:the\s+)?\d", text[whole.end : whole.end + 16]):
        score -= 2.5
    if counted and re.match(
        r"\s*(?:\w+\s+)?(?:eyes|teeth|ears|knees|hips|samples|specimens)\b", text[whole.end : whole.end + 30]
    ):
        score -= 1.5
    if whole.value < 6:
        score -= 3.0
    score += 0.3 * min(math.log10(max(whole.value, 1)), 4)
    multiple = _PER_GROUP.match(text, whole.end)
    groups = _GROUPS.search(text)
    n = whole.value
    if multiple and groups:
        raw = groups["n"].lower()
        n *= int(raw) if raw.isdigit() else ("two", "three", "four", "five", "six").index(raw) + 2
    elif multiple and _NAMED_GROUPS.search(text):
        n *= 2
    elif multiple:
        score -= 1.0
    return _Candidate(n, whole.start + shift, whole.end + shift, kind, score)


def _arm_sums(
    text: str, shift: int, found: list[_Candidate], arms: list[_Candidate], bonus: float, kind: str, number: int
) -> list[_Candidate]:
    """Arms that stand side by side, as one candidate; nothing where the sentence states their sum itself."""
    groups = arms if len(arms) > 1 else _assigned(text, shift) or _joined(text, shift, found)
    if not 2 <= len(groups) <= 6:
        return []
    total = sum(arm.n for arm in groups)
    stated = [item for item in found if item.n == total]
    if stated or any(item.n > total * 0.98 for item in found if item not in groups):
        for item in stated:
            item.score += 2.0
            item.arms = tuple(arm.n for arm in groups)
        return []
    first, last = groups[0], groups[-1]
    score = bonus + (1.8 if len(arms) > 1 else 2.3) + 0.3 * min(math.log10(total), 4) - min(number, 12) * 0.1
    return [_Candidate(total, first.start, last.end, kind, score, tuple(arm.n for arm in groups))]


_ASSIGNED = re.compile(
    rf"(?P<n>\d{{1,3}}(?:,\d{{3}})+|\d+)\s+(?:(?:{_UNITS})\s+)?(?:were\s+|was\s+)?(?:(?:randomly\s+)?(?:assigned|allocated|randomi[sz]ed)\s+)?"
    r"(?:to|received|in|into|with)\s+(?:the\s+|an?\s+)?",
    re.IGNORECASE,
)


def _assigned(text: str, shift: int) -> list[_Candidate]:
    """ "40 to drug A and 38 to placebo", "31 received ... and 28 received ..." """
    if not re.search(r"\brandom|\bassign|\balloc|\breceived|\bgroups?\b|\bcontrols?\b", text, re.IGNORECASE):
        return []
    matches = [match for match in _ASSIGNED.finditer(text) if not _SHARE.match(text, match.end("n"))]
    return [
        _Candidate(int(match["n"].replace(",", "")), match.start("n") + shift, match.end("n") + shift, "", 0.0)
        for match in matches
        if int(match["n"].replace(",", "")) > 2
        and not _MONTH_BEFORE.search(text[max(0, match.start() - 12) : match.start()])
    ]


_JOINED = re.compile(rf"\s+(?:[\w'’/()-]+\s+){{0,6}}?and\s+(?:from\s+|in\s+)?(?=(?:{_ANY_NUMBER}))", re.IGNORECASE)


def _joined(text: str, shift: int, found: list[_Candidate]) -> list[_Candidate]:
    """ "44 patients and 31 controls": two counted groups joined by "and"."""
    places = {whole.start: whole for whole in whole_numbers(text)}
    for start, whole in places.items():
        match = _JOINED.match(text, whole.end)
        other = places.get(match.end()) if match else None
        if (
            other is not None
            and other.value > 5
            and _counted(text, other)
            and whole.value > 5
            and not _is_year(text, whole)
        ):
            first = next((item for item in found if item.start == start + shift), None)
            one = first or _Candidate(whole.value, start + shift, whole.end + shift, "", 0.0)
            return [one, _Candidate(other.value, other.start + shift, other.end + shift, "", 0.0)]
    return []


def _agree(candidates: list[_Candidate]) -> None:
    """A number that stands in several places, or that two others add up to, is likelier the whole."""
    values = [item.n for item in candidates]
    for item in candidates:
        if values.count(item.n) > 1:
            item.score += 0.6
        smaller = [value for value in values if value < item.n]
        if any(item.n - value in smaller and item.n != 2 * value for value in smaller):
            item.score += 0.5
        if item.n < max(values) * 0.1:
            item.score -= 0.3
