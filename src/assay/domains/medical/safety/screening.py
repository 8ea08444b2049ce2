"""`screen`: decides before retrieval whether a question is a person's emergency, a personal matter, or research.

Deterministic rules, no model; see rules.py. What is decided is shown with the words that decided it. This is not a
diagnosis of the person who asks: it errs on the side of sending someone to help.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from assay.domains.medical.safety.messages import message
from assay.domains.medical.safety.rules import Action, Rule, compiled, person_words, rules
from assay.domains.medical.safety.words import Reading, read
from assay.types import Record

URGENT = frozenset({"emergency", "self_harm", "poisoning"})


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_CONCERNS = {
    "treatment": _words("treat treated treatment treatments therapy therapies drug drugs medication medicine surgery"),
    "dose": _words("dose doses dosage dosing mg mcg regimen regimens"),
    "diagnosis": _words("diagnose diagnosed diagnosis diagnostic symptom symptoms screening"),
}
_LETHAL = _words(
    """lethal fatal deadly die dying kill kills killing suicide painless painlessly overdose overdosing hang hanging
    drown drowning jump jumping unalive purpose intentionally deliberately noose wake suffering painful od exit"""
)
_TOOK = _words(
    """took swallowed ate popped drank ingested eaten inhaled licked chewed snorted injected gave sprayed splashed
    spilled got"""
)
_DOSE = _words("how dose dosage dosing mg ml tablet tablets units prescribe give much many")
_MINE = _words("my me i mine our this these his her it")


@dataclass(frozen=True, slots=True)
class SafetyDecision(Record):
    """What is done with a question. `stop`: nothing is retrieved and `message` is the answer. question[start:end] are
    the words that decided (None where the question passes). `concerns`: for a question that passes, what it touches
    (treatment, dose, diagnosis), so that the line "consult a clinician" can be added."""

    action: Action
    stop: bool = False
    urgent: bool = False
    message: str = ""
    reason: str = ""
    rule: str = ""
    start: int | None = None
    end: int | None = None
    concerns: tuple[str, ...] = ()


def screen(question: str, *, region: str = "") -> SafetyDecision:
    """Decide about `question`. `region`: ISO 3166 country code whose help lines are named ("" where it is unknown).

    Total and deterministic: any text gets a decision.
    """
    reading = read(question)
    gates = _gates(reading)
    for rule in rules():
        if rule.gate in gates:
            found = _decides(rule, reading)
            if found is not None:
                start, end = reading.place(*found)
                return SafetyDecision(
                    rule.action,
                    True,
                    rule.action in URGENT,
                    message(rule.action, region, rule.language),
                    rule.reason,
                    rule.name,
                    start,
                    end,
                )
    return SafetyDecision("pass", concerns=tuple(name for name, words in _CONCERNS.items() if words & reading.words))


@functools.lru_cache(maxsize=1)
def _now() -> re.Pattern[str]:
    return compiled("{now}")


def _gates(reading: Reading) -> frozenset[str]:
    """Which groups of rules can match at all: most research questions open none but "any"."""
    words = reading.words
    gates = {"any"}
    if words & person_words():
        gates |= {"person", "asked"}
    if words & _LETHAL:
        gates.add("lethal")
    if words & _TOOK:
        gates.add("took")
    if words & _DOSE:
        gates.add("dose")
    if words & _MINE:
        gates.add("mine")
    if _now().search(reading.text):
        gates.add("now")
    return frozenset(gates)


def _decides(rule: Rule, reading: Reading) -> tuple[int, int] | None:
    """The match that decides, or None. `unless` looks at the whole sentences that the match lies in."""
    for match in rule.pattern.finditer(reading.text):
        if rule.unless is None:
            return match.start() + 1, match.end()
        first = reading.text.rfind("|", 0, match.start() + 1) + 1
        last = reading.text.find("|", match.end())
        around = f" {reading.text[first : last if last >= 0 else None].strip()} "
        if rule.unless.search(around) is None:
            return match.start() + 1, match.end()
    return None
