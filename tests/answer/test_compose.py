"""The text of an answer: every claim word for word, with its marks, prose as prose, lists as lists, code as code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.answer.compose import compose, is_code, marks
from assay.types import Citation, Claim


def claim(text: str, *numbers: int, section: str = "") -> Claim:
    cited = tuple(Citation(number, "d", 1, "t", "s", text, 0, 1) for number in numbers)
    return Claim(text, "supported", 1.0, cited, section=section)


def test_sentences_run_on_each_with_its_marks() -> None:
    text = compose([claim("The fee is 2 %.", 1), claim("It falls due in May.", 2, 3, 2)])
    assert text == "The fee is 2 %. [1] It falls due in May. [2][3]"


def test_marks_name_each_number_once_in_order() -> None:
    assert marks(claim("x", 3, 1, 3)) == "[3][1]"


def test_nothing_gives_nothing() -> None:
    assert compose([]) == ""


def test_a_line_break_of_the_source_is_no_line_break_of_the_answer() -> None:
    assert compose([claim("The fee\n  is 2 %\nof sales.", 1)]) == "The fee is 2 % of sales. [1]"


def test_a_case_name_that_was_wrapped_is_joined() -> None:
    assert compose([claim("See ProCD\nv. Zeidenberg.", 1)]) == "See ProCD v. Zeidenberg. [1]"


def test_list_items_stand_under_one_another() -> None:
    text = compose(
        [claim("These count:", 1), claim("- the purpose;", 2), claim("- the nature.", 3), claim("So it is.", 4)]
    )
    assert text == "These count: [1]\n\n- the purpose; [2]\n- the nature. [3]\n\nSo it is. [4]"


def test_a_claim_with_a_list_keeps_its_items() -> None:
    text = compose([claim("The buyer may\n\n(a) reject the\n    whole; or\n(b) accept it.", 1)])
    assert text == "The buyer may\n\n(a) reject the whole; or\n(b) accept it. [1]"


def test_a_table_row_or_heading_does_not_run_into_the_next_sentence() -> None:
    assert compose([claim("| fee | 2 % |", 1), claim("It is due.", 2)]) == "| fee | 2 % | [1]\n\nIt is due. [2]"


def test_a_fenced_block_stays_as_it_is() -> None:
    block = "```python\ndef f(x):\n    return  x  # two  spaces\n```"
    assert (
        compose([claim("Call f.", 1), claim(block, 2), claim("Done.", 3)])
        == f"Call f. [1]\n\n{block}\n[2]\n\nDone. [3]"
    )


@pytest.mark.parametrize(
    "code",
    [
        "import os\n\nos.getcwd()",
        ">>> sorted([3, 1])\n[1, 3]",
        "for item in items:\n    print(item)",
        'curl -X POST https://api.example/v1 \\\n  --header "A: b"',
        '{\n  "error": "invalid_grant"\n}',
        "let x = 1;\nfoo(x);",
    ],
)
def test_code_of_several_lines_is_fenced_unchanged(code: str) -> None:
    assert compose([claim(code, 1)]) == f"```\n{code}\n```\n[1]"


@pytest.mark.parametrize(
    "prose",
    [
        "The court held that\nthe licence binds\nthe buyer.",
        "(1) the purpose and character of the use;\n(2) the nature of the work;",
        "For patients with fever, we found\nno effect (P = 0.4) of the drug.",
        "if the seller fails to deliver,\nthe buyer may cancel.",
    ],
)
def test_prose_of_several_lines_is_not_taken_for_code(prose: str) -> None:
    assert not is_code(claim(prose))


def test_code_with_fences_inside_gets_a_longer_fence_and_an_open_fence_is_closed() -> None:
    assert compose([claim("x = '''\n```\n'''\ny = 2", 1, section="code")]).startswith("````\n")
    assert compose([claim("```\nx = 1", 1)]) == "```\nx = 1\n```\n[1]"


def test_sections_are_grouped_under_their_names_in_order() -> None:
    text = compose(
        [
            claim("First.", 1),
            claim("Sony won.", 2, section="For"),
            claim("Sony lost.", 3, section="Against"),
            claim("It won again.", 4, section="For"),
        ]
    )
    assert text == "First. [1]\n\nFor:\n\nSony won. [2] It won again. [4]\n\nAgainst:\n\nSony lost. [3]"


def test_the_section_of_code_is_no_heading_and_stays_where_it_was() -> None:
    text = compose(
        [
            claim("Do this.", 1, section="Set-up"),
            claim("x = 1", 2, section="code"),
            claim("Then that.", 3, section="Set-up"),
        ]
    )
    assert text == "Set-up:\n\nDo this. [1]\n\n```\nx = 1\n```\n[2]\n\nThen that. [3]"


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="`~"), min_size=1).filter(str.strip), max_size=4)
)
def test_no_word_of_a_claim_is_added_lost_or_changed(texts: list[str]) -> None:
    composed = compose([claim(text, number) for number, text in enumerate(texts, 900_001)])
    words = re.sub(r"\[90000\d\]|^```$", "", composed, flags=re.MULTILINE).split()
    assert words == " ".join(texts).split()
