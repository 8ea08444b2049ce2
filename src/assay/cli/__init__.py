"""The `assay` command. Importing it is cheap: commands import what they need when they run."""

from __future__ import annotations

from typing import Any


def main() -> None:
    """The console entry point."""
    from assay.cli.app import run

    raise SystemExit(run())


def command() -> Any:
    """The command tree, for the documentation."""
    from assay.cli.app import tree

    return tree()
