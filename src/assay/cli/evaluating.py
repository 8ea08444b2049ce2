"""Commands that measure: eval retrieval, eval answers, eval calibration, eval verification."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assay.cli import (
    accepting,
    comparing,
    evaluating_citations,
    evaluating_code,
    evaluating_evidence,
    evaluating_legal,
    evaluating_medical,
    evaluating_versions,
)
from assay.cli.common import ConfigOption, DomainOption, FilterOption, JsonOption, console, parse_filters, print_json
from assay.cli.measuring import (
    AgainstOption,
    CorpusFilterOption,
    CorpusOption,
    ExcludeOption,
    FamilyOption,
    KeptStoreOption,
    LimitOption,
    MostOption,
    NearMissOption,
    OffTopicFilterOption,
    OffTopicOption,
    PerQueryOption,
    PlotOption,
    QrelsOption,
    QueriesOption,
    RecordsInOption,
    RecordsOutOption,
    ThresholdOption,
    ToleranceOption,
    answers_run,
    counted,
    gate,
    measured_library,
    show_comparison,
    show_lines,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

eval_app = typer.Typer(no_args_is_help=True, help="Measure on labelled questions, the shared format or your own.")


def register(app: typer.Typer) -> None:
    """Add this file's commands to the tree."""
    for commands in (
        comparing,
        accepting,
        evaluating_citations,
        evaluating_code,
        evaluating_evidence,
        evaluating_legal,
        evaluating_medical,
        evaluating_versions,
    ):
        commands.register(eval_app)
    app.add_typer(eval_app, name="eval", rich_help_panel="Measure")


@eval_app.callback()
def _eval() -> None:
    """Measure on labelled questions, the shared format or your own."""


@eval_app.command("retrieval")
def retrieval(
    queries: QueriesOption,
    qrels: Annotated[Path, typer.Option(help="Labels, TSV: query-id doc-id [start end] grade.")],
    corpus: CorpusOption = None,
    store: KeptStoreOption = None,
    filters: FilterOption = None,
    corpus_filters: CorpusFilterOption = None,
    exclude_field: ExcludeOption = "",
    macro: Annotated[str, typer.Option(help="A field of a question: also average the groups of its values.")] = "",
    most: MostOption = None,
    per_query: PerQueryOption = None,
    against: AgainstOption = None,
    tolerance: ToleranceOption = 0.0,
    limits: LimitOption = None,
    domain: DomainOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask every labelled question and score the ranking, with 95 % intervals.

    --filter selects questions by their own fields (task=scifact), --corpus-filter documents by metadata. --against
    compares with the --per-query file of another run, question by question, and exits with 2 where this one is worse.

    Example:  assay eval retrieval --corpus corpus.jsonl.gz --queries queries.jsonl --qrels qrels.tsv --json

    Example:  assay eval retrieval --store kept --queries q.jsonl --qrels qrels.tsv --limit ndcg@10=0.7
    """
    from assay.cli.progress import counting
    from assay.cli.render import show_scores
    from assay.evaluation.run import RetrievalRun

    library = measured_library(corpus, store, corpus_filters, domain, config)
    most, limits = counted(limits, most)
    run = RetrievalRun(library, queries, qrels, parse_filters(filters), exclude_field, most, macro)
    with counting(quiet=as_json) as progress:
        report = run.execute(progress)
    told = report.summary()
    compared = _compared(report.scores.per_query, report.hashes, per_query, against, tolerance)
    if as_json:
        print_json(told | ({"against": compared.summary()} if compared else {}))
    else:
        show_scores(console(), report)
        show_comparison(compared)
    gate(limits, {name: value.mean for name, value in report.scores.metrics.items()}, compared)


@eval_app.command("answers")
def answers(
    queries: QueriesOption,
    qrels: QrelsOption = None,
    corpus: CorpusOption = None,
    store: KeptStoreOption = None,
    filters: FilterOption = None,
    corpus_filters: CorpusFilterOption = None,
    exclude_field: ExcludeOption = "",
    family_field: FamilyOption = "",
    most: MostOption = None,
    threshold: ThresholdOption = None,
    near_miss: NearMissOption = False,
    off_topic: OffTopicOption = None,
    off_topic_filters: OffTopicFilterOption = None,
    records: RecordsOutOption = None,
    per_query: PerQueryOption = None,
    against: AgainstOption = None,
    tolerance: ToleranceOption = 0.0,
    plot: PlotOption = None,
    limits: LimitOption = None,
    domain: DomainOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer labelled questions: how many are answered, how many answers rest on the right place, how well it is known.

    Without --qrels each question says what is right: expected_phrases, expected_citations (lists of text).

    Example:  assay eval answers --store kept --queries q.jsonl --qrels qrels.tsv --near-miss --plot curve.svg

    Example:  assay eval answers --store kept --queries q.jsonl --off-topic x.jsonl --limit off_topic_refused=0.98
    """
    from assay.cli.progress import counting
    from assay.evaluation.answers import lines, report
    from assay.evaluation.answers import per_query as scores_of
    from assay.evaluation.asking import write_asked
    from assay.evaluation.plots import coverage_plot

    run = answers_run(
        measured_library(corpus, store, corpus_filters, domain, config),
        queries,
        qrels,
        filters,
        exclude_field=exclude_field,
        family_field=family_field,
        limit=most,
        threshold=threshold,
        near_miss=near_miss,
        off_topic=off_topic,
        off_topic_filters=off_topic_filters,
    )
    with counting(quiet=as_json) as progress:
        asked = run.execute(progress)
    told = report(asked.rows, missing=asked.missing, threshold=asked.threshold, domain=asked.domain)
    if records is not None:
        write_asked(asked.rows, records)
    if plot is not None:
        curves = {"answerable": told.curve} | ({"with near misses": told.near_miss.curve} if told.near_miss else {})
        plot.write_text(coverage_plot("Right among the most confident", curves), encoding="utf-8")
    compared = _compared(scores_of(asked.rows), asked.hashes, per_query, against, tolerance)
    if as_json:
        print_json(told.summary() | ({"against": compared.summary()} if compared else {}))
    else:
        show_lines(lines(told))
        show_comparison(compared)
    gate(limits, told.measured(), compared)


@eval_app.command("calibration")
def calibration(
    queries: Annotated[Path | None, typer.Option(help="Questions, JSON Lines: id, text, ... (plain or gzip).")] = None,
    qrels: QrelsOption = None,
    records: RecordsInOption = None,
    corpus: CorpusOption = None,
    store: KeptStoreOption = None,
    filters: FilterOption = None,
    corpus_filters: CorpusFilterOption = None,
    exclude_field: ExcludeOption = "",
    most: MostOption = None,
    near_miss: NearMissOption = False,
    plot: PlotOption = None,
    limits: LimitOption = None,
    domain: DomainOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare stated relevance and confidence with what was right: calibration error, Brier score, reliability.

    Asks --queries, or reads what `assay eval answers --records FILE` wrote (repeatable: domains are pooled apart).

    Example:  assay eval calibration --store kept --queries q.jsonl --qrels qrels.tsv --plot reliability.svg

    Example:  assay eval calibration --records law.jsonl --records medicine.jsonl --limit confidence_ece=0.05
    """
    from assay.cli.progress import counting
    from assay.evaluation.calibrating import calibration_report, lines
    from assay.evaluation.plots import reliability_plot

    library = measured_library(corpus, store, corpus_filters, domain, config)
    with counting(quiet=as_json) as progress:
        rows = comparing.asked_rows(
            records,
            queries,
            lambda given: answers_run(
                library, given, qrels, filters, exclude_field=exclude_field, limit=most, near_miss=near_miss
            ),
            progress,
        )[0]
    told = calibration_report(rows)
    if plot is not None:
        curves = {f"{name}: {d}": c.bins for name, by in told.measured.items() for d, c in by.items() if d != "all"}
        plot.write_text(reliability_plot("Stated and right", curves), encoding="utf-8")
    if as_json:
        print_json(told.summary())
    else:
        show_lines(lines(told))
    gate(limits, told.limits(), None, most=True)


@eval_app.command("verification")
def verification(
    claims: Annotated[Path, typer.Option(help="Labelled claims, JSON Lines (plain or gzip); see docs/evaluation.md.")],
    threshold: Annotated[float, typer.Option(help="The least support that counts as supported.", min=0, max=1)] = 0.85,
    limits: Annotated[
        list[str] | None, typer.Option("--limit", help="NAME=RATE; exit code 2 where it is broken. Repeatable.")
    ] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="Score records of a frozen half too.")] = False,
    per_query: PerQueryOption = None,
    against: AgainstOption = None,
    tolerance: ToleranceOption = 0.0,
    as_json: JsonOption = False,
) -> None:
    """Score the verifier over labelled claims: true ones it rejects, false ones it passes, by class and domain.

    Example:  assay eval verification --claims claims.jsonl --limit false_supported=0.01
    """
    from assay.cli.progress import counting
    from assay.evaluation.verification import LIMITS, correct_by_claim, run
    from assay.evaluation.verifier import verdict_of

    with counting(quiet=as_json) as progress:
        report = run(
            claims,
            lambda record: verdict_of(record, threshold),
            threshold=threshold,
            limits=LIMITS.parse(limits or []),
            frozen=frozen,
            progress=lambda done: progress("claims", done, 0),
        )
    compared = _compared(correct_by_claim(report), {}, per_query, against, tolerance)
    if as_json:
        print_json(report.summary() | ({"against": compared.summary()} if compared else {}))
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
        show_comparison(compared)
    if report.exit_code or (compared and compared.exit_code):
        raise typer.Exit(2)


def _compared(
    scores: Mapping[str, Mapping[str, float]],
    keys: Mapping[str, str],
    write_to: Path | None,
    against: Path | None,
    tolerance: float,
) -> Any:
    """Write this run's scores where asked, and compare it with another run's where one is named."""
    from assay.evaluation.run import against as compare_with
    from assay.evaluation.run import write_per_query

    compared = compare_with(scores, keys, against, tolerance) if against is not None else None
    if write_to is not None:
        write_per_query(scores, keys, write_to)
    return compared
