"""Whom a state court's decision binds inside its own state: the rules of `states.toml`, and a default that says so."""

from __future__ import annotations

from assay.domains.legal.courts.model import Court, State
from assay.domains.legal.courts.ruling import Binding, persuasive, unknown, yes
from assay.domains.legal.courts.table import court, states


def within_state(place: Court, forum: str) -> Binding:
    """`forum` is a court of the same state, or the state itself; then its trial courts are meant."""
    below = court(forum)
    if place.level == "last_resort":
        return _last_resort(place, below)
    if place.level == "special":
        return unknown(f"whom the {place.name} binds is not in the table", "special-court")
    if below is not None and below.level == "last_resort":
        return persuasive("a court does not bind the one above it", "hierarchy")
    if below is not None and below.level == "intermediate":
        return _peers(place, below, states()[place.state])
    return _trial_courts(place, states()[place.state], whole=below is None)


def _last_resort(place: Court, below: Court | None) -> Binding:
    if below is not None and below.level == "last_resort" and below.id != place.id:
        return persuasive(
            "two courts of last resort stand side by side, for civil and for criminal cases", "two-highest-courts"
        )
    if below is not None and below.id == place.id:
        return yes("its own decision, until it overrules it", "own-decisions")
    divided = place.state in ("tx", "ok")
    field = " (criminal matters)" if divided and "crim" in place.id else " (civil matters)" if divided else ""
    return yes(f"the state's highest court binds every other court of the state{field}", "highest-court")


def _peers(place: Court, below: Court, state: State) -> Binding:
    if state.app_peers is None:
        return unknown(f"whether intermediate courts of {state.name} bind each other is not in the table", "peers")
    if state.app_peers:
        return yes(f"its published decisions bind later panels ({state.rule})", "peers")
    return persuasive(f"intermediate courts of {state.name} do not bind each other ({state.rule})", "peers")


def _trial_courts(place: Court, state: State, *, whole: bool) -> Binding:
    who = "the trial courts of the state" if whole else "this trial court"
    if state.app_reach == "state":
        return yes(f"its published decisions bind {who} ({state.rule})", "intermediate-state")
    if state.app_reach == "state-unless-conflict":
        return yes(
            f"its published decisions bind {who} unless districts or departments conflict ({state.rule})",
            "intermediate-unless-conflict",
        )
    if state.app_reach == "territory":
        return unknown(
            f"it binds the trial courts of its own district, and which one that is here is not known ({state.rule})",
            "intermediate-territory",
        )
    if not _divided(place):
        return yes(f"by default an intermediate court binds {who}; no rule of {state.name} was checked", "default")
    return unknown(
        f"by default it binds the trial courts of its own district; no rule of {state.name} was checked", "default"
    )


def _divided(place: Court) -> bool:
    """Whether this court sits in districts of its own, or is one of them."""
    return place.id.count("/") > 3 or court(f"{place.id}/1") is not None or court(f"{place.id}/eastern") is not None
