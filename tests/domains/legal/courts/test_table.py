"""The table of courts is complete where it says so, and every edge leads to a court that exists."""

from __future__ import annotations

from collections import Counter

import pytest

from assay.domains.legal.courts import contains, court, courts, forums_in, identify, normalise_path, states

CIRCUITS = {
    "ca1": ("d-me", "d-mass", "d-nh", "d-ri", "d-pr"),
    "ca2": ("d-conn", "nd-ny", "ed-ny", "sd-ny", "wd-ny", "d-vt"),
    "ca3": ("d-del", "d-nj", "ed-pa", "md-pa", "wd-pa", "d-vi"),
    "ca4": ("d-md", "ed-nc", "md-nc", "wd-nc", "d-sc", "ed-va", "wd-va", "nd-wva", "sd-wva"),
    "ca5": ("ed-la", "md-la", "wd-la", "nd-miss", "sd-miss", "nd-tex", "ed-tex", "sd-tex", "wd-tex"),
    "ca6": ("ed-ky", "wd-ky", "ed-mich", "wd-mich", "nd-ohio", "sd-ohio", "ed-tenn", "md-tenn", "wd-tenn"),
    "ca7": ("nd-ill", "cd-ill", "sd-ill", "nd-ind", "sd-ind", "ed-wis", "wd-wis"),
    "ca8": ("ed-ark", "wd-ark", "nd-iowa", "sd-iowa", "d-minn", "ed-mo", "wd-mo", "d-neb", "d-nd", "d-sd"),
    "ca9": ("d-alaska", "d-ariz", "nd-cal", "ed-cal", "cd-cal", "sd-cal", "d-haw", "d-idaho", "d-mont", "d-nev", "d-or",
            "ed-wash", "wd-wash", "d-guam", "d-nmari"),
    "ca10": ("d-colo", "d-kan", "d-nm", "nd-okla", "ed-okla", "wd-okla", "d-utah", "d-wyo"),
    "ca11": ("nd-ala", "md-ala", "sd-ala", "nd-fla", "md-fla", "sd-fla", "nd-ga", "md-ga", "sd-ga"),
    "cadc": ("d-dc",),
}  # fmt: skip
TEN_STATES = ("ca", "ny", "tx", "fl", "il", "pa", "oh", "ma", "wa", "nj")


def test_there_are_94_districts_and_each_lies_in_its_circuit() -> None:
    assert sum(len(districts) for districts in CIRCUITS.values()) == 94
    now = {c.id for c in courts() if c.level == "trial" and c.id.count("/") == 3 and c.system == "fed" and not c.until}
    assert now == {f"us/fed/{circuit}/{district}" for circuit, all_of in CIRCUITS.items() for district in all_of}
    for path in now:
        found = court(path)
        assert found is not None and found.appeals_to == (path.rpartition("/")[0],) == (found.circuit,)


def test_every_district_has_its_bankruptcy_court_and_five_circuits_a_panel() -> None:
    assert sum(c.id.endswith("/bankr") for c in courts()) == 94
    assert sorted(c.id for c in courts() if c.id.endswith("/bap")) == [
        f"us/fed/{circuit}/bap" for circuit in ("ca1", "ca10", "ca6", "ca8", "ca9")
    ]


def test_every_edge_leads_to_a_court_and_up_to_the_supreme_court() -> None:
    for item in courts():
        for above in item.appeals_to:
            assert court(above) is not None, item.id
        if item.system == "state":
            assert _reaches_the_top(item.id), item.id


def _reaches_the_top(path: str) -> bool:
    seen: list[str] = [path]
    while seen:
        found = court(seen.pop())
        assert found is not None
        if found.id == "us/fed/scotus":
            return True
        seen.extend(found.appeals_to)
    return False


def test_the_dates_of_the_young_circuits() -> None:
    since = {path: (court(f"us/fed/{path}") or pytest.fail(path)).since for path in ("ca10", "ca11", "cafc")}
    assert since == {"ca10": "1929", "ca11": "1981-10-01", "cafc": "1982-10-01"}


@pytest.mark.parametrize("code", TEN_STATES)
def test_ten_states_have_their_whole_ladder_and_a_rule_with_its_source(code: str) -> None:
    levels = Counter(c.level for c in courts() if c.state == code and c.system == "state")
    assert levels["last_resort"] == (2 if code == "tx" else 1)
    assert levels["intermediate"] >= 1 and levels["trial"] >= 1
    assert states()[code].app_reach and states()[code].rule


def test_all_states_are_there_with_at_least_a_highest_and_a_trial_court() -> None:
    assert len(states()) == 55
    for code in states():
        levels = {c.level for c in courts() if c.state == code and c.system == "state"}
        assert {"last_resort", "trial"} <= levels


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("9th Cir.", "us/fed/ca9"), ("2d Cir.", "us/fed/ca2"), ("3rd Cir.", "us/fed/ca3"), ("D.C. Cir.", "us/fed/cadc"),
        ("Fed. Cir.", "us/fed/cafc"), ("N.D. Cal.", "us/fed/ca9/nd-cal"), ("S.D.N.Y.", "us/fed/ca2/sd-ny"),
        ("D. Vt.", "us/fed/ca2/d-vt"), ("D. Md.", "us/fed/ca4/d-md"), ("M.D. Pa.", "us/fed/ca3/md-pa"),
        ("D.D.C.", "us/fed/cadc/d-dc"), ("N.D.W. Va.", "us/fed/ca4/nd-wva"), ("B.A.P. 9th Cir.", "us/fed/ca9/bap"),
        ("Bankr. S.D.N.Y.", "us/fed/ca2/sd-ny/bankr"), ("T.C.", "us/fed/tax"), ("Fed. Cl.", "us/fed/cafc/cfc"),
        ("D.C.", "us/state/dc/app"), ("Cal.", "us/state/ca/supreme"), ("Cal. Ct. App.", "us/state/ca/app"),
        ("N.Y.", "us/state/ny/ct-app"), ("N.Y. App. Div.", "us/state/ny/ad"), ("N.Y. Sup. Ct.", "us/state/ny/supreme"),
        ("Tex. App.—Houston [1st Dist.]", "us/state/tx/app"), ("Tex. Crim. App.", "us/state/tx/crim-app"),
        ("N.J. Super. Ct. App. Div.", "us/state/nj/app"), ("Pa. Super. Ct.", "us/state/pa/superior"),
        ("ca9", "us/fed/ca9"), ("cand", "us/fed/ca9/nd-cal"), ("nysd", "us/fed/ca2/sd-ny"), ("scotus", "us/fed/scotus"),
        ("United States Court of Appeals for the Ninth Circuit", "us/fed/ca9"),
        ("Supreme Court of California", "us/state/ca/supreme"), ("California Supreme Court", "us/state/ca/supreme"),
        ("1st Cir. June 3, 1997", "us/fed/ca1"), ("Ill. App. Ct. 1st Dist.", "us/state/il/app/1"),
    ],
)  # fmt: skip
def test_a_court_is_known_by_abbreviation_name_and_identifier(text: str, path: str) -> None:
    found = identify(text)
    assert found is not None and found.id == path


@pytest.mark.parametrize("text", ["M.D. Mass.", "W.D. Vt.", "12th Cir.", "Superior Court", "the court below", ""])
def test_what_is_no_single_court_is_none(text: str) -> None:
    assert identify(text) is None


def test_every_abbreviation_of_a_federal_court_names_that_court() -> None:
    for item in courts():
        if item.system == "fed":
            assert identify(item.abbreviation) == item


@pytest.mark.parametrize(
    ("text", "path"),
    [("us/dc", "us/state/dc"), ("us/ca", "us/state/ca"), ("us/ca9", "us/fed/ca9"), ("us/fed", "us/fed"),
     ("California", "us/state/ca"), ("Cal.", "us/state/ca"), ("S.D.N.Y.", "us/fed/ca2/sd-ny"), ("us/zz", ""),
     ("us/state/zz", ""), ("Atlantis", "")],
)  # fmt: skip
def test_paths_are_normalised_and_an_unknown_one_is_empty(text: str, path: str) -> None:
    assert normalise_path(text) == path


def test_a_jurisdiction_holds_its_courts_and_no_others() -> None:
    assert contains("us/fed/ca9", "us/fed/ca9/nd-cal") and contains("us", "us/state/ca")
    assert not contains("us/fed/ca1", "us/fed/ca10") and not contains("us/fed/ca9", "us/state/ca")


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        ("Under California law, is a waiver valid in the Ninth Circuit?", ["us/state/ca", "us/fed/ca9"]),
        ("What does S.D.N.Y. hold?", ["us/fed/ca2/sd-ny"]),
        ("in the Northern District of California", ["us/fed/ca9/nd-cal"]),
        ("What did the New York Court of Appeals say?", ["us/state/ny/ct-app"]),
        ("Does Georgia v. South Carolina apply in Texas?", ["us/state/tx"]),
        ("Was Massachusetts v. EPA right?", []),
        ("Is shrinkwrap enforceable?", []),
        ("before a federal court in Florida", ["us/fed", "us/state/fl"]),
    ],
)
def test_a_question_gets_the_forums_it_names_and_no_other(question: str, paths: list[str]) -> None:
    found = forums_in(question)
    assert [path for path, _, _ in found] == paths
    assert all(question[start:end] for _, start, end in found)
