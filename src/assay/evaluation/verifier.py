"""The engine's verifier as `assay eval verification` calls it: one labelled record in, verdict and support out.

A claim whose shown text is no longer the claim (the gate put the quotation in its place) counts as `partly`: the claim
itself was not passed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.types import OWNER, Chunk, Claim, DocumentInfo, Draft, DraftClaim, DraftQuote, Passage, Question, freeze
from assay.verify import verify

MEASURED_AT = "1970-01-01T00:00:00+00:00"


def passages_of(record: Mapping[str, Any]) -> list[Passage]:
    """The record's passages as the system would hand them on: one chunk a document, in order."""
    found = []
    for number, item in enumerate(record["passages"], 1):
        text = item["text"]
        chunk = Chunk(item["document_id"], 0, 0, len(text), text, id=number)
        info = DocumentInfo(
            id=item["document_id"],
            title=item.get("title", ""),
            source=item["document_id"],
            format="text",
            version=1,
            content_hash="",
            characters=len(text),
            chunks=1,
            added_at=MEASURED_AT,
            metadata=freeze(item.get("metadata", {})),
        )
        found.append(Passage(chunk, info, rank=number, score=1.0 / number))
    return found


def verdict_of(record: Mapping[str, Any], threshold: float) -> tuple[str, float] | None:
    """What the verifier says of one record; None where it gives no verdict on its only claim."""
    quotes = tuple(DraftQuote(item["passage"], item["quote"]) for item in record["quotes"])
    draft = Draft((DraftClaim(record["claim"], quotes),), writer="benchmark")
    question = Question(record.get("question") or record["claim"], OWNER, threshold=threshold)
    texts = {item["document_id"]: item["text"] for item in record["passages"]}
    outcome = verify(question, draft, passages_of(record), texts.get, threshold=threshold)
    claims: tuple[Claim, ...] = (*outcome.claims, *outcome.dropped)
    if not claims:
        return None
    claim = claims[0]
    if claim.verdict == "supported" and _plain(claim.text) != _plain(record["claim"]):
        return "partly", claim.support
    return claim.verdict, claim.support


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(". ").casefold()
