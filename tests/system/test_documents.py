"""Documents come, change and go: at once for readers, without a trace when erased, back again from a backup."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay import ProductionRAGSystem
from assay.admin import Admin
from assay.errors import InputError, NotFound
from tests.system.conftest import DOCUMENTS, config

MARKER = "Xylophonic quasars hum beneath Ljubljana"


def test_adding_again_changes_nothing_and_a_changed_document_is_replaced(library: ProductionRAGSystem) -> None:
    assert library.ingest(DOCUMENTS).unchanged == 3
    changed = {**DOCUMENTS[1], "text": "Verapine reduced migraine days by 9.9 a month compared with placebo.\n"}
    assert library.ingest([changed]).replaced == 1
    answer = library.process_query("By how many days did verapine reduce migraine?").answer
    assert "9.9" in answer and "2.1" not in answer
    assert library.document("trial")[0].version == 2


def test_files_and_records_are_added_together_and_a_bad_one_is_reported(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Tides\n\nThe tide at Fundy rises sixteen metres.\n", encoding="utf-8")
    (tmp_path / "empty.md").write_text("", encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing of a PDF follows")
    with ProductionRAGSystem(config(tmp_path)) as system:
        report = system.ingest([tmp_path / "good.md", tmp_path / "empty.md", tmp_path / "broken.pdf", DOCUMENTS[0]])
        assert (report.added, report.failed) == (2, 1)
        assert "not a readable PDF" in report.failures[0].reason
        assert any("empty.md" in warning and "no text" in warning for warning in report.warnings)
        assert len(system.failures()) == 1
        assert "sixteen metres" in system.process_query("How high does the tide at Fundy rise?").answer


def test_a_document_without_id_or_text_is_refused(library: ProductionRAGSystem) -> None:
    with pytest.raises(InputError, match="id and text"):
        library.ingest([{"title": "nothing"}])


def test_a_document_that_is_not_there_is_not_found(library: ProductionRAGSystem) -> None:
    with pytest.raises(NotFound, match="no document 'nope'"):
        library.document("nope")


def test_an_erased_text_is_in_no_file_of_the_store(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        secret = {"id": "secret", "title": "Secret", "text": f"{MARKER}. Nothing else is said here about anything.\n"}
        system.ingest([*DOCUMENTS, secret])
        assert MARKER in system.process_query("What hums beneath Ljubljana?").answer
        assert holding(tmp_path / "store", MARKER)
        (receipt,) = system.remove(["secret"], erase=True)
        assert receipt.compacted and receipt.probes
        assert system.process_query("What hums beneath Ljubljana?").status != "success"
        assert not holding(tmp_path / "store", MARKER)
        assert not holding(tmp_path / "store", "ljubljana")
    assert not holding(tmp_path / "store", "xylophon")


def holding(folder: Path, text: str) -> list[str]:
    """The files that hold `text`, in either case, as UTF-8 or UTF-16."""
    needles = [variant.encode(code) for variant in (text, text.lower()) for code in ("utf-8", "utf-16-le")]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if any(needle in path.read_bytes() for needle in needles)]


def test_a_restored_store_gives_the_same_answers(tmp_path: Path) -> None:
    words = ["rent", "notice", "landlord", "verapine", "nausea", "adults", "merger", "tenant", "euros", "placebo"]
    questions = [f"{start} {word}?" for start in ("What is said about", "How much is the") for word in words]
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
        before = [system.process_query(question).answer for question in questions]
    with Admin(config(tmp_path)) as admin:
        assert admin.backup(tmp_path / "library.tar")["documents"] == 3
    elsewhere = config(tmp_path, store={"path": str(tmp_path / "restored"), "mode": "embedded"})
    with Admin(elsewhere) as admin:
        assert admin.restore(tmp_path / "library.tar")["documents"] == 3
        assert admin.examine().healthy
    with ProductionRAGSystem(elsewhere) as system:
        assert [system.process_query(question).answer for question in questions] == before
    assert any("rent of 4,200" in answer for answer in before)


def test_metadata_given_with_a_file_lies_under_what_the_file_says(tmp_path: Path) -> None:
    text = "---\ntitle: Tides\nyear: 2001\n---\n\nThe tide at Fundy rises sixteen metres.\n"
    (tmp_path / "tides.md").write_text(text, encoding="utf-8")
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest([tmp_path / "tides.md"], metadata={"year": 1999, "sea": "Atlantic"})
        (info,) = system.documents()
    assert (info.metadata["year"], info.metadata["sea"]) == (2001, "Atlantic")


def test_a_title_given_with_a_file_names_it_where_the_file_names_itself_by_its_name_alone(tmp_path: Path) -> None:
    (tmp_path / "rule-7.txt").write_text("The gate closes at nine in the evening.\n", encoding="utf-8")
    (tmp_path / "own.md").write_text("# A title of its own\n\nThe gate opens at seven.\n", encoding="utf-8")
    told = {tmp_path / name: {"title": "Rule 7 of the harbour"} for name in ("rule-7.txt", "own.md")}
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(list(told), metadata_of=told)
        assert {info.title for info in system.documents()} == {"Rule 7 of the harbour", "A title of its own"}
