"""Puts real answers into README.md: asks the legal sample library and writes down what the command line prints.

Times are replaced by "…", because they differ every time. The model runs at f32, so that every machine gives the same
answer. With --check it fails where README.md shows something else.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from assay.cli.demonstration import QUESTIONS, fill
from assay.cli.render import show_answer
from assay.config import RAGConfig
from assay.samples import sample_library
from assay.specialists import system_for

README = Path(__file__).resolve().parent.parent / "README.md"
REFUSED = "How long does copyright in a work made for hire last in the European Union?"
_TIMES = re.compile(r"\d+\.\d\d s \([^)]*\)", re.DOTALL)


def main() -> int:
    """Write or check; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail where README.md shows something else")
    check = parser.parse_args().check
    made = renewed(README.read_text(encoding="utf-8"))
    if check and made != README.read_text(encoding="utf-8"):
        print("README.md does not show what the command line prints: run python tools/readme.py")
        return 1
    if not check:
        README.write_text(made, encoding="utf-8")
    return 0


def renewed(text: str) -> str:
    """README's text with the answers as they are now."""
    for name, question in (("answer", QUESTIONS["legal"]), ("refusal", REFUSED)):
        block = f"```console\n$ assay ask --domain legal '{question}'\n{shown(question)}\n```"
        pattern = re.compile(rf"(<!-- {name}: [^>]*-->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        text = pattern.sub(lambda match, block=block: f"{match[1]}{block}\n{match[2]}", text)  # type: ignore[misc]
    return text


def shown(question: str) -> str:
    """What `assay ask` prints at 80 columns for a question to the legal sample library, without the question."""
    with tempfile.TemporaryDirectory(prefix="assay-readme-") as folder:
        store = {"path": str(Path(folder) / "store"), "mode": "embedded"}
        config = RAGConfig.load(
            environ={}, folder=Path(folder), domain="legal", store=store, models={"precision": "f32"}
        )
        with system_for(config) as system:
            fill(system, sample_library("legal"))
            result = system.process_query(question)
    target = io.StringIO()
    show_answer(Console(file=target, width=80, highlight=False), result)
    today = datetime.now(UTC).date().isoformat()
    lines = _TIMES.sub("… s", target.getvalue().replace(today, "YYYY-MM-DD")).splitlines()[1:]
    return "\n".join(line.rstrip() for line in lines).strip("\n")


if __name__ == "__main__":
    sys.exit(main())
