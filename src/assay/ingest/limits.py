"""The limits of reading one file, and the options of one ingestion. Values only; others enforce them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.errors import InputError
from assay.textual.access import access_list
from assay.types import EMPTY, AccessList, Record, freeze

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits(Record):
    """What one file may cost. Sizes in bytes, times in seconds of the parser's own time (waiting for us is free).

    `file_bytes`: a larger file is refused unread. `seconds` + `seconds_per_megabyte` * size: then the parser is killed.
    `memory_bytes`: address space of the parser (resident memory where the system does not limit address space).
    Text may grow to `expansion` * size + `expansion_floor`, never beyond `expanded_bytes`. A file above
    `inherited_bytes` is read by the parser itself, from a descriptor that we opened.
    """

    file_bytes: int = 200 * MEGABYTE
    seconds: float = 60.0
    seconds_per_megabyte: float = 2.0
    memory_bytes: int = 2048 * MEGABYTE
    expansion: float = 8.0
    expansion_floor: int = 64 * MEGABYTE
    expanded_bytes: int = 1024 * MEGABYTE
    inherited_bytes: int = 64 * MEGABYTE

    def wall_seconds(self, size: int) -> float:
        """How long the parser may take over a file of `size` bytes."""
        return self.seconds + self.seconds_per_megabyte * size / MEGABYTE

    def text_bytes(self, size: int) -> int:
        """How much text a file of `size` bytes may become."""
        return min(self.expanded_bytes, int(self.expansion * size) + self.expansion_floor)


@dataclass(frozen=True, slots=True)
class IngestOptions(Record):
    """What is said about all sources of a job.

    `metadata` counts below what a document says of itself, `access` where it names no readers; `format` and `encoding`
    where they should not be guessed; `reader` goes to the reader alone (see `assay.ingest.readers`); `sources` holds
    metadata of single sources, by their path as it stands in the job.
    """

    metadata: Mapping[str, Any] = EMPTY
    access: AccessList = AccessList()
    format: str = ""
    encoding: str = ""
    reader: Mapping[str, Any] = EMPTY
    sources: Mapping[str, Any] = EMPTY

    @staticmethod
    def of(values: Mapping[str, Any]) -> IngestOptions:
        """Options from a job's plain mapping (`access`: a list of tokens). Raises InputError for a wrong one."""
        unknown = sorted(set(values) - set(IngestOptions.__slots__))
        if unknown:
            raise InputError(
                f"Unknown ingestion options: {', '.join(unknown)}",
                next=f"Use {', '.join(IngestOptions.__slots__)}",
            )
        access = values.get("access", ())
        if isinstance(access, (AccessList, Mapping)):
            access = access["readers"]
        return IngestOptions(
            metadata=freeze(values.get("metadata", {})),
            access=access_list(access),
            format=str(values.get("format", "")),
            encoding=str(values.get("encoding", "")),
            reader=freeze(values.get("reader", {})),
            sources=freeze(values.get("sources", {})),
        )
