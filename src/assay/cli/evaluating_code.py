"""Commands that measure how code is handled: eval code-blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.common import ConfigOption, JsonOption, console, load_config, print_json


def register(eval_app: typer.Typer) -> None:
    """Add this file's commands to `assay eval`."""
    eval_app.command("code-blocks")(code_blocks)


def code_blocks(
    corpus: Annotated[Path, typer.Option(help="Documents, JSON Lines: id, title, text, metadata (plain or gzip).")],
    blocks: Annotated[Path, typer.Option(help="Code blocks, TSV: doc-id start end kind language (plain or gzip).")],
    target: Annotated[
        int | None, typer.Option(help="Chunk size in characters (default: ingest.chunk_characters).", min=100)
    ] = None,
    documents: Annotated[int | None, typer.Option(help="Only the first so many documents.", min=1)] = None,
    limits: Annotated[
        list[str] | None,
        typer.Option(
            "--limit",
            help="NAME=VALUE (cut, lead, exact, family, session_free, parses, unplaced); "
            "exit code 2 where it is broken. Repeatable.",
        ),
    ] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Score code blocks: cut by chunking or not, language told with the label hidden, syntax read.

    Example:  assay eval code-blocks --corpus corpus.jsonl.gz --blocks code_blocks.tsv.gz --limit cut=0
    """
    from assay.cli.progress import counting
    from assay.evaluation.code_blocks import LIMITS, run

    with counting(quiet=as_json) as progress:
        report = run(
            corpus,
            blocks,
            target=target or load_config(config, None, None).ingest.chunk_characters,
            limits=LIMITS.parse(limits or []),
            documents=documents,
            progress=lambda done: progress("documents", done, 0),
        )
    if as_json:
        print_json(report.summary())
    else:
        console().print(report.text(), markup=False, soft_wrap=True)
    if report.exit_code:
        raise typer.Exit(report.exit_code)
