"""What every benchmark shares: the machine, the load, timing of alternated rounds, and result files.

Machines are shared and their load changes, so subjects are measured in alternated rounds and compared round by round:
the median of the ratios is what counts. Seconds are told for orientation, processor seconds beside them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assay.version import VERSION

RESULTS = Path(__file__).resolve().parent / "results"


@dataclass
class Spent:
    """Seconds of one measured piece of work: by the clock, and of the processor (this process and ended children)."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def timed() -> Iterator[Spent]:
    """Measures what is done inside."""
    spent, since, used = Spent(), time.perf_counter(), cpu_seconds()
    try:
        yield spent
    finally:
        spent.wall, spent.cpu = time.perf_counter() - since, cpu_seconds() - used


def cpu_seconds() -> float:
    """Processor seconds of this process, all its threads, and its children that have ended."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def alternated(subjects: Mapping[str, Callable[[int], Any]], rounds: int) -> dict[str, list[Any]]:
    """Runs every subject once a round, the order turned round each time; results by subject, in order of rounds."""
    names = list(subjects)
    found: dict[str, list[Any]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            found[name].append(subjects[name](number))
    return found


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """theirs / ours, round by round: the median, the least and the greatest."""
    found = [there / here for here, there in zip(ours, theirs, strict=True)]
    return {"median": statistics.median(found), "least": min(found), "greatest": max(found)}


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, -int(-share * len(ordered) // 1) - 1))]


def latency(seconds: Sequence[float]) -> dict[str, float]:
    """p50, p95 and the greatest, in milliseconds."""
    return {
        "p50": statistics.median(seconds) * 1000,
        "p95": quantile(seconds, 0.95) * 1000,
        "max": max(seconds) * 1000,
    }


def resident_mb(pid: int | str = "self") -> dict[str, float]:
    """Memory of a process in MB: `resident` now, `own` (without mapped files), `peak`. Linux tells all three."""
    status = Path(f"/proc/{pid}/status")
    if not status.is_file():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"peak": peak / (1 << 20) if sys.platform == "darwin" else peak / 1024}
    told = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line)
    names = {"resident": "VmRSS", "own": "RssAnon", "peak": "VmHWM"}
    return {name: int(told[key].split()[0]) / 1024 for name, key in names.items() if key in told}


def load() -> float:
    """Processes that wanted a processor in the last minute, on average."""
    return os.getloadavg()[0]


def machine() -> dict[str, Any]:
    """What the figures depend on; no name and no address."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30), 1),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown"


def argument_parser(description: str | None) -> argparse.ArgumentParser:
    """A parser with what every benchmark takes: how many rounds, and whether to keep the result."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter, prog=_command()
    )
    parser.add_argument("--rounds", type=int, default=3, help="alternated rounds (default 3)")
    parser.add_argument("--no-peer", action="store_true", help="measure Assay alone")
    parser.add_argument("--print", action="store_true", help="print the result and leave the result file as it is")
    return parser


def _command() -> str:
    main = sys.modules["__main__"].__spec__
    return f"python -m {main.name}" if main else Path(sys.argv[0]).name


def keep(name: str, started: float, settings: Mapping[str, Any], results: Mapping[str, Any], *, show: bool) -> None:
    """Print a result; write it to results/NAME.json unless it is only to be shown. `started`: the load at the start."""
    told = {
        "benchmark": name,
        "command": " ".join([_command(), *sys.argv[1:]]),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "version": VERSION,
        "machine": machine(),
        "load": {"start": round(started, 1), "end": round(load(), 1)},
        "settings": dict(settings),
        "results": dict(results),
    }
    text = json.dumps(_rounded(told), indent=1, ensure_ascii=False) + "\n"
    print(text, end="")
    if not show:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, Mapping):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def say(text: str) -> None:
    """Progress, on standard error."""
    print(f"[{datetime.now(UTC):%H:%M:%S}] {text}", file=sys.stderr, flush=True)
