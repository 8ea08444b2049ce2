"""JSON, JSON Lines, CSV, gzip: fields, records and cells, each citable where it stands."""

from __future__ import annotations

import csv
import gzip
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import LimitExceeded, MalformedSource
from assay.ingest.formats import reader_for
from assay.ingest.readers.csv_file import csv_rows, sniff_delimiter
from assay.ingest.readers.json_scan import scan
from assay.textual.offsets import check_origin, locator_of, origin_span
from assay.types import AccessList, Document, SourceFile
from tests.ingest.readers.reader_kit import OPENAPI, document, documents, headings, labelled, shown

ERRORS = (
    '{"service": "Orders", "errors": [{"code": 401, "hint": "Token \\u00e9 expired\\nget a new one"}, {"code": 429}]}'
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def cited(found: Document, words: str) -> str:
    """The locator of the first place where the document says this."""
    at = found.text.index(words)
    return locator_of(found.origin, at, at + len(words))


def test_json_is_read_as_paths_and_values() -> None:
    found = document("errors.json", ERRORS)
    assert found.text == (
        "service: Orders\n\nerrors[0].code: 401\nerrors[0].hint: Token é expired\nget a new one\n\nerrors[1].code: 429"
    )
    assert cited(found, "429") == "$.errors[1].code"
    assert check_origin(found.text, found.origin, ERRORS) == []
    assert labelled(found, "errors[0].hint").kind == "field"


def test_a_value_with_escapes_is_found_in_the_file() -> None:
    found = document("errors.json", ERRORS)
    at = found.text.index("é expired")
    span = origin_span(found.origin, at, at + len("é expired"))
    assert span is not None and ERRORS[span.start : span.end] == "\\u00e9 expired"


def test_short_lists_stand_on_one_line() -> None:
    found = document("a.json", '{"tags": ["a", "b"], "none": [], "no": null}')
    assert found.text == "tags: a, b\nnone: []\nno: null"
    assert cited(found, "b") == "$.tags[1]"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1,}', "line 1, column 9: expected a key"),
        ('{"a" 1}', "expected ':'"),
        ('{"a": "x}', "never closed"),
        ("[1 2]", "expected ',' or ']'"),
        ("{}\n{}", "line 2, column 1: there is more"),
        ("nul", "expected a value"),
    ],
)
def test_json_that_is_not_valid_is_refused_with_line_and_column(text: str, says: str) -> None:
    with pytest.raises(MalformedSource) as caught:
        document("a.json", text)
    assert says in str(caught.value)


def test_json_nested_without_end_is_a_limit_and_not_a_crash() -> None:
    with pytest.raises(LimitExceeded, match="deeper than 200"):
        document("a.json", "[" * 100_000)


@given(JSON)
def test_the_scanner_agrees_with_the_standard_parser(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert scan(text, "x").value() == value


def test_a_list_of_records_gives_a_document_a_record() -> None:
    cases = [
        {"id": "c1", "title": "A v. B", "text": "The court held.", "court": "ca9"},
        {"title": "C v. D", "year": 1999},
    ]
    first, second = documents("cases.json", json.dumps(cases))
    assert (first.id, first.title, first.text) == ("c1", "A v. B", "The court held.")
    assert first.metadata["court"] == "ca9"
    assert (second.id, second.title, second.metadata["year"]) == ("cases.json#2", "C v. D", 1999)
    assert second.text == "title: C v. D\nyear: 1999"
    assert [d.id for d in documents("cases.json", json.dumps({"cases": cases}))] == ["c1", "cases.json#2"]


def test_a_record_keeps_its_text_title_metadata_and_access() -> None:
    text = "  Kept\r\nexactly é\u2003as it is. "
    record = {
        "id": "x:1",
        "title": "T",
        "text": text,
        "metadata": {"year": 2001, "n": {"a": [1]}},
        "access": ["user:ann"],
    }
    found = document("c.jsonl", json.dumps(record), {"library": "lib", "year": 1})
    assert (found.id, found.title, found.text) == ("x:1", "T", text)
    assert found.metadata == {"library": "lib", "year": 2001, "n": {"a": (1,)}}
    assert found.access == AccessList(("user:ann",))
    assert locator_of(found.origin, 0, 5) == "line 1, text"
    assert found.text[3:5] == text[3:5]


@pytest.mark.parametrize(
    ("format", "text", "kind", "shows"),
    [
        ("rst", "Head\n====\n\nx::\n\n   code\n", "code", "   code"),
        ("markdown", "# Head\n\n```py\n1\n```\n", "code", "```py\n1\n```"),
        ("python", "x = 1\n\n\ndef f():\n    return 2\n", "code", "x = 1"),
        ("c", "int a;\nint f(void) { return 1; }\n", "code", "int a;"),
        ("openapi-json", '{"paths": {"/x": {"get": {"summary": "s"}}}}', "code", '"get": {"summary": "s"}'),
    ],
)
def test_a_record_of_a_structured_format_has_its_blocks_and_its_own_text(
    format: str, text: str, kind: str, shows: str
) -> None:
    found = document("c.jsonl", json.dumps({"id": "r", "text": text, "metadata": {"format": format}}))
    assert found.text == text
    assert shown(found, kind)[0] == shows
    assert found.format == format


def test_an_html_record_is_extracted_with_origins_in_its_own_text() -> None:
    text = "<h1>Head</h1><p>A &lt; B</p><table><tr><th>X<tr><td>1</table>"
    found = document("c.jsonl", json.dumps({"id": "r", "text": text, "metadata": {"format": "html"}}))
    assert found.text == "Head\n\nA < B\n\nX\nX: 1"
    assert headings(found) == [(1, "Head")]
    assert check_origin(found.text, found.origin, text) == []
    assert locator_of(found.origin, len(found.text) - 1, len(found.text)) == "line 1, text, table 1, row 2, column X"


def test_bad_lines_are_told_after_the_good_ones_were_given() -> None:
    lines = [
        '{"id": "a", "text": "one"}',
        "{broken",
        '{"id": "b", "text": " "}',
        "",
        '{"id": "a", "text": "again"}',
        "[1]",
        '{"id": "c", "text": "two"}',
    ]
    source = SourceFile("c.jsonl", "\n".join(lines).encode(), "jsonl")
    good: list[str] = []
    with pytest.raises(MalformedSource) as caught:
        for found in reader_for("c.jsonl", source.data)[1].read(source):
            good.append(found.id)
    assert good == ["a", "c"]
    message = str(caught.value)
    assert "4 lines of 6 could not be read; the others were" in message
    assert (
        "line 2: it is not valid JSON" in message and "line 3" in message and "line 5: it repeats the id a" in message
    )
    assert "and 1 more" in message and "line 6" not in message


def test_a_record_without_text_is_read_as_fields() -> None:
    found = document("c.jsonl", '{"name": "Valve", "size": {"mm": 12}}')
    assert found.text == "name: Valve\n\nsize.mm: 12"
    assert (found.id, found.title, found.metadata["name"]) == ("c.jsonl#1", "Valve", "Valve")
    assert cited(found, "12") == "line 1, $.size.mm"


def test_characters_that_cannot_be_stored_are_replaced_and_told() -> None:
    found = document("c.jsonl", '{"id": "a", "text": "x\\ud800y\\u0000z"}')
    assert found.text == "x\ufffdy\ufffdz"
    assert "U+FFFD" in found.warnings[0]


def test_csv_rows_are_lines_and_cells_are_citable() -> None:
    text = 'name;price\r\n"A ""x""; b";1,50\r\nPear;2\r\n'
    found = document("prices.csv", text)
    assert found.text == 'name; price\nname: A "x"; b; price: 1,50\nname: Pear; price: 2'
    assert cited(found, "2") == "row 3, column price"
    assert check_origin(found.text, found.origin, text) == []
    assert found.metadata["columns"] == ("name", "price") and found.metadata["rows"] == 2
    assert shown(found, "cell")[2] == 'A "x"; b'


def test_csv_without_a_header_has_numbered_columns() -> None:
    found = document("a.csv", "1,2\n3,4\n")
    assert found.text == "1; 2\n3; 4"
    assert cited(found, "4") == "row 2, column column 2"


def test_uneven_rows_are_told() -> None:
    assert "1 of 3 rows" in document("a.csv", "a,b\n1,2\n3\n").warnings[0]


@pytest.mark.parametrize(
    ("text", "delimiter"), [("a\tb\n1\t2", "\t"), ("a|b\n1|2", "|"), ("x\ny", ","), ('"a;b",c\n1,2', ",")]
)
def test_the_delimiter_is_told_from_the_first_lines(text: str, delimiter: str) -> None:
    assert sniff_delimiter(text) == delimiter


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab"\n\r, é;'), max_size=5), min_size=2, max_size=3), min_size=1, max_size=4
    )
)
def test_csv_cells_are_cut_as_the_standard_module_cuts_them(rows: list[list[str]]) -> None:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [[cell.value for cell in row] for row in csv_rows(stream.getvalue(), ",")] == rows


def test_an_unclosed_quotation_mark_takes_linear_time() -> None:
    assert len(document("a.csv", '"a,' * 100_000).text) > 100_000


def test_a_gzip_bomb_is_stopped_at_the_limit() -> None:
    bomb = gzip.compress(b'{"text": "' + b"a" * 3_000_000 + b'"}')
    with pytest.raises(LimitExceeded):
        documents("b.jsonl.gz", bomb, {"reader": {"max_expanded_bytes": 1_000_000}})
    with pytest.raises(MalformedSource):
        documents("b.jsonl.gz", bomb[:-50])


def test_options_for_the_reader_are_not_metadata_of_the_document() -> None:
    found = document("a.txt", "words", {"reader": {"ocr": True}, "team": "x"})
    assert found.metadata == {"team": "x"}


def test_an_api_description_is_read_by_operation() -> None:
    found = document("orders.yaml", OPENAPI)
    assert (found.title, found.format) == ("Orders API", "openapi")
    assert headings(found) == [
        (1, "Orders API"),
        (2, "Security"),
        (2, "GET /orders/{id}"),
        (2, "Schema Order"),
        (2, "Schema Loop"),
    ]
    assert "- id (path, integer, required): Number of the order" in found.text
    assert "Deprecated: this operation is marked as deprecated." in found.text
    assert "- 200: The order\n  application/json: Order\n  - id (integer, required)\n  - next (Order)" in found.text
    assert "Security: oauth with scopes read" in found.text
    assert found.metadata["version"] == "2.1"
    assert found.metadata["deprecated_operations"] == ("GET /orders/{id}",)
    assert check_origin(found.text, found.origin, OPENAPI) == []
    assert cited(found, "Read one order") == "$.paths./orders/{id}.get.summary"
    assert shown(found, "code") == ['{"id": 7}']


def test_an_api_description_in_json_reads_the_same() -> None:
    import yaml

    found = document("o.json", json.dumps(yaml.safe_load(OPENAPI), indent=1))
    example = shown(found, "code")[0]
    assert found.text.replace(example, '{"id": 7}') == document("o.yaml", OPENAPI).text


def test_yaml_bombs_end_as_errors_or_as_text() -> None:
    laughs = (
        "openapi: 3.0.0\n" + "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    )
    with pytest.raises(MalformedSource):
        document("a.yaml", laughs)
    with pytest.raises(LimitExceeded):
        document("a.yaml", "openapi: " + "[" * 50_000)
