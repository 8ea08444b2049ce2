"""ProductionRAGSystem: ingest documents, ask questions, get verified answers.

A value travels one way: ingest -> store -> retrieve -> answer -> verify. Nothing heavy is loaded before it is needed:
listing documents opens no model.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assay.config import RAGConfig
from assay.errors import AssayError, NotFound
from assay.guard.access import admit, where
from assay.guard.questions import admit_filters, admit_k, admit_question, admit_threshold, without_persons
from assay.plugins import domain_pack
from assay.system.consulting import Consultation, consult
from assay.system.laps import Laps
from assay.system.parts import Parts
from assay.system.results import best_passages, nearest_of, nothing, sources_of, stopped, success, warnings_of
from assay.types import (
    AccessList,
    Appraisal,
    Claim,
    Document,
    DocumentInfo,
    IngestReport,
    ItemReport,
    Passage,
    Principal,
    QueryResult,
    Question,
    RemovalReceipt,
    Retrieval,
)

if TYPE_CHECKING:
    from assay.ingest.progress import Observer
    from assay.ports import Clock, DomainPack, Embedder, Writer

OnClaim = Callable[[Claim], None]


class ProductionRAGSystem:
    """Questions over your own documents; every sentence of an answer carries a checked citation.

    `config`: a RAGConfig, a mapping of its sections, or None for what file and environment say. A subclass may set
    `domain`, `prompt_template` (with {context} and {question}) and `quality_threshold`.
    """

    domain: str = ""
    prompt_template: Any = ""
    quality_threshold: float | None = None

    def __init__(
        self,
        config: RAGConfig | Mapping[str, Any] | None = None,
        *,
        pack: DomainPack | None = None,
        embedder: Embedder | None = None,
        writer: Writer | None = None,
        clock: Clock | None = None,
        local: bool = True,
    ) -> None:
        self.config = _config(config, self.domain)
        self.pack = pack or domain_pack(self.config.domain)
        self.local = local
        self._parts = Parts(self.config, self.pack, embedder=embedder, writer=writer, clock=clock)

    # --- documents ---------------------------------------------------------------------------------------------

    def ingest(
        self,
        paths_or_documents: str | Path | Document | Iterable[str | Path | Document | Mapping[str, Any]],
        *,
        access: AccessList | None = None,
        metadata: Mapping[str, Any] | None = None,
        metadata_of: Mapping[str, Mapping[str, Any]] | Mapping[Path, Mapping[str, Any]] | None = None,
        observer: Observer | None = None,
    ) -> IngestReport:
        """Add files, folders, globs or documents; returns what became of each.

        `access` is for documents that name no readers of their own; `metadata` (and `metadata_of`, by path) is put
        under what each file says of itself. A file that cannot be read is in the report; InputError, StoreError and
        ModelError are raised.
        """
        self._prepare()
        return self._parts.ingestor().take(paths_or_documents, access, observer, metadata, metadata_of)

    def resume(self, *, observer: Observer | None = None) -> IngestReport:
        """Go on with ingestion jobs that were interrupted."""
        self._prepare()
        return self._parts.ingestor().resume(observer)

    def failures(self, limit: int = 1000) -> list[ItemReport]:
        """Files that could not be taken in, with reasons, the newest first."""
        return self._parts.store.ledger.dead_letters(limit)

    def documents(
        self, principal: Principal | None = None, *, matching: str = "", limit: int | None = None, offset: int = 0
    ) -> list[DocumentInfo]:
        """The documents that this principal may read."""
        who = admit(principal, local=self.local)
        return self._parts.store.catalogue.documents(who, matching=matching, limit=limit, offset=offset)

    def document(self, document_id: str, principal: Principal | None = None) -> tuple[DocumentInfo, str]:
        """A document's particulars and text; NotFound where it is not there or not for this principal."""
        who = admit(principal, local=self.local)
        catalogue = self._parts.store.catalogue
        text = catalogue.text(document_id, who)
        info = catalogue.find(document_id)
        if text is None or info is None:
            raise NotFound(f"there is no document {document_id!r} that you may read", next="see: assay list")
        return info, text

    def holds(self, document_id: str) -> bool:
        """True if the library has this document (whoever asks)."""
        return self._parts.store.catalogue.find(document_id) is not None

    def count_documents(self) -> int:
        """How many documents the library has."""
        return self._parts.store.catalogue.count_documents()

    def appraise(self, document_id: str, principal: Principal | None = None) -> Appraisal:
        """The pack's five answers about a document."""
        info, _ = self.document(document_id, principal)
        library = self._parts.library(admit(principal, local=self.local))
        return self._parts.appraise([info], library)[info.id]

    def origin_span(self, document_id: str, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] of a document stands in its original, for the owner's own measurements."""
        return self._parts.origin_span(document_id, start, end)

    def resolve(self, question: str, history: Sequence[str]) -> tuple[str, str]:
        """A follow-up completed from the questions before it, and a note on what was assumed."""
        from assay.answer.chat import resolve

        return resolve(question, history)

    def remove(self, document_ids: Sequence[str], *, erase: bool = False) -> list[RemovalReceipt]:
        """Remove documents. With `erase` the store is compacted, so that no file of it holds their text any more."""
        return self._parts.remove(document_ids, erase)

    def warm(self) -> None:
        """For a process that will answer many questions: open the library and load the models now, not at the first.

        What has been loaded by then is taken out of Python's garbage collection (`gc.freeze`), whose passes over it
        cost a tenth of a question; what this process made before and lets go of only later is then not collected.
        """
        self._parts.warm()
        gc.collect()
        gc.freeze()

    # --- questions ---------------------------------------------------------------------------------------------

    def search(
        self,
        question: str,
        filters: Mapping[str, Any] | None = None,
        k: int | None = None,
        principal: Principal | None = None,
    ) -> Retrieval:
        """The passages for a question, each with its score explained. Raises InputError, AccessDenied, StoreError."""
        self._prepare()
        asked = self._admitted(question, filters, k, None, principal)
        return self._retrieve(self._consultation(asked))

    def process_query(
        self,
        question: str,
        filters: Mapping[str, Any] | None = None,
        k: int | None = None,
        score_threshold: float | None = None,
        principal: Principal | None = None,
        *,
        on_claim: OnClaim | None = None,
    ) -> QueryResult:
        """A verified answer. Never raises on bad input: `status` is then `error` and `message` says what to change.

        `score_threshold` (0 to 1) is the least support a claim must have to be shown. `on_claim` is called with each
        claim after it was checked and only if it will be shown. `processing_time` is in seconds.
        """
        return self._query(question, filters, k, score_threshold, principal, on_claim=on_claim)

    def _query(
        self,
        question: str,
        filters: Mapping[str, Any] | None = None,
        k: int | None = None,
        threshold: float | None = None,
        principal: Principal | None = None,
        *,
        on_claim: OnClaim | None = None,
        pack: DomainPack | None = None,
    ) -> QueryResult:
        """`process_query`, with another pack for this one question where one is given."""
        started = time.perf_counter()
        try:
            self._prepare()
            self._parts.begin()
            asked = self._admitted(question, filters, k, threshold, principal)
            result = self._answered(self._consultation(asked, pack), on_claim)
        except AssayError as error:
            result = QueryResult("error", question if isinstance(question, str) else "", str(error), message=str(error))
            result["error"] = error.code
        result.processing_time = time.perf_counter() - started
        result.disclaimer = self.pack.disclaimer
        return result

    # --- life ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Let go of store and models; calling it twice is harmless."""
        self._parts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- one answer, step by step -------------------------------------------------------------------------------

    def _admitted(
        self,
        question: str,
        filters: Mapping[str, Any] | None,
        k: int | None,
        threshold: float | None,
        principal: Principal | None,
    ) -> Question:
        settings = self.config.answer
        who = admit(principal, local=self.local)
        text, notes = admit_question(question, shortest=settings.min_question, longest=settings.max_question)
        if settings.redact == "always" or (settings.redact == "auto" and self.config.domain == "medical"):
            text, taken = without_persons(text)
            notes = (*notes, *taken)
        return Question(
            text=text,
            principal=who,
            filters=admit_filters(filters, self._parts.filter_fields(filters, who) if filters else None),
            k=admit_k(k, self.config.retrieval.k),
            threshold=admit_threshold(threshold, self._threshold()),
            notes=notes,
        )

    def _threshold(self) -> float:
        if self.quality_threshold is not None:
            return self.quality_threshold
        if self.config.origin("answer.quality_threshold") != "default":
            return self.config.answer.quality_threshold
        settings: Mapping[str, Any] = getattr(self.pack, "settings", {})
        return float(settings.get("quality_threshold", self.config.answer.quality_threshold))

    def _prepare(self) -> None:
        """Called before every question and before documents are taken in: a subclass updates its pack here."""

    def _use_pack(self, pack: DomainPack) -> None:
        """Answer with this pack from now on; documents that are in the library stay as they were read."""
        self.pack = self._parts.pack = pack

    def _consultation(self, asked: Question, pack: DomainPack | None = None) -> Consultation:
        return consult(pack or self.pack, asked, self._parts)

    def _retrieve(self, consulted: Consultation) -> Retrieval:
        asked = consulted.asked
        scope = where(asked.principal, asked.filters)
        priors = consulted.priors if consulted.ranks else None
        found = self._parts.retriever.retrieve(asked, scope, priors, consulted.suggested)
        return self._parts.judge.with_relevance(asked.text, found)

    def _answered(self, consulted: Consultation, on_claim: OnClaim | None) -> QueryResult:
        if consulted.stop:
            return consulted.finish(stopped(consulted.asked, consulted.stop))
        laps = Laps()
        retrieval = self._retrieve(consulted)
        laps.mark("retrieve")
        passages = retrieval.passages if retrieval.on_topic else retrieval.nearest
        appraisals = self._appraised(passages, consulted)
        laps.mark("appraise")
        if not retrieval.on_topic:
            result = nothing("no_results", consulted.asked, nearest_of(passages, appraisals), retrieval.reason)
        else:
            result = self._checked(consulted, passages, appraisals, on_claim, laps)
        result.warnings = tuple(dict.fromkeys((*consulted.notes, *result.warnings)))
        finished = consulted.finish(result)
        laps.mark("finish")
        finished.timings = laps.taken()
        return finished

    def _checked(
        self,
        consulted: Consultation,
        found: Sequence[Passage],
        appraisals: Mapping[str, Appraisal],
        on_claim: OnClaim | None,
        laps: Laps,
    ) -> QueryResult:
        from assay.answer.compose import compose

        asked = consulted.asked
        passages, barred = consulted.admitted(found, appraisals)
        if not passages:
            nearest = nearest_of(found, appraisals)
            result = nothing("insufficient_evidence", asked, nearest, "; ".join(barred))
            result.warnings = (*asked.notes, *barred)
            return result
        verifier = self._parts.verifier(asked, passages, consulted.library)
        draft = self._parts.write(
            asked,
            passages,
            self.prompt_template or getattr(self.pack, "prompt_template", ""),
            verifier.relay(on_claim) if on_claim else None,
        )
        laps.mark("write")
        verified = verifier.verify(draft)
        laps.mark("verify")
        if not verified.claims:
            reason = draft.refusal or verified.reason
            result = nothing("insufficient_evidence", asked, nearest_of(passages, appraisals), reason, verified.dropped)
        else:
            claims = self._parts.referenced(verified.claims, appraisals, consulted.library)
            sources = sources_of(claims, passages, appraisals)
            result = success(asked, claims, verified.dropped, sources, compose(claims))
            result.confidence = self._parts.judge.confidence_of(asked.text, passages, verified)
        result.warnings = (*asked.notes, *draft.notes, *barred, *warnings_of(result.sources))
        result.writer, result.usage = draft.writer, draft.usage
        return result

    def _appraised(self, passages: Sequence[Passage], consulted: Consultation) -> dict[str, Appraisal]:
        documents = [passage.document for passage in best_passages(passages).values()]
        return self._parts.appraise(documents, consulted.library, consulted.pack)


def _config(config: RAGConfig | Mapping[str, Any] | None, domain: str) -> RAGConfig:
    if isinstance(config, RAGConfig):
        return (
            config.model_copy(update={"domain": domain}) if domain and config.origin("domain") == "default" else config
        )
    given = dict(config or {})
    if domain:
        given.setdefault("domain", domain)
    return RAGConfig.load(**given)
