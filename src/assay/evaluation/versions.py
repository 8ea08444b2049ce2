"""`assay eval versions`: how often the version index states the right status of a symbol at a version.

A facts file holds one JSON object a line: `{"id", "library", "symbol", "change", "version", "as_of", "removed_in",
"removal", "replacement", "evidence": [{"doc", "span"}]}`. `change`: added, changed, deprecated, deprecated_partial,
removed, or none (a negative control: not deprecated, not removed). The corpus is JSON Lines of documents as for
`assay eval retrieval`. The index is built in memory from the corpus by the technical pack; no model, no store.

Right status at `as_of`: deprecated -> deprecated (removed where `removal` is "done"); removed -> removed;
deprecated_partial -> available, with a note on a part; added -> there, with that version; changed -> a note of that
version; none -> available. "Dated" asks for the version as well; "evidence": one of the named spans overlaps a labelled
one by at least half of the shorter. Intervals: Wilson 1927, 95 %. A fact that the index knows nothing of counts as
wrong and is listed as unknown; a record that cannot be scored is counted and named.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

from assay.domains.technical import SETTINGS, pack
from assay.domains.technical.finishing import standing_at
from assay.domains.technical.ranking import cited_notes
from assay.domains.technical.symbols import last
from assay.domains.technical.versions import Standing
from assay.domains.technical.versions.standing import relevant
from assay.errors import InputError
from assay.evaluation.dataset import json_lines
from assay.evaluation.limits import Limits
from assay.evaluation.verification import Rate, wilson
from assay.ingest.readers.records import is_record, record_document
from assay.types import DocumentInfo, Fact, Record, SourceFile

REGRESSION = 2
CHANGES = ("deprecated", "removed", "added", "changed", "deprecated_partial", "none")
LIMITS = Limits(
    {
        **{name: f"the least share of {name} facts with the right status" for name in CHANGES[:-1]},
        "status": "the least share of all facts but `none` with the right status",
        "evidence": "the least share of facts whose evidence is named",
        "false_alarms": "the most `none` symbols called deprecated or removed, as a share",
        "unscored": "the most records without a score",
    },
    counts=frozenset({"unscored"}),
    zero=frozenset({"unscored"}),
)


@dataclass(frozen=True, slots=True)
class Outcome(Record):
    """What the index said of one fact."""

    id: str
    change: str
    symbol: str
    status: str
    since: str
    right: bool
    dated: bool
    evidence: bool | None
    replaced: bool | None
    reason: str


@dataclass(frozen=True, slots=True)
class Group(Record):
    """The rates of one kind of change. `replacement`: some labelled replacement is named (by its last part)."""

    facts: int
    status: Rate
    dated: Rate
    evidence: Rate
    replacement: Rate
    unknown: int


@dataclass(frozen=True, slots=True)
class VersionReport(Record):
    """Rates by kind of change and over all but the controls; false alarms among the controls; what was not scored."""

    facts: int
    documents: int
    notes: int
    status: Rate
    false_alarms: Rate
    by_change: Mapping[str, Group]
    by_library: Mapping[str, Rate]
    unscored: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    breaches: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 where a limit is broken, else 0."""
        return REGRESSION if self.breaches else 0

    def wrong(self) -> Iterator[Outcome]:
        """The facts with a wrong status."""
        return (outcome for outcome in self.outcomes if not outcome.right)

    def summary(self) -> dict[str, Any]:
        """Everything but the single outcomes, ready for JSON (None where nothing was measured)."""
        whole = self.to_dict()
        del whole["outcomes"]
        return cast("dict[str, Any]", _finite(whole)) | {"exit_code": self.exit_code}

    def text(self) -> str:
        """The report as lines for a terminal."""
        return "\n".join(_lines(self))


class MemoryIndex:
    """The technical pack's facts over a corpus, held in memory: `ports.Library` for measuring."""

    def __init__(self) -> None:
        self._facts: dict[tuple[str, str], list[Fact]] = {}
        self.documents = 0
        self.notes = 0

    def add(self, document_id: str, facts: Iterable[Fact]) -> None:
        """Take in the facts of one document."""
        self.documents += 1
        for fact in facts:
            self.notes += fact.kind == "version"
            kept = Fact(fact.kind, fact.key, fact.value, fact.start, fact.end, document_id)
            self._facts.setdefault((fact.kind, fact.key), []).append(kept)

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[Fact]:
        """The facts of this kind about any of `keys`."""
        return [fact for key in dict.fromkeys(keys) for fact in self._facts.get((kind, key), ())]

    def tally(self, kind: str, keys: Sequence[str]) -> Mapping[str, int]:
        """In how many documents a fact stands about each of `keys`."""
        pairs = {(fact.key, fact.document_id) for fact in self.facts(kind, keys)}
        return dict(Counter(key for key, _ in pairs))

    def facts_of(self, document_id: str, kind: str = "") -> Sequence[Fact]:
        """The facts of one document."""
        every = (fact for some in self._facts.values() for fact in some if fact.document_id == document_id)
        return [fact for fact in every if not kind or fact.kind == kind]

    def document(self, document_id: str) -> DocumentInfo | None:
        """None: documents are not kept."""
        return None

    def text(self, document_id: str) -> str | None:
        """None: texts are not kept."""
        return None

    def find(self, field: str, values: Sequence[str]) -> Sequence[DocumentInfo]:
        """None: documents are not kept."""
        return ()

    def count(self) -> int:
        """How many documents were taken in."""
        return self.documents


def index_of(corpus: Path, progress: Callable[[int], None] = lambda done: None) -> MemoryIndex:
    """The index over a corpus of JSON Lines. Raises InputError where it cannot be read."""
    technical, index = pack(SETTINGS), MemoryIndex()
    source = SourceFile(str(corpus), b"", "jsonl")
    for number, record in enumerate(json_lines(corpus), 1):
        if not is_record(record):
            raise InputError(f"{corpus}, line {number} has no text", next="give each document id and text")
        document = record_document(source, record, f"line {number}", number)
        index.add(document.id, technical.facts(document))
        progress(number)
    return index


def run(
    corpus: Path,
    facts: Path,
    *,
    library: str = "",
    limits: Mapping[str, float] | None = None,
    progress: Callable[[str, int], None] = lambda what, done: None,
) -> VersionReport:
    """Score the version index of `corpus` on the labelled `facts`; `library`: only facts of that one.

    Raises InputError where a file or a limit cannot be used.
    """
    checked = LIMITS.check(limits or {})
    records = [record for record in json_lines(facts) if not library or record.get("library") == library]
    if not records:
        raise InputError(f"{facts} holds no fact{f' of {library}' if library else ''}")
    index = index_of(corpus, lambda done: progress("documents", done))
    outcomes: list[Outcome] = []
    unscored: list[str] = []
    libraries: dict[str, list[bool]] = {}
    for number, record in enumerate(records, 1):
        reason = _unusable(record)
        if reason:
            unscored.append(f"{record.get('id', f'line {number}')}: {reason}")
            continue
        outcome = _outcome(record, index)
        outcomes.append(outcome)
        libraries.setdefault(str(record.get("library", "")), []).append(outcome.right)
        progress("facts", number)
    return _report(index, outcomes, libraries, tuple(unscored), checked)


# --- scoring --------------------------------------------------------------------------------------------------------


def _unusable(record: Mapping[str, Any]) -> str:
    missing = [name for name in ("id", "symbol", "change", "as_of") if not isinstance(record.get(name), str)]
    if missing:
        return f"it has no {', '.join(missing)}"
    return "" if record["change"] in CHANGES else f"the change {record['change']!r} is none of {', '.join(CHANGES)}"


def _outcome(record: Mapping[str, Any], index: MemoryIndex) -> Outcome:
    symbol, change = str(record["symbol"]), str(record["change"])
    standing = standing_at(symbol, index, str(record["as_of"]), str(record.get("library") or ""))
    right, dated = _judged(record, standing, index)
    return Outcome(
        str(record["id"]),
        change,
        symbol,
        standing.status,
        standing.since,
        right,
        right and dated,
        _shown(record, standing, index),
        _replaced(record, standing),
        standing.reason,
    )


def _judged(record: Mapping[str, Any], standing: Standing, index: MemoryIndex) -> tuple[bool, bool]:
    """(the status is right, the version is right)."""
    change, version = record["change"], str(record.get("version") or "")
    if change == "none":
        return standing.status == "available", True
    if change == "added":
        return standing.status not in ("unknown", "not yet available"), standing.added == version
    if change == "changed":
        about = relevant(
            str(record["symbol"]), cited_notes(str(record["symbol"]), index), str(record.get("library", ""))
        )
        told = any(c.note.version == version and c.note.change in ("changed", "added") for c in about)
        return told, told
    if change == "deprecated_partial":
        parts = {cited.note.version for cited in standing.parts if cited.note.change == "deprecated"}
        return standing.status == "available" and bool(parts), version in parts
    if change == "deprecated" and record.get("removal") != "done":
        return standing.status == "deprecated", standing.since == version
    told_version = standing.deprecated if change == "deprecated" else standing.since
    return standing.status == "removed", told_version == version


def _labelled(record: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    found = []
    for item in record.get("evidence") or ():
        span = item.get("span") if isinstance(item, Mapping) else None
        if isinstance(span, list) and len(span) == 2 and isinstance(item.get("doc"), str):
            found.append((item["doc"], int(span[0]), int(span[1])))
    return found


def _shown(record: Mapping[str, Any], standing: Standing, index: MemoryIndex) -> bool | None:
    """Whether a span that the index names overlaps a labelled one; None where there is none to show."""
    gold = _labelled(record)
    if not gold or record["change"] == "none":
        return None
    symbol = str(record["symbol"])
    if record["change"] in ("changed", "deprecated_partial", "added"):
        about = relevant(symbol, cited_notes(symbol, index), str(record.get("library", "")))
        named = [(c.document_id, c.note.start, c.note.end) for c in about if c.note.version == record.get("version")]
    else:
        named = list(standing.evidence)
    return any(_overlap(one, other) for one in named for other in gold)


def _overlap(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    shared = min(one[2], other[2]) - max(one[1], other[1])
    return one[0] == other[0] and shared > 0 and 2 * shared >= min(one[2] - one[1], other[2] - other[1])


def _replaced(record: Mapping[str, Any], standing: Standing) -> bool | None:
    wanted = {last(str(name)) for name in record.get("replacement") or ()}
    if not wanted or record["change"] not in ("deprecated", "removed"):
        return None
    return bool(wanted & {last(name) for name in standing.replacement})


# --- reporting ------------------------------------------------------------------------------------------------------


def _report(
    index: MemoryIndex,
    outcomes: Sequence[Outcome],
    libraries: Mapping[str, Sequence[bool]],
    unscored: tuple[str, ...],
    limits: Mapping[str, float],
) -> VersionReport:
    groups = {name: _group([o for o in outcomes if o.change == name]) for name in CHANGES}
    facts = [o for o in outcomes if o.change != "none"]
    controls = [o for o in outcomes if o.change == "none"]
    report = VersionReport(
        len(outcomes),
        index.documents,
        index.notes,
        wilson(sum(o.right for o in facts), len(facts)),
        wilson(sum(o.status in ("deprecated", "removed") for o in controls), len(controls)),
        {name: group for name, group in groups.items() if group.facts},
        {name: wilson(sum(some), len(some)) for name, some in sorted(libraries.items())},
        unscored,
        limits,
        (),
        tuple(outcomes),
    )
    return replace(report, breaches=_breaches(report))


def _group(outcomes: Sequence[Outcome]) -> Group:
    shown = [o.evidence for o in outcomes if o.evidence is not None]
    replaced = [o.replaced for o in outcomes if o.replaced is not None]
    return Group(
        len(outcomes),
        wilson(sum(o.right for o in outcomes), len(outcomes)),
        wilson(sum(o.dated for o in outcomes), len(outcomes)),
        wilson(sum(shown), len(shown)),
        wilson(sum(replaced), len(replaced)),
        sum(o.status == "unknown" for o in outcomes),
    )


def _breaches(report: VersionReport) -> tuple[str, ...]:
    found = []
    for name, limit in report.limits.items():
        if name == "unscored":
            broken, seen = len(report.unscored) > limit, float(len(report.unscored))
        elif name == "false_alarms":
            seen = report.false_alarms.rate
            broken = not seen <= limit
        else:
            seen = _rate(report, name)
            broken = not seen >= limit
        if broken:
            found.append(f"{name} is {seen:.4g}, the limit is {limit:g}")
    return tuple(found)


def _rate(report: VersionReport, name: str) -> float:
    if name == "status":
        return report.status.rate
    if name == "evidence":
        shown = [group.evidence for group in report.by_change.values()]
        n = sum(rate.n for rate in shown)
        return sum(rate.count for rate in shown) / n if n else math.nan
    return report.by_change[name].status.rate if name in report.by_change else math.nan


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _lines(report: VersionReport) -> Iterator[str]:
    yield f"{report.facts:,} facts, {report.documents:,} documents, {report.notes:,} version notes"
    yield f"right status: {_shown_rate(report.status)}; false alarms among controls: {_shown_rate(report.false_alarms)}"
    for name, group in report.by_change.items():
        parts = [f"status {_shown_rate(group.status)}", f"with the version {_shown_rate(group.dated)}"]
        parts += [f"evidence {_shown_rate(group.evidence)}"] if group.evidence.n else []
        parts += [f"replacement {_shown_rate(group.replacement)}"] if group.replacement.n else []
        parts += [f"unknown {group.unknown}"] if group.unknown else []
        yield f"  {name}: {'; '.join(parts)}"
    for name, rate in report.by_library.items():
        yield f"  library {name or '(none)'}: {_shown_rate(rate)}"
    if report.unscored:
        yield f"not scored: {len(report.unscored)}, first {report.unscored[0]}"
    yield from (f"BROKEN: {breach}" for breach in report.breaches)


def _shown_rate(rate: Rate) -> str:
    return (
        f"{rate.rate:.4f} ({rate.count} of {rate.n}; {rate.low:.4f} to {rate.high:.4f})" if rate.n else "not measured"
    )
