"""What a court is: a place in a hierarchy, with names, dates and the way its decisions are appealed. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assay.types import Record

Level = Literal["last_resort", "intermediate", "trial", "special"]


@dataclass(frozen=True, slots=True)
class Court(Record):
    """One court of the table.

    `id` is its path (`us/fed/ca9/nd-cal`); `circuit` the path of the court of appeals above a federal court; `since`
    and `until` are ISO dates or years, "" where the table holds none; `source` names the data file and section.
    """

    id: str
    name: str
    abbreviation: str
    level: Level
    system: Literal["fed", "state"]
    state: str = ""
    circuit: str = ""
    appeals_to: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    aliases: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class State(Record):
    """One state, the District of Columbia or a territory: names and the reach of its intermediate courts' decisions.

    `app_reach`: "state", "state-unless-conflict", "territory", or "" where no rule was checked. `app_peers`: whether an
    intermediate court's decision binds later panels of the same court; None where unknown.
    """

    code: str
    name: str
    abbreviation: str
    app_reach: str = ""
    app_peers: bool | None = None
    rule: str = ""
    unpublished: str = ""
    unpublished_since: str = ""
    unpublished_rule: str = ""
