"""Whether a statement supports a claim, refutes it, or says neither; and what several statements say together.

A small logistic model over closed-class features: shared words, negation, hedging, and the direction that each side
takes. It reads wording, not medicine: a statement that bears on a claim only through knowledge is mostly read as
neutral. `verdict_on` says "conflict" where support and refutation stand side by side; it does not count votes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from assay.domains.medical.findings.linear import LinearModel, shipped_model
from assay.domains.medical.findings.reading import content_words, cue
from assay.types import Record

Stance = Literal["supports", "refutes", "neutral"]
MODEL = "stance_model.json"
_SHOWS = 0.33
_ABOUT = 0.1
_HEDGED = re.compile(
    r"\b(?:may|might|could|possibl[ey]|potential(?:ly)?|suggest\w*|likely|hypothes\w+|perhaps|appears?|seems?)\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
        r"\b(?:unclear|unknown|uncertain|inconclusive|insufficient|limited|lack(?:s"
        r"|ing)?|scarce|controversial|debated?|remains? to be|further (?:studies|research)"
        r"|not (?:yet )?(?:known|clear|proven|established|confirmed|been (?:shown|proven))"
        r"|no (?:\w+ ){0,3}(?:evidence|proof|data|vaccine|treatment|cure|therapy|drug)"
        r"|there (?:is|are|has been) no|to date,? no|needed)\b",
    re.IGNORECASE,
)  # fmt: skip
_MYTH = re.compile(
    r"\b(?:myth|misinformation|misconception|conspiracy|false|fake|rumou?rs?|hoax|wrong|incorrect)\b", re.IGNORECASE
)
_BUT = re.compile(r"\b(?:however|but|although|despite|contrary|rather|instead|whereas)\b", re.IGNORECASE)
_SIGN = {"UP": 1, "BETTER": 1, "DOWN": -1, "WORSE": -1}


@dataclass(frozen=True, slots=True)
class StanceReading(Record):
    """The likeliest stance, the probability of each, and why."""

    stance: Stance
    supports: float
    refutes: float
    neutral: float
    reason: str


def stance_of(claim: str, statement: str) -> StanceReading:
    """Read one statement for its stance on a claim."""
    found = stance_features(claim, statement)
    shares = stance_shares(shipped_model(MODEL), found)
    stance = cast("Stance", max(shares, key=lambda name: shares[name]))
    told = [
        name
        for name in ("same direction", "opposite direction", "one negated", "unknown said", "myth said")
        if found.get(name)
    ]
    reason = f"{found.get('shared', 0.0):.0%} of the claim's words; {', '.join(told) or 'no telling mark'}"
    return StanceReading(stance, shares["supports"], shares["refutes"], shares["neutral"], reason)


def stance_shares(model: LinearModel, found: Mapping[str, float]) -> dict[str, float]:
    """The probability of each stance; neutral for certain where hardly a word of the claim stands in the statement."""
    if found.get("shared", 0.0) < _ABOUT:
        return {"supports": 0.0, "refutes": 0.0, "neutral": 1.0}
    return dict(zip(model.classes, model.probabilities(found), strict=True))


def verdict_on(claim: str, statements: Sequence[str]) -> str:
    """ "support", "refute", "conflict" or "neutral": what the statements hold together; one clear voice is enough."""
    readings = [stance_of(claim, statement) for statement in statements]
    return verdict([(reading.supports, reading.refutes) for reading in readings])


def verdict(shares: Sequence[tuple[float, float]], least: float = _SHOWS) -> str:
    """The verdict from the probabilities (supports, refutes) of each statement: which of the two reaches `least`."""
    supported = any(supports >= least for supports, _ in shares)
    refuted = any(refutes >= least for _, refutes in shares)
    if supported and refuted:
        return "conflict"
    return "support" if supported else "refute" if refuted else "neutral"


def stance_features(claim: str, statement: str) -> dict[str, float]:
    """The features of a pair. Counts and signs over closed classes; no word of a topic."""
    asked, told = frozenset(content_words(claim)), frozenset(content_words(statement))
    shared = len(asked & told) / max(1, len(asked))
    found = {
        "bias": 1.0,
        "shared": shared,
        "shared most": float(shared >= 0.6),
        "shared some": float(shared >= 0.35),
        "shared none": float(shared < 0.15),
    }
    found["words shared"] = min(len(asked & told), 8) / 8
    mine, its = _marks(claim), _marks(statement)
    for name, value in its.items():
        found[f"statement {name}"] = value
    for name, value in mine.items():
        found[f"claim {name}"] = value
    found["one negated"] = float(mine["negated"] != its["negated"])
    found["unknown said"] = its["unknown"]
    found["myth said"] = its["myth"]
    if mine["sign"] and its["sign"]:
        turned = mine["sign"] * its["sign"] * (-1 if mine["negated"] != its["negated"] else 1)
        found["same direction" if turned > 0 else "opposite direction"] = 1.0
    for name in (
        "one negated",
        "unknown said",
        "same direction",
        "opposite direction",
        "statement negated",
        "claim negated",
        "statement hedged",
        "claim unknown",
    ):
        if found.get(name):
            found[f"{name} & shared"] = shared
    if mine["unknown"] and its["unknown"]:
        found["both unknown"] = 1.0
    return {name: value for name, value in found.items() if value}


def _marks(text: str) -> dict[str, float]:
    kinds = [cue(word) for word in re.findall(r"[^\W_][\w'’-]*", text.lower())]
    signs = [_SIGN[kind] for kind in kinds if kind in _SIGN]
    return {
        "negated": float("NOT" in kinds or re.search(r"n['’]t\b", text) is not None),
        "hedged": float(bool(_HEDGED.search(text))),
        "unknown": float(bool(_UNKNOWN.search(text))),
        "myth": float(bool(_MYTH.search(text))),
        "but": float(bool(_BUT.search(text))),
        "sign": float((sum(signs) > 0) - (sum(signs) < 0)),
        "significant": float("SIG" in kinds),
        "same": float("SAME" in kinds),
        "related": float("CHANGE" in kinds),
        "long": min(len(text), 400) / 400,
        "number": float(any(c.isdigit() for c in text)),
    }
