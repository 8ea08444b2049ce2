"""A pack takes part in every question: it reads, narrows, stops, bars sources and finishes; its facts are looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assay import LegalDocumentRAG, ProductionRAGSystem
from assay.domains.base import MetadataPack
from assay.ports import Library
from assay.types import Appraisal, Document, Fact, FrozenDict, Passage, Principal, QueryResult
from tests.system.conftest import config

TEXTS: list[Mapping[str, Any]] = [
    {"id": "old", "title": "Rule 1", "text": "The fee for a boat is ten crowns a year.", "metadata": {"land": "A"}},
    {"id": "new", "title": "Rule 2", "text": "Rule 2 repeals Rule 1. The fee for a boat is twenty crowns a year."},
    {"id": "far", "title": "Rule 9", "text": "The fee for a boat is ninety crowns a year.", "metadata": {"land": "B"}},
]


@dataclass(frozen=True, slots=True)
class HarbourPack(MetadataPack):
    name: str = "harbour"

    def enrich(self, document: Document) -> Document:
        return replace(document, metadata=FrozenDict({**document.metadata, "rule": document.title}))

    def facts(self, document: Document) -> Sequence[Fact]:
        start = document.text.find("repeals Rule 1")
        return [Fact("repeal", "Rule 1", {"by": document.title}, start, start + 14)] if start >= 0 else []

    def read_question(self, text: str) -> Mapping[str, Any]:
        if "drowning" in text:
            return {"stop": {"kind": "emergency", "message": "Call the coast guard now.", "urgent": True}}
        reading: dict[str, Any] = {"notes": ["read by the harbour"]}
        if "in B" in text:
            reading["filters"] = {"land": "B"}
        if "in Narnia" in text:
            reading["filters"] = {"kingdom": "Narnia"}
        return reading

    def admit(self, reading: Mapping[str, Any], passage: Passage, appraisal: Appraisal) -> str:
        return "repealed" if passage.document.metadata.get("rule") == "Rule 1" else ""

    def finish(self, reading: Mapping[str, Any], result: QueryResult, library: Library) -> QueryResult:
        result["repealed"] = [fact.value["by"] for fact in library.facts("repeal", ["Rule 1"])]
        result["seen"] = library.count()
        return result


@dataclass(frozen=True, slots=True)
class PilotPack(MetadataPack):
    """Knows that the questions on a lighthouse are answered by the document `keeper`."""

    name: str = "pilot"

    def read_question(self, text: str) -> Mapping[str, Any]:
        return {"light": "lighthouse" in text}

    def suggest(self, reading: Mapping[str, Any], library: Library) -> Sequence[str]:
        return ("keeper", "nowhere") if reading["light"] else ()

    def priors(
        self, reading: Mapping[str, Any], passages: Sequence[Passage], library: Library
    ) -> list[Mapping[str, float]]:
        return [{"keeper": 5.0} if passage.document.id == "keeper" else {} for passage in passages]


def pilot(tmp_path: Path) -> ProductionRAGSystem:
    system = ProductionRAGSystem(config(tmp_path, retrieval={"depth": 10}), pack=PilotPack())
    many = [{"id": f"light-{n}", "text": f"The lighthouse of bay {n} is lit at dusk by rule {n}."} for n in range(40)]
    keeper = {"id": "keeper", "text": "Old Amund carries oil up the stairs.", "access": ["group:crew"]}
    system.ingest([*many, keeper])
    return system


def test_a_suggested_document_is_found_though_it_is_no_candidate(tmp_path: Path) -> None:
    crew, guest = Principal("amund", ("crew",)), Principal("guest")
    with pilot(tmp_path) as system:
        found = system.search("When is the lighthouse of the bay lit?", k=3)
        assert found.passages[0].document.id == "keeper"
        assert len({passage.chunk.id for passage in found.passages}) == len(found.passages) == 3
        assert system.search("When is the light of the bay lit?", k=3).passages[0].document.id != "keeper"
        for who, ids in ((crew, {"keeper"}), (guest, set())):
            held = system.search("When is the lighthouse of the bay lit?", k=3, principal=who)
            assert {passage.document.id for passage in (*held.passages, *held.nearest)} == ids


def test_a_suggestion_does_not_widen_what_the_caller_asked_for(tmp_path: Path) -> None:
    with pilot(tmp_path) as system:
        system.ingest([{"id": "far", "text": "The lighthouse is lit at noon.", "metadata": {"land": "B"}}])
        found = system.search("When is the lighthouse lit?", {"land": "B"})
        assert {passage.document.id for passage in (*found.passages, *found.nearest)} == {"far"}


def harbour(tmp_path: Path) -> ProductionRAGSystem:
    system = ProductionRAGSystem(config(tmp_path), pack=HarbourPack())
    system.ingest(TEXTS)
    return system


def test_what_the_pack_reads_out_of_a_document_is_kept_with_it(tmp_path: Path) -> None:
    with harbour(tmp_path) as system:
        assert system.document("new")[0].metadata["rule"] == "Rule 2"
        assert system.process_query("What is the fee for a boat?")["repealed"] == ["Rule 2"]


def test_a_barred_source_is_never_evidence_and_the_reason_is_told(tmp_path: Path) -> None:
    with harbour(tmp_path) as system:
        result = system.process_query("What is the fee for a boat a year?")
        assert result.status == "success"
        assert "ten crowns" not in result.answer and "old" not in {source.document_id for source in result.sources}
        assert "not used as evidence: Rule 1: repealed" in result.warnings
        assert "read by the harbour" in result.warnings
        only_old = system.process_query("What is the fee for a boat a year?", {"land": "A"})
        assert only_old.status == "insufficient_evidence" and "repealed" in only_old.message
        assert [source.document_id for source in only_old.nearest] == ["old"]


def test_a_scope_named_in_the_question_narrows_unless_the_caller_did(tmp_path: Path) -> None:
    with harbour(tmp_path) as system:
        assert {s.document_id for s in system.process_query("What is the fee for a boat in B?").sources} == {"far"}
        asked = system.process_query("What is the fee for a boat in B?", {"land": "A"})
        assert {s.document_id for s in asked.nearest} == {"old"}


def test_a_scope_that_no_document_states_is_said_and_narrows_nothing(tmp_path: Path) -> None:
    with harbour(tmp_path) as system:
        result = system.process_query("What is the fee for a boat in Narnia?")
        assert result.status == "success"
        assert any("kingdom" in warning and "not narrowed" in warning for warning in result.warnings)


def test_a_stop_comes_before_anything_is_looked_up(tmp_path: Path) -> None:
    with harbour(tmp_path) as system:
        result = system.process_query("Someone is drowning, what is the fee for a boat?")
        assert result.status == "no_results" and result.answer == "Call the coast guard now."
        assert result["stopped"] == {"kind": "emergency", "urgent": True}
        assert not result.sources and not result.nearest


def test_a_pack_sees_what_the_caller_may_read_and_nothing_else(tmp_path: Path) -> None:
    with harbour(tmp_path) as system:
        result = system.process_query("What is the fee for a boat?", principal=Principal("guest"))
        assert result["repealed"] == [] and result["seen"] == 0


def test_a_changed_setting_of_a_domain_system_reaches_its_pack(tmp_path: Path) -> None:
    with LegalDocumentRAG(config(tmp_path)) as system:
        system.ingest(TEXTS)
        system.legal_config["date_relevance_weighting"] = False
        system.process_query("What is the fee for a boat?")
        settings: Mapping[str, Any] = vars_of(system.pack)
        assert settings["date_relevance_weighting"] is False


def vars_of(pack: object) -> Mapping[str, Any]:
    """The settings of a shipped pack; the port itself has none."""
    settings: Mapping[str, Any] = getattr(pack, "settings", {})
    return settings
