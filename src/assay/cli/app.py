"""The command tree and the edge where errors become messages and exit codes.

Exit codes: 0 done; 1 it could not be done, the message says why and what to do; 2 wrong usage, or a gate failed;
130 interrupted.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import typer

from assay.errors import AssayError

PARTS = {
    "library": ("init", "add", "list", "show", "remove"),
    "asking": ("search", "ask", "chat"),
    "evaluating": ("eval",),
    "care": ("doctor", "migrate", "backup", "restore"),
    "settings": ("config", "model", "version", "demo", "bench"),
}
"""The modules that hold the commands, in the order of the help, and the commands of each."""


def application(parts: Iterable[str] = tuple(PARTS)) -> typer.Typer:
    """The commands of these modules, ready to run."""
    app = typer.Typer(
        name="assay",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        help="Answers from your own documents, every sentence with a checked citation.",
        epilog="Start with: assay demo · then: assay init && assay add FOLDER && assay ask 'your question'",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for part in parts:
        import_module(f"assay.cli.{part}").register(app)
    return app


def tree() -> Any:
    """The command tree behind the application."""
    return typer.main.get_command(application())


def run(arguments: list[str] | None = None) -> int:
    """Run the command; returns the exit code. Every AssayError ends here as one message on standard error."""
    try:
        code = application(_needed(arguments))(args=arguments, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except AssayError as error:
        _report(error)
        return 1
    except KeyboardInterrupt:
        print("interrupted; what was acknowledged is kept", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except typer.Exit as leave:
        return leave.exit_code
    except Exception as error:
        return _usage(error)


def _needed(arguments: list[str] | None) -> tuple[str, ...]:
    """The module of the command that is called; all where the first word is none (help, completion, a mistake):
    building thirty commands to run one takes longer than `assay ask` takes to search."""
    words = sys.argv[1:] if arguments is None else arguments
    return tuple(part for part, commands in PARTS.items() if words and words[0] in commands) or tuple(PARTS)


def _report(error: AssayError) -> None:
    if "--json" in sys.argv:
        body = {"status": "error", "error": error.code, "what": error.what, "why": error.why, "next": error.next}
        print(json.dumps(body))
    print(f"assay: {error.what}", file=sys.stderr)
    for label, text in (("why", error.why), ("next", error.next)):
        if text:
            print(f"  {label}: {text}", file=sys.stderr)


def _usage(error: Exception) -> int:
    show = getattr(error, "show", None)
    if show is None:
        raise error
    show()
    return int(getattr(error, "exit_code", 2))
