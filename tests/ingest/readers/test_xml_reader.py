"""XML: JATS articles, PubMed records, other vocabularies; and what must never be expanded or fetched."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import IngestError, LimitExceeded, MalformedSource
from assay.textual.offsets import check_origin, locator_of, origin_span
from tests.ingest.readers.reader_kit import JATS, PUBMED, document, documents, headings, shown


def cited(words: str, path: str = "a.nxml", data: str = JATS) -> str:
    """The locator of the first place where the document says this."""
    found = document(path, data)
    at = found.text.index(words)
    return locator_of(found.origin, at, at + len(words))


def test_a_jats_article_is_read_in_its_order() -> None:
    found = document("a.nxml", JATS)
    assert headings(found) == [
        (1, "Effect of X on Y"),
        (2, "Abstract"),
        (3, "Methods"),
        (2, "Results"),
        (3, "Safety"),
        (2, "Acknowledgements"),
    ]
    assert "We randomised 120 patients (p < 0.05)." in found.text
    assert "Other work" not in found.text


def test_superscripts_of_an_article_keep_their_meaning() -> None:
    assert "A dose of 10^3 units helped [7]." in document("a.nxml", JATS).text


def test_tables_of_an_article_are_read_by_row_with_joined_headers() -> None:
    found = document("a.nxml", JATS)
    assert shown(found, "caption") == ["Table 1. Outcomes"]
    assert shown(found, "row")[2:] == [
        "Arm: Drug; Score / mean: 4.2; Score / SD: 1.1",
        "Arm: Placebo; Score / mean: 3.9; Score / SD: 1.3",
    ]
    assert cited("3.9") == "table 1, row 4, column Score / mean"


def test_places_in_an_article_are_named_by_section_and_paragraph() -> None:
    assert cited("120 patients") == "Abstract > Methods, paragraph 1" or cited("120 patients").startswith("Methods")
    assert cited("No deaths") == "Results > Safety, paragraph 1"


def test_the_metadata_of_an_article() -> None:
    metadata = document("a.nxml", JATS).metadata
    assert (metadata["pmid"], metadata["pmcid"], metadata["doi"]) == ("101", "PMC202", "10.1000/x")
    assert metadata["journal"] == "Journal of Tests"
    assert metadata["pub_dates"] == {"ppub": "2015-03", "epub": "2014-12-09"}
    assert metadata["year"] == 2015
    assert metadata["history"] == {"accepted": "2014-11-01"} and metadata["peer_reviewed"] is True
    assert metadata["authors"] == ("Doe JR", "The Y Group")
    assert (metadata["article_type"], metadata["pages"], metadata["n_references"]) == ("research-article", "2-9", 1)


def test_every_piece_of_an_article_is_found_in_the_file() -> None:
    found = document("a.nxml", JATS)
    assert check_origin(found.text, found.origin, JATS) == []
    at = found.text.index("p < 0.05")
    span = origin_span(found.origin, at, at + 8)
    assert span is not None and JATS[span.start : span.end] == "p &#x0003c; 0.05"


def test_offsets_count_characters_and_not_bytes() -> None:
    text = '<?xml version="1.0"?>\n<a>é😀<b>zwei — drei</b> &amp; vier</a>'
    found = document("a.xml", text)
    assert check_origin(found.text, found.origin, text) == []
    span = origin_span(found.origin, found.text.index("drei"), found.text.index("drei") + 4)
    assert span is not None and text[span.start : span.end] == "drei"


def test_a_pubmed_file_gives_a_document_a_record() -> None:
    first, second = documents("p.xml", PUBMED)
    assert (first.id, first.title) == ("pmid:123", "Aspirin & more")
    assert first.text == "Aspirin & more\n\nBACKGROUND\n\nWe saw 10^3 cells.\n\nRESULTS\n\nOR 0·76."
    assert first.metadata["publication_types"] == ("Randomized Controlled Trial",)
    assert first.metadata["mesh"] == ("Humans",)
    assert first.metadata["pub_dates"] == {"ppub": "2020-02", "epub": "2019-12-01"}
    assert first.metadata["medline_indexed"] is True
    assert first.metadata["comments_corrections"] == ({"type": "RetractionIn", "pmid": "777", "source": "J X. 2021"},)
    assert (second.id, second.warnings) == ("pmid:124", ("The record has no abstract.",))


def test_other_xml_is_read_as_fields_with_their_paths() -> None:
    first = "<item sku='a1'><name>Pear</name><price cur='EUR'>2.00</price></item>"
    text = f'<shop v="2">{first}<item><name>Fig</name></item></shop>'
    found = document("shop.xml", text)
    assert found.text == (
        "shop v: 2\n\nitem sku: a1\nitem.name: Pear\nitem.price cur: EUR\nitem.price: 2.00\n\nitem.name: Fig"
    )
    assert cited("EUR", "shop.xml", text) == "/shop/item[1]/price/@cur"
    assert check_origin(found.text, found.origin, text) == []


def test_named_characters_of_html_are_known_where_a_dtd_is_named() -> None:
    found = document("a.xml", '<!DOCTYPE a SYSTEM "x.dtd"><a>&alpha; and &unknown;</a>')
    assert found.text == "a: α and &unknown;"


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>',
        "<!DOCTYPE l [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><l>&e;</l>",
        '<!DOCTYPE l [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]><l/>',
    ],
)
def test_declared_entities_are_refused(text: str) -> None:
    with pytest.raises(MalformedSource, match="declares the entity"):
        document("a.xml", text)


def test_xml_that_is_broken_or_too_deep_is_an_error_that_says_where() -> None:
    with pytest.raises(MalformedSource, match="line 1, column"):
        document("a.xml", "<a><b></a>")
    with pytest.raises(LimitExceeded, match="deeper than 200"):
        document("a.xml", "<a>" * 300)


def test_a_large_file_takes_linear_time() -> None:
    took = []
    for count in (500, 2_000):
        started = time.process_time()
        documents("a.xml", "<r>" + "<e k='é'>Ein Wert &amp; mehr</e>" * count + "</r>")
        took.append(time.process_time() - started)
    assert took[1] < 12 * took[0] + 0.2


PIECES = st.lists(
    st.sampled_from(
        [
            "<sec>",
            "</sec>",
            "<title>",
            "</title>",
            "<p>",
            "</p>",
            "<sup>",
            "</sup>",
            "<list><list-item><p>",
            "&lt;",
            " ",
            "é",
        ]
        + [
            "</p></list-item></list>",
            "<table-wrap><table><tr><td>",
            "</td></tr></table></table-wrap>",
            "1",
            "\n",
            "word",
        ]
        + [
            "<xref ref-type='bibr'>",
            "</xref>",
            "<![CDATA[<]]>",
            "<disp-quote>",
            "</disp-quote>",
            "<fig>",
            "</fig>",
            "\r\n",
        ]
    ),
    max_size=30,
)


@given(PIECES)
def test_any_article_gives_origins_that_hold_or_a_clear_error(pieces: list[str]) -> None:
    body = "".join(pieces)
    text = f"<article><front><article-meta/></front><body><p>x</p>{body}</body></article>"
    try:
        found = document("a.nxml", text)
    except IngestError as error:
        assert error.what
        return
    assert check_origin(found.text, found.origin, text) == []
