"""Citations are found where they stand, read into their parts, and tied to what they point to."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domains.legal.citations import citation_patterns, extract, normalise, parse


def test_a_case_is_read_with_name_pin_court_year_and_parentheses() -> None:
    (found,) = extract("See Vance v. Ostrow, Inc., 621 F.3d 110, 114-15 n.3 (9th Cir. 2010) (en banc).")
    assert (found.name, found.plaintiff, found.defendant) == ("Vance v. Ostrow, Inc.", "Vance", "Ostrow, Inc.")
    assert (found.key, found.pin, found.year, found.court) == ("621 F.3d 110", "114-15 n.3", 2010, "us/fed/ca9")
    assert (found.parentheticals, found.signal) == (("en banc",), "see")


def test_spans_show_the_words_themselves() -> None:
    text = "As held in Vance v. Ostrow, 621 F.3d 110 (9th Cir. 2010), and in 17 U.S.C. § 107(3), it is so."
    case, statute = extract(text)
    assert text[case.start : case.end] == case.text == "Vance v. Ostrow, 621 F.3d 110 (9th Cir. 2010)"
    assert text[statute.core_start : statute.core_end] == "17 U.S.C. § 107(3)"


def test_parallel_citations_of_one_decision_name_each_other() -> None:
    first, second = extract("Vance v. Ostrow, 248 N.Y. 339, 162 N.E. 99 (1928)")
    assert (first.parallel, second.parallel) == (("162 N.E. 99",), ("248 N.Y. 339",))
    assert first.year == second.year == 1928


def test_two_decisions_with_a_semicolon_between_them_are_not_parallel() -> None:
    first, second = extract("Vance v. Ostrow, 100 F.3d 1 (1st Cir. 1996); Quill v. Ames, 512 U.S. 10 (1994)")
    assert (first.parallel, second.parallel, second.name) == ((), (), "Quill v. Ames")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("F.Supp.2d as in 104 F.Supp.2d 1332", "104 F. Supp. 2d 1332"),
        ("173 Wn.2d 477", "173 Wash. 2d 477"),
        ("2019 IL 123456", "2019 IL 123456"),
        ("2013 IL App (1st) 112583", "2013 IL App (1st) 112583"),
        ("2010-Ohio-2424", "2010-Ohio-2424"),
        ("2020 WL 1234567", "2020 WL 1234567"),
        ("5 U.S. (1 Cranch) 137", "5 U.S. 137"),
        ("42 USC 1983", "42 U.S.C. § 1983"),
        ("Title 18, United States Code, Section 1326", "18 U.S.C. § 1326"),
        ("section 1983 of Title 42", "42 U.S.C. § 1983"),
        ("46 U.S.C.App. § 1903", "46 U.S.C. app. § 1903"),
        ("29 CFR 1604.11", "29 C.F.R. § 1604.11"),
        ("20 C.F.R. Pt. 404, Subpt. P, App. 1", "20 C.F.R. pt. 404"),
        ("I.R.C. § 501(c)(3)", "26 U.S.C. § 501"),
        ("U.S.S.G. § 2D1.1(b)", "U.S.S.G. § 2D1.1"),
        ("88 Fed. Reg. 12,345", "88 Fed. Reg. 12345"),
        ("Pub. L. No. 111-148", "Pub. L. No. 111-148"),
        ("124 Stat. 119", "124 Stat. 119"),
        ("H.R. Rep. No. 94-1476, at 65", "H.R. Rep. No. 94-1476"),
        ("Uniform Commercial Code section 2-207", "UCC § 2-207"),
        ("section 9-102 of the Uniform Commercial Code", "UCC § 9-102"),
        ("U.C.C. § 2A-103(1)(j)", "UCC § 2A-103"),
        ("Article 9 of the UCC", "UCC art. 9"),
        ("Cal. Bus. & Prof. Code § 17200", "Cal. Bus. & Prof. Code § 17200"),
        ("California Civil Code section 1542", "Cal. Civ. Code § 1542"),
        ("M.G.L. c. 93A, § 2", "Mass. Gen. Laws ch. 93A, § 2"),
        ("CPLR 3211(a)(7)", "N.Y. C.P.L.R. 3211"),
        ("735 ILCS 5/2-619", "735 ILCS 5/2-619"),
        ("O.C.G.A. § 51-1-6", "Ga. Code § 51-1-6"),
        ("42 Pa.C.S. § 5524", "42 Pa. Cons. Stat. § 5524"),
        ("RCW 19.86.020", "Wash. Rev. Code § 19.86.020"),
        ("Federal Rule of Civil Procedure 12(b)(6)", "Fed. R. Civ. P. 12"),
        ("FRE 702", "Fed. R. Evid. 702"),
        ("Rule 30(b)(6) of the Federal Rules of Civil Procedure", "Fed. R. Civ. P. 30"),
        ("N.J. Ct. R. 1:36-3", "N.J. Ct. R. 1:36-3"),
        ("U.S. Const. art. I, § 8, cl. 3", "U.S. Const. art. I, § 8"),
        ("Tex. Const. art. V, § 6", "Tex. Const. art. V, § 6"),
        ("Restatement (Second) of Torts § 402A cmt. k", "Restatement (Second) of Torts § 402A"),
        ("100 Harv. L. Rev. 1, 5", "100 Harv. L. Rev. 1"),
    ],
)
def test_every_kind_is_found_under_one_key_however_it_is_written(text: str, key: str) -> None:
    assert [citation.key for citation in extract(f"The court relied on {text}, and no more.")] == [key]


def test_each_section_of_a_list_is_a_citation_of_its_own() -> None:
    found = extract("under 42 U.S.C. §§ 1981, 1983, and 1985(3), and UCC §§ 2-204, 2-206 and 2-207(1)")
    assert [c.key for c in found] == [
        "42 U.S.C. § 1981", "42 U.S.C. § 1983", "42 U.S.C. § 1985", "UCC § 2-204", "UCC § 2-206", "UCC § 2-207",
    ]  # fmt: skip
    assert (found[2].subsection, found[5].subsection) == ("(3)", "(1)")


def test_a_hyphen_is_a_range_between_numbers_and_part_of_the_section_elsewhere() -> None:
    whole, short, part = extract("29 U.S.C. §§ 201-219; 18 U.S.C. §§ 1961-68; 42 U.S.C. § 2000e-2(a)")
    assert (whole.section, whole.pin) == ("201", "201-219")
    assert (short.section, short.pin) == ("1961", "1961-68")
    assert (part.section, part.subsection, part.pin) == ("2000e-2", "(a)", "")


def test_a_states_enactment_names_the_uniform_section_it_enacts() -> None:
    texts = ("D.C. Code § 28:2-106", "Cal. Com. Code § 2106", "Tex. Bus. & Com. Code § 2.106", "Fla. Stat. § 672.106",
             "N.Y. U.C.C. Law § 2-106", "810 ILCS 5/2-106")  # fmt: skip
    assert {extract(text)[0].parallel for text in texts} == {("UCC § 2-106",)}


def test_id_supra_and_short_forms_point_to_the_citation_they_mean() -> None:
    text = (
        "Vance v. Ostrow, 100 F.3d 10, 12 (1st Cir. 1996). Id. at 14. Quill v. Ames, 550 U.S. 544 (2007). "
        "Quill, 550 U.S. at 570. Vance, supra, at 15."
    )
    found = extract(text)
    assert [(c.form, c.key) for c in found] == [
        ("full", "100 F.3d 10"), ("id", "100 F.3d 10"), ("full", "550 U.S. 544"), ("short", "550 U.S. 544"),
        ("supra", "100 F.3d 10"),
    ]  # fmt: skip


def test_a_short_form_means_the_decision_that_can_hold_its_page() -> None:
    text = (
        "Vance v. Ostrow, 500 F.2d 10 (1st Cir. 1974). Quill v. Ames, 500 F.2d 300 (2d Cir. 1974). See 500 F.2d at 105."
    )
    assert extract(text)[-1].key == "500 F.2d 10"


@pytest.mark.parametrize(
    "between",
    [
        " The witness said so. Tr. at 40. Id. at 41.",
        "; Quill v. Ames, 550 U.S. 544 (2007). Id. at 545.",
    ],
)
def test_an_id_that_could_mean_two_things_points_to_none_and_says_why(between: str) -> None:
    found = extract(f"Vance v. Ostrow, 100 F.3d 10 (1st Cir. 1996){between}")
    assert found[-1].form == "id" and found[-1].key == "" and found[-1].reason


def test_an_id_passes_over_what_a_parenthesis_quotes_and_over_later_history() -> None:
    quoted = (
        "Vance v. Ostrow, 100 F.3d 10 (1st Cir. 1996) (quoting Quill v. Ames, 50 F.3d 3 (2d Cir. 1995)). Id. at 14."
    )
    denied = "Vance v. Ostrow, 100 F.3d 10 (1st Cir. 1996), cert. denied, 520 U.S. 1000 (1997). Id. at 14."
    assert extract(quoted)[-1].key == extract(denied)[-1].key == "100 F.3d 10"


def test_a_year_of_the_next_citation_does_not_bleed_back() -> None:
    first = extract("Vance v. Ostrow, 556 U.S. 662, 678; Quill v. Ames, 720 F.3d 1 (1st Cir. 2013)")[0]
    assert first.year is None


@pytest.mark.parametrize(
    "text",
    ["On 3 May 1999 the 12 jurors met.", "Rule 12 applies.", "§ 1983 claims", "Cal. Spaceship Code § 1542",
     "Room 4 B 12", "$ 12 Million 40", "see Part 3 supra"],
)  # fmt: skip
def test_numbers_and_capitals_alone_are_no_citation(text: str) -> None:
    assert extract(text) == ()


def test_a_string_that_says_more_than_a_citation_is_not_parsed() -> None:
    assert parse("the court in 347 U.S. 483 held the opposite of what was argued") is None
    assert normalise("347 U.S. 483") == "347 U.S. 483"
    assert normalise("no citation") == ""


def test_a_reporter_that_only_the_second_reader_knows_is_read() -> None:
    found = parse("Harrow v. Bell, 3 Gilm. 12 (Ill. 1846)")
    assert found is not None and found.kind == "case" and found.page == "12"


@given(st.text(alphabet=st.sampled_from("ab §.,()[]0123456789-–_\nUSCFRv AIdL&'“"), max_size=200))
def test_no_text_makes_it_raise_and_every_span_lies_inside(text: str) -> None:
    for citation in extract(text):
        assert 0 <= citation.start <= citation.core_start <= citation.core_end <= citation.end <= len(text)
        assert citation.text == text[citation.start : citation.end]


def test_the_patterns_are_there_by_name() -> None:
    assert {"case", "id", "supra", "usc", "cfr", "ucc", "state_code", "rule", "constitution"} <= set(citation_patterns)
    assert citation_patterns["usc"].search("17 U.S.C. § 107")


@pytest.mark.parametrize(
    "piece", [" ", "\n", "§ 1-", "1 U.S. 1, ", "A v. B, ", "Id. at 1, 2, ", "(", "Restatement of Aa "]
)
def test_a_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    extract("347 U.S. 483")
    began = time.process_time()
    extract(piece * (30_000 // len(piece)))
    assert time.process_time() - began < 2.0
