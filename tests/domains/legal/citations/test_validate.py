"""Each flag answers its own question, says unknown where nothing was checked, and gives a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from assay.domains.legal.citations import authority_keys, extract, look_up, validate
from assay.domains.legal.citations.matching import same_name

DAY = date(2026, 11, 1)


@dataclass(frozen=True)
class _Fact:
    key: str
    value: dict[str, Any]
    document_id: str


class _Library:
    """A library that holds one decision."""

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[_Fact]:
        held = _Fact("621 F.3d 110", {"name": "Vance v. Ostrow, Inc.", "court": "us/fed/ca9"}, "doc-1")
        return [held] if kind == "authority" and held.key in keys else []


@pytest.mark.parametrize(
    ("text", "flag", "words"),
    [
        ("Vance v. Ostrow, 347 U.S. 10 (1994)", "consistent", "volume 347"),
        ("Vance v. Ostrow, 86 F.3d 14 (Tex. 1996)", "consistent", "does not report"),
        ("Vance v. Ostrow, 510 F.2d 10 (11th Cir. 1975)", "consistent", "1981"),
        ("Vance v. Ostrow, 700 F. Supp. 2d 12 (W.D. Mass. 2010)", "consistent", "no court"),
        ("Vance v. Ostrow, 621 F.3d 110, 55 (9th Cir. 2010)", "consistent", "before the first page"),
        ("Vance v. Ostrow, 17 U.S. (3 Wheat.) 316 (1819)", "consistent", "Wheat."),
        ("Vance v. Ostrow, 2015 IL 118000 (Ill. 2009)", "consistent", "2015"),
        ("Vance v. Ostrow, 1005 F.3d 10 (9th Cir. 2021)", "in_range", "999"),
        ("Vance v. Ostrow, 40 F.3d 10 (9th Cir. 1975)", "in_range", "begins"),
        ("55 U.S.C. § 1", "in_range", "titles 1 to 54"),
        ("51 C.F.R. § 1.1", "in_range", "titles 1 to 50"),
        ("42 U.S.C. § 999999", "in_range", "beyond"),
        ("28 U.S.C. § 1332 (1876)", "in_range", "1926"),
        ("U.S. Const. amend. XIV, § 9", "in_range", "5 sections"),
        ("Vance v. Ostrow, 123 F.3d 456 (14th Cir. 1997)", "consistent", "14th Cir."),
        ("Vance v. Ostrow, 500 F.2d 12 (S.D. Cal. 1974)", "consistent", "does not report"),
        ("Vance v. Ostrow, 2013 IL 112000 (Ill. App. Ct. 2013)", "consistent", "numbers"),
        ("UCC § 2-999", "in_range", "2-725"),
        ("Fed. R. Civ. P. 99", "in_range", "87"),
        ("U.S. Const. amend. XXVIII", "in_range", "27"),
        ("29 C.F.R. § 1910.134 (2088)", "in_range", "future"),
    ],
)
def test_a_broken_rule_makes_its_flag_false_and_names_the_rule(text: str, flag: str, words: str) -> None:
    result = validate(text, DAY)
    assert result[flag].value is False and words in result[flag].reason
    assert flag in result.failed and result.valid is False


def test_well_formed_is_not_verified() -> None:
    result = validate("Vance v. Ostrow, 621 F.3d 110 (9th Cir. 2010)", DAY)
    assert (result.well_formed.value, result.in_range.value, result.consistent.value) == (True, True, True)
    assert result.in_library.value is None and result.name_matches.value is None and result.valid is True


def test_where_no_bound_is_known_in_range_is_unknown_and_not_true() -> None:
    result = validate("Cal. Civ. Code § 1542", DAY)
    assert result.well_formed.value is True and result.in_range.value is None and result.valid is None


def test_what_is_no_citation_is_not_well_formed_and_the_rest_unknown() -> None:
    result = validate("Vance v. Ostrow, 123 X.Y.Z. 456 (2001)", DAY)
    assert result.well_formed.value is False and result.citation is None and len(result.unknown) == 8


def test_nothing_is_in_the_future_of_the_day_of_asking() -> None:
    text = "Vance v. Ostrow, 597 U.S. 10 (2022)"
    assert validate(text, date(2021, 1, 1)).in_range.value is False
    assert validate(text, DAY).in_range.value is True


def test_the_library_answers_whether_it_holds_the_citation_and_under_which_name() -> None:
    library = _Library()
    same = validate("Vance v. Ostrow, 621 F.3d 110 (9th Cir. 2010)", DAY, library)
    other = validate("Quill v. Ames, 621 F.3d 110 (9th Cir. 2010)", DAY, library)
    absent = validate("Vance v. Ostrow, 622 F.3d 110 (9th Cir. 2010)", DAY, library)
    assert (same.in_library.value, same.name_matches.value) == (True, True)
    assert (other.in_library.value, other.name_matches.value) == (True, False)
    assert (absent.in_library.value, absent.name_matches.value) == (False, None)
    assert same.valid is other.valid is True


def test_one_look_up_serves_many_citations() -> None:
    found = extract("Vance v. Ostrow, 621 F.3d 110 (9th Cir. 2010); 17 U.S.C. § 107")
    held = look_up(found, _Library())
    assert held["17 U.S.C. § 107"] == [] and held["621 F.3d 110"][0]["document_id"] == "doc-1"
    assert [validate(c, DAY, holdings=held).in_library.value for c in found] == [True, False]


@pytest.mark.parametrize(
    ("cited", "held", "same"),
    [
        ("Bell Atl. Corp. v. Twombly", "Bell Atlantic Corporation v. Twombly", True),
        ("Twombly", "Bell Atlantic Corp. v. Twombly", True),
        ("U.S. v. Smith", "United States v. Smith", True),
        ("Smith v. Jones", "Jones v. Smith", True),
        ("Smith v. Brown", "Smith v. Jones", False),
        ("In re Gault", "In re Winship", False),
    ],
)
def test_names_agree_when_the_parties_do(cited: str, held: str, same: bool) -> None:
    assert same_name(cited, held) is same


def test_what_others_found_out_is_passed_on_as_it_is() -> None:
    result = validate("17 U.S.C. § 107", DAY, pin_found=False, supports_sentence=True)
    assert (result.pin_found.value, result.quotation_found.value, result.supports_sentence.value) == (False, None, True)
    assert result.valid is True


def test_an_id_without_anything_before_it_is_unresolved_and_unknown() -> None:
    (found,) = extract("Id. at 14.")
    result = validate(found, DAY)
    assert result.resolved.value is None and result.resolved.reason and result.valid is None


def test_a_documents_own_keys_come_from_its_metadata() -> None:
    metadata = {"citation": "D.C. Code § 28:2-106", "parallel": "UCC § 2-106", "title": "347 U.S. 483"}
    assert authority_keys(metadata) == ("D.C. Code § 28:2-106", "UCC § 2-106")
    assert authority_keys({"citation": "an invented agreement"}) == ()
