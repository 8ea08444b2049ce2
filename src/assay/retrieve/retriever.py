"""Question to passages. Filters go into the index query; the catalogue decides again what this caller may read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.ports import Catalogue, Index
from assay.retrieve.floor import READ, Floor
from assay.retrieve.pieces import Pieces
from assay.retrieve.ranking import Scored, Weights, best, rank, with_priors
from assay.retrieve.routing import Named, best_documents, confirmed, named_document
from assay.textual.interaction import Interaction
from assay.textual.tokens import HEAD_CHARACTERS, tokens
from assay.types import IndexHit, IndexQuery, Passage, Principal, Question, Retrieval, TokenVectors, Vector, Where

Priors = Callable[[Sequence[Passage]], Sequence[Mapping[str, float]]]
Embed = Callable[[str], tuple[Vector, TokenVectors | None]]
_NAMED_BONUS = 0.5
_NEAREST = 3
_LATE_DEPTH = 20
_MOST_SUGGESTED = 8
_SUGGESTED_DEPTH = 20
_PRIOR_DEPTH = 100
"""Candidates whose passages a pack's priors may raise."""


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
        embed: Embed,
        settings: RetrieverSettings | None = None,
    ) -> None:
        """`embed` gives a question's vector, and its word pieces where the embedder has them."""
        self._catalogue = catalogue
        self._index = index
        self._embed = embed
        self.settings = settings or RetrieverSettings()
        self.pieces = Pieces(catalogue)
        told = self.settings
        self._floor = Floor(told.fingerprint, told.floor, lambda text: embed(text)[0], catalogue, index)

    def warm(self) -> None:
        """Look at the library's off-topic level now, which the first question would otherwise wait for."""
        self._floor.warm()

    def retrieve(
        self, question: Question, where: Where, priors: Priors | None = None, suggested: Sequence[str] = ()
    ) -> Retrieval:
        """The `question.k` best passages. `where` carries access and scope; `priors` are the pack's addends, and
        documents that it `suggested` are candidates whatever the index thinks of them."""
        named = named_document(question.text) if self.settings.route else None
        routed = self._route(named, where, question.principal) if named else ()
        text = question.text
        if named and named.outright and routed:
            where, text = replace(where, document_ids=routed), named.rest
        depth = max(self.settings.depth, question.k)
        vector, pieces = self._embed(text)
        query = IndexQuery(where, tuple(tokens(text)), vector, depth)
        hits = self._index.search(query)
        if suggested:
            hits = [*hits, *self._more(query, suggested, {hit.id for hit in hits})]
        late = self._late(hits, pieces, question.principal)
        raised = routed if named and not named.outright else ()
        most = max(question.k, _PRIOR_DEPTH) if priors else question.k
        passages = self._best(hits, late, raised, question.principal, most)
        if priors is not None:
            # Always as many, so that asking for more passages does not rank the first ones otherwise.
            addends = [*priors(passages[:_PRIOR_DEPTH]), *({} for _ in passages[_PRIOR_DEPTH:])]
            passages = _prioritised(passages, addends, question.k)
        return self._judged(question.text, passages, hits, routed, where)

    def _more(self, query: IndexQuery, documents: Sequence[str], known: set[int]) -> list[IndexHit]:
        """The best of these documents, as far as the query's scope has them, without the `known` ones."""
        scope = query.where.document_ids
        wanted = tuple(dict.fromkeys(name for name in documents if scope is None or name in scope))[:_MOST_SUGGESTED]
        if not wanted:
            return []
        where = replace(query.where, document_ids=wanted)
        found = self._index.search(replace(query, where=where, depth=_SUGGESTED_DEPTH))
        return [hit for hit in found if hit.id not in known]

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

    def _late(
        self, hits: Sequence[IndexHit], pieces: TokenVectors | None, principal: Principal
    ) -> Mapping[int, float] | None:
        """Late interaction of the question with the best candidates, by id; None where there are no token vectors."""
        if pieces is None or not self.settings.weights.late:
            return None
        stored = self.pieces.read(best(hits, self.settings.weights, _LATE_DEPTH, self._among(hits)), principal)
        return dict(zip(stored, Interaction(pieces, list(stored.values())).whole(), strict=True)) if stored else None

    def _best(
        self,
        hits: Sequence[IndexHit],
        late: Mapping[int, float] | None,
        raised: Sequence[str],
        principal: Principal,
        most: int,
    ) -> list[Passage]:
        """The `most` best that the catalogue serves, those of the documents `raised` raised. More than `most` are only
        explained where it withholds some."""
        among = self._among(hits)
        if not raised:
            passages = self._served(rank(hits, self.settings.weights, late, most, among), principal, most)
            if len(passages) >= min(most, len(hits)):
                return passages
        ranked = rank(hits, self.settings.weights, late, depth=among)
        return self._served(_raise_named(ranked, raised) if raised else ranked, principal, most)

    def _among(self, hits: Sequence[IndexHit]) -> int | None:
        """How many of each leg the signals are scaled among, where the legs are longer than usual."""
        return self.settings.depth if len(hits) > 2 * self.settings.depth else None

    def _served(self, ranked: Sequence[Scored], principal: Principal, most: int) -> list[Passage]:
        passages: list[Passage] = []
        for start in range(0, len(ranked), most):
            part = ranked[start : start + most]
            rows = self._catalogue.chunks([item.hit.id for item in part], principal)
            for item in part:
                row = rows.get(item.hit.id)
                if row is not None:
                    passages.append(Passage(row[0], row[1], len(passages) + 1, item.score, item.signals))
                    if len(passages) == most:
                        return passages
        return passages

    def _judged(
        self, text: str, passages: list[Passage], hits: Sequence[IndexHit], routed: tuple[str, ...], where: Where
    ) -> Retrieval:
        if not passages:
            return Retrieval((), False, "nothing that you may read passes the filters", routed, (), len(hits))
        nearest = max((hit.cosine or 0.0 for hit in hits), default=0.0)
        texts = ["\n".join((p.document.title, *p.chunk.breadcrumb, p.chunk.text)) for p in passages[:READ]]
        named = True, "the question names the document"
        good, reason = named if routed else self._floor.admits(text, nearest, texts, where)
        if good:
            return Retrieval(tuple(passages), True, reason, routed, (), len(hits))
        return Retrieval((), False, reason, routed, tuple(passages[:_NEAREST]), len(hits))


def _raise_named(ranked: Sequence[Scored], routed: Sequence[str]) -> list[Scored]:
    names = set(routed)
    priors = [{"named": _NAMED_BONUS} if item.hit.document_id in names else {} for item in ranked]
    return with_priors(ranked, priors, {"named": "the question names this document"})


def _prioritised(passages: Sequence[Passage], priors: Sequence[Mapping[str, float]], most: int) -> list[Passage]:
    if not any(priors):
        return list(passages[:most])
    scored = [Scored(IndexHit(n, p.document.id, None, None), p.score, p.signals) for n, p in enumerate(passages)]
    again = with_priors(scored, priors)
    return [
        replace(passages[item.hit.id], rank=rank_, score=item.score, signals=item.signals)
        for rank_, item in enumerate(again[:most], 1)
    ]
