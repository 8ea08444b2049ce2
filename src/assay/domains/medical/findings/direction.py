"""Which way an outcome went in the intervention against the comparator, as a sentence reports it.

A regularised logistic model over the features of `features` decides among increased, decreased and no difference shown;
where it is not sure enough, or the text says nothing of a result, the direction is "unclear". "No difference shown" is
absence of evidence for a difference; it is never read as equivalence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assay.domains.medical.findings.features import features
from assay.domains.medical.findings.linear import shipped_model
from assay.domains.medical.findings.reading import Sentence, prompt, read
from assay.textual.sentences import sentences
from assay.types import Record

Direction = Literal["increased", "decreased", "no_difference", "unclear"]
MODEL = "direction_model.json"
_SURE = 0.45
_TELLING = frozenset(
    {"UP", "DOWN", "BETTER", "WORSE", "SAME", "DIFF", "CHANGE", "INSIG", "SIG", "PSIG", "PNS", "CI", "NUM", "NOT"}
)


@dataclass(frozen=True, slots=True)
class DirectionReading(Record):
    """A direction with its probability; text[start:end] is the sentence that tells most of it."""

    direction: Direction
    confidence: float
    start: int
    end: int
    reason: str


def direction_of(text: str, *, intervention: str = "", comparator: str = "", outcome: str = "") -> DirectionReading:
    """Read `text` (a sentence, or a few) for the effect of `intervention` against `comparator` on `outcome`."""
    asked = prompt(intervention, comparator, outcome)
    rows = read(text, asked, [(span.start, span.end) for span in sentences(text)])
    if not any(_TELLING.intersection(row.kinds) for row in rows):
        return DirectionReading("unclear", 0.0, 0, len(text), "no word, number or p-value of a result")
    model = shipped_model(MODEL)
    shares = model.probabilities(features(rows, asked))
    best = max(range(len(shares)), key=shares.__getitem__)
    told = _most_telling(rows)
    if shares[best] < _SURE:
        return DirectionReading("unclear", shares[best], told.start, told.end, "the wording points several ways")
    direction: Direction = model.classes[best]  # type: ignore[assignment]
    return DirectionReading(direction, shares[best], told.start, told.end, _reason(told))


def _most_telling(rows: Sequence[Sentence]) -> Sentence:
    return max(rows, key=lambda row: (2 * row.kinds.count("O") + len(set(row.kinds)), -row.start))


def _reason(row: Sentence) -> str:
    """The symbols that the direction was read from, in words."""
    words = {
        "UP": "a word of increase",
        "DOWN": "a word of decrease",
        "BETTER": "a word of benefit",
        "WORSE": "a word of harm",
        "SAME": "a word of likeness",
        "NOT": "a negation",
        "PSIG": "p below 0.05",
        "PNS": "p at or above 0.05",
        "CI": "an interval",
        "INSIG": "'not significant'",
    }
    seen = [words[kind] for kind in dict.fromkeys(row.kinds) if kind in words]
    return f"read from {', '.join(seen) or 'the order of the numbers'}"
