"""Names are found by their surface: citations, sections, identifiers, versions, proper names."""

from __future__ import annotations

import pytest

from assay.textual.names import name_key, names, section_number


@pytest.mark.parametrize(
    ("text", "kind", "key"),
    [
        ("What did ProCD v. Zeidenberg hold?", "proper", "procd v. zeidenberg"),
        ("What does UCC § 2-207 say?", "section", "ucc § 2-207"),
        ("Is 17 U.S.C. § 107 a defence?", "section", "17 u.s.c. § 107"),
        ("See 86 F.3d 1447 for that.", "section", "86 f.3d 1447"),
        ("What does 28:2-106 define?", "section", "28:2-106"),
        ("What does os.path.join return?", "identifier", "os.path.join"),
        ("Is read_csv() slow?", "identifier", "read_csv"),
        ("Is it in Python 3.12 yet?", "version", "3.12"),
        ("Does it hold in 2019?", "year", "2019"),
        ("How does COPD progress?", "acronym", "copd"),
        ("Does metformin help?", "drug", "metformin"),
        ("What is “cancellation” here?", "quoted", "cancellation"),
    ],
)
def test_each_kind_of_name_is_found(text: str, kind: str, key: str) -> None:
    assert (kind, key) in [(name.kind, name.key) for name in names(text)]


def test_a_capital_at_a_sentences_start_proves_nothing() -> None:
    assert names("Sellers may cancel. Buyers may not.") == []


def test_question_words_are_no_part_of_a_name() -> None:
    assert [name.key for name in names("What Did Smith argue?")] == ["smith"]


def test_a_number_is_a_year_only_where_it_is_used_as_one() -> None:
    assert [name.kind for name in names("it changed in 2000")] == ["year"]
    assert names("give 2000 units") == []


def test_the_number_of_a_section_tells_it_apart() -> None:
    assert section_number("ucc § 2-106") == "2-106"
    assert section_number("17 u.s.c. § 107") == "107"
    assert section_number("86 f.3d 1447") == "86 f.3d 1447"


def test_spellings_of_one_name_have_one_key() -> None:
    assert name_key("read_csv()") == name_key("read_csv")
    assert name_key("Zürich’s ") == name_key("zurich's")
