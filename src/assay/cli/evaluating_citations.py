"""The command that measures the check of legal citations: eval citations."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.common import JsonOption, console, print_json


def register(eval_app: typer.Typer) -> None:
    """Add this file's command to `assay eval`."""
    eval_app.command("citations")(citations)


def citations(
    strings: Annotated[Path, typer.Option(help="Labelled strings, JSON Lines: id, text, valid, flags, as_of.")],
    limits: Annotated[
        list[str] | None, typer.Option("--limit", help="NAME=RATE; exit code 2 where it is broken. Repeatable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Score the check of legal citations over valid and invalid strings: every flag, and every miss with its reason.

    Example:  assay eval citations --strings citations.jsonl --limit right=0.95

    Example:  assay eval citations --strings mine.jsonl --json
    """
    from assay.cli.progress import counting
    from assay.evaluation.citations import LIMITS, run

    with counting(quiet=as_json) as progress:
        report = run(strings, limits=LIMITS.parse(limits or []), progress=lambda done: progress("citations", done, 0))
    if as_json:
        print_json(report.summary())
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
    if report.exit_code:
        raise typer.Exit(report.exit_code)
