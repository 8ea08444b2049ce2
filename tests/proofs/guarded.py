"""Runs `assay` so that opening any socket but a unix one ends it at once: `python -m tests.proofs.guarded MODE ...`.

`system`: the kernel kills this process, and every process that it starts, at the call (native libraries included).
`python`: an audit hook sees what Python code opens, looks up and connects to, writes each to standard error, and ends
the process with FORBIDDEN. With `probe` in place of a command, one IPv4 socket is opened, to show that the guard bites.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import socket
import struct
import sys
from typing import Any

FORBIDDEN = 97
KILLED = -signal.SIGSYS
SYSTEMS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Audit architecture and number of the call `socket`, by machine."""
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2
_LOOKUPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")


def guard_system() -> None:
    """From here on the kernel kills whoever of us opens a socket that is not a unix one."""
    architecture, call = SYSTEMS[platform.machine()]
    steps = (
        (_LOAD, 0, 0, 4),
        (_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, 0),
        (_EQUAL, 0, 3, call),
        (_LOAD, 0, 0, 16),
        (_EQUAL, 1, 0, socket.AF_UNIX),
        (_RETURN, 0, 0, _KILL),
        (_RETURN, 0, 0, _ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HxxxxxxP", len(steps), ctypes.addressof(code))
    system = ctypes.CDLL(None, use_errno=True)
    refused = system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) or system.prctl(_SECCOMP, _FILTER, program, 0, 0)
    if refused:
        raise OSError(ctypes.get_errno(), "the kernel takes no filter")


def guard_python() -> None:
    """From here on Python code that opens a socket is written down; any but a unix one ends the process."""
    sys.addaudithook(_look)


def _look(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.__new__":
        family = int(arguments[1])
        os.write(2, f"opened: {socket.AddressFamily(family).name}\n".encode())
        if family != socket.AF_UNIX:
            os._exit(FORBIDDEN)
    elif event in _LOOKUPS:
        os.write(2, f"looked up: {arguments[0]}\n".encode())
        os._exit(FORBIDDEN)


def main(mode: str, *arguments: str) -> int:
    """The exit code of the command."""
    if mode == "system" and platform.machine() not in SYSTEMS:
        return 3
    (guard_system if mode == "system" else guard_python)()
    if arguments == ("probe",):
        socket.socket(socket.AF_INET).close()
        return 0
    from assay.cli.app import run

    return run(list(arguments))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
