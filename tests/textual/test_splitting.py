"""Layout and cuts: structure seen in plain text, and pieces that keep words whole."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.textual.splitting import cut, heading_text, layout, outline_style, trim


def kinds(text: str) -> list[tuple[str, str]]:
    return [(unit.kind, text[unit.start : unit.end]) for unit in layout(text)]


def test_headings_of_markdown_underlining_and_capitals_are_seen() -> None:
    text = "## Two\n\nTitle\n=====\n\n=====\nOver\n=====\n\nPart\n----\n\nINTRODUCTION\n\nText of it.\n"
    headings = [(unit.level, unit.label) for unit in layout(text) if unit.kind == "heading"]
    assert headings == [(2, "Two"), (1, "Title"), (1, "Over"), (2, "Part"), (3, "INTRODUCTION")]


def test_a_labelled_paragraph_tells_its_label() -> None:
    text = "BACKGROUND: Little is known.\nMETHODS: We asked 40 people."
    assert [unit.label for unit in layout(text)] == ["BACKGROUND", "METHODS"]


def test_an_unclosed_fence_does_not_swallow_the_rest() -> None:
    text = "```python\nx = 1\n\nProse goes on here.\n\n# A heading\n"
    assert ("heading", "# A heading") in kinds(text)
    assert not [kind for kind, _ in kinds(text) if kind == "code"]


def test_a_fence_ends_at_one_as_long_and_without_words() -> None:
    text = "````\n```\ninside\n```\n````\nafter"
    assert kinds(text) == [("code", "````\n```\ninside\n```\n````"), ("prose", "after")]


def test_a_literal_block_of_restructuredtext_is_code() -> None:
    text = "For example::\n\n    x = 1\n\n    y = 2\n\nAfter it."
    assert kinds(text) == [("prose", "For example::"), ("code", "    x = 1\n\n    y = 2"), ("prose", "After it.")]


def test_wrapped_lines_are_joined_and_lines_ended_on_purpose_are_not() -> None:
    wrapped = (
        "The quick brown fox jumps over the lazy dog and then it\nRuns away over the hills and far into the woods.\n"
    )
    assert len(layout(wrapped)) == 1
    address = "Acme Limited\n12 Long Street\nOxford\nUnited Kingdom of Great Britain and Northern Ireland\n"
    assert len(layout(address)) == 4


@pytest.mark.parametrize(
    ("line", "style"),
    [
        ("1. Term", "number"),
        ("2.1 Fees", "decimal-1"),
        ("2.1.3. Late fees", "decimal-2"),
        ("(a) the goods", "round-small"),
        ("(ii) the price", "round-roman"),
        ("(B) the place", "round-capital"),
        ("(2) the time", "round-number"),
        ("ARTICLE IV", "article"),
        ("Section 9. Notices", "section"),
        ("§ 2-106. Definitions", "section"),
        ("IV. Analysis", "roman"),
        ("B. Discussion", "capital"),
        ("The court agreed", ""),
        ("2019 was a year", ""),
    ],
)
def test_the_style_of_a_clause_number_is_told(line: str, style: str) -> None:
    assert outline_style(line) == style


def test_the_words_of_a_heading_come_without_marks() -> None:
    assert heading_text("## `Config` **class** ##") == "Config class"
    assert heading_text("=====\nTitle\n=====") == "Title"


def test_a_cut_comes_behind_a_clause_else_between_words() -> None:
    text = "one two three; four five six, seven eight nine ten"
    assert [text[a:b] for a, b in cut(text, 0, len(text), 30)] == [
        "one two three;",
        "four five six,",
        "seven eight nine ten",
    ]
    words = "alpha beta gamma delta epsilon zeta"
    assert all(piece in words.split() or " " in piece for piece in (words[a:b] for a, b in cut(words, 0, 35, 12)))


def test_a_word_longer_than_the_limit_is_cut_but_never_before_a_combining_mark() -> None:
    text = "e\u0301" * 50
    pieces = [text[a:b] for a, b in cut(text, 0, len(text), 7)]
    assert "".join(pieces) == text
    assert all(piece[0] == "e" for piece in pieces)


@given(st.text(alphabet=st.sampled_from(list("ab ,;:\n\u0301\u200dé")), max_size=400), st.integers(1, 60))
def test_pieces_are_short_in_order_and_lose_nothing(text: str, limit: int) -> None:
    pieces = cut(text, 0, len(text), limit)
    assert all(0 < end - start <= limit for start, end in pieces)
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(pieces))
    assert "".join("".join(text[a:b].split()) for a, b in pieces) == "".join(text.split())


def test_a_megabyte_without_a_blank_is_cut_in_time() -> None:
    text = "x" * 1_000_000
    since = time.process_time()
    assert len(cut(text, 0, len(text), 800)) == 1250
    assert time.process_time() - since < 5.0


def test_trimming_leaves_no_white_space_at_the_ends() -> None:
    assert trim("  ab ", 0, 5) == (2, 4)
    assert trim("   ", 0, 3) == (3, 3)
