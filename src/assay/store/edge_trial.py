"""Loads an index folder in a process of its own, to see whether it can be loaded at all.

    python -m assay.store.edge_trial FOLDER

After an end without closing there is no seal to compare, and damaged files can make the engine abort its whole process
(or never return). So such a folder is first loaded and read here; exit code 0 says that it went well.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SECONDS = 600.0
_PAGE = 5000


def tried(folder: Path, seconds: float = SECONDS) -> str:
    """ "" where the folder can be loaded and read in another process; otherwise what happened to that process."""
    source = str(Path(__file__).resolve().parents[2])
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "assay.store.edge_trial", str(folder)],
            env={**os.environ, "PYTHONPATH": source},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"a process that loaded it did not return within {seconds:.0f} s"
    if ended.returncode == 0:
        return ""
    lines = [line for line in ended.stderr.decode("utf-8", "replace").strip().splitlines() if line.strip()]
    if ended.returncode < 0:
        return f"a process that loaded it was ended by signal {-ended.returncode}: {lines[0] if lines else ''}"
    return lines[-1][:300] if lines else f"a process that loaded it ended with code {ended.returncode}"


def main(folder: str) -> None:
    """Load and read everything, and change nothing."""
    from qdrant_edge import EdgeShard, ScrollRequest

    shard = EdgeShard.load(folder)
    offset = None
    while True:
        page, offset = shard.scroll(
            ScrollRequest(offset=offset, limit=_PAGE, with_payload=True, with_vector=["dense", "bm25"])
        )
        if offset is None or not page:
            break
    # Not closed: closing would write.
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
