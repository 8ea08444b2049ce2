"""The parser process: whatever a file does to its reader is an error of that file, and the next one is read."""

from __future__ import annotations

import dataclasses
import os
import threading
import time
from pathlib import Path

import pytest

from assay.errors import ConfigError, IngestError, LimitExceeded, MalformedSource
from assay.ingest.limits import IngestOptions, Limits
from assay.ingest.opening import snapshot
from assay.ingest.sandbox import Sandbox, Stopped, minimal_environment, resident_bytes
from assay.types import Document
from tests.ingest.ingest_kit import READERS

TIGHT = Limits(seconds=2.0, memory_bytes=700 << 20, expansion_floor=4 << 20)


def read(sandbox: Sandbox, path: Path, options: IngestOptions | None = None) -> list[Document]:
    with snapshot(str(path), sandbox.limits) as opened:
        return list(sandbox.read(opened, options))


def make(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return make(tmp_path, "good.rec", "one\tText one, schön.\ntwo\tText two.\n".encode())


def test_documents_come_back_as_the_reader_made_them(good: Path) -> None:
    with_sandbox = Sandbox(readers=READERS)
    try:
        assert [(d.id, d.title, d.text, d.source) for d in read(with_sandbox, good)] == [
            ("one", "Title of one", "Text one, schön.", str(good)),
            ("two", "Title of two", "Text two.", str(good)),
        ]
    finally:
        with_sandbox.close()


@pytest.mark.parametrize(
    ("name", "data", "kind", "words"),
    [
        ("x.hang", b"asleep", LimitExceeded, "longer than 2 seconds"),
        ("x.hang", b"busy", LimitExceeded, "longer than 2 seconds"),
        ("x.eat", b"", LimitExceeded, "too much memory"),
        ("x.eat", b"slowly", LimitExceeded, "too much memory"),
        ("x.crash", b"", MalformedSource, "SIGSEGV"),
        ("x.crash", b"leave", MalformedSource, "code 3"),
        ("x.crash", b"deep", MalformedSource, "too deeply"),
        ("x.fail", b"", MalformedSource, "ZeroDivisionError: a fault of the reader"),
        ("x.bomb", b"", LimitExceeded, "expands to more than 4 MB"),
        ("x.rec", b"one\tfirst\n!\n", MalformedSource, "This line is broken"),
    ],
)
def test_a_bad_file_is_one_clear_error_and_the_next_file_is_read(
    tmp_path: Path, good: Path, name: str, data: bytes, kind: type[IngestError], words: str
) -> None:
    # Only a file that hangs needs a short time; the others must not run into it on a busy machine.
    limits = TIGHT if name.endswith("hang") else dataclasses.replace(TIGHT, seconds=60.0)
    sandbox = Sandbox(limits, readers=READERS)
    try:
        with pytest.raises(kind, match=words):
            read(sandbox, make(tmp_path, name, data))
        assert len(read(sandbox, good)) == 2
    finally:
        sandbox.close()


def test_memory_is_watched_where_the_system_does_not_limit_it(tmp_path: Path, good: Path) -> None:
    for data in (b"", b"slowly"):
        sandbox = Sandbox(Limits(memory_bytes=300 << 20), readers=READERS, watch_memory=True)
        try:
            with pytest.raises(LimitExceeded, match="it held"):
                read(sandbox, make(tmp_path, "x.eat", data))
            assert len(read(sandbox, good)) == 2
        finally:
            sandbox.close()


def test_documents_before_a_failure_have_come(tmp_path: Path) -> None:
    path = make(tmp_path, "x.rec", b"one\tfirst\n!\n")
    sandbox = Sandbox(readers=READERS)
    came = []
    try:
        with snapshot(str(path), Limits()) as opened, pytest.raises(MalformedSource):
            for document in sandbox.read(opened):
                came.append(document.id)
    finally:
        sandbox.close()
    assert came == ["one"]


def test_the_time_we_take_is_not_counted_against_the_reader(tmp_path: Path) -> None:
    path = make(tmp_path, "x.rec", b"".join(b"r%d\t%s\n" % (n, b"x" * 100_000) for n in range(8)))
    sandbox = Sandbox(Limits(seconds=1.0, seconds_per_megabyte=0.0), readers=READERS)
    try:
        with snapshot(str(path), Limits()) as opened:
            for number, _ in enumerate(sandbox.read(opened)):
                if number in (1, 4):
                    time.sleep(0.8)
    finally:
        sandbox.close()


def test_processor_time_is_limited_even_while_nobody_waits_for_the_parser(tmp_path: Path) -> None:
    path = make(tmp_path, "x.hang", b"busy")
    sandbox = Sandbox(Limits(seconds=1.0), readers=READERS)
    try:
        with snapshot(str(path), Limits()) as opened, pytest.raises(LimitExceeded, match="processor time"):
            for _ in sandbox.read(opened):
                for _ in range(100):
                    time.sleep(0.1)
                    if sandbox.process_id and resident_bytes(sandbox.process_id) == 0:
                        break
    finally:
        sandbox.close()


def test_a_large_file_is_read_by_the_parser_itself(tmp_path: Path, good: Path) -> None:
    sandbox = Sandbox(Limits(inherited_bytes=10), readers=READERS)
    try:
        assert [d.id for d in read(sandbox, good)] == ["one", "two"]
        assert [d.id for d in read(sandbox, good)] == ["one", "two"]
    finally:
        sandbox.close()


def test_a_reader_reaches_neither_network_nor_programs_nor_files_nor_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_TEST_KEY", "secret")
    sandbox = Sandbox(readers=READERS)
    try:
        told = read(sandbox, make(tmp_path, "x.meddle", b"x"))[0].text
    finally:
        sandbox.close()
    assert "network: refused" in told
    assert "program: refused" in told
    assert "write: refused" in told
    assert "folder: /\n" in told
    assert "ASSAY_TEST_KEY" not in told and "HOME" not in told.split("environment:")[1].split("\n")[0]
    assert not (tmp_path / "x.meddle.written").exists()


def test_the_environment_holds_only_what_python_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    assert not {"OPENAI_API_KEY", "PATH", "HOME"} & set(minimal_environment())
    assert "PATH" in minimal_environment(programs=True)


def test_a_process_that_does_not_start_is_nobodys_file(good: Path) -> None:
    sandbox = Sandbox(readers=["no.such.module:Reader"])
    with pytest.raises(ConfigError, match=r"does not start.*no\.such\.module"):
        read(sandbox, good)
    sandbox.close()


def test_one_process_serves_many_files(good: Path) -> None:
    sandbox = Sandbox(readers=READERS)
    try:
        read(sandbox, good)
        first = sandbox.process_id
        read(sandbox, good)
        assert sandbox.process_id == first is not None
    finally:
        sandbox.close()
    assert sandbox.process_id is None
    assert first is not None and resident_bytes(first) == 0
    sandbox.close()


def test_reading_that_is_left_early_leaves_no_process_behind(tmp_path: Path) -> None:
    path = make(tmp_path, "x.rec", b"one\tfirst\n?30\n")
    sandbox = Sandbox(readers=READERS)
    with snapshot(str(path), Limits()) as opened:
        documents = sandbox.read(opened)
        next(iter(documents))
        process = sandbox.process_id
        documents.close()  # type: ignore[attr-defined]
    assert process is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
    sandbox.close()


def test_a_hanging_reader_can_be_stopped_from_another_thread(tmp_path: Path) -> None:
    sandbox = Sandbox(Limits(seconds=60), readers=READERS)
    threading.Timer(0.7, sandbox.stop).start()
    since = time.monotonic()
    with pytest.raises(Stopped):
        read(sandbox, make(tmp_path, "x.hang", b"asleep"))
    assert time.monotonic() - since < 10
    sandbox.close()


def test_the_parser_ends_when_the_engine_is_gone(tmp_path: Path) -> None:
    """The engine is killed while a reader hangs: the parser notices and ends itself."""
    import subprocess
    import sys

    path = make(tmp_path, "x.hang", b"asleep")
    here = Path(__file__).parents[2]
    script = (
        f"import sys; sys.path.insert(0, {str(here)!r})\n"
        "from tests.ingest.ingest_kit import READERS\n"
        "from assay.ingest.sandbox import Sandbox\nfrom assay.ingest.opening import snapshot\n"
        "from assay.ingest.limits import Limits\n"
        "box = Sandbox(readers=READERS)\n"
        f"with snapshot({str(path)!r}, Limits()) as opened:\n"
        "    for document in box.read(opened): print(box.process_id, flush=True)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout is not None
        process = int(engine.stdout.readline())
        engine.kill()
    for _ in range(100):
        if resident_bytes(process) == 0:
            break
        time.sleep(0.1)
    assert resident_bytes(process) == 0
