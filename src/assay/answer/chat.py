"""Follow-up questions without a model: a question is completed from the one before it, as far as that is honest.

"And in California?" takes over the earlier question. "Does it expire?" names what the earlier question was about.
Where that cannot be told, the question is asked as written and the note says so. What is asked is always shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assay.answer.chat_topics import (
    AUXILIARIES,
    BE,
    CASE,
    PREPOSITIONS,
    Clause,
    clause,
    ends_phrase,
    head_of,
    is_person,
    is_plural,
    is_verb,
    phrases,
)
from assay.textual.names import Name, NameKind, names
from assay.textual.similarity import listed
from assay.textual.tokens import STOP_WORDS

_REMEMBERED = 6
_LONGEST = 1000
"""A longer question is no follow-up; a longer earlier one is not read."""
_LEAD = re.compile(r"^\s*(?:(?:and|but|or|so|ok|okay|then|also|now|well)\b[,\s]*)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+|^what of\s+|^(?:the )?same (?:question )?for\s+(?=\S)", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:how (?:long|much|many|often|soon|old|high|large|come|so)|why(?: not)?|when|where|who|how|since when"
    r"|until when|by when|by whom|for whom|to whom|for how long|at what age|at what dose)$",
    re.IGNORECASE,
)
_MEASURE = re.compile(r"^how (?:long|much|many|often|old|high|large)$", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?P<noun>(?:this|that|these|those|such an?|the same|the said)\s+(?P<head>[a-z][\w-]+))\b"
    r"|\b(?P<pair>the (?:former|latter))\b(?!\s+\w)"
    r"|\b(?P<word>it|its|they|them|their|he|she|his|him|her|this|that|these|those)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(
    r"""\b(?:is|was|be|become|becomes|considered|deemed|it's)\s+(?:it\s+)?(?:not\s+|ever\s+|still\s+|always\s+|also\s+)*
        (?:legal|illegal|lawful|unlawful|possible|impossible|safe|unsafe|dangerous|necessary|required|allowed|permitted
        |permissible|advisable|recommended|better|best|good|bad|common|normal|okay|ok|fine|true|false|likely|unlikely
        |important|essential|sufficient|enough|reasonable|worth|difficult|easy|hard|useful|customary|mandatory|compulsory
        |forbidden|prohibited|ethical|appropriate|correct|wrong|right|clear|known|established|negligence|defamation|theft
        |fraud|malpractice|infringement|a\s+(?:crime|breach|violation|good\s+idea|bad\s+idea|problem))\s+
        (?:to\s+(?P<verb>\w+)(?P<after>\s+\w+)?|that\b|whether\b|if\b|when\b|for\b.+?\bto\s+\w|\w+ing\b)
      | \b(?:does|did|will|would|can|may)\s+it\s+(?:typically\s+|usually\s+|normally\s+)?
        (?:take|cost|matter|mean|follow|seem|appear|make\s+(?:sense|a\s+difference)|happen|help|hurt|count\s+as\s+\w+)\b.*?
        \b(?:to\s+\w|that\b|whether\b|if\b|when\b|for\b.+?\bto\s+\w)
      | \bit\s+(?:is|was)\s+\w+\s+(?:to|that)\b | \bas\s+it\s+(?:is|were|stands)\b | \bthat\s+is\b(?=,) | \bso\s+that\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TAKES_OBJECT = listed(
    """take use give copy prescribe combine call sell stop share modify resell redistribute inject administer mix sign
    swallow"""
)
_SUBORDINATE = re.compile(
    r"[,;]|\b(?:if|when|while|because|since|after|before|unless|until|although|though|that|which|who|whether|and|or|but|once"
    r"|where|as|to|than|by|from|without)\b",
    re.IGNORECASE,
)
_KINDS: dict[str, tuple[NameKind, ...]] = {
    **dict.fromkeys(
        ("section", "statute", "provision", "article", "rule", "regulation", "act", "law"), ("section", "proper")
    ),
    **dict.fromkeys(("drug", "medicine", "medication", "agent", "substance"), ("drug",)),
    **dict.fromkeys(
        ("function", "method", "class", "module", "parameter", "option", "library", "package"), ("identifier",)
    ),
    **dict.fromkeys(("version", "release"), ("version",)),
    **dict.fromkeys(("trial", "study", "company", "organisation", "organization", "state"), ("acronym", "proper")),
}
_CASES = listed("case decision judgment judgement ruling opinion holding precedent")
_POSSESSIVE = frozenset({"its", "their", "his", "her"})
_OWNED = re.compile(r"\s+((?:[\w-]+\s+){0,2}[\w-]+)(?=\s*[?.!]*\s*$)")
_MODIFIERS = listed("new same last first only very")


class _Meant(NamedTuple):
    """text[start:end] of a question points back; `head` is its noun ("that case" has "case"), or empty."""

    start: int
    end: int
    words: str
    head: str


def resolve(question: str, history: Sequence[str]) -> tuple[str, str]:
    """The question as it stands alone, and a note on what was assumed or could not be told ("" where nothing was).

    `history` holds the earlier questions, oldest first, as asked or as resolved. A question that stands alone comes
    back unchanged.
    """
    earlier: list[str] = []
    for asked in history[-_REMEMBERED:]:
        if asked.strip() and len(asked) <= _LONGEST:
            earlier.append(_resolved(asked.strip(), earlier)[0])
    return _resolved(question, earlier) if len(question) <= _LONGEST else (question, "")


def _resolved(question: str, earlier: Sequence[str]) -> tuple[str, str]:
    lead = _LEAD.match(question)
    body = question[lead.end() if lead else 0 :].strip().rstrip(" ?.!")
    about = _ABOUT.match(body)
    fragment = about is not None or _is_fragment(body, led=lead is not None)
    if fragment or _BARE.match(body):
        if not earlier:
            return question, "asked as written: there is no earlier question to complete it from"
        if _BARE.match(body):
            return _bare(body, earlier[-1]), _from(earlier[-1])
        piece = body[about.end() :] if about else body
        return _swapped(piece, earlier[-1]) if not _PRONOUN.search(piece) else _replaced(question, earlier)
    if _pointer(question) is not None:
        return _replaced(question, earlier)
    return _carried(question, body, earlier, led=lead is not None)


def _from(earlier: str) -> str:
    return f"completed from “{earlier}”"


# --- fragments: "and in California?", "what about cancellation?", "why?" --------------------------------------------


def _is_fragment(body: str, *, led: bool) -> bool:
    """A phrase without a verb: behind "and", or one that begins with a preposition."""
    words = [word.strip(",").lower() for word in body.split()]
    if not words or len(words) > 10:
        return False
    asks = words[0] in ("what", "which", "who", "when", "where", "why", "how", "whose", "whom")
    if asks or any(word in AUXILIARIES for word in words) or is_verb(words[0]):
        return False
    return led or (words[0] in PREPOSITIONS and not (len(words) > 1 and words[1] in ("what", "which", "whom", "how")))


def _bare(asked: str, earlier: str) -> str:
    """ "How long?", "why?": the question word before what the earlier question asked about."""
    said = asked[:1].upper() + asked[1:]
    parts = clause(earlier)
    lower = asked.lower()
    if parts is None or lower in ("who", "by whom", "for whom", "to whom", "how come", "how so"):
        return f"{said}, in connection with: {earlier}"
    if _defines(parts):
        if lower == "why":
            return f"What is the reason for {parts.rest}?"
        return (
            f"{said} {parts.auxiliary} {parts.rest}?"
            if _MEASURE.match(asked)
            else f"{said}, with regard to {parts.rest}?"
        )
    if lower in ("why", "why not") and not parts.wh:
        return f"Why or why not: {earlier}"
    if lower == "why not" or parts.wh.lower() == "who":
        return f"{said}, in connection with: {earlier}"
    return f"{said} {parts.auxiliary.lower()} {parts.rest}?"


def _defines(parts: Clause) -> bool:
    return (
        parts.auxiliary.lower() in BE
        and parts.wh.lower() in ("what", "who", "which")
        and bool(phrases(f"What is {parts.rest}"))
    )


def _swapped(piece: str, earlier: str) -> tuple[str, str]:
    """The earlier question with `piece` in the place of its own kind, or beside what it asked."""
    stem = earlier.rstrip(" ?.!")
    note = _from(earlier)
    if piece.split()[0].lower() in PREPOSITIONS:
        piece = piece[:1].lower() + piece[1:]
        place = _same_shape(piece, stem)
        if place is None:
            return f"{stem} {piece}?", note
        return f"{stem[: place[0]]}{piece}{stem[place[1] :]}?", note
    case, cases = CASE.fullmatch(piece), list(CASE.finditer(stem))
    if case and len(cases) == 1 and cases[0].group().split()[0].lower() not in AUXILIARIES:
        return f"{stem[: cases[0].start()]}{piece}{stem[cases[0].end() :]}?", note
    same = _same_kind(piece, stem)
    if same is not None:
        return f"{stem[: same.start]}{piece}{stem[same.end :]}?", note
    return f"What about {piece}, {_regarding(earlier)}", note


def _regarding(earlier: str) -> str:
    """The earlier topic, or else the whole earlier question, as something to put behind a question."""
    parts = clause(earlier)
    topic = phrases(earlier)[:1] if parts is None or _defines(parts) else []
    return f"with regard to {topic[0]}?" if topic else f"in connection with: {earlier}"


def _same_kind(piece: str, earlier: str) -> Name | None:
    """The one name in the earlier question that is of the kind that the piece is."""
    bare = re.sub(r"^the\s+", "", piece)
    new = [name for name in names(f"about {bare}") if name.end - name.start >= 0.7 * len(bare)]
    same = [name for name in names(earlier) if new and name.kind == new[0].kind]
    return same[0] if len(same) == 1 else None


def _same_shape(piece: str, earlier: str) -> tuple[int, int] | None:
    """The one phrase of the earlier question with the same preposition that looks like the piece: both names, both
    with an article, or both bare nouns. "In children" does not take the place of "in the SPRINT trial"."""
    word = piece.split()[0]
    others = "|".join(sorted(PREPOSITIONS - {"of"}))
    found = list(re.finditer(rf"\b{re.escape(word)}\s+(?:(?!(?:{others})\b)[^\s,;]+\s*)+", earlier, re.IGNORECASE))
    if len(found) != 1 or found[0].start() == 0:
        return None
    old = found[0].group().rstrip()
    if _shape(old) != _shape(piece) or any(is_verb(word) and not word[:1].isupper() for word in old.split()[1:]):
        return None
    return found[0].start(), found[0].start() + len(old)


def _shape(phrase: str) -> str:
    first = phrase.split()[1] if len(phrase.split()) > 1 else ""
    if first.lower() in ("the", "a", "an"):
        return "article"
    if re.match(r"§|\d|(?:section|article|rule|clause)$", first, re.IGNORECASE):
        return "number"
    return "name" if first[:1].isupper() else "noun"


# --- words that point back: "it", "they", "that case" ---------------------------------------------------------------


def _pointer(question: str) -> _Meant | None:
    """The first word of the question that points at something outside it, or None."""
    idle = [match.span() for match in _EXPLETIVE.finditer(question) if not _lacks_object(match)]
    for match in _PRONOUN.finditer(question):
        if any(start <= match.start() < end for start, end in idle):
            continue
        meant = _meant(match, question)
        if meant is not None:
            return meant
    return None


def _lacks_object(expletive: re.Match[str]) -> bool:
    """ "Is it safe to take with alcohol?" asks about a thing taken; "is it legal to copy a disc" does not."""
    verb, after = expletive["verb"], (expletive["after"] or "").strip().lower()
    return verb is not None and verb.lower() in _TAKES_OBJECT and (not after or after in PREPOSITIONS)


def _meant(match: re.Match[str], question: str) -> _Meant | None:
    """What a pointing word of a question points with, or None where it points at nothing outside the question."""
    before, head = question[: match.start()], (match["head"] or "").lower()
    if head and _is_noun(head, match.group().split()[0].lower(), before):
        return _Meant(match.start(), match.end(), match.group(), head)
    end = match.start("head") - 1 if head else match.end()
    words = question[match.start() : end].rstrip()
    word = words.lower()
    if head and word not in ("this", "that", "these", "those"):
        return None
    if word in ("this", "that", "these", "those"):
        points = _stands_alone(before, question[end:])
    else:
        points = bool(match["pair"]) or not _answered_within(before, possessive=word in _POSSESSIVE)
    return _Meant(match.start(), match.start() + len(words), words, "") if points else None


def _is_noun(head: str, first: str, before: str) -> bool:
    """ "That case", but not "a rule that applies", "is that enforceable" or "this means"."""
    if head in STOP_WORDS or head in PREPOSITIONS or head in _MODIFIERS:
        return False
    if ends_phrase(head) and head not in _CASES and head not in _KINDS:
        return False
    if first != "that":
        return True
    last = _last(before)
    return not last or last in AUXILIARIES | PREPOSITIONS or (is_verb(last) and head in _CASES | set(_KINDS))


def _stands_alone(before: str, after: str) -> bool:
    """ "Is that enforceable", "tell me more about this"; not "the rule that applies" or "those with a fever"."""
    follows = re.match(r"\s+([\w'-]+)", after)
    following = follows[1].lower() if follows else ""
    if following in ("of", "who", "which", "with", "whose"):
        return False
    return (not following or ends_phrase(following) or following in PREPOSITIONS | STOP_WORDS) and (
        not before.strip() or _last(before) in AUXILIARIES | PREPOSITIONS
    )


def _last(text: str) -> str:
    words = text.split()
    return words[-1].lower().strip(",") if words else ""


def _answered_within(before: str, *, possessive: bool) -> bool:
    """Whether something earlier in the same question can be meant: "can a buyer return goods if they fail"."""
    breaks = list(_SUBORDINATE.finditer(before))
    inside = before if possessive else before[: breaks[-1].start()] if breaks else ""
    words = re.findall(r"[\w.'’-]+", inside)
    nouns = [w for w in words if w.lower() not in STOP_WORDS | AUXILIARIES | PREPOSITIONS and not is_verb(w)]
    asking = listed("long much many often soon about if explain describe please tell give list compare mean means")
    return any(word.lower() not in asking and not word.lower().endswith("ly") for word in nouns)


def _replaced(question: str, earlier: Sequence[str]) -> tuple[str, str]:
    """The question with its pointing word replaced by what the earlier ones were about, where that can be told."""
    meant = _pointer(question) or _first_pronoun(question)
    if meant is None:
        return question, ""
    if not earlier:
        return question, f"asked as written: nothing was asked before that “{meant.words}” could mean"
    named = _named(meant, earlier)
    if not named:
        return question, f"asked as written: it is not clear what “{meant.words}” refers to"
    shown = named
    if meant.words.lower() in _POSSESSIVE and not _is_object(question, meant):
        if owned := _OWNED.match(question, meant.end):
            return f"{question[: meant.start]}the {owned[1]} of {named}{question[owned.end(1) :]}", _read(meant, named)
        shown = f"{named}'" if named.endswith("s") and is_plural(named) else f"{named}'s"
    if meant.start == 0 or not question[: meant.start].strip():
        shown = shown[:1].upper() + shown[1:]
    return f"{question[: meant.start]}{shown}{question[meant.end :]}", _read(meant, named)


def _read(meant: _Meant, named: str) -> str:
    return f"“{meant.words}” was read as “{named}”"


def _first_pronoun(question: str) -> _Meant | None:
    match = _PRONOUN.search(question)
    return _Meant(match.start(), match.end(), match.group(), (match["head"] or "").lower()) if match else None


def _is_object(question: str, meant: _Meant) -> bool:
    """ "Her" at the end or before a preposition is no possessive."""
    follows = re.match(r"\s*([\w'-]*)", question[meant.end :])
    return meant.words.lower() == "her" and (follows is None or follows[1].lower() in PREPOSITIONS | {""})


def _named(meant: _Meant, earlier: Sequence[str]) -> str:
    word = meant.words.lower()
    if meant.head:
        return _by_head(meant.head, earlier)
    last = earlier[-1]
    if word in ("the former", "the latter"):
        pair = re.search(
            r"(?:between|compare|is|are|does|do)?\s*\b([\w.-]+(?:\s[\w.-]+)?)\s+(?:or|and|versus|vs\.?)\s+([\w.-]+)",
            last,
        )
        both = [last[name.start : name.end] for name in names(last)]
        if len(both) == 2:
            return both[word == "the latter"]
        return pair[2] if pair and word == "the latter" else ""
    found = phrases(last)
    if word in ("he", "she", "his", "him", "her"):
        return next((phrase for phrase in found if is_person(phrase) and not is_plural(phrase)), "")
    several = word in ("they", "them", "their", "these", "those")
    return next((phrase for phrase in found if is_plural(phrase) == several), "")


def _by_head(head: str, earlier: Sequence[str]) -> str:
    """ "That case", "this drug", "the same clause": the name of that kind, or the phrase built on the same noun."""
    for question in reversed(earlier):
        if head in _CASES and (cases := {phrase for phrase in phrases(question) if CASE.fullmatch(phrase)}):
            return cases.pop() if len(cases) == 1 else ""
        for phrase in phrases(question):
            if head_of(phrase).lower() == head:
                return phrase
        kinds = _KINDS.get(head.removesuffix("s"), ())
        for kind in kinds:
            named = {question[name.start : name.end] for name in names(question) if name.kind == kind}
            if len(named) == 1:
                return named.pop()
    return ""


# --- whole questions behind "and": "and what is the penalty?" -------------------------------------------------------


def _carried(question: str, body: str, earlier: Sequence[str], *, led: bool) -> tuple[str, str]:
    """A whole question that opens with "and" or "what if" and says little itself takes the earlier topic with it."""
    supposing = re.match(r"what if\b", body, re.IGNORECASE) is not None
    content = [word for word in re.findall(r"[\w-]+", body) if word.lower() not in STOP_WORDS | AUXILIARIES]
    if (
        not content
        or not (led or supposing)
        or names(body)
        or (led and not supposing and len(content) > 2)
        or not earlier
    ):
        return question, ""
    return f"{body[:1].upper()}{body[1:]}, {_regarding(earlier[-1])}", _from(earlier[-1])
