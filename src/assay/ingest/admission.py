"""What a document must be before it is stored: an id, text that any database can hold, blocks that lie in the text."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from typing import Any

from assay.errors import MalformedSource
from assay.types import AccessList, Block, Document, OriginSegment, freeze

MAX_ID = 512
# A lone surrogate is not a character and NUL is refused by databases; each becomes U+FFFD, so that offsets stay.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def admitted(document: Document) -> Document:
    """The document as it can be stored; what was replaced is told in its warnings, offsets stay as they are.

    Raises MalformedSource where the id is empty or too long, or a block or origin segment lies outside the text.
    """
    if not document.id.strip():
        raise MalformedSource("A document has no id", why="Every document needs one that stays the same")
    if len(document.id) > MAX_ID:
        raise MalformedSource(f"The document id {document.id[:40]!r}... is longer than {MAX_ID} characters")
    _check_spans(document)
    text = storable(document.text)
    clean = dataclasses.replace(
        document,
        id=storable(document.id),
        text=text,
        title=storable(document.title),
        source=storable(document.source),
        format=storable(document.format),
        access=AccessList(tuple(storable(token) for token in document.access.readers)),
        warnings=tuple(storable(warning) for warning in document.warnings),
        metadata=freeze(_storable_value(document.metadata)),
    )
    if text == document.text:
        return clean
    note = "characters that cannot be stored (NUL, lone surrogates) were replaced by U+FFFD"
    return dataclasses.replace(clean, warnings=(*clean.warnings, note))


def storable(text: str) -> str:
    """`text` with NUL and lone surrogates replaced by U+FFFD, character for character."""
    return _UNSTORABLE.sub("\ufffd", text)


def _check_spans(document: Document) -> None:
    size = len(document.text)
    spans: tuple[Block | OriginSegment, ...] = (*document.blocks, *document.origin)
    for span in spans:
        if not 0 <= span.start <= span.end <= size:
            kind = "block" if isinstance(span, Block) else "origin segment"
            raise MalformedSource(
                f"The document {document.id!r} has a {kind} from {span.start} to {span.end}",
                why=f"Its text has {size} characters",
                next="Report it to whoever maintains the reader of this format",
            )


def _storable_value(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {storable(str(key)): _storable_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable_value(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return storable(str(value))
