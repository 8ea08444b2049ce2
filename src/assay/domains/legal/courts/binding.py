"""Whom an authority binds: yes, persuasive, no, or unknown, each with the rule. It never guesses a forum or a question.

`no` is kept for what may not be used at all: law not in force, a decision depublished or made later. The rules of
decided cases are in `decisions`; here are enacted law, secondary authority and the order of the questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from assay.domains.legal.courts import decisions
from assay.domains.legal.courts.forums import contains
from assay.domains.legal.courts.names import normalise_path
from assay.domains.legal.courts.ruling import Authority, Binding, persuasive, unknown, yes
from assay.domains.legal.courts.table import court, states

Value = Literal["yes", "persuasive", "no", "unknown"]
_ENACTED = frozenset(("constitution", "statute", "regulation", "session_law", "rule"))
_SECONDARY = {
    "uniform": "a uniform act binds only as enacted by a state; its text and comments persuade",
    "restatement": "a Restatement is secondary authority",
    "journal": "an article is secondary authority",
    "legislative": "legislative history is not law",
}


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked: `law` "federal", a state's path or "" (unknown); `subject` narrows it ("patent")."""

    law: str
    subject: str = ""


def binds(authority: Authority, forum: str, question: str, as_of: date | datetime | None = None) -> Binding:
    """Whether an authority binds a court or the courts of a jurisdiction, on a question of federal or a state's law.

    `forum`: a path, or a name that `normalise_path` knows; "" is unknown. `question`: "federal", "federal:patent",
    "us/state/ca", or "" where unknown: then the answer is given only where it is the same either way. `as_of`: the day.
    """
    day = (as_of.date() if isinstance(as_of, datetime) else as_of or date.today()).isoformat()
    if authority.kind in _SECONDARY:
        return persuasive(_SECONDARY[authority.kind], "secondary")
    late = _not_in_force(authority, day)
    if late is not None:
        return late
    place = normalise_path(forum) if forum else ""
    if not place or place == "us":
        return unknown("the forum is not known" if not forum else f"the forum {forum!r} is not known", "forum")
    asked = _read(question)
    if asked is None:
        return unknown(f"the question {question!r} is neither federal nor the law of a known state", "question")
    if asked.law:
        return _answer(authority, place, asked, day)
    return _either(authority, place, day)


def outranks(one: Authority, other: Authority) -> bool | None:
    """Whether `one` prevails over `other` by the rank of its court alone: the reviewing court over the reviewed, the
    whole court over its panel. False where it is the other way round or they stand side by side; None where a court,
    or which of two decisions of a court of appeals is the whole court's, is not known. Dates do not count.
    """
    first, second = court(one.court), court(other.court)
    if first is None or second is None:
        return None
    if first.id == second.id:
        if first.level != "intermediate" or first.system != "fed":
            return False
        known = one.en_banc is not None and other.en_banc is not None
        return bool(one.en_banc and not other.en_banc) if known else None
    return _reviews(first.id, second.id)


def _reviews(above: str, below: str) -> bool:
    """Whether appeals from `below` lead to `above`, over however many courts."""
    waiting, seen = [below], {below}
    while waiting:
        found = court(waiting.pop())
        for step in found.appeals_to if found is not None else ():
            if step == above:
                return True
            if step not in seen:
                seen.add(step)
                waiting.append(step)
    return False


def _read(question: str) -> _Question | None:
    law, _, subject = question.strip().partition(":")
    if law in ("", "federal", "us/fed"):
        return _Question("federal" if law else "", subject)
    place = normalise_path(law)
    parts = place.split("/")
    if len(parts) >= 3 and parts[1] == "state" and parts[2] in states():
        return _Question("/".join(parts[:3]), subject)
    return None


def _not_in_force(authority: Authority, day: str) -> Binding | None:
    made = authority.date[:10]
    if made and made > day[: len(made)]:
        return Binding("no", f"it dates from {made}, after {day}", "later")
    if authority.until and authority.until <= day[: len(authority.until)]:
        return Binding("no", f"it was in force until {authority.until}", "not-in-force")
    return None


def _answer(authority: Authority, forum: str, asked: _Question, day: str) -> Binding:
    if authority.kind in _ENACTED:
        return _enacted(authority, forum, asked)
    return decisions.binds(authority, forum, asked.law, asked.subject, day)


def _either(authority: Authority, forum: str, day: str) -> Binding:
    """The answer where it does not depend on which law the question is of, else unknown."""
    laws = ["federal"]
    for path in (forum, authority.court, authority.jurisdiction):
        parts = path.split("/")
        if len(parts) >= 3 and parts[1] == "state":
            laws.append("/".join(parts[:3]))
    if len(laws) == 1:
        laws.append("us/state/" + next(iter(states())))
    answers = [_answer(authority, forum, _Question(law), day) for law in dict.fromkeys(laws)]
    if len({answer.value for answer in answers}) == 1:
        return answers[0]
    return unknown("it depends on whether the question is one of federal or of state law", "question")


def _enacted(authority: Authority, forum: str, asked: _Question) -> Binding:
    place = authority.jurisdiction
    if not place:
        return unknown("whose law it is, is not known", "jurisdiction")
    if authority.kind == "rule":
        if contains(place, forum):
            return yes(f"rules of {place} govern its courts", "court-rule")
        return persuasive(f"rules of {place} do not govern the courts of {forum}", "court-rule")
    if place == "us/fed":
        if asked.law == "federal":
            return yes("federal law binds every court (U.S. Const. art. VI, cl. 2)", "supremacy")
        return yes(
            "federal law binds every court and prevails over state law (U.S. Const. art. VI, cl. 2)", "supremacy"
        )
    if asked.law == place:
        if contains(place, forum):
            return yes("the law of the forum", "own-law")
        if contains("us/fed", forum):
            return yes("federal courts apply the state's law to questions of state law (28 U.S.C. § 1652)", "erie")
        return persuasive("another state's court applies it only where its own choice of law says so", "foreign-law")
    if asked.law == "federal":
        return persuasive("a state's law does not govern a question of federal law", "federal-question")
    return persuasive(f"the law of {place} does not govern a question of the law of {asked.law}", "foreign-law")


__all__ = ["Authority", "Binding", "binds", "outranks"]
