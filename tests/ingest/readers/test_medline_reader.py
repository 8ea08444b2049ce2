"""MEDLINE and RIS records."""

from __future__ import annotations

import pytest

from assay.errors import MalformedSource
from assay.ingest.readers.medline import MedlineReader
from assay.textual.offsets import check_origin
from assay.types import Document, SourceFile

NBIB = """PMID- 100
OWN - NLM
STAT- MEDLINE
DP  - 2019 Mar 4
TI  - Saline drops for the common cold:
      a randomised trial.
LID - 10.1000/drops [doi]
PG  - 10-19
AB  - BACKGROUND: Drops are common. METHODS: We randomised 412
      adults. RESULTS: Drops helped.
AU  - Moe A
AU  - Roe B
CN  - Cold Study Group
TA  - J Cold
JT  - Journal of colds
VI  - 3
IP  - 2
PT  - Journal Article
PT  - Retracted Publication
MH  - *Common Cold/drug therapy
SI  - ClinicalTrials.gov/NCT09999991
RIN - J Cold. 2020;4(1):5. PMID: 200

PMID- 101
TI  - Second record.
"""
RIS = """TY  - JOUR
TI  - A survey of colds
AU  - Poe, C
PY  - 2011/05/02
DO  - 10.1000/survey
SP  - 1
EP  - 9
AB  - We asked 90 adults.
ER  - 
"""


def read(text: str, path: str = "records.nbib") -> list[Document]:
    return list(MedlineReader().read(SourceFile(path, text.encode(), "nbib")))


def test_each_record_is_a_document_named_by_its_pmid() -> None:
    first, second = read(NBIB)
    assert (first.id, second.id) == ("pmid:100", "pmid:101")
    assert first.title == "Saline drops for the common cold: a randomised trial."
    assert second.warnings == ("The record has no abstract.",)


def test_fields_become_the_metadata_of_the_pubmed_reader() -> None:
    found = read(NBIB)[0].metadata
    assert (found["doi"], found["year"], found["volume"], found["pages"]) == ("10.1000/drops", 2019, "3", "10-19")
    assert found["pub_dates"]["ppub"] == "2019-03-04" and found["medline_indexed"] is True
    assert list(found["authors"]) == ["Moe A", "Roe B", "Cold Study Group"]
    assert list(found["mesh"]) == ["Common Cold"] and list(found["registrations"]) == ["NCT09999991"]
    assert (
        found["comments_corrections"][0]["type"] == "RetractionIn" and found["comments_corrections"][0]["pmid"] == "200"
    )


def test_the_text_maps_back_to_the_file() -> None:
    document = read(NBIB)[0]
    assert "We randomised 412 adults." in document.text and "\nMETHODS: " in document.text
    assert check_origin(document.text, document.origin, NBIB) == []


def test_ris_records_are_read_by_the_same_reader() -> None:
    (document,) = read(RIS, "export.ris")
    assert document.title == "A survey of colds" and "90 adults" in document.text
    assert (document.metadata["year"], document.metadata["pages"], document.metadata["doi"]) == (
        2011,
        "1-9",
        "10.1000/survey",
    )


def test_a_file_without_records_is_refused_with_a_reason() -> None:
    with pytest.raises(MalformedSource, match="holds no record"):
        read("just words\nand more\n")
