"""The contract of a catalogue: a correct one passes, and each kind of defect is found by the test that speaks of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assay.ports import Catalogue
from assay.testing import CatalogueContract, failures_of
from assay.types import OWNER, Chunk, DocumentInfo, Fact, IndexPoint, Principal, RemovalReceipt, StagedDocument
from tests.testing.memory_catalogue import MemoryCatalogue, Version


class TestMemoryCatalogue(CatalogueContract):
    def make_catalogue(self, folder: Path) -> Catalogue:
        return MemoryCatalogue(folder)


class ShowsStaged(MemoryCatalogue):
    """A document is live as soon as it was staged."""

    def live(self) -> dict[str, Version]:
        return {version.staged.document.id: version for version in self.state.versions.values()}


class KeepsFormerVersions(MemoryCatalogue):
    """Chunks of a replaced version are still served."""

    def publish(self, version_ids: Sequence[int]) -> None:
        self.drop_nothing = True
        super().publish(version_ids)
        self.drop_nothing = False

    def drop(self, versions: Sequence[Version]) -> None:
        if not getattr(self, "drop_nothing", False):
            super().drop(versions)


class PublishesOneByOne(MemoryCatalogue):
    """Publishes in several steps, and acknowledges what it never saw."""

    def publish(self, version_ids: Sequence[int]) -> None:
        for key in version_ids:
            if key in self.state.versions:
                super().publish([key])
                time.sleep(0.005)


class ReusesIds(MemoryCatalogue):
    """Counts on from the highest id in use, as a table without a counter does."""

    def stage(self, batch: Sequence[StagedDocument]) -> list[int]:
        self.state.counters["point"] = max((0, *self.point_ids()))
        return super().stage(batch)


class ForgetsAccess(MemoryCatalogue):
    """The chunks are served to anyone who knows their ids."""

    def chunks(self, ids: Sequence[int], principal: Principal) -> dict[int, tuple[Chunk, DocumentInfo]]:
        return super().chunks(ids, replace(principal, owner=True))


class TellsOfFields(MemoryCatalogue):
    """Names of fields of documents that the caller may not read."""

    def has_field(self, name: str, principal: Principal) -> bool:
        return super().has_field(name, replace(principal, owner=True))


class CountsStaged(MemoryCatalogue):
    def count_documents(self, principal: Principal = OWNER) -> int:
        return len(self.state.versions)


class TellsFactsToAll(MemoryCatalogue):
    def facts_of(self, document_id: str, principal: Principal, kind: str = "") -> list[Fact]:
        return super().facts_of(document_id, replace(principal, owner=True), kind)


class FindsPartsOfValues(MemoryCatalogue):
    def with_value(self, field: str, values: Sequence[str], principal: Principal) -> list[DocumentInfo]:
        infos = self.documents(principal)
        return [info for info in infos if any(value in str(info.metadata.get(field)) for value in values)]


class ForgetsWhereFactsStand(MemoryCatalogue):
    def facts(self, kind: str, keys: Sequence[str], principal: Principal) -> list[Fact]:
        return [replace(fact, start=0) for fact in super().facts(kind, keys, principal)]


class MatchesNamesLoosely(MemoryCatalogue):
    """A principal whose name contains a token's name may read."""

    def may_read(self, info: DocumentInfo, principal: Principal) -> bool:
        names = [token.rpartition(":")[2].lower() for token in info.access.readers]
        return super().may_read(info, principal) or any(name in principal.name.lower() for name in names)


class DeletesWithoutOutbox(MemoryCatalogue):
    def remove(self, document_ids: Sequence[str]) -> list[RemovalReceipt]:
        entries = list(self.state.outbox)
        receipts = super().remove(document_ids)
        self.state.outbox = entries
        return receipts


class TrimsOneTooMany(MemoryCatalogue):
    def trim_outbox(self, through: int) -> None:
        super().trim_outbox(through + 1)


class PointsWithoutStaged(MemoryCatalogue):
    def points(self, ids: Sequence[int] | None = None) -> Iterator[IndexPoint]:
        live = {key for version in self.live().values() for key in version.ids}
        return (point for point in super().points(ids) if point.id in live)


class ReplacesManifest(MemoryCatalogue):
    def set_manifest(self, **values: object) -> None:
        self.state.manifest = dict(values)


class TrimsText(MemoryCatalogue):
    def text(self, document_id: str, principal: Principal) -> str | None:
        found = super().text(document_id, principal)
        return None if found is None else found.replace("\r\n", "\n")


class ReceiptsForAnything(MemoryCatalogue):
    def remove(self, document_ids: Sequence[str]) -> list[RemovalReceipt]:
        super().remove(document_ids)
        return [RemovalReceipt(key, "", "", "", "now", 0, False) for key in document_ids]


@pytest.mark.parametrize(
    ("defect", "found_by"),
    [
        (ShowsStaged, "test_a_staged_document_is_invisible_until_it_is_published"),
        (ShowsStaged, "test_hashes_and_files_tell_of_live_documents_alone"),
        (KeepsFormerVersions, "test_a_replaced_document_never_shows_half_of_itself"),
        (PublishesOneByOne, "test_publishing_what_was_never_staged_is_refused_whole"),
        (PublishesOneByOne, "test_documents_published_together_appear_together"),
        (ReusesIds, "test_ids_are_never_used_twice"),
        (ForgetsAccess, "test_a_caller_is_served_only_what_an_access_list_opens"),
        (TellsFactsToAll, "test_facts_are_served_to_readers_of_their_document_alone"),
        (FindsPartsOfValues, "test_documents_are_found_by_a_metadata_value_by_their_readers_alone"),
        (ForgetsWhereFactsStand, "test_facts_come_back_as_they_were_given_with_their_document"),
        (TellsOfFields, "test_a_field_is_known_to_those_who_may_read_a_document_that_has_it"),
        (CountsStaged, "test_live_documents_are_counted"),
        (MatchesNamesLoosely, "test_a_caller_is_served_only_what_an_access_list_opens"),
        (DeletesWithoutOutbox, "test_replaying_the_outbox_gives_the_points"),
        (TrimsOneTooMany, "test_trimming_forgets_up_to_a_sequence_and_no_more"),
        (PointsWithoutStaged, "test_points_and_point_ids_agree"),
        (ReplacesManifest, "test_the_manifest_comes_back_as_it_was_set"),
        (TrimsText, "test_chunks_come_back_exactly"),
        (ReceiptsForAnything, "test_removing_what_is_not_there_gives_no_receipt"),
    ],
)
def test_a_broken_catalogue_fails(defect: type[MemoryCatalogue], found_by: str) -> None:
    class Broken(CatalogueContract):
        def make_catalogue(self, folder: Path) -> Catalogue:
            return defect(folder)

    assert [failure.partition(":")[0] for failure in failures_of(Broken, only=found_by)] == [found_by]
