"""Rules that swap a name for another of the same kind: drug, molecule, country, party, role, section, code symbol."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from benchmarks.verification import tables
from benchmarks.verification.change import Change, in_quotation, like, replace
from benchmarks.verification.corpora import Source
from benchmarks.verification.draw import number, pick
from benchmarks.verification.tables import only

_DRUG = re.compile(r"(?<![\w-])(?:" + "|".join(sorted(set(tables.DRUGS), key=len, reverse=True)) + r")(?![\w-])", re.I)
_MOLECULE = re.compile(
    r"(?<![\w-])((?:IL|CD|MMP|TLR|miR|CYP|CCL|CXCL|Th|BMP|FGF|Wnt|caspase|STAT|SIRT|H[1-4]K|p|HLA-DR|"
    r"TNF|PPAR|NF|AKT|COX|GLUT|HDAC|Smad|Notch|Bcl)-?)(\d{1,3})(?![\w.%-]|,\d)"
)
_COUNTRY = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(tables.COUNTRIES)
    + r")(?![\w-])(?! (?:Act|Code|Law|General|Ave|Street|University|Corp|Inc|Superior|Supreme|Rule|Const))"
)
_GROUPS = only(tables.POPULATIONS)
_GROUP = re.compile(r"(?<![\w-])(?:" + "|".join(sorted(_GROUPS, key=len, reverse=True)) + r")(?![\w-])")


def medical(text: str, source: Source) -> Iterator[Change]:
    """A drug, a numbered molecule, a country or a population becomes another."""
    for match in _once(_DRUG, text):
        beside = sorted({m[0].lower() for m in _DRUG.finditer(source.text)})
        others = [d for d in beside or tables.DRUGS if d not in text.lower()] or [
            d for d in tables.DRUGS if d not in text.lower()
        ]
        yield replace(text, match.span(), like(match[0], pick(others, text, "drug")), "drug")
    for match in _once(_MOLECULE, text):
        higher = str(int(match[2]) + 1 + number(text, "molecule") % 4)
        if f"{match[1]}{higher}" not in text and f"/{match[2]}" not in text:
            yield replace(text, match.span(2), higher, "molecule")
    for match in _once(_COUNTRY, text):
        yield replace(
            text, match.span(), pick([c for c in tables.COUNTRIES[:42] if c not in text], text, "country"), "place"
        )
    for match in _once(_GROUP, text):
        new = _GROUPS[match[0]]
        if not re.search(rf"\b{new}\b", text):
            yield replace(text, match.span(), new, "population")


_ROLE_TO = only(tables.ROLES)
_ROLE = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(sorted(map(re.escape, _ROLE_TO), key=len, reverse=True))
    + r")(?![\w-])(?! (?:Act|Board|Name))"
)
_SECTION = re.compile(
    r"((?:§§?|[Ss]ections?|Sec\.|Rule|Article|Title|Exhibit|Chapter|Schedule) "
    r"?(?:\d+:\d+[A-Z]?-)?)(\d{1,4})(?=[\s,.;(])(?!\.\d)(?! and| or|, \d)"
)
_PARTY = re.compile(r"[A-Z][a-z]{3,}")


def legal(text: str, source: Source) -> Iterator[Change]:
    """A party, a party's role or the number of a section becomes another."""
    for match in _once(_ROLE, text):
        new = _ROLE_TO[match[0]]
        if not re.search(rf"\b{re.escape(new)}s?\b", text, re.I) and not in_quotation(text, match.start()):
            yield replace(text, match.span(), new, "role")
    if source.kind != "statute":
        names = (
            [name for name in _PARTY.findall(source.title) if name not in tables.NO_PARTY]
            if " v. " in source.title
            else []
        )
        for name in names:
            for match in _once(re.compile(rf"(?<![\w-]){name}(?![\w-])(?!,? (?:v\\.|\\d+ [A-Z]))"), text):
                others = [other for other in names if other not in text] or [
                    o for o in ("Whitfield", "Kowalski", "Ferraro", "Lindqvist") if o not in text
                ]
                yield replace(text, match.span(), pick(others, text, "party"), "party")
    for match in _once(_SECTION, text):
        new = str(int(match[2]) + 1 + number(text, "section") % 7)
        if new not in text:
            yield replace(text, match.span(2), new, "section")


_SYMBOL = re.compile(
    r":(func|class|meth|mod|attr|exc|data|setting|ref|py:func|py:class|c:func|ttag|tfilter|"
    r"lookup):`(?:~|!)?([A-Za-z_][\w.]*(?:\(\))?)`"
)
_CODE = re.compile(r"(?<!:)``([A-Za-z_][\w.]{2,}(?:\(\))?)``|(?<![`:])`([A-Za-z_][\w.]{2,}(?:\(\))?)`(?!`)")
_DOTTED = re.compile(r"(?<![\w.`/])((?:[A-Z][A-Za-z]+|numpy|pandas|np|pd)\.[a-z_]+(?:\.\w+)*)(?![\w/])")
_LITERAL = {"True": "False", "False": "True", "None": "True"}


def technical(text: str, source: Source) -> Iterator[Change]:
    """A function, class, module, attribute or option becomes another of its kind; True becomes False."""
    for match in _once(_SYMBOL, text, 2):
        others = sorted({m[2] for m in _SYMBOL.finditer(source.text) if m[1] == match[1]})
        yield from _symbol(text, match.span(2), match[2], others, match[1])
    for match in _once(_CODE, text, 0):
        group = 1 if match[1] else 2
        name = match[group]
        if name in _LITERAL:
            if _LITERAL[name] not in text and not re.search(r"\b(?:True|False|None)\b", text.replace(name, "")):
                yield replace(text, match.span(group), _LITERAL[name], "constant")
            continue
        others = sorted({m[1] or m[2] for m in _CODE.finditer(source.text)})
        yield from _symbol(
            text,
            match.span(group),
            name,
            [o for o in others if o not in _LITERAL and _shape(o) == _shape(name)],
            "code name",
        )
    for match in _once(_DOTTED, text):
        others = sorted({m[1] for m in _DOTTED.finditer(source.text)})
        yield from _symbol(text, match.span(1), match[1], others, "dotted name")
    if source.kind == "html":
        for match in _once(re.compile(r"(?<![\w`.])(?:True|False)(?![\w`])"), text):
            if _LITERAL[match[0]] not in text:
                yield replace(text, match.span(), _LITERAL[match[0]], "constant")


def _shape(name: str) -> tuple[bool, bool, bool]:
    return name.isupper(), name[:1].isupper(), name.endswith("()")


def _symbol(text: str, span: tuple[int, int], old: str, others: list[str], rule: str) -> Iterator[Change]:
    short = {part.lower() for part in (old, old.split(".")[-1], old.rstrip("()"))}
    usable = [
        o for o in others if o not in text and o.split(".")[-1].rstrip("()").lower() not in short and old not in o
    ]
    if usable:
        yield replace(text, span, pick(usable, text, span, "symbol"), rule)


def _once(pattern: re.Pattern[str], text: str, group: int = 0) -> Iterator[re.Match[str]]:
    """The matches whose words stand in the text one time only: a swap of one of two would contradict itself."""
    for match in pattern.finditer(text):
        name = match[group] if group else match[0]
        if len(re.findall(rf"(?<!\w){re.escape(name.strip('`'))}(?!\w)", text, re.I)) == 1:
            yield match


BY_DOMAIN: Mapping[str, object] = {"legal": legal, "medical": medical, "technical": technical}


def names(text: str, source: Source) -> Iterator[Change]:
    """The rule of the passage's own domain."""
    rules = {"legal": legal, "medical": medical, "technical": technical}
    yield from rules[source.domain](text, source)
