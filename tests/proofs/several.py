"""Runs several `assay` commands one after another in one process, to save the start of each: the commands as one JSON
argument, `[["list"], ["ask", "..."]]`; on standard output exit code, output and errors of each as one JSON line."""

from __future__ import annotations

import contextlib
import io
import json
import sys

from assay.cli.app import run


def main(told: str) -> None:
    """Run them all; an exception that leaves a command leaves this process too."""
    for arguments in json.loads(told):
        sys.argv = ["assay", *arguments]
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(arguments)
        sys.stdout.write(json.dumps([code, out.getvalue(), err.getvalue()]) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
