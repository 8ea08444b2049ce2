"""The shipped indexes keep the contract: in this process, and behind their owner's socket."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import ClassVar

from assay.ports import Index
from assay.store.edge import EdgeIndex
from assay.store.edge_settings import IndexSettings
from assay.store.owner_client import OwnedIndex
from assay.testing import IndexContract


class TestEdgeIndex(IndexContract):
    def make_index(self, folder: Path) -> Index:
        place = folder / "gen-000001"
        if place.exists():
            return EdgeIndex.open(place)
        return EdgeIndex.create(place, IndexSettings(dimensions=self.dimensions))


class TestOwnedIndex(IndexContract):
    """Starting an owner takes a second, so the tests share one: a test's first index is emptied, and where a test opens
    its index again the owner is ended and started anew."""

    store: ClassVar[Path]
    emptied: ClassVar[set[Path]]

    @classmethod
    def setup_class(cls) -> None:
        cls.store, cls.emptied = Path(tempfile.mkdtemp(prefix="assay-owned-")), set()

    @classmethod
    def teardown_class(cls) -> None:
        cls.owned().end()
        shutil.rmtree(cls.store)

    @classmethod
    def owned(cls) -> OwnedIndex:
        create = IndexSettings(dimensions=cls.dimensions)
        return OwnedIndex(cls.store, lambda: cls.store / "index" / "gen-000001", create=create)

    def make_index(self, folder: Path) -> Index:
        index = self.owned()
        if folder not in self.emptied:
            self.emptied.add(folder)
            index.delete(sorted(index.ids()))
            return index
        index.end()
        return self.owned()
