"""Commands that measure the technical pack's version index: eval versions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.common import JsonOption, console, print_json


def register(eval_app: typer.Typer) -> None:
    """Add this file's commands to `assay eval`."""
    eval_app.command("versions")(versions)


def versions(
    corpus: Annotated[Path, typer.Option(help="Documents, JSON Lines (plain or gzip).")],
    facts: Annotated[Path, typer.Option(help="Labelled version facts, JSON Lines; see docs/technical.md.")],
    library: Annotated[str, typer.Option(help="Score the facts of this library alone.")] = "",
    limits: Annotated[
        list[str] | None,
        typer.Option(
            "--limit", help="NAME=VALUE (removed, deprecated, added, status, false_alarms, ...); exit code 2."
        ),
    ] = None,
    show_errors: Annotated[bool, typer.Option("--errors", help="Name the facts with a wrong status.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Score the status that the version index states of symbols: added, deprecated, removed, or none of it.

    Example:  assay eval versions --corpus corpus.jsonl.gz --facts versions.jsonl --limit removed=0.95
    """
    from assay.cli.progress import counting
    from assay.evaluation.versions import LIMITS, run

    with counting(quiet=as_json) as progress:
        report = run(
            corpus,
            facts,
            library=library,
            limits=LIMITS.parse(limits or []),
            progress=lambda what, done: progress(what, done, 0),
        )
    if as_json:
        print_json(report.summary())
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
        for outcome in report.wrong() if show_errors else ():
            line = f"{outcome.id}: {outcome.status} {outcome.since} ({outcome.reason})"
            console().print(line, markup=False, soft_wrap=True)
    if report.exit_code:
        raise typer.Exit(report.exit_code)
