"""Names in running text: what a claim must not change and a question's answer must speak of.

Quoted strings, code identifiers, section numbers and citations, versions, years, acronyms, words of capitals,
proper names, drug names by their stems. Surface rules, no dictionary of the world: a capital at a sentence's start
proves nothing and is left out, unless the word goes on ("The Lanham Act").
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from assay.textual.similarity import listed
from assay.textual.tokens import STOP_WORDS, fold

NameKind = Literal["quoted", "identifier", "section", "version", "year", "acronym", "proper", "drug"]


class Name(NamedTuple):
    """text[start:end] names something. `key` is equal for the spellings that mean the same."""

    kind: NameKind
    key: str
    start: int
    end: int


_WORD = r"[A-Z][\w'’&-]*[\w’'](?<!['’])|[A-Z]"
_JOINER = r"(?:\s+(?:of|the|&|v\.?|vs\.?|de|del|der|van|von|for|la|on)){1,2}\s+"
_PATTERN = re.compile(
    rf"""
      ``(?P<code2>[^`\n]{{1,80}})``
    | `(?P<code>[^`\n]{{1,80}})`
    | ["“](?P<quoted>[^"“”\n]{{2,120}})["”]
    | (?<!\w)'(?P<quoted1>[^'\n]{{2,80}})'(?!\w)
    | (?P<section>
          (?:\b\d+\s+)?(?:U\.?\s?S\.?\s?C\.?(?:\s?A\.?)?|C\.?\s?F\.?\s?R\.?|UCC|U\.C\.C\.)\s*(?:§§?|[Ss]ections?)?\s*\d[\w:.-]*\w
        | (?:§§?|\b(?:[Ss]ections?|[Ss]ec\.|[Aa]rticles?|[Aa]rt\.|[Cc]lauses?|[Rr]ules?|[Aa]mendments?))\s*
          (?:\d[\w:.-]*(?:\([\w]+\))*|[IVXLC]+\b)
        | \b\d+\s+(?:U\.S\.|F\.(?:\s?Supp\.)?(?:\s?[23]d|4th)?|S\.\s?Ct\.|[A-Z][\w.]*\s?[23]d|[A-Z]\.[A-Z]\.\w*)\s+\d+\b
      )
    | (?P<bare>\b\d+:\d[\w.-]*-\w+\b|\b\d{{1,2}}[A-Z]?-\d{{3}}\b(?!-))
    | (?P<version>\b[vV]\d+(?:\.\d+)*\b|\b(?:[Vv]ersion|[Rr]elease)\s+\d+(?:\.\d+)*\b|(?<![\w.])\d+\.\d+\.\d+\b
        |(?<=[Pp]ython[ ])\d+\.\d+\b|(?<=[Dd]jango[ ])\d+\.\d+\b|(?<=[Pp]andas[ ])\d+\.\d+\b
        |(?<=[Nn]um[Pp]y[ ])\d+\.\d+\b)
    | (?P<identifier>
          \b[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w+)+(?:\(\))?
        | \b[A-Za-z]\w*_\w+(?:\(\))? | \b__\w+__ | \b[a-z]+[A-Z]\w* | \b[A-Z][a-z]+(?:[A-Z][a-z]+)+\w*
        | \b[a-z]\w*\(\) | (?<!\S)--?[a-z][\w-]+ | \b[A-Za-z]+-?\d+\w*(?:-\w+)*
      )
    | (?P<year>\b(?:1[789]|20)\d\d\b(?!-\d))
    | (?P<proper>(?:{_WORD})(?:(?:\.?{_JOINER}|\s+|(?<=\b[A-Z])\.\s+)(?:{_WORD}))+)
    | (?P<acronym>\b[A-Z][A-Z0-9&-]*[A-Z0-9]\b)
    | (?P<capital>\b[A-Z][\w'’-]*\w)
    | (?P<drug>\b[a-z]{{2,}}(?:mab|nib|pril|sartan|statin|cillin|azole|olol|ivir|avir|mycin|cycline|prazole|gliptin
        |formin|parin|tidine|oxetine|azepam|caine|dipine|gliflozin|setron|triptan|floxacin|terol|sone|olone)\b)
    """,
    re.VERBOSE,
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n]\s*[\"“'(\[]?|^[\s>*#(\[\"“'-]+)$")
_YEAR_CUE = re.compile(
    r"(?:\b(?:in|since|of|after|before|during|until|from|year|through|by|and|to|the|[A-Z][a-z]+)|[(,])\s*$"
)
_NOT_NAMES = STOP_WORDS | listed(
    """also does did doing done when where why who whom which whose whether under above below between consider describe
    explain list give find show tell compare please define name state discuss summarize summarise identify suppose see
    january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday however moreover therefore thus although because since while during after before
    many much most each every both few several other another such any all some one two three first second third are
    is has have had was were can could should would may might must shall will per than then there here about"""
)


def names(text: str) -> list[Name]:
    """The names in `text`, in order, not overlapping."""
    found = []
    for match in _PATTERN.finditer(text):
        name = _name(text, match)
        if name is not None:
            found.append(name)
    return found


def name_key(text: str) -> str:
    """What equal names share: folded, lower case, one space, no surrounding punctuation, no call parentheses."""
    plain = re.sub(r"\s+", " ", fold(text).lower().replace("’", "'")).strip(" .,;:'\"`")
    return plain.removesuffix("()").removesuffix("'s")


def section_number(key: str) -> str:
    """The number that tells a section's key apart: "ucc § 2-106(3)" gives "2-106"; a reporter citation stays whole."""
    if re.fullmatch(r"\d+ \D.* \d+", key) and "§" not in key and not re.search(r"u\.? ?s\.? ?c|c\.? ?f", key):
        return key
    found = re.findall(r"\d[\w:.-]*\w|\d|\b[ivxlc]+$", key)
    return found[-1] if found else key


def _name(text: str, match: re.Match[str]) -> Name | None:
    group = match.lastgroup or ""
    start, end = match.span(group)
    raw = match[group]
    if group in ("code", "code2"):
        return Name("identifier", name_key(raw), start, end)
    if group in ("quoted", "quoted1"):
        return Name("quoted", name_key(raw), start, end)
    if group == "bare":
        return Name("section", name_key(raw), start, end)
    if group == "capital":
        return _capital(text, raw, start, end)
    if group == "proper":
        return _proper(text, raw, start)
    if group == "version":
        return Name("version", re.sub(r"(?i)^(?:v(?=\d)|version\s+|release\s+)", "", raw), start, end)
    if group == "acronym" and raw.lower() in _NOT_NAMES:
        return None
    if group == "year" and start and not _YEAR_CUE.search(text, max(0, start - 16), start):
        return None
    kind: NameKind = group  # type: ignore[assignment]
    return Name(kind, name_key(raw), start, end)


def _capital(text: str, raw: str, start: int, end: int) -> Name | None:
    if raw.lower() in _NOT_NAMES or _starts_sentence(text, start):
        return None
    return Name("proper", name_key(raw), start, end)


def _proper(text: str, raw: str, start: int) -> Name | None:
    """A run of capitals without the words that open its sentence ("What did Smith" names Smith)."""
    end = start + len(raw)
    while raw:
        first = re.match(r"[\w'’&-]+", raw)
        if first is None or first.group().lower() not in _NOT_NAMES:
            break
        rest = re.compile(r"\.?\s+").match(raw, first.end())
        cut = rest.end() if rest else len(raw)
        raw, start = raw[cut:], start + cut
    if not raw or not raw[0].isupper():
        inner = re.search(r"[A-Z][\w'’&-]+", raw)
        if inner is None:
            return None
        raw, start = raw[inner.start() :], start + inner.start()
    single = re.fullmatch(r"[\w'’-]+", raw) is not None
    if single and (raw.lower() in _NOT_NAMES or _starts_sentence(text, start)):
        return None
    return Name("proper", name_key(raw), start, end)


def _starts_sentence(text: str, start: int) -> bool:
    return _SENTENCE_START.search(text, max(0, start - 8), start) is not None if start else True
