"""`assay chat`: one question after another; a follow-up is completed from what came before, and shown as asked."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from assay.system import ProductionRAGSystem


def converse(system: ProductionRAGSystem, console: Console, as_json: bool) -> None:
    """Read questions from standard input until an empty line or its end."""
    from assay.cli.render import show_answer

    history: list[str] = []
    while True:
        line = _next_line(console, as_json)
        if not line:
            return
        asked, note = system.resolve(line, history)
        result = system.process_query(asked)
        history.append(asked)
        if as_json:
            print(json.dumps({"said": line, "asked": asked, "note": note, **result.to_dict()}, ensure_ascii=False))
            continue
        if asked != line or note:
            console.print(Text(f"asked: {asked}" + (f" ({note})" if note else ""), style="dim"))
        show_answer(console, result) if result.status != "error" else console.print(result.message, markup=False)
        console.print()


def _next_line(console: Console, as_json: bool) -> str:
    if sys.stdin.isatty() and not as_json:
        console.print(Text("> ", style="cyan"), end="")
    return sys.stdin.readline().strip()
