"""The command that measures the grading of studies: eval evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.common import JsonOption, console, print_json


def register(eval_app: typer.Typer) -> None:
    """Add this file's command to `assay eval`."""
    eval_app.command("evidence")(evidence)


def evidence(
    corpus: Annotated[Path, typer.Option(help="Documents, JSON Lines: id, title, text (plain or gzip).")],
    gold: Annotated[
        Path | None, typer.Option(help="Studies and sentences with right values, JSON Lines; see docs/medical.md.")
    ] = None,
    labels: Annotated[
        Path | None, typer.Option(help="Designs of documents, JSON Lines: tasks study_type, pubmed_pubtypes.")
    ] = None,
    limits: Annotated[
        list[str] | None, typer.Option("--limit", help="NAME=RATE; exit code 2 where it is broken. Repeatable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Score the grading of studies: design, level, sample size, blinding, effects, with 95 % intervals.

    Example:  assay eval evidence --corpus corpus.jsonl.gz --gold evidence_gold.jsonl --limit effects_f1=0.9
    """
    from assay.cli.progress import counting
    from assay.evaluation.evidence import LIMITS, run

    with counting(quiet=as_json) as progress:
        report = run(
            corpus,
            gold=gold,
            labels=labels,
            limits=LIMITS.parse(limits or []),
            progress=lambda done: progress("labels", done, 0),
        )
    if as_json:
        print_json(report.summary())
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
    if report.exit_code:
        raise typer.Exit(report.exit_code)
