"""The parser process: `python -m assay.ingest.worker`. It gets bytes on stdin and sends documents on stdout.

It is confined before it reads anything: limits on address space, processor time and written files, no network, no other
programs. What is confined here is confined for Python code; the time limit and the kill are the parent's. One file
after another is served; whatever a reader does wrong becomes one error frame, and the next file gets its turn.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, cast

from assay.errors import ConfigError, IngestError, LimitExceeded, MalformedSource
from assay.ingest.admission import admitted
from assay.ingest.limits import MEGABYTE
from assay.ingest.opening import read_unchanged
from assay.ingest.unpacking import inner_name, is_packed, unpacked
from assay.ingest.wire import OUT_OF_MEMORY, Header, document_header, error_header, frame, read_frame
from assay.ports import Reader
from assay.types import Document, SourceFile, freeze

HEAD_BYTES = 4096
DOCUMENT_OVERHEAD = 256
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_NETWORK = frozenset({"socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"})
_PROGRAMS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stdin ends. Readers named by `--reader module:name` or `--reader file.py:name` come first."""
    parser = argparse.ArgumentParser(prog="assay.ingest.worker")
    parser.add_argument("--reader", action="append", default=[])
    parser.add_argument("--address-space", type=int, default=0)
    parser.add_argument("--programs", action="store_true")
    options = parser.parse_args(arguments)
    requests, responses = _take_pipes()
    readers = [load_reader(spec) for spec in options.reader]
    confine(options.address_space, programs=options.programs)
    responses.write(frame({"type": "ready"}))
    responses.flush()
    try:
        while _serve_one(requests, responses, readers):
            pass
    except BrokenPipeError:
        return 0  # the parent is gone
    return 0


# --- confinement ------------------------------------------------------------------------------------------------


def confine(address_space: int, *, programs: bool) -> None:
    """Lower this process's limits for good and refuse network, other programs (unless allowed) and writing files."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 256)
    if not programs:
        _limit(resource.RLIMIT_FSIZE, MEGABYTE)
    if address_space:
        _limit(resource.RLIMIT_AS, address_space)
    refused = _NETWORK if programs else _NETWORK | _PROGRAMS
    sys.addaudithook(_guard(refused, writing=programs))
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(kind, (allowed, hard))
    except (ValueError, OSError):
        # Not every system takes every limit; the parent watches time and memory as well.
        return


def _guard(refused: frozenset[str], *, writing: bool) -> Callable[[str, tuple[Any, ...]], None]:
    def guard(event: str, details: tuple[Any, ...]) -> None:
        if event in refused:
            raise PermissionError(f"a reader may not do this: {event}")
        if event == "open" and not writing:
            path, _, flags = details
            if isinstance(flags, int) and flags & _WRITES and path != os.devnull:
                raise PermissionError(f"a reader may not write files: {path}")

    return guard


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def _allow_processor_seconds(seconds: float) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    total = int(used.ru_utime + used.ru_stime + seconds) + 1
    _limit(resource.RLIMIT_CPU, total)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes on descriptors of their own, so that a reader that prints cannot disturb the protocol."""
    requests = os.fdopen(os.dup(0), "rb", buffering=MEGABYTE)
    responses = os.fdopen(os.dup(1), "wb", buffering=MEGABYTE // 4)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.close(null)
    return requests, responses


# --- serving ----------------------------------------------------------------------------------------------------


def _serve_one(requests: BinaryIO, responses: BinaryIO, readers: Sequence[Reader]) -> bool:
    """Answer one request; False at the end of the requests."""
    if not requests.peek(1):  # type: ignore[attr-defined]
        return False
    header, body = read_frame(_exactly(requests), sys.maxsize)
    try:
        for document in _documents(header, body, readers):
            text = document.text.encode("utf-8")
            responses.write(frame({**document_header(document), "type": "document"}, text))
            responses.write(text)
            responses.flush()
        answer: Header = {"type": "done"}
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001  the process boundary: whatever a reader raises becomes an error frame
        answer = error_header(_as_ingest_error(error))
    responses.write(frame(answer))
    responses.flush()
    return True


def _exactly(stream: BinaryIO) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        data = stream.read(size)
        if len(data) != size:
            raise BrokenPipeError
        return data

    return read


def _documents(header: Header, body: bytes, readers: Sequence[Reader]) -> Iterator[Document]:
    path, limit = str(header["path"]), int(header["text_bytes"])
    _allow_processor_seconds(float(header["seconds"]))
    data = body if header["descriptor"] is None else read_unchanged(path, int(header["descriptor"]))
    if is_packed(path):
        data = unpacked(data, limit)
    kind, reader = choose_reader(inner_name(path), data[:HEAD_BYTES], str(header["format"]), readers)
    source = SourceFile(path, data, kind, str(header["encoding"]), freeze(header["metadata"]))
    spent = 0
    for document in reader.read(source):
        spent += len(document.text.encode("utf-8", "replace")) + DOCUMENT_OVERHEAD
        if spent > limit:
            raise LimitExceeded(
                f"{path} expands to more than {limit / MEGABYTE:,.0f} MB of text",
                why=f"It has {len(data) / MEGABYTE:,.1f} MB itself",
                next="Split it, or raise the limit if you trust it",
            )
        yield admitted(document)


def choose_reader(path: str, head: bytes, format: str, readers: Sequence[Reader]) -> tuple[str, Reader]:
    """The format and the reader for a file. Readers given by argument come before the shipped ones."""
    ending = format or Path(path).suffix.lstrip(".").lower()
    for reader in readers:
        if ending in reader.formats:
            return ending, reader
    from assay.ingest.formats import reader_for

    return reader_for(f"{path}.{format}" if format else path, head)


def load_reader(spec: str) -> Reader:
    """The reader that `module:name` or `file.py:name` makes (a class or a function without arguments)."""
    place, _, name = spec.rpartition(":")
    try:
        if place.endswith(".py"):
            plan = importlib.util.spec_from_file_location(Path(place).stem, place)
            if plan is None or plan.loader is None:
                raise ImportError(place)
            module = importlib.util.module_from_spec(plan)
            plan.loader.exec_module(module)
        else:
            module = importlib.import_module(place)
        return cast(Reader, getattr(module, name)())
    except (ImportError, AttributeError, TypeError, ValueError, OSError) as error:
        raise ConfigError(f"The reader {spec} cannot be loaded", why=str(error)) from error


def _as_ingest_error(error: Exception) -> IngestError:
    if isinstance(error, IngestError):
        return error
    if isinstance(error, RecursionError):
        return MalformedSource("The file is nested too deeply to be read")
    return MalformedSource(
        "The reader failed on this file",
        why=f"{type(error).__name__}: {str(error)[:300]}",
        next="Check that the file opens elsewhere; if it does, report it",
    )


def _run() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _run()
