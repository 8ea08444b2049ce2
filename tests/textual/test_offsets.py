"""Origin maps: built while a text is assembled, read afterwards, exact wherever they say so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import InputError
from assay.textual.offsets import (
    OriginSpan,
    TextBuilder,
    check_origin,
    is_exact,
    locator_of,
    origin_span,
    origin_spans,
    whole,
)
from assay.types import OriginSegment

ORIGIN = "Tom &amp; Jerry \\n ran 1&nbsp;km"
TEXT = st.text(st.sampled_from("ab é\n😀&;"), max_size=40)
STEPS = st.lists(st.tuples(st.sampled_from(("copy", "derive", "add")), st.integers(0, 40), st.integers(0, 9), TEXT))


def built(origin: str, steps: list[tuple[str, int, int, str]]) -> TextBuilder:
    """A builder that took these steps over `origin`."""
    builder = TextBuilder(origin)
    for kind, at, size, text in steps:
        start = min(at, len(origin))
        end = min(start + size, len(origin))
        if kind == "copy":
            builder.copy(origin[start:end], start)
        elif kind == "derive":
            builder.derive(text, start, end)
        else:
            builder.add(text)
    return builder


def test_neighbouring_pieces_of_one_place_become_one_segment() -> None:
    builder = TextBuilder(ORIGIN)
    builder.copy("Tom", 0)
    builder.copy(" ", 3)
    builder.derive("&", 4, 9)
    builder.copy(" Jerry", 9)
    assert builder.text() == "Tom & Jerry"
    assert builder.segments() == (
        OriginSegment(0, 4, 0, 4),
        OriginSegment(4, 5, 4, 9),
        OriginSegment(5, 11, 9, 15),
    )


def test_pieces_with_different_locators_stay_apart() -> None:
    builder = TextBuilder()
    builder.copy("ab", 0, "page 1")
    builder.copy("cd", 2, "page 2")
    assert [segment.locator for segment in builder.segments()] == ["page 1", "page 2"]


def test_a_span_maps_back_through_an_entity_and_to_single_characters_outside_it() -> None:
    builder = TextBuilder(ORIGIN)
    builder.copy("Tom ", 0)
    builder.derive("&", 4, 9)
    builder.copy(" Jerry", 9)
    origin = builder.segments()
    assert origin_span(origin, 1, 3) == OriginSpan(1, 3)
    assert origin_span(origin, 4, 5) == OriginSpan(4, 9)
    assert ORIGIN[slice(*_bounds(origin_span(origin, 2, 8)))] == "m &amp; Je"


def _bounds(span: OriginSpan | None) -> tuple[int, int]:
    assert span is not None
    return span.start, span.end


def test_text_without_an_origin_maps_to_nothing() -> None:
    builder = TextBuilder("abc")
    builder.add("Name: ")
    builder.copy("abc", 0)
    assert origin_span(builder.segments(), 0, 5) is None
    assert origin_span(builder.segments(), 0, 7) == OriginSpan(0, 1)


def test_a_span_over_two_pages_gives_one_span_a_page_and_says_so_in_words() -> None:
    origin = (OriginSegment(0, 5, 10, 15, "page 1"), OriginSegment(7, 9, 0, 2, "page 2"))
    assert origin_spans(origin, 3, 8) == (OriginSpan(13, 15, "page 1"), OriginSpan(0, 1, "page 2"))
    assert locator_of(origin, 3, 8) == "page 1 to page 2"
    assert locator_of(origin, 0, 2) == "page 1"
    assert locator_of((), 0, 2) == ""


def test_an_empty_map_means_that_the_text_is_the_original() -> None:
    assert origin_spans((), 4, 9) == (OriginSpan(4, 9),)


def test_a_text_in_one_piece_maps_by_a_shift() -> None:
    assert origin_span(whole(10, 7, "line 3, text"), 2, 4) == OriginSpan(9, 11, "line 3, text")
    assert whole(0) == ()


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (5, 4)])
def test_what_is_no_span_is_refused(start: int, end: int) -> None:
    with pytest.raises(InputError, match="is not a span"):
        origin_spans((), start, end)


def test_a_derived_piece_of_equal_length_never_claims_to_be_exact() -> None:
    builder = TextBuilder("x\ny")
    builder.derive(" ", 1, 2)
    (segment,) = builder.segments()
    assert not is_exact(segment)
    assert segment.origin_start <= 1 and segment.origin_end >= 2


def test_a_wrong_map_is_found_out() -> None:
    assert check_origin("abc", whole(3), "abc") == []
    assert "says 'abc'" in check_origin("abc", whole(3), "abd")[0]
    assert "outside the original" in check_origin("abc", whole(3, 1), "abc")[0]
    assert "out of order" in check_origin("ab", (OriginSegment(1, 2, 0, 1), OriginSegment(0, 1, 0, 1)), "ba")[0]


@given(TEXT, STEPS)
def test_whatever_is_assembled_maps_back_truly(origin: str, steps: list[tuple[str, int, int, str]]) -> None:
    builder = built(origin, steps)
    text, segments = builder.text(), builder.segments()
    assert len(text) == builder.length
    for segment in segments:
        assert 0 <= segment.origin_start <= segment.origin_end <= len(origin)
        if is_exact(segment):
            shift = segment.origin_start
            assert text[segment.start : segment.end] == origin[shift : segment.origin_end]
    ends = [0, *(segment.end for segment in segments)]
    assert all(segment.start >= end for segment, end in zip(segments, ends, strict=False))


@given(TEXT, STEPS, st.integers(0, 60), st.integers(0, 60))
def test_every_span_of_exact_text_is_found_again_in_the_original(
    origin: str, steps: list[tuple[str, int, int, str]], first: int, size: int
) -> None:
    builder = built(origin, [step for step in steps if step[0] == "copy"])
    text, segments = builder.text(), builder.segments()
    start = min(first, len(text))
    end = min(start + size, len(text))
    for segment in segments:
        inner_start, inner_end = max(start, segment.start), min(end, segment.end)
        if inner_start < inner_end:
            span = origin_span(segments, inner_start, inner_end)
            assert span is not None
            assert origin[span.start : span.end] == text[inner_start:inner_end]
