"""Names and dates of persons, told from authors, eponyms and publication dates by the words around them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from assay.guard.privacy_terms import terms, words

_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’-]*[\wà-ÿ]"
_PARTICLE = r"(?:(?:van|von|de|der|den|del|della|da|di|la|le|el|al|bin|ibn|du|dos|ter|zu|Al|El|Van|Von|De|St\.)[\s-]+)*"
_INITIAL = r"(?:[A-Z]\.\s?)*"
_NAME = rf"(?P<id>{_INITIAL}{_PARTICLE}{_CAP}(?:[ \t]+{_INITIAL}{_PARTICLE}{_CAP}){{0,3}})"
_FULL = rf"(?P<id>{_CAP}(?:[ \t]+(?:[A-Z]\.[ \t]+)?{_PARTICLE}{_CAP}){{1,3}})"
_SOMEONE = rf"(?P<id>(?:[A-Z]\.[ \t]?)+{_CAP}|{_CAP}(?:[ \t]+(?:[A-Z]\.[ \t]+)?{_PARTICLE}{_CAP}){{1,3}})"
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?"
    r"|Dec(?:ember)?|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|enero|febrero"
    r"|marzo|abril|mayo|junio|julio|agosto"
    r"|septiembre|octubre|noviembre|diciembre|janvier|février|mars|avril|juin|juillet"
    r"|août|septembre|octobre|novembre|décembre)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?"
_DATE = re.compile(
    rf"""(?<![\w/.-])(?:
      {_WEEKDAY}(?:{_DAY}(?:st|nd|rd|th)?\.?\s+(?:of\s+|de\s+)?{_MONTH}|{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?)(?:,?\s+(?:de\s+)?(?P<year>(?:18|19|20)\d\d))?
    | (?P<iso>(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.]{_DAY})
    | (?P<num>{_DAY}[/.-]{_DAY}[/.-](?:(?:18|19|20)\d\d|\d\d))
    )(?![\w/]|[.-]\d)""",
    re.VERBOSE,
)
_BIRTH = re.compile(
    r"(?:\bDOB|\bD\.O\.B\.?|\bdate of birth|\bbirth\s?date|\bbirthday|\bborn(?:\s+on)?"
    r"|\bgeb(?:\.|oren)(?:\s+am)?|\bGeburtsdatum|\bnée? le|\bnacid[oa] el|\bfecha de nacimiento)[\s:=("
    r"]*(?:is|was)?\s*$",
    re.IGNORECASE,
)
_STRONG_EVENT = re.compile(
    r"\b(?:admitted|discharged|seen|surgery|operation|scheduled|appointment|died"
    r"|visit|hospitali[sz]ed)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"\b(?:admitted|admission|discharged?|seen|visit|surgery|operation|scheduled"
    r"|appointment|died|deceased|born|birthday|diagnosed|delivered|hospitali[sz]ed"
    r"|transferred|on)\b[^.?!]{0,24}$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.?!\n](?=\s+[A-Z]|\n|$)")


def persons(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of names and of dates that belong to a person. May overlap."""
    if any(c.isdigit() for c in text):
        yield from _dates(text)
    if any(c.isupper() for c in text):
        yield from _names(text)


def _dates(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _DATE.finditer(text):
        before = text[max(0, match.start() - 40) : match.start()]
        if _BIRTH.search(before) or _of_a_person(text, match, before):
            yield (*match.span(), "date")


def _of_a_person(text: str, match: re.Match[str], before: str) -> bool:
    """A full date in a sentence about a person; a day without a year only behind an event such as "admitted"."""
    complete = match["year"] or match["iso"] or match["num"]
    if not complete and not (_EVENT.search(before)):
        return False
    if _STRONG_EVENT.search(before):
        return True
    told = frozenset(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", _sentence(text, *match.span()).lower()))
    return bool(told & words("person_cues")) and not told & words("literature_cues")


def _sentence(text: str, start: int, end: int) -> str:
    first = max((m.end() for m in _SENTENCE_END.finditer(text, 0, start)), default=0)
    last = _SENTENCE_END.search(text, end)
    return text[first : last.start() if last else len(text)]


def _names(text: str) -> Iterator[tuple[int, int, str]]:
    for pattern in _patterns():
        for match in pattern.finditer(text):
            span = _trimmed(text, *match.span("id"))
            if span:
                yield match.start("title") if match.groupdict().get("title") else span[0], span[1], "name"


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span up to the first word that is no name; None where nothing is left."""
    stop = start
    parts = list(re.finditer(r"\S+", text[start:end]))
    capitals = [word for word in parts if word.group().strip(",.").isupper() and len(word.group().strip(",.")) >= 3]
    for word in parts:
        plain = re.sub(r"['’]s$", "", word.group().strip(",.;:"))
        abbreviation = plain.isupper() and len(plain) > 1 and len(capitals) < 2
        if plain in words("not_names") or abbreviation or (plain.isupper() and any(c.isdigit() for c in plain)):
            break
        stop = start + word.start() + len(plain if word.group().startswith(plain) else word.group())
    return (start, stop) if stop > start else None


@functools.lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    held = terms()
    titles, work, people = ("|".join(map(re.escape, held[key])) for key in ("titles", "professions", "persons"))
    study = r"(?!\w)(?!['’]?s?\s+(?:(?:19|20)\d\d|trial|study|review|paper|group|method|score|criteria|guideline|data))"
    written = (
        # "Mr. Smith", "Frau Dr. Schulze"
        rf"\b(?P<title>(?:{titles})\.?[ \t]+(?:(?:Dr|Prof)\.?[ \t]+)*){_NAME}{study}",
        # "Dr. Hoffmann", but not "Dr. Smith's 2019 trial"
        rf"\b(?P<title>(?:Dr|Prof|Professor|Doctor|Nurse|Sister|Pastor|Rev|Sgt|Officer)\.?[ \t]+){_NAME}"
        rf"{study}(?!\s+(?:et\s+al|and\s+colleagues|reported|found|showed|argued|published"
        r"|proposed|suggested))",
        # "Aisha Rahman's face", "J. Whitaker's chart"
        rf"{_FULL}(?=['’]s\s+(?:face|arms?|legs?|hands?|skin|back|chest|chart|records?"
        r"|results?|mother|father|wife|husband|son|daughter|family|insurance|labs?|scans?"
        r"|mri|MRI|CT|biopsy|medications?|meds|blood|home|phone|address|appointment"
        r"|visit|symptoms|condition|pain|birthday|case\b))",
        # "my patient John Smith", "pt Kowalski", "Patient: Maria Garcia", "my son Tim"
        rf"\b(?:{people})(?:['’]s\s+name)?(?:\s*[:,(]\s*|\s+)(?:(?:named|called|known\s+as"
        rf"|is|name\s+is|name:?)\s+)?{_NAME}(?!\s*(?:et\s+al|[A-Z]{{2,}}\b\s*score))",
        # "the patient's name is ...", "my name is", "Name: Li Wei", "named Emily"
        r"\b(?:[Nn]ame\s+is|[Nn]ame\s*:|[Nn]amed|[Cc]alled|[Ff]ull\s+name|heiße|me\s+llamo"
        rf"|m['’]appelle)\s*:?\s*{_NAME}",
        rf"\b(?:I\s+am|I['’]m|[Tt]his\s+is|it['’]s)\s+{_FULL}(?=\s*(?:[,.(]|and\b|$))",
        rf"\b(?:[Hh]i|[Hh]ello|[Hh]ey)?,?\s*(?:this|it)\s+is\s+{_NAME}(?=\s*,)",
        # "Jane Doe (DOB ...", "DOE, JOHN DOB", "Thompson, 58 y/o", "Michael Johnson, a 62-year-old"
        rf"{_FULL}(?=\s*[,(;]?\s*\(?(?:DOB|D\.O\.B|MRN|SSN|born\b|born\s+on|date\s+of\s+birth"
        r"|geb\.|was\s+admitted|was\s+(?:diagnosed|seen|discharged)|takes\b|lives\s+(?:in"
        r"|at)))",
        r"(?P<id>[A-Z]{2,},[ \t]+[A-Z]{2,}(?:[ \t]+[A-Z]\.?)?)(?=\s+(?:DOB|MRN|SSN|\d{1,3}\s*(?:y|yo|M|F)\b))",
        rf"(?:^|(?<=[.?!:;]\s)|(?<=\bis\s)|(?<=\bfor\s)|(?<=\bto\s)|(?<=\bof\s)){_NAME}(?=\s*,\s*(?:an?\s+)"
        rf"?\d{{1,3}}[\s-]*(?:y/?o|yo|yrs?|years?|-year)[\s-]*(?:old)?)",
        # "Regards, Olivia Bennett", "referred by Dr. Linda Chen", "nurse Jackie"
        r"\b(?:[Rr]egards|[Ss]incerely|[Tt]hanks|[Tt]hank\s+you|[Cc]heers|[Gg]reetings"
        rf"|[Ll]ove|[Yy]ours)\s*,\s*(?:\n\s*)?{_NAME}\s*(?=$|[.\n])",
        r"\b(?:referred|seen|treated|examined|prescribed|operated|signed|attended|evaluated"
        rf"|admitted)\s+by\s+(?:(?:{work})\.?[ \t]+){{0,2}}{_NAME}{study}(?!\s+et\s+al)",
        r"\b(?:[Nn]urse|[Mm]y\s+(?:GP|doctor|therapist|physician|surgeon|psychiatrist"
        rf"|oncologist|cardiologist|neurologist)),?\s+(?:(?:Dr|Prof)\.?\s+)?{_NAME}{study}",
        r"\b(?:[Mm]other|[Ff]ather|[Pp]arents?|[Gg]uardian|[Ww]ife|[Hh]usband|[Ss]on"
        r"|[Dd]aughter|[Rr]ecords?|[Cc]hart|[Rr]esults?|[Rr]eport|[Ll]etter|[Cc]ase"
        rf"|[Cc]are|[Dd]eath|[Bb]irth|[Ss]cans?|[Ll]abs)\s+(?:of|for)\s+(?P<title>){_SOMEONE}(?=\s+(?:asks"
        r"|is|has|was|shows?|wants|needs|says|reports)\b|\s*[,(?.]|$)",
    )
    return tuple(re.compile(pattern) for pattern in written)
