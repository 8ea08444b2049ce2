"""What the words of a version note say: is it about the symbol as a whole, what replaces it, is a removal only planned.

Surface rules of technical English as reference documentation writes it; markup may be reStructuredText, Markdown or
plain text. Where the words do not tell, the answer is the neutral one (whole symbol, no replacement).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assay.domains.technical.symbols import Mention, last, mentions
from assay.domains.technical.versions.notes import Scope

_ROLE_TEXT = re.compile(r":[\w:-]+:`([^`]*)`|`{1,2}([^`]*)`{1,2}")
_PARAMETER = re.compile(
    r"(?:\*\w+\*|``?\w+``?|'\w+'|\"\w+\"|\b\w+)[ \t\n]+(?:keyword[ -]|optional |positional |named )*"
    r"(?:parameters?|arguments?|params?|kwargs?|options?|flags?|fields?)\b"
    r"|\b(?:parameters?|arguments?|argument) (?:\*\w+\*|``?\w+``?|\w+)"
    r"|^\W*\*\w+\*(?:[ ,]|\W*$)|\bthe \*\w+\*|^\W*(?:argument|parameter) ",
    re.IGNORECASE,
)
_USE = re.compile(
    r"^\W*(?:(?:the )?(?:use|usage) of|using|passing|calling|call(?:s)? (?:with|to)|support(?:s|ing)? (?:for|of)"
    r"|creating|opening|it is deprecated to|when |if |implicit|returning|setting|instantiating|subclassing|invoking"
    r"|assigning|comparing|testing|accessing|raising|importing|defining|specifying|omitting|providing|the ability"
    r"|(?:a )?\S*deprecation ?warning`? is (?:now )?(?:emitted|raised|issued) (?:if|when|for)"
    r"|(?:the )?(?:default )?behaviou?r\b|(?:the )?default\b|positional|class methods)"
    r"|\bwithout (?:a |an |the |specifying )?\S+ (?:argument|parameter|protocol)|\bcan no longer (?:wrap|be used)"
    r"|\b(?:is|are) (?:now )?deprecated (?:if|when|unless)\b|\bno longer (?:accepts?|allows?|falls? back)\b",
    re.IGNORECASE,
)
_MEMBERS = re.compile(r"^\W*(?:the )?(?:methods|members|attributes|functions|constants|modes|keys)\s", re.IGNORECASE)
_WHOLE = re.compile(
    r"^\W*(?:use |see |this |deprecated\b|in favou?r|replaced |renamed |superseded|obsolete|the (?:function"
    r"|method|class|module"
    r"|attribute|constant|exception|option|decorator|property|type|command|operation|endpoint|setting) (?:is"
    r"|was|has)\b)",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"(?:will be|to be|shall be|may be|is going to be|be) (?:\w+ly )?(?:removed|dropped|deleted|disabled)"
    r"|(?:scheduled|slated|planned|targeted|pending|marked) (?:for|a) removal|removal (?:is )?(?:planned|scheduled)"
    r"|will (?:go away|disappear|no longer (?:be|exist))|(?:planned|scheduled) to be removed",
    re.IGNORECASE,
)
_PLAN_VERSION = re.compile(
    r"(?:remov\w+|dropped|deleted|go away|disappear|error|disabled|sunset)\W+(?:\w+\W+){0,5}?"
    r"(?:in|by|from|with|on|as of)\s+(?:the\s+)?(?:[A-Z][\w-]*\s+|version\s+|release\s+|v)*"
    r"(\d+(?:\.\d+)+|\d{4}-\d\d-\d\d|\d+(?=[\s.,;]))",
    re.IGNORECASE,
)
_IN_FAVOUR = re.compile(
    r"(?:in favou?rs? of|replaced (?:by|with)|superseded by|renamed (?:to|as)|renamed\s+`[^`]+` to|moved to|migrate to"
    r"|switch to|equivalent to|consider(?: using)?|prefer|instead,? (?:use|call|create)|just use|use|using|see)"
    r"(?:\s+the)?(?:\s+(?:new|more general|newer|default|standard|built-?in|shorter))*\s+",
    re.IGNORECASE,
)
_INSTEAD = re.compile(r"[^.;:]*?\b(?:instead|can be used|should be used)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.;!?])\s+(?=[A-Z`:*(\"'_-])|:\s+(?=use\b)|\n\s*\n", re.IGNORECASE)
_ENDLESS = re.compile(r"\S{300}")
_BARE = re.compile(r"\b(?:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|[A-Za-z_]*_\w+|[A-Za-z_]\w*(?=\(\)))(?:\(\))?")


class Sentence(NamedTuple):
    """text[start:end] is one sentence or clause."""

    start: int
    end: int


def plain(text: str) -> str:
    """`text` without roles and code marks, on one line."""
    words = _ROLE_TEXT.sub(lambda match: match[1] or match[2] or "", text)
    return " ".join(words.split())


def clauses(text: str, start: int, end: int) -> list[Sentence]:
    """The sentences of text[start:end]; a colon before "use" parts too."""
    found, place = [], start
    for match in _SENTENCE.finditer(text, start, end):
        if match.start() > place:
            found.append(Sentence(place, match.start()))
        place = match.end()
    return [*found, Sentence(place, end)] if place < end else found


def scope_of(words: str, name: str) -> Scope:
    """Whether a note's words (without its version) are about the symbol `name`, a parameter, or a way of using it."""
    first = words.strip().split("\n\n")[0]
    bare = plain(first)
    if not bare or _WHOLE.search(bare):
        return "symbol" if not _aims_at_part(first, bare, name) else "parameter"
    if _MEMBERS.search(bare) or _USE.search(bare):
        return "behaviour"
    if _PARAMETER.search(first.split(". ")[0]):
        return "parameter"
    return "symbol"


def is_use(words: str) -> bool:
    """Whether the words open with a way of using something ("Passing ...", "Support for ...")."""
    return bool(_USE.search(plain(words)))


def _aims_at_part(first: str, bare: str, name: str) -> bool:
    """ "Deprecated argument x": words that open like a note on the whole and yet name a parameter as their subject."""
    del name
    opening = re.sub(r"^\W*(?:deprecated|this)\W+", "", bare, flags=re.IGNORECASE)
    return bool(re.match(r"(?:the )?(?:\w+ )?(?:parameter|argument|keyword)s?\b", opening, re.IGNORECASE)) and bool(
        first
    )


def planned(words: str) -> tuple[bool, str]:
    """Whether the words plan a removal, and for which version ("" where they do not say)."""
    bare = plain(words)
    if not _PLANNED.search(bare):
        return False, ""
    version = _PLAN_VERSION.search(bare)
    return True, version[1] if version else ""


def replacements(text: str, start: int, end: int, own: tuple[str, ...]) -> tuple[str, ...]:
    """The symbols that text[start:end] says to use instead of `own`, in order, without the latter."""
    found: list[str] = []
    mine = {last(name) for name in own} | set(own)
    for sentence in clauses(text, start, end):
        if _ENDLESS.search(text, sentence.start, sentence.end):
            continue
        named = list(mentions(text, sentence.start, sentence.end)) or _bare(text, sentence)
        found.extend(_replacing(text, sentence, named))
    return tuple(dict.fromkeys(name for name in found if name not in mine))[:6]


def _bare(text: str, sentence: Sentence) -> list[Mention]:
    return [
        Mention(match.group().removesuffix("()"), "", match.start(), match.end())
        for match in _BARE.finditer(text, sentence.start, sentence.end)
    ]


def _replacing(text: str, sentence: Sentence, named: list[Mention]) -> list[str]:
    words = text[sentence.start : sentence.end]
    cue = _IN_FAVOUR.search(words)
    if cue is None and not _INSTEAD.search(words):
        return []
    begin = sentence.start + cue.start() if cue else sentence.start
    instead = re.search(r"\b(?:instead of|rather than)\b", words, re.IGNORECASE)
    stop = sentence.start + instead.start() if instead else sentence.end
    return [mention.name for mention in named if begin <= mention.start < stop]
