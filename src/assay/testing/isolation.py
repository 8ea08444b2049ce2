"""Notices when code under a contract reaches for the network or starts a program, which pure adapters must not do.

It watches what Python reports (audit events) in the calling thread. It is no sandbox: it stops nothing, and C code that
opens its own sockets goes unseen.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_WATCHED = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "urllib.Request",
    "subprocess.Popen",
    "os.system",
)
_local = threading.local()
_installed = threading.Lock()
_hooks: list[bool] = []


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Raises AssertionError where the block, in this thread, reached for the network or started a program."""
    _install()
    seen: list[str] = []
    outer = getattr(_local, "seen", None)
    _local.seen = seen
    try:
        yield
    finally:
        _local.seen = outer
    assert not seen, f"{what} reached outside: {', '.join(dict.fromkeys(seen))}"


def _install() -> None:
    # An audit hook cannot be removed, so there is one, and it does nothing outside `alone`.
    with _installed:
        if not _hooks:
            sys.addaudithook(_note)
            _hooks.append(True)


def _note(event: str, arguments: tuple[object, ...]) -> None:
    seen = getattr(_local, "seen", None)
    if seen is not None and event in _WATCHED:
        seen.append(event)
