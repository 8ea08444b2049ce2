"""The shipped indexes keep the contract: in this process, and behind their owner's socket."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.ports import Index
from assay.store.edge import EdgeIndex
from assay.store.edge_settings import IndexSettings
from assay.testing import IndexContract


class TestEdgeIndex(IndexContract):
    def make_index(self, folder: Path) -> Index:
        place = folder / "gen-000001"
        if place.exists():
            return EdgeIndex.open(place)
        return EdgeIndex.create(place, IndexSettings(dimensions=self.dimensions))
