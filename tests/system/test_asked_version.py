"""The version that an answer is for: the caller's, else the question's; the answer states it, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assay import TechnicalDocumentationRAG
from tests.system.conftest import config

PAGES: list[Mapping[str, Any]] = [
    {
        "id": f"v{version[0]}",
        "title": f"Pump manual {version}",
        "text": f"# Starting\n\nThe operator starts the pump with the {key}.\n",
        "metadata": {"product": "Pump", "version": version},
    }
    for version, key in (("1.4", "brass key"), ("2.0", "green button"))
]
ASKED = "How does the operator start the pump in version 1.4?"


@pytest.fixture
def manuals(tmp_path: Path) -> Iterator[TechnicalDocumentationRAG]:
    with TechnicalDocumentationRAG(config(tmp_path)) as system:
        assert system.ingest(PAGES).added == 2
        yield system


def test_the_version_of_the_question_is_the_target_and_is_stated(manuals: TechnicalDocumentationRAG) -> None:
    result = manuals.process_technical_query(ASKED)
    assert result.status == "success"
    assert "brass key" in result.claims[0].text
    assert result["technical_metadata"]["target_version"] == "1.4"
    assert result["technical_metadata"]["target_from"] == "the question"
    assert "Version: 1.4" in result.answer


def test_the_callers_version_wins_over_the_question_s(manuals: TechnicalDocumentationRAG) -> None:
    result = manuals.process_technical_query(ASKED, version="2.0")
    assert result.status == "success"
    assert "green button" in result.claims[0].text
    assert result["technical_metadata"]["target_version"] == "2.0"
    assert result["technical_metadata"]["target_from"] == "the caller"
    assert "Version: 2.0" in result.answer
    assert result.question == ASKED
    assert any("names another version" in warning for warning in result.warnings)


def test_a_version_that_no_source_documents_is_stated_and_warned_of(manuals: TechnicalDocumentationRAG) -> None:
    result = manuals.process_technical_query("How does the operator start the pump?", version="3.1")
    assert result["technical_metadata"]["target_version"] == "3.1"
    assert any("asked for version 3.1" in warning for warning in result.warnings)


def test_one_callers_version_does_not_stay_for_the_next_question(manuals: TechnicalDocumentationRAG) -> None:
    manuals.process_technical_query(ASKED, version="2.0")
    result = manuals.process_technical_query("How does the operator start the pump?")
    assert result["technical_metadata"]["target_version"] == ""
