"""Where an index owner leaves its traces: lock, address, token, last step, crash report. Names begin with the role.

    owner.lock        held by the process that holds the index (its process id inside)
    owner.json        how to reach it: socket, process id, instance, protocol
    owner.token       the secret that opens the socket (0600)
    owner.last        the step at work; still there after the end: the owner did not end by itself
    owner.trace       what the interpreter wrote when a fatal signal came
    owner-crash.txt   the report made of both

The socket lies in a folder of the user's run-time directory that nobody else may enter: a path inside the store could
be too long for a socket, and a store may lie on a file system that knows none.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import tempfile
import time
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from assay.errors import StoreError, StoreInUse
from assay.store import faults
from assay.types import Record

_LONGEST_SOCKET = 100
_TRACE = 4000


@dataclass(frozen=True, slots=True)
class OwnerFiles(Record):
    """The files of one role ("owner" serves, "builder" builds another generation) in one store."""

    store: Path
    role: str = "owner"

    @property
    def lock(self) -> Path:
        """Held while a process holds the role."""
        return self.store / f"{self.role}.lock"

    @property
    def address(self) -> Path:
        """How to reach the process."""
        return self.store / f"{self.role}.json"

    @property
    def token(self) -> Path:
        """The secret."""
        return self.store / f"{self.role}.token"

    @property
    def last(self) -> Path:
        """The step at work."""
        return self.store / f"{self.role}.last"

    @property
    def trace(self) -> Path:
        """The interpreter's words on a fatal signal."""
        return self.store / f"{self.role}.trace"

    @property
    def crash(self) -> Path:
        """The report of the last crash."""
        return self.store / f"{self.role}-crash.txt"

    def socket(self) -> Path:
        """The path of the socket, in a private folder that is made where it is missing."""
        name = blake2b(f"{self.role}\0{self.store.resolve()}".encode(), digest_size=10).hexdigest()
        return runtime_folder() / f"{name}.sock"


def runtime_folder() -> Path:
    """A folder of this user alone (0700) for sockets. Raises StoreError where somebody else made one of that name."""
    base = os.environ.get("XDG_RUNTIME_DIR")
    candidates = [Path(base) / "assay"] if base else []
    candidates += [Path(folder) / f"assay-{os.getuid()}" for folder in (tempfile.gettempdir(), "/tmp")]
    fitting = [folder for folder in candidates if len(str(folder)) + 26 <= _LONGEST_SOCKET]
    for folder in fitting:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            continue
        told = folder.lstat()
        if stat.S_ISDIR(told.st_mode) and told.st_uid == os.getuid():
            folder.chmod(0o700)
            return folder
    raise StoreError(
        "There is no private folder for the index owner's socket",
        why=f"none of {', '.join(map(str, candidates))} can be used",
        next="Set XDG_RUNTIME_DIR to a short path that only you may enter, or use store.mode = embedded",
    )


def announce(files: OwnerFiles, told: dict[str, Any]) -> None:
    """Write the address, whole or not at all."""
    part = files.address.with_suffix(".json.part")
    with faults.translated(str(files.store)):
        write_private(part, json.dumps(told))
        part.replace(files.address)


def address(files: OwnerFiles) -> dict[str, Any] | None:
    """How to reach the process, or None."""
    try:
        told = json.loads(files.address.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def new_token(files: OwnerFiles) -> str:
    """A fresh secret in a file that only this user may read."""
    token = secrets.token_urlsafe(32)
    files.token.unlink(missing_ok=True)
    with os.fdopen(os.open(files.token, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600), "w") as handle:
        handle.write(token)
    return token


def clear(files: OwnerFiles) -> None:
    """Take away what an owner that ended by itself need not leave."""
    for place in (files.address, files.token, files.last, files.trace):
        place.unlink(missing_ok=True)


def post_mortem(files: OwnerFiles) -> str:
    """The report on a predecessor that did not end by itself, written to the crash file; "" where there was none.

    Call it while holding the lock, or when nobody does.
    """
    if not files.last.exists():
        return ""
    step = files.last.read_text("utf-8", "replace").strip("\0 \n")
    trace = files.trace.read_text("utf-8", "replace").strip()[:_TRACE] if files.trace.exists() else ""
    manner = trace or "It left no words: it was killed (SIGKILL), or the system ran out of memory."
    return report_crash(files, step, manner)


def report_crash(files: OwnerFiles, step: str, manner: str) -> str:
    """Write the crash report and return it; the traces it was made of go."""
    noticed = time.strftime("%Y-%m-%d %H:%M:%S %z")
    told = f"The index {files.role} ended at: {step or 'start'}\n{manner}\nNoticed {noticed}\n"
    write_private(files.crash, told)
    clear(files)
    return told


def in_use(files: OwnerFiles, pid: int | None) -> StoreInUse:
    """The error that names the process that holds the index and cannot be reached."""
    return StoreInUse(
        f"The index of the store {files.store} is in use by process {pid or 'unknown'}",
        why="it holds the index in itself, or does not answer",
        next=f"End process {pid or ''} or wait for it, then try again".replace("  ", " "),
    )


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whatever the process's mask says."""
    file.touch(mode=0o600)
    file.chmod(0o600)
    file.write_text(text, encoding="utf-8")
