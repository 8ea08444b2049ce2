"""Reading files in a process that can be killed: whatever a file does to its parser, the engine goes on.

One parser process serves file after file and is replaced after a kill or a crash. The engine opens and reads a file
itself (a large one is read by the parser from the open descriptor), sends the bytes, and gets documents back one by
one; the pipe is the brake when the engine is busy, and that time is not counted against the parser.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from assay.errors import ConfigError, IngestError, LimitExceeded, MalformedSource
from assay.ingest.admission import admitted
from assay.ingest.limits import MEGABYTE, IngestOptions, Limits
from assay.ingest.opening import Snapshot
from assay.ingest.wire import OUT_OF_MEMORY, Header, WireError, document_of, error_of, frame, read_frame
from assay.types import Document, plain

POLL_SECONDS = 0.2
START_SECONDS = 60.0
FILES_PER_PROCESS = 500
_PASSED_ON = ("LANG", "LC_ALL", "TMPDIR", "TZ")


class Stopped(Exception):
    """Reading was stopped from outside by `Sandbox.stop`."""


class Sandbox:
    """Reads files into documents in a process of its own. Use it from one thread; `stop` may come from any.

    `readers` are further readers ("module:name"); `programs` allows them to run other programs (OCR needs it).
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        readers: Sequence[str] = (),
        programs: bool = False,
        watch_memory: bool = sys.platform != "linux",
    ) -> None:
        self.limits = limits or Limits()
        self._readers = tuple(readers)
        self._programs = programs
        self._watch_memory = watch_memory
        self._child: _Child | None = None
        self._stopped = threading.Event()

    def read(self, source: Snapshot, options: IngestOptions | None = None) -> Iterator[Document]:
        """The documents of one file, in order, as the parser finds them.

        Raises IngestError for this file (after the documents that came before it), ConfigError where the parser
        process does not start, Stopped after `stop`.
        """
        child = self._child_for(source)
        done = False
        try:
            child.send(_request(source, options or IngestOptions(), self.limits), source.data)
            yield from child.documents(source, self.limits.text_bytes(source.size))
            done = True
        except WireError as error:
            raise MalformedSource(f"The parser of {source.path} answered nonsense", why=str(error)) from error
        except IngestError:
            done = child.between_files
            raise
        finally:
            if not done or source.descriptor is not None or child.served >= FILES_PER_PROCESS:
                child.kill()
                self._child = None

    @property
    def process_id(self) -> int | None:
        """The parser process that waits for the next file, or works on one; None where there is none."""
        return self._child.process_id if self._child is not None else None

    def stop(self) -> None:
        """End the present reading soon, from another thread; later reads end at once."""
        self._stopped.set()

    def close(self) -> None:
        """End the parser process; calling it twice is harmless."""
        if self._child is not None:
            self._child.kill()
            self._child = None

    def _child_for(self, source: Snapshot) -> _Child:
        if source.descriptor is not None or self._child is None or not self._child.alive():
            self.close()
            self._child = _Child(self._command(), source.descriptor, self._stopped)
            self._child.wait_until_ready()
        self._child.begin(
            self.limits.wall_seconds(source.size), self.limits.memory_bytes if self._watch_memory else 0, source.path
        )
        return self._child

    def _command(self) -> list[str]:
        command = [sys.executable, "-P", "-m", "assay.ingest.worker"]
        for reader in self._readers:
            command += ["--reader", reader]
        if not self._watch_memory:
            command += ["--address-space", str(self.limits.memory_bytes)]
        return [*command, "--programs"] if self._programs else command


def _request(source: Snapshot, options: IngestOptions, limits: Limits) -> Header:
    allowed = limits.text_bytes(source.size)
    return {
        "type": "read",
        "path": source.path,
        "format": options.format,
        "encoding": options.encoding,
        "metadata": plain({**options.metadata, "reader": {"max_expanded_bytes": allowed, **options.reader}}),
        "descriptor": source.descriptor,
        "seconds": limits.wall_seconds(source.size),
        "text_bytes": allowed,
    }


def minimal_environment(*, programs: bool = False) -> dict[str, str]:
    """What the parser process gets to know: where Python's modules lie and the locale; no key, no token, no home."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    if programs and "PATH" in os.environ:
        kept["PATH"] = os.environ["PATH"]
    return kept | {
        "PYTHONPATH": os.pathsep.join(place for place in sys.path if place and Path(place).exists()),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }


class _Child:
    """One parser process and its two pipes. `begin` sets the budget of the file that comes next."""

    def __init__(self, command: list[str], descriptor: int | None, stopped: threading.Event) -> None:
        self._stopped = stopped
        self._errors: BinaryIO = tempfile.TemporaryFile()  # noqa: SIM115  closed in kill()
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            pass_fds=() if descriptor is None else (descriptor,),
            env=minimal_environment(programs="--programs" in command),
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self.served = 0
        self.between_files = True
        self._path = ""
        self._budget = self._left = START_SECONDS
        self._memory = 0
        self._looked = 0.0

    def wait_until_ready(self) -> None:
        """Raises ConfigError where the process does not come up: no file is to blame for that."""
        try:
            header, _ = read_frame(self._exactly, 0)
        except (IngestError, WireError) as error:
            why = self._last_words()
            self.kill()
            raise ConfigError(
                "The parser process does not start",
                why=why or str(error),
                next="Check the installation with: assay doctor",
            ) from error
        if header.get("type") != "ready":
            raise ConfigError("The parser process does not start", why="It did not say that it is ready")

    def begin(self, seconds: float, memory: int, path: str) -> None:
        """The next file: how many seconds of its own time the process has, and how much memory (0: not watched)."""
        self._budget = self._left = seconds
        self._memory = memory
        self._path = path
        self.served += 1

    @property
    def process_id(self) -> int:
        return self._process.pid

    def alive(self) -> bool:
        return self._process.poll() is None

    def send(self, header: Header, body: bytes) -> None:
        self.between_files = False
        for part in (frame(header, body), body):
            view = memoryview(part)
            while view:
                self._wait(self._in, select.POLLOUT)
                try:
                    view = view[os.write(self._in, view[:MEGABYTE]) :]
                except BlockingIOError:
                    continue
                except BrokenPipeError as error:
                    raise self._died() from error

    def documents(self, source: Snapshot, text_bytes: int) -> Iterator[Document]:
        """Documents up to the frame that says "done". Raises the error that the process reports."""
        received = 0
        while True:
            header, body = read_frame(self._exactly, text_bytes)
            received += len(body)
            if received > text_bytes:
                raise LimitExceeded(f"{source.path} expands to more than {text_bytes / MEGABYTE:,.0f} MB of text")
            kind = header.get("type")
            if kind == "document":
                yield admitted(document_of(header, body))
                continue
            self.between_files = True
            if kind == "error":
                raise error_of(header)
            if kind != "done":
                raise WireError(f"a frame of the type {kind!r}")
            return

    def kill(self) -> None:
        """End the process and everything it started; calling it twice is harmless."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                stream.close()

    # --- waiting

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            self._wait(self._out, select.POLLIN)
            try:
                part = os.read(self._out, min(size - len(parts), MEGABYTE))
            except BlockingIOError:
                continue
            if not part:
                raise self._died()
            parts += part
        return bytes(parts)

    def _wait(self, descriptor: int, event: int) -> None:
        """Until the pipe is ready. Only this waiting counts as the parser's time."""
        poll = select.poll()
        poll.register(descriptor, event)
        while True:
            if self._stopped.is_set():
                raise Stopped
            self._check_memory()
            since = time.monotonic()
            ready = poll.poll(max(1.0, 1000 * min(POLL_SECONDS, self._left)))
            self._left -= time.monotonic() - since
            if ready:
                return
            if self._left <= 0:
                raise LimitExceeded(
                    f"{self._path} took its parser longer than {self._budget:,.4g} seconds",
                    why="It was ended",
                    next="Split the file, or raise ingest.seconds_per_file",
                )

    def _check_memory(self) -> None:
        now = time.monotonic()
        if not self._memory or now - self._looked < POLL_SECONDS:
            return
        self._looked = now
        if (resident := resident_bytes(self._process.pid)) > self._memory:
            raise self._too_much_memory(resident)

    # --- the end

    def _died(self) -> IngestError:
        """The error that tells why the process ended."""
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return MalformedSource(f"The parser of {self._path} closed its pipe")
        if code in (OUT_OF_MEMORY, -signal.SIGKILL):
            return self._too_much_memory(0)
        if code == -signal.SIGXCPU:
            return LimitExceeded(
                f"{self._path} took its parser more than {self._budget:,.4g} seconds of processor time"
            )
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        return MalformedSource(
            f"The parser crashed on {self._path}", why=f"Its process ended {how}", next="Check that the file is sound"
        )

    def _too_much_memory(self, resident: int) -> LimitExceeded:
        seen = f"it held {resident / MEGABYTE:,.0f} MB" if resident else "it was refused more, or killed for it"
        return LimitExceeded(
            f"{self._path} took its parser too much memory", why=seen, next="Split the file, or raise ingest.memory_mb"
        )

    def _last_words(self) -> str:
        with contextlib.suppress(OSError, ValueError):
            self._errors.seek(0, os.SEEK_END)
            self._errors.seek(max(0, self._errors.tell() - 500))
            said = self._errors.read().decode("utf-8", "replace").strip()
            return said.splitlines()[-1] if said else ""
        return ""


def resident_bytes(process: int) -> int:
    """The resident memory of a process; 0 where it cannot be told (it has just ended)."""
    statistics = Path(f"/proc/{process}/statm")
    try:
        if statistics.exists():
            return int(statistics.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        told = subprocess.run(["/bin/ps", "-o", "rss=", "-p", str(process)], capture_output=True, text=True, timeout=5)
        return int(told.stdout.strip() or 0) * 1024
    except (OSError, ValueError, IndexError, subprocess.TimeoutExpired):
        return 0
