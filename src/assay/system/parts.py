"""The parts of a system, opened from its configuration when they are first needed, and closed together."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from assay.confidence.judge import Judge
from assay.confidence.model import model_for
from assay.config import RAGConfig
from assay.errors import ConfigError
from assay.plugins import extra
from assay.retrieve.ranking import Weights
from assay.retrieve.retriever import Retriever, RetrieverSettings
from assay.system.checking import Verifier
from assay.system.clock import SystemClock
from assay.system.results import referenced
from assay.textual.fields import filter_fields
from assay.textual.interaction import Interaction, Place, embedded, has_tokens, packed
from assay.textual.offsets import locator_of, origin_spans
from assay.textual.tokens import TOKENISER_VERSION
from assay.types import (
    OWNER,
    Appraisal,
    Claim,
    DocumentInfo,
    Draft,
    DraftClaim,
    Matrix,
    OriginSegment,
    Passage,
    Principal,
    Question,
    RemovalReceipt,
    TokenVectors,
    Vector,
)

if TYPE_CHECKING:
    from assay.models.language import LanguageModel
    from assay.ports import Clock, DomainPack, Embedder, Library, Writer
    from assay.store.keeper import Store
    from assay.store.library import CatalogueLibrary
    from assay.system.ingesting import Ingestor


_ORIGINS = 512
_SAMPLE = 200
_STORED, _EMBEDDED = 40, 12
"""Sentences whose nearness the extractive writer asks for: an embedded one costs about a millisecond of the model."""
_ASKED = 16
_EMBEDDED_TOGETHER = 512
APPRAISED_CHARACTERS = 200_000
"""How much of a document's text a pack is shown when it appraises."""
BUILT_IN_FIELDS = frozenset({"source_file", "format", "title"})


class Parts:
    """Store, models, retriever and writer of one system. Safe to share between threads that ask questions."""

    def __init__(
        self,
        config: RAGConfig,
        pack: DomainPack,
        *,
        embedder: Embedder | None = None,
        writer: Writer | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.config = config
        self.pack = pack
        self.clock = clock or SystemClock()
        self._given_embedder = embedder
        self._embedder = embedder
        self._writer = writer
        self._store: Store | None = None
        self._retriever: Retriever | None = None
        self._judge: Judge | None = None
        self._gate = threading.RLock()
        self._closers: list[Callable[[], None]] = []
        self._loading: Future[Embedder] | None = None
        self._asked: dict[str, tuple[Vector, TokenVectors | None]] = {}
        self._origins: dict[tuple[str, int], tuple[OriginSegment, ...]] = {}

    # --- parts ----------------------------------------------------------------------------------------------------

    @property
    def store(self) -> Store:
        """The store; StoreNotFound where there is none."""
        return self.open_store(create=False)

    def open_store(self, *, create: bool) -> Store:
        """The store, made first where there is none and `create` is set."""
        with self._gate:
            if self._store is None:
                from assay.store.keeper import Store

                settings = self.config.store
                # A store is made for one embedder; an existing one is compared when the embedder is needed.
                expected = _expected(self.embedder) if create or self._embedder else None
                self._store = Store.open(
                    settings.path,
                    mode=settings.mode,
                    create=create,
                    expect=expected,
                    idle_seconds=settings.idle_seconds,
                )
            return self._store

    @property
    def embedder(self) -> Embedder:
        """The embedder, loaded when it is first used; ModelMissing says how to install the local one."""
        with self._gate:
            if self._embedder is None:
                loading, self._loading = self._loading, None
                self._embedder = loading.result() if loading else open_embedder(self.config)
                self._closers.append(self._embedder.close)
            return self._embedder

    def begin(self) -> None:
        """Load the embedder in a thread, beside whatever comes next (opening the store); `embedder` waits for it."""
        with self._gate:
            if self._embedder is None and self._loading is None:
                pool = ThreadPoolExecutor(1, "embedder")
                self._loading = pool.submit(open_embedder, self.config)
                pool.shutdown(wait=False)

    @property
    def retriever(self) -> Retriever:
        """The retriever over store and embedder; ManifestMismatch where the index was built with another embedder."""
        with self._gate:
            if self._retriever is None:
                store, embedder = self.store, self.embedder
                store.agree(_expected(embedder))
                self._retriever = Retriever(store.catalogue, store.index, self._embed, self._retrieval_settings())
            return self._retriever

    @property
    def judge(self) -> Judge:
        """What states relevance and confidence, with the model of this library's embedder and domain, if there is."""
        with self._gate:
            if self._judge is None:
                settings = self.config
                self._judge = Judge(model_for(self.embedder.fingerprint, settings.domain, settings.store.path))
            return self._judge

    @judge.setter
    def judge(self, judge: Judge) -> None:
        self._judge = judge

    @property
    def writer(self) -> Writer:
        """The writer of the configuration: a language model where one is set, else the extractive one."""
        with self._gate:
            if self._writer is None:
                self._writer = self._open_writer()
            return self._writer

    def _retrieval_settings(self) -> RetrieverSettings:
        settings = self.config.retrieval
        return RetrieverSettings(
            depth=settings.depth,
            weights=Weights(settings.bm25_weight, settings.cosine_weight, settings.late_weight),
            route=settings.route,
            floor=settings.off_topic_floor,
            fingerprint=self.embedder.fingerprint,
        )

    def _embed(self, text: str) -> tuple[Vector, TokenVectors | None]:
        """A question's vector and word pieces; those of the last questions are kept, since writing asks again."""
        with self._gate:
            known = self._asked.get(text)
        if known is None:
            vectors, pieces = embedded(self.embedder, [text])
            known = vectors[0], pieces[0] if pieces else None
            with self._gate:
                while len(self._asked) >= _ASKED:
                    del self._asked[next(iter(self._asked))]
                self._asked[text] = known
        return known

    def warm(self) -> None:
        """Load everything that a question needs, and run the model at the usual lengths of questions."""
        self.begin()
        retriever, _, _ = self.retriever, self.judge, self.writer
        run = getattr(self.embedder, "warm", None)
        if run is not None:
            run()
        retriever.warm()

    def similarity(self, asked: Question, passages: Sequence[Passage], places: Sequence[Place]) -> list[float]:
        """How near each place (a passage, a start and an end in it) is to the question: by the stored token vectors at
        no model's cost, or by embedding it where there are none."""
        if not places:
            return []
        vector, pieces = self._embed(asked.text)
        if pieces is not None:
            stored = self.retriever.pieces.again([p.chunk.id for p in passages], asked.principal)
            if stored:
                near = Interaction(pieces, [stored.get(p.chunk.id, b"") for p in passages])
                return [near.stretch(*place) for place in places]
        vectors = self.embedder.embed([passages[at].chunk.text[start:end] for at, start, end in places])
        return [float(value) for value in vectors @ vector]

    def _open_writer(self) -> Writer:
        from assay.answer.extractive import ExtractiveWriter

        settings = self.config.answer
        if settings.writer == "extractive" or (settings.writer == "auto" and not self.config.models.language_model):
            return ExtractiveWriter(
                max_claims=settings.max_claims,
                similarity=self.similarity,
                similarity_limit=_STORED if has_tokens(self.embedder) else _EMBEDDED,
            )
        if settings.writer not in ("auto", "model"):
            plugged: Writer = extra("writers", settings.writer)
            return plugged
        from assay.answer.model import ModelWriter

        model = open_language_model(self.config)
        self._closers.append(model.close)
        return ModelWriter(model, timeout=self.config.models.timeout_seconds, max_claims=settings.max_claims)

    # --- documents ------------------------------------------------------------------------------------------------

    def ingestor(self) -> Ingestor:
        """What takes documents in; makes the store where there is none."""
        from assay.system.ingesting import Ingestor

        embedder = self.embedder
        store = self.open_store(create=True)
        store.agree(_expected(embedder))
        return Ingestor(self.config, self.pack, store, embedder)

    def remove(self, document_ids: Sequence[str], erase: bool) -> list[RemovalReceipt]:
        """Remove documents; with `erase` rewrite catalogue and index, and say in the receipts what was probed."""
        store = self.store
        receipts = store.catalogue.remove(document_ids)
        store.deliver()
        store.flush()
        if erase:
            store.compact(erase=True)
            with self._gate:
                # An index held in this process is another object after compaction.
                self._retriever = None
        done = [store.catalogue.receipts(receipt.document_id, limit=1) for receipt in receipts]
        return [newest[0] for newest in done]

    def filter_fields(self, asked: object, principal: Principal) -> frozenset[str] | None:
        """The fields among those of `asked` that this caller can filter on; with one that is unknown, a sample of
        what there is besides, for the message. What the caller may not read is not counted."""
        if not isinstance(asked, Mapping):
            return None
        catalogue = self.store.catalogue
        known = {str(n) for n in asked if n in BUILT_IN_FIELDS or catalogue.has_field(str(n), principal)}
        if len(known) < len(asked):
            sample = catalogue.documents(principal, limit=_SAMPLE)
            known |= {name for info in sample for name in filter_fields(info.metadata)}
        return frozenset(known)

    def rebuild(self) -> list[str]:
        """A new index generation with today's settings, embedded anew where the embedder has changed; what was done."""
        from assay.store.keeper import Store

        self.close()
        wanted, settings, done = _expected(self.embedder), self.config.store, []
        with Store.open(settings.path, mode=settings.mode, tolerant=True) as store:
            told = store.catalogue.manifest()
            if any(told.get(name) != wanted[name] for name in ("fingerprint", "dimensions")):
                count = store.catalogue.replace_vectors(self._embedded(store), **wanted)
                done.append(f"embedded {count:,} texts anew with {wanted['fingerprint']}")
            done.append(f"built index generation {store.rebuild(manifest=wanted)}")
        return done

    def _embedded(self, store: Store) -> Iterator[tuple[list[int], Matrix, list[bytes]]]:
        texts = store.catalogue.texts_to_embed()
        while batch := list(itertools.islice(texts, _EMBEDDED_TOGETHER)):
            vectors, pieces = embedded(self.embedder, [text for _, text, _ in batch])
            packs = [packed(found, lead) for found, (_, _, lead) in zip(pieces, batch, strict=False)]
            yield [key for key, _, _ in batch], vectors, packs

    # --- answers --------------------------------------------------------------------------------------------------

    def write(
        self,
        asked: Question,
        passages: Sequence[Passage],
        instructions: str,
        on_draft: Callable[[DraftClaim], None] | None,
    ) -> Draft:
        """The writer's draft; `on_draft` is told each drafted claim as it comes."""
        if on_draft is None:
            return self.writer.write(asked, passages, instructions)
        return self.writer.stream(asked, passages, instructions, on_draft)

    def verifier(self, asked: Question, passages: Sequence[Passage], library: Library) -> Verifier:
        """Checks drafts against the stored texts that this principal may read."""
        return Verifier(asked, passages, library.text)

    def library(self, principal: Principal) -> CatalogueLibrary:
        """What the pack may see for this caller, for the time of one question."""
        from assay.store.library import CatalogueLibrary

        return CatalogueLibrary(self.store.catalogue, principal)

    def appraise(
        self, documents: Sequence[DocumentInfo], library: CatalogueLibrary, pack: DomainPack | None = None
    ) -> dict[str, Appraisal]:
        """The five answers of a pack (the system's own where none is given) about each document, by id."""
        now, asked = self.clock.now(), pack or self.pack
        library.read([info.id for info in documents])
        return {
            info.id: asked.appraise(info, (library.text(info.id) or "")[:APPRAISED_CHARACTERS], now, library)
            for info in documents
        }

    def referenced(
        self, claims: Sequence[Claim], appraisals: Mapping[str, Appraisal], library: CatalogueLibrary
    ) -> tuple[Claim, ...]:
        """The claims with reference and locator of each citation filled in."""

        def locate(document_id: str, start: int, end: int) -> str:
            return locator_of(library.origin(document_id), start, end)

        return referenced(claims, appraisals, locate)

    def origin_span(self, document_id: str, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the original; the span itself where it has no origin of its own."""
        spans = origin_spans(self._origin(document_id), start, end)
        return (min(span.start for span in spans), max(span.end for span in spans)) if spans else (start, end)

    def _origin(self, document_id: str) -> tuple[OriginSegment, ...]:
        info = self.store.catalogue.find(document_id)
        key = (document_id, info.version if info else 0)
        if key not in self._origins:
            if len(self._origins) >= _ORIGINS:
                self._origins.clear()
            self._origins[key] = self.library(OWNER).origin(document_id)
        return self._origins[key]

    def close(self) -> None:
        """Close what was opened; calling it twice is harmless."""
        with self._gate:
            loading, self._loading = self._loading, None
            if loading is not None and loading.exception() is None:
                loading.result().close()
            for close in reversed(self._closers):
                close()
            self._closers.clear()
            if self._store is not None:
                self._store.close()
            self._store = self._retriever = self._judge = None
            self._asked.clear()
            self._embedder = self._given_embedder


def _expected(embedder: Embedder) -> dict[str, Any]:
    return {"fingerprint": embedder.fingerprint, "dimensions": embedder.dimensions, "tokeniser": TOKENISER_VERSION}


def open_embedder(config: RAGConfig) -> Embedder:
    """The configured embedder: a shipped one, or a plug-in's by name."""
    from assay.models.opening import open_embedder as shipped

    settings = config.models
    known = settings.embedder in ("local", "hashing") or ":" in settings.embedder
    if not known:
        plugged: Embedder = extra("embedders", settings.embedder)
        return plugged
    return shipped(
        settings.embedder,
        dimensions=settings.embedder_dimensions,
        api_key_env=settings.embedder_key_env,
        engine=settings.engine,
        precision=settings.precision,
        threads=settings.threads,
        timeout=settings.timeout_seconds,
        retries=settings.retries,
    )


def open_language_model(config: RAGConfig) -> LanguageModel:
    """The configured language model, with its fallback behind it."""
    from assay.models.opening import open_language_model as shipped

    settings = config.models
    if not settings.language_model:
        raise ConfigError("no language model is set", next="set models.language_model, or answer.writer = extractive")
    return shipped(
        settings.language_model,
        fallback=settings.fallback_model,
        base_url=settings.base_url,
        api_key_env=settings.api_key_env,
        timeout=settings.timeout_seconds,
        retries=settings.retries,
    )
