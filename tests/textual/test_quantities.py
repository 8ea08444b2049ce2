"""Quantities are equal where they mean the same, and only there."""

from __future__ import annotations

import pytest

from assay.textual.quantities import quantities


def keys(text: str) -> list[str]:
    return [quantity.key for quantity in quantities(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 g", "1,000 mg"),
        ("24 hours", "1 day"),
        ("2 years", "24 months"),
        ("five days", "5 days"),
        ("twenty-five percent", "25 %"),
        ("5 million", "5,000,000"),
        (".05", "0.05"),
        ("May 12, 2019", "12 May 2019"),
        ("2019-05-12", "12th day of May 2019"),
        ("5-10 mg", "5 mg to 10 mg"),
        ("1.20 %", "1.2 %"),
        ("$5 million", "$5,000,000"),
    ],
)
def test_one_quantity_in_two_spellings_is_one(one: str, other: str) -> None:
    assert keys(one) == keys(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 mg", "5 g"),
        ("5 mg", "5 mg/kg"),
        ("30 days", "30 months"),
        ("30 days", "30 business days"),
        ("1 month", "30 days"),
        ("5 %", "5 percentage points"),
        ("Section 6.1", "Section 6.10"),
        ("Python 3.1", "Python 3.10"),
        ("-5", "5"),
        ("May 2019", "May 2020"),
        ("0.5", "5"),
    ],
)
def test_two_quantities_are_two(one: str, other: str) -> None:
    assert keys(one) != keys(other)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("at least 5", ">="),
        ("≥ 5", ">="),
        ("5 or more", ">="),
        ("no more than 5", "<="),
        ("up to 5", "<="),
        ("p < 0.05", "<"),
        ("more than 5", ">"),
        ("about 5", "~"),
        ("exactly 5", ""),
    ],
)
def test_bounds_are_read_in_words_and_signs(text: str, sign: str) -> None:
    assert [quantity.comparator for quantity in quantities(text)] == [sign]


@pytest.mark.parametrize("text", ["IL-4", "B12", "F.3d", "x86_64", "py3", "3.13.5"])
def test_a_number_inside_a_name_is_no_quantity(text: str) -> None:
    assert keys(text) == []


def test_per_cent_in_two_words_is_a_unit_of_its_own() -> None:
    assert keys("5 per cent") == ["5 %"]


def test_offsets_cover_what_is_written() -> None:
    text = "a dose of at least 5 mg/kg per day"
    (found,) = quantities(text)
    assert text[found.start : found.end] == "at least 5 mg/kg per day"
    assert found.unit == "mg/kg/day"
