"""Gzip around any other format: unpacked up to a limit, then read by the reader of what is inside."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from assay.ingest.readers.common import MAX_EXPANDED_BYTES, options
from assay.ingest.unpacking import unpacked
from assay.ports import Reader
from assay.types import Document, SourceFile


class GzipReader:
    """The documents of the file inside. Endings such as "jsonl.gz" are told by the inner reader's."""

    name = "gzip"

    def __init__(self, inner: Reader) -> None:
        self.inner = inner
        self.formats: tuple[str, ...] = inner.formats

    def read(self, source: SourceFile) -> Iterator[Document]:
        """The documents inside. Raises LimitExceeded (too large inside), MalformedSource, and as the inner reader."""
        limit = int(options(source).get("max_expanded_bytes", MAX_EXPANDED_BYTES))
        yield from self.inner.read(dataclasses.replace(source, data=unpacked(source.data, limit)))
