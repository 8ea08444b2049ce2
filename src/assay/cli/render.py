"""What commands print for people: readable at 80 columns, in colour and without, plain text when piped.

Text that came from documents is never read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from assay.evaluation.run import RetrievalReport
    from assay.types import (
        Appraisal,
        Citation,
        Claim,
        DoctorReport,
        DocumentInfo,
        IngestReport,
        ItemReport,
        Passage,
        QueryResult,
        RemovalReceipt,
        Retrieval,
        Source,
    )

_VERDICTS = {
    "supported": ("✓", "green"),
    "partly": ("≈", "yellow"),
    "unsupported": ("✗", "red"),
    "misattributed": ("✗", "red"),
    "fabricated": ("✗", "red"),
}
_STATUS = {"no_results": "nothing on this", "insufficient_evidence": "not enough evidence"}


def show_answer(console: Console, result: QueryResult, explain: bool = False) -> None:
    """An answer: its claims with numbered citations, the quoted source lines, verdicts, scores and timing."""
    console.print(Text(result.question, style="bold"))
    console.print()
    if result.status == "success":
        for claim in result.claims:
            console.print(Padding(_claim(claim), (0, 0, 1, 2)))
        _show_sources(console, result)
    else:
        console.print(Padding(Text.assemble((_STATUS[result.status] + ": ", "yellow"), result.answer), (0, 0, 0, 2)))
        if result.message:
            console.print(Padding(Text(result.message, style="dim"), (0, 0, 0, 2)))
        console.print()
        _show_nearest(console, result.nearest)
    for warning in result.warnings:
        console.print(Padding(Text(f"! {warning}", style="yellow"), (0, 0, 0, 2)))
    if explain:
        _show_checks(console, result)
    console.print(Text(_footer(result), style="dim"))
    if result.disclaimer:
        console.print(Text(result.disclaimer, style="italic"))


def _claim(claim: Claim) -> RenderableType:
    mark, colour = _VERDICTS[claim.verdict]
    numbers = "".join(f"[{citation.number}]" for citation in claim.citations)
    if "```" in claim.text:
        # Its parser and highlighter take longer to import than a question without code takes to search.
        from rich.markdown import Markdown

        return Group(Markdown(claim.text), Text.assemble((f"{mark} ", colour), (numbers, "cyan")))
    return Text.assemble((f"{mark} ", colour), claim.text, " ", (numbers, "cyan"))


def _show_sources(console: Console, result: QueryResult) -> None:
    appraisals = {source.document_id: source for source in result.sources}
    console.print(Text("Sources", style="bold"))
    seen: set[int] = set()
    for claim in result.claims:
        for citation in claim.citations:
            if citation.number not in seen:
                seen.add(citation.number)
                console.print(Padding(_citation(citation, claim, appraisals.get(citation.document_id)), (0, 0, 1, 2)))


def _citation(citation: Citation, claim: Claim, source: Source | None) -> RenderableType:
    _, colour = _VERDICTS[claim.verdict]
    head = Text.assemble((f"[{citation.number}] ", "cyan"), (citation.reference or citation.title, "bold"))
    quote = Text(f"“{shorten(citation.quote, 320)}”")
    place = citation.locator or f"characters {citation.start}-{citation.end}"
    where = f" · {short_place(citation.source)}, {place}"
    foot = Text.assemble((f"{claim.verdict} {claim.support:.2f}", colour), (where, "dim"))
    lines: list[RenderableType] = [head, Padding(quote, (0, 0, 0, 4)), Padding(foot, (0, 0, 0, 4))]
    known = appraisal_line(source.appraisal) if source and source.appraisal else ""
    if known:
        lines.append(Padding(Text(known, style="dim"), (0, 0, 0, 4)))
    return Group(*lines)


def appraisal_line(appraisal: Appraisal) -> str:
    """The known ones of the five answers on one line."""
    answers = (appraisal.identity, appraisal.scope, appraisal.weight, appraisal.currency)
    known = [
        f"{finding.question}: {finding.value}" + (f" (as of {finding.as_of})" if finding.as_of else "")
        for finding in answers
        if finding.value != "unknown"
    ]
    return " · ".join(known)


def _show_nearest(console: Console, nearest: Sequence[Source]) -> None:
    if nearest:
        console.print(Text("Nearest in the library", style="bold"))
    for source in nearest:
        head = Text.assemble((f"· {source.title} ", "bold"), (short_place(source.source), "dim"))
        console.print(Padding(head, (0, 0, 0, 2)))
        console.print(Padding(Text(shorten(source.excerpt, 200)), (0, 0, 1, 4)))


def _show_checks(console: Console, result: QueryResult) -> None:
    for title, claims in (("Checks", result.claims), ("Dropped", result.dropped)):
        if claims:
            console.print(Text(title, style="bold"))
        for claim in claims:
            mark, colour = _VERDICTS[claim.verdict]
            text = Text.assemble((f"{mark} {claim.verdict} {claim.support:.2f} ", colour), shorten(claim.text, 160))
            console.print(Padding(text, (0, 0, 0, 2)))
            for check in claim.checks:
                sign = "+" if check.passed else "-"
                console.print(
                    Padding(Text(f"{sign} {check.name}: {check.reason or 'passed'}", style="dim"), (0, 0, 0, 4))
                )
    if result.dropped or result.claims:
        console.print()


def _footer(result: QueryResult) -> str:
    stages = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in result.timings.items())
    tokens = result.usage.input_tokens + result.usage.output_tokens
    parts = [
        f"{len(result.claims)} shown, {len(result.dropped)} dropped",
        f"threshold {result.threshold:.2f}",
        f"{result.processing_time:.2f} s" + (f" ({stages})" if stages else ""),
        f"{result.usage.model}, {tokens} tokens" if result.usage.model else "",
    ]
    return " · ".join(part for part in parts if part)


def show_passages(console: Console, found: Retrieval, explain: bool) -> None:
    """Passages of a search, with their scores and, if asked, how each came about."""
    if found.routed_to:
        console.print(Text(f"the question names: {', '.join(found.routed_to)}", style="dim"))
    if not found.on_topic:
        console.print(Text(f"off topic: {found.reason}", style="yellow"))
    for passage in found.passages or found.nearest:
        _show_passage(console, passage, explain)
    console.print(Text(f"{found.candidates} candidates · {found.reason}", style="dim"))


def _show_passage(console: Console, passage: Passage, explain: bool) -> None:
    crumbs = " > ".join(passage.chunk.breadcrumb)
    head = Text.assemble(
        (f"{passage.rank}. ", "cyan"), (passage.document.title or passage.document.id, "bold"), f"  {passage.score:.3f}"
    )
    console.print(head)
    where = f"{short_place(passage.document.source)} · characters {passage.chunk.start}-{passage.chunk.end}"
    console.print(Padding(Text(f"{where}{' · ' + crumbs if crumbs else ''}", style="dim"), (0, 0, 0, 3)))
    console.print(Padding(Text(shorten(" ".join(passage.chunk.text.split()), 300)), (0, 0, 0, 3)))
    if explain:
        console.print(Padding(_signals(passage), (0, 0, 0, 3)))
    console.print()


def _signals(passage: Passage) -> Table:
    table = _table("signal", "raw", "scaled", "weight", "adds", "note")
    for signal in passage.signals:
        numbers = (signal.raw, signal.scaled, signal.weight, signal.contribution)
        table.add_row(signal.name, *(f"{value:.3f}" for value in numbers), signal.note)
    return table


def show_ingest(console: Console, report: IngestReport) -> None:
    """What an ingestion did."""
    done = f"{report.added} added, {report.replaced} replaced, {report.unchanged} unchanged, {report.failed} failed"
    console.print(f"{done} · {report.chunks:,} chunks in {report.seconds:.1f} s", markup=False)
    for failure in report.failures[:20]:
        console.print(Padding(Text.assemble((f"✗ {failure.source}: ", "red"), failure.reason), (0, 0, 0, 2)))
    if len(report.failures) > 20:
        console.print(f"  ... and {len(report.failures) - 20} more: assay list --failed", markup=False)
    for warning in report.warnings[:10]:
        console.print(Padding(Text(f"! {warning}", style="yellow"), (0, 0, 0, 2)))
    if report.stages:
        stages = " · ".join(f"{name} {seconds:.1f} s" for name, seconds in report.stages.items())
        console.print(Text(stages, style="dim"))


def show_documents(console: Console, documents: Sequence[DocumentInfo], total: int) -> None:
    """A list of documents."""
    table = _table("id", "title", "format", "chunks", "access")
    for info in documents:
        access = ", ".join(info.access.readers) or "owner"
        parts = (short_place(info.id), info.title, info.format, f"{info.chunks}", access)
        table.add_row(*(Text(part) for part in parts))
    console.print(table)
    console.print(Text(f"{len(documents)} of {total:,} documents", style="dim"))


def show_failures(console: Console, letters: Sequence[ItemReport]) -> None:
    """Files that could not be read, with reasons."""
    for letter in letters:
        console.print(Text.assemble((f"✗ {letter.source}: ", "red"), letter.reason))
    console.print(Text(f"{len(letters)} failed", style="dim"))


def show_document(
    console: Console, info: DocumentInfo, appraisal: Appraisal, part: str, start: int, characters: int
) -> None:
    """A document's particulars, appraisal and text."""
    console.print(Text(info.title or info.id, style="bold"))
    rows = [("id", info.id), ("source", info.source), ("format", info.format), ("version", str(info.version))]
    rows += [("added", info.added_at), ("access", ", ".join(info.access.readers) or "owner")]
    rows += [(finding.question, finding.value) for finding in _findings(appraisal)]
    rows += [("citation", appraisal.citation), *((f"meta {key}", str(value)) for key, value in info.metadata.items())]
    table = Table.grid(padding=(0, 2))
    for name, value in rows:
        table.add_row(Text(name, style="dim"), Text(shorten(value, 200)))
    console.print(table)
    for warning in appraisal.warnings:
        console.print(Text(f"! {warning}", style="yellow"))
    console.print()
    console.print(part, markup=False)
    console.print(Text(f"characters {start}-{start + len(part)} of {characters:,}", style="dim"))


def _findings(appraisal: Appraisal) -> Iterable[Any]:
    return (appraisal.identity, appraisal.scope, appraisal.weight, appraisal.currency)


def show_receipts(console: Console, receipts: Sequence[RemovalReceipt]) -> None:
    """Receipts of removals."""
    for receipt in receipts:
        console.print(Text.assemble(("removed ", "green"), receipt.document_id, f" · {receipt.chunks} chunks"))
        for place, seen in receipt.probes.items():
            console.print(Padding(Text(f"{place}: {seen}", style="dim"), (0, 0, 0, 2)))
    if any(not receipt.compacted for receipt in receipts):
        console.print(
            Text("not compacted yet: files may still hold deleted bytes; assay doctor --compact", style="yellow")
        )


def show_doctor(console: Console, report: DoctorReport) -> None:
    """What doctor saw."""
    for symptom in report.symptoms:
        mark, colour = ("✓", "green") if symptom.ok else ("✗", "red")
        console.print(Text.assemble((f"{mark} ", colour), (symptom.name, "bold"), f"  {symptom.seen}"))
        if symptom.repair and not symptom.ok:
            console.print(Padding(Text(f"repair: {symptom.repair}"), (0, 0, 0, 4)))
    console.print(Text("healthy" if report.healthy else "not healthy", style="green" if report.healthy else "red"))


def show_settings(console: Console, lines: Sequence[Any]) -> None:
    """Settings: value, origin, reason, what a change requires."""
    for line in lines:
        console.print(Text.assemble((line.name, "bold"), f" = {line.value}", (f"  ({line.origin})", "cyan")))
        console.print(Padding(Text(f"{line.why}; changing it requires {line.requires}", style="dim"), (0, 0, 0, 4)))


def show_scores(console: Console, report: RetrievalReport) -> None:
    """Retrieval scores with their intervals."""
    table = _table("metric", "mean", "95 % interval", "questions")
    for name, value in report.scores.metrics.items():
        table.add_row(name, f"{value.mean:.3f}", f"{value.low:.3f} to {value.high:.3f}", str(value.n))
    console.print(table)
    missing = len(report.scores.missing)
    console.print(Text(f"{report.documents:,} documents, {missing} questions without their document", style="dim"))


def show_bench(console: Console, measured: Mapping[str, Any]) -> None:
    """Timings of this machine."""
    table = _table("measure", "value")
    for name, value in measured.items():
        if not isinstance(value, Mapping):
            table.add_row(name.replace("_", " "), f"{value:,.2f}" if isinstance(value, float) else str(value))
    for group, values in measured.items():
        for name, value in values.items() if isinstance(values, Mapping) else ():
            table.add_row(
                f"{group}: {name}".replace("_", " "), f"{value:,.2f}" if isinstance(value, float) else str(value)
            )
    console.print(table)


def short_place(source: str) -> str:
    """Where a document lies, as short as it stays plain: from the working folder, else its folder and name."""
    path = Path(source)
    if not path.is_absolute():
        return source
    if path.is_relative_to(Path.cwd()):
        return str(path.relative_to(Path.cwd()))
    return str(Path("…", *path.parts[-2:]))


def shorten(text: str, most: int) -> str:
    """`text` on one line, cut at a word with an ellipsis where it is longer than `most`."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in columns:
        table.add_column(name, overflow="fold", justify="left")
    return table
