"""Builds what `process_query` returns from passages, appraisals and checked claims. No rule of verification is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assay.types import Appraisal, Citation, Claim, Passage, QueryResult, Question, Source, Status

EXCERPT = 300


def sources_of(
    claims: Sequence[Claim], passages: Sequence[Passage], appraisals: Mapping[str, Appraisal]
) -> tuple[Source, ...]:
    """One source a cited document, in order of first citation, with its best passage."""
    cited = dict.fromkeys(citation.document_id for claim in claims for citation in claim.citations)
    best = best_passages(passages)
    return tuple(
        source(best[document], number, appraisals) for number, document in enumerate(cited, 1) if document in best
    )


def nearest_of(passages: Sequence[Passage], appraisals: Mapping[str, Appraisal], most: int = 3) -> tuple[Source, ...]:
    """The nearest evidence, shown where a question could not be answered: one source a document."""
    best = list(best_passages(passages).values())[:most]
    return tuple(source(passage, number, appraisals) for number, passage in enumerate(best, 1))


def best_passages(passages: Sequence[Passage]) -> dict[str, Passage]:
    """The first passage of each document, best first."""
    best: dict[str, Passage] = {}
    for passage in passages:
        best.setdefault(passage.document.id, passage)
    return best


def source(passage: Passage, number: int, appraisals: Mapping[str, Appraisal]) -> Source:
    """A passage as a source to show."""
    return Source(
        number=number,
        document_id=passage.document.id,
        title=passage.document.title or passage.document.id,
        source=passage.document.source,
        score=passage.score,
        excerpt=_excerpt(passage.chunk.text),
        start=passage.chunk.start,
        end=passage.chunk.end,
        metadata=passage.document.metadata,
        appraisal=appraisals.get(passage.document.id),
        relevance=passage.relevance,
    )


def referenced(
    claims: Sequence[Claim], appraisals: Mapping[str, Appraisal], locate: Callable[[str, int, int], str]
) -> tuple[Claim, ...]:
    """The claims with each citation's reference (how the field cites it) and locator (page, line, cell) filled in."""

    def complete(citation: Citation) -> Citation:
        appraisal = appraisals.get(citation.document_id)
        place = citation.locator or locate(citation.document_id, citation.start, citation.end)
        return replace(citation, reference=appraisal.citation if appraisal else citation.title, locator=place)

    return tuple(replace(claim, citations=tuple(map(complete, claim.citations))) for claim in claims)


def warnings_of(sources: Sequence[Source]) -> tuple[str, ...]:
    """What the appraisals warn of, once each, naming the sources."""
    found: dict[str, list[str]] = {}
    for item in sources:
        for warning in item.appraisal.warnings if item.appraisal else ():
            found.setdefault(warning, []).append(f"{item.number}")
    return tuple(f"source {', '.join(numbers)}: {warning}" for warning, numbers in found.items())


def _excerpt(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def success(
    asked: Question, claims: Sequence[Claim], dropped: Sequence[Claim], sources: tuple[Source, ...], answer: str
) -> QueryResult:
    """A result with checked claims."""
    return QueryResult(
        "success", asked.text, answer, sources, claims=tuple(claims), dropped=tuple(dropped), threshold=asked.threshold
    )


_NOTHING: Mapping[Status, str] = {
    "no_results": "The library holds nothing on this question.",
    "insufficient_evidence": "The library holds related passages, but none that answers this and survives checking.",
}


def nothing(
    status: Status, asked: Question, nearest: tuple[Source, ...], reason: str, dropped: Sequence[Claim] = ()
) -> QueryResult:
    """A refusal that shows the nearest evidence and says why."""
    return QueryResult(
        status,
        asked.text,
        _NOTHING[status],
        nearest=nearest,
        dropped=tuple(dropped),
        message=reason,
        threshold=asked.threshold,
    )


def stopped(asked: Question, stop: Mapping[str, Any]) -> QueryResult:
    """What the field says instead of an answer, before anything was looked up; `stopped` tells why."""
    message = str(stop.get("message", ""))
    result = QueryResult("no_results", asked.text, message, message=message, threshold=asked.threshold)
    result.warnings = asked.notes
    result["stopped"] = {"kind": str(stop.get("kind", "")), "urgent": bool(stop.get("urgent", False))}
    return result
