"""One connection to an index owner: reaching it, starting it, ending it, and finding out how it died."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import select
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from assay.errors import OwnerLost, StoreInUse
from assay.store.edge_lock import held, holder
from assay.store.edge_settings import IndexSettings
from assay.store.owner_files import OwnerFiles, address, in_use, post_mortem
from assay.store.owner_protocol import PROTOCOL, Arrays, Header, Message, ProtocolError, Unpacker, error_from_json, pack

START_SECONDS = 120.0
ANSWER_SECONDS = 60.0
_DYING = 2.0


class Lost(Exception):
    """The connection broke."""


class Connection:
    """One authenticated connection; one request at a time."""

    _numbers = itertools.count(1)

    def __init__(self, told: Header, token: str) -> None:
        self.instance = str(told["instance"])
        self._unpacker = Unpacker(trusted=True)
        self._sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._sock.settimeout(ANSWER_SECONDS)
            self._sock.connect(str(told["socket"]))
            self.greeting = self.ask({"op": "hello", "token": token, "protocol": PROTOCOL}, {}, ANSWER_SECONDS)[0]
        except (OSError, Lost) as error:
            self.close()
            raise Lost(str(error)) from error

    def ask(self, header: Header, arrays: Arrays, seconds: float) -> Message:
        """The answer to one request. Raises Lost, OwnerLost (no answer in time), or the error the owner reports."""
        number = next(self._numbers)
        try:
            self._sock.settimeout(seconds)
            self._sock.sendall(pack({**header, "id": number}, arrays))
            told, out = self._receive()
        except TimeoutError as error:
            raise OwnerLost(
                f"The index owner did not answer {header['op']!r} within {seconds:.0f} s",
                next="Run `assay doctor`; end the process that it names if this goes on",
            ) from error
        except (OSError, ProtocolError) as error:
            raise Lost(str(error)) from error
        if told.get("id") != number:
            raise Lost("answers out of order")
        if "error" in told:
            raise error_from_json(told["error"])
        return told, out

    def close(self) -> None:
        """Hang up."""
        self._sock.close()

    def _receive(self) -> Message:
        while True:
            data = self._sock.recv(1 << 20)
            if not data:
                raise Lost("the owner hung up")
            for message in self._unpacker.feed(data):
                return message


def start(files: OwnerFiles, folder: Path, create: IndexSettings | None, idle_seconds: float) -> None:
    """Start an owner and wait for its word. Where another process was faster, there is nothing to do.

    Raises what the owner says (StoreDamaged, ...), or OwnerLost where it ended without a word.
    """
    read, write = os.pipe()
    try:
        subprocess.run(
            _command(files, folder, create, idle_seconds, write),
            check=True,
            env=_environment(),
            pass_fds=(write,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        os.close(write)
        write = -1
        told = _word(read)
    except (OSError, subprocess.CalledProcessError) as error:
        raise OwnerLost("The index owner could not be started", why=str(error), next="Run `assay doctor`") from error
    finally:
        os.close(read)
        if write >= 0:
            os.close(write)
    if told is None:
        raise OwnerLost("The index owner ended while it started", why=autopsy(files), next="Run `assay doctor`")
    if "error" in told:
        raise error_from_json(told["error"])


def autopsy(files: OwnerFiles) -> str:
    """Wait until an owner that hung up has died; the report of its crash, or "" where it ended by itself."""
    until = time.monotonic() + _DYING
    while held(files.lock) and files.last.exists() and time.monotonic() < until:
        time.sleep(0.005)
    if not held(files.lock):
        post_mortem(files)
    return files.crash.read_text("utf-8", "replace").strip() if files.crash.exists() else ""


def _command(
    files: OwnerFiles, folder: Path, create: IndexSettings | None, idle_seconds: float, ready: int
) -> list[str]:
    command = [sys.executable, "-P", "-m", "assay.store.owner", "--detach", "--ready", str(ready)]
    command += ["--store", str(files.store), "--folder", str(folder)]
    command += ["--role", files.role, "--idle", str(idle_seconds)]
    return [*command, "--create", json.dumps(create.to_dict())] if create is not None else command


def end_owner(store: Path, role: str = "owner", seconds: float = 60.0) -> None:
    """End the owner of a store, where there is one, without opening the store. Raises StoreInUse if it does not end."""
    files = OwnerFiles(store.resolve(), role)
    until = time.monotonic() + seconds
    asked = False
    while held(files.lock):
        connection = None if asked else reach(files)
        if connection is not None:
            with contextlib.suppress(Lost):
                connection.ask({"op": "end"}, {}, seconds)
            connection.close()
            asked = True
        if time.monotonic() > until or held_inside(files):
            raise in_use(files, holder(files.lock))
        time.sleep(0.01)


def reach(files: OwnerFiles) -> Connection | None:
    """A connection to the owner that is there, or None. Raises StoreInUse where it speaks another protocol."""
    told = address(files)
    if told is None or "socket" not in told:
        return None
    if told.get("protocol") != PROTOCOL:
        raise StoreInUse(
            f"The index of {files.store} is held by process {told.get('pid')} of another version of Assay",
            next=f"End process {told.get('pid')}, then try again",
        )
    try:
        return Connection(told, files.token.read_text("utf-8"))
    except (OSError, Lost):
        return None


def held_inside(files: OwnerFiles) -> bool:
    """True where a process holds the index in itself, and no owner can be asked."""
    told = address(files)
    return told is not None and told.get("embedded") is True


def _environment() -> dict[str, str]:
    source = str(Path(__file__).resolve().parents[2])
    paths = [source, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "OPENBLAS_NUM_THREADS": "1"}


def _word(read: int) -> dict[str, Any] | None:
    """The owner's first line, or None where it ended without one (or took too long)."""
    data = b""
    until = time.monotonic() + START_SECONDS
    while not data.endswith(b"\n"):
        ready, _, _ = select.select([read], [], [], max(0.0, until - time.monotonic()))
        piece = os.read(read, 65536) if ready else b""
        if not piece:
            return None
        data += piece
    told: dict[str, Any] = json.loads(data)
    return told
