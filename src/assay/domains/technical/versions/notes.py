"""One note on a symbol's life, as a value, and as the fact that the library keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from assay.domains.technical.symbols import tails
from assay.types import Fact, Record

KIND = "version"
Change = Literal["added", "changed", "deprecated", "removed"]
Scope = Literal["symbol", "parameter", "behaviour"]


@dataclass(frozen=True, slots=True)
class Note(Record):
    """text[start:end] of a document says that `symbol` was added, changed, deprecated or removed in `version`.

    `scope`: the symbol as a whole, one of its parameters, or a way of using it. `removal`: the version in which a
    deprecated symbol is planned to go ("" unknown); a plan is never a removal. `names`: other names under which the
    note is to be found. `source`: directive, changelog, timeline, prose, admonition, docstring, openapi or source.
    """

    symbol: str
    change: Change
    version: str
    start: int
    end: int
    source: str
    scope: Scope = "symbol"
    removal: str = ""
    replacement: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    product: str = ""
    subject: str = ""

    def keys(self) -> tuple[str, ...]:
        """Under which keys the note is kept: the symbol, its other names, and the last part of each."""
        whole = (self.symbol, *self.names)
        return tuple(dict.fromkeys((*whole, *(tails(name)[-1] for name in whole))))

    def facts(self) -> list[Fact]:
        """The note as facts, one a key."""
        value: dict[str, Any] = {"symbol": self.symbol, "change": self.change, "version": self.version}
        value |= {"source": self.source, "scope": self.scope}
        more = {"removal": self.removal, "replacement": list(self.replacement), "names": list(self.names)}
        more |= {"product": self.product, "subject": self.subject}
        value |= {key: item for key, item in more.items() if item}
        return [Fact(KIND, key, value, self.start, self.end) for key in self.keys()]


def note_of(fact: Fact) -> Note | None:
    """The note behind a fact; None where the fact does not hold one."""
    value: Mapping[str, Any] = fact.value
    change, scope = value.get("change"), value.get("scope", "symbol")
    if change not in ("added", "changed", "deprecated", "removed") or scope not in ("symbol", "parameter", "behaviour"):
        return None
    return Note(
        symbol=str(value.get("symbol", fact.key)),
        change=cast("Change", change),
        version=str(value.get("version", "")),
        start=fact.start,
        end=fact.end,
        source=str(value.get("source", "")),
        scope=cast("Scope", scope),
        removal=str(value.get("removal", "")),
        replacement=tuple(map(str, value.get("replacement", ()))),
        names=tuple(map(str, value.get("names", ()))),
        product=str(value.get("product", "")),
        subject=str(value.get("subject", "")),
    )
