"""Treatment as a statement: a sentence with the authority as its object ("Lee overrules Poe") or its subject ("Poe has
been superseded by statute").

Rules of English usage in opinions; the words stand in treatment.toml. No text is remembered here.
"""

from __future__ import annotations

import re

from assay.domains.legal.treatment_guards import asserted
from assay.domains.legal.treatment_reading import (
    ADVERBS,
    CASE,
    CITE,
    CITED,
    FULL_CASE,
    NAME,
    Made,
    Reading,
    agent_of,
    cited_in,
    doer_of,
    ends_of,
    resolved,
)
from assay.domains.legal.treatment_words import words

_AUX = re.compile(
    rf",? ?(?:\b(?:which|that|who) )?(?:\b(?:has|have|had|having|to|will|may) {ADVERBS})?"
    rf"\b(?:was|were|is|are|be|been|being|stands?|remains?|got) (?:itself |themselves )?{ADVERBS}$",
    re.I,
)
_INTERPOSED = re.compile(r", (?:\w+ing|which|who|that) [^,;]{3,140},? ?$")
_OBJECT_LEAD = re.compile(
    r"^(?:[\s,]*(?:of|by implication|sub silentio|in part|in effect|partially|at least|inter alia"
    r"|[\"“‘'(\[]|\.\s?\.\s?\.|…|both|either|itself|us|even))*[\s\"“‘'(\[]*"
)
_BELOW = re.compile(
    r"(?:our|that|the|this court[’']s|its|a) (?:[\w’'-]+ ){0,4}?"
    r"(?:decisions?|judgments?|opinions?|rulings?|holdings?)\b"
)
_PLACE = re.compile(r"(?:in|at|by|on|under|as|with|from|for|to|when|where|because|since|after|before)\b")
_PHRASE = re.compile(
    r"^(?:(?:the|our|its|their|this|that|these|those|such|any|all|a|an|one|two|three|several|some|many|every|certain"
    r"|her|his|"
    r"prior|previous|earlier|former|existing|contrary|inconsistent|own|Court[’']s|court[’']s|\w+[’']s|\w+) ){0,6}?$",
    re.I,
)


def statement_form(reading: Reading) -> Made | None:
    """The trigger as the verb of a sentence about an authority, asserted and not merely argued; or None."""
    if not reading.kind.statement or not asserted(reading):
        return None
    left, right = reading.left, reading.right
    if _AUX.search(left):
        found = _subject(reading, left)
        if found is not None:
            return Made("statement", found[1], found[0], *agent_of(reading))
        return None
    found = _object(reading, right) or _relative(reading, left) or _higher(reading, left, right)
    if found is None:
        return None
    return Made("statement", found[1], found[0], *doer_of(reading, left))


def _subject(reading: Reading, left: str) -> tuple[str, tuple[str, ...]] | None:
    """The authority that is the passive verb's subject: name and keys, empty where it is not named."""
    head = _INTERPOSED.sub("", _AUX.sub("", left)[-200:])
    marks: list[tuple[int, str, tuple[str, ...]]] = []
    marks += [(m.end(), *resolved(m.group(), reading)) for m in FULL_CASE.finditer(head)]
    cited = [(m.end(), *cited_in(m.group(), reading)) for m in CITED.finditer(head)]
    marks += [mark for mark in cited if mark[2] or not reading.kind.strict]
    marks += [
        (m.end(), "", ()) for m in words().authority.finditer(head) if not reading.kind.strict or _of_court(head, m)
    ]
    marks += [(at, *reading.known[name]) for name in reading.known for at in ends_of(name, head)]
    marks = [mark for mark in marks if _reaches(head[mark[0] :])]
    if not marks:
        return _bare_subject(reading, head)
    place, name, keys = max(marks, key=lambda mark: (mark[0], len(mark[2])))
    blocked = [m.end() for m in words().things.finditer(head)]
    if blocked and (max(blocked) > place or reading.kind.strict):
        return None
    return name, keys


def _relative(reading: Reading, left: str) -> tuple[str, tuple[str, ...]] | None:
    """ "Roe, which the Court overruled in Doe": the object stands before the relative clause."""
    match = re.search(r",? (?:which|a (?:case|decision|holding) (?:that|which)) [^,;]{3,60}$", left)
    if match is None or reading.kind.strict or words().things.search(left[match.start() - 40 :]):
        return None
    plain = left[: match.start()] + " was "
    return _subject(reading, plain)


def _higher(reading: Reading, left: str, right: str) -> tuple[str, tuple[str, ...]] | None:
    """ "The Supreme Court granted certiorari, vacated our decision and remanded": the verb of a trial ruling, used by a
    court of last resort or the whole court of a decision below."""
    if not reading.kind.strict or not re.search(r"\b(?:Supreme Court|en banc)\b[^;]{0,120}$", left):
        return None
    below = _BELOW.match(right)
    if below is None or re.search(r"\b(?:convictions?|sentences?|verdict|jury)\b", right[: below.end() + 20]):
        return None
    return "", ()


def _reaches(between: str) -> bool:
    """Whether what stands between an authority and the verb lets it be the subject: little, and no other clause."""
    plain = re.sub(r"\([^()]*\)", "", between)
    return len(plain) <= 90 and not re.search(
        r";|\bthat is\b|[.?!] [A-Z]|, (?:and|but|so) (?:the|a|an|his|her|their) ", plain
    )


def _bare_subject(reading: Reading, head: str) -> tuple[str, tuple[str, ...]] | None:
    """A single capitalised name as the subject, where what follows shows that it names a case."""
    agent = re.match(
        rf"^(?:in part )?(?:by|in) (?:{CASE}|{NAME},? {CITE})|^,? ?(?:albeit |but |although )?on other grounds",
        reading.right,
    )
    part = words().part.search(head) if agent and not reading.kind.strict else None
    if part and len(head[part.end() :]) < 60 and not words().things.search(head[part.end() :]):
        return "", ()
    bare = re.search(rf"(?:^|[\s“\"]){NAME}[”\"']?,? ?$", head)
    name = bare.group().strip(" ,“”\"'") if bare else ""
    if name and name not in words().not_names and (agent or reading.kind.name == "not_good_law"):
        return name, ()
    return None


def _of_court(head: str, match: re.Match[str]) -> bool:
    """For verbs of trial rulings: "that decision", "our opinion in Poe", "the panel opinion"."""
    of_court = re.search(r"\b(?:panel|our|those|prior|earlier|Court[’']s) (?:\w+ )?$", head[: match.start()])
    return of_court is not None and not match.group().lower().startswith("case")


def _object(reading: Reading, right: str) -> tuple[str, tuple[str, ...]] | None:
    """The authority that is the verb's object: name and keys, empty where it is not named."""
    lead = _OBJECT_LEAD.match(right)
    rest = right[lead.end() if lead else 0 :][:160]
    trigger = reading.trigger.lower()
    if trigger.endswith(" by") or trigger.startswith(("not good", "no longer")):
        return None
    if _PLACE.match(rest):
        # "which the Court overruled in Doe": what stands behind the verb is where it happened.
        return _subject(reading, reading.left.rstrip() + " was ")
    case = FULL_CASE.search(rest[:120])
    if case and _PHRASE.match(rest[: case.start()]) and not _thing_before(rest[: case.start()]):
        return resolved(case.group(), reading)
    cite = CITED.match(rest)
    if cite:
        return cited_in(cite.group(), reading)
    noun = words().authority.search(rest[:90])
    name = re.match(rf"{NAME}(?: {NAME}){{0,4}}", rest)
    if name and (found := _named(name.group(), rest[name.end() :], reading)):
        return found
    if (
        noun
        and not reading.kind.strict
        and _PHRASE.match(rest[: noun.start()])
        and not _thing_before(rest[: noun.start()])
    ):
        return "", _in_name(rest[noun.end() :], reading)
    part = words().part.search(rest[:70])
    if part and trigger.startswith(("declin", "refus")) and not _thing_before(rest[: part.start()]):
        return "", _in_name(rest[part.end() :], reading)
    if part and re.match(r"[^;.]{0,24}?\b(?:of|in|from|by|with)\s+(?:the )?[A-Z]", rest[part.end() :]):
        inner = re.search(rf"\b(?:of|in|from|by|with)\s+(?:the )?({NAME}(?: {NAME}){{0,3}})", rest[part.end() :])
        return _named(inner.group(1), rest[part.end() + inner.end() :], reading) if inner else None
    if re.match(r"(?:it|them|suit)\b", rest) and not words().things.search(reading.left):
        if trigger.startswith(("declin", "refus")):
            return "", ()
        if reading.kind.name in ("overruled", "abrogated") and FULL_CASE.search(reading.left):
            return "", ()
    return None


def _thing_before(words_between: str) -> bool:
    return words().things.search(words_between) is not None


def _named(name: str, rest: str, reading: Reading) -> tuple[str, tuple[str, ...]] | None:
    """A short name as the object: not a party, an officer or a thing of a party's ("Poe's objection")."""
    plain = re.sub(r"[’']s$|[,.]$", "", name)
    first = plain.split(" ")[0]
    if first in words().not_names or len(first) < 3:
        return None
    possessive = re.search(r"[’']s?$", name) is not None
    if possessive and not (words().authority.match(rest.lstrip()) or words().part.match(rest.lstrip())):
        return None
    if words().things.match(rest.lstrip()):
        return None
    if reading.kind.strict and plain not in reading.known:
        return None
    return resolved(plain, reading)


def _in_name(rest: str, reading: Reading) -> tuple[str, ...]:
    inner = re.match(rf" (?:of|in)\s+({NAME}(?: {NAME}){{0,4}})", rest)
    return resolved(inner.group(1), reading)[1] if inner else ()
