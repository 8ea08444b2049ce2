"""Commands that measure: eval retrieval, eval verification."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.common import ConfigOption, DomainOption, FilterOption, JsonOption, console, parse_filters, print_json

eval_app = typer.Typer(no_args_is_help=True, help="Measure on labelled questions, the shared format or your own.")


def register(app: typer.Typer) -> None:
    """Add this file's commands to the tree."""
    app.add_typer(eval_app, name="eval", rich_help_panel="Measure")


@eval_app.callback()
def _eval() -> None:
    """Measure on labelled questions, the shared format or your own."""


@eval_app.command("retrieval")
def retrieval(
    corpus: Annotated[Path, typer.Option(help="Documents, JSON Lines: id, title, text, metadata (plain or gzip).")],
    queries: Annotated[Path, typer.Option(help="Questions, JSON Lines: id, text, ... (plain or gzip).")],
    qrels: Annotated[Path, typer.Option(help="Labels, TSV: query-id doc-id [start end] grade.")],
    store: Annotated[Path | None, typer.Option("--store", help="Keep the store here and use it again.")] = None,
    filters: FilterOption = None,
    corpus_filters: Annotated[
        list[str] | None, typer.Option("--corpus-filter", help="Only documents with FIELD=VALUE in their metadata.")
    ] = None,
    exclude_field: Annotated[str, typer.Option(help="A field of a question that lists documents to leave out.")] = "",
    limit: Annotated[int | None, typer.Option(help="Only the first so many questions.", min=1)] = None,
    per_query: Annotated[Path | None, typer.Option(help="Write every question's scores to this file.")] = None,
    domain: DomainOption = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask every labelled question and score the ranking, with 95 % intervals.

    --filter selects questions by their own fields (task=scifact), --corpus-filter documents by metadata.

    Example:  assay eval retrieval --corpus corpus.jsonl.gz --queries queries.jsonl --qrels qrels.tsv --json
    """
    from assay.cli.progress import counting
    from assay.cli.render import show_scores
    from assay.evaluation.run import RetrievalRun

    run = RetrievalRun(
        corpus=corpus,
        queries=queries,
        qrels=qrels,
        store=store,
        query_filters=parse_filters(filters),
        corpus_filters=parse_filters(corpus_filters),
        exclude_field=exclude_field,
        limit=limit,
        domain=domain or "general",
        config=config,
    )
    with counting(quiet=as_json) as progress:
        report = run.execute(progress)
    if per_query is not None:
        run.write_per_query(report, per_query)
    if as_json:
        return print_json(report.summary())
    return show_scores(console(), report)


@eval_app.command("verification")
def verification(
    claims: Annotated[Path, typer.Option(help="Labelled claims, JSON Lines (plain or gzip); see docs/evaluation.md.")],
    threshold: Annotated[float, typer.Option(help="The least support that counts as supported.", min=0, max=1)] = 0.85,
    limits: Annotated[
        list[str] | None, typer.Option("--limit", help="NAME=RATE; exit code 2 where it is broken. Repeatable.")
    ] = None,
    frozen: Annotated[bool, typer.Option("--frozen", help="Score records of a frozen half too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Score the verifier over labelled claims: true ones it rejects, false ones it passes, by class and domain.

    Example:  assay eval verification --claims claims.jsonl --limit false_supported=0.01
    """
    from assay.cli.progress import counting
    from assay.evaluation.verification import parse_limits, run
    from assay.evaluation.verifier import verdict_of

    with counting(quiet=as_json) as progress:
        report = run(
            claims,
            lambda record: verdict_of(record, threshold),
            threshold=threshold,
            limits=parse_limits(limits or []),
            frozen=frozen,
            progress=lambda done: progress("claims", done, 0),
        )
    if as_json:
        print_json(report.summary())
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
    if report.exit_code:
        raise typer.Exit(report.exit_code)
