"""The table of courts, read once from `federal.toml` and `states.toml` into `Court` values. It judges nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from assay.domains.legal.courts.model import Court, Level, State

SUPREME = "us/fed/scotus"
_SIDES = {"N": "Northern", "E": "Eastern", "S": "Southern", "W": "Western", "M": "Middle", "C": "Central"}
_THE = ("dc", "mp", "vi")


def court(path: str) -> Court | None:
    """The court at this path, or None."""
    return _by_path().get(path)


def courts() -> tuple[Court, ...]:
    """Every court of the table: federal first, then by state."""
    return tuple(_by_path().values())


@lru_cache(maxsize=1)
def states() -> Mapping[str, State]:
    """State code ("ca") -> state."""
    return MappingProxyType({code: _state(code, entry) for code, entry in _load("states.toml").items()})


@lru_cache(maxsize=1)
def circuit_of_state() -> Mapping[str, str]:
    """State code -> path of the federal court of appeals whose territory it lies in today."""
    return MappingProxyType(
        {code: f"us/fed/{circuit['id']}" for circuit in _load("federal.toml")["circuit"] for code in circuit["states"]}
    )


@lru_cache(maxsize=1)
def _by_path() -> Mapping[str, Court]:
    found = [*_federal(), *_of_states()]
    table = {item.id: item for item in found}
    if len(table) != len(found):
        raise ValueError("two courts of the table have one path")
    return MappingProxyType(table)


@lru_cache(maxsize=2)
def _load(name: str) -> Mapping[str, Any]:
    text = resources.files("assay.domains.legal.courts").joinpath(name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def _state(code: str, entry: Mapping[str, Any]) -> State:
    return State(
        code=code,
        name=entry["name"],
        abbreviation=entry["abbr"],
        app_reach=entry.get("app_reach", ""),
        app_peers=entry.get("app_peers"),
        rule=entry.get("rule", ""),
        unpublished=entry.get("unpublished", ""),
        unpublished_since=entry.get("unpublished_since", ""),
        unpublished_rule=entry.get("unpublished_rule", ""),
    )


# --- federal --------------------------------------------------------------------------------------------------------


def _federal() -> Iterator[Court]:
    data = _load("federal.toml")
    top = data["supreme"]
    yield Court(
        SUPREME, top["name"], top["abbreviation"], "last_resort", "fed", since=top["since"],
        aliases=tuple(top["aliases"]), source="federal.toml, supreme",
    )  # fmt: skip
    for entry in data["circuit"]:
        yield _circuit(entry)
        for state, sides in entry["states"].items():
            for side in sides:
                yield from _district(data, f"us/fed/{entry['id']}", state, side)
    yield from _former(data)
    yield from _panels(data)
    for entry in data["special"]:
        yield _special(entry)


def _circuit(entry: Mapping[str, Any]) -> Court:
    ordinal, number = entry["ordinal"], entry["id"].removeprefix("ca")
    tail = "District of Columbia Circuit" if number == "dc" else f"{ordinal} Circuit"
    short = "D.C. Circuit" if number == "dc" else f"{ordinal} Circuit"
    return Court(
        id=f"us/fed/{entry['id']}",
        name=f"United States Court of Appeals for the {tail}",
        abbreviation=entry["abbreviation"],
        level="intermediate",
        system="fed",
        circuit=f"us/fed/{entry['id']}",
        appeals_to=(SUPREME,),
        since=entry["since"],
        aliases=(entry["id"], short, tail, *entry.get("variants", ())),
        source="federal.toml, circuit",
    )


def _district(data: Mapping[str, Any], circuit: str, state: str, side: str) -> Iterator[Court]:
    place = states()[state]
    slug = f"{side.lower()}d-{_slug(place.abbreviation)}"
    since, until = data["district_dates"].get(slug, ("", ""))
    named = f"{'the ' if state in _THE and state != 'dc' else ''}{place.name}"
    name = f"{f'{_SIDES[side]} ' if side else ''}District of {named}"
    abbreviation = _close_up(f"{side}.D." if side else "D.", place.abbreviation)
    identity = f"{state}{side.lower()}d"
    yield Court(
        id=f"{circuit}/{slug}",
        name=f"United States District Court for the {name}",
        abbreviation=abbreviation,
        level="trial",
        system="fed",
        state=state,
        circuit=circuit,
        appeals_to=(circuit,),
        since=since,
        until=until,
        aliases=(identity, name, *([f"District of {place.name}"] if not side else [])),
        source="federal.toml, circuit",
    )
    yield Court(
        id=f"{circuit}/{slug}/bankr",
        name=f"United States Bankruptcy Court for the {name}",
        abbreviation=f"Bankr. {abbreviation}",
        level="trial",
        system="fed",
        state=state,
        circuit=circuit,
        appeals_to=(f"{circuit}/{slug}",),
        since="1979" if not since or since < "1979" else since,
        aliases=(f"{state}{side.lower()}b",),
        source="federal.toml, circuit",
    )


def _former(data: Mapping[str, Any]) -> Iterator[Court]:
    for entry in data["former_district"]:
        circuit = f"us/fed/{entry['circuit']}"
        yield Court(
            f"{circuit}/{entry['slug']}", entry["name"], entry["abbreviation"], "trial", "fed", entry["state"], circuit,
            (circuit,), entry["since"], entry["until"], source="federal.toml, former_district",
        )  # fmt: skip


def _panels(data: Mapping[str, Any]) -> Iterator[Court]:
    by_id = {entry["id"]: entry for entry in data["circuit"]}
    for short in data["bap"]["circuits"]:
        entry, circuit = by_id[short], f"us/fed/{short}"
        yield Court(
            id=f"{circuit}/bap",
            name=f"United States Bankruptcy Appellate Panel of the {entry['ordinal']} Circuit",
            abbreviation=f"B.A.P. {entry['abbreviation']}",
            level="intermediate",
            system="fed",
            circuit=circuit,
            appeals_to=(circuit,),
            since=data["bap"].get(f"since_{short}", data["bap"]["since"]),
            aliases=(f"bap{short.removeprefix('ca')}",),
            source="federal.toml, bap",
        )


def _special(entry: Mapping[str, Any]) -> Court:
    level: Level = entry["level"]
    circuit = "us/fed/cafc" if entry["id"].startswith("us/fed/cafc") else ""
    return Court(
        entry["id"], entry["name"], entry["abbreviation"], level, "fed", "", circuit, tuple(entry["appeals_to"]),
        entry["since"], entry.get("until", ""), tuple(entry["aliases"]), "federal.toml, special",
    )  # fmt: skip


def _slug(abbreviation: str) -> str:
    return re.sub(r"[.\s']", "", abbreviation).lower()


def _close_up(prefix: str, place: str) -> str:
    """Adjoining single capitals are closed up ("S.D.N.Y."), a longer abbreviation stands apart ("N.D. Cal.")."""
    return prefix + place if re.match(r"[A-Z]\.", place) else f"{prefix} {place}"


# --- states ---------------------------------------------------------------------------------------------------------


def _of_states() -> Iterator[Court]:
    for code, entry in _load("states.toml").items():
        top = tuple(f"us/state/{code}/{slug}" for slug, _, _ in entry["last"])
        middle = tuple(f"us/state/{code}/{slug}" for slug, _, _ in entry["intermediate"])
        yield from _row(code, entry, "last", "last_resort", (SUPREME,))
        yield from _row(code, entry, "intermediate", "intermediate", top)
        yield from _row(code, entry, "trial", "trial", middle or top)
        yield from _row(code, entry, "other", "special", middle or top)


def _row(code: str, entry: Mapping[str, Any], key: str, level: Level, up: tuple[str, ...]) -> Iterator[Court]:
    since = entry.get("district_since", {})
    for slug, name, abbreviation in entry.get(key, ()):
        path = f"us/state/{code}/{slug}"
        yield Court(
            path, name, abbreviation, level, "state", code, "", up, since.get(slug, ""),
            aliases=tuple(entry.get("aliases", {}).get(slug, ())), source=f"states.toml, {code}",
        )  # fmt: skip
        for district in entry.get("districts", {}).get(slug, ()):
            part = "Department" if code == "ny" else "Division" if code == "wa" else "District"
            yield Court(
                f"{path}/{district}", f"{name}, {_ordinal(district)} {part}", abbreviation, level, "state", code, "",
                up, since.get(f"{slug}/{district}", ""), source=f"states.toml, {code}",
            )  # fmt: skip


def _ordinal(number: str) -> str:
    words = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh",
             "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth")  # fmt: skip
    return words[int(number) - 1] if number.isdigit() else number.capitalize()
