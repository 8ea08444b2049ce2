"""The technical pack: what it says of pages, its switches, and what it adds to results."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assay.domains.library import EMPTY_LIBRARY
from assay.domains.technical.citing import Reference, parse_reference
from assay.domains.technical.targets import locked_in, locked_versions
from assay.errors import InputError
from assay.types import Citation, Claim, QueryResult, Source
from tests.domains.technical.kit import CHANGES, REFERENCE, document, index, info, passage, technical

NOW = datetime(2026, 5, 1, tzinfo=UTC)
PAGE, LOG = document(REFERENCE), document(CHANGES, "changes", "markdown")
LIBRARY = index(PAGE, LOG)
CODE = "```\nimport pump\npump.halt()\n```"


def _result(answer: str = f"Call it so.\n\n{CODE}") -> QueryResult:
    claim = Claim(
        "import pump\npump.halt()", "supported", 1.0, (Citation(1, "pump", 1, "pump", "", "x", 0, 9),), section="code"
    )
    source = Source(1, "pump", "pump", "pump.rst", 1.0, "x", 0, 9, technical().enrich(PAGE).metadata)
    return QueryResult("success", "How?", answer, (source,), claims=(claim,))


def _finished(question: str, **settings: object) -> QueryResult:
    chosen = technical(**settings)
    return chosen.finish(chosen.read_question(question), _result(), LIBRARY)


def test_the_kind_of_page_is_told_by_title_structure_or_metadata() -> None:
    assert technical().identify(info(LOG), LOG.text).value == "changelog"
    assert technical().identify(info(PAGE), PAGE.text).value == "reference"
    other = document("Some words.", format="text")
    assert technical().identify(info(other), other.text).value == "unknown"


def test_scope_weight_and_citation_come_from_metadata() -> None:
    page = document(REFERENCE, url="https://example.org/pump.html")
    assert technical().scope(info(page), page.text).value == "pump 3.2.1"
    assert technical().weigh(info(page), page.text).value == "normative"
    cited = technical().cite(info(page), page.text)
    assert cited == "pump --- Moving water (pump 3.2.1), <https://example.org/pump.html>"
    assert parse_reference(cited) == Reference("pump --- Moving water", "pump 3.2.1", "https://example.org/pump.html")


def test_a_page_that_says_its_module_is_deprecated_is_not_current() -> None:
    page = document(".. module:: old\n\n.. deprecated:: 2.2\n\nWords.\n")
    found = technical().currency(info(page), page.text, NOW, EMPTY_LIBRARY)
    assert found.value == "deprecated in 2.2"
    assert page.text[found.start : found.end] == ".. deprecated:: 2.2"
    assert "old is deprecated since 2.2" in technical().warnings(info(page))


def test_the_question_is_read_for_symbols_product_version_and_kind() -> None:
    read = technical().read_question("Is `pump.halt` deprecated or removed as of Pump 3.2?")
    assert (read["symbols"], read["product"], read["version"], read["kind"]) == (["pump.halt"], "Pump", "3.2", "status")
    assert technical().read_question("Why is water wet?")["kind"] == "why"
    assert technical().read_question("convert a list to a string")["kind"] == "task"
    assert "version" not in technical().read_question("How long is 3 or 4 metres of pipe?")


def test_the_passage_with_the_evidence_is_raised_for_a_version_question() -> None:
    reading = technical().read_question("Is `pump.halt` deprecated as of Pump 3.2?")
    passages = [
        passage(PAGE, ".. function:: start"),
        passage(PAGE, ".. function:: halt"),
        passage(LOG, "- `pump.prime"),
    ]
    worth = [sum(found.values()) for found in technical().priors(reading, passages, LIBRARY)]
    assert worth[1] > max(worth[0], worth[2]) + 1


def test_a_look_up_raises_the_description_and_lowers_the_changelog() -> None:
    reading = technical().read_question("How do I use pump.stop()?")
    passages = [passage(PAGE, ".. function:: stop"), passage(PAGE, ".. class:: Valve"), passage(LOG, "- `pump.prime")]
    found = technical().priors(reading, passages, LIBRARY)
    assert found[0]["symbol"] == 1.0
    assert "symbol" not in found[1]
    assert found[2]["page_kind"] < 0


def test_terms_of_the_list_count_and_an_empty_list_does_not() -> None:
    page = document("Access\n======\n\nThe authentication of an endpoint uses a key.\n", "auth")
    question = "authentication for the water gauge"
    passages = [passage(page, "The authentication")]
    assert technical().priors(technical().read_question(question), passages, LIBRARY)[0]["terms"] > 0
    bare = technical(terminology_boost=[])
    assert "terms" not in bare.priors(bare.read_question(question), passages, LIBRARY)[0]


def test_every_symbol_of_the_answer_is_looked_up_at_the_target_version() -> None:
    result = _finished("How do I stop it in Pump 3.2?")
    told = result["technical_metadata"]
    assert (told["target_version"], told["target_from"]) == ("3.2", "the question")
    halt = next(one for one in told["symbols"] if one["symbol"] == "pump.halt")
    assert (halt["status"], halt["since"], halt["planned_removal"]) == ("deprecated", "2.4", "4.0")
    assert any("pump.halt is deprecated in 2.4" in warning and "stop" in warning for warning in result.warnings)
    assert result.answer.endswith("Version: Pump 3.2 (from the question); the sources document pump 3.2.1.")


def test_another_version_is_never_used_in_silence() -> None:
    result = _finished("How do I stop it in Pump 1.9?")
    assert any("asked for version 1.9" in warning and "3.2.1" in warning for warning in result.warnings)


def test_the_target_may_come_from_the_settings() -> None:
    assert _finished("How?", target_version="3.0")["technical_metadata"]["target_version"] == "3.0"
    told = _finished("How in Pump?", target_version="9", target_versions={"pump": "2.4"})["technical_metadata"]
    assert told["target_version"] in ("9", "2.4")
    assert "none was asked for" in _finished("How?").answer


def test_version_tracking_off_keeps_no_notes_and_states_no_version() -> None:
    assert not [fact for fact in technical(version_tracking=False).facts(PAGE) if fact.kind == "version"]
    result = _finished("How in Pump 3.2?", version_tracking=False)
    assert result["technical_metadata"]["symbols"] == []
    assert "Version:" not in result.answer
    assert technical(version_tracking=False).version != technical().version


def test_deprecation_warnings_off_still_reports_the_status() -> None:
    result = _finished("How in Pump 3.2?", deprecation_warnings=False)
    assert not any("deprecated" in warning for warning in result.warnings)
    assert any(one["status"] == "deprecated" for one in result["technical_metadata"]["symbols"])


def test_syntax_highlighting_sets_the_language_of_bare_fences() -> None:
    assert "```python\nimport pump" in _finished("How?").answer
    assert "```\nimport pump" in _finished("How?", syntax_highlighting=False).answer


def test_code_context_preservation_off_cuts_without_regard_to_code() -> None:
    assert technical().chunk_strategy == "hierarchical"
    assert technical(code_context_preservation=False).chunk_strategy == "recursive"


def test_lock_files_tell_the_versions_in_use(tmp_path: Path) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("pump==3.2.1 ; python_version > '3'\n# no\nloose>=2\nvalve[extra]==1.0\n", encoding="utf-8")
    assert locked_versions(pins) == {"pump": "3.2.1", "valve": "1.0"}
    assert locked_in('[[package]]\nname = "pump"\nversion = "3.1"\n', "uv.lock") == {"pump": "3.1"}
    npm = '{"packages": {"": {}, "node_modules/pump": {"version": "2.0.1"}}}'
    assert locked_in(npm, "package-lock.json") == {"pump": "2.0.1"}
    with pytest.raises(InputError, match="lock file"):
        locked_versions(tmp_path / "none.lock")
    broken = tmp_path / "uv.lock"
    broken.write_text("[[", encoding="utf-8")
    with pytest.raises(InputError, match="lock file"):
        locked_versions(broken)


def test_a_named_symbol_suggests_the_pages_that_describe_it_or_note_what_became_of_it() -> None:
    def suggested(question: str, **settings: object) -> list[str]:
        chosen = technical(**settings)
        return list(chosen.suggest(chosen.read_question(question), LIBRARY))

    assert suggested("What does pump.start do?") == ["pump"]
    assert "changes" in suggested("Was pump.prime removed?")
    assert "changes" not in suggested("Was pump.prime removed?", version_tracking=False)
    assert suggested("How do I move water?") == []
