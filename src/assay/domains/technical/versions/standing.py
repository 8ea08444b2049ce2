"""How a symbol stands at a target version: removed, deprecated, not yet there, available, or unknown.

Notes of several sources are put on one line of time; the last one that had come at the target decides. Where sources
name several versions for one change, the nearest source decides (a directive beside the symbol, then an API
description or source code, then a timeline, a changelog, prose), then the most documents, then the earliest.
A planned removal is never a removal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from assay.domains.technical.symbols import tails
from assay.domains.technical.versions.notes import Note
from assay.domains.technical.versions.numbers import Version, at_most, parse_version
from assay.types import Record

Status = Literal["available", "deprecated", "removed", "not yet available", "unknown"]
_NEAR = {"directive": 0, "openapi": 1, "source": 1, "docstring": 1, "timeline": 2, "changelog": 3, "prose": 3}
_AGAIN = {"added": 0, "deprecated": 1, "removed": 2}


class Cited(NamedTuple):
    """A note with the document that it stands in."""

    document_id: str
    note: Note


@dataclass(frozen=True, slots=True)
class Standing(Record):
    """A symbol at a target version. `since`: when the present status began ("" unknown); `removal`: the version in
    which a deprecated symbol is planned to go; `parts`: notes on parameters and uses that had come at the target;
    `evidence`: (document, start, end) of the notes behind the status; `disputed`: sources name several versions."""

    symbol: str
    status: Status
    target: str
    reason: str
    since: str = ""
    removal: str = ""
    added: str = ""
    deprecated: str = ""
    replacement: tuple[str, ...] = ()
    evidence: tuple[tuple[str, int, int], ...] = ()
    parts: tuple[Cited, ...] = ()
    disputed: bool = False
    sources: int = 0


def standing_of(
    symbol: str, notes: Iterable[Cited], target: str, *, product: str = "", described: str | None = None
) -> Standing:
    """How `symbol` stands at `target` ("" = whatever is said). `described`: the newest documentation version whose
    reference describes the symbol ("" where it has no version, None where none describes it)."""
    when = parse_version(target)
    notes = list(notes)
    about = [c for c in _about(symbol, notes, product, described) if not _outweighed(c, symbol, notes, described)]
    whole = [cited for cited in about if cited.note.scope == "symbol" and cited.note.change != "changed"]
    parts = tuple(c for c in about if c.note.scope != "symbol" and _had_come(c.note, when) is not False)
    lines = {change: _agreed([c for c in whole if c.note.change == change]) for change in _AGAIN}
    come = [(change, one) for change, one in lines.items() if one and _had_come(one[0].note, when) is not False]
    last = max(come, key=lambda pair: _order(pair[1][0].note, pair[0]), default=None)
    added, deprecated = _version(lines["added"]), _version(lines["deprecated"])
    if last is None:
        return _quiet(symbol, target, lines["added"], parts, described=described is not None or bool(about))
    change, agreed = last
    first = agreed[0].note
    if change == "added":
        return Standing(symbol, "available", target, f"added in {added}", added, added=added,
                        evidence=_where(agreed), parts=parts, sources=_count(agreed))  # fmt: skip
    status: Status = "removed" if change == "removed" else "deprecated"
    everything = agreed + (lines["deprecated"] if change == "removed" else [])
    return Standing(
        symbol,
        status,
        target,
        _reason(status, first, when),
        first.version,
        "" if change == "removed" else _removal(agreed),
        added,
        deprecated if status == "removed" else first.version,
        _replacement(everything),
        _where(agreed),
        parts,
        len({cited.note.version for cited in agreed if cited.note.version}) > 1,
        _count(agreed),
    )


def keys_for(symbol: str) -> tuple[str, ...]:
    """The keys under which notes on `symbol` may stand: its name, its ends, and the modules and classes around it."""
    if " " in symbol:
        return (symbol,)
    parts = symbol.split(".")
    around = tuple(".".join(parts[:size]) for size in range(len(parts) - 1, 0, -1))
    return tuple(dict.fromkeys((*tails(symbol), *around)))


def same_product(one: str, other: str) -> bool | None:
    """Whether two names mean one product ("GitHub REST API", "github-rest-api"); None where one is not known."""
    left, right = (("".join(c for c in name.lower() if c.isalnum())) for name in (one, other))
    if not left or not right:
        return None
    return left == right or (min(len(left), len(right)) >= 4 and (left in right or right in left))


def relevant(symbol: str, notes: Sequence[Cited], product: str = "") -> list[Cited]:
    """The notes that are about `symbol`, whatever version they name."""
    return _about(symbol, notes, product, None)


# --- which notes are about it --------------------------------------------------------------------------------------


def _about(symbol: str, notes: Sequence[Cited], product: str, described: str | None) -> list[Cited]:
    fitting = [cited for cited in notes if same_product(cited.note.product, product) is not False]
    exact = [cited for cited in fitting if symbol in (cited.note.symbol, *cited.note.names)]
    found = list(exact)
    if not exact:
        found = [cited for cited in fitting if _shorter(symbol, cited.note, product, described)]
    if not found:
        found = _longer(symbol, fitting)
    around = [cited for cited in fitting if _holds(cited.note, symbol)]
    return [*found, *around]


def _shorter(symbol: str, note: Note, product: str, described: str | None) -> bool:
    """The note writes the name in short: two parts agree, or one where nothing else says what it belongs to."""
    ends = tails(symbol)[1:]
    written = (note.symbol, *note.names)
    if any("." in name and name in ends for name in written):
        return True
    same = bool(same_product(note.product, product)) and described is None
    if same and any(name.count(".") > 1 and tails(name)[-2:] == ends[-2:] for name in written):
        return True
    return note.symbol in ends and not note.names and described is None and bool(same_product(note.product, product))


def _longer(symbol: str, notes: Sequence[Cited]) -> list[Cited]:
    """The question writes the name in short: it fits if only one symbol ends so."""
    found = [cited for cited in notes if symbol in tails(cited.note.symbol)]
    return found if len({cited.note.symbol for cited in found}) == 1 else []


def _holds(note: Note, symbol: str) -> bool:
    """The note tells that a module or class around the symbol went or is going as a whole."""
    return note.change == "removed" and note.scope == "symbol" and symbol.startswith(f"{note.symbol}.")


def _outweighed(cited: Cited, symbol: str, notes: Iterable[Cited], described: str | None) -> bool:
    """A changelog alone says it was deprecated or removed, and the reference of that version or a later one describes
    it without a word of that."""
    note = cited.note
    if (
        described is None
        or note.source not in ("changelog", "timeline")
        or note.change not in ("deprecated", "removed")
    ):
        return False
    version, page = parse_version(note.version or note.removal), parse_version(described)
    if version is None or page is None or at_most(version, page) is not True:
        return False
    return not any(
        other.note.change in ("deprecated", "removed")
        and other.note.source not in ("changelog", "timeline")
        and other.note.scope == "symbol"
        and symbol in (other.note.symbol, *other.note.names)
        for other in notes
    )


# --- deciding -------------------------------------------------------------------------------------------------------


def _had_come(note: Note, when: Version | None) -> bool | None:
    version = parse_version(note.version)
    return None if version is None or when is None else at_most(version, when)


def _agreed(notes: Sequence[Cited]) -> list[Cited]:
    """The notes on one change, those of the version that is decided for first."""
    if not notes:
        return []
    documents = Counter(cited.note.version for cited in notes)

    def rank(cited: Cited) -> tuple[object, ...]:
        note = cited.note
        version = parse_version(note.version)
        key = version.parts if version else (9999,)
        return not note.version, _NEAR.get(note.source, 4), -documents[note.version], key, cited.document_id, note.start

    return sorted(notes, key=rank)


def _order(note: Note, change: str) -> tuple[object, ...]:
    version = parse_version(note.version)
    return (version.parts + (0,) * (6 - len(version.parts)) if version else (0,) * 6, _AGAIN[change])


def _quiet(symbol: str, target: str, added: Sequence[Cited], parts: tuple[Cited, ...], *, described: bool) -> Standing:
    if added:
        version = added[0].note.version
        reason = f"added in {version}, after {target}"
        return Standing(symbol, "not yet available", target, reason, version, added=version,
                        evidence=_where(added), parts=parts, sources=_count(added))  # fmt: skip
    if described:
        return Standing(symbol, "available", target, "described, and no note says otherwise", parts=parts)
    return Standing(symbol, "unknown", target, "no document of the library describes it or notes a change of it")


def _reason(status: str, note: Note, when: Version | None) -> str:
    told = f"{status} in {note.version}" if note.version else f"{status}, the version is not stated"
    return told if when is not None else f"{told}; no target version is known"


def _removal(notes: Sequence[Cited]) -> str:
    return next((cited.note.removal for cited in notes if cited.note.removal), "")


def _replacement(notes: Sequence[Cited]) -> tuple[str, ...]:
    return next((cited.note.replacement for cited in notes if cited.note.replacement), ())


def _version(notes: Sequence[Cited]) -> str:
    return notes[0].note.version if notes else ""


def _where(notes: Sequence[Cited]) -> tuple[tuple[str, int, int], ...]:
    return tuple((cited.document_id, cited.note.start, cited.note.end) for cited in notes[:6])


def _count(notes: Sequence[Cited]) -> int:
    return len({cited.document_id for cited in notes})
