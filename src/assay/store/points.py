"""Index points out of the catalogue: what the index holds can be made again from here at any time, without a model.

The vector of a point has exactly the float16 components that were stored, so an index that was rebuilt equals the one
that was filled at ingestion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal

from sqlalchemy import Column, Connection, Row, Select, select

from assay.store import faults, records
from assay.store.reading import BATCH, batches
from assay.store.schema import bodies, chunks, heads, vectors, versions
from assay.textual.fields import filter_fields
from assay.textual.tokens import chunk_tokens, embedding_text, head_text, tokens
from assay.types import Chunk, Document, FrozenDict, IndexPoint

# A head is made from a whole text, which may be long: few at a time.
_FEW = 16
_VERSION = (
    versions.c.id.label("of_version"),
    versions.c.document_id,
    versions.c.title,
    versions.c.source,
    versions.c.source_file,
    versions.c.format,
    versions.c.metadata,
    versions.c.access,
)
_CHUNKS = (
    select(chunks.c.id, vectors.c.vector, chunks.c.text, chunks.c.breadcrumb, *_VERSION)
    .join(versions, versions.c.id == chunks.c.version_id)
    .outerjoin(vectors, vectors.c.point_id == chunks.c.id)
    .order_by(chunks.c.id)
)
_HEADS = (
    select(heads.c.id, vectors.c.vector, bodies.c.text, *_VERSION)
    .join(versions, versions.c.id == heads.c.version_id)
    .join(bodies, bodies.c.version_id == heads.c.version_id)
    .outerjoin(vectors, vectors.c.point_id == heads.c.id)
    .order_by(heads.c.id)
)

Read = Callable[[], AbstractContextManager[Connection]]


class PointReader:
    """Yields points in batches, each from its own short read transaction: a long one would keep the log from shrinking.

    A point that goes or comes meanwhile is in the outbox, which is carried to the index afterwards.
    """

    def __init__(self, read: Read, place: str) -> None:
        self._read = read
        self._place = place
        self._shared: tuple[int, tuple[tuple[str, ...], Mapping[str, Any]]] | None = None

    def every(self) -> Iterator[IndexPoint]:
        """All points: the chunks in order of their ids, then the heads."""
        yield from self._all_of(_CHUNKS, chunks.c.id, BATCH, self._chunk)
        yield from self._all_of(_HEADS, heads.c.id, _FEW, self._head)

    def some(self, ids: Sequence[int]) -> Iterator[IndexPoint]:
        """The points of those of `ids` that exist."""
        for batch in batches(sorted(set(ids))):
            yield from map(self._chunk, self._rows(_CHUNKS.where(chunks.c.id.in_(batch))))
            documents = [row[0] for row in self._rows(select(heads.c.id).where(heads.c.id.in_(batch)))]
            for few in batches(documents, _FEW):
                yield from map(self._head, self._rows(_HEADS.where(heads.c.id.in_(few))))

    def texts(self) -> Iterator[tuple[int, str, int]]:
        """What is embedded of every chunk, with its id before and behind it how many characters of title and headings
        it begins with; a document's head has the vector of its first chunk."""
        for row in self._pages(_CHUNKS, chunks.c.id, BATCH):
            chunk = Chunk(row.document_id, 0, 0, 0, row.text, records.from_json(row.breadcrumb))
            text = embedding_text(chunk, row.title)
            yield row[0], text, len(text) - len(chunk.text)

    def _pages(self, statement: Select[Any], key: Column[int], size: int) -> Iterator[Row[Any]]:
        last = 0
        while rows := self._rows(statement.where(key > last).limit(size)):
            yield from rows
            last = rows[-1][0]

    def _all_of(
        self, statement: Select[Any], key: Column[int], size: int, make: Callable[[Row[Any]], IndexPoint]
    ) -> Iterator[IndexPoint]:
        yield from map(make, self._pages(statement, key, size))

    def _rows(self, statement: Select[Any]) -> list[Row[Any]]:
        with self._read() as connection:
            return list(connection.execute(statement))

    def _chunk(self, row: Row[Any]) -> IndexPoint:
        chunk = Chunk(row.document_id, 0, 0, 0, row.text, records.from_json(row.breadcrumb))
        return self._point(row, "chunk", chunk_tokens(chunk, row.title))

    def _head(self, row: Row[Any]) -> IndexPoint:
        document = Document(id=row.document_id, title=row.title, text=row.text, source=row.source)
        return self._point(row, "document", tuple(tokens(head_text(document))))

    def _point(self, row: Row[Any], kind: Literal["chunk", "document"], words: tuple[str, ...]) -> IndexPoint:
        if row.vector is None:
            raise faults.damaged(self._place, f"point {row[0]} has no vector")
        access, fields = self._of_version(row)
        return IndexPoint(
            id=row[0],
            document_id=row.document_id,
            kind=kind,
            vector=records.unpack_vector(row.vector),
            tokens=words,
            access=access,
            fields=fields,
        )

    def _of_version(self, row: Row[Any]) -> tuple[tuple[str, ...], Mapping[str, Any]]:
        # The points of a version follow one another, so remembering one version saves nearly all the parsing.
        version = row.of_version
        if self._shared is None or self._shared[0] != version:
            own = {"source_file": row.source_file, "format": row.format, "title": row.title}
            fields = filter_fields(records.from_json(row.metadata)) | filter_fields(own)
            self._shared = (version, (tuple(records.from_json(row.access)), FrozenDict(fields)))
        return self._shared[1]
