"""Small documentation pages and an index over them, for the tests of the technical pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assay.domains.technical import SETTINGS, pack
from assay.domains.technical.technical_pack import TechnicalPack
from assay.evaluation.versions import MemoryIndex
from assay.ingest.readers.records import record_document
from assay.types import Chunk, Document, DocumentInfo, Passage, SourceFile

REFERENCE = """\
:mod:`pump` --- Moving water
============================

.. module:: pump

.. function:: start(speed, *, quiet=False)

   Start the pump. Raises :exc:`OSError` where it is dry. See :func:`stop`.

   .. versionadded:: 2.1

   .. deprecated:: 3.0
      The *quiet* parameter.

.. function:: halt()

   Stop at once.

   .. deprecated-removed:: 2.4 4.0
      Use :func:`stop` instead.

.. function:: stop()

   Stop the pump gently, as :func:`start` begins it.

   .. versionadded:: 2.4

.. class:: Valve()

   .. method:: open()
               close()

      Move the valve.

      .. versionadded:: 3.2
"""
CHANGES = """\
# Changelog

## 3.1.0

### Removed

- `pump.prime()`, deprecated since 2.0: use `pump.start()` instead.
- The `colour` argument of `pump.Valve` is gone.

### Deprecated

- `pump.flood()` is deprecated and will be removed in 5.0.

### Added

- A new manual.
"""


def document(text: str, id: str = "pump", format: str = "rst", **metadata: Any) -> Document:
    """A document as the reader of records makes it."""
    record = {"id": id, "text": text, "metadata": {"format": format, "library": "pump", "version": "3.2.1", **metadata}}
    return record_document(SourceFile("docs.jsonl", b"", "jsonl"), record, "line 1", 1)


def technical(**settings: Any) -> TechnicalPack:
    """The pack with some settings changed."""
    return pack({**SETTINGS, **settings})


def index(*documents: Document, **settings: Any) -> MemoryIndex:
    """The facts of these documents."""
    found, chosen = MemoryIndex(), technical(**settings)
    for one in documents:
        found.add(one.id, chosen.facts(one))
    return found


def info(one: Document, metadata: Mapping[str, Any] | None = None) -> DocumentInfo:
    """What the catalogue would tell of a document."""
    held = metadata if metadata is not None else technical().enrich(one).metadata
    return DocumentInfo(one.id, one.title, one.source, one.format, 1, "", len(one.text), 1, "2026-01-02", held)


def passage(one: Document, words: str, *crumbs: str) -> Passage:
    """A passage of the paragraph that begins with `words`."""
    start = one.text.index(words)
    end = one.text.find("\n\n\n", start)
    end = len(one.text) if end < 0 else end
    end = min(end, start + 220)
    return Passage(Chunk(one.id, 0, start, end, one.text[start:end], crumbs), info(one), 1, 0.0)
