"""A system of a user's own, written as a subclass: own settings, own prompt, own key in the result."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assay import LegalDocumentRAG, MedicalLiteratureRAG, ProductionRAGSystem, QueryResult, TechnicalDocumentationRAG
from assay.models.fake import FakeLanguageModel
from tests.system.conftest import DOCUMENTS, config


class ContractRAG(ProductionRAGSystem):
    """Contracts, with a count of the figures in each answer."""

    def __init__(self, settings: Any, **parts: Any) -> None:
        super().__init__(settings, **parts)
        self.contract_config = {"quality_threshold": 0.8, "figure_count": True}
        self.prompt_template = (
            "Read the clauses as a contract clerk.\n\n{context}\n\nAsked: {question}\nSet {braces} aside."
        )

    def process_contract_query(self, question: str) -> QueryResult:
        result = self.process_query(question, score_threshold=self.contract_config["quality_threshold"])
        if result["status"] == "success" and self.contract_config["figure_count"]:
            result["contract_metadata"] = {"figures": sum(part.isdigit() for part in result["answer"])}
            result["answer"] = result["answer"] + "\n\nFigures were counted."
        return result


def test_a_subclass_adds_a_key_and_extends_the_answer(tmp_path: Path) -> None:
    with ContractRAG(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
        result = system.process_contract_query("How much rent shall the tenant pay?")
    assert result["contract_metadata"]["figures"] >= 4
    assert result.answer.endswith("Figures were counted.")
    assert result.threshold == 0.8


def test_a_subclass_asks_a_model_with_its_own_prompt(tmp_path: Path) -> None:
    with FakeLanguageModel(behaviour="faithful") as fake:
        models = {"language_model": f"openai-compatible:fake@{fake.base_url}"}
        with ContractRAG(config(tmp_path, models=models)) as system:
            system.ingest(DOCUMENTS)
            result = system.process_contract_query("How much rent shall the tenant pay?")
        prompts = str(fake.requests)
    assert result.status == "success" and result.writer.startswith("model")
    assert "contract clerk" in prompts and "Set {braces} aside" in prompts
    assert "4,200 euros" in result.answer
    assert result.usage.output_tokens > 0


def test_the_three_domain_systems_have_the_settings_that_were_asked_for(tmp_path: Path) -> None:
    legal, technical, medical = (
        kind(config(tmp_path)) for kind in (LegalDocumentRAG, TechnicalDocumentationRAG, MedicalLiteratureRAG)
    )
    assert isinstance(legal, LegalDocumentRAG) and legal.legal_config["quality_threshold"] == 0.85
    assert isinstance(technical, TechnicalDocumentationRAG) and technical.tech_config["quality_threshold"] == 0.75
    assert isinstance(medical, MedicalLiteratureRAG) and medical.medical_config["quality_threshold"] == 0.90
    for system in (legal, technical, medical):
        assert "{context}" in system.prompt_template and "{question}" in system.prompt_template


def test_a_disclaimer_stands_on_every_path(tmp_path: Path) -> None:
    with LegalDocumentRAG(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
        results = [system.process_legal_query(q) for q in ("How much rent shall the tenant pay?", "", "Who is Zoltan?")]
    assert all("not legal advice" in result.disclaimer for result in results)
    assert {result.status for result in results} >= {"success", "error"}


def test_a_legal_question_is_limited_to_its_jurisdiction(tmp_path: Path) -> None:
    with LegalDocumentRAG(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
        assert system.process_legal_query("How much rent shall the tenant pay?", "us/ca").status == "success"
        assert system.process_legal_query("How much rent shall the tenant pay?", "us/ny").status == "no_results"
