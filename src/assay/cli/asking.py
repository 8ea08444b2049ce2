"""Commands that ask: search, ask, chat."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from assay.cli.common import (
    ConfigOption,
    DomainOption,
    FilterOption,
    JsonOption,
    StoreOption,
    console,
    open_system,
    parse_filters,
    print_json,
)

KOption = Annotated[int | None, typer.Option("-k", help="How many passages (default: retrieval.k).")]


def register(app: typer.Typer) -> None:
    """Add this file's commands to the tree."""
    for name, function in (("search", search), ("ask", ask), ("chat", chat)):
        app.command(name, rich_help_panel="Questions")(function)


def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    k: KOption = None,
    filters: FilterOption = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show how each score comes about.")] = False,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find passages.

    Examples:  assay search 'fair use of software'   ·   assay search 'json dumps' -k 3 --explain
    """
    from assay.cli.render import show_passages

    with open_system(config, store, domain) as system:
        found = system.search(question, parse_filters(filters) or None, k)
    if as_json:
        return print_json(found)
    return show_passages(console(), found, explain)


def ask(
    question: Annotated[str, typer.Argument(help="The question; - reads it from standard input.")],
    k: KOption = None,
    filters: FilterOption = None,
    threshold: Annotated[float | None, typer.Option(help="Least support of a claim, 0 to 1.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 unless the question was answered.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show dropped claims and every check.")] = False,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask a question and get a verified answer, each sentence with its citation.

    Examples:  assay ask 'What does termination mean for a sale of goods?'   ·   assay ask -f year>=2010 'aspirin ...'
    """
    from assay.cli.render import show_answer

    text = sys.stdin.read() if question == "-" else question
    with open_system(config, store, domain) as system:
        result = system.process_query(text, parse_filters(filters) or None, k, threshold)
    if as_json:
        print_json(result)
    elif result.status == "error":
        console(stderr=True).print(f"assay: {result.message}", markup=False)
    else:
        show_answer(console(), result, explain)
    if result.status == "error":
        raise typer.Exit(1)
    if strict and result.status != "success":
        raise typer.Exit(2)


def chat(
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask one question after another; a follow-up is completed from the one before, and shown as it was asked.

    An empty line or Ctrl-D ends. With --json each answer is one line of JSON.

    Example:  assay chat --domain legal
    """
    from assay.cli.conversation import converse

    with open_system(config, store, domain) as system:
        converse(system, console(), as_json)
