"""Opening a source: the file that was named, regular, within its size, unchanged while it is read."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from assay.errors import LimitExceeded, UnreadableSource
from assay.ingest.limits import Limits
from assay.ingest.opening import read_unchanged, snapshot


def test_the_bytes_are_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc" * 1000)
    with snapshot(str(path), Limits()) as opened:
        assert (opened.data, opened.size, opened.descriptor) == (b"abc" * 1000, 3000, None)


def test_a_large_file_is_handed_over_as_a_descriptor_and_closed_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"abc" * 1000)
    with snapshot(str(path), Limits(inherited_bytes=100)) as opened:
        assert opened.data == b"" and opened.descriptor is not None
        assert read_unchanged(str(path), opened.descriptor) == b"abc" * 1000
    with pytest.raises(OSError):
        os.fstat(opened.descriptor)


def test_a_sparse_gigabyte_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(LimitExceeded, match="1,024 MB"), snapshot(str(path), Limits()):
        pass


def test_a_link_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "link.txt").symlink_to("a.txt")
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "b.txt").write_text("x")
    (tmp_path / "way").symlink_to("real")
    os.mkfifo(tmp_path / "pipe")
    for name, words in {
        "link.txt": "symbolic link",
        "real": "a folder",
        "pipe": "a pipe",
        "way/b.txt": "through a symbolic link",
        "none.txt": "No such file",
    }.items():
        with pytest.raises(UnreadableSource, match=words), snapshot(str(tmp_path / name), Limits()):
            pass


def test_a_file_that_keeps_changing_is_refused_and_one_that_settles_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"x" * 1000)
    done = threading.Event()

    def write() -> None:
        with path.open("ab", buffering=0) as file:
            while not done.is_set():
                file.write(b"more" * 20_000)

    writer = threading.Thread(target=write)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        writer.start()
        with pytest.raises(UnreadableSource, match="changed while it was read"):
            for _ in range(5000):
                read_unchanged(str(path), descriptor)
        done.set()
        writer.join()
        assert len(read_unchanged(str(path), descriptor)) == path.stat().st_size
    finally:
        done.set()
        writer.join()
        os.close(descriptor)
