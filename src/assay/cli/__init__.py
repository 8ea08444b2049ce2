"""The `assay` command. Importing it is cheap: commands import what they need when they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def main() -> None:
    """The console entry point."""
    from assay.cli.app import run

    raise SystemExit(run())


def command() -> click.Command:
    """The command tree, for shells' completion and for the documentation."""
    from assay.cli.app import tree

    return tree()
