"""Who did what to which outcome, in the clauses of a sentence: by words of reporting and what stands around them.

A clause is cut at a word of reporting ("reduced", "was higher in", "no difference in", "did not affect", "was
similar"); what stands before and after it names the arms and the outcome. A phrase that is no plain noun phrase (a verb
in it, too long, a preposition first) is not taken: no finding is better than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

Form = Literal["difference", "none", "non_inferior", "equivalent"]

_UP = (
    r"increas(?:ed|es)|improv(?:ed|es)|enhanc(?:ed|es)|rais(?:ed|es)|elevat(?:ed|es)|prolong(?:ed|s)|promot(?:ed|es)"
    r"|boost(?:ed|s)|rose"
)
_DOWN = (
    r"reduc(?:ed|es)|decreas(?:ed|es)|lower(?:ed|s)|shorten(?:ed|s)|prevent(?:ed|s)|attenuat(?:ed|es)|suppress(?:ed|es)"
    r"|diminish(?:ed|es)|inhibit(?:ed|s)|alleviat(?:ed|es)|reliev(?:ed|es)|declin(?:ed|es)|fell"
)
_MORE = r"higher|greater|larger|longer|more(?: (?:frequent|common|likely|often))?|better|superior|faster"
_LESS = r"lower|less(?: (?:frequent|common|likely|often))?|smaller|shorter|fewer|worse|poorer|inferior|slower"
_CUE = re.compile(
    rf"""\b(?:
      (?P<verb>{_UP}|{_DOWN})
    | (?:was|were|is|are|remained)\s+(?:\w+ly\s+|also\s+|statistically\s+){{0,2}}(?P<than>{_MORE}
      |{_LESS})\s+(?=in\b|with\b|for\b|among\b|after\b|than\b|following\b)
    | (?:had|showed|experienced|reported|achieved|demonstrated)\s+(?:an?\s+)?(?:\w+ly\s+){{0,2}}(?P<had>{_MORE}
      |{_LESS})\s+(?=\w)
    | (?:associated\s+with)\s+(?:an?\s+)?(?:\w+ly\s+|significant\s+){{0,2}}(?P<with>{_MORE}|{_LESS}|increased
      |reduced|decreased|reductions?\s+in|increases?\s+in)\s+(?=\w)
    | no\s+(?:\w+ly\s+)?(?:significant\s+|clear\s+|evidence\s+of\s+an?\s+)?(?:between-group\s+
      |overall\s+)?(?P<no>differences?|effects?|changes?|benefits?|impact|improvements?|reductions?|increases?)\b
    | (?P<not>(?:did|does|do)\s+not|didn't)\s+(?:\w+ly\s+){{0,2}}(?P<what>differ|change|vary|reduce|increase
      |improve|affect|decrease|alter|influence|lower|prevent|enhance|prolong|shorten)\b
    | (?:was|were|is|are|remained)\s+(?:also\s+|statistically\s+|\w+ly\s+)?(?P<same>similar|comparable|equivalent
      |unchanged|the\s+same|not\s+(?:statistically\s+|significantly\s+)?(?:different|significant|affected|changed
      |altered)|non-?inferior)\b
    | (?P<margin>(?:met|demonstrated|showed|established)\s+(?:the\s+criteri\w+\s+(?:for|of)\s+)?(?:non-?inferiority
      |equivalence))\b
    )""",
    re.VERBOSE | re.IGNORECASE,
)  # fmt: skip
_AGAINST = re.compile(
    (
        r"\b(?:compared (?:with|to)|relative to|in comparison (?:with|to)|versus|vs\.?"
        r"|than)\s+"
    ),
    re.IGNORECASE,
)
_BREAK = re.compile(r"[;:]|,\s+(?:but|whereas|while|and)\b|\b(?:but|whereas|while|although|however)\b", re.IGNORECASE)
_END = re.compile(
        r"[,;:.()\[]|\b(?:by|at|after|during|over|compared|versus|vs|than|relative|but"
        r"|while|whereas|with no|without|from|to|between|among|through|within|until"
        r"|when|in (?:the )?\w+ (?:group|arm)|and (?:was|were|had|did|increased|reduced"
        r"|improved))\b",
    re.IGNORECASE,
)  # fmt: skip
_ARM = re.compile(
    (
        r"^(?:in|with|for|among|after|following|by|under|on)\s+(?:the\s+|those\s+|patients\s+"
        r"|in\s+|receiving\s+|treated\s+with\s+|given\s+|on\s+|who\s+received\s+){0,3}"
    ),
    re.IGNORECASE,
)
_TOPIC = re.compile(
    r"\b(?:in|on|for|of|regarding|with respect to|in terms of|with regard to)\s+(?:the\s+)?", re.IGNORECASE
)
_HEDGED = re.compile(r"\b(?:may|might|can|could|to|will|would|should|potentially|if|whether|that)\s*$", re.IGNORECASE)
_NO_NOUN = re.compile(
        r"^(?:in|on|at|of|by|from|for|with|during|after|before|to|than|and|or|but|only"
        r"|also|both|not|when|as|over|per|further|it|its|they|their|this|these|those"
        r"|that|which|who|we|there|he|she|be|respectively|significantly)\b|\b(?:was"
        r"|were|is|are|had|has|have|may|might|can|could|did|does|will|would|should|been"
        r"|be|that|which|who|we|they|showed|found|indicate\w*|suggest\w*|conclude\w*)\b",
    re.IGNORECASE,
)  # fmt: skip
_LEAD = re.compile(
        r"^(?:however|moreover|furthermore|in addition|additionally|overall|in conclusion"
        r"|conclusions?|results?|findings|finally|thus|therefore|similarly|also|we found that"
        r"|our (?:results|findings|data) (?:show|suggest|indicate|demonstrate)(?:ed)? that"
        r"|these (?:results|findings|data) (?:show|suggest|indicate|demonstrate) that"
        r"|this (?:study|trial) (?:shows|showed|found|demonstrates?|suggests?) that"
        r"|it (?:was|is) found that|(?:the )?(?:effects?|efficacy|effectiveness|impact|safety|comparison|role)"
    r"(?: and \w+)? of"
        r"|treatment with|the use of|use of|administration of"
        r"|the addition of|compared (?:with|to) [\w -]{2,40},|in the|patients (?:receiving"
        r"|treated with|on|in|given)|participants (?:receiving|in)|those (?:receiving"
        r"|in)|the|an?|both|mean|median|at \d+ \w+|after \d+ \w+|and|but|while|whereas"
        r"|although|there (?:was|were)|with)\b[\s,:]*",
    re.IGNORECASE,
)  # fmt: skip
_TAIL = re.compile(
    (
        r"\s+(?:groups?|arms?|patients|recipients|subjects|participants|alone|significantly"
        r"|statistically|respectively|therapy group)$"
    ),
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"^no\b|\b(?:of|in|with|for|on|to|and|or|the|a|an|by|fail)$", re.IGNORECASE)
_MOST_WORDS = 10


class Said(NamedTuple):
    """One statement of a clause; `way` is the word of direction, text[start:end] the clause."""

    form: Form
    intervention: str
    comparator: str
    outcome: str
    way: str
    start: int
    end: int


def statements(text: str, start: int, end: int) -> Iterator[Said]:
    """What the sentence text[start:end] says, clause by clause; at most one statement for each word of reporting."""
    last = start
    for cue in _CUE.finditer(text, start, end):
        left_from = max((m.end() for m in _BREAK.finditer(text, last, cue.start())), default=last)
        stop = _BREAK.search(text, cue.end(), end)
        right_to = stop.start() if stop else end
        said = _statement(text[left_from : cue.start()], cue, text[cue.end() : right_to], left_from, right_to)
        if said is not None:
            yield said
            last = cue.end()


def _statement(left: str, cue: re.Match[str], right: str, start: int, end: int) -> Said | None:
    right = right.strip()
    if cue["verb"]:
        return _verb(left, cue["verb"], right, start, end)
    if cue["than"]:
        intervention, comparator = _arms(right)
        return _checked(Said("difference", intervention, comparator, noun(left), cue["than"], start, end))
    if cue["had"] or cue["with"]:
        outcome, comparator = noun(_until(right)), _reference(right)
        way = cue["had"] or cue["with"].split()[0]
        return _checked(Said("difference", noun(left), comparator, outcome, way, start, end))
    if cue["no"]:
        topic = _TOPIC.search(right)
        actor = noun(re.sub(r"\b(?:had|has|have|showed|shows|produced|was|were|there|found|we)\b.*$", "", left))
        return _checked(
            Said("none", actor, _reference(right), noun(_until(right[topic.end() :])) if topic else "", "", start, end)
        )
    if cue["not"]:
        if cue["what"].lower() in ("differ", "change", "vary") or not noun(_until(right)):
            return _checked(Said("none", "", "", noun(left), "", start, end))
        return _checked(Said("none", noun(left), _reference(right), noun(_until(right)), "", start, end))
    return _likeness(left, cue, right, start, end)


def _likeness(left: str, cue: re.Match[str], right: str, start: int, end: int) -> Said | None:
    word = (cue["same"] or cue["margin"]).lower()
    if "inferior" in word or "equivalence" in word:
        topic = _TOPIC.search(right)
        outcome = noun(_until(right[topic.end() :])) if topic else ""
        against = re.match(r"(?:to|with)\s+", right)
        comparator = noun(_until(right[against.end() :])) if against else ""
        form: Form = "non_inferior" if "inferior" in word else "equivalent"
        return Said(form, noun(left), comparator, outcome, word, start, end)
    return _checked(Said("none", "", "", noun(left), word, start, end))


def _verb(left: str, verb: str, right: str, start: int, end: int) -> Said | None:
    """Active ("A reduced B"), passive ("B was reduced by A") or without an object ("B decreased in A")."""
    if _HEDGED.search(left):
        return None
    passive = re.search(r"\b(?:was|were|is|are|been)\s+(?:\w+ly\s+|also\s+|not\s+){0,2}$", left, re.IGNORECASE)
    if passive:
        form: Form = "none" if re.search(r"\bnot\b", passive.group(), re.IGNORECASE) else "difference"
        intervention, comparator = _arms(right)
        return _checked(Said(form, intervention, comparator, noun(left[: passive.start()]), verb, start, end))
    plain = re.sub(r"(?:\s+(?:\w+ly|also|not|further|did))+\s*$", "", left)
    target = noun(_until(right))
    if target:
        return _checked(Said("difference", noun(plain), _reference(right), target, verb, start, end))
    intervention, comparator = _arms(
        re.sub(r"^(?:\w+ly|by [\d.%]+|from [^,;]{1,30}?)\s+(?=in\b|with\b|for\b|by\b|after\b)", "", right)
    )
    return _checked(Said("difference", intervention, comparator, noun(plain), verb, start, end))


def _checked(said: Said) -> Said | None:
    return said if said.outcome else None


def _arms(right: str) -> tuple[str, str]:
    """The arm behind "in", "with", "for", "by", and the one behind "than" or "compared with"."""
    match = _ARM.match(right)
    own = noun(_until(right[match.end() :])) if match else ""
    return own, _reference(right)


def _reference(right: str) -> str:
    match = _AGAINST.search(right)
    if match is None:
        return ""
    behind = right[match.end() :]
    arm = _ARM.match(behind)
    return noun(_until(behind[arm.end() :] if arm else re.sub(r"^(?:the|those|patients)\s+", "", behind)))


def _until(text: str) -> str:
    match = _END.search(text)
    return text[: match.start()] if match else text


def noun(text: str) -> str:
    """A plain noun phrase without what leads into it, or "" where it is none."""
    plain = re.sub(r"\([^()]*\)|\[[^\]]*\]", " ", text)
    plain = " ".join(plain.split()).strip(" ,.-")
    while (shorter := _LEAD.sub("", plain)) != plain:
        plain = shorter.strip(" ,")
    plain = _TAIL.sub("", plain).strip(" ,")
    if (
        not plain
        or _NO_NOUN.search(plain)
        or _CUT_OFF.search(plain)
        or len(plain.split()) > _MOST_WORDS
        or not re.search(r"[^\W\d_]{2}", plain)
    ):
        return ""
    return plain


def is_increase(way: str) -> bool:
    """Whether a word of direction is one of more."""
    return re.fullmatch(rf"{_UP}|{_MORE}|increased|increases?", way, re.IGNORECASE) is not None
