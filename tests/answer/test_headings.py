"""A heading is shown with a claim where it is the name of something in code, and only there."""

from __future__ import annotations

import pytest

from assay.answer.headings import names_code, plain_heading, speaks_of_code


@pytest.mark.parametrize(
    "heading",
    ["paths.join", "Valve.open()", "std::move", "max_length", "addListener", "--force", "GET /boats/{id}", "class a.B"],
)
def test_names_of_code_are_recognised(heading: str) -> None:
    assert names_code(heading, "")


@pytest.mark.parametrize(
    "heading", ["Introduction", "Governing law", "RESULTS", "5.2 Term", "limitation of liability", "Why it matters", ""]
)
def test_ordinary_headings_are_not(heading: str) -> None:
    assert not names_code(heading, f"The {heading.lower()} is set out here.")


def test_words_in_lower_case_are_a_command_where_code_begins_with_them() -> None:
    assert names_code("tool repair", "Mends it.\n\n    tool repair --all\n")
    assert not names_code("tool repair", "A tool repair takes a day.")


def test_the_marks_of_a_heading_are_not_its_words() -> None:
    assert plain_heading("## `paths.join` ¶\n") == "paths.join"
    assert plain_heading("") == ""


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("What does paths.join return?", True),
        ("Which function joins paths?", True),
        ("What is `flood` for?", True),
        ("Did the flood of 1911 reduce the harvest?", False),
        ("Does COVID-19 raise mortality?", False),
    ],
)
def test_questions_about_code_are_told_from_others(asked: str, expected: bool) -> None:
    assert speaks_of_code(asked) is expected
