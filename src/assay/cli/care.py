"""Commands that look after a store: doctor, migrate, backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.common import ConfigOption, DomainOption, JsonOption, StoreOption, console, load_config, print_json


def register(app: typer.Typer) -> None:
    """Add this file's commands to the tree."""
    for name, function in (("doctor", doctor), ("migrate", migrate), ("backup", backup), ("restore", restore)):
        app.command(name, rich_help_panel="Care")(function)


def doctor(
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
    compact: Annotated[bool, typer.Option("--compact", help="Rewrite the store without removed text.")] = False,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare catalogue and index, check files, and name the command that repairs. Exit code 2 if anything is wrong.

    Examples:  assay doctor   ·   assay doctor --repair
    """
    from assay.admin import Admin
    from assay.cli.render import show_doctor

    with Admin(load_config(config, store, domain)) as admin:
        if compact:
            admin.compact()
        report = admin.repair() if repair else admin.examine()
    if as_json:
        print_json(report)
    else:
        show_doctor(console(), report)
    if not report.healthy:
        raise typer.Exit(2)


def migrate(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build a new index generation with today's settings.")
    ] = False,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a store of an older version up to date (a backup is taken first), or rebuild its index.

    Examples:  assay migrate   ·   assay migrate --rebuild
    """
    from assay.admin import Admin

    with Admin(load_config(config, store, domain)) as admin:
        done = admin.migrate(rebuild=rebuild)
    if as_json:
        return print_json(done)
    for line in done["steps"] or ["the store is up to date"]:
        console().print(line, markup=False)
    return None


def backup(
    target: Annotated[Path, typer.Argument(help="The archive to write.")],
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write one consistent archive of the store, while it is in use.

    Example:  assay backup library-2026-01-31.tar
    """
    from assay.admin import Admin

    with Admin(load_config(config, store, domain)) as admin:
        made = admin.backup(target)
    if as_json:
        return print_json(made)
    return console().print(
        f"wrote {made['archive']}: {made['documents']:,} documents, {made['bytes']:,} bytes", markup=False
    )


def restore(
    archive: Annotated[Path, typer.Argument(help="An archive written by assay backup.")],
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the store that is there.")] = False,
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Restore a store from an archive; checksums are verified before anything is written.

    Example:  assay restore library-2026-01-31.tar --store restored
    """
    from assay.admin import Admin

    with Admin(load_config(config, store, domain)) as admin:
        made = admin.restore(archive, overwrite=overwrite)
    if as_json:
        return print_json(made)
    return console().print(f"restored {made['documents']:,} documents into {made['store']}", markup=False)
