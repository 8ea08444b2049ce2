"""The index owner: a process that holds one index and serves it over a local socket. Started by its first client.

    python -m assay.store.owner --store FOLDER --folder FOLDER/index/gen-000001 [--create SETTINGS] [--idle 300]

It detaches itself, tells the client over the descriptor `--ready` how its start went, and ends by itself when nobody
has asked for `--idle` seconds. See `owner_server` for the loop and `owner_files` for what it leaves in the store.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
import os
import signal
import socket
import sys
import traceback
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assay.errors import AssayError, StoreInUse
from assay.store.edge import EdgeIndex
from assay.store.edge_lock import ProcessLock, holder
from assay.store.edge_settings import settings_from
from assay.store.owner_files import OwnerFiles, announce, clear, new_token, post_mortem, report_crash, write_private
from assay.store.owner_protocol import PROTOCOL, error_to_json
from assay.store.owner_server import OwnerServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Run an owner until it ends. Exit code 0, or 1 after a crash that it could report itself."""
    options = _options(arguments)
    if options.detach and os.fork():
        # The client waits for this process only; the one that serves belongs to nobody.
        os._exit(0)
    os.umask(0o077)
    os.chdir("/")
    files = OwnerFiles(Path(options.store), options.role)
    try:
        lock = ProcessLock(files.lock, f"The store {files.store}")
    except StoreInUse:
        _tell(options.ready, {"busy": holder(files.lock)})
        return 0
    except AssayError as error:
        _tell(options.ready, {"error": error_to_json(error)})
        return 1
    post_mortem(files)
    return _serve(files, options, lock)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="assay.store.owner", description="Holds the index of one store.")
    parser.add_argument("--store", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--create", default="")
    parser.add_argument("--role", default="owner", choices=("owner", "builder"))
    parser.add_argument("--idle", type=float, default=300.0)
    parser.add_argument("--ready", type=int, default=-1)
    parser.add_argument("--detach", action="store_true")
    return parser.parse_args(arguments)


def _serve(files: OwnerFiles, options: argparse.Namespace, lock: ProcessLock) -> int:
    server: OwnerServer | None = None
    index: EdgeIndex | None = None
    write_private(files.last, "open")
    with files.trace.open("w") as trace:
        faulthandler.enable(trace)
        if options.detach:
            os.dup2(trace.fileno(), 2)
        try:
            index = _index(Path(options.folder), options.create)
            server = _listening(files, index, options.idle)
            signal.signal(signal.SIGTERM, lambda *_: server.end() if server else sys.exit(0))
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _tell(options.ready, {"ready": os.getpid()})
            server.run()
        except AssayError as error:
            return _failed(files, server, options.ready, lock, error)
        except BaseException:  # noqa: BLE001  (the edge of the process: whatever came goes into the report)
            report_crash(files, _step(files), traceback.format_exc())
            return 1
        finally:
            faulthandler.disable()
    _farewell(files, server, lock)
    return 0


def _index(folder: Path, create: str) -> EdgeIndex:
    if create and not folder.exists():
        return EdgeIndex.create(folder, settings_from(json.loads(create)))
    return EdgeIndex.open(folder)


def _listening(files: OwnerFiles, index: EdgeIndex, idle: float) -> OwnerServer:
    place = files.socket()
    place.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(place))
    place.chmod(0o600)
    listener.listen(64)
    instance = uuid.uuid4().hex
    server = OwnerServer(files, index, listener, new_token(files), instance, idle)
    server.note("nothing")
    announce(files, {"socket": str(place), "pid": os.getpid(), "instance": instance, "protocol": PROTOCOL})
    return server


def _failed(files: OwnerFiles, server: OwnerServer | None, ready: int, lock: ProcessLock, error: AssayError) -> int:
    """A start that failed is told to the client; a failure later is a crash, and goes into the report."""
    if server is None:
        clear(files)
        lock.release()
        _tell(ready, {"error": error_to_json(error)})
    else:
        report_crash(files, _step(files), f"{type(error).__name__}: {error}")
    return 1


def _farewell(files: OwnerFiles, server: OwnerServer, lock: ProcessLock) -> None:
    if server.orphaned:
        # Another store may lie at this path by now, so not a byte is written there.
        return
    server.note("close")
    server.index.close()
    with contextlib.suppress(OSError):
        files.socket().unlink(missing_ok=True)
    clear(files)
    lock.release()


def _step(files: OwnerFiles) -> str:
    return files.last.read_text("utf-8", "replace").strip("\0 \n") if files.last.exists() else "start"


def _tell(ready: int, told: dict[str, Any]) -> None:
    if ready >= 0:
        with contextlib.suppress(OSError):
            os.write(ready, json.dumps(told).encode() + b"\n")
            os.close(ready)


if __name__ == "__main__":
    sys.exit(main())
