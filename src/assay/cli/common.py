"""What commands share: options, opening a system, printing JSON or text."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from assay.config import RAGConfig
    from assay.system import ProductionRAGSystem

ConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", help="Configuration file (default: ./assay.toml, then the user's).")
]
StoreOption = Annotated[Path | None, typer.Option("--store", "-s", help="Folder of the store (default: .assay/store).")]
DomainOption = Annotated[
    str | None, typer.Option("--domain", "-d", help="general, legal, technical, medical, or a plug-in's name.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
FilterOption = Annotated[
    list[str] | None,
    typer.Option("--filter", "-f", help="FIELD=VALUE, FIELD>=VALUE, FIELD<=VALUE or FIELD^=PREFIX; repeatable."),
]


def load_config(config: Path | None, store: Path | None, domain: str | None) -> RAGConfig:
    """The configuration in force, with what the command line overrides."""
    from assay.config import RAGConfig

    overrides: dict[str, Any] = {}
    if store is not None:
        overrides["store"] = {"path": str(store)}
    if domain is not None:
        overrides["domain"] = domain
    return RAGConfig.load(config, **overrides)


def open_system(config: Path | None, store: Path | None, domain: str | None) -> ProductionRAGSystem:
    """The system of the configured domain."""
    from assay.specialists import system_for

    return system_for(load_config(config, store, domain))


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    from assay.types import plain

    json.dump(plain(value), sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def console(*, stderr: bool = False) -> Console:
    """A console that is plain when piped and never wider than 100 columns."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    return made if made.width <= 100 else Console(stderr=stderr, highlight=False, width=100)


def parse_filters(items: list[str] | None) -> dict[str, Any]:
    """Filters from FIELD=VALUE expressions; several values of one field mean any of them."""
    from assay.errors import FilterError

    found: dict[str, Any] = {}
    for item in items or []:
        for sign, op in ((">=", "gte"), ("<=", "lte"), ("^=", "prefix"), (">", "gt"), ("<", "lt"), ("=", "any")):
            name, mark, value = item.partition(sign)
            if mark and name and value:
                _add_filter(found, name.strip(), op, _scalar(value.strip()))
                break
        else:
            raise FilterError(f"{item!r} is not a filter", next="write FIELD=VALUE, FIELD>=VALUE or FIELD^=PREFIX")
    return found


def _add_filter(found: dict[str, Any], name: str, op: str, value: str | int | float | bool) -> None:
    conditions = found.setdefault(name, {})
    if op == "any":
        conditions.setdefault("any", []).append(value)
    else:
        conditions[op] = value


def _scalar(text: str) -> str | int | float | bool:
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text.strip("\"'")
