"""Finds case citations: full ones with their parallels, short forms, neutral and database citations.

A reporter is looked up in a table, so that a volume, some capitals and a number are no citation by themselves. What
follows (pin, parallel citation, court and year, further parentheses) and what stands before (name, docket) is read
here; id. and supra are in `shorts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from assay.domains.legal.citations import names
from assay.domains.legal.citations.model import LegalCitation
from assay.domains.legal.citations.neutral import COURTS, DASHED, is_neutral
from assay.domains.legal.citations.reporters import canonical, facts
from assay.domains.legal.courts.names import identify

CORE = re.compile(
    r"(?<![\w.,§$/-])(?<!§ )(?P<volume>\d{1,4}|_{2,5}|-{2,4})\s+(?P<reporter>[A-Z][A-Za-z0-9.'’&\s]{0,44}?"
    r"(?:\((?:BNA|CCH|RIA|P-H|West)\))?)"
    r"(?:\s?\((?P<nomvolume>\d{1,2})\s+(?P<nominative>[A-Z][a-z]+\.?)\))?"
    r"(?P<at>,?\s+at\s+(?:pp?\.\s*)?|,?\s*)(?P<page>\*?\d{1,7}|_{2,5}|-{2,5})(?![\w]|[.,:]\d|-\d+-)"
)
NEUTRAL = re.compile(
    r"(?<![\w.-])(?P<year>(?:19|20)\d\d)(?:-(?P<dashed>Ohio|NMSC|NMCA|NCSC|NCCOA|CO|ND|SD|UT)-(?P<number>\d{1,5})"
    r"|\s+IL\s+App\s+\((?P<district>[1-5](?:st|nd|rd|d|th))\)\s+(?P<app>\d{5,7})(?P<order>-U[A-Z]?|[A-Z](?![a-z]))?)(?!\w)"
)
_PIN = re.compile(
    r",\s{0,2}(?:at\s+|slip\s+op\.\s+at\s+)?(?P<pin>(?:pp?\.\s*)?\*?\d{1,6}(?:\s?[-–]\s?\*?\d{1,6})?(?:\s*(?:&\s*)?nn?\.\s?\d{1,3}(?:[-–,]\d{1,3})*)?"
    r"|(?:nn?\.|¶¶?)\s?\d{1,4}(?:[-–]\d{1,4})?|at\s+\*\d+(?:-\d+)?)(?![\w]|\.\d|\s+[A-Z][A-Za-z.'’]*(?:\s?[A-Za-z0-9.]+){0,3}\s+\d)"
)
_PIN_AT = re.compile(
    r",?\s+at\s+(?P<pin>\*?\d{1,6}(?:[-–]\*?\d{1,6})?(?:\s*(?:&\s*)?nn?\.\s?\d{1,3})?)(?!\w)|,?\s+(?P<note>(?:¶¶?|nn?\.)\s?\d{1,4}(?:[-–]\d{1,4})?)"
)
_MORE_PIN = re.compile(
    r",\s*(?P<pin>\d{1,4}(?:[-–]\d{1,4})?(?:\s*nn?\.\s?\d{1,3})?)(?=\s*[,;.()]|\s*$)(?!,\s*\d+\s+[A-Z])"
)
_PARENTHESIS = re.compile(r"\s*(?P<open>[(\[])")
_COURT_YEAR = re.compile(
    r"^\s*(?P<court>.{0,60}?)[,\s]*(?:(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?\s*(?:\d{1,2},\s*)?)?(?P<year>1[6-9]\d\d|20\d\d)"
    r"(?P<rest>\s*[,;].*)?\s*$",
    re.S,
)
# What stands in a parenthesis that explains or cites further, and in none that names a court.
_NO_COURT = re.compile(
    r"\d{3}|\bv\.|^(?:citing|quoting|holding|finding|see|supra|discussing|noting|same|stating|rejecting|construing|upholding)\b",
    re.I,
)
_YEAR_FIRST = re.compile(r"\((?:(?P<court>[^()]{1,40}?)\s+)?(?P<year>1[789]\d\d|20\d\d)\)\s*$")
# The older form: "Clark v. Smith, 1st Cir., 1932, 59 F.2d 187".
_COURT_BEFORE = re.compile(
    r",\s*(?P<court>\d{1,2}(?:st|nd|rd|d|th)\s+Cir\.|D\.\s?C\.\s?Cir\.)(?:,?\s*(?P<year>1[89]\d\d|20\d\d))?,\s*$"
)
_DOCKET = re.compile(
    r",?\s*(?:(?:Case|Civ(?:il)?\.?(?:\s+(?:Action|A\.))?|Docket)\s+)?(?P<docket>Nos?\.\s*[\w:./&()–-]+(?:(?:,|\s+&|\s+and)?\s+(?:[\w:]*\d[\w:./-]*|\([A-Z]{2,5}\)))*)\s*,?\s*"
    r"(?:slip\s+op\.?,?\s*)?$"
)
_PARALLEL = re.compile(r"\s*[,;]\s*|\s+")
_SKIP_REPORTERS = frozenset(("Stat.", "Fed. Reg."))
_UNPUBLISHED = re.compile(r"\b(?:unpublished|table|mem\.|non-?precedential)\b", re.I)


@dataclass(slots=True)
class Core:
    """Volume, reporter and page as they stand in the text."""

    volume: str
    reporter: str
    page: str
    start: int
    end: int
    short: bool
    nominative: str = ""

    @property
    def key(self) -> str:
        joint = "-" if self.reporter in DASHED else " "
        return joint.join((self.volume, self.reporter, self.page))


def cores(text: str) -> list[Core]:
    """Every volume, known reporter and page of the text, in order, none overlapping."""
    found: list[Core] = []
    place = 0
    while (match := CORE.search(text, place)) is not None:
        core = _core(match)
        if core is None:
            place = match.end("volume")
            continue
        found.append(core)
        place = match.end()
    dashed = [_neutral(match) for match in NEUTRAL.finditer(text)]
    if dashed:
        taken = {core.start for core in dashed}
        found = sorted([c for c in found if c.start not in taken] + dashed, key=lambda core: core.start)
    return found


def find(text: str) -> Iterator[LegalCitation]:
    """Every full and short case citation; parallels of one decision are one citation each, tied by `parallel`."""
    known = cores(text)
    starts = {core.start: number for number, core in enumerate(known)}
    done = floor = 0
    for number in range(len(known)):
        if number < done:
            continue
        group, tail = _group(text, known, number, starts)
        done = number + len(group)
        made = _citations(text, group, tail, floor)
        floor = max(floor, group[-1].end, tail.paren_start)
        yield from made


# --- what follows ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Tail:
    """What was read after the last core of a group. `court` and `year` stand in the first parenthesis."""

    pins: dict[int, str]
    end: int
    paren_start: int = 0
    court: str = ""
    year: int | None = None
    parentheticals: tuple[str, ...] = ()


def _group(text: str, known: list[Core], number: int, starts: dict[int, int]) -> tuple[list[Core], Tail]:
    """The cores from `number` on that cite one decision, and the tail behind them."""
    group, tail = [known[number]], Tail({}, known[number].end)
    place = known[number].end
    while True:
        place = _pins(text, place, group[-1], tail, starts)
        gap = _PARALLEL.match(text, place)
        following = starts.get(gap.end()) if gap else None
        if following is None or following != number + len(group) or ";" in text[place : known[following].start]:
            break
        if not _same_decision(group, known[following]):
            break
        group.append(known[following])
        place = known[following].end
    tail.end = place
    _parentheses(text, tail)
    return group, tail


def _same_decision(group: list[Core], core: Core) -> bool:
    """A second citation right after the first is a parallel one unless it is of the same reporter."""
    return all(other.reporter != core.reporter for other in group) and len(group) < 5


def _pins(text: str, place: int, core: Core, tail: Tail, starts: dict[int, int]) -> int:
    read: list[str] = []
    if core.short:
        read.append(core.page)
    while True:
        found = (_PIN_AT.match(text, place) if not read else None) or (_PIN if not read else _MORE_PIN).match(
            text, place
        )
        if found is None or any(
            begin in starts for begin in range(found.start() + 1, min(found.end(), found.start() + 6))
        ):
            break
        groups = found.groupdict()
        pin = groups.get("pin") or groups.get("note") or ""
        read.append(re.sub(r"^at\s+", "", pin).replace("–", "-"))
        place = found.end()
    if read:
        tail.pins[core.start] = ", ".join(re.sub(r"\s+", " ", pin) for pin in read)
    return place


def _parentheses(text: str, tail: Tail) -> None:
    more: list[str] = []
    place = tail.end
    while (opened := _PARENTHESIS.match(text, place)) is not None and len(more) < 5:
        close = _close(text, opened.end())
        if close is None:
            break
        inner = re.sub(r"\s+", " ", text[opened.end() : close]).strip()
        dated = _COURT_YEAR.match(inner) if tail.year is None and not more and len(inner) < 90 else None
        if dated is None and not tail.court and not more and len(inner) < 40 and identify(inner) is not None:
            tail.court = inner
        elif dated is not None and not _NO_COURT.search(dated["court"]):
            tail.court, tail.year = dated["court"].strip(" ,"), int(dated["year"])
            if dated["rest"]:
                more.append(dated["rest"].strip(" ,;"))
        elif opened["open"] == "[" or (tail.year is None and not tail.court and not more and not inner[:1].islower()):
            break
        else:
            more.append(inner)
        tail.paren_start = tail.paren_start or opened.end()
        tail.end = place = close + 1
    tail.parentheticals = tuple(more)


def _close(text: str, place: int) -> int | None:
    depth = 1
    for at in range(place, min(len(text), place + 600)):
        if text[at] in "([":
            depth += 1
        elif text[at] in ")]":
            depth -= 1
            if depth == 0:
                return at
    return None


# --- putting together -----------------------------------------------------------------------------------------------


def _citations(text: str, group: list[Core], tail: Tail, floor: int) -> Iterator[LegalCitation]:
    first = group[0]
    begin, docket, year, court = first.start, "", tail.year, tail.court
    led = _YEAR_FIRST.search(text, max(floor, begin - 60), begin)
    if led is not None and year is None:
        begin, year, court = led.start(), int(led["year"]), led["court"] or court
    number = _DOCKET.search(text, max(floor, begin - 90), begin)
    if number is not None:
        docket, begin = re.sub(r"\s+", " ", number["docket"]).strip(" ,"), number.start()
    placed = _COURT_BEFORE.search(text, max(floor, begin - 40), begin)
    if placed is not None and not court:
        begin, court = placed.start(), placed["court"]
        year = year if year is not None or not placed["year"] else int(placed["year"])
    name = (names.short_before if first.short else names.before)(text, begin, floor)
    start = name.start if name is not None else (led.start() if led is not None else first.start)
    # The number behind "at" is no first page, so that a short form is no parallel of what stands beside it.
    keys = tuple(core.key for core in group if not core.short)
    court_id = _court(court, group)
    for place, core in enumerate(group):
        base = _base(core, tail, keys)
        whole_start, whole_end = (start, tail.end) if place == 0 else (core.start, tail.end)
        own = place == 0 or not first.short
        yield replace(
            base,
            text=text[whole_start:whole_end],
            start=whole_start,
            end=whole_end,
            name=name.text if name and own else "",
            plaintiff=name.plaintiff if name and own else "",
            defendant=name.defendant if name and own else "",
            signal=name.signal if name and place == 0 else "",
            year=year if year is not None else _neutral_year(group),
            court=court_id,
            court_text=court,
            jurisdiction=_jurisdiction(court_id) or _of_reporters(group),
            docket=docket,
            parentheticals=tail.parentheticals,
        )


def _base(core: Core, tail: Tail, keys: tuple[str, ...]) -> LegalCitation:
    return LegalCitation(
        kind="case",
        form="short" if core.short else "full",
        core_start=core.start,
        core_end=core.end,
        key="" if core.short else core.key,
        volume=core.volume,
        reporter=core.reporter,
        page="" if core.short else core.page,
        pin=tail.pins.get(core.start, ""),
        nominative=core.nominative,
        parallel=tuple(key for key in keys if key != core.key) if not core.short else (),
    )


def _court(written: str, group: list[Core]) -> str:
    for core in group:
        found = identify(written, core.reporter)
        if found is not None and (found.id == "us/fed/scotus" or written):
            return found.id
    if not written:
        for core in group:
            state = COURTS.get(core.reporter) or identify("", core.reporter)
            if state:
                return state if isinstance(state, str) else state.id
    return ""


def _jurisdiction(court: str) -> str:
    pieces = court.split("/")
    if len(pieces) < 2:
        return ""
    return "/".join(pieces[:3]) if pieces[1] == "state" else "us/fed"


def _of_reporters(group: list[Core]) -> str:
    """The one state, or the federal courts, that a reporter of the group reports; "" where it reports several."""
    for core in group:
        known = facts(core.reporter)
        places = {_jurisdiction(path) for path in known.courts} if known is not None else set()
        if len(places) == 1:
            return places.pop()
    return ""


def _neutral_year(group: list[Core]) -> int | None:
    for core in group:
        if len(core.volume) == 4 and core.volume[:2] in ("19", "20") and is_neutral(core.reporter):
            return int(core.volume)
    return None


def _core(match: re.Match[str]) -> Core | None:
    written = match["reporter"]
    reporter = canonical(written)
    if not reporter or reporter in _SKIP_REPORTERS or len(written.strip()) == 1:
        return None
    volume, page = match["volume"], match["page"]
    short = bool(match["at"].strip(" ,\t\n"))
    if len(volume) == 4 and not is_neutral(reporter) and volume > "1999":
        return None  # a year before a reporter of numbered volumes: "2003 Cal. 5"
    if not short and match["at"] == "" and not written[-1:].isspace() and not written.endswith("."):
        return None  # "Cal4"
    if is_neutral(reporter) and len(volume) != 4:
        return None
    nominative = ""
    if match["nominative"]:
        nominative = f"{match['nomvolume']} {match['nominative']}"
    return Core(volume, reporter, page, match.start(), match.end(), short, nominative)


def _neutral(match: re.Match[str]) -> Core:
    if match["dashed"]:
        reporter, page = match["dashed"], match["number"]
    else:
        reporter, page = f"IL App ({match['district']})", f"{match['app']}{match['order'] or ''}"
    return Core(match["year"], reporter, page, match.start(), match.end(), False)
