"""Follow-up questions without a model: completes one from the question before it, as far as that is honest.

"And in California?" takes over the earlier question's words. "Does it expire?" puts the earlier topic in the place of
"it". Where there is nothing to take over, or more than one thing could be meant, the question is asked as written and
the note says so. The completed question is always shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.textual.names import Name, names
from assay.textual.tokens import STOP_WORDS

_LEAD = re.compile(
    r"^\s*(?:(?:and|but|so|ok(?:ay)?|then|also)[,\s]+)*(?P<kind>what about|how about|what of|what if|same for"
    r"|and)?\s*",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(
    r"^\s*(?:and|but|or|also|what about|how about|what of|same for|what if)\b(?!.*\b(?:is|are|was|were|does|do"
    r"|did|has|have|can"
    r"|must|shall|should|may|will|would)\b.*\b\w{4,}\b.*\b\w{4,}\b)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\s*(?:and\s+)?(?:how (?:long|much|many|often|so|come|soon)|why(?: not)?|when|where|who|since when"
    r"|which one|by whom"
    r"|for whom|until when)\s*\??\s*$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|him|the (?:former|latter"
    r"|same))\b(?!\s+(?:\w+ly\s+)?"
    r"(?:the case|possible|true|necessary|raining|important|required that|that)\b)",
    re.IGNORECASE,
)
_POSSESSIVE = frozenset({"its", "their", "his", "her"})
_DETERMINERS = frozenset({"this", "that", "these", "those"})
_DEFINING = re.compile(
    r"\W*(?:what|who|which|when|where|why|how)\s+(?:is|are|was|were)\s+(?=(?:the|an?)\s)", re.IGNORECASE
)
_BEFORE_SUBJECT = re.compile(
    r"(?:^|\b(?:is|are|was|were|does|do|did|has|have|had|can|could|may|must|shall|should|will|would|of|about|the|consider"
    r"|explain|describe|define))\s*[\"'`“(]*(?:the\s+)?$",
    re.IGNORECASE,
)
_PLURAL = frozenset({"they", "them", "their", "these", "those"})
_ADVERBS = frozenset({"still", "also", "now", "really", "always", "ever", "only", "even", "actually", "already"})
_PEOPLE = re.compile(
    r"\b(?:adults?|children|women|men|patients|infants|adolescents|pregnant women|older adults|elderly people|people|mice|rats"
    r"|minors|buyers?|sellers?|tenants?|landlords?|employees?|employers?)\b",
    re.IGNORECASE,
)
MAX_TOPIC_WORDS = 12


def resolve(question: str, history: Sequence[str]) -> tuple[str, str]:
    """The question to ask, standing alone, and a note on what was assumed ("" where nothing was).

    `history` holds the earlier questions as they were asked, oldest first.
    """
    asked = question.strip()
    if not _depends(asked):
        return asked, ""
    if not history or not history[-1].strip():
        return asked, "asked as written: there is no earlier question to complete it from"
    earlier = history[-1].strip()
    if _BARE.match(asked):
        return f"{asked.rstrip(' ?')}: {earlier}", f"completed from “{earlier}”"
    if _ELLIPTIC.match(asked):
        return _swapped(asked, earlier)
    return _replaced(asked, earlier)


def topic(question: str) -> str:
    """The one thing a question is about, in its own words: a name where the subject stands, or the noun phrase behind
    "what is". Empty where that is not plain."""
    found = [name for name in names(question) if name.kind not in ("year", "version") and _is_subject(question, name)]
    if found:
        return question[found[0].start : found[0].end] if len(found) == 1 else ""
    asking = _DEFINING.match(question)
    phrase = question[asking.end() :].strip(" ?.!") if asking else ""
    return phrase if 0 < len(phrase.split()) <= MAX_TOPIC_WORDS else ""


def _is_subject(question: str, name: Name) -> bool:
    return _BEFORE_SUBJECT.search(question[: name.start]) is not None


def _depends(question: str) -> bool:
    if _BARE.match(question) or _ELLIPTIC.match(question):
        return True
    match = _PRONOUN.search(question)
    if match is None or names(question[: match.start()]):
        return False
    word = match.group().lower()
    following = re.match(r"\s+([a-z]+)", question[match.end() :])
    noun_follows = following is not None and following[1] not in STOP_WORDS | _ADVERBS
    conjunction = word == "that" and match.start() > 0 and noun_follows
    before = [w for w in re.findall(r"\w+", question[: match.start()].lower()) if w not in STOP_WORDS]
    return not conjunction and len(before) <= 2


def _swapped(asked: str, earlier: str) -> tuple[str, str]:
    """ "What about X?": the earlier question with X in the place of what stood there, or beside it."""
    piece = _LEAD.sub("", asked, count=1).strip(" ?.!")
    if not piece:
        return asked, "asked as written: it does not say what it is about"
    note = f"completed from “{earlier}”"
    new, old = names(piece), names(earlier)
    preposition = re.match(
        r"(?P<word>in|under|for|at|by|with|on|since|after|before)\s+(?P<rest>.+)", piece, re.IGNORECASE
    )
    if preposition:
        pattern = re.compile(rf"\b{preposition['word']}\s+(?:the\s+)?[A-Z0-9][\w.'-]*(?:\s+[A-Z][\w.'-]*)*")
        place = pattern.search(earlier)
        if place:
            return f"{earlier[: place.start()]}{piece}{earlier[place.end() :]}", note
        return _beside(piece, preposition["word"], earlier), note
    people, others = _PEOPLE.fullmatch(piece), list(_PEOPLE.finditer(earlier))
    if people and len(others) == 1:
        return f"{earlier[: others[0].start()]}{piece}{earlier[others[0].end() :]}", note
    same = [name for name in old if new and name.kind == new[0].kind]
    if len(same) == 1:
        return f"{earlier[: same[0].start]}{piece}{earlier[same[0].end :]}", note
    return f"{piece}: {earlier}", note


def _beside(piece: str, preposition: str, earlier: str) -> str:
    """The earlier question with one more limit; where it has that kind of limit already, the group changes or both are
    shown apart."""
    people, others = _PEOPLE.search(piece), list(_PEOPLE.finditer(earlier))
    if people and len(others) == 1:
        return f"{earlier[: others[0].start()]}{people.group()}{earlier[others[0].end() :]}"
    if re.search(rf"\b{preposition}\s", earlier, re.IGNORECASE):
        return f"{piece}: {earlier}"
    return f"{earlier.rstrip(' ?.!')} {piece}?"


def _replaced(asked: str, earlier: str) -> tuple[str, str]:
    """ "Does it expire?": the pronoun gives way to the earlier topic, if the earlier question has just one."""
    subject = topic(earlier)
    match = _PRONOUN.search(asked)
    plural = match is not None and match.group().lower() in _PLURAL
    if not subject or match is None or (plural and not re.search(r"s$|\band\b", subject)):
        return asked, f"asked as written: it is not clear what it refers to in “{earlier}”"
    word = match.group().lower()
    following = re.match(r"\s+[a-z]+", asked[match.end() :])
    noun = following.group().strip() if following else ""
    if word in _DETERMINERS and noun and noun not in STOP_WORDS:
        return f"{asked.rstrip(' ?.!')} ({subject})?", f"“{match.group()} {noun}” read as “{subject}”"
    stands_for = f"{subject}'s" if word in _POSSESSIVE else subject
    return f"{asked[: match.start()]}{stands_for}{asked[match.end() :]}", f"“{match.group()}” read as “{subject}”"
