"""What all readers share: options, the making of a `Document`, and refusing what is empty.

It holds no format.
"""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from assay.errors import InputError, MalformedSource
from assay.ingest.decoding import Decoded, decode, storable
from assay.ingest.readers.language import language_warning
from assay.textual.access import access_list
from assay.types import EMPTY, AccessList, Block, Document, OriginSegment, SourceFile, freeze

OPTIONS_KEY = "reader"
MAX_EXPANDED_BYTES = 512 * 1024 * 1024
MAX_DEPTH = 200
_NOBODY = AccessList()


def options(source: SourceFile) -> Mapping[str, Any]:
    """The reader's options of this source."""
    given = source.metadata.get(OPTIONS_KEY, {})
    return given if isinstance(given, Mapping) else {}


def require_content(source: SourceFile) -> None:
    """Raises MalformedSource where the source has no bytes, or only white space."""
    if not source.data or (not source.data[:4096].strip() and not source.data.strip()):
        raise empty(source)


def empty(source: SourceFile) -> MalformedSource:
    """The error for a source without content."""
    return MalformedSource(f"{source.path} is empty", why=f"{len(source.data)} bytes without text", next="Leave it out")


def decoded(source: SourceFile, declared: str = "") -> Decoded:
    """The text of the source. Raises MalformedSource where there is none."""
    require_content(source)
    found = decode(source.data, source.encoding or declared)
    if not found.text.strip():
        raise empty(source)
    return found


def file_title(path: str) -> str:
    """A title from a file's name, without its endings."""
    name = PurePosixPath(path.replace("\\", "/")).name
    stem = name.removesuffix(".gz")
    return PurePosixPath(stem).stem or name


def make_document(
    source: SourceFile,
    text: str,
    *,
    title: str,
    format: str,
    id: str = "",
    metadata: Mapping[str, Any] = EMPTY,
    access: AccessList = _NOBODY,
    blocks: Iterable[Block] = (),
    origin: tuple[OriginSegment, ...] = (),
    warnings: Iterable[str] = (),
    is_prose: bool = True,
) -> Document:
    """A document of `source`: metadata merged and frozen, unstorable characters replaced, language looked at.

    Raises MalformedSource where `text` has no visible character.
    """
    if not text or text.isspace():
        what = f"{source.path}{f' ({id})' if id else ''} holds no text"
        raise MalformedSource(what, why=f"nothing was left after reading it as {format}", next="Leave it out")
    clean, replaced = storable(text)
    named, _ = storable(" ".join(title.split()))
    language = language_warning(clean) if is_prose else ()
    return Document(
        id=id or source.path,
        title=named or file_title(source.path),
        text=clean,
        source=source.path,
        format=format,
        metadata=frozen_metadata(source, metadata),
        access=access,
        blocks=nested(blocks),
        origin=origin,
        warnings=tuple(dict.fromkeys((*warnings, *replaced, *language))),
    )


def nested(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks ordered by place, outer before inner; one that would reach out of the block around it ends with it."""
    found: list[Block] = []
    around: list[int] = []
    for block in sorted(blocks, key=lambda block: (block.start, -block.end)):
        while around and around[-1] <= block.start:
            around.pop()
        if around and block.end > around[-1]:
            block = dataclasses.replace(block, end=around[-1])
        if block.end > block.start:
            found.append(block)
            around.append(block.end)
    return tuple(found)


def access_of(source: SourceFile, value: object) -> AccessList:
    """The access list written in a record or front matter; empty where there is none.

    Raises MalformedSource where it is not a list of access tokens: a document never opens to more people by a typing
    error.
    """
    if value is None:
        return AccessList()
    try:
        return access_list(value)
    except InputError as error:
        raise MalformedSource(
            f"{source.path}: the access list is not valid", why=str(error), next=error.next
        ) from error


def frozen_metadata(source: SourceFile, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """The source's metadata with the document's own over it, as frozen JSON values, the reader's options left out."""
    inherited = {key: value for key, value in source.metadata.items() if key != OPTIONS_KEY}
    try:
        frozen: Mapping[str, Any] = freeze(json_value({**inherited, **own}))
    except RecursionError as error:
        raise MalformedSource(f"{source.path}: the metadata is nested too deep", why="it cannot be stored") from error
    return frozen


def json_value(value: Any) -> Any:
    """`value` as JSON can hold it: dates in ISO form, bytes and other objects as text, not-a-number as None."""
    if isinstance(value, Mapping):
        return {storable(str(key))[0]: json_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [json_value(item) for item in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int)):
        return value
    return storable(str(value))[0]
