"""Whatever order steps come in, the catalogue equals a dictionary, and its outbox always leads to its points."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assay.store.catalogue import open_catalogue
from assay.types import OWNER, Principal
from tests.store.catalogue_kit import staged

KEYS = st.sampled_from(["a", "b", "c"])
READERS = st.sampled_from([(), ("public",), ("user:ann",), ("group:law", "user:ann")])
ANN = Principal("ann")


class CatalogueAgainstModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp())
        self.catalogue = open_catalogue(self.home / "s", create=True)
        self.live: dict[str, tuple[str, tuple[str, ...], int]] = {}
        self.waiting: dict[int, tuple[str, str, tuple[str, ...]]] = {}
        self.index: set[int] = set()
        self.used: set[int] = set()

    @rule(batch=st.lists(st.tuples(KEYS, st.text(max_size=12), READERS), min_size=1, max_size=3))
    def stage(self, batch: list[tuple[str, str, tuple[str, ...]]]) -> None:
        clean = [(key, text.encode("utf-8", "ignore").decode(), readers) for key, text, readers in batch]
        versions = self.catalogue.stage([staged(key, text, readers=readers) for key, text, readers in clean])
        self.waiting.update(zip(versions, clean, strict=True))

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def publish(self, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.waiting)), min_size=1, unique=True))
        self.catalogue.publish(chosen)
        former = {key: number for key, (_, _, number) in self.live.items()}
        for version in chosen:
            key, text, readers = self.waiting.pop(version)
            self.live[key] = (text, readers, former.get(key, 0) + 1)

    @rule()
    def discard(self) -> None:
        assert self.catalogue.discard_staged() == len(self.waiting)
        self.waiting.clear()

    @rule(keys=st.lists(KEYS, max_size=3))
    def remove(self, keys: list[str]) -> None:
        known = set(self.live) | {key for key, _, _ in self.waiting.values()}
        receipts = self.catalogue.remove(keys)
        assert [r.document_id for r in receipts] == [key for key in dict.fromkeys(keys) if key in known]
        self.live = {key: value for key, value in self.live.items() if key not in keys}
        self.waiting = {version: value for version, value in self.waiting.items() if value[0] not in keys}

    @rule()
    def carry_outbox(self) -> None:
        for entry in self.catalogue.outbox():
            self.index |= set(entry.upserts)
            self.index -= set(entry.deletes)
            self.catalogue.trim_outbox(entry.sequence)
        assert self.index == self.catalogue.point_ids()

    @rule()
    def open_again(self) -> None:
        self.catalogue.close()
        self.catalogue = open_catalogue(self.home / "s", create=False)

    @invariant()
    def equals_the_model(self) -> None:
        infos = self.catalogue.documents(OWNER)
        assert {info.id: (info.access.readers, info.version) for info in infos} == {
            key: value[1:] for key, value in self.live.items()
        }
        for key in "abc":
            assert self.catalogue.text(key, OWNER) == (self.live[key][0] if key in self.live else None)
        readable = {key for key, (_, readers, _) in self.live.items() if {"public", "user:ann"} & set(readers)}
        assert {info.id for info in self.catalogue.documents(ANN)} == readable
        pairs = self.catalogue.chunks(sorted(self.catalogue.point_ids()), ANN).values()
        shown: dict[str, str] = dict.fromkeys(readable, "")
        for chunk, info in sorted(pairs, key=lambda pair: pair[0].ordinal):
            shown[info.id] += chunk.text
        assert shown == {key: self.live[key][0] for key in readable}

    def teardown(self) -> None:
        self.carry_outbox()
        assert self.catalogue.check() == []
        self.catalogue.close()
        shutil.rmtree(self.home)


TestCatalogueAgainstModel = CatalogueAgainstModel.TestCase
TestCatalogueAgainstModel.settings = settings(
    max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
