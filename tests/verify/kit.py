"""Small documents and passages for tests of verification."""

from __future__ import annotations

from collections.abc import Sequence

from assay.types import OWNER, Chunk, Claim, DocumentInfo, DraftClaim, DraftQuote, FrozenDict, Passage, Question
from assay.verify import verify_claim


def question(text: str = "What does it say?") -> Question:
    """A question of the owner's."""
    return Question(text=text, principal=OWNER)


def passage(
    text: str,
    *,
    name: str = "doc",
    title: str = "A document",
    start: int = 0,
    end: int | None = None,
    breadcrumb: tuple[str, ...] = (),
    **metadata: object,
) -> Passage:
    """A passage over text[start:end] of a document."""
    stop = len(text) if end is None else end
    info = DocumentInfo(
        id=name,
        title=title,
        source=f"{name}.txt",
        format="text",
        version=1,
        content_hash="",
        characters=len(text),
        chunks=1,
        added_at="",
        metadata=FrozenDict(metadata),
    )
    chunk = Chunk(
        document_id=name, ordinal=0, start=start, end=stop, text=text[start:stop], breadcrumb=breadcrumb, id=7
    )
    return Passage(chunk=chunk, document=info, rank=1, score=1.0)


def check(
    claim: str, quote: str, text: str, *others: tuple[Passage, str], asked: str = "What does it say?", cited: int = 1
) -> Claim:
    """The claim verified against a document of this text, and the further ones given."""
    first = passage(text)
    texts = {first.document.id: text} | {other.document.id: stored for other, stored in others}
    passages: Sequence[Passage] = [first, *(other for other, _ in others)]
    draft = DraftClaim(claim, (DraftQuote(cited, quote),))
    return verify_claim(question(asked), draft, passages, texts.get)


def failed(claim: Claim) -> dict[str, str]:
    """The failed checks of a claim, but for the one on the question, with their reasons."""
    return {item.name: item.reason for item in claim.checks if not item.passed and item.name != "about"}
