"""Readers for tests, loaded by the parser process alone: a well-behaved one, and one for each way to misbehave."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from assay.errors import MalformedSource
from assay.types import Document, SourceFile


class Records:
    """Lines "id TAB text". A line "!" fails there; a line "?seconds" waits."""

    name = "records"
    formats: tuple[str, ...] = ("rec",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        for line in source.data.decode("utf-8", "surrogatepass").splitlines():
            if line.startswith("!"):
                raise MalformedSource("This line is broken", why="It begins with an exclamation mark")
            if line.startswith("?"):
                time.sleep(float(line[1:]))
                continue
            name, _, text = line.partition("\t")
            yield Document(id=name, title=f"Title of {name}", text=text, source=source.path, format="rec")


class Text:
    """The whole file as one document."""

    name = "text"
    formats = ("txt",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        text = source.data.decode("utf-8", "replace")
        yield Document(id=source.path, title=Path(source.path).name, text=text, source=source.path)


class Hanging:
    """Never comes back: asleep, or busy."""

    name = "hanging"
    formats = ("hang",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        yield Document(id="before-hanging", title="", text="This document came before.", source=source.path)
        while source.data != b"asleep":
            pass
        time.sleep(3600)


class Hungry:
    """Takes memory: at once, or little by little while documents come."""

    name = "hungry"
    formats = ("eat",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        held: list[bytearray] = []
        for number in range(10_000):
            held.append(bytearray(os.urandom(1)) * (16 << 20))
            if source.data == b"slowly":
                yield Document(id=f"bite-{number}", title="", text="One more bite.", source=source.path)


class Crashing:
    """Dies: by a bad pointer, or by leaving."""

    name = "crashing"
    formats = ("crash",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        if source.data == b"leave":
            os._exit(3)
        if source.data == b"deep":
            _deep(0)
        ctypes.string_at(0)
        yield Document(id="never", title="", text="Never.")


class Meddling:
    """Tries what a reader may not do, and tells in its document how far it came."""

    name = "meddling"
    formats = ("meddle",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        told = [f"{name}: {_try(deed, source)}" for name, deed in _DEEDS.items()]
        told += [f"environment: {' '.join(sorted(os.environ))}", f"folder: {Path.cwd()}", f"path: {sys.path}"]
        yield Document(id="meddling", title="", text="\n".join(told), source=source.path)


class Failing:
    """Raises something that is no IngestError, with a document before it."""

    name = "failing"
    formats = ("fail",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        yield Document(id="good-one", title="", text="This one was good.", source=source.path)
        raise ZeroDivisionError("a fault of the reader")


class Bomb:
    """A small file that becomes much text."""

    name = "bomb"
    formats = ("bomb",)

    def read(self, source: SourceFile) -> Iterator[Document]:
        for number in range(100_000):
            yield Document(id=f"part-{number}", title="", text="boom " * 200_000, source=source.path)


def _deep(depth: int) -> int:
    return 1 + _deep(depth + 1)


def _try(deed: object, source: SourceFile) -> str:
    try:
        deed(source)  # type: ignore[operator]
    except PermissionError:
        return "refused"
    except OSError as error:
        return f"failed ({error})"
    return "done"


def _connect(source: SourceFile) -> None:
    with socket.socket() as door:
        door.settimeout(1)
        door.connect(("127.0.0.1", 9))


_DEEDS = {
    "network": _connect,
    "program": lambda source: subprocess.run(["/bin/true"], check=False),
    "write": lambda source: Path(source.path + ".written").write_text("x"),
}
