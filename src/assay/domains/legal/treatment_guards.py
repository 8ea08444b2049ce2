"""Does a sentence state a treatment as a fact? What is denied, argued, asked for, supposed or possible is none."""

from __future__ import annotations

import re

from assay.domains.legal.treatment_reading import CASE, NAME, Reading
from assay.domains.legal.treatment_words import words


def asserted(reading: Reading) -> bool:
    """Whether the sentence states the treatment as a fact."""
    clause = re.split(r"; |\bbut (?!see)|: ", reading.left)[-1][-160:]
    trigger = reading.trigger.lower()
    return not (
        _denied(clause, trigger)
        or _possible(clause, trigger, reading)
        or (_attributed(reading.left, clause) and not _own_words(clause))
        or _conditional(clause, reading.right)
        or (trigger.endswith("ing") and _unfinished(clause))
    )


def _denied(clause: str, trigger: str) -> bool:
    """ "has never been overruled", "no court has overruled". Of a refusal ("declined to follow"), only what stands
    right before it can be the denial."""
    if re.search(r"\b(?:no|any|every) (?:court|case|decision|panel|authority|one)\b[^,;]{0,60}$", clause, re.I):
        return True
    if trigger.startswith(("declin", "refus", "not ", "no longer")):
        return re.search(r"\b(?:not|never|n[’']t) (?:\w+ ){0,2}$", clause) is not None
    near = re.sub(r"\bnot only\b", "", _near(clause))
    return words().negation.search(near) is not None


def _near(clause: str) -> str:
    return " ".join(clause.split()[-6:])


def _possible(clause: str, trigger: str, reading: Reading) -> bool:
    """ "would overrule", "be overruled", "may have been overruled"."""
    base = re.fullmatch(r"\w+e|declin\w*e .*|refuse .*|decline .*|criticize|distinguish", trigger) is not None
    if (base or re.search(r"\bbe (?:\w+ly )*$", clause)) and _hypothetical(clause, _near(clause), reading):
        return True
    modal = r"\b(?:would|might|could|should|may|must|will|can) (?:have |be |have been )?(?:\w+ly )*$"
    return re.search(modal, clause) is not None


def _unfinished(clause: str) -> bool:
    """ "a basis for overruling", "a legislative overruling": the deed as a thought, not as done."""
    last = clause.split()[-1:] or [""]
    before = [word for word in clause.split()[-3:] if not word.endswith("ly")]
    if before and words().preposition.fullmatch(before[-1].strip(",")):
        return True
    return last[0].lower() in ("an", "a", "any", "legislative", "such", "no")


def _hypothetical(clause: str, near: str, reading: Reading) -> bool:
    """A base form behind "would", "to" and the like; a legislature's purpose ("amended the Act to overrule Poe") is a
    fact, and so is what a court says of itself ("we overrule Poe")."""
    if not words().modal.search(near):
        return False
    purpose = re.search(r"\bto (?:\w+ly )*$", clause) and words().legislation.search(reading.left)
    deed = re.search(r"\b(?:amend|enact|pass|adopt|repeal)\w*\b", reading.left, re.I)
    meant = re.search(
        r"\b(?:was|were|is|are) (?:\w+ly )?(?:intended|meant|designed|enacted|adopted|passed) to (?:\w+ly )*$", clause
    )
    went = meant or re.search(r"\b(?:so far as|occasion|opportunity) to (?:\w+ly )*$", clause)
    return not ((purpose and deed) or went)


def _attributed(left: str, clause: str) -> bool:
    """Whether somebody's argument reports it: a verb of arguing nearby, or one with "that" earlier in the sentence."""
    if words().arguing.search(clause[-110:]) or words().arguing_that.search(clause[-110:]):
        return True
    near = left[-400:]
    return any(re.match(r"[^;]{0,60}?\bthat\b", near[m.end() :]) for m in words().arguing.finditer(near))


def _conditional(clause: str, right: str) -> bool:
    """Whether it is left to a condition; "was the law until overruled by Poe v. Doe" is none."""
    match = words().conditional.search(clause[-90:])
    if match is None:
        return False
    rest = clause[-90:][match.end() :]
    if re.search(r", (?:and|which|the Court|the court|we)\b", rest):
        return False
    return not (match.group().lower() == "until" and re.match(rf"(?:by|in) (?:{CASE}|{NAME},)", right))


def _own_words(clause: str) -> bool:
    """The court itself speaks after the arguing words: "argues ..., but we overrule" or "claim ... was overruled" with
    a sentence of its own between is cut off before; here only a later subject "we" counts."""
    return re.search(r"\b[Ww]e (?:\w+ly )*$", clause) is not None
