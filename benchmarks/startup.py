"""How long a command takes from the shell's point of view: `assay --help`, and `assay ask` over a warm store.

    python -m benchmarks.startup [--rounds 7]

The commands are alternated; "nothing" is Python starting and ending, the floor under all of them. The store is the
sample libraries of law and medicine, and its index owner runs already, as it does after the first command.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.samples import sample_library
from benchmarks.common import alternated, argument_parser, keep, load, quantile, say, timed

_QUESTION = "What does termination of a contract for the sale of goods mean?"
_MODULES = 12


def main() -> None:
    """Measure and keep the result."""
    parser = argument_parser(__doc__)
    parser.set_defaults(rounds=7)
    told = parser.parse_args()
    before = load()
    with tempfile.TemporaryDirectory(prefix="assay-startup-") as folder:
        runs = _measured(Path(folder), told.rounds)
        slowest = _slowest_imports(Path(folder))
    summary = {name: _summary(times) for name, times in runs.items()}
    keep("startup", before, {"rounds": told.rounds}, {"commands": summary, "imports_ms": slowest}, show=told.print)


def _measured(folder: Path, rounds: int) -> dict[str, list[tuple[float, float]]]:
    # Long enough for all rounds, short enough not to outlast them by much.
    setting = {"ASSAY_STORE_PATH": str(folder / "store"), "ASSAY_STORE_IDLE_SECONDS": "20"}
    files = [str(document.path) for name in ("legal", "medical") for document in sample_library(name).documents]
    assay = [sys.executable, "-m", "assay"]
    _run([*assay, "add", *files], folder, setting)
    commands = {
        "nothing": [sys.executable, "-c", "pass"],
        "assay --help": [*assay, "--help"],
        "assay ask (warm)": [*assay, "ask", _QUESTION],
        "assay search (warm)": [*assay, "search", _QUESTION],
    }
    for command in commands.values():
        _run(command, folder, setting)
    return alternated({name: _subject(command, folder, setting) for name, command in commands.items()}, rounds)


def _subject(command: Sequence[str], folder: Path, setting: Mapping[str, str]) -> Any:
    return lambda number: _run(command, folder, setting)


def _run(command: Sequence[str], folder: Path, setting: Mapping[str, str]) -> tuple[float, float]:
    with timed() as spent:
        done = subprocess.run(command, cwd=folder, env=_environment(setting), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:4])} ended with {done.returncode}: {done.stderr[-500:]}")
    return spent.wall, spent.cpu


def _environment(setting: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ASSAY_")}
    return {**kept, **setting}


def _summary(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    walls = [wall for wall, _ in times]
    return {
        "seconds": statistics.median(walls),
        "least": min(walls),
        "p95": quantile(walls, 0.95),
        "processor_seconds": statistics.median(cpu for _, cpu in times),
    }


def _slowest_imports(folder: Path) -> dict[str, float]:
    """What `assay --help` imports, by milliseconds of the module itself, summed by package; the slowest first."""
    command = [sys.executable, "-X", "importtime", "-m", "assay", "--help"]
    since = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=_environment({}), capture_output=True, text=True, check=True)
    say(f"imports traced in {time.perf_counter() - since:.1f} s")
    packages: dict[str, float] = {}
    for line in done.stderr.splitlines():
        parts = line.removeprefix("import time:").split("|")
        if len(parts) == 3 and parts[0].strip().isdigit():
            name = parts[2].strip().split(".")[0]
            packages[name] = packages.get(name, 0.0) + int(parts[0]) / 1000
    return dict(sorted(packages.items(), key=lambda pair: -pair[1])[:_MODULES])


if __name__ == "__main__":
    main()
