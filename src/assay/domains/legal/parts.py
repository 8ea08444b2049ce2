"""The parts of an opinion (syllabus, opinion of the court, concurrence, dissent, notes) and headings of legal texts.

Headings are given as blocks, so that chunks keep to them; a part's label stands in the heading, so that every chunk of
a dissent says so. Texts whose reader already found headings keep those; the parts are found in any case.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from assay.types import Block

_JUDGE = (
    r"(?:(?:Chief|Senior|Circuit|District|Associate|Presiding|Acting|Bankruptcy|United\s+States|Magistrate)\s+)*"
    r"(?:Judges?|JUDGES?|Justices?|JUSTICES?|JJ?\.|C\.\s?J\.)"
)
_NAME = r"[A-Z][\w.'’-]+"
_SEPARATE = re.compile(
    rf"^[ \t]*(?:\d{{1,3}}[ \t]+)?(?P<who>(?:(?:Mr\.|MR\.|Chief|CHIEF)\s+)?(?:(?:Justice|JUSTICE|Judge"
    rf"|JUDGE)\s+{_NAME}|{_NAME}(?:,?\s+(?:and\s+)?{_NAME}){{0,4}},\s+{_JUDGE}))"
    r"(?P<mid>(?:[^.()]|\b[A-Z]\.|Jr\.){0,170}?)[,(\s]+\(?(?P<what>concurring|dissenting|CONCURRING"
    r"|DISSENTING)(?P<rest>[^.\n]{0,80})",
    re.MULTILINE,
)
_TITLED = re.compile(
    r"^[ \t]*(?:#+[ \t]*)?(?P<what>DISSENT(?:ING OPINION)?|CONCURRENCE|CONCURRING OPINION|Dissent(?:ing opinion)?"
    r"|Concurr(?:ence|ing opinion))[ \t]*[:.]?[ \t]*$",
    re.MULTILINE,
)
_SYLLABUS = re.compile(r"^[ \t]*(?:Syllabus|SYLLABUS)[ \t]*$", re.MULTILINE)
_OPINION = re.compile(
    rf"^[ \t]*(?:\d{{1,3}}[ \t]+)?(?:PER CURIAM|Per Curiam|{_NAME}(?:\s+{_NAME})?,\s+{_JUDGE}"
    rf"|OPINION(?: OF THE COURT)?|(?:(?:Chief\s+)?Justice"
    rf"|JUSTICE)\s+{_NAME}\s+delivered[^.]{{0,80}})\s*[.:]?[ \t]*(?:\n|$|[A-Z*])",
    re.MULTILINE,
)
_NOTES = re.compile(r"^[ \t]*(?:NOTES|FOOTNOTES|Footnotes)[ \t]*:?[ \t]*$", re.MULTILINE)
_LIKE_STATUTES = ("statute", "regulation", "rule", "constitution")
_LEAST = 3
_LABELS = {
    "concurrence": "Concurrence",
    "dissent": "Dissent",
    "syllabus": "Syllabus",
    "majority": "Opinion of the court",
    "notes": "Notes",
}


@cache
def _headings() -> Mapping[str, tuple[tuple[int, re.Pattern[str]], ...]]:
    raw = resources.files("assay.domains.legal").joinpath("headings.toml").read_text(encoding="utf-8")
    found: dict[str, tuple[tuple[int, re.Pattern[str]], ...]] = {}
    for entry in tomllib.loads(raw)["heading"]:
        kinds = _LIKE_STATUTES if entry["kind"] == "statute" else (entry["kind"],)
        for kind in kinds:
            found[kind] = (*found.get(kind, ()), (entry["level"], re.compile(entry["pattern"], re.MULTILINE)))
    return found


@dataclass(frozen=True, slots=True)
class Part:
    """text[start:end] is this part; its heading is text[start:heading_end]. `by`: the judge, if named."""

    name: str
    start: int
    end: int
    heading_end: int
    by: str = ""

    @property
    def label(self) -> str:
        """What the heading says: "Dissent (Selya, Circuit Judge)"."""
        return f"{_LABELS[self.name]} ({self.by})" if self.by else _LABELS[self.name]


def opinion_parts(text: str) -> list[Part]:
    """The parts of an opinion in order. What stands before the first separate opinion and is no syllabus is the
    opinion of the court; without any sign of a part the list is empty."""
    marks = sorted({mark[0]: mark for mark in _marks(text)}.values())
    if not any(name in ("dissent", "concurrence", "syllabus") for _, name, _, _ in marks):
        return []
    found: list[Part] = []
    if marks[0][0] > 0 and marks[0][1] != "syllabus":
        found.append(Part("majority", 0, marks[0][0], 0))
    for number, (start, name, heading_end, by) in enumerate(marks):
        end = marks[number + 1][0] if number + 1 < len(marks) else len(text)
        found.append(Part(name, start, end, heading_end, by))
    return found


def _marks(text: str) -> Iterator[tuple[int, str, int, str]]:
    separate = False
    for match in _SEPARATE.finditer(text):
        if match.start() > 400 and not _inside_citation(match):
            separate = True
            name = "dissent" if "dissent" in (match["what"] + match["rest"]).lower() else "concurrence"
            yield _start(match), name, match.end("what"), " ".join(match["who"].split())[:60]
    for match in _TITLED.finditer(text):
        separate = True
        yield _start(match), "dissent" if match["what"].lower().startswith("diss") else "concurrence", match.end(), ""
    syllabus = _SYLLABUS.search(text[:20_000])
    if syllabus:
        yield _start(syllabus), "syllabus", syllabus.end(), ""
        opinion = _OPINION.search(text, syllabus.end())
        if opinion:
            yield _start(opinion), "majority", _start(opinion), ""
    if separate and (notes := _NOTES.search(text, 1000)):
        yield _start(notes), "notes", notes.end(), ""


def _start(match: re.Match[str]) -> int:
    return match.start() + len(match.group()) - len(match.group().lstrip())


def _inside_citation(match: re.Match[str]) -> bool:
    """ "Scalia, J., dissenting)" at the start of a wrapped line belongs to a citation."""
    closing, opening = match["rest"].find(")"), match["rest"].find("(")
    opened = "(" in match.group()[: match.start("what") - match.start()]
    return closing >= 0 and not opened and (opening < 0 or closing < opening)


def part_at(parts: Sequence[Mapping[str, Any]], start: int) -> Mapping[str, Any] | None:
    """The part (as enrichment wrote it down: name, start, end, by) that holds a place of the text."""
    for part in parts:
        if isinstance(part, Mapping) and _within(part, start):
            return part
    return None


def _within(part: Mapping[str, Any], start: int) -> bool:
    low, high = part.get("start"), part.get("end")
    return isinstance(low, int) and isinstance(high, int) and low <= start < high


def heading_blocks(text: str, kind: str, parts: Sequence[Part]) -> list[Block]:
    """Heading blocks for a text of this kind: its parts and its numbered or titled sections; none where fewer than
    three places show a structure, since then layout tells more."""
    blocks = [
        Block("heading", part.start, max(part.heading_end, part.start + 1), 1, label=part.label)
        for part in parts
        if part.heading_end > part.start
    ]
    taken = {block.start for block in blocks}
    for level, pattern in _headings().get(kind, ()):
        for match in pattern.finditer(text):
            start, end = match.span("h")
            if start not in taken:
                blocks.append(Block("heading", start, end, level + (1 if kind == "opinion" and parts else 0)))
                taken.add(start)
    least = 1 if parts or kind == "statute" else _LEAST
    return sorted(blocks, key=lambda block: block.start) if len(blocks) >= least else []
