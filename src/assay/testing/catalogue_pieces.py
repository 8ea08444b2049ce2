"""What the contract of a catalogue says on packed token vectors: they live and die with their chunk, and so do its
readers."""

from __future__ import annotations

from dataclasses import replace

from assay.testing.catalogue_base import ANN, BOB, STRANGER, CatalogueBase, staged
from assay.types import OWNER, StagedDocument


def _with_pieces(document: StagedDocument) -> StagedDocument:
    return replace(document, pieces=tuple(f"pieces of {chunk.text}".encode() for chunk in document.chunks))


class CataloguePieceTests(CatalogueBase):
    """Packed token vectors, by chunk."""

    def test_token_vectors_come_back_by_chunk_as_they_were_given(self) -> None:
        catalogue = self.catalogue(_with_pieces(staged("a")), staged("without"))
        ids = self.chunk_ids(catalogue, "a")
        chunks = catalogue.chunks(ids, OWNER)
        wanted = {key: f"pieces of {chunk.text}".encode() for key, (chunk, _) in chunks.items()}
        assert wanted, "the chunks of the document are not there"
        asked = [*ids, *self.chunk_ids(catalogue, "without"), 10**9]
        assert catalogue.token_vectors(asked, OWNER) == wanted
        assert catalogue.token_vectors([], OWNER) == {}

    def test_token_vectors_of_a_staged_a_replaced_or_a_removed_document_are_not_there(self) -> None:
        catalogue = self.catalogue()
        versions = catalogue.stage([_with_pieces(staged("a"))])
        staged_ids = sorted(catalogue.point_ids())
        assert catalogue.token_vectors(staged_ids, OWNER) == {}, "a staged document's token vectors are served"
        catalogue.publish(versions)
        assert catalogue.token_vectors(staged_ids, OWNER), "a published document's token vectors are not served"
        catalogue.publish(catalogue.stage([_with_pieces(staged("a", ("New.",)))]))
        assert catalogue.token_vectors(staged_ids, OWNER) == {}, "a replaced document's token vectors are served"
        catalogue.remove(["a"])
        assert catalogue.token_vectors(range(1, 50), OWNER) == {}, "a removed document's token vectors are served"

    def test_token_vectors_are_served_to_readers_of_their_document_alone(self) -> None:
        hers = _with_pieces(staged("hers", readers=("user:ann",)))
        lab = _with_pieces(staged("lab", readers=("group:lab",)))
        catalogue = self.catalogue(hers, lab)
        mine, theirs = set(self.chunk_ids(catalogue, "hers")), set(self.chunk_ids(catalogue, "lab"))
        for who, sees in ((OWNER, mine | theirs), (ANN, mine), (BOB, theirs), (STRANGER, set())):
            found = set(catalogue.token_vectors(sorted(mine | theirs), who))
            assert found == sees, f"{who.name} is served the token vectors of {found}, not of {sees}"
