"""Commands that measure the legal pack: eval treatment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.common import JsonOption, console, print_json


def register(eval_app: typer.Typer) -> None:
    """Add this file's commands to `assay eval`."""
    eval_app.command("treatment")(treatment)


def treatment(
    records: Annotated[Path, typer.Option(help="Labelled sentences, JSON Lines (plain or gzip); see docs/legal.md.")],
    limits: Annotated[
        list[str] | None,
        typer.Option("--limit", help="NAME=VALUE (f1, precision, recall, unscored); exit code 2 where it is broken."),
    ] = None,
    show_errors: Annotated[
        bool, typer.Option("--errors", help="Name the sentences that were missed or wrong.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Score how well negative treatment (overruled, reversed, superseded, ...) is read out of opinions.

    Example:  assay eval treatment --records treatment.jsonl --limit f1=0.88
    """
    from assay.cli.progress import counting
    from assay.evaluation.treatment import LIMITS, run

    with counting(quiet=as_json) as progress:
        report = run(records, limits=LIMITS.parse(limits or []), progress=lambda done: progress("sentences", done, 0))
    if as_json:
        print_json(report.summary())
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
        if show_errors:
            for name, ids in (("missed", report.missed), ("false alarm", report.false_alarms)):
                for identity in ids:
                    console().print(f"{name}: {identity}", markup=False, soft_wrap=True)
    if report.exit_code:
        raise typer.Exit(report.exit_code)
