from __future__ import annotations

import time

import pytest

from assay.domains.legal.treatments import Treatment, treatments


def only(text: str) -> Treatment:
    found = [t for t in treatments(text) if t.negative]
    assert len(found) == 1, f"{text!r} gave {found}"
    return found[0]


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        (
            "See Alder v. Birch, 101 F.2d 202, 204 (1st Cir. 1939), overruled by Cedar v. Dogwood, 303 F.2d 404 "
            "(1st Cir. 1962).",
            "overruled",
            "101 F.2d 202",
        ),
        (
            "See Alder v. Birch, 101 F. Supp. 202 (D. Me. 1951), rev'd, 203 F.2d 11 (1st Cir. 1953).",
            "reversed",
            "101 F. Supp. 202",
        ),
        (
            "See Alder v. Birch, 101 F.3d 202 (9th Cir. 1996), vacated as moot, 520 U.S. 43 (1997).",
            "vacated",
            "101 F.3d 202",
        ),
        (
            "See Alder v. Birch, 101 F.3d 202 (9th Cir. 1996), aff'd in part and rev'd in part, 520 U.S. 43 (1997).",
            "reversed",
            "101 F.3d 202",
        ),
        (
            "Alder v. Birch, 101 F.3d 202 (9th Cir. 1996), superseded by statute, Pub. L. No. 105-1, was once "
            "the rule.",
            "superseded",
            "101 F.3d 202",
        ),
        (
            "Alder v. Birch, 101 F.2d 202 (2d Cir. 1940) (cases so holding), abrogated by Cedar v. Dogwood, 303 "
            "U.S. 404 (1950).",
            "abrogated",
            "101 F.2d 202",
        ),
        (
            "Alder v. Birch, 101 F.2d 202 (1st Cir. 1939), was overruled in Cedar v. Dogwood, 303 F.2d 404 (1st "
            "Cir. 1962).",
            "overruled",
            "101 F.2d 202",
        ),
    ],
)
def test_history_behind_a_citation_belongs_to_that_citation(text: str, kind: str, target: str) -> None:
    found = only(text)
    assert (found.kind, found.targets[0]) == (kind, target)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The Supreme Court has since expressly overruled Alder.", "overruled"),
        ("In Cedar the court disapproved of Alder v. Birch.", "disapproved"),
        ("Alder v. Birch is no longer good law.", "not_good_law"),
        ("We respectfully decline to follow Alder v. Birch.", "declined_to_follow"),
        ("Our decision in Alder v. Birch has been called into question by Cedar v. Dogwood.", "questioned"),
        ("Congress amended the Act in 1991 to overrule Alder v. Birch.", "overruled"),
        ("Its earlier holdings have been limited by two later decisions of this court.", "limited"),
    ],
)
def test_a_statement_about_an_authority_is_read(text: str, kind: str) -> None:
    assert only(text).kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "The district court overruled the defendant's objection to the photograph.",
        "A superseding indictment was returned in May.",
        "THE COURT: Overruled.",
        "The later agreement superseded all prior negotiations of the parties.",
        "Alder v. Birch has never been overruled.",
        "Cedar v. Dogwood did not overrule Alder v. Birch.",
        "The appellant invites us to overrule Alder v. Birch, and we decline.",
        "The appellant argues that Alder v. Birch has been overruled.",
        "Only the court en banc could overrule Alder v. Birch.",
        "A panel is bound unless Alder v. Birch is overruled by the Supreme Court.",
        "There is no principled basis for overruling Alder v. Birch.",
        "Congress may abrogate the immunity of the States.",
        "The judgment is affirmed in part, vacated in part, and the case is remanded.",
        "Vacated and remanded.",
        "In Alder v. Birch, 101 F.3d 202 (9th Cir. 1996), reversed the district court on the first count.",
        "She had withdrawn money from the account.",
        "The amended complaint supersedes the original.",
    ],
)
def test_what_only_looks_like_negative_treatment_is_none(text: str) -> None:
    assert [t for t in treatments(text) if t.negative] == []


def test_other_grounds_and_parts_are_told_apart() -> None:
    grounds = only(
        "Alder v. Birch, 101 F.2d 202 (1st Cir. 1939), overruled on other grounds by Cedar v. Dogwood, 303 "
        "U.S. 4 (1950)."
    )
    part = only("Alder v. Birch, 101 F.2d 202 (1st Cir. 1939), rev'd in part, 303 U.S. 4 (1950).")
    assert grounds.on_other_grounds and not grounds.in_part
    assert part.in_part and not part.on_other_grounds


def test_history_passes_over_a_parenthetical_to_the_authority_outside_it() -> None:
    text = (
        "Alder v. Birch, 101 F.3d 202, 208 (1st Cir. 2009) (quoting Elm v. Fir, 88 F.2d 12, 18 (1st Cir. "
        "1989) (en banc)), "
        "abrogated on other grounds by Cedar v. Dogwood, 303 F.3d 404 (1st Cir. 2010)."
    )
    found = only(text)
    assert found.targets[0] == "101 F.3d 202"
    assert found.by_key == "303 F.3d 404"


def test_a_participle_treats_what_stands_behind_it() -> None:
    found = only(
        "Cedar v. Dogwood, 303 U.S. 404 (1950), overruling Alder v. Birch, 101 U.S. 202 (1880), is the rule now."
    )
    assert found.targets[0] == "101 U.S. 202"
    assert found.by_key == "303 U.S. 404"


def test_a_short_name_finds_the_citation_that_the_text_gave_before() -> None:
    text = (
        "Alder v. Birch, 101 F.2d 202 (1st Cir. 1939), held otherwise. Later cases doubted it. In "
        "1962 the Court expressly overruled Alder."
    )
    assert only(text).targets[0] == "101 F.2d 202"


def test_followed_and_distinguished_are_neutral() -> None:
    found = treatments("Alder v. Birch is distinguishable. The court adhered to Cedar v. Dogwood in later years.")
    assert found and not any(t.negative for t in found)


def test_the_evidence_holds_the_trigger() -> None:
    text = "The first point is waived. The Supreme Court has overruled Alder v. Birch. We turn to the second."
    found = only(text)
    assert text[found.start : found.end] == "The Supreme Court has overruled Alder v. Birch."
    assert text[found.trigger_start : found.trigger_end] == "overruled"


@pytest.mark.parametrize(
    "piece",
    [
        "overruled ",
        "(",
        "), overruled ",
        "A v. B, 1 U.S. 1 (1990), rev'd ",
        "1990) (a) (b) vacated ",
        "was , that which overruled by ",
    ],
)
def test_a_long_text_of_triggers_takes_linear_time(piece: str) -> None:
    started = time.perf_counter()
    treatments(piece * (40_000 // len(piece)))
    assert time.perf_counter() - started < 20
