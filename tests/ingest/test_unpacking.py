"""Gzip around a source, within a limit."""

from __future__ import annotations

import gzip
import time

import pytest

from assay.errors import LimitExceeded, MalformedSource
from assay.ingest.unpacking import inner_name, is_packed, unpacked, unpacked_head


def test_one_or_several_members_are_unpacked() -> None:
    assert unpacked(gzip.compress(b"abc"), 10) == b"abc"
    assert unpacked(gzip.compress(b"abc") + gzip.compress(b"def") + b"\0\0", 10) == b"abcdef"
    assert unpacked(gzip.compress(b""), 10) == b""


def test_a_stream_that_expands_to_gigabytes_is_stopped_at_the_limit() -> None:
    member = gzip.compress(b"\0" * (64 << 20))
    since = time.process_time()
    with pytest.raises(LimitExceeded, match="more than 8 MB"):
        unpacked(member * 100, 8 << 20)
    assert time.process_time() - since < 2.0


@pytest.mark.parametrize(
    "data", [gzip.compress(b"abc" * 100, mtime=0)[:-12], b"not gzip at all", gzip.compress(b"abc", mtime=0) + b"xyz"]
)
def test_a_damaged_stream_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedSource, match="gzip stream"):
        unpacked(data, 1 << 20)


def test_the_inner_name_and_head_tell_the_format() -> None:
    assert inner_name("/x/corpus.jsonl.gz") == "/x/corpus.jsonl"
    assert is_packed("A.GZ") and not is_packed("a.jsonl")
    assert unpacked_head(gzip.compress(b"abc" * 100), 5) == b"abcab"
    assert unpacked_head(b"plain", 5) == b""
