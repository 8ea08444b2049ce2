"""Commands on documents: init, add, list, show, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assay.cli.common import ConfigOption, DomainOption, JsonOption, StoreOption, console, open_system, print_json

if TYPE_CHECKING:
    from assay.system import ProductionRAGSystem


def register(app: typer.Typer) -> None:
    """Add this file's commands to the tree."""
    for name, function in (("init", init), ("add", add), ("list", list_), ("show", show), ("remove", remove)):
        app.command(name, rich_help_panel="Documents")(function)


def init(
    folder: Annotated[Path, typer.Argument(help="Where assay.toml and the store go.")] = Path(),
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Start a library here: writes assay.toml and an empty store.

    Examples:  assay init   ·   assay init contracts --domain legal
    """
    from assay.admin import start_library

    made = start_library(folder, domain or "general")
    if as_json:
        print_json(made)
    else:
        console().print(f"library ready in [bold]{made['folder']}[/]: next, assay add FOLDER")


def add(
    paths: Annotated[list[str] | None, typer.Argument(help="Files, folders or globs.")] = None,
    access: Annotated[
        str, typer.Option(help="Who may read them: user:NAME, group:NAME, public; comma-separated.")
    ] = "",
    resume: Annotated[bool, typer.Option(help="Go on with jobs that were interrupted.")] = False,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add files, folders or globs; adding again does nothing for what has not changed.

    A file that cannot be read is reported with its reason and everything else goes on.

    Examples:  assay add handbook.pdf notes/   ·   assay add 'cases/**/*.html' --access group:litigation
    """
    from assay.cli.progress import observing
    from assay.errors import InputError
    from assay.textual.access import access_list

    if not paths and not resume:
        raise InputError("nothing to add", next="name files, folders or globs, or use --resume")
    with open_system(config, store, domain) as system, observing(quiet=as_json) as observer:
        if paths:
            readers = access_list(access) if access else None
            report = system.ingest(list(paths), access=readers, observer=observer)
        else:
            report = system.resume(observer=observer)
    if as_json:
        print_json(report)
    else:
        from assay.cli.render import show_ingest

        show_ingest(console(), report)
    if report.failed:
        raise typer.Exit(1)


def list_(
    pattern: Annotated[str, typer.Argument(help="A glob over id, title and source.")] = "",
    failed: Annotated[bool, typer.Option("--failed", help="List files that failed, with reasons, instead.")] = False,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1)] = 100,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the documents, or with --failed the files that could not be read.

    Examples:  assay list   ·   assay list '*.pdf'   ·   assay list --failed
    """
    from assay.cli.render import show_documents, show_failures

    with open_system(config, store, domain) as system:
        if failed:
            letters = system.failures()
            return print_json(letters) if as_json else show_failures(console(), letters)
        documents = system.documents(matching=pattern, limit=limit)
        total = system.count_documents()
    if as_json:
        return print_json(documents)
    return show_documents(console(), documents, total)


def show(
    document: Annotated[str, typer.Argument(help="The document's id.")],
    start: Annotated[int, typer.Option(help="First character.", min=0)] = 0,
    characters: Annotated[int, typer.Option(help="How many characters.", min=1)] = 2000,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a document: what it is, its appraisal, and its text from a character on.

    Examples:  assay show ucc-2-106.txt   ·   assay show ucc-2-106.txt --start 400 --characters 300
    """
    from assay.cli.render import show_document

    with open_system(config, store, domain) as system:
        (found,) = _matching(system, document)[:1] or [document]
        info, text = system.document(found)
        appraisal = system.appraise(found)
    part = text[start : start + characters]
    if as_json:
        return print_json({**info.to_dict(), "appraisal": appraisal, "start": start, "text": part})
    return show_document(console(), info, appraisal, part, start, len(text))


def remove(
    documents: Annotated[list[str], typer.Argument(help="Ids, or globs over id, title and source.")],
    erase: Annotated[
        bool, typer.Option(help="Compact too, so that no file of the store holds the text any more.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove documents, with a receipt of every place that was probed.

    Examples:  assay remove draft.md   ·   assay remove 'old/*' --erase --yes
    """
    from assay.cli.render import show_receipts
    from assay.errors import NotFound

    with open_system(config, store, domain) as system:
        ids = list(dict.fromkeys(found for name in documents for found in _matching(system, name)))
        if not ids:
            raise NotFound(f"no document matches {', '.join(documents)}", next="see: assay list")
        if not yes and not as_json and not typer.confirm(f"Remove {len(ids)} document(s)?", err=True):
            raise typer.Exit(1)
        receipts = system.remove(ids, erase=erase)
    if as_json:
        return print_json(receipts)
    return show_receipts(console(), receipts)


def _matching(system: ProductionRAGSystem, name: str) -> list[str]:
    """The ids that `name` stands for: an id, a glob, a path from here, or the end of exactly one id."""
    for pattern in (name, str(Path(name).resolve())):
        found = [info.id for info in system.documents(matching=pattern)]
        if found:
            return found
    ends = [info.id for info in system.documents(matching=f"*{name}")] if len(name) >= 3 else []
    return ends if len(ends) == 1 else []
