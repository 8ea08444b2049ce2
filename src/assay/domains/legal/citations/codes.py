"""Finds the codes of the states: the name is looked up in a table, so that a code nobody has is not found."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from assay.domains.legal.citations.model import LegalCitation
from assay.domains.legal.citations.sections import parts, year_after

_SIGN = r"(?:§\s?§|§|\b[Ss]ections?\b|\b[Ss]ecs?\.)"
# A sign and a number after something that may be the name of a code, or a number right after such a name.
TRIGGER = re.compile(
    r"(?:(?P<part>\b(?:[Tt]it|[Cc]h|c|[Cc]hap)\.|\b(?:[Tt]itle|[Cc]hapter)\b)\s*(?P<unit>\d+[A-Za-z]{0,2}(?:[-.]\d+)?(?:\s?½)?)"
    r"\s*,?\s*(?:" + _SIGN + r"\s*)*(?=\d)"
    r"|(?P<sign>§\s?§?|\b[Aa]rts?\.|\b[Ss]ections?\b|\b[Ss]ecs?\.)\s*(?=\d)"
    r"|(?P<bare>\b(?:Code|Law|Laws|ILCS|RSMo|RCW|NRS|KRS|ORS|RSA|CPLR|EPTL|MCLA?|SDCL|NMSA|HRS|MCA)|\b(?:Stat|Ann)\.|\b(?:[A-Z]\.\s?){2,5})\s*(?=\d))"
)  # fmt: skip
# A line may break behind a hyphen.
_NUMBER = r"\d+[A-Za-z]{0,2}(?:(?:[.:/]|[–-](?:[ \t]*\n\s*)?)(?=[\dA-Z])[\dA-Z]+[a-zA-Z]{0,2})*"
_WINDOW = 100
_WORD = re.compile(r"(?<![\w.])[A-Z]")
_ANNOTATED = re.compile(r"(?:\s*Ann(?:otated|ot)?\.?|\s*\((?:[A-Z][^()]{0,25})\)|\s*,)+$")
_LEAD_NUMBER = re.compile(r"(?<![\w.-])(\d{1,3}[A-Z]?)\s+$")
_MANY = re.compile(r"§\s?§|[Ss]ections\b|[Ss]ecs\.|[Aa]rts\.")


@dataclass(frozen=True, slots=True)
class Code:
    """A code of a state: canonical name, state and the form of its citations."""

    name: str
    state: str
    form: str


def find(text: str) -> Iterator[LegalCitation]:
    """Every citation of a state's code, in no order."""
    for found in TRIGGER.finditer(text):
        end = found.end() if found["bare"] else found.start()
        named = _before(text, end)
        if named is None:
            continue
        start, code = named
        unit = found["unit"] or ""
        if code.form == "lead":
            number = _LEAD_NUMBER.search(text, max(0, start - 6), start)
            if number is None:
                continue
            unit, start = number[1], number.start(1)
        if code.form in ("chapter", "title") and not unit:
            continue
        sign = found["sign"] or found[0]
        for number_, part in enumerate(parts(text, found.end(), _NUMBER, many=bool(_MANY.search(sign)))):
            first = start if number_ == 0 else part.start
            yield _citation(text, code, unit, first, part.section, part.subsection, part.pin, part.end)


def _citation(
    text: str, code: Code, unit: str, start: int, section: str, subsection: str, pin: str, core: int
) -> LegalCitation:
    from assay.domains.legal.citations.uniform import uniform_key

    year, whole = year_after(text, core)
    section = re.sub(r"\s", "", section).replace("–", "-")
    same = uniform_key(code.name, unit, section)
    return LegalCitation(
        kind="statute" if "Regs" not in code.name and "Y.C.R.R" not in code.name else "regulation",
        text=text[start:whole], start=start, end=whole, core_start=start, core_end=core,
        key=key_of(code.name, unit, section), title=unit, code=code.name, section=section, subsection=subsection,
        pin=pin, year=year, jurisdiction=f"us/state/{code.state}", parallel=(same,) if same else (),
    )  # fmt: skip


def key_of(code: str, title: str, section: str) -> str:
    """The look-up key of a section of a state's code."""
    form = forms().get(code, "section")
    if code == "ILCS":
        return f"{title} ILCS {section}"
    if form == "lead":
        return f"{title} {code} § {section}"
    if form == "chapter" or (form == "section" and title):
        return f"{code} ch. {title}, § {section}"
    if form == "title":
        return f"{code} tit. {title}, § {section}"
    if form == "article":
        return f"{code} art. {section}"
    return f"{code} {section}" if code == "N.Y. C.P.L.R." else f"{code} § {section}"


def _before(text: str, end: int) -> tuple[int, Code] | None:
    """The code whose name ends at `end`: where it starts and which it is; the longest name wins."""
    low = max(0, end - _WINDOW)
    window = text[low:end]
    stripped = window.rstrip(" \t\r\n,")
    name = _ANNOTATED.sub("", stripped)
    table = names()
    for found in _WORD.finditer(name):
        code = table.get(_squeeze(name[found.start() :]))
        if code is not None:
            return low + found.start(), code
    return None


def _squeeze(text: str) -> str:
    return re.sub(r"[\s.,]", "", text).replace("’", "'")


@lru_cache(maxsize=1)
def data() -> Mapping[str, Any]:
    """The table of codes, as in `codes.toml`."""
    text = resources.files("assay.domains.legal.citations").joinpath("codes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@lru_cache(maxsize=1)
def forms() -> Mapping[str, str]:
    """Canonical name -> form of citation; "section" where not listed."""
    return MappingProxyType({row[0]: row[2] for row in reversed(data()["codes"])})


@lru_cache(maxsize=1)
def names() -> Mapping[str, Code]:
    """Squeezed spelling -> code."""
    from assay.domains.legal.courts.table import states

    table: dict[str, Code] = {}
    for name, state, form, *others in data()["codes"]:
        code = Code(name, state, form)
        for spelling in (name, *others):
            table.setdefault(_squeeze(spelling), code)
        place = states()[state]
        bare = name.removeprefix(place.abbreviation).strip()
        if bare in ("Code", "Stat.", "Gen. Laws", "Rev. Stat."):
            word = {"Code": "Code", "Stat.": "Statutes", "Gen. Laws": "General Laws", "Rev. Stat.": "Revised Statutes"}
            table.setdefault(_squeeze(f"{place.name} {word[bare]}"), code)
    for entry in data()["subjects"]:
        for subject in entry["names"]:
            code = Code(entry["pattern"].format(subject), entry["state"], "section")
            for pattern in (entry["pattern"], *entry["other"]):
                table.setdefault(_squeeze(pattern.format(subject)), code)
            long = entry["long"].get(subject)
            if long:
                word = entry["pattern"].rpartition(" ")[2]
                table.setdefault(_squeeze(f"{entry['state_name']} {long} {word}"), code)
    return MappingProxyType(table)
