"""The legal and medical sample libraries: every fact has a recorded source, every document says that it is a sample."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "src" / "assay" / "samples"
PDF_TOOL = ROOT / "tools" / "make_sample_pdf.py"
LIBRARIES = ("legal", "medical")
MARKS = {
    "legal": "Sample document, not reviewed by a lawyer.",
    "medical": "Sample document, not reviewed by a clinician.",
}

IDENTIFIERS = {
    "PMID": re.compile(r"(?:PMID:? ?|pmid: \"|<PMID Version=\"1\">|IdType=\"pubmed\">)(\d{5,8})"),
    "DOI": re.compile(r"\b(10\.\d{4,9}/[^\s\"<>,;]+[^\s\"<>,;.)])"),
    "trial": re.compile(r"\b(NCT\d{8}|ISRCTN\d{8})\b"),
    "reporter": re.compile(
        r"\b(\d{1,4} (?:U\.S\.|S\. Ct\.|F\.(?:2d|3d|4th)|F\. Supp\.(?: [23]d)?|Cal\. 4th|P\.3d|WL) \d{1,7})"
    ),
    "statute": re.compile(r"((?:\d+ U\.S\.C\.|UCC|D\.C\. Code|Commercial Code) § [\d:-]+\d)"),
}
NUMBER = re.compile(r"(?<![\w-])\d(?:[\d,]*\d)?(?:\.\d+)?%?")
XML_DECLARATION = re.compile(r"<\?xml.*?\?>")


def loaded(library: str, name: str) -> Any:
    return json.loads((SAMPLES / library / name).read_text(encoding="utf-8"))


def record_text(record: dict[str, Any]) -> str:
    return "\n".join([record["title"], *[str(value) for value in record["metadata"].values()], record["text"]])


def documents(library: str) -> Iterator[tuple[str, str]]:
    """Every document of a library as name and readable text; a line of JSON Lines is named ``file#id``."""
    for entry in loaded(library, "library.json")["documents"]:
        path = SAMPLES / library / entry["path"]
        if path.suffix == ".jsonl":
            for line in path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                yield f"{path.name}#{record['id']}", record_text(record)
        elif path.suffix == ".json":
            yield path.name, record_text(json.loads(path.read_text(encoding="utf-8")))
        elif path.suffix == ".pdf":
            source = SAMPLES / library / entry["metadata"]["text_source"]
            yield path.name, source.read_text(encoding="utf-8")
        else:
            yield path.name, XML_DECLARATION.sub("", path.read_text(encoding="utf-8"))


def facts(library: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entry in loaded(library, "SOURCES.json"):
        found.setdefault(entry["document"], []).append(entry["fact"])
    return found


def invented(library: str) -> set[str]:
    listed = loaded(library, "library.json")["documents"]
    return {entry["path"] for entry in listed if entry.get("metadata", {}).get("invented")}


def covered(text: str, strings: list[str]) -> list[bool]:
    """For each character of ``text``: does it lie in an occurrence of one of the strings?"""
    marks = [False] * len(text)
    for string in strings:
        for match in re.finditer(re.escape(string), text):
            marks[match.start() : match.end()] = [True] * len(string)
    return marks


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_recorded_fact_stands_word_for_word_in_its_document(library: str) -> None:
    texts = dict(documents(library))
    for entry in loaded(library, "SOURCES.json"):
        assert entry["fact"] in texts[entry["document"]], entry
        assert entry["source"], entry


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("kind", sorted(IDENTIFIERS))
def test_every_identifier_in_a_document_has_a_recorded_source(library: str, kind: str) -> None:
    recorded = facts(library)
    for name, text in documents(library):
        for identifier in IDENTIFIERS[kind].findall(text):
            assert any(identifier in fact for fact in recorded.get(name, [])), f"{name}: {kind} {identifier}"


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_figure_and_date_in_a_document_lies_in_a_recorded_fact(library: str) -> None:
    recorded = facts(library)
    for name, text in documents(library):
        if name in invented(library):
            continue
        marks = covered(text, recorded.get(name, []))
        for match in NUMBER.finditer(text):
            if len(match.group()) > 1:  # a single digit is a list number, "7th" or "one of 7 trials"
                around = text[max(0, match.start() - 40) : match.end() + 40]
                assert all(marks[match.start() : match.end()]), f"{name}: {match.group()} in {around!r}"


@pytest.mark.parametrize("library", LIBRARIES)
def test_an_invented_document_says_so_and_cites_no_authority(library: str) -> None:
    for name, text in documents(library):
        if name in invented(library):
            assert "invented for demonstration" in text
            assert not [kind for kind, pattern in IDENTIFIERS.items() if pattern.search(text)]


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_document_carries_the_sample_mark(library: str) -> None:
    names = []
    for name, text in documents(library):
        assert MARKS[library] in text, name
        names.append(name)
    assert 12 <= len(names) == len(set(names))


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_file_of_a_library_is_listed_and_every_listed_file_is_there(library: str) -> None:
    on_disk = {path.name for path in (SAMPLES / library).iterdir() if path.is_file()}
    listed = {entry["path"] for entry in loaded(library, "library.json")["documents"]}
    assert on_disk - {"library.json", "SOURCES.json"} == listed


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_example_question_names_a_document_that_holds_the_expected_words(library: str) -> None:
    texts = dict(documents(library))
    description = loaded(library, "library.json")
    assert 3 <= len(description["questions"]) <= 5
    assert 2 <= len(description["unanswerable"]) <= 3
    for question in description["questions"]:
        assert question["expect"] in texts[question["cites"]], question


def test_a_retracted_article_says_so_before_anything_else_and_names_the_notice() -> None:
    texts = dict(documents("medical"))
    mehra = texts["mehra-2020-retracted.md"]
    assert 'publication_status: "retracted"' in mehra
    assert mehra.index("must not be used as evidence") < mehra.index("## Study")
    assert texts["pubmed-retracted.xml"].count("Retracted Publication") == 2
    assert texts["pubmed-retracted.xml"].count('RefType="RetractionIn"') == 2


def test_a_preprint_is_marked_and_points_to_the_article_that_replaced_it() -> None:
    preprint = dict(documents("medical"))["recovery-dexamethasone-preprint.md"]
    assert 'publication_status: "preprint"' in preprint
    assert "has been replaced by the peer-reviewed article PMID: 32678530" in preprint


def test_two_pairs_of_trials_disagree_and_name_each_other() -> None:
    texts = dict(documents("medical"))
    pairs = [("sprint-2015.md", "20228401", "accord-bp-2010.md", "26551272")]
    pairs.append(("trials.jsonl#reduce-it-2019", "33190147", "trials.jsonl#strength-2020", "30415628"))
    for first, second_pmid, second, first_pmid in pairs:
        assert second_pmid in texts[first] and "disagree" in texts[first]
        assert first_pmid in texts[second] and "disagree" in texts[second]


def test_the_licence_pdf_is_made_again_byte_for_byte_from_its_text(tmp_path: Path) -> None:
    target = tmp_path / "again.pdf"
    subprocess.run([sys.executable, str(PDF_TOOL), "--target", str(target)], check=True, capture_output=True)
    assert target.read_bytes() == (SAMPLES / "legal" / "software-licence.pdf").read_bytes()


def test_the_pdf_check_refuses_a_file_that_its_text_does_not_give(tmp_path: Path) -> None:
    other = tmp_path / "other.pdf"
    other.write_bytes((SAMPLES / "legal" / "software-licence.pdf").read_bytes() + b"\n")
    ran = subprocess.run(
        [sys.executable, str(PDF_TOOL), "--check", "--target", str(other)], check=False, capture_output=True
    )
    assert ran.returncode == 1
    assert b"run this tool without --check" in ran.stderr


def test_the_licence_pdf_has_a_text_layer_with_every_clause() -> None:
    pdfium = pytest.importorskip("pypdfium2")
    opened = pdfium.PdfDocument(SAMPLES / "legal" / "software-licence.pdf")
    try:
        layer = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in opened)
    finally:
        opened.close()
    source = (SAMPLES / "legal" / "_source" / "software-licence.txt").read_text(encoding="utf-8")
    for paragraph in filter(None, source.splitlines()):
        assert paragraph.lstrip("# ") in layer


def test_the_statute_texts_equal_the_enacted_text_of_the_corpus(shared_data: Path) -> None:
    with gzip.open(shared_data / "legal" / "statutes_ucc" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        enacted = {record["id"]: record["text"].strip() for record in map(json.loads, lines)}
    for path in sorted((SAMPLES / "legal").glob("ucc-*.txt")):
        assert enacted[f"dc:28:{path.stem.removeprefix('ucc-')}"] in path.read_text(encoding="utf-8")


def test_no_summary_copies_eight_words_in_a_row_from_an_abstract(shared_data: Path) -> None:
    """The sources of the medical samples that the corpus holds; figures and drug names alone are shorter runs."""

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"[a-z]+", text.lower())
        return {tuple(words[i : i + 8]) for i in range(len(words) - 7)}

    texts = dict(documents("medical"))
    cited = {identifier for text in texts.values() for identifier in IDENTIFIERS["PMID"].findall(text)}
    cited |= set(re.findall(r'"pmid">(\d+)<', texts["strongyloidiasis-ivermectin-2011.xml"]))
    with gzip.open(shared_data / "medical" / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        abstracts = [r["text"] for r in map(json.loads, lines) if r["id"].removeprefix("pmid:") in cited]
    assert abstracts
    for abstract in abstracts:
        for name, text in texts.items():
            assert not runs(abstract) & runs(text), name
