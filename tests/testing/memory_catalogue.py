"""A small correct catalogue and job ledger in memory, for proving the contracts."""

from __future__ import annotations

import fnmatch
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay.errors import NotFound
from assay.textual.access import readable
from assay.textual.fields import filter_fields
from assay.textual.tokens import chunk_tokens, head_text, tokens
from assay.types import (
    OWNER,
    Chunk,
    Document,
    DocumentInfo,
    Fact,
    IndexPoint,
    OutboxEntry,
    Principal,
    RemovalReceipt,
    StagedDocument,
)

_NOW = "2026-01-31T09:30:00Z"


@dataclass
class Version:
    """One version of a document: what was staged, its ids (the head's is the last), and its number once live."""

    staged: StagedDocument
    ids: tuple[int, ...]
    number: int = 0

    def info(self) -> DocumentInfo:
        document = self.staged.document
        return DocumentInfo(
            id=document.id,
            title=document.title,
            source=document.source,
            format=document.format,
            version=self.number,
            content_hash=self.staged.content_hash,
            characters=len(document.text),
            chunks=len(self.staged.chunks),
            added_at=_NOW,
            metadata=document.metadata,
            access=document.access,
            warnings=document.warnings,
        )


@dataclass
class State:
    """What files would hold."""

    versions: dict[int, Version] = field(default_factory=dict)
    outbox: list[OutboxEntry] = field(default_factory=list)
    manifest: dict[str, Any] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=lambda: {"version": 0, "point": 0, "entry": 0})
    lock: threading.RLock = field(default_factory=threading.RLock)


_PLACES: dict[Path, State] = {}


class MemoryCatalogue:
    """`ports.Catalogue` over a `State` that outlives the object, as files would. A version with number 0 is staged."""

    def __init__(self, folder: Path) -> None:
        self.state = _PLACES.setdefault(folder, State())

    # --- writing

    def stage(self, batch: Sequence[StagedDocument]) -> list[int]:
        with self.state.lock:
            keys = [self.next("version") for _ in batch]
            for key, one in zip(keys, batch, strict=True):
                self.state.versions[key] = Version(one, tuple(self.next("point") for _ in range(len(one.chunks) + 1)))
            self.post([key for version in keys for key in self.state.versions[version].ids], [])
            return keys

    def publish(self, version_ids: Sequence[int]) -> None:
        with self.state.lock:
            if not set(version_ids) <= set(self.state.versions):
                raise NotFound("a version is not staged")
            for key in version_ids:
                fresh = self.state.versions[key]
                former = self.live().get(fresh.staged.document.id)
                self.drop([former] if former is not None else [])
                fresh.number = 1 + (former.number if former is not None else 0)

    def discard_staged(self) -> int:
        with self.state.lock:
            gone = [version for version in self.state.versions.values() if not version.number]
            self.drop(gone)
            return len(gone)

    def remove(self, document_ids: Sequence[str]) -> list[RemovalReceipt]:
        with self.state.lock:
            live = self.live()
            receipts = [self.receipt(live[key]) for key in dict.fromkeys(document_ids) if key in live]
            self.drop([v for v in self.state.versions.values() if v.staged.document.id in document_ids])
            return receipts

    def receipt(self, version: Version) -> RemovalReceipt:
        info = version.info()
        return RemovalReceipt(info.id, info.title, info.source, info.content_hash, _NOW, info.chunks, False)

    def drop(self, versions: Sequence[Version]) -> None:
        self.post([], [key for version in versions for key in version.ids])
        kept = {key: version for key, version in self.state.versions.items() if version not in versions}
        self.state.versions = kept

    def post(self, upserts: Sequence[int], deletes: Sequence[int]) -> None:
        if upserts or deletes:
            self.state.outbox.append(OutboxEntry(self.next("entry"), tuple(upserts), tuple(deletes)))

    def next(self, name: str) -> int:
        self.state.counters[name] += 1
        return self.state.counters[name]

    # --- reading

    def live(self) -> dict[str, Version]:
        return {version.staged.document.id: version for version in self.state.versions.values() if version.number}

    def hashes(self, document_ids: Sequence[str]) -> dict[str, str]:
        return {key: v.staged.content_hash for key, v in self.live().items() if key in document_ids}

    def documents_of(self, source_file: str) -> list[str]:
        return sorted(key for key, v in self.live().items() if v.staged.source_file == source_file)

    def find(self, document_id: str) -> DocumentInfo | None:
        version = self.live().get(document_id)
        return None if version is None else version.info()

    def documents(
        self, principal: Principal, *, matching: str = "", limit: int | None = None, offset: int = 0
    ) -> list[DocumentInfo]:
        with self.state.lock:
            infos = [version.info() for _, version in sorted(self.live().items())]
        shown = [info for info in infos if self.may_read(info, principal) and _matches(info, matching)]
        return shown[offset:][:limit]

    def chunks(self, ids: Sequence[int], principal: Principal) -> dict[int, tuple[Chunk, DocumentInfo]]:
        wanted = set(ids)
        return {
            key: (replace(chunk, id=key), version.info())
            for version in self.live().values()
            if self.may_read(version.info(), principal)
            for key, chunk in zip(version.ids, version.staged.chunks, strict=False)
            if key in wanted
        }

    def token_vectors(self, ids: Sequence[int], principal: Principal) -> dict[int, bytes]:
        wanted = set(ids)
        return {
            key: packed
            for version in self.live().values()
            if self.may_read(version.info(), principal)
            for key, packed in zip(version.ids, version.staged.pieces, strict=False)
            if key in wanted
        }

    def text(self, document_id: str, principal: Principal) -> str | None:
        version = self.live().get(document_id)
        readable_here = version is not None and self.may_read(version.info(), principal)
        return version.staged.document.text if version is not None and readable_here else None

    def document(self, document_id: str, principal: Principal) -> Document | None:
        version = self.live().get(document_id)
        return version.staged.document if version is not None and self.may_read(version.info(), principal) else None

    def count_documents(self, principal: Principal = OWNER) -> int:
        return len(self.documents(principal))

    def facts(self, kind: str, keys: Sequence[str], principal: Principal) -> list[Fact]:
        found = [fact for info in self.documents(principal) for fact in self.facts_of(info.id, principal, kind)]
        return [fact for fact in found if fact.key in keys]

    def facts_of(self, document_id: str, principal: Principal, kind: str = "") -> list[Fact]:
        version = self.live().get(document_id)
        if version is None or not self.may_read(version.info(), principal):
            return []
        found = [replace(fact, document_id=document_id) for fact in version.staged.facts if kind in ("", fact.kind)]
        return sorted(found, key=lambda fact: fact.start)

    def tally(self, kind: str, keys: Sequence[str], principal: Principal) -> dict[str, int]:
        pairs = {(fact.key, fact.document_id) for fact in self.facts(kind, keys, principal)}
        return dict(Counter(key for key, _ in pairs))

    def with_value(self, field: str, values: Sequence[str], principal: Principal) -> list[DocumentInfo]:
        held = {info.id: info.metadata.get(field) for info in self.documents(principal)}
        lists = {key: value if isinstance(value, tuple) else (value,) for key, value in held.items()}
        infos = self.documents(principal)
        return [info for info in infos if {str(v) for v in lists[info.id] if v is not None} & set(values)]

    def has_field(self, name: str, principal: Principal) -> bool:
        return any(name in filter_fields(info.metadata) for info in self.documents(principal))

    def may_read(self, info: DocumentInfo, principal: Principal) -> bool:
        return readable(info.access, principal)

    # --- index

    def outbox(self, limit: int = 1000) -> list[OutboxEntry]:
        return self.state.outbox[:limit]

    def trim_outbox(self, through: int) -> None:
        self.state.outbox = [entry for entry in self.state.outbox if entry.sequence > through]

    def points(self, ids: Sequence[int] | None = None) -> Iterator[IndexPoint]:
        for version in self.state.versions.values():
            for key, point in zip(version.ids, self.points_of(version), strict=True):
                if ids is None or key in ids:
                    yield replace(point, id=key)

    def points_of(self, version: Version) -> Iterator[IndexPoint]:
        document = version.staged.document
        access, fields = document.access.readers, filter_fields(document.metadata)
        for chunk, vector in zip(version.staged.chunks, version.staged.vectors, strict=True):
            yield IndexPoint(0, document.id, "chunk", vector, chunk_tokens(chunk, document.title), access, fields)
        words = tuple(tokens(head_text(document)))
        yield IndexPoint(0, document.id, "document", version.staged.head_vector, words, access, fields)

    def point_ids(self) -> set[int]:
        return {key for version in self.state.versions.values() for key in version.ids}

    def manifest(self) -> Mapping[str, Any]:
        return dict(self.state.manifest)

    def set_manifest(self, **values: Any) -> None:
        self.state.manifest.update(values)

    def close(self) -> None:
        pass


def _matches(info: DocumentInfo, pattern: str) -> bool:
    literal = pattern.replace("[", "[[]")
    return not pattern or any(fnmatch.fnmatchcase(name, literal) for name in (info.id, info.title, info.source))
