"""A person's identifiers leave a medical question before anything else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assay import MedicalLiteratureRAG, ProductionRAGSystem
from assay.models.hashing import HashingEmbedder
from assay.types import Matrix
from tests.system.conftest import DOCUMENTS, config

ASKED = "My patient John Smith, phone 555-123-4567: by how many days did verapine reduce migraine?"


class Listening(HashingEmbedder):
    """Remembers the texts it was given."""

    heard: list[str]

    def embed(self, texts: Sequence[str]) -> Matrix:
        self.__dict__.setdefault("heard", []).extend(texts)
        return super().embed(texts)


def test_a_medical_question_reaches_model_and_result_without_its_person(tmp_path: Path) -> None:
    embedder = Listening()
    with MedicalLiteratureRAG(config(tmp_path), embedder=embedder) as system:
        system.ingest(DOCUMENTS)
        result = system.process_query(ASKED)
    seen = " ".join((result.question, result.answer, result.message, *result.warnings, *embedder.heard))
    assert "Smith" not in seen and "555" not in seen
    assert "[NAME]" in result.question and "migraine" in result.question
    assert any("identifiers were taken out" in warning for warning in result.warnings)


def test_other_fields_keep_names_and_a_setting_decides(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
        assert "John Smith" in system.process_query(ASKED).question
    strict = config(tmp_path, answer={"redact": "always"})
    with ProductionRAGSystem(strict) as system:
        assert "Smith" not in system.process_query(ASKED).question
    open_ = config(tmp_path, answer={"redact": "never"})
    with MedicalLiteratureRAG(open_) as system:
        assert "Smith" in system.process_query(ASKED).question
