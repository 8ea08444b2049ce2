from __future__ import annotations

import pytest

from assay.domains.legal.arguments import reports_argument
from assay.domains.legal.kinds import identify
from assay.domains.legal.parts import opinion_parts, part_at
from assay.domains.legal.sources import decided, jurisdiction_of, precedential_status
from assay.ingest.chunkers import chunker_for
from assay.types import EMPTY
from tests.domains.legal.shelf import Shelf

OPINION = (
    "UNITED STATES COURT OF APPEALS\nFOR THE NINTH CIRCUIT\n\nALDER v. BIRCH\n\nArgued and Decided June 3, 1999\n\n"
    "Before ALDER, BIRCH and CEDAR, Circuit Judges.\n\nCEDAR, Circuit Judge.\n\nI. Background\n\n"
    + "The parties made a contract. " * 20
    + "\n\nII. Discussion\n\n"
    + "The contract was broken (Scalia, J., dissenting). " * 20
    + "\n\nBIRCH, Circuit Judge, concurring in part and dissenting in part.\n\nI would affirm.\n"
)
CONTRACT = (
    "SOFTWARE LICENSE AGREEMENT\n\nThis Agreement is entered into by and between Oak, Inc. and Pine, LLC "
    "(the Licensee).\n\n"
    "1. Definitions. The Software means the program.\n\n2. Grant of License. Oak grants a licence.\n\n3. "
    "Governing Law. This "
    "Agreement shall be governed by the laws of the State of New York.\n"
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (OPINION, "opinion"),
        (CONTRACT, "contract"),
        ("§ 12. Definitions. In this article a good is a thing.", "statute"),
        ("BRIEF FOR APPELLANT\n\nTABLE OF AUTHORITIES\n", "brief"),
        ("29 CFR Part 1910, Occupational Safety", "regulation"),
        ("A recipe for apple cake. Take four apples.", "unknown"),
    ],
)
def test_the_form_of_a_text_shows_its_kind_and_where(text: str, kind: str) -> None:
    found = identify(EMPTY, text)
    assert found.value == kind
    if kind != "unknown":
        assert found.start is not None and found.end is not None and 0 <= found.start < found.end <= len(text)


def test_metadata_come_before_the_form() -> None:
    assert identify({"doc_type": "nda"}, OPINION).value == "contract"


def test_a_caption_names_court_and_date() -> None:
    assert jurisdiction_of(EMPTY, OPINION, "opinion").value == "us/fed/ca9"
    assert decided(EMPTY, OPINION) == "1999-06-03"


def test_a_contract_lies_where_its_law_is_chosen() -> None:
    found = jurisdiction_of(EMPTY, CONTRACT, "contract")
    assert found.value == "us/state/ny"
    assert found.start is not None and "governed by" in CONTRACT[found.start : found.end]


def test_a_notice_against_publication_makes_an_opinion_unpublished() -> None:
    assert precedential_status(EMPTY, "NOT FOR PUBLICATION\n\n" + OPINION) == "unpublished"
    assert precedential_status(EMPTY, OPINION) == "unknown"
    assert precedential_status({"status": "published"}, OPINION) == "published"


def test_a_separate_opinion_is_a_part_and_a_cited_one_is_not() -> None:
    parts = opinion_parts(OPINION)
    assert [part.name for part in parts] == ["majority", "dissent"]
    assert OPINION[parts[1].start :].startswith("BIRCH, Circuit Judge, concurring in part and dissenting")


def test_chunks_of_a_dissent_say_so_and_no_chunk_crosses_into_it() -> None:
    document = Shelf(("x", "Alder v. Birch", OPINION, {})).documents["x"]
    chunks = chunker_for("semantic", target=400).chunk(document)
    start = OPINION.index("BIRCH, Circuit Judge, concurring")
    assert not any(chunk.start < start < chunk.end for chunk in chunks)
    assert any("Dissent" in crumb for chunk in chunks if chunk.start >= start for crumb in chunk.breadcrumb)
    assert any("II. Discussion" in crumb for chunk in chunks for crumb in chunk.breadcrumb)


def test_the_part_of_a_place_is_found_in_the_metadata() -> None:
    meta = Shelf(("x", "Alder v. Birch", OPINION, {})).documents["x"].metadata
    part = part_at(meta["opinion_parts"], len(OPINION) - 5)
    assert part is not None and part["name"] == "dissent"


def test_clauses_of_a_contract_become_headings() -> None:
    document = Shelf(("x", "Licence", CONTRACT, {})).documents["x"]
    headings = [document.text[block.start : block.end] for block in document.blocks if block.kind == "heading"]
    assert headings == ["1. Definitions", "2. Grant of License", "3. Governing Law"]


@pytest.mark.parametrize(
    ("sentence", "argued"),
    [
        ("The plaintiff argues that the notice was late.", True),
        ("Oak contends that the clause is void.", True),
        ("The plaintiff argues that the notice was late, but we disagree.", False),
        ("The notice was late.", False),
        ("The claim for damages fails.", False),
    ],
)
def test_reported_arguments_are_told_from_holdings(sentence: str, argued: bool) -> None:
    assert reports_argument(sentence) is argued
