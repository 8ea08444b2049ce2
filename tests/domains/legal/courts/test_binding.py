"""Whom an authority binds: each rule, and unknown where the forum, the question or a date is missing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.domains.legal.courts import Authority, binds, courts, outranks, states

DAY = date(2026, 11, 1)
FEDERAL = "federal"


def _case(court: str, **more: object) -> Authority:
    return Authority(kind="case", court=court, status="published", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("court", "forum", "question", "value"),
    [
        # the Supreme Court
        ("us/fed/scotus", "us/fed/ca9/nd-cal", FEDERAL, "yes"),
        ("us/fed/scotus", "us/state/ca", FEDERAL, "yes"),
        ("us/fed/scotus", "us/state/ca", "us/state/ca", "persuasive"),
        # circuits
        ("us/fed/ca9", "us/fed/ca9/nd-cal", FEDERAL, "yes"),
        ("us/fed/ca9", "us/fed/ca9/nd-cal/bankr", FEDERAL, "yes"),
        ("us/fed/ca9", "us/fed/ca9", FEDERAL, "yes"),
        ("us/fed/ca9", "us/fed/ca2", FEDERAL, "persuasive"),
        ("us/fed/ca9", "us/fed/ca2/sd-ny", FEDERAL, "persuasive"),
        ("us/fed/ca9", "us/fed/scotus", FEDERAL, "persuasive"),
        ("us/fed/ca9", "us/state/ca", FEDERAL, "persuasive"),
        ("us/fed/ca9", "us/fed", FEDERAL, "unknown"),
        ("us/fed/ca1", "us/fed/ca10/d-colo", FEDERAL, "persuasive"),
        # trial courts bind nobody, themselves included
        ("us/fed/ca9/nd-cal", "us/fed/ca9/nd-cal", FEDERAL, "persuasive"),
        ("us/fed/ca2/sd-ny", "us/fed/ca2", FEDERAL, "persuasive"),
        ("us/state/ny/supreme", "us/state/ny", "us/state/ny", "persuasive"),
        # the Federal Circuit
        ("us/fed/cafc", "us/fed/cafc/cfc", FEDERAL, "yes"),
        ("us/fed/cafc", "us/fed/ca5/ed-tex", "federal:patent", "yes"),
        ("us/fed/cafc", "us/fed/ca5/ed-tex", FEDERAL, "unknown"),
        ("us/fed/cafc", "us/fed/ca5", FEDERAL, "persuasive"),
        ("us/fed/ccpa", "us/fed/cafc", FEDERAL, "yes"),
        ("us/fed/ctcl", "us/fed/cafc/cfc", FEDERAL, "yes"),
        ("us/fed/ca9/bap", "us/fed/ca9/nd-cal/bankr", FEDERAL, "unknown"),
        # Erie
        ("us/state/ca/supreme", "us/fed/ca9/nd-cal", "us/state/ca", "yes"),
        ("us/state/ca/supreme", "us/fed/ca2", "us/state/ca", "yes"),
        ("us/state/ca/app", "us/fed/ca9/nd-cal", "us/state/ca", "persuasive"),
        ("us/state/ca/supreme", "us/fed/ca9/nd-cal", FEDERAL, "persuasive"),
        ("us/fed/ca9", "us/state/ca", "us/state/ca", "persuasive"),
        ("us/fed/ca9", "us/fed/ca9/nd-cal", "us/state/ca", "yes"),
        ("us/fed/ca1", "us/fed/ca1/d-mass", "us/state/ma", "unknown"),
        # states
        ("us/state/ca/supreme", "us/state/ca/superior", "us/state/ca", "yes"),
        ("us/state/ca/supreme", "us/state/ny", "us/state/ny", "persuasive"),
        ("us/state/ca/app/2", "us/state/ca/superior", "us/state/ca", "yes"),
        ("us/state/ca/app/2", "us/state/ca/app/4", "us/state/ca", "persuasive"),
        ("us/state/ca/app", "us/state/ca/supreme", "us/state/ca", "persuasive"),
        ("us/state/fl/app/3", "us/state/fl/circuit", "us/state/fl", "yes"),
        ("us/state/ny/ad/2", "us/state/ny/supreme", "us/state/ny", "yes"),
        ("us/state/oh/app/8", "us/state/oh/common-pleas", "us/state/oh", "unknown"),
        ("us/state/tx/app/5", "us/state/tx/district", "us/state/tx", "unknown"),
        ("us/state/tx/supreme", "us/state/tx/crim-app", "us/state/tx", "persuasive"),
        ("us/state/pa/superior", "us/state/pa/common-pleas", "us/state/pa", "yes"),
        ("us/state/nj/app", "us/state/nj/law", "us/state/nj", "yes"),
        ("us/state/mi/app", "us/state/mi/app", "us/state/mi", "yes"),
        ("us/state/il/app/1", "us/state/il/circuit", "us/state/il", "yes"),
        ("us/state/wa/app/1", "us/state/wa/superior", "us/state/wa", "yes"),
        ("us/state/ma/app", "us/state/ma/superior", "us/state/ma", "yes"),
    ],
)
def test_a_published_majority_opinion_binds_by_these_rules(court: str, forum: str, question: str, value: str) -> None:
    found = binds(_case(court), forum, question, DAY)
    assert found.value == value and found.reason and found.rule


@pytest.mark.parametrize(
    ("decided", "value"),
    [("1979-05-01", "yes"), ("1981-09-30", "yes"), ("1981-10-01", "persuasive"), ("1985", "persuasive"),
     ("1980", "yes"), ("1981", "unknown"), ("1981-09", "unknown"), ("", "unknown")],
)  # fmt: skip
def test_the_old_fifth_circuit_binds_the_eleventh_up_to_the_end_of_september_1981(decided: str, value: str) -> None:
    found = binds(_case("us/fed/ca5", date=decided), "us/fed/ca11/sd-fla", FEDERAL, DAY)
    assert (found.value, found.rule) == (value, "bonner")


def test_before_the_eleventh_circuit_florida_lay_in_the_fifth() -> None:
    found = binds(_case("us/fed/ca5", date="1975-01-01"), "us/fed/ca11/sd-fla", FEDERAL, date(1980, 1, 1))
    assert (found.value, found.rule) == ("yes", "circuit")


def test_an_unknown_forum_stays_unknown_and_an_unknown_question_only_where_it_matters() -> None:
    assert binds(_case("us/fed/scotus"), "", FEDERAL, DAY).rule == "forum"
    assert binds(_case("us/fed/scotus"), "Atlantis", FEDERAL, DAY).value == "unknown"
    assert binds(_case("us/fed/scotus"), "us/fed/ca9", "", DAY).value == "unknown"
    assert binds(_case("us/fed/ca9/nd-cal"), "us/fed/ca9", "", DAY).value == "persuasive"
    assert binds(_case("us/state/ca/supreme"), "us/state/ca", "", DAY).value == "yes"
    assert binds(_case(""), "us/fed/ca9", FEDERAL, DAY).rule == "court"


@pytest.mark.parametrize(
    ("authority", "value"),
    [
        (Authority("case", "us/fed/ca9", status="unpublished"), "persuasive"),
        (Authority("case", "us/fed/ca1", status="table"), "persuasive"),
        (Authority("case", "us/fed/ca9", status="published", part="dissent"), "persuasive"),
        (Authority("case", "us/fed/ca9", status="published", part="concurrence"), "persuasive"),
        (Authority("case", "us/fed/scotus", status="published", part="plurality"), "persuasive"),
        (Authority("case", "us/fed/ca9", status="published", part="unknown"), "unknown"),
        (Authority("case", "us/state/ca/app", status="depublished"), "no"),
        (Authority("case", "us/state/ca/app", status="unpublished"), "no"),
        (Authority("case", "us/state/wa/app", status="unpublished", date="2010-01-01"), "no"),
        (Authority("case", "us/state/wa/app", status="unpublished", date="2015-01-01"), "persuasive"),
        (Authority("case", "us/fed/ca9", status="published", date="2030-01-01"), "no"),
        (Authority("restatement", jurisdiction="us"), "persuasive"),
        (Authority("uniform", jurisdiction="us"), "persuasive"),
        (Authority("journal"), "persuasive"),
    ],
)
def test_what_binds_no_court_whoever_wrote_it(authority: Authority, value: str) -> None:
    assert binds(authority, "us/fed/ca9/nd-cal", FEDERAL, DAY).value == value


def test_a_decision_not_known_to_be_published_binds_only_if_it_was() -> None:
    assert "published" in binds(Authority("case", "us/fed/ca9"), "us/fed/ca9/nd-cal", FEDERAL, DAY).reason


def test_the_whole_court_is_told_apart_from_a_panel() -> None:
    assert binds(_case("us/fed/ca9", en_banc=True), "us/fed/ca9", FEDERAL, DAY).rule == "en-banc"
    assert binds(_case("us/fed/ca9"), "us/fed/ca9", FEDERAL, DAY).rule == "circuit-panel"


@pytest.mark.parametrize(
    ("kind", "place", "forum", "question", "value"),
    [
        ("statute", "us/fed", "us/state/ca", FEDERAL, "yes"),
        ("constitution", "us/fed", "us/fed/ca9", FEDERAL, "yes"),
        ("statute", "us/state/ca", "us/state/ca/superior", "us/state/ca", "yes"),
        ("statute", "us/state/ca", "us/fed/ca9/nd-cal", "us/state/ca", "yes"),
        ("statute", "us/state/ca", "us/state/ny", "us/state/ny", "persuasive"),
        ("statute", "us/state/ca", "us/fed/ca9", FEDERAL, "persuasive"),
        ("rule", "us/fed", "us/fed/ca9/nd-cal", FEDERAL, "yes"),
        ("rule", "us/fed", "us/state/ca", FEDERAL, "persuasive"),
        ("regulation", "", "us/fed/ca9", FEDERAL, "unknown"),
    ],
)
def test_enacted_law_binds_where_its_maker_rules(kind: str, place: str, forum: str, question: str, value: str) -> None:
    assert binds(Authority(kind, jurisdiction=place), forum, question, DAY).value == value


def test_law_no_longer_in_force_binds_nobody() -> None:
    old = Authority("statute", jurisdiction="us/fed", until="2010-06-01")
    assert binds(old, "us/fed/ca9", FEDERAL, DAY).rule == "not-in-force"
    assert binds(old, "us/fed/ca9", FEDERAL, date(2005, 1, 1)).value == "yes"


_PATHS = st.sampled_from([item.id for item in courts()] + [f"us/state/{code}" for code in states()] + ["us/fed", ""])


@given(_PATHS, _PATHS, st.sampled_from([FEDERAL, "us/state/ca", "us/state/tx", ""]))
def test_every_pair_of_courts_gets_an_answer_with_a_reason(court: str, forum: str, question: str) -> None:
    found = binds(_case(court), forum, question, DAY)
    assert found.value in ("yes", "persuasive", "no", "unknown") and found.reason and found.rule
    if not forum:
        assert found.value != "yes"


@given(st.sampled_from([item for item in courts() if item.level == "trial"]), _PATHS)
def test_no_trial_court_binds_anyone(trial: object, forum: str) -> None:
    assert binds(_case(trial.id), forum, FEDERAL, DAY).value != "yes"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("one", "other", "prevails"),
    [
        (_case("us/fed/ca9"), _case("us/fed/ca9/nd-cal"), True),
        (_case("us/fed/ca9/nd-cal"), _case("us/fed/ca9"), False),
        (_case("us/fed/scotus"), _case("us/fed/ca9/nd-cal/bankr"), True),
        (_case("us/fed/ca9"), _case("us/fed/ca2"), False),
        (_case("us/fed/ca9", en_banc=True), _case("us/fed/ca9", en_banc=False), True),
        (_case("us/fed/ca9", en_banc=False), _case("us/fed/ca9", en_banc=True), False),
        (_case("us/fed/ca9", en_banc=True), _case("us/fed/ca9"), None),
        (_case("us/state/ca/supreme"), _case("us/state/ca/superior"), True),
        (_case(""), _case("us/fed/ca9"), None),
    ],
)
def test_the_reviewing_court_and_the_whole_court_prevail(
    one: Authority, other: Authority, prevails: bool | None
) -> None:
    assert outranks(one, other) is prevails
