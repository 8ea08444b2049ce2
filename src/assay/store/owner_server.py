"""The loop of the index owner: one thread, many connections, one step at a time.

One thread is enough: the engine holds Python's lock during every call, so more threads would only wait for it. Between
requests the owner seals what was written and builds the graph for new points; it ends when nobody has asked for a
while, when its store is gone, or when it is told to.
"""

from __future__ import annotations

import hmac
import os
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from assay.errors import AssayError, StoreDamaged, StoreError
from assay.store.edge import OPTIMISE_AT, EdgeIndex
from assay.store.owner_files import OwnerFiles
from assay.store.owner_protocol import (
    PROTOCOL,
    Arrays,
    Header,
    Message,
    ProtocolError,
    Unpacker,
    batch_from_message,
    error_to_json,
    hits_to_message,
    pack,
    where_from_json,
)

QUIET_BEFORE_SEAL = 2.0
QUIET_BEFORE_OPTIMISING = 0.5
_LOOK = 1.0
_RECEIVE = 1 << 20
_STEP_BYTES = 160
Reply = tuple[Header, Arrays | None]


@dataclass(slots=True, eq=False)
class Connection:
    """One client: what came and is not complete yet, what has still to go out."""

    sock: socket.socket
    unpacker: Unpacker = field(default_factory=lambda: Unpacker(trusted=False))
    out: bytearray = field(default_factory=bytearray)


class OwnerServer:
    """Serves one index to the processes of this user. `run` returns when it is time to end."""

    def __init__(
        self, files: OwnerFiles, index: EdgeIndex, listener: socket.socket, token: str, instance: str, idle: float
    ) -> None:
        self.index = index
        self._files = files
        self._listener = listener
        self._token = token.encode()
        self._instance = instance
        self._idle = idle
        self._selector = selectors.DefaultSelector()
        self._last_request = time.monotonic()
        self._sealed_for = 0.0
        self._unindexed = 0
        self._ending = False
        self._step = os.open(files.last, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        self._store = files.store.stat().st_ino
        self._tasks: dict[str, Callable[[Header, Arrays], Reply]] = {
            "search": self._search,
            "nearest": self._nearest,
            "apply": self._apply,
            "delete": self._delete,
            "ids": lambda *_: ({}, {"ids": np.array(sorted(self.index.ids()), dtype=np.int64)}),
            "differences": self._differences,
            "flush": lambda *_: self._done(self.index.flush),
            "checkpoint": lambda *_: self._done(self.index.checkpoint),
            "mark": lambda h, _: self._done(lambda: self.index.mark(int(h["sequence"]))),
            "confirm": lambda *_: self._done(self.index.confirm),
            "optimise": lambda h, _: ({"changed": self.index.optimise(int(h["least"]))}, None),
            "status": lambda *_: (self.index.status().to_dict(), None),
            "state": lambda *_: ({**self.index.state().to_dict(), "instance": self._instance}, None),
            "switch": self._switch,
            "end": self._end,
        }

    def run(self) -> None:
        """Serve until it is time to end."""
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        looked = time.monotonic()
        while not self._ending:
            for key, mask in self._selector.select(self._pause()):
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._attend(key.data, mask)
            self._between()
            if time.monotonic() - looked > _LOOK:
                looked = time.monotonic()
                self._ending = self._ending or self._over()

    def end(self) -> None:
        """Ask `run` to return after the present step."""
        self._ending = True

    def note(self, step: str) -> None:
        """Write down the step at work, for a crash report."""
        told = f"{step} ({time.strftime('%Y-%m-%d %H:%M:%S')}, process {os.getpid()})"
        os.pwrite(self._step, told.encode()[:_STEP_BYTES].ljust(_STEP_BYTES), 0)

    @property
    def orphaned(self) -> bool:
        """True where the store or the generation is gone, or is another one: nothing may be written then."""
        try:
            gone = not self._files.address.exists() or not self.index.folder.is_dir()
            return gone or self._files.store.stat().st_ino != self._store
        except OSError:
            return True

    # --- between requests --------------------------------------------------------------------------------------------

    def _pause(self) -> float:
        return 0.25 if self._unindexed >= OPTIMISE_AT else _LOOK

    def _between(self) -> None:
        quiet = time.monotonic() - self._last_request
        pressing = self._unindexed >= 4 * OPTIMISE_AT
        if self._unindexed >= OPTIMISE_AT and (quiet > QUIET_BEFORE_OPTIMISING or pressing):
            self.note("optimise")
            self.index.optimise()
            self._unindexed = 0
            self.note("nothing")
        elif quiet > QUIET_BEFORE_SEAL and self._sealed_for != self._last_request:
            self._sealed_for = self._last_request
            self._seal()

    def _seal(self) -> None:
        self.note("flush")
        try:
            self.index.flush()
        except StoreError as error:
            # The next flush that a client asks for will say so to somebody.
            print(f"sealing failed: {error}", file=sys.stderr, flush=True)  # noqa: T201
        self.note("nothing")

    def _over(self) -> bool:
        return self.orphaned or time.monotonic() - self._last_request > self._idle

    # --- connections -------------------------------------------------------------------------------------------------

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except OSError:
            return
        if not _same_user(sock):
            sock.close()
            return
        sock.setblocking(False)
        self._selector.register(sock, selectors.EVENT_READ, Connection(sock))

    def _attend(self, connection: Connection, mask: int) -> None:
        try:
            if mask & selectors.EVENT_READ:
                data = connection.sock.recv(_RECEIVE)
                if not data:
                    return self._drop(connection)
                for message in connection.unpacker.feed(data):
                    connection.out += self._answer(connection, message)
            self._send(connection)
        except BlockingIOError:
            pass
        except (OSError, ProtocolError):
            self._drop(connection)
        return None

    def _send(self, connection: Connection) -> None:
        if connection.out:
            try:
                sent = connection.sock.send(connection.out)
            except BlockingIOError:
                sent = 0
            del connection.out[:sent]
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.out else 0)
        self._selector.modify(connection.sock, events, connection)

    def _drop(self, connection: Connection) -> None:
        self._selector.unregister(connection.sock)
        connection.sock.close()

    # --- requests ----------------------------------------------------------------------------------------------------

    def _answer(self, connection: Connection, message: Message) -> bytes:
        header, arrays = message
        if not connection.unpacker.trusted:
            return self._greet(connection, header)
        self._last_request = time.monotonic()
        name = str(header.get("op"))
        task = self._tasks.get(name)
        if task is None:
            raise ProtocolError(f"an unknown request {name!r}")
        self.note(name)
        try:
            told, out = task(header, arrays)
        except StoreDamaged:
            # Nothing this process holds can be trusted after that; the client hears of it by the report.
            raise
        except AssayError as error:
            told, out = {"error": error_to_json(error)}, None
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            wrong = StoreError(f"The index owner could not read the request {name!r}", why=repr(error))
            told, out = {"error": error_to_json(wrong)}, None
        self.note("nothing")
        return pack({"id": header.get("id"), **told}, out)

    def _greet(self, connection: Connection, header: Header) -> bytes:
        given = str(header.get("token", "")).encode()
        if header.get("op") != "hello" or not hmac.compare_digest(given, self._token):
            raise ProtocolError("a stranger")
        connection.unpacker.trusted = True
        self._last_request = time.monotonic()
        told = {"protocol": PROTOCOL, "instance": self._instance, **self._opened()}
        return pack({"id": header.get("id"), **told})

    def _opened(self) -> Header:
        return {"folder": str(self.index.folder), "settings": self.index.settings.to_dict(), "pid": os.getpid()}

    def _search(self, header: Header, arrays: Arrays) -> Reply:
        terms = None if header["terms"] is None else [(int(number), int(count)) for number, count in header["terms"]]
        where = where_from_json(header["where"])
        return hits_to_message(self.index.find(where, terms, arrays.get("vector"), int(header["depth"])))

    def _nearest(self, header: Header, arrays: Arrays) -> Reply:
        cosines = self.index.nearest(where_from_json(header["where"]), arrays["vectors"])
        return {}, {"cosines": np.array(cosines, dtype=np.float64)}

    def _differences(self, header: Header, arrays: Arrays) -> Reply:
        if header["folder"] != str(self.index.folder):
            return {"stale": True, **self._opened()}, None
        return {"ids": self.index.differences(batch_from_message(header, arrays))}, None

    def _apply(self, header: Header, arrays: Arrays) -> Reply:
        # What was encoded for another generation may have other weights: the client must encode it anew.
        if header["folder"] != str(self.index.folder):
            return {"stale": True, **self._opened()}, None
        self.index.apply(batch_from_message(header, arrays))
        self._unindexed = self.index.state().unindexed
        return {}, None

    def _delete(self, header: Header, arrays: Arrays) -> Reply:
        self.index.delete(arrays["ids"].tolist())
        return {}, None

    def _done(self, task: Callable[[], Any]) -> Reply:
        task()
        return {}, None

    def _switch(self, header: Header, _: Arrays) -> Reply:
        """Serve another generation; the present one goes on where the other cannot be opened."""
        folder = Path(str(header["folder"]))
        if folder.parent != self.index.folder.parent:
            raise StoreError(f"{folder} is no generation of this index")
        if folder != self.index.folder:
            opened = EdgeIndex.open(folder)
            former, self.index = self.index, opened
            former.close()
            self._unindexed = 0
        return self._opened(), None

    def _end(self, *_: object) -> Reply:
        self._ending = True
        return {}, None


def _same_user(sock: socket.socket) -> bool:
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", credentials)[1] == os.getuid())
