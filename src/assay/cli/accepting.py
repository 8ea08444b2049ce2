"""`assay eval acceptance`: whole answers against a set that says what is right."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer

from assay.cli.common import ConfigOption, DomainOption, JsonOption, console, print_json


def register(eval_app: typer.Typer) -> None:
    """Add this file's command to `assay eval`."""
    eval_app.command("acceptance")(acceptance)


def acceptance(
    questions: Annotated[Path, typer.Option(help="Questions with what is right, JSON Lines; see docs/evaluation.md.")],
    domain: DomainOption = None,
    store: Annotated[Path | None, typer.Option("--store", help="The library to ask.")] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Ask the domain's sample library, built for this run.")
    ] = False,
    least: Annotated[float, typer.Option(help="Exit code 2 where fewer are right.", min=0, max=1)] = 0.0,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask whole questions and judge the answers: status, what is said and not said, citations, warnings.

    Example:  assay eval acceptance --questions mine.jsonl --store library --domain legal --least 0.9
    """
    from assay.cli.demonstration import demo_config, fill
    from assay.config import RAGConfig
    from assay.errors import InputError
    from assay.evaluation.acceptance import accept, read_cases
    from assay.samples import sample_library
    from assay.specialists import system_for

    if sample == (store is not None):
        raise InputError("it is not said which library to ask", next="give --store FOLDER, or --sample")
    cases = read_cases(questions)
    with tempfile.TemporaryDirectory(prefix="assay-acceptance-") as folder:
        if store is not None:
            given: dict[str, Any] = {"store": {"path": str(store)}, **({"domain": domain} if domain else {})}
            loaded = RAGConfig.load(config, **given)
        else:
            loaded = demo_config(Path(folder), domain or "legal")
        with system_for(loaded) as system:
            if sample:
                fill(system, sample_library(domain or "legal"))
            report = accept(system, cases)
    if as_json:
        print_json(report.summary())
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
    if report.right.rate < least:
        raise typer.Exit(2)
