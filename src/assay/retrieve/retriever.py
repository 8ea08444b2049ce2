"""Question to passages. Filters go into the index query; the catalogue decides again what this caller may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.ports import Catalogue, Index
from assay.retrieve.floor import floor_for, on_topic
from assay.retrieve.ranking import Scored, Weights, rank, with_priors
from assay.retrieve.routing import Named, best_documents, confirmed, named_document
from assay.textual.tokens import HEAD_CHARACTERS, tokens
from assay.types import IndexHit, IndexQuery, Passage, Principal, Question, Retrieval, Vector, Where

Priors = Callable[[Sequence[Passage]], Sequence[Mapping[str, float]]]
_NAMED_BONUS = 0.5
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class RetrieverSettings:
    """How the retriever works; see the retrieval section of the configuration."""

    depth: int = 100
    weights: Weights = Weights()
    route: bool = True
    floor: float = 0.0
    fingerprint: str = ""


class Retriever:
    """Finds passages for questions over one catalogue and index."""

    def __init__(
        self,
        catalogue: Catalogue,
        index: Index,
        embed: Callable[[str], Vector],
        settings: RetrieverSettings | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._index = index
        self._embed = embed
        self.settings = settings or RetrieverSettings()

    def retrieve(self, question: Question, where: Where, priors: Priors | None = None) -> Retrieval:
        """The `question.k` best passages. `where` carries access and scope; `priors` are the pack's addends."""
        named = named_document(question.text) if self.settings.route else None
        routed = self._route(named, where, question.principal) if named else ()
        text = question.text
        if named and named.outright and routed:
            where, text = replace(where, document_ids=routed), named.rest
        depth = max(self.settings.depth, question.k)
        hits = self._index.search(IndexQuery(where, tuple(tokens(text)), self._embed(text), depth))
        ranked = rank(hits, self.settings.weights)
        if named and not named.outright and routed:
            ranked = _raise_named(ranked, routed)
        passages = self._served(ranked, question.principal, None if priors else question.k)
        if priors is not None:
            passages = _prioritised(passages, priors(passages))[: question.k]
        return self._judged(question.text, passages, hits, routed)

    def _route(self, named: Named, where: Where, principal: Principal) -> tuple[str, ...]:
        heads = self._index.search(IndexQuery(replace(where, kind="document"), tuple(tokens(named.name)), None, 20))
        scores = sorted(((hit.document_id, hit.bm25 or 0.0) for hit in heads), key=lambda pair: (-pair[1], pair[0]))
        return confirmed(named, best_documents(scores), lambda document: self._head(document, principal))

    def _head(self, document_id: str, principal: Principal) -> str:
        info = self._catalogue.find(document_id)
        text = self._catalogue.text(document_id, principal)
        if info is None or text is None:
            return ""
        return "\n".join((info.title, info.source, text[:HEAD_CHARACTERS]))

    def _served(self, ranked: Sequence[Scored], principal: Principal, most: int | None) -> list[Passage]:
        passages: list[Passage] = []
        step = 64 if most is None else max(64, most)
        for start in range(0, len(ranked), step):
            part = ranked[start : start + step]
            rows = self._catalogue.chunks([item.hit.id for item in part], principal)
            for item in part:
                row = rows.get(item.hit.id)
                if row is not None:
                    passages.append(Passage(row[0], row[1], len(passages) + 1, item.score, item.signals))
                    if most is not None and len(passages) == most:
                        return passages
        return passages

    def _judged(
        self, text: str, passages: list[Passage], hits: Sequence[IndexHit], routed: tuple[str, ...]
    ) -> Retrieval:
        if not passages:
            return Retrieval((), False, "nothing that you may read passes the filters", routed, (), len(hits))
        floor = floor_for(self.settings.fingerprint, self.settings.floor)
        best = max((hit.cosine or 0.0 for hit in hits), default=0.0)
        texts = ["\n".join((p.document.title, *p.chunk.breadcrumb, p.chunk.text)) for p in passages[:_NEAREST]]
        good, reason = (True, "the question names the document") if routed else on_topic(text, best, floor, texts)
        if good:
            return Retrieval(tuple(passages), True, reason, routed, (), len(hits))
        return Retrieval((), False, reason, routed, tuple(passages[:_NEAREST]), len(hits))


def _raise_named(ranked: Sequence[Scored], routed: Sequence[str]) -> list[Scored]:
    names = set(routed)
    priors = [{"named": _NAMED_BONUS} if item.hit.document_id in names else {} for item in ranked]
    return with_priors(ranked, priors, {"named": "the question names this document"})


def _prioritised(passages: Sequence[Passage], priors: Sequence[Mapping[str, float]]) -> list[Passage]:
    scored = [Scored(IndexHit(n, p.document.id, None, None), p.score, p.signals) for n, p in enumerate(passages)]
    again = with_priors(scored, priors)
    return [
        replace(passages[item.hit.id], rank=rank_, score=item.score, signals=item.signals)
        for rank_, item in enumerate(again, 1)
    ]
