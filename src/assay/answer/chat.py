"""Follow-up questions without a model: completes one from the question before it, as far as that is honest.

"And in California?" takes over the earlier question's words. "Does it expire?" puts the earlier topic in the place of
"it". Where there is nothing to take over, or more than one thing could be meant, the question is asked as written and
the note says so. The completed question is always shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.textual.names import names
from assay.textual.tokens import STOP_WORDS

_LEAD = re.compile(
    r"^\s*(?:(?:and|but|so|ok(?:ay)?|then|also)[,\s]+)*(?P<kind>what about|how about|what of|what if|same for|and)?\s*",
    re.IGNORECASE,
)
_ELLIPTIC = re.compile(
    r"^\s*(?:and|but|or|also|what about|how about|what of|same for|what if)\b(?!.*\b(?:is|are|was|were|does|do|did|has|have|can"
    r"|must|shall|should|may|will|would)\b.*\b\w{4,}\b.*\b\w{4,}\b)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\s*(?:and\s+)?(?:how (?:long|much|many|often|so|come|soon)|why(?: not)?|when|where|who|since when|which one|by whom"
    r"|for whom|until when)\s*\??\s*$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|this|that|these|those|he|she|his|her|him|the (?:former|latter|same))\b(?!\s+(?:\w+ly\s+)?"
    r"(?:the case|possible|true|necessary|raining|important|required that|that)\b)",
    re.IGNORECASE,
)
_POSSESSIVE = frozenset({"its", "their", "his", "her"})
_DETERMINERS = frozenset({"this", "that", "these", "those"})
_ASKING = re.compile(
    r"^\W*(?:please\s+)?(?:(?:in|under|for|according to)\s+(?P<scope>[^,?]{2,60}),\s*)?(?:what|which|who|whom|whose|when|where|why"
    r"|how|is|are|was|were|does|do|did|can|could|may|must|shall|should|will|would|has|have|explain|describe|tell me|define|list"
    r"|give)\b(?:\s+(?:is|are|was|were|does|do|did|can|could|long|many|much|often|about|me|to|the|a|an|it|there|should|i|we|you))*",
    re.IGNORECASE,
)
_TOPIC_ENDS = re.compile(
    r"\s+(?:mean|means|say|says|said|hold|held|apply|applies|work|works|require|requires|take|takes|cost|costs|happen|happens|do"
    r"|last|expire|begin|end|cover|provide|define|differ|need|return|returns|allow|allows|decide|decided)\b.*$",
    re.IGNORECASE,
)


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
    """What a question is about, in its own words: its names, or else the noun phrase behind the question words."""
    found = [question[name.start : name.end] for name in names(question) if name.kind not in ("year", "version")]
    if found:
        return found[0] if len(set(found)) == 1 else ""
    rest = _ASKING.sub("", question).strip(" ?.!")
    rest = _TOPIC_ENDS.sub("", rest)
    words = rest.split()
    telling = [word for word in words if word.lower() not in STOP_WORDS]
    return rest if telling and len(words) <= 8 else ""


def _depends(question: str) -> bool:
    if _BARE.match(question) or _ELLIPTIC.match(question):
        return True
    match = _PRONOUN.search(question)
    if match is None or names(question[: match.start()]):
        return False
    word = match.group().lower()
    following = re.match(r"\s+([a-z]+)", question[match.end() :])
    noun_follows = following is not None and following[1] not in STOP_WORDS
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
        return f"{earlier.rstrip(' ?.!')} {piece}?", note
    same = [name for name in old if new and name.kind == new[0].kind]
    if len(same) == 1:
        return f"{earlier[: same[0].start]}{piece}{earlier[same[0].end :]}", note
    return f"{piece}: {earlier}", note


def _replaced(asked: str, earlier: str) -> tuple[str, str]:
    """ "Does it expire?": the pronoun gives way to the earlier topic, if the earlier question has just one."""
    subject = topic(earlier)
    match = _PRONOUN.search(asked)
    if not subject or match is None:
        return asked, f"asked as written: it is not clear what it refers to in “{earlier}”"
    word = match.group().lower()
    following = re.match(r"\s+[a-z]+", asked[match.end() :])
    noun = following.group().strip() if following else ""
    if word in _DETERMINERS and noun and noun not in STOP_WORDS:
        return f"{asked.rstrip(' ?.!')} ({subject})?", f"“{match.group()} {noun}” read as “{subject}”"
    stands_for = f"{subject}'s" if word in _POSSESSIVE else subject
    return f"{asked[: match.start()]}{stands_for}{asked[match.end() :]}", f"“{match.group()}” read as “{subject}”"
