"""Case names before a citation: where the name begins, who the parties are, which signal stood before it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_WINDOW = 220
_WRAPPED = 40
_VERSUS = re.compile(r"\s(?:v|vs|V)\.?\s")
_SINGLE = re.compile(
    r"\b(?:In\s+(?:the\s+)?[Rr]e:?(?:\s+(?:Marriage|Estate|Guardianship|Adoption|Conservatorship|Matter)\s+of)?|In\s+the\s+[Mm]atter\s+of|Matter\s+of|[Ee]x\s+[Pp]arte|Estate\s+of|Application\s+of|"
    r"Guardianship\s+of|Adoption\s+of|Conservatorship\s+of|Marriage\s+of)\s+(?=[A-Z\d])"
)
_SIGNAL = (
    r"(?:[Bb]ut\s+)?[Ss]ee\s+also|(?:[Bb]ut\s+)?[Ss]ee\s+generally|[Bb]ut\s+see|[Ss]ee,?\s+e\.\s?g\.|[Ss]ee|"
    r"[Bb]ut\s+cf\.|[Cc]f\.|[Aa]ccord|[Cc]ompare|[Cc]ontra|[Ee]\.\s?g\."
)
_LEADING = re.compile(
    r"^(?:(?:" + _SIGNAL + r"|[Cc]iting|[Qq]uoting|[Ii]n|[Uu]nder|[Aa]nd|[Bb]y|[Ww]ith|[Ff]rom|[Tt]he\s+[Cc]ourt\s+in"
    r"|[Oo]f|[Ff]or|[Tt]o|[Ww]hile|"
    r"[Tt]hus|[Hh]owever|[Aa]lthough|[Aa]s|[Ss]ince|[Bb]ecause|[Ll]ike|[Uu]nlike|[Ff]ollowing|[Oo]n|[Aa]t|[Tt]hat|[Ww]hether|[Dd]iscussing|"
    r"[Cc]ollecting|[Aa]pplying|[Oo]verruling|[Rr]eversing|[Aa]ffirming|[Ss]imilarly|[Ii]ndeed|[Mm]oreover|[Aa]lso|[Ii]nstead|[Ff]irst|[Ss]econd|[Ff]inally|[Hh]ere|[Bb]oth|[Aa]fter|[Bb]efore|[Bb]ut|[Ss]o|[Ii]f|[Ww]hen|[Ww]here|[Tt]here)\b[,.]?\s+)+"
)
_SIGNAL_END = re.compile(r"(?P<signal>" + _SIGNAL + r")[,:]?\s*$")
_CAMEL = re.compile(r"[a-z]{1,3}[A-Z]")  # eBay
_CONNECTORS = frozenset(
    (
        "of",
        "the",
        "and",
        "for",
        "de",
        "la",
        "las",
        "los",
        "del",
        "du",
        "von",
        "van",
        "der",
        "den",
        "di",
        "da",
        "ex",
        "rel.",
        "in",
        "on",
        "at",
        "to",
        "d/b/a",
        "f/k/a",
        "a/k/a",
        "n/k/a",
        "by",
        "a",
        "et",
        "al.",
        "al",
        "y",
        "e",
        "or",
        "as",
        "&",
        "aka",
        "an",
    )
)
_AFTER_COMMA = re.compile(
    r"^(?:Inc|Ltd|LLC|L\.L\.C|Co|Corp|L\.P|LP|L\.?L\.?P|N\.A|P\.C|P\.A|S\.A|S\.p\.A|Jr|Sr|I{2,3}|IV|Esq|Etc|S\.E|A\.G|Local|AFL|No|N\.V|B\.V|Inc\.?,?)\b|^(?:&|and)\b"
)
# A word that ends a sentence although it stands inside a name: lower case, full stop, then the name.
_SENTENCE_END = re.compile(
    r"(?<=[.;)])\s+(?=(?:See|Cf|Accord|But\s+see|Compare|Contra|E\.g)\b)|(?<=\d\.)\s+(?=[A-Z])|(?<=[a-z]{4}[.?!])[\"”’)]*\s+(?=[A-Z])|[;:]\s|[()\[\]]|[“”\"]|\n\s*\n"
)
_SIGNAL_START = re.compile(r"(?:See|Cf|Accord|But\s+see|Compare|Contra|E\.g)\b")
_ENDED = re.compile(r"(?:[a-z]{4}\.|\d\.|[?!:;])[\"”’)]*$")
_ABBREVIATION = re.compile(
    r"\b(?:Assocs?|Distribs?|Enters?|Props?|Techs|Telecomms?|Comms|Petrol|Chems|Pharms|Contr|Coop|Indem|Prot|Shipp|Sols|Refin"
    r"|Bros|Auth|Assn|Comm|Commr|Comn|Univ|Dept|Dist|Hosp|Elec|Transp|Mach|Prods|Constr|Indus|Found|Educ|Servs|Sys|Ctrs?"
    r"|Broad|Tele|Chem|Pharm|Corp|Bldg|Cent|Cnty|Engg|Envtl|Equip|Exch|Exec|Fedn|Govt|Guar|Intl|Invs?|Labs?|Liab|Litig"
    r"|Mfrs?|Mkts?|Mortg|Mun|Nat|Natl|Org|Pers|Pship|Publg|Rels|Ress?|Rests?|Sch|Secs?|Socy|Subcomm|Sur|Tech|Tel|Twp|Util"
    r"|Vill|Cas|Merch|Mgmt|Acad|Admin|Advert|Agric|Apartments?|Balt|Mass|Conn|Penn|Tenn|Wash|Minn|Mich|Okla|Ariz)\.$"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A case name: as written, its parties ("" where it has only one), where it starts, the signal before it."""

    text: str
    plaintiff: str
    defendant: str
    start: int
    signal: str


def before(text: str, place: int, floor: int) -> Name | None:
    """The case name that ends right before `place`; nothing before `floor` belongs to it. None where there is none."""
    low = max(floor, place - _WINDOW)
    window = text[low:place]
    end = len(window.rstrip(" \t\r\n,"))
    if end == 0:
        return None
    region = window[:end]
    begin = _last_break(region)
    region = region[begin:]
    versus = _last(_VERSUS, region)
    single = _last(_SINGLE, region)
    if versus is not None and (single is None or versus.start() > single.start()):
        return _versus(text, low + begin, region, versus)
    if single is not None:
        name = region[single.start() :]
        if not _named(name[single.end() - single.start() :]) or "," in name.rstrip(",")[90:]:
            return None
        start = low + begin + single.start()
        return Name(_tidy(name), "", "", start, _signal(text, start))
    return None


def short_before(text: str, place: int, floor: int) -> Name | None:
    """The shortened name ("Twombly,") right before a short form or supra; None where there is none."""
    low = max(floor, place - 90)
    window = text[low:place].rstrip(" \t\r\n,")
    region = window[_last_break(window) :]
    begin = low + len(window) - len(region)
    at = _walk_back(region, len(region))
    name = region[at:]
    lead = _LEADING.match(name)
    at += lead.end() if lead else 0
    name = region[at:]
    if not name or not name[:1].isupper() or len(name) < 2:
        return None
    return Name(_tidy(name), "", "", begin + at, _signal(text, begin + at))


def _versus(text: str, base: int, region: str, versus: re.Match[str]) -> Name | None:
    defendant = region[versus.end() :].strip()
    if not defendant or len(defendant) > 140 or not _named(defendant):
        return None
    at = _walk_back(region, versus.start())
    lead = _LEADING.match(region[at : versus.start()])
    at += lead.end() if lead else 0
    plaintiff = region[at : versus.start()].strip(" ,")
    if not plaintiff:
        return None
    start = base + at + len(region[at:]) - len(region[at:].lstrip(" ,"))
    return Name(
        _tidy(text[start : base + len(region)]), _tidy(plaintiff), _tidy(defendant), start, _signal(text, start)
    )


def _walk_back(region: str, end: int) -> int:
    """Where the run of name words that ends at `end` begins."""
    words = list(re.finditer(r"\S+", region[:end]))
    begin = end
    for number in range(len(words) - 1, -1, -1):
        word = words[number][0]
        bare = word.strip("“”\"'‘’(),")
        if word.endswith(",") and number < len(words) - 1:
            following = region[words[number + 1].start() : words[number + 1].end()]
            if not _AFTER_COMMA.match(following) and not _firm(words, number):
                break
        if bare[:1].isupper() or bare[:1].isdigit() or bare == "&" or _CAMEL.match(bare):
            begin = words[number].start()
        elif bare.lower() not in _CONNECTORS:
            break
    return begin


def _firm(words: list[re.Match[str]], number: int) -> bool:
    """Whether a comma after this word belongs to a list of partners: "Smith, Jones & Co."."""
    tail = [word[0] for word in words[number + 1 : number + 4]]
    return any(word in ("&", "and") for word in tail[1:3])


def _named(text: str) -> bool:
    """Whether the words could be a party's name: capitals and connectors, none in lower case."""
    words = text.split()
    if not words or not (words[0][:1].isupper() or words[0][:1].isdigit() or words[0][:1] in '$“"#'):
        return words[:1] == ["the"] and len(words) > 1
    return all(
        word[:1].isupper() or not word[:1].isalpha() or word.strip(",.") in _CONNECTORS | {"al", "rel"}
        for word in words
    )


def _last_break(region: str) -> int:
    begin = 0
    for found in _SENTENCE_END.finditer(region):
        spaced = found[0].isspace() and "\n" in found[0] and not _SIGNAL_START.match(region, found.end())
        if spaced and _wrapped(region, found.start()):
            continue
        if found[0].strip() in ("", "”", '"') and _ABBREVIATION.search(region[: found.start()]):
            continue
        begin = found.end()
    return begin


def _wrapped(region: str, end: int) -> bool:
    """Whether the line that ends here is long and no sentence ends with it: then a blank line behind it is only the
    spacing of a printed page, and no new paragraph begins."""
    line = region[region.rfind("\n", 0, end) + 1 : end].rstrip()
    ended = _ENDED.search(line) is not None and _ABBREVIATION.search(line) is None
    return len(line) >= _WRAPPED and not ended


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    last = None
    for found in pattern.finditer(text):
        last = found
    return last


def _signal(text: str, place: int) -> str:
    found = _SIGNAL_END.search(text, max(0, place - 24), place)
    return re.sub(r"[\s,]+", " ", found["signal"]).strip().lower() if found else ""


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ,")
