"""What every peer does alike: the loop over requests, memory and processor time of its process.

A peer runs as a script with the Python of its own environment, so this file is imported from the script's folder and
needs nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def memory() -> dict[str, Any]:
    """Memory of this process in MB."""
    status = Path("/proc/self/status")
    if not status.is_file():
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"peak": peak / (1 << 20) if sys.platform == "darwin" else peak / 1024}
    told = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line)
    names = {"resident": "VmRSS", "own": "RssAnon", "peak": "VmHWM"}
    return {name: int(told[key].split()[0]) / 1024 for name, key in names.items() if key in told}


def cpu() -> float:
    """Seconds of processor time that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def serve(tasks: Mapping[str, Callable[..., dict[str, Any]]]) -> None:
    """Answer requests until standard input ends, `memory` among them. Libraries that print do so on standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    known = {**tasks, "memory": memory}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = known[request.pop("do")](**request)
        except Exception as error:  # noqa: BLE001  the edge of a process: told to the one who asked
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
