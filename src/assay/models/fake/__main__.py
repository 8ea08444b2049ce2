"""Runs the fake by hand: `python -m assay.models.fake --behaviour misquote --port 8099`."""

from __future__ import annotations

import argparse
import sys
import threading

from assay.errors import AssayError
from assay.models.fake.behaviours import BEHAVIOURS
from assay.models.fake.server import FakeLanguageModel


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m assay.models.fake", description="A fake language model on loopback."
    )
    parser.add_argument(
        "--behaviour", default="faithful", help=f"one of {', '.join(BEHAVIOURS)} (fail may be fail-429)"
    )
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between the pieces of a stream")
    chosen = parser.parse_args(arguments)
    try:
        with FakeLanguageModel(chosen.behaviour, port=chosen.port, delay=chosen.delay) as fake:
            sys.stdout.write(f"{fake.base_url}  behaviour: {chosen.behaviour}  (Ctrl-C ends it)\n")
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except (AssayError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
