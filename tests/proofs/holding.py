"""The process that holds a store in itself until its standard input is closed: `python -m tests.proofs.holding FILE`
adds the file, says that it is ready, and waits. Settings come from the environment."""

from __future__ import annotations

import sys

from assay import ProductionRAGSystem


def main(file: str) -> None:
    """Add, say so, hold on."""
    with ProductionRAGSystem() as system:
        system.ingest([file])
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1])
