"""Which symbols a clause on removal or deprecation is about, and which it only mentions.

"Removed `a` and `b` of the `m` module: use `c` instead" is about a and b; m says where they belonged; c replaces them.
Prepositions, possessives, plural nouns and the words of replacement tell, as they stand before and after each symbol.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assay.domains.technical.symbols import Mention, mentions
from assay.domains.technical.versions.notes import Scope
from assay.domains.technical.versions.wording import Sentence, is_use

_OWNER_BEFORE = re.compile(
    r"(?:\b(?:of|from|in|inside|within|by|on|for|via|under|than|with|into|using|to|through|like|as|when|if|against|where)"
    r")\s+(?:(?!and\b|or\b)[\w-]+\s+){0,3}$",
    re.IGNORECASE,
)
_MODIFIES = re.compile(
    r"\s+`?(?:(?:\w+ ){0,2}(?:features|functions|methods|attributes|names|apis|aliases|constants|classes"
    r"|exceptions|members"
    r"|functionality|subclasses|instances|objects|tags|settings|types|parameters|arguments|modules'|codecs|warnings)\b"
    r"|(?:keyword |positional )?(?:argument|parameter|behaviou?r|support|instance|object|syntax|mode|value|values)\b"
    r"|(?:method|attribute|function|class|property|constant|member|option|setting)s?\s+[`:])",
    re.IGNORECASE,
)
_JOINED = re.compile(r"[\s,]*(?:,|\band\b|\bor\b|/)[\s,]*(?:the\s+)?$", re.IGNORECASE)
_REPLACED = re.compile(
    r"\b(?:instead|in favou?r of|replaced (?:by|with)|superseded|use|switch to|migrate|renamed to|moved to"
    r"|consider|prefer"
    r"|alias(?:es)? (?:for|of|to))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:using|equivalent|because|since it|due to|according|which|as (?:it|they)|so that|to avoid|allowing"
    r"|enabling|though|but"
    r"|previously|unless|except|now (?:a|an|the|use|raise|call|return|accept)\w*)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\s+(?:if|when|whenever|without|with|unless|for|to|on|as)\b", re.IGNORECASE)
_WARNS_IF = re.compile(r"deprecation ?warning`?\W+(?:\w+\W+){0,4}?(?:if|when|unless|for)\b", re.IGNORECASE)
_KIND_NOUN = re.compile(
    r"\W*(?:$|[,.;:()&/*\[]|(?:\w+[ -])?(?:class|func|meth|modul|attribut|exception|constant|decorator|option"
    r"|propert|type|function"
    r"|command|package|api|alias|setting|template|filter|tag|helper|mixin|view|form|field|macro|member|variable|object|opcode"
    r"|and|or|are|is|has|have|was|were|will|can|may|should|could|in|from|instead|deprecated|removed|now|also"
    r"|both|which|that|since|because|due|as of"
    r"|use|see|no longer|backend|model|manager|lookup|operator|keyword|key|flag|endpoint|operation|header"
    r"|widget|middleware"
    r"|parameter|argument|script|program|tool|extension|library|utility|interface|signal|lookups)\w*\b)",
    re.IGNORECASE,
)
_HAS_NOT = re.compile(r"\bno longer (?:has|have|provides?|exposes?|exports?|includes?)\b", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been)(?: \w+){0,2} (?:removed|deprecated|dropped|deleted)\b", re.IGNORECASE
)
_TURN = re.compile(r"\b(?:so|but|this|these|because|however|then)\b", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:parameters?|arguments?|kwargs?|keyword|support for|support of|ability to|option to|passing|calling"
    r"|using|usage of"
    r"|use of|handling|fallbacks?|behaviou?r|default|implicit|setter|getter|check for|warnings?|workarounds?"
    r"|aliases of)\b",
    re.IGNORECASE,
)
_EMPHASISED = re.compile(r"\*\w+\*")


class Named(NamedTuple):
    """A symbol that the clause is about; `owners` are symbols of the clause that say where it belongs."""

    mention: Mention
    owners: tuple[str, ...]
    scope: Scope
    peers: tuple[str, ...] = ()


def read_clause(text: str, clause: Sentence, *, explicit: bool) -> list[Named]:
    """The subjects of text[clause]. `explicit`: the clause has the verb itself; else it is an item of a list."""
    named = list(mentions(text, clause.start, clause.end))
    if not named:
        return []
    owners, subjects = _parted(text, clause, named)
    if not explicit:
        subjects = _leading(text, clause, subjects)
    found = []
    for place, mention in enumerate(subjects):
        mine = (*_sibling(subjects[:place], mention), *(owner.name for owner in owners))
        found.append(Named(mention, mine, _scope(text, clause, mention), tuple(other.name for other in subjects)))
    if (
        not explicit
        and subjects
        and re.search(r"\b(?:no longer|now|will|must|should)\b", text[subjects[0].end : clause.end])
    ):
        found = [found[0]._replace(scope="behaviour")]
    if not subjects and explicit and _about_part(text[clause.start : clause.end]):
        found = [Named(mention, (), "parameter") for mention in owners[:4] if mention.role != "mod"]
    return found


def _parted(text: str, clause: Sentence, named: list[Mention]) -> tuple[list[Mention], list[Mention]]:
    """Symbols that say where something belongs, and symbols that the clause is about."""
    words = text[clause.start : clause.end]
    without = _HAS_NOT.search(words)
    stop = _stop(words, clause, named)
    owners: list[Mention] = []
    subjects: list[Mention] = []
    former: Mention | None = None
    for mention in named:
        if mention.start >= stop:
            break
        if without and mention.end <= clause.start + without.start():
            owners.append(mention)
        elif without and mention.start > clause.start + without.end() + 60:
            break
        elif _is_owner(text, clause, mention, former, owners):
            owners.append(mention)
        else:
            subjects.append(mention)
        former = mention
    if len(subjects) > 1 and re.match(r"\s*:\s", text[subjects[0].end : clause.end]):
        owners.append(subjects.pop(0))
    return owners, [mention for mention in subjects if not _elsewhere(text, clause, mention)]


def _elsewhere(text: str, clause: Sentence, mention: Mention) -> bool:
    """Another subject stands between the symbol and a passive verb: "... uses `x`, so this restriction is removed"."""
    verb = _PASSIVE.search(text, mention.end, clause.end)
    return bool(verb and _TURN.search(text, mention.end, verb.start()))


def _stop(words: str, clause: Sentence, named: list[Mention]) -> int:
    """Where the clause goes on to something else: the first word of replacement or reason behind a symbol."""
    ends = [clause.end]
    for pattern in (_REPLACED, _REASON):
        for match in pattern.finditer(words):
            place = clause.start + match.start()
            told = any(mention.end <= place for mention in named)
            if pattern is _REPLACED:
                told = told or len(words[: match.start()].split()) >= 2
            if told and not any(mention.start <= place < mention.end for mention in named):
                ends.append(place)
                break
    return min(ends)


def _is_owner(text: str, clause: Sentence, mention: Mention, former: Mention | None, owners: list[Mention]) -> bool:
    before, after = text[clause.start : mention.start], text[mention.end : clause.end]
    if re.match(r"['’]s?\b|\s*:\s+(?=[:`])", after) or _OWNER_BEFORE.search(before):
        return True
    chained = former in owners and former is not None and re.fullmatch(r"['’]s?\s+", text[former.end : mention.start])
    if chained and _OWNER_BEFORE.search(text[clause.start : former.start if former else mention.start]):
        return True
    if mention.role in ("mod", "class", "exc", "ref") and _MODIFIES.match(after):
        return True
    joined = former is not None and _JOINED.fullmatch(text[former.end : mention.start])
    return bool(
        joined and former in owners and former is not None and former.role == mention.role and not _verb_follows(after)
    )


def _verb_follows(after: str) -> bool:
    return bool(re.match(r"\s+(?:is|are|was|were|has|have)\b", after))


def _leading(text: str, clause: Sentence, subjects: list[Mention]) -> list[Mention]:
    """Of an item without a verb: the symbols that it begins with, up to the first colon, dash or sentence."""
    words = text[clause.start : clause.end]
    lead = re.match(r"(?:[^:`]|`[^`]*`|:[\w-]+(?::[\w-]+)*:`[^`]*`|:(?=[\w-]+:`))*", words)
    stop = clause.start + (lead.end() if lead else len(words))
    return [mention for mention in subjects if mention.start < stop]


def _sibling(before: list[Mention], mention: Mention) -> tuple[str, ...]:
    """ "`a.b.c()`, `d()` and `e()`": what stands in one list with a full name is taken to live beside it."""
    if "." in mention.name:
        return ()
    full = [other.name for other in before if "." in other.name and other.role == mention.role]
    return (full[-1].rsplit(".", 1)[0],) if full else ()


def _scope(text: str, clause: Sentence, mention: Mention) -> Scope:
    before = text[clause.start : mention.start]
    after = text[mention.end : mention.end + 60]
    tail = re.sub(r"`[^`]*`", "``", re.split(r"[.;]\s", before)[-1])
    if re.match(r"\s+(?:keyword |positional |optional )*(?:argument|parameter|kwarg|keyword)s?\b", after):
        return "parameter"
    if _EMPHASISED.search(tail) and _PART.search(tail):
        return "parameter"
    words = text[clause.start : clause.end]
    if _CONDITION.match(after) or _WARNS_IF.search(words) or is_use(words) or not _KIND_NOUN.match(after):
        return "behaviour"
    return "behaviour" if _PART.search(tail) or re.match(r"\s+(?:support|behaviou?r|syntax)\b", after) else "symbol"


def _about_part(words: str) -> bool:
    return bool(_PART.search(words) or _EMPHASISED.search(words))
