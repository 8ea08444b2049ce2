"""HTML: what a person would read, and where in the source it stands."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.ingest.readers.html import Page
from assay.textual.offsets import check_origin, locator_of, origin_span
from tests.ingest.readers.reader_kit import document, headings, labelled, shown

PAGE = """<!DOCTYPE html><html><head><title>T &amp; Co</title><meta name=author content="Jane">
<style>p { x: "<p>no" }</style></head><body><nav>Menu</nav>
<h1>Head <a class=headerlink href=#>¶</a></h1>
<p>Ten 10<sup>3</sup> &eacute;t&eacute;&nbsp;and
  <b>bold</b> text.<script>var a = "<p>no</p>"</script>
<p>second<br>line <span style="display: none">HIDDEN</span>
<ul><li>one<li>two<ol><li>a</ol></ul>
<table><caption>Prices</caption><tr><th>Item<th>Price<tr><td rowspan=2>Pear<td>2.00<tr><td>3.00</table>
<pre class="language-py">
x &lt; 1
   y
</pre><blockquote>Said.</blockquote></body></html>"""


def test_the_readable_text_of_a_page() -> None:
    assert document("a.html", PAGE).text == (
        "Head\n\nTen 10^3 été\u00a0and bold text.\n\nsecond\nline\n\n- one\n- two\n  1. a\n\nPrices\n\n"
        "Item; Price\nItem: Pear; Price: 2.00\nItem: Pear; Price: 3.00\n\nx < 1\n   y\n\nSaid."
    )


def test_title_metadata_and_hidden_text_are_reported() -> None:
    found = document("a.html", PAGE)
    assert found.title == "T & Co"
    assert found.metadata["author"] == "Jane"
    assert found.warnings == ("1 hidden elements with text were left out.",)


def test_structure_becomes_blocks() -> None:
    found = document("a.html", PAGE)
    assert headings(found) == [(1, "Head")]
    assert shown(found, "code") == ["x < 1\n   y"]
    assert labelled(found, "Price").kind == "cell"
    assert shown(found, "caption") == ["Prices"]
    assert shown(found, "quote") == ["Said."]
    assert [block.language for block in found.blocks if block.kind == "code"] == ["py"]


def test_every_piece_is_found_in_the_source() -> None:
    found = document("a.html", PAGE)
    assert check_origin(found.text, found.origin, PAGE) == []
    for words, source in (("été", "&eacute;t&eacute;"), ("bold text", "bold</b> text"), ("x < 1", "x &lt; 1")):
        at = found.text.index(words)
        span = origin_span(found.origin, at, at + len(words))
        assert span is not None and PAGE[span.start : span.end] == source


def test_a_cell_is_cited_by_row_and_column() -> None:
    found = document("a.html", PAGE)
    at = found.text.index("3.00")
    assert locator_of(found.origin, at, at + 4) == "table 1, row 3, column Price"


def test_signatures_are_headings_over_their_description() -> None:
    inner = "<dl><dt>x<dd>a number</dl>"
    source = f"<h1>M</h1><dl><dt class='sig'>f(x)<a class=headerlink>¶</a></dt><dd><p>Does it.</p>{inner}</dl>"
    found = document("a.html", source)
    assert headings(found) == [(1, "M"), (2, "f(x)")]
    assert labelled(found, "x").kind == "field"


def test_a_layout_table_is_read_as_text() -> None:
    found = document("a.html", "<table><tr><td><h2>Left</h2><p>a<td><table><tr><td>1<td>2</table></table>")
    assert headings(found) == [(2, "Left")]
    assert shown(found, "row") == ["1; 2"]


def test_superscript_references_do_not_melt_into_numbers() -> None:
    assert document("a.html", "<p>5 m<sup>2</sup>, 10<sup>-3</sup>, 5<sup>th</sup>").text == "5 m^2, 10^-3, 5th"


def test_a_declared_charset_is_used() -> None:
    data = "<meta charset=koi8-r><p>Договор является недействительным".encode("koi8-r")
    assert "Договор" in document("a.html", data).text


@pytest.mark.parametrize(
    "piece",
    [
        "<!--",
        "<a ",
        "<",
        "</",
        "<!",
        "<![CDATA[",
        "<a b='",
        "<div>",
        "<table><tr><td>",
        "<ul><li>",
        "&amp",
        "<sup>1",
        "</p",
    ],
)
def test_malformed_markup_takes_linear_time(piece: str) -> None:
    took = []
    for size in (20_000, 80_000):
        started = time.process_time()
        Page(piece * (size // len(piece)))
        took.append(time.process_time() - started)
    assert took[1] < 12 * took[0] + 0.2


def test_what_is_never_closed_is_told() -> None:
    assert "never closed" in document("a.html", "<p>Text <!-- rest of the page").warnings[0]
    assert "never closed" in document("a.html", "<p>Text</p><a href='x>link</a> tail").warnings[0]
    assert "nested deeper" in document("a.html", "<div>" * 300 + "x").warnings[0]


MARKUP = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<b>",
            "</b>",
            "<table>",
            "<tr>",
            "<td rowspan=2>",
            "</table>",
            "<ul>",
            "<li>",
            "<pre>",
            "</pre>",
        ]
        + [
            "<dl>",
            "<dt class=sig>",
            "<dd>",
            "<h2>",
            "</h2>",
            "<br>",
            "<sup>",
            "</sup>",
            "&amp;",
            "&nbsp;",
            "&#60;",
            "&x",
        ]
        + [
            " ",
            "\n",
            "\r\n",
            "  ",
            "word",
            "é😀",
            "1",
            "<",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<blockquote>",
            '"',
            "'",
        ]
        + ["<a href='", ">", "<th colspan=3>", "<caption>", "<figcaption>", "</ul>", "</dl>"]
    ),
    max_size=40,
)


@given(MARKUP)
def test_any_markup_gives_blocks_that_nest_and_origins_that_hold(pieces: list[str]) -> None:
    source = "".join(pieces)
    page = Page(source)
    assert check_origin(page.text, page.origin, source) == []
    assert all(0 <= block.start < block.end <= len(page.text) for block in page.blocks)
    ends = [len(page.text)]
    for block in page.blocks:
        while len(ends) > 1 and ends[-1] <= block.start:
            ends.pop()
        assert block.end <= ends[-1]
        ends.append(block.end)
