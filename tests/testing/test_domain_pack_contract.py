"""The contract of a domain pack: the null pack passes, and each kind of defect is found."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assay.domains.base import MetadataPack
from assay.ports import DomainPack, Library
from assay.testing import DomainPackContract, failures_of
from assay.types import (
    Appraisal,
    Block,
    Document,
    DocumentInfo,
    Fact,
    Finding,
    FrozenDict,
    Passage,
    QueryResult,
)


class TestNullPack(DomainPackContract):
    def make_pack(self) -> DomainPack:
        return MetadataPack()


class Stumbles(MetadataPack):
    """Takes it for granted that a text has a first line."""

    def identify(self, document: DocumentInfo, text: str) -> Finding:
        return replace(super().identify(document, text), value=text.splitlines()[0])


class TrustsMetadata(MetadataPack):
    def scope(self, document: DocumentInfo, text: str) -> Finding:
        return replace(super().scope(document, text), value=document.metadata.get("jurisdiction", "unknown").lower())


class Guesses(MetadataPack):
    def weigh(self, document: DocumentInfo, text: str) -> Finding:
        found = super().weigh(document, text)
        return replace(found, value="persuasive") if found.value == "unknown" else found


class GivesNoReason(MetadataPack):
    def weigh(self, document: DocumentInfo, text: str) -> Finding:
        return replace(super().weigh(document, text), reason="")


class BlankForUnknown(MetadataPack):
    def scope(self, document: DocumentInfo, text: str) -> Finding:
        found = super().scope(document, text)
        return replace(found, value="" if found.value == "unknown" else found.value)


class NoAsOfDate(MetadataPack):
    def currency(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Finding:
        return replace(super().currency(document, text, as_of, library), as_of="")


class LooksAtTheClock(MetadataPack):
    def currency(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Finding:
        return super().currency(document, text, datetime.now(UTC), library)


class EvidenceOutside(MetadataPack):
    def identify(self, document: DocumentInfo, text: str) -> Finding:
        return replace(super().identify(document, text), start=0, end=len(text) + 1)


_SEEN: list[str] = []


class Remembers(MetadataPack):
    """The weight depends on what was appraised before."""

    def weigh(self, document: DocumentInfo, text: str) -> Finding:
        _SEEN.append(text)
        return replace(super().weigh(document, text), reason=f"{len(_SEEN)} sources were weighed")


class Backtracks(MetadataPack):
    """A pattern with nested repetition."""

    def identify(self, document: DocumentInfo, text: str) -> Finding:
        re.match(r"(\w+\s?)+@", text[:25])
        return super().identify(document, text)


class AsksTheNetwork(MetadataPack):
    def identify(self, document: DocumentInfo, text: str) -> Finding:
        try:
            urllib.request.urlopen("http://127.0.0.1:1/")
        except OSError:
            pass
        return super().identify(document, text)


class SkipsPassages(MetadataPack):
    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        return [{"long": 1.0} for passage in passages if passage.chunk.text.strip()]


class DividesByZero(MetadataPack):
    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        return [{"nan": float("nan")} for _ in passages]


class FavoursTheFirst(MetadataPack):
    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        return [{"place": 1 / (place + 1)} for place, _ in enumerate(passages)]


class AppraisesOtherwise(MetadataPack):
    def appraise(self, document: DocumentInfo, text: str, as_of: datetime, library: Library) -> Appraisal:
        return replace(super().appraise(document, text, as_of, library), citation="ibid.")


class Upgrades(MetadataPack):
    def finish(self, reading: Mapping[str, Any], result: QueryResult, library: Library) -> QueryResult:
        result.status = "success"
        return result


class Overwrites(MetadataPack):
    def enrich(self, document: Document) -> Document:
        return replace(document, metadata=FrozenDict(dict.fromkeys(document.metadata, "mine")))


class BlocksOutside(MetadataPack):
    def enrich(self, document: Document) -> Document:
        return replace(document, blocks=(*document.blocks, Block("heading", 0, len(document.text) + 1)))


class FactsWithoutEvidence(MetadataPack):
    def facts(self, document: Document) -> Sequence[Fact]:
        return [Fact("guess", document.id, {}, 0, 0)]


class AdmitsWithTrue(MetadataPack):
    def admit(self, reading: Mapping[str, Any], passage: Passage, appraisal: Appraisal) -> Any:
        return True


class SuggestsEverything(MetadataPack):
    def suggest(self, reading: Mapping[str, Any], library: Library) -> Sequence[str]:
        return [str(number) for number in range(1000)]


class StopsWithTrue(MetadataPack):
    def read_question(self, text: str) -> Mapping[str, Any]:
        return {"stop": "safe" in text}


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (Stumbles, "test_any_text_can_be_appraised"),
        (TrustsMetadata, "test_metadata_of_any_type_breaks_nothing"),
        (Guesses, "test_what_nothing_tells_is_unknown"),
        (GivesNoReason, "test_any_text_can_be_appraised"),
        (BlankForUnknown, "test_any_text_can_be_appraised"),
        (NoAsOfDate, "test_currency_always_has_an_as_of_date"),
        (LooksAtTheClock, "test_currency_always_has_an_as_of_date"),
        (EvidenceOutside, "test_any_text_can_be_appraised"),
        (Remembers, "test_the_same_source_is_appraised_the_same"),
        (Remembers, "test_sources_are_appraised_independently_of_their_order"),
        (Backtracks, "test_no_text_takes_long"),
        (AsksTheNetwork, "test_nothing_is_looked_up_outside"),
        (SkipsPassages, "test_every_passage_gets_a_mapping_of_priors"),
        (DividesByZero, "test_every_passage_gets_a_mapping_of_priors"),
        (FavoursTheFirst, "test_priors_do_not_depend_on_the_order_of_the_passages"),
        (AppraisesOtherwise, "test_the_appraisal_is_the_five_answers"),
        (Upgrades, "test_finishing_a_result_leaves_what_was_verified"),
        (Overwrites, "test_enriching_adds_and_never_takes_away"),
        (BlocksOutside, "test_enriching_adds_and_never_takes_away"),
        (FactsWithoutEvidence, "test_facts_have_evidence_in_the_text"),
        (AdmitsWithTrue, "test_admitting_gives_a_reason_or_nothing"),
        (SuggestsEverything, "test_suggestions_are_a_few_ids_and_always_the_same"),
        (StopsWithTrue, "test_any_question_can_be_read"),
    ],
)
def test_a_broken_pack_fails(defect: type[MetadataPack], found_by: str) -> None:
    class Broken(DomainPackContract):
        seconds_a_text = 0.25

        def make_pack(self) -> DomainPack:
            return defect()

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]
