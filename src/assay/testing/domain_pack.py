"""The contract of a domain pack: the laws of the five answers.

Whether an answer is right, only labelled sources can say.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, ClassVar, get_args

from assay.domains.library import EMPTY_LIBRARY
from assay.errors import ConfigError
from assay.ingest.chunkers import chunker_for
from assay.ports import DomainPack
from assay.testing.contract import Contract, bounded
from assay.testing.documents import prose
from assay.testing.isolation import alone
from assay.testing.passages import document_info, passages_of
from assay.testing.texts import generated_texts, long_texts, nasty_texts
from assay.types import (
    Appraisal,
    Claim,
    Document,
    DocumentInfo,
    Finding,
    Passage,
    QueryResult,
    Source,
    Status,
    freeze,
    plain,
)

AS_OF = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
UNKNOWN = "unknown"
MOST_SUGGESTED = 8
_ODD_VALUES: tuple[Any, ...] = (
    None,
    "",
    " ",
    0,
    -1,
    10**30,
    1.5,
    True,
    [],
    ["x", 3],
    {"a": {"b": []}},
    "x" * 5_000,
    "\x00",
)
_KEYS = """
doc_type kind type scope jurisdiction court language weight authority status later_history status_as_of as_of citation
reference date year version sample title source population setting evidence_level study_design retraction pmid doi
publication_status article_type decided date_filed reporter deprecated since product api peer_reviewed journal
"""


class DomainPackContract(Contract):
    """What `ports.DomainPack` promises. Override `make_pack`; `examples` adds sources of the field, with metadata.

    Every law is tried on the examples, on nasty and generated texts, and on metadata of the wrong types.
    """

    seconds_a_text: ClassVar[float] = 10.0

    def make_pack(self) -> DomainPack:
        """A new pack."""
        raise NotImplementedError("override make_pack")

    def examples(self) -> Sequence[tuple[DocumentInfo, str]]:
        """Sources of the field: what the catalogue tells of them, and their text."""
        return []

    # --- particulars

    def test_the_pack_has_a_name_and_a_strategy_that_exists(self) -> None:
        pack = self.make_pack()
        assert isinstance(pack.name, str) and pack.name.strip(), f"the name is {pack.name!r}"
        try:
            chunker_for(pack.chunk_strategy)
        except ConfigError as error:
            raise AssertionError(f"the chunk strategy does not exist: {error}") from error

    def test_the_disclaimer_never_changes(self) -> None:
        pack = self.make_pack()
        before = pack.disclaimer
        assert isinstance(before, str), f"the disclaimer is {before!r}"
        for info, text in self._sources():
            pack.appraise(info, text, AS_OF, EMPTY_LIBRARY)
        assert pack.disclaimer == before == self.make_pack().disclaimer, f"{before!r} became {pack.disclaimer!r}"

    # --- total

    def test_any_text_can_be_appraised(self) -> None:
        pack = self.make_pack()
        for info, text in self._sources():
            self._lawful(pack.appraise(info, text, AS_OF, EMPTY_LIBRARY), info, text)

    def test_metadata_of_any_type_breaks_nothing(self) -> None:
        pack = self.make_pack()
        for value in _ODD_VALUES:
            info = document_info("odd", metadata=dict.fromkeys(_KEYS.split(), value))
            for text in ("", "The court held in 2019 that the software was licensed.", generated_texts(1, seed=2)[0]):
                self._lawful(pack.appraise(info, text, AS_OF, EMPTY_LIBRARY), info, text)

    def test_a_source_without_title_and_names_breaks_nothing(self) -> None:
        blank = replace(document_info("x", title=""), id="", source="", format="", added_at="", content_hash="")
        self._lawful(self.make_pack().appraise(blank, "Some text.", AS_OF, EMPTY_LIBRARY), blank, "Some text.")

    def test_any_question_can_be_read(self) -> None:
        pack = self.make_pack()
        for text in (*nasty_texts(), *generated_texts(40, seed=9), *self._questions()):
            reading = pack.read_question(text)
            assert isinstance(reading, Mapping), f"read_question({text[:30]!r}) gave {type(reading).__name__}"
            stop = reading.get("stop") or {}
            assert isinstance(stop, Mapping), f"read_question({text[:30]!r}) stops with {stop!r}, not with a mapping"
            assert not stop or stop.get("message"), f"read_question({text[:30]!r}) stops without a message"
            told = json.dumps(plain(dict(reading)))
            assert told, "a reading is plain JSON"

    def test_enriching_adds_and_never_takes_away(self) -> None:
        pack = self.make_pack()
        for document in self._documents():
            enriched = pack.enrich(document)
            assert enriched.text == document.text and enriched.id == document.id, "enrich changed the text or the id"
            assert enriched.access == document.access, "enrich changed who may read"
            for key, value in document.metadata.items():
                assert enriched.metadata.get(key) == value, f"enrich overwrote the document's own {key!r}"
            assert json.dumps(plain(dict(enriched.metadata))), "enriched metadata is plain JSON"
            for block in enriched.blocks:
                assert 0 <= block.start <= block.end <= len(document.text), f"a block {block} lies outside the text"
            assert pack.enrich(document) == enriched, f"{document.id} is enriched otherwise the second time"

    def test_facts_have_evidence_in_the_text(self) -> None:
        pack = self.make_pack()
        for document in self._documents():
            found = pack.facts(pack.enrich(document))
            for fact in found:
                assert fact.kind and fact.key, f"a fact without a kind or a key: {fact}"
                assert 0 <= fact.start < fact.end <= len(document.text), f"a fact without evidence: {fact}"
                assert json.dumps(plain(dict(fact.value))), "the value of a fact is plain JSON"
            assert list(pack.facts(pack.enrich(document))) == list(found), "asked again the pack finds other facts"

    def test_admitting_gives_a_reason_or_nothing(self) -> None:
        pack = self.make_pack()
        for text in self._questions():
            reading = pack.read_question(text)
            for passages in self._passages():
                for passage in passages:
                    info, content = passage.document, passage.chunk.text
                    reason = pack.admit(reading, passage, pack.appraise(info, content, AS_OF, EMPTY_LIBRARY))
                    assert isinstance(reason, str), f"admit gave {reason!r}"

    def test_suggestions_are_a_few_ids_and_always_the_same(self) -> None:
        pack = self.make_pack()
        for text in (*self._questions(), *nasty_texts()):
            reading = pack.read_question(text)
            found = pack.suggest(reading, EMPTY_LIBRARY)
            assert all(isinstance(name, str) and name for name in found), f"suggest gave {found!r}, not ids"
            assert len(found) <= MOST_SUGGESTED, (
                f"suggest gave {len(found)} documents; {MOST_SUGGESTED} are looked into"
            )
            assert list(pack.suggest(reading, EMPTY_LIBRARY)) == list(found), (
                f"{text[:30]!r}: other ids the second time"
            )

    def test_no_text_takes_long(self) -> None:
        pack = self.make_pack()
        for text in (*long_texts(60_000), prose(200_000)):
            with bounded(self.seconds_a_text, f"appraising {len(text):,} characters of {text[:12]!r}"):
                pack.appraise(document_info("long", text), text, AS_OF, EMPTY_LIBRARY)
            with bounded(self.seconds_a_text, f"reading a question of {text[:12]!r}"):
                pack.read_question(text[:8_000])

    # --- the five answers

    def test_the_appraisal_is_the_five_answers(self) -> None:
        pack = self.make_pack()
        for info, text in self._sources():
            appraisal = pack.appraise(info, text, AS_OF, EMPTY_LIBRARY)
            single = {
                "identity": pack.identify(info, text),
                "scope": pack.scope(info, text),
                "weight": pack.weigh(info, text),
                "currency": pack.currency(info, text, AS_OF, EMPTY_LIBRARY),
                "citation": pack.cite(info, text),
            }
            for name, answer in single.items():
                assert appraisal[name] == answer, (
                    f"appraise says {appraisal[name]!r} for {name}, asked alone {answer!r}"
                )

    def test_what_nothing_tells_is_unknown(self) -> None:
        pack = self.make_pack()
        for text in ("", "Lorem ipsum dolor sit amet."):
            appraisal = pack.appraise(document_info("untitled", text, title="Untitled"), text, AS_OF, EMPTY_LIBRARY)
            for name in ("identity", "scope", "weight", "currency"):
                value = appraisal[name].value
                assert value == UNKNOWN, f"of {text!r} without metadata {name} is {value!r}; a guess is not an answer"

    def test_currency_always_has_an_as_of_date(self) -> None:
        pack = self.make_pack()
        for moment in (AS_OF, datetime(1999, 12, 31, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)):
            finding = pack.currency(document_info("x", "Some text."), "Some text.", moment, EMPTY_LIBRARY)
            found = _date(finding.as_of)
            assert found is not None, f"the as-of date {finding.as_of!r} is not an ISO date"
            assert found <= moment.date(), f"currency as of {found} was asked on {moment.date()}"

    # --- sameness

    def test_the_same_source_is_appraised_the_same(self) -> None:
        pack = self.make_pack()
        for info, text in self._sources():
            first = pack.appraise(info, text, AS_OF, EMPTY_LIBRARY)
            assert pack.appraise(info, text, AS_OF, EMPTY_LIBRARY) == first, (
                f"{text[:30]!r} is appraised otherwise the second time"
            )
        for text in self._questions():
            assert pack.read_question(text) == pack.read_question(text), f"{text!r} is read otherwise the second time"

    def test_sources_are_appraised_independently_of_their_order(self) -> None:
        one, other = self.make_pack(), self.make_pack()
        sources = self._sources()
        forwards = [one.appraise(info, text, AS_OF, EMPTY_LIBRARY) for info, text in sources]
        backwards = [other.appraise(info, text, AS_OF, EMPTY_LIBRARY) for info, text in reversed(sources)]
        for (_, text), left, right in zip(sources, forwards, reversed(backwards), strict=True):
            assert left == right, f"{text[:30]!r} is appraised otherwise after other sources"

    def test_nothing_is_looked_up_outside(self) -> None:
        pack = self.make_pack()
        with alone("the pack"):
            for info, text in self._sources()[:20]:
                pack.appraise(info, text, AS_OF, EMPTY_LIBRARY)
            for text in self._questions():
                pack.read_question(text)

    # --- ranking and results

    def test_every_passage_gets_a_mapping_of_priors(self) -> None:
        pack = self.make_pack()
        for text in ("", *self._questions()):
            reading = pack.read_question(text)
            for passages in self._passages():
                priors = pack.priors(reading, passages, EMPTY_LIBRARY)
                assert len(priors) == len(passages), f"{len(passages)} passages got {len(priors)} mappings of priors"
                for found in priors:
                    sound = all(isinstance(k, str) and math.isfinite(v) for k, v in found.items())
                    assert sound, f"the priors {dict(found)} are not finite numbers by name"
                assert pack.priors(reading, passages, EMPTY_LIBRARY) == priors, (
                    "asked again the pack gives other priors"
                )

    def test_priors_do_not_depend_on_the_order_of_the_passages(self) -> None:
        pack = self.make_pack()
        for text in self._questions():
            reading = pack.read_question(text)
            for passages in self._passages():
                forwards, backwards = (
                    pack.priors(reading, passages, EMPTY_LIBRARY),
                    pack.priors(reading, passages[::-1], EMPTY_LIBRARY),
                )
                assert list(map(dict, forwards)) == list(map(dict, backwards[::-1])), "priors depend on the order"

    def test_finishing_a_result_leaves_what_was_verified(self) -> None:
        pack = self.make_pack()
        for status in get_args(Status):
            for text in ("", *self._questions()):
                given = _result(status, text)
                claims, dropped = given.claims, given.dropped
                finished = pack.finish(pack.read_question(text), given, EMPTY_LIBRARY)
                assert isinstance(finished, QueryResult), f"finish gave {type(finished).__name__}"
                assert finished.claims == claims and finished.dropped == dropped, "finish changed verified claims"
                upgraded = finished.status == "success" and status != "success"
                assert not upgraded, f"finish turned {status} into success"

    # --- material

    def _sources(self) -> list[tuple[DocumentInfo, str]]:
        texts = (*nasty_texts(), *generated_texts(40, seed=1))
        return [*self.examples(), *((document_info(f"text-{n}", text), text) for n, text in enumerate(texts))]

    def _documents(self) -> list[Document]:
        made = [
            Document(info.id or "nameless", info.title, text, info.source, info.format or "text", info.metadata)
            for info, text in self._sources()
        ]
        own = freeze(dict.fromkeys(_KEYS.split(), "as the owner put it"))
        return [*made, Document("own", "Owned", "The court held in 2019 that it applies.", metadata=own)]

    def _questions(self) -> tuple[str, ...]:
        return (
            "What did the court hold on fair use in California in 2019?",
            "Is 500 mg twice daily safe for children with asthma?",
            "How do I authenticate with OAuth2 in version 2.1?",
            "Why?",
        )

    def _passages(self) -> list[list[Passage]]:
        own = [replace(passages_of(text)[0], document=info) for info, text in self.examples()]
        return [
            [],
            passages_of("One passage."),
            passages_of(*generated_texts(6, seed=4)),
            passages_of("", "\x00", "x"),
            own,
        ]

    def _lawful(self, appraisal: Appraisal, info: DocumentInfo, text: str) -> None:
        for name in ("identity", "scope", "weight", "currency"):
            why = _unlawful(appraisal[name], text)
            assert not why, f"{name} of {text[:30]!r} with {dict(list(info.metadata.items())[:1])}: {why}"
        assert appraisal.currency.as_of.strip(), f"currency of {text[:30]!r} has no as-of date"
        assert isinstance(appraisal.citation, str), f"{text[:30]!r} is cited as {appraisal.citation!r}"
        assert appraisal.citation.strip() or not (info.title or info.id), f"{text[:30]!r} has no citation"
        warned = all(isinstance(warning, str) and warning.strip() for warning in appraisal.warnings)
        assert warned, f"the warnings of {text[:30]!r} are {appraisal.warnings!r}"


def _unlawful(finding: Finding, text: str) -> str:
    if not isinstance(finding.value, str) or not finding.value.strip():
        return f"the value is {finding.value!r}; where nothing is known it is {UNKNOWN!r}"
    if not isinstance(finding.reason, str) or not finding.reason.strip():
        return f"the value {finding.value[:40]!r} has no reason"
    if not finding.question.strip():
        return f"the value {finding.value[:40]!r} answers no question"
    if (finding.start is None) != (finding.end is None):
        return "the evidence has one end only"
    if finding.start is not None and finding.end is not None and not 0 <= finding.start < finding.end <= len(text):
        return f"the evidence {finding.start}:{finding.end} lies outside the {len(text)} characters of the text"
    return ""


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _result(status: Status, text: str) -> QueryResult:
    claims = (Claim("The buyer may cancel.", "supported", 0.95),) if status == "success" else ()
    sources = (
        (Source(1, "document-1", "Title", "document-1.text", 0.5, "The buyer may cancel.", 0, 21),) if claims else ()
    )
    dropped = (Claim("The seller may not.", "unsupported", 0.1),)
    return QueryResult(
        status, text, "The buyer may cancel. [1]" if claims else "", sources, claims=claims, dropped=dropped
    )
