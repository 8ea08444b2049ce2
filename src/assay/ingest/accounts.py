"""What became of each source: one account a source while it is worked on, and the report that closes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from assay.errors import IngestError
from assay.ingest.publishing import Published
from assay.ingest.walking import printable
from assay.types import IngestReport, ItemReport, ItemState

SHOWN = 20
REFUSALS = 1000
"""So many refused documents of a source are recorded one by one; the rest are counted."""


@dataclass
class Account:
    """The running account of one source."""

    source: str
    size: int = 0
    seen: set[str] = field(default_factory=set)
    waiting: int = 0
    ended: bool = False
    error: IngestError | None = None
    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    chunks: int = 0
    blank: int = 0
    refused: list[ItemReport] = field(default_factory=list)
    warnings: Counter[str] = field(default_factory=Counter)

    @property
    def settled(self) -> bool:
        """Whether it was read to its end and everything of it is published."""
        return self.ended and not self.waiting

    @property
    def complete(self) -> bool:
        """Whether what was seen is all that the source holds, so that other documents of it are gone."""
        return self.ended and self.error is None and bool(self.seen)

    def refuse(self, document_id: str, reason: str) -> None:
        """A document of this source that was not taken."""
        self.refused.append(ItemReport(printable(self.source), "failed", document_id, reason=reason))

    def book(self, published: Published) -> None:
        """A document of this source that is live now."""
        self.waiting -= 1
        self.chunks += published.chunks
        if published.state == "added":
            self.added += 1
        else:
            self.replaced += 1
        if published.taken_from:
            self.warnings[f"{published.document_id} replaced the version that came from {published.taken_from}"] += 1

    def reports(self, kept: int) -> list[ItemReport]:
        """The reports that close the account: one of the source, and one of each document that was refused.

        `kept`: how many live documents there are of a source in which no text was found.
        """
        return [*self.refused[:REFUSALS], self._report(kept)]

    def _report(self, kept: int) -> ItemReport:
        state, reason = self._outcome(kept)
        warnings = Counter(self.warnings)
        if self.refused:
            warnings[f"{documents(len(self.refused))} of it refused"] += 1
        if self.blank and self.seen:
            warnings[f"{documents(self.blank)} without text left out"] += 1
        if self.removed:
            warnings[f"{documents(self.removed)} that it no longer holds removed"] += 1
        return ItemReport(
            source=printable(self.source),
            state=state,
            document_id=next(iter(self.seen)) if len(self.seen) == 1 else "",
            chunks=self.chunks,
            reason=reason,
            warnings=tuple(counted(warnings)),
        )

    def _outcome(self, kept: int) -> tuple[ItemState, str]:
        if self.error is not None:
            live = self.added + self.replaced + self.unchanged
            before = f" What came before it was taken: {documents(live)}." if live else ""
            return "failed", f"{self.error}{before}"
        if not self.seen:
            if self.refused:
                return "failed", f"Nothing of it could be taken: {documents(len(self.refused))} refused."
            if kept:
                return (
                    "failed",
                    f"It holds no text now. What it held was kept ({documents(kept)}); remove it if meant.",
                )
            return "skipped", "it holds no text"
        if self.replaced or self.removed:
            return "replaced", ""
        return ("added", "") if self.added else ("unchanged", "")


def documents(count: int) -> str:
    """A number of documents in words."""
    return f"{count:,} document{'' if count == 1 else 's'}"


def counted(warnings: Mapping[str, int]) -> list[str]:
    """Warnings with how often they came, at most `SHOWN` of them and then how many more."""
    lines = [f"{text} ({documents(times)})" if times > 1 else text for text, times in warnings.items()]
    return lines if len(lines) <= SHOWN else [*lines[:SHOWN], f"and {len(lines) - SHOWN} more warnings"]


def skipped_by_reason(reports: Iterable[ItemReport]) -> list[str]:
    """One line a reason for which sources were skipped, with how many and the first of them."""
    by_reason: dict[str, list[str]] = {}
    for report in reports:
        if report.state == "skipped":
            by_reason.setdefault(report.reason, []).append(report.source)
    return [
        f"skipped {sources[0]}: {reason}"
        if len(sources) == 1
        else f"skipped {len(sources)} sources, {sources[0]} first: {reason}"
        for reason, sources in by_reason.items()
    ]


@dataclass
class Totals:
    """What a job did so far."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    chunks: int = 0
    failures: list[ItemReport] = field(default_factory=list)
    skipped: list[ItemReport] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def note(self, report: ItemReport) -> None:
        """Add the reason of a failure, and warnings."""
        if report.state == "failed":
            self.failures.append(report)
        elif report.state == "skipped":
            self.skipped.append(report)
        lead = f"{report.source}: " if report.source else ""
        self.warnings.extend(f"{lead}{warning}" for warning in report.warnings)

    def close(self, account: Account, reports: Iterable[ItemReport]) -> None:
        """Add a closed account with its reports."""
        self.added += account.added
        self.replaced += account.replaced
        self.unchanged += account.unchanged
        self.chunks += account.chunks
        for report in reports:
            self.note(report)

    def report(self, job_id: str, seconds: float, stages: Mapping[str, float]) -> IngestReport:
        """The report of the whole job."""
        return IngestReport(
            job_id=job_id,
            added=self.added,
            replaced=self.replaced,
            unchanged=self.unchanged,
            failed=len(self.failures),
            chunks=self.chunks,
            seconds=seconds,
            failures=tuple(self.failures),
            warnings=(*self.warnings, *skipped_by_reason(self.skipped)),
            stages=dict(stages),
        )
