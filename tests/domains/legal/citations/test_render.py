"""A citation is written from its parts, and what is written says the same again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.domains.legal.citations import LegalCitation, cite, extract, parse, same_citation

STRINGS = Path(__file__).resolve().parents[3] / "data" / "legal" / "citations.jsonl"


def _valid() -> list[str]:
    records = [json.loads(line) for line in STRINGS.read_text(encoding="utf-8").splitlines()]
    return [record["text"] for record in records if record["valid"]]


@pytest.mark.parametrize("text", _valid())
def test_what_is_written_from_a_citation_reads_as_the_same_citation(text: str) -> None:
    first = parse(text)
    assert first is not None
    again = parse(cite(first))
    assert again is not None and same_citation(first, again)


def test_the_usual_forms() -> None:
    written = {
        "case": cite(_read("Vance v. Ostrow, 621 F.3d 110, 114 (9th Cir. 2010) (en banc)")),
        "statute": cite(_read("17 USC 107(3) (2018)")),
        "regulation": cite(_read("29 CFR 1604.11 (2015)")),
    }
    assert written == {
        "case": "Vance v. Ostrow, 621 F.3d 110, 114 (9th Cir. 2010) (en banc)",
        "statute": "17 U.S.C. § 107(3) (2018)",
        "regulation": "29 C.F.R. § 1604.11 (2015)",
    }


def test_short_forms_keep_their_form() -> None:
    found = extract(
        "Vance v. Ostrow, 100 F.3d 10 (1st Cir. 1996). Id. at 14. Vance, 100 F.3d at 12. Vance, supra, at 15."
    )
    assert [cite(c) for c in found[1:]] == ["Id. at 14", "Vance, 100 F.3d at 12", "Vance, supra, at 15"]


@pytest.mark.parametrize(
    ("metadata", "line"),
    [
        (
            {"case_name": "Vance v. Ostrow", "citation": "606 F.3d 11", "court": "ca1", "date_filed": "2010-05-25"},
            "Vance v. Ostrow, 606 F.3d 11 (1st Cir. 2010)",
        ),
        (
            {"title": "Vance v. Ostrow, 606 F.3d 11 (1st Cir. 2010)", "citation": "606 F.3d 11 (1st Cir. 2010)"},
            "Vance v. Ostrow, 606 F.3d 11 (1st Cir. 2010)",
        ),
        ({"title": "Fair use", "citation": "17 U.S.C. § 107"}, "17 U.S.C. § 107"),
        ({"case_name": "Vance v. Ostrow", "docket": ["12-1573"], "court": "ca1", "date_filed": "2013-08-01"},
         "Vance v. Ostrow, No. 12-1573 (1st Cir. 2013)"),
        ({"case_name": "Vance v. Ostrow"}, "Vance v. Ostrow"),
        ({}, ""),
    ],
)  # fmt: skip
def test_a_document_is_cited_from_its_metadata_and_nothing_is_invented(metadata: dict[str, object], line: str) -> None:
    assert cite(metadata) == line


def _read(text: str) -> LegalCitation:
    found = parse(text)
    assert found is not None
    return found
