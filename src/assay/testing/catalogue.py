"""The contract of a catalogue: what is staged, live, replaced and removed. Access and index sides have their own files.

It kills no process: that an acknowledged document survives a crash, a crash test has to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

from assay.errors import AssayError
from assay.ports import Catalogue
from assay.testing.catalogue_base import ANN, CatalogueBase, staged
from assay.testing.catalogue_facts import CatalogueFactTests
from assay.testing.catalogue_pieces import CataloguePieceTests
from assay.testing.catalogue_readers import CatalogueAccessTests
from assay.testing.catalogue_sync import CatalogueSyncTests
from assay.types import OWNER, Block, DocumentInfo, OriginSegment, StagedDocument

__all__ = ["CatalogueContract"]

_OLD = ("The former wording.", "It had three parts.", "This was the last.")
_NEW = ("The new wording.", "It has two parts.")


class CatalogueContract(
    CatalogueAccessTests, CatalogueFactTests, CataloguePieceTests, CatalogueSyncTests, CatalogueBase
):
    """What `ports.Catalogue` promises. Override `make_catalogue`."""

    # --- staged and live

    def test_a_staged_document_is_invisible_until_it_is_published(self) -> None:
        catalogue = self.catalogue()
        versions = catalogue.stage([staged("a"), staged("b")])
        assert len(versions) == len(set(versions)) == 2, f"two documents were staged, the versions are {versions}"
        self._nothing_of(catalogue, "a")
        catalogue.publish(versions)
        assert [info.id for info in catalogue.documents(OWNER)] == ["a", "b"], "published documents are not listed"

    def test_a_published_document_comes_back_as_it_was_given(self) -> None:
        metadata = {"court": "ca9", "year": 1996, "nested": {"judge": "Lee", "list": [1, 2.5, True, None]}}
        given = staged(
            "a", title="Ünïcode § 1", metadata=metadata, readers=("public", "user:ann"), warnings=("scanned",)
        )
        catalogue = self.catalogue(given)
        info = catalogue.find("a")
        assert isinstance(info, DocumentInfo), f"find gave {info!r}"
        document = given.document
        for key in ("id", "title", "source", "format", "metadata", "access", "warnings"):
            assert info[key] == document[key], f"{key} came back as {info[key]!r}, given was {document[key]!r}"
        assert info.content_hash == given.content_hash, "the content hash changed"
        assert (info.characters, info.chunks) == (len(document.text), 2), f"{info.characters=}, {info.chunks=}"
        assert info.version >= 1, f"a live document has the version {info.version}"
        assert info.added_at, "it is not said when the document was added"
        assert catalogue.documents(OWNER) == [info], "documents() and find() tell different things"

    def test_a_document_comes_back_with_its_blocks_and_origin(self) -> None:
        given = staged("a", metadata={"year": 1996})
        text = given.document.text
        blocks = (Block("heading", 0, 5, 2, label="Ü"), Block("code", 5, len(text), language="python"))
        origin = (OriginSegment(0, 5, 12, 17), OriginSegment(5, len(text), 20, 21, "page 3"))
        document = replace(given.document, blocks=blocks, origin=origin)
        catalogue = self.catalogue(replace(given, document=document))
        assert catalogue.document("a", OWNER) == document, f"the document came back as {catalogue.document('a', OWNER)}"
        catalogue.stage([staged("b")])
        assert catalogue.document("b", OWNER) is None, "a staged document is handed out"
        assert catalogue.document("no such", OWNER) is None, "a document that is not there is handed out"

    def test_live_documents_are_counted(self) -> None:
        catalogue = self.catalogue(staged("a"), staged("b", readers=()))
        catalogue.stage([staged("a", _NEW), staged("c")])
        assert catalogue.count_documents() == 2, f"of two live documents {catalogue.count_documents()} are counted"
        catalogue.remove(["a"])
        assert catalogue.count_documents() == 1, f"of one live document {catalogue.count_documents()} are counted"

    def test_chunks_come_back_exactly(self) -> None:
        paragraphs = (
            "Ein Satz.\r\nNoch einer.",
            "👩\u200d⚖️ e\u0301 \u202e\u05d0 合同 ﬁ",
            "tab\tand\u00a0space",
            "x" * 20_000,
        )
        given = staged("a", paragraphs)
        catalogue = self.catalogue(given)
        assert catalogue.text("a", OWNER) == given.document.text, "the text came back changed"
        served = catalogue.chunks(self.chunk_ids(catalogue, "a"), OWNER)
        assert len(served) == 4, f"of 4 chunks {len(served)} are served"
        for key, (chunk, info) in served.items():
            before = given.chunks[chunk.ordinal]
            assert chunk.id == key, f"chunk {key} says its id is {chunk.id}"
            for name in ("document_id", "start", "end", "text", "breadcrumb", "kind"):
                assert chunk[name] == before[name], f"{name} of chunk {chunk.ordinal} came back as {chunk[name]!r}"
            assert info == catalogue.find("a"), "a chunk comes with other particulars than its document has"

    def test_hashes_and_files_tell_of_live_documents_alone(self) -> None:
        one, two = staged("a", source_file="in/records.jsonl"), staged("b", source_file="in/records.jsonl")
        catalogue = self.catalogue(one, two)
        catalogue.stage([staged("a", _NEW, source_file="in/other.jsonl"), staged("c", source_file="in/records.jsonl")])
        found = catalogue.hashes(["a", "b", "c", "no such"])
        assert found == {"a": one.content_hash, "b": two.content_hash}, f"hashes gave {found}"
        assert catalogue.documents_of("in/records.jsonl") == ["a", "b"], "not exactly the live documents of the file"
        assert catalogue.documents_of("in/other.jsonl") == [], "a staged version already counts for its file"
        assert catalogue.documents_of("in/") == [], "a part of a path is not the file"

    def test_empty_batches_are_no_error(self) -> None:
        catalogue = self.catalogue()
        assert catalogue.stage([]) == [], "staging nothing gave versions"
        catalogue.publish([])
        assert catalogue.remove([]) == [], "removing nothing gave receipts"
        assert catalogue.chunks([], OWNER) == {} and catalogue.hashes([]) == {}, "asking for nothing gave something"
        assert catalogue.outbox() == [], "doing nothing left work in the outbox"

    # --- replacing

    def test_a_replaced_document_never_shows_half_of_itself(self) -> None:
        catalogue = self.catalogue(staged("a", _OLD))
        old = self.chunk_ids(catalogue, "a")
        versions = catalogue.stage([staged("a", _NEW)])
        both = self.chunk_ids(catalogue, "a")
        new = [key for key in both if key not in old]
        assert self.texts(catalogue, both) == list(_OLD), "before publishing not exactly the former chunks are served"
        catalogue.publish(versions)
        assert self.texts(catalogue, both) == list(_NEW), "after publishing not exactly the new chunks are served"
        assert self.chunk_ids(catalogue, "a") == new, "points of the former version are left"
        assert catalogue.text("a", OWNER) == "\n\n".join(_NEW), "the text is not the new one"

    def test_a_new_version_gets_a_higher_number(self) -> None:
        catalogue = self.catalogue(staged("a", _OLD))
        first = _found(catalogue, "a").version
        catalogue.publish(catalogue.stage([staged("a", _NEW)]))
        assert _found(catalogue, "a").version > first, "the new version has no higher number"

    def test_documents_published_together_appear_together(self) -> None:
        def both(number: int) -> list[StagedDocument]:
            return [staged(key, (f"Wording {number}.",), metadata={"round": number}) for key in ("a", "b")]

        catalogue = self.catalogue(*both(0))
        stop = Event()

        def watch() -> list[object]:
            seen: list[object] = []
            while not stop.is_set():
                rounds = [info.metadata["round"] for info in catalogue.documents(OWNER)]
                if len(rounds) != 2 or rounds[0] != rounds[1]:
                    seen.append(rounds)
            return seen

        with ThreadPoolExecutor(1) as pool:
            watcher = pool.submit(watch)
            try:
                for number in range(1, 13):
                    catalogue.publish(catalogue.stage(both(number)))
            finally:
                stop.set()
            mixed = watcher.result()
        assert not mixed, f"a reader saw documents of different rounds: {mixed[:3]}"

    def test_publishing_what_was_never_staged_is_refused_whole(self) -> None:
        catalogue = self.catalogue(staged("a", _OLD))
        versions = catalogue.stage([staged("a", _NEW), staged("b")])
        assert _refused(catalogue, [*versions, max(versions) + 1000]), (
            "an unknown version was acknowledged as published"
        )
        assert catalogue.text("a", OWNER) == "\n\n".join(_OLD), "a publish that failed replaced a document all the same"
        assert catalogue.find("b") is None, "a publish that failed made a document live all the same"

    def test_staged_versions_can_be_discarded(self) -> None:
        catalogue = self.catalogue(staged("a", _OLD))
        live = catalogue.point_ids()
        versions = catalogue.stage([staged("a", _NEW), staged("b")])
        assert catalogue.discard_staged() == 2, "not exactly the two staged versions were dropped"
        assert catalogue.discard_staged() == 0, "there was still something to drop"
        assert catalogue.point_ids() == live, "discarding left points behind, or took live ones"
        assert catalogue.text("a", OWNER) == "\n\n".join(_OLD), "discarding touched the live version"
        assert _refused(catalogue, versions), "a discarded version could still be published"
        assert catalogue.find("b") is None, "a discarded version became live"

    # --- removing

    def test_a_removed_document_is_gone_and_leaves_a_receipt(self) -> None:
        given = staged("a", _OLD)
        catalogue = self.catalogue(given, staged("b"))
        ids = self.chunk_ids(catalogue, "a")
        (receipt,) = catalogue.remove(["a"])
        for key in ("title", "source"):
            assert receipt[key] == given.document[key], f"the receipt has the {key} {receipt[key]!r}"
        assert (receipt.document_id, receipt.content_hash) == ("a", given.content_hash), f"the receipt is {receipt}"
        assert receipt.chunks == 3 and receipt.removed_at, f"the receipt is {receipt}"
        self._nothing_of(catalogue, "a")
        assert catalogue.chunks(ids, OWNER) == {}, "chunks of a removed document are still served"
        assert self.points_of(catalogue, "a") == {}, "points of a removed document are left"
        assert [info.id for info in catalogue.documents(OWNER)] == ["b"], "another document went as well"

    def test_removing_takes_staged_versions_too(self) -> None:
        catalogue = self.catalogue(staged("a", _OLD))
        versions = catalogue.stage([staged("a", _NEW)])
        catalogue.remove(["a"])
        assert catalogue.point_ids() == set(), "points of a staged version of a removed document are left"
        assert _refused(catalogue, versions), "a removed document came back by publishing its staged version"
        self._nothing_of(catalogue, "a")

    def test_removing_what_is_not_there_gives_no_receipt(self) -> None:
        catalogue = self.catalogue(staged("a"))
        receipts = catalogue.remove(["no such", "a", "a"])
        assert [receipt.document_id for receipt in receipts] == ["a"], f"the receipts are for {receipts}"
        assert catalogue.remove(["a"]) == [], "removing again gave a receipt"

    def test_a_removed_document_can_be_added_again(self) -> None:
        catalogue = self.catalogue(staged("a", _OLD))
        catalogue.remove(["a"])
        catalogue.publish(catalogue.stage([staged("a", _NEW)]))
        assert catalogue.text("a", OWNER) == "\n\n".join(_NEW), "a document cannot be added again after its removal"

    # --- life

    def test_everything_is_there_after_closing_and_opening(self) -> None:
        catalogue = self.catalogue(staged("a", _OLD, metadata={"year": 1996}), staged("b", readers=()))
        catalogue.stage([staged("a", _NEW)])
        before = catalogue.documents(OWNER), catalogue.point_ids(), catalogue.outbox()
        again = self.reopened(catalogue)
        assert (again.documents(OWNER), again.point_ids(), again.outbox()) == before, "opening again changed something"
        assert again.text("a", OWNER) == "\n\n".join(_OLD), "the text changed"
        assert again.text("b", ANN) is None, "after opening again a private document is open"
        assert again.discard_staged() == 1, "the staged version was lost, or went live, by closing"

    def test_closing_twice_is_harmless(self) -> None:
        catalogue = self.catalogue(staged("a"))
        catalogue.close()
        catalogue.close()

    def _nothing_of(self, catalogue: Catalogue, document_id: str) -> None:
        assert catalogue.find(document_id) is None, f"find shows {document_id}"
        assert catalogue.text(document_id, OWNER) is None, f"text shows {document_id}"
        assert catalogue.document(document_id, OWNER) is None, f"document shows {document_id}"
        assert catalogue.hashes([document_id]) == {}, f"hashes shows {document_id}"
        assert document_id not in [info.id for info in catalogue.documents(OWNER)], f"documents shows {document_id}"
        assert catalogue.chunks(self.chunk_ids(catalogue, document_id), OWNER) == {}, f"chunks shows {document_id}"
        assert catalogue.documents_of(f"folder/{document_id}.md") == [], f"documents_of shows {document_id}"


def _found(catalogue: Catalogue, document_id: str) -> DocumentInfo:
    info = catalogue.find(document_id)
    assert info is not None, f"{document_id} is not there"
    return info


def _refused(catalogue: Catalogue, versions: Sequence[int]) -> bool:
    try:
        catalogue.publish(versions)
    except AssayError:
        return True
    return False
