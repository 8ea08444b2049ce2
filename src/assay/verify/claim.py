"""Verifies one claim: finds its quotations, reads their sentences, compares the claim with them, and scores support.

Support, from 0 to 1:
- 1.0 where the claim is its quotation, word for word, and the quotation may stand alone;
- 0 where a quotation is not where it is said to be, or the claim contradicts or goes beyond the source in a number,
  name, negation, modality, limit or direction;
- otherwise the share of the claim's weighted words that one sentence of the source has, capped at 0.98 where every
  check passes and at 0.70 where one leaves the claim unproven ("partly").
A claim of several sentences is as good as its worst one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from assay.textual.sentences import sentences
from assay.types import Check, Citation, Claim, DraftClaim, DraftQuote, Passage, Question, Verdict
from assay.verify.about import GOVERNING, about
from assay.verify.compare import Comparison, checks, compare
from assay.verify.context import QUOTED, Context, context, elision_fault, quotation_around
from assay.verify.locate import Location, Span, locate
from assay.verify.reading import points_back, said_word_for_word, unintroduced, unmarked
from assay.verify.words import words

TextOf = Callable[[str], str | None]
PROVEN_CAP = 0.98
UNPROVEN_CAP = 0.70


class Evidence(NamedTuple):
    """One quotation, found: the passage it was cited from, the stored text, the parts that an omission leaves, and
    their sentences (one context for parts of one sentence)."""

    passage: Passage
    text: str
    parts: tuple[Span, ...]
    contexts: tuple[Context, ...]
    exact: bool
    fault: str


class _Failure(NamedTuple):
    verdict: Verdict
    check: Check


def verify_claim(question: Question, claim: DraftClaim, passages: Sequence[Passage], text_of: TextOf) -> Claim:
    """`claim` with its verdict, support, checks and citations (numbered 0: the gate numbers them).

    `passages` are those the writer saw, in that order. `text_of` gives the stored text of a document, or None.
    """
    if not claim.text.strip():
        return _failed(claim, _Failure("unsupported", Check("claim", False, 0.0, "the claim is empty")))
    if not claim.quotes:
        return _failed(claim, _Failure("unsupported", Check("quotation", False, 0.0, "the claim quotes nothing")))
    evidence: list[Evidence] = []
    for quote in claim.quotes:
        found = find(quote, passages, text_of)
        if isinstance(found, _Failure):
            return _failed(claim, found)
        evidence.append(found)
    return _judged(question, claim, evidence)


def _failed(claim: DraftClaim, failure: _Failure) -> Claim:
    return Claim(claim.text, failure.verdict, 0.0, checks=(failure.check,), section=claim.section)


# --- finding ----------------------------------------------------------------------------------------------------


def find(quote: DraftQuote, passages: Sequence[Passage], text_of: TextOf) -> Evidence | _Failure:
    """The quotation in the document of the passage it cites; or why it fails."""
    cited = passages[quote.passage - 1] if 1 <= quote.passage <= len(passages) else None
    text = text_of(cited.document.id) if cited else None
    if cited and text is None:
        reason = f"“{cited.document.title}” is no longer in the store"
        return _Failure("unsupported", Check("quotation", False, 0.0, reason))
    if cited and text is not None:
        place = locate(quote.quote, text, Span(cited.chunk.start, cited.chunk.end))
        if place and place.stitched:
            reason = "the quotation joins parts that stand far apart in the document"
            return _Failure("unsupported", Check("quotation", False, 0.0, f"stitched: {reason}"))
        if place:
            return _evidence(cited, text, place)
    return _not_there(quote, cited, passages, text_of)


def _not_there(quote: DraftQuote, cited: Passage | None, passages: Sequence[Passage], text_of: TextOf) -> _Failure:
    seen = {cited.document.id} if cited else set()
    for passage in passages:
        if passage.document.id in seen:
            continue
        seen.add(passage.document.id)
        text = text_of(passage.document.id)
        place = locate(quote.quote, text, Span(passage.chunk.start, passage.chunk.end)) if text else None
        if place and not place.stitched:
            named = f"“{cited.document.title}”" if cited else f"passage {quote.passage}, which does not exist"
            reason = f"the quotation stands in “{passage.document.title}”, not in {named}"
            return _Failure("misattributed", Check("quotation", False, 0.0, reason))
    return _Failure(
        "fabricated", Check("quotation", False, 0.0, "the quotation stands in none of the passages' documents")
    )


def _evidence(passage: Passage, text: str, place: Location) -> Evidence | _Failure:
    fault = ""
    joined = [place.spans[0]]
    for first, second in pairwise(place.spans):
        found = elision_fault(text, first, second)
        if found == "stitched":
            reason = "stitched: the ellipsis joins pieces of different sentences"
            return _Failure("unsupported", Check("quotation", False, 0.0, reason))
        fault = found or fault
        if _one_sentence(text, joined[-1], second):
            joined[-1] = Span(joined[-1].start, second.end)
        else:
            joined.append(second)
    if place.altered:
        fault = fault or "words in brackets stand in place of the source's own"
    return Evidence(passage, text, place.spans, tuple(context(text, span) for span in joined), place.exact, fault)


def _one_sentence(text: str, first: Span, second: Span) -> bool:
    unit = context(text, first).unit
    return unit.start <= second.start < unit.end


# --- judging ----------------------------------------------------------------------------------------------------


def _judged(question: Question, claim: DraftClaim, evidence: Sequence[Evidence]) -> Claim:
    found = [Check("quotation", True, 1.0, "" if all(e.exact for e in evidence) else "found in normal form")]
    said = unintroduced(claim.text, [item.passage.document.title for item in evidence])
    if any(said_word_for_word(text, [_quoted(item) for item in evidence]) for text in (claim.text, said)):
        found.extend(_standing(evidence))
        spans = [(item, span.span) for item in evidence for span in item.contexts]
        support = 1.0
    else:
        found.extend(_against_sentences(unmarked(said), evidence))
        spans = [(item, span.unit) for item in evidence for span in item.contexts]
        support = PROVEN_CAP * next(check.score for check in found if check.name == "coverage")
    verdict: Verdict = "supported"
    if any(not check.passed and check.score == 0.0 for check in found):
        verdict, support = "unsupported", 0.0
    elif any(not check.passed for check in found):
        verdict, support = "partly", min(support, UNPROVEN_CAP)
    found.append(_about(question, evidence))
    citations = tuple(citation(item, span) for item, span in spans)
    return Claim(claim.text, verdict, support, citations, tuple(found), claim.section)


def _quoted(item: Evidence) -> str:
    return " ".join(item.text[start:end] for start, end in item.parts)


def _standing(evidence: Sequence[Evidence]) -> list[Check]:
    """A verbatim claim: may its quotation stand alone?"""
    faults = [fault for item in evidence for fault in (item.fault, *(c.fault for c in item.contexts)) if fault]
    faults += _lost_references(evidence)
    coverage = Check("coverage", True, 1.0, "the claim is its quotation")
    if faults:
        return [coverage, Check("context", False, 0.5, faults[0])]
    return [coverage, Check("context", True, 1.0)]


def _lost_references(evidence: Sequence[Evidence]) -> list[str]:
    """Quotations of another place joined behind a first one: their "he" or "this" would mean what the first names."""
    faults = []
    for first, second in pairwise(evidence):
        word = points_back(second.text[second.contexts[0].span.start :])
        same = first.text == second.text
        between = first.text[first.contexts[-1].span.end : second.contexts[0].span.start]
        follows = same and first.contexts[-1].span.end <= second.contexts[0].span.start and not between.strip()
        if word and not follows:
            faults.append(f"“{word}” refers to something that the quotation leaves out")
    return faults


def _against_sentences(claim: str, evidence: Sequence[Evidence]) -> list[Check]:
    """A claim in other words: each of its sentences against the best sentence around the quotations."""
    units = [(item, unit) for item in evidence for part in item.contexts for unit in _sentences_of(item, part)]
    whole = [(item, item.text[part.unit.start : part.unit.end]) for item in evidence for part in item.contexts]
    results = [_best(piece, units, whole) for piece in _pieces(claim)]
    judged = [_with_share(checks(found), found.coverage) for found in results]
    merged = [min(same, key=lambda check: check.score) for same in zip(*judged, strict=True)]
    faults = [c.fault for item in evidence for c in item.contexts if c.fault.startswith(("the list", QUOTED))]
    return [*merged, Check("context", not faults, 0.5 if faults else 1.0, faults[0] if faults else "")]


def _with_share(judged: list[Check], share: float) -> list[Check]:
    """The coverage check scored by the share covered, so that it can stand in the formula of support."""
    return [
        replace(check, score=max(share, 0.01)) if check.name == "coverage" and check.score > 0 else check
        for check in judged
    ]


def _pieces(claim: str) -> list[str]:
    return [span.of(claim) for span in sentences(claim)] or [claim]


def _sentences_of(item: Evidence, part: Context) -> list[str]:
    """The sentences of the quotation's unit; one inside somebody's quotation is not the source's own statement."""
    start = part.unit.start
    unit = item.text[start : part.unit.end]
    spans = sentences(unit)
    own = [span for span in spans if span.start == 0 or quotation_around(item.text, start + span.start) is None]
    return [span.of(unit) for span in own or spans] or [unit]


def _best(piece: str, units: Sequence[tuple[Evidence, str]], whole: Sequence[tuple[Evidence, str]]) -> Comparison:
    """The comparison that goes best. Several sentences together count only where the piece says them word for word:
    words picked from two sentences are nobody's statement."""
    for item, text in whole:
        found = compare(piece, text, _known(item.passage))
        if found.same:
            return found
    compared = [compare(piece, text, _known(item.passage)) for item, text in units]
    return max(compared, key=lambda found: (sum(c.passed for c in checks(found)), found.coverage, -len(found.missing)))


def _known(passage: Passage) -> frozenset[str]:
    """Words that the source's own title, headings, version and date supply ("In ProCD v. Zeidenberg, ...")."""
    facts = [str(passage.document.metadata.get(key, "")) for key in ("version", "library", "year", "court", "journal")]
    facts += [".".join(facts[0].split(".")[:length]) for length in (1, 2)]
    heading = "\n".join((passage.document.title, *passage.chunk.breadcrumb, *facts))
    return frozenset(word.key for word in words(heading) if word.kind in ("name", "content", "number")) | set(facts)


def _about(question: Question, evidence: Sequence[Evidence]) -> Check:
    found = [
        about(question, item.text[part.unit.start : part.unit.end], item.passage, before(item, part.unit), item.text)
        for item in evidence
        for part in item.contexts
    ]
    return max(found, key=lambda check: (check.passed, check.score))


def before(item: Evidence, span: Span) -> str:
    """What stands above a span in its document, as far as it may still govern it."""
    return item.text[max(0, span.start - GOVERNING) : span.start]


def citation(item: Evidence, span: Span) -> Citation:
    """The stored characters of `span` as a citation, not yet numbered."""
    document = item.passage.document
    return Citation(
        number=0,
        document_id=document.id,
        chunk_id=item.passage.chunk.id,
        title=document.title,
        source=document.source,
        quote=item.text[span.start : span.end],
        start=span.start,
        end=span.end,
        exact=item.exact,
        reference=item.passage.appraisal.citation if item.passage.appraisal else "",
    )
