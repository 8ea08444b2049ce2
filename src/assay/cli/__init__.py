"""The `assay` command. Importing it is cheap: commands import what they need when they run."""

from __future__ import annotations

from typing import Any

_OBJECTS = 100_000


def main() -> None:
    """The console entry point."""
    import gc

    # Imports alone make hundreds of thousands of objects that stay; looking them over again and again for cycles takes
    # a tenth of the time of a short command. Long ones collect as ever, in larger steps.
    gc.set_threshold(_OBJECTS)
    from assay.cli.app import run

    raise SystemExit(run())


def command() -> Any:
    """The command tree, for the documentation."""
    from assay.cli.app import tree

    return tree()
