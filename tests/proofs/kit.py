"""What the proofs share: the `assay` command as a process, rooms with mounts of their own, and waiting. No assertion
about the product is in here."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from assay import ProductionRAGSystem
from assay.store.owner_files import OwnerFiles, address
from assay.store.owner_link import end_owner
from tests.system.conftest import config

ROOT = Path(__file__).resolve().parents[2]
LEASE = "# Lease\n\nThe tenant shall pay rent of 4,200 euros on the first day of each month.\n"
RENT = "How much rent shall the tenant pay?"
RENT_IS = "rent of 4,200 euros"
LIMIT = 180


class Terminal:
    """Runs `assay` in a folder. `prefix`: a command in front, such as one that takes the network away."""

    def __init__(self, folder: Path, *, embedder: str = "hashing", prefix: Sequence[str] = (), **settings: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.prefix = tuple(prefix)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "COLUMNS": "100",
            "PYTHONPATH": str(ROOT),
            "ASSAY_MODELS_EMBEDDER": embedder,
            "ASSAY_STORE_IDLE_SECONDS": "5",
            **{name.upper(): value for name, value in settings.items()},
        }

    @property
    def store(self) -> Path:
        """Where the store lies."""
        return self.folder / ".assay" / "store"

    def write(self, name: str, text: str) -> str:
        """A file in the folder; returns its name."""
        place = self.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        return name

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """`assay arguments` begun, output caught."""
        return self.program("-m", "assay", *arguments)

    def program(self, *arguments: str) -> subprocess.Popen[str]:
        """`python arguments` begun in the same surroundings, output caught."""
        return subprocess.Popen(
            [*self.prefix, sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`assay arguments`, run to its end; a traceback is never right."""
        return finished(self.start(*arguments))

    def run(self, *arguments: str) -> str:
        """Standard output of `assay arguments`, which must end with code 0, in one line."""
        done = self.attempt(*arguments)
        assert done.returncode == 0, f"{done.returncode}: {done.stdout}{done.stderr}"
        return flat(done.stdout)

    def json(self, *arguments: str) -> Any:
        """What `assay arguments --json` prints."""
        done = self.attempt(*arguments, "--json")
        assert done.returncode == 0, f"{done.returncode}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def refused(self, *arguments: str) -> str:
        """The message of `assay arguments`, which must end with code 1, in one line."""
        return _message(self.attempt(*arguments))

    def all_run(self, *commands: Sequence[str]) -> list[str]:
        """Standard output of each command, in one line; each must end with code 0. They share one process."""
        done = self._several(commands)
        assert not any(one.returncode for one in done), done
        return [flat(one.stdout) for one in done]

    def all_refused(self, *commands: Sequence[str]) -> dict[str, str]:
        """The message of each command, by command; each must end with code 1. They share one process."""
        return dict(zip(map(" ".join, commands), map(_message, self._several(commands)), strict=True))

    def _several(self, commands: Sequence[Sequence[str]]) -> list[subprocess.CompletedProcess[str]]:
        done = finished(self.program("-m", "tests.proofs.several", json.dumps(commands)))
        assert done.returncode == 0, done.stderr
        return [subprocess.CompletedProcess((), *json.loads(line)) for line in done.stdout.splitlines()]

    def system(self, **sections: Any) -> ProductionRAGSystem:
        """The same library opened in this process, through its owner where the settings say nothing else."""
        store = {"path": str(self.store), "mode": self.environment.get("ASSAY_STORE_MODE", "owner"), "idle_seconds": 5}
        return ProductionRAGSystem(config(self.folder, store=store, **sections))

    def end_owner(self) -> None:
        """Let the index owner end, if one runs."""
        end_owner(self.store)


def finished(process: subprocess.Popen[str], *, any_end: bool = False) -> subprocess.CompletedProcess[str]:
    """The process run to its end, without a traceback (unless `any_end` is right)."""
    try:
        out, err = process.communicate(timeout=LIMIT)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    assert any_end or "Traceback" not in out + err, out + err
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _message(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 1, f"{done.returncode}: {done.stdout}{done.stderr}"
    assert done.stderr.startswith("assay: "), done.stderr
    return flat(done.stderr)


def flat(text: str) -> str:
    """Text on one line, as a reader sees words."""
    return " ".join(text.split())


@contextmanager
def talking(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """A helper process that says a line when it is ready, and ends when its standard input is closed."""
    try:
        assert process.stdout is not None and process.stdin is not None
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        yield process
        process.stdin.close()
        process.wait(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


# --- waiting ---------------------------------------------------------------------------------------------------------


def wait_until(true: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Return when it is so."""
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.02)


def owner_pid(store: Path) -> int:
    """The process that holds the index, 0 where there is none."""
    told = address(OwnerFiles(store))
    return int(told["pid"]) if told else 0


def kill_owner(store: Path) -> int:
    """Kill the process that holds the index; returns its id, or 0 where none was there to be killed."""
    pid = owner_pid(store)
    try:
        # A process id may be another process's by now, and 0 would mean all of us.
        if pid <= 1 or "assay.store.owner" not in command_of(pid):
            return 0
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return pid


def command_of(pid: int) -> str:
    """The command line of a process."""
    told = subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True)
    return told.stdout


def alive(pid: int) -> bool:
    """Whether the process runs."""
    assert pid > 1
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


# --- rooms -----------------------------------------------------------------------------------------------------------


def without_network() -> tuple[str, ...]:
    """A command prefix that runs what follows without any network, not even loopback; skips where not permitted."""
    return _unshared("-rn")


def _unshared(flags: str) -> tuple[str, ...]:
    try:
        done = subprocess.run(["unshare", flags, "true"], capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no `unshare` on this machine")
    if done.returncode:
        pytest.skip(f"this machine does not permit unprivileged namespaces: {done.stderr.strip()}")
    return ("unshare", flags)


class Room:
    """A mount namespace: what is mounted inside is seen by the commands that are run inside, and by nobody else."""

    def __init__(self, folder: Path, *mounts: str) -> None:
        """`mounts`: shell commands, run in `folder`. Skips where the machine permits none of this."""
        script = "; ".join(["set -e", *mounts, "echo ready", "exec cat"])
        self._keeper = subprocess.Popen(
            [*_unshared("-rm"), "sh", "-c", script],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._keeper.stdout is not None and self._keeper.stderr is not None
        if not self._keeper.stdout.readline():
            pytest.skip(f"this machine does not permit mounts in a namespace: {self._keeper.stderr.read().strip()}")

    @property
    def prefix(self) -> tuple[str, ...]:
        """A command prefix that runs what follows inside, in the folder that the keeper stands in."""
        return ("nsenter", f"--target={self._keeper.pid}", "--user", "--mount", "--preserve-credentials", "--wd")

    def run(self, *command: str) -> str:
        """Standard output of a command inside."""
        return subprocess.run([*self.prefix, *command], check=True, capture_output=True, text=True).stdout

    def close(self) -> None:
        """Let go; the mounts go with the last process inside."""
        self._keeper.communicate(timeout=60)


# --- stores ----------------------------------------------------------------------------------------------------------


def fingerprints(folder: Path) -> Mapping[str, str]:
    """A hash of every file below that holds anything of a store.

    Left out: lock files (which name their last holder), and what reading alone makes SQLite lay beside a database,
    shared memory and an empty log.
    """
    places = sorted(place for place in folder.rglob("*") if place.is_file() and _holds(place))
    return {str(place.relative_to(folder)): blake2b(place.read_bytes()).hexdigest() for place in places}


def _holds(place: Path) -> bool:
    empty_log = place.name.endswith("-wal") and place.stat().st_size == 0
    return not (place.suffix == ".lock" or place.name.endswith("-shm") or empty_log)


def prose(seed: int, sentences: int) -> str:
    """Invented text, the same for the same seed."""
    chance = random.Random(seed)
    words = ["".join(chance.choices("abcdefghijklmnop", k=chance.randint(4, 9))) for _ in range(400)]
    lines = (" ".join(chance.choices(words, k=18)).capitalize() + "." for _ in range(sentences))
    return "\n\n".join(lines) + "\n"
