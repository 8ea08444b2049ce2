"""The gate: keeps, repairs, merges, numbers or drops checked claims. What it withholds is kept with the reason.

A claim that is only partly proven gives way to the full sentence that it quotes, word for word, and says so in its
checks. Nothing else is ever changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assay.textual.normalise import comparable
from assay.types import Check, Citation, Claim, Draft, DraftClaim, Passage, Question, Verified
from assay.verify.about import about
from assay.verify.claim import Evidence, TextOf, before, citation, find, verify_claim
from assay.verify.locate import Span

MAX_REPAIRED = 1500
"""A quotation's full sentence longer than this (a statute's enumeration) is not put in a claim's place."""


class Gate:
    """Takes drafted claims one by one and says what may be shown. One gate an answer: it numbers the citations."""

    def __init__(self, question: Question, passages: Sequence[Passage], text_of: TextOf, *, threshold: float) -> None:
        self._question = question
        self._passages = passages
        self._text_of = text_of
        self._threshold = threshold
        self._numbers: dict[tuple[str, int, int], int] = {}
        self._shown: dict[str, int] = {}
        self.claims: list[Claim] = []
        self.dropped: list[Claim] = []

    def take(self, draft: DraftClaim) -> Claim | None:
        """The checked claim as it may be shown, citations numbered; None where it was dropped or merged."""
        claim = verify_claim(self._question, draft, self._passages, self._text_of)
        if claim.verdict == "partly":
            claim = self._repaired(claim, draft)
        reason = self._refusal(claim)
        if reason is not None:
            self.dropped.append(replace(claim, checks=(*claim.checks, reason)))
            return None
        return self._admitted(claim)

    def outcome(self) -> Verified:
        """All that was shown and dropped, and why nothing is left if so."""
        return Verified(tuple(self.claims), tuple(self.dropped), "" if self.claims else self._why_nothing())

    def _refusal(self, claim: Claim) -> Check | None:
        failed = next((check for check in claim.checks if check.name == "about" and not check.passed), None)
        if claim.verdict != "supported":
            return Check("gate", False, claim.support, f"dropped: {claim.verdict}")
        if failed:
            return Check("gate", False, claim.support, f"dropped: {failed.reason}")
        if claim.support < self._threshold:
            return Check("gate", False, claim.support, f"dropped: support is below {self._threshold:g}")
        return None

    def _admitted(self, claim: Claim) -> Claim | None:
        key = comparable(claim.text).lower()
        numbered = replace(claim, citations=tuple(map(self._number, claim.citations)))
        if key in self._shown:
            self._merge(self._shown[key], numbered)
            return None
        self._shown[key] = len(self.claims)
        self.claims.append(numbered)
        return numbered

    def _merge(self, index: int, claim: Claim) -> None:
        """The same sentence again: its further citations go to the claim already shown."""
        first = self.claims[index]
        citations = dict.fromkeys((*first.citations, *claim.citations))
        self.claims[index] = replace(first, citations=tuple(citations), support=max(first.support, claim.support))

    def _number(self, cited: Citation) -> Citation:
        place = (cited.document_id, cited.start, cited.end)
        number = self._numbers.setdefault(place, len(self._numbers) + 1)
        return replace(cited, number=number)

    def _repaired(self, claim: Claim, draft: DraftClaim) -> Claim:
        found = [find(quote, self._passages, self._text_of) for quote in draft.quotes]
        evidence = [item for item in found if isinstance(item, Evidence)]
        places = list(dict.fromkeys((item, part.offered) for item in evidence for part in item.contexts))
        places = _distinct(places)
        text = "\n".join(_readable(item.text[span.start : span.end]) for item, span in places)
        if not places or len(text) > MAX_REPAIRED:
            return claim
        speaks = [
            about(self._question, item.text[span.start : span.end], item.passage, before(item, span), item.text)
            for item, span in places
        ]
        checks = (
            *(check for check in claim.checks if check.name != "about"),
            Check("repaired", True, 1.0, f"the quotation's full sentence stands in place of “{claim.text}”"),
            max(speaks, key=lambda check: (check.passed, check.score)),
        )
        cited = tuple(citation(item, span) for item, span in places)
        return replace(claim, text=text, verdict="supported", support=1.0, citations=cited, checks=checks)

    def _why_nothing(self) -> str:
        if not self.dropped:
            return "the writer found no answer in the passages"
        reasons = [claim.checks[-1].reason for claim in self.dropped]
        first = next((check.reason for check in self.dropped[0].checks if not check.passed and check.reason), "")
        return f"none of {len(reasons)} proposed claims could be supported: {first or reasons[0]}"


def verify(
    question: Question, draft: Draft, passages: Sequence[Passage], text_of: TextOf, *, threshold: float
) -> Verified:
    """The checked answer to `question`.

    `passages` are those the writer saw, in that order; `text_of` gives a document's stored text or None; `threshold`
    (0 to 1) is the least support a claim must have to be shown.
    """
    gate = Gate(question, passages, text_of, threshold=threshold)
    for claim in draft.claims:
        gate.take(claim)
    return gate.outcome()


def _distinct(places: list[tuple[Evidence, Span]]) -> list[tuple[Evidence, Span]]:
    """Without the spans that another span of the same document contains."""
    kept: list[tuple[Evidence, Span]] = []
    for item, span in places:
        document = item.passage.document.id
        same = [other for theirs, other in kept if theirs.passage.document.id == document]
        if not any(other.start <= span.start and span.end <= other.end for other in same):
            kept.append((item, span))
    return kept


def _readable(text: str) -> str:
    return " ".join(text.split())
