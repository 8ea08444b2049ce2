"""Commands that measure the medical pack's safety, directions and conflicts: eval safety, direction, conflict."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli.common import JsonOption, console, print_json

LimitOption = Annotated[
    list[str] | None, typer.Option("--limit", help="NAME=SHARE, the least allowed; exit code 2 where it is broken.")
]
CrossedOption = Annotated[
    bool, typer.Option("--crossed", help="Score models fitted to the other folds, not the shipped one (its own data).")
]


def register(eval_app: typer.Typer) -> None:
    """Add this file's commands to `assay eval`."""
    eval_app.command("safety")(safety)
    eval_app.command("direction")(direction)
    eval_app.command("conflict")(conflict)


def safety(
    records: Annotated[Path, typer.Option(help="Questions and texts, JSON Lines: kind, category, text, spans.")],
    limits: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score the safety stop (actions by category) and the redaction of identifiers (spans), with 95 % intervals.

    Limits: emergency, self_harm, poisoning, personal_dosage, personal_diagnosis, urgent, passed, spans, untouched.

    Example:  assay eval safety --records safety.jsonl --limit urgent=1 --limit passed=0.96
    """
    from assay.evaluation.limits import parse_least
    from assay.evaluation.safety import LIMITS, run

    _show(run(records, limits=parse_least(limits or [], LIMITS)), as_json)


def direction(
    queries: Annotated[Path, typer.Option(help="Labelled questions, JSON Lines: label, answers, pico.")],
    qrels: Annotated[Path | None, typer.Option(help="Which document each question is about, TSV; for folds.")] = None,
    crossed: CrossedOption = False,
    limits: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score the direction of effect (increased, decreased, no difference shown) read from given evidence.

    Limits: macro_f1, accuracy.

    Example:  assay eval direction --queries queries.jsonl --qrels qrels.tsv --crossed --limit macro_f1=0.80
    """
    from assay.evaluation.direction import LIMITS, run
    from assay.evaluation.limits import parse_least

    _show(run(queries, qrels=qrels, crossed=crossed, limits=parse_least(limits or [], LIMITS)), as_json)


def conflict(
    claims: Annotated[Path, typer.Option(help="Claims with labelled statements, JSON Lines: claim, label, evidence.")],
    crossed: CrossedOption = False,
    limits: LimitOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score whether conflicts among statements on one claim are found.

    Limits: conflict_f1, accuracy, macro_f1.

    Example:  assay eval conflict --claims conflict.jsonl --crossed --json
    """
    from assay.evaluation.conflict import LIMITS, run
    from assay.evaluation.limits import parse_least

    _show(run(claims, crossed=crossed, limits=parse_least(limits or [], LIMITS)), as_json)


def _show(report: Any, as_json: bool) -> None:
    if as_json:
        print_json(report.summary())
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
    if report.exit_code:
        raise typer.Exit(report.exit_code)
