"""Whom a decided case binds: federal courts, state courts, and the crossings between them.

Rules and where they come from: U.S. Const. art. VI; 28 U.S.C. §§ 1295, 1652; Erie R.R. v. Tompkins, 304 U.S. 64
(1938); West v. AT&T, 311 U.S. 223 (1940); Murdock v. Memphis, 87 U.S. 590 (1875); Camreta v. Greene, 563 U.S. 692,
709 n.7 (2011); Bonner v. City of Prichard, 661 F.2d 1206 (11th Cir. 1981); South Corp. v. United States, 690 F.2d
1368 (Fed. Cir. 1982); the states' own rules in `states.toml`.
"""

from __future__ import annotations

from assay.domains.legal.courts.forums import contains
from assay.domains.legal.courts.model import Court
from assay.domains.legal.courts.ruling import Authority, Binding, persuasive, unknown, yes
from assay.domains.legal.courts.statewide import within_state
from assay.domains.legal.courts.table import SUPREME, court, states

_BONNER = "1981-09-30"
_ELEVENTH_BEGAN = "1981-10-01"
_TENTH_BEGAN = "1929-03-28"
_PARTS = {
    "dissent": "a dissent is not the decision of the court",
    "concurrence": "a concurrence is not the decision of the court",
    "syllabus": "the syllabus is no part of the opinion",
    "plurality": "no opinion had a majority; only the narrowest ground binds (Marks v. United States, 430 U.S. 188)",
}
# Circuits whose panels' reading of state law binds their district courts until the state's courts speak.
_PREDICTIONS = {
    "us/fed/ca2": "Woodling v. Garrett Corp., 813 F.2d 543 (2d Cir. 1987)",
    "us/fed/ca5": "FDIC v. Abraham, 137 F.3d 264 (5th Cir. 1998)",
    "us/fed/ca7": "Reiser v. Residential Funding Corp., 380 F.3d 1027 (7th Cir. 2004)",
    "us/fed/ca9": "Dimidowich v. Bell & Howell, 803 F.2d 1473 (9th Cir. 1986)",
}
_PATENT = ("patent", "patents", "1295")


def binds(authority: Authority, forum: str, law: str, subject: str, day: str) -> Binding:
    """The rule for a decided case; `law` is "federal" or a state's path, `day` an ISO date."""
    place = court(authority.court)
    if authority.status == "depublished":
        return Binding("no", "the opinion was depublished and may not be cited", "depublished")
    if place is None:
        return unknown("which court decided it is not known", "court")
    weaker = _weaker(authority, place, day)
    if weaker is not None:
        return weaker
    federal = place.system == "fed"
    found = _federal(authority, place, forum, law, subject, day) if federal else _state(place, forum, law)
    if found.value == "yes" and authority.status == "unknown" and place.id != SUPREME:
        return Binding("yes", f"{found.reason}; provided that it was published, which is not known", found.rule)
    return found


def _weaker(authority: Authority, place: Court, day: str) -> Binding | None:
    """What no court is bound by, whoever decided it."""
    if authority.part in _PARTS:
        return persuasive(_PARTS[authority.part], authority.part)
    if authority.part == "unknown":
        return unknown("whether it is the opinion of the court, a concurrence or a dissent is not known", "part")
    if authority.status in ("unpublished", "table"):
        return _unpublished(authority, place, day)
    if place.level == "trial":
        return persuasive(
            "a trial court's decision binds no other court (Camreta v. Greene, 563 U.S. 692, 709 n.7 (2011))"
            if place.system == "fed" else "a trial court's decision binds no other court", "trial-court",
        )  # fmt: skip
    return None


def _unpublished(authority: Authority, place: Court, day: str) -> Binding:
    state = states().get(place.state) if place.system == "state" else None
    if state is not None and state.unpublished == "not_citable":
        return Binding("no", f"unpublished opinions may not be cited ({state.unpublished_rule})", "unpublished")
    if state is not None and state.unpublished_since:
        made, since = authority.date, state.unpublished_since
        if made and made < since[: len(made)]:
            return Binding(
                "no", f"unpublished opinions before {since} may not be cited ({state.unpublished_rule})", "unpublished"
            )
    rule = f" ({state.unpublished_rule})" if state is not None and state.unpublished_rule else ""
    return persuasive(f"an unpublished opinion binds no court{rule}", "unpublished")


# --- federal decisions ----------------------------------------------------------------------------------------------


def _federal(authority: Authority, place: Court, forum: str, law: str, subject: str, day: str) -> Binding:
    if law != "federal":
        return _federal_on_state_law(place, forum, law, day)
    if place.id == SUPREME:
        return yes("the Supreme Court binds every court on federal law", "supreme-court")
    if forum == SUPREME:
        return persuasive("no other court binds the Supreme Court", "supreme-court")
    if contains("us/state", forum):
        return persuasive("state courts are bound on federal law by the Supreme Court alone", "state-court")
    if place.id in ("us/fed/ccpa", "us/fed/ctcl"):
        return _predecessor(place, forum)
    if place.id == "us/fed/cafc":
        return _federal_circuit(forum, subject)
    if place.id.endswith("/bap"):
        return _panel(place, forum, day)
    if place.level == "special":
        return _special(place, forum)
    return _circuit(authority, place, forum, day)


def _circuit(authority: Authority, place: Court, forum: str, day: str) -> Binding:
    if forum == "us/fed":
        return unknown("which circuit the forum lies in is not known", "circuit")
    above = circuit_of(forum, day)
    if not above:
        if forum in ("us/fed/tax",):
            return unknown("the Tax Court follows the circuit to which the case would go, which is not known", "golsen")
        return persuasive(f"the {place.name} does not review the {_name(forum)}", "other-circuit")
    if above == place.id:
        if forum == place.id and authority.en_banc:
            return yes(
                "the whole court's decision binds its panels until the Supreme Court or the whole court speaks",
                "en-banc",
            )
        if forum == place.id:
            return yes(
                "a panel's decision binds later panels until the whole court or the Supreme Court speaks",
                "circuit-panel",
            )
        return yes(f"the {_name(forum)} lies in this circuit", "circuit")
    if above == "us/fed/ca11" and place.id == "us/fed/ca5":
        return _bonner(authority.date)
    return persuasive(f"the {_name(forum)} does not lie in this circuit", "other-circuit")


def _bonner(decided: str) -> Binding:
    source = "Bonner v. City of Prichard, 661 F.2d 1206, 1209 (11th Cir. 1981) (en banc)"
    if not decided:
        return unknown(
            f"the Eleventh Circuit follows the old Fifth's decisions to {_BONNER}, and its date is not known", "bonner"
        )
    if decided[: len(_BONNER)] <= _BONNER[: len(decided)] and not (
        len(decided) < 10 and decided == _BONNER[: len(decided)]
    ):
        return yes(f"the Eleventh Circuit is bound by the old Fifth's decisions to {_BONNER} ({source})", "bonner")
    if len(decided) < 10 and decided == _BONNER[: len(decided)]:
        return unknown(
            f"it binds the Eleventh Circuit only if decided by {_BONNER} ({source}), and its day is not known", "bonner"
        )
    return persuasive(f"the Fifth Circuit's decisions after {_BONNER} do not bind the Eleventh ({source})", "bonner")


def _federal_circuit(forum: str, subject: str) -> Binding:
    if contains("us/fed/cafc", forum):
        return yes("the Federal Circuit reviews this court", "federal-circuit")
    if subject in _PATENT:
        trial = court(forum)
        if trial is not None and trial.level == "trial":
            return yes(
                "the Federal Circuit reviews patent cases from every district (28 U.S.C. § 1295(a)(1))",
                "federal-circuit",
            )
        return persuasive("the Federal Circuit does not review this court", "federal-circuit")
    found = court(forum)
    if found is not None and found.level == "intermediate":
        return persuasive("the Federal Circuit does not bind another circuit", "other-circuit")
    return unknown(
        "it binds every district in matters of 28 U.S.C. § 1295 (patents and others), and persuades in the rest",
        "federal-circuit",
    )


def _predecessor(place: Court, forum: str) -> Binding:
    if contains("us/fed/cafc", forum):
        source = "South Corp. v. United States, 690 F.2d 1368 (Fed. Cir. 1982) (en banc)"
        return yes(f"the Federal Circuit took over its predecessors' decisions ({source})", "south-corp")
    return persuasive(f"the {place.name} is gone, and only the Federal Circuit took over its decisions", "south-corp")


def _panel(place: Court, forum: str, day: str) -> Binding:
    if circuit_of(forum, day) == place.circuit and forum.endswith("/bankr"):
        return unknown(
            "whether a bankruptcy appellate panel binds all bankruptcy courts of its circuit is disputed", "bap"
        )
    return persuasive("a bankruptcy appellate panel binds no court outside bankruptcy", "bap")


def _special(place: Court, forum: str) -> Binding:
    if forum == place.id:
        return unknown(f"how far the {place.name} is bound by its own decisions is not in the table", "own-decisions")
    return persuasive(f"the {place.name} reviews no court", "special-court")


def _federal_on_state_law(place: Court, forum: str, law: str, day: str) -> Binding:
    if place.id == SUPREME or contains("us/state", forum):
        return persuasive(
            "the state's highest court decides what its law is, not a federal court "
            "(Murdock v. Memphis, 87 U.S. 590 (1875); Erie R.R. v. Tompkins, 304 U.S. 64 (1938))",
            "erie",
        )
    if place.level == "intermediate" and circuit_of(forum, day) == place.id:
        source = _PREDICTIONS.get(place.id)
        if source is not None:
            return yes(
                f"this circuit's reading of state law binds it until the state's courts speak ({source})",
                "erie-prediction",
            )
        why = "how far this circuit's reading of state law binds it is not in the table"
        return unknown(why, "erie-prediction")
    return persuasive("on state law federal courts follow the state's highest court (Erie, 304 U.S. 64)", "erie")


# --- state decisions ------------------------------------------------------------------------------------------------


def _state(place: Court, forum: str, law: str) -> Binding:
    own = f"us/state/{place.state}"
    if contains(own, forum):
        if law not in ("federal", own):
            return persuasive(f"on the law of {law} this state's courts do not have the last word", "foreign-law")
        return within_state(place, forum)
    if law == "federal":
        return persuasive(
            "a state court's reading of federal law does not bind the courts of others", "federal-question"
        )
    if law != own:
        return persuasive(f"its own law is that of {own}, the question is one of {law}", "foreign-law")
    if contains("us/fed", forum):
        if place.level == "last_resort":
            return yes(
                "federal courts follow the state's highest court on its law "
                "(Erie R.R. v. Tompkins, 304 U.S. 64 (1938))",
                "erie",
            )
        return persuasive(
            "federal courts follow it unless convinced that the state's highest court would not "
            "(West v. AT&T, 311 U.S. 223, 237 (1940))",
            "erie-intermediate",
        )
    return persuasive(
        "another state's courts take its word on its own law, but no rule of their own binds them", "foreign-law"
    )


# --- places ---------------------------------------------------------------------------------------------------------


def circuit_of(forum: str, day: str) -> str:
    """The court of appeals above a federal forum on that day: Alabama, Florida and Georgia were in the Fifth until
    October 1981, the Tenth Circuit's states in the Eighth until 1929; "" where there is none or it is not known."""
    found = court(forum)
    above = found.circuit if found is not None else ""
    if above == "us/fed/ca11" and day < _ELEVENTH_BEGAN:
        return "us/fed/ca5"
    if above == "us/fed/ca10" and day < _TENTH_BEGAN:
        return "us/fed/ca8"
    return above


def _name(forum: str) -> str:
    found = court(forum)
    return found.name if found is not None else forum
