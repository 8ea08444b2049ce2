"""What the contract of a catalogue says on readers: who sees what, and how documents are listed."""

from __future__ import annotations

from assay.ports import Catalogue
from assay.testing.catalogue_base import ANN, BOB, STRANGER, CatalogueBase, staged
from assay.types import OWNER, Principal

_LISTS = {
    "everyone": ("public",),
    "hers": ("user:ann",),
    "lab": ("group:lab",),
    "private": (),
    "shared": ("user:ann", "group:board"),
}
_SEES = (
    (OWNER, {"everyone", "hers", "lab", "private", "shared"}),
    (ANN, {"everyone", "hers", "shared"}),
    (BOB, {"everyone", "lab", "shared"}),
    (STRANGER, {"everyone"}),
    (Principal("lab"), {"everyone"}),
    (Principal("x", groups=("ann",)), {"everyone"}),
    (Principal("user:ann"), {"everyone"}),
    (Principal("owner"), {"everyone"}),
    (Principal(""), {"everyone"}),
    (Principal("%"), {"everyone"}),
    (Principal("a_n"), {"everyone"}),
    (Principal("ANN"), {"everyone"}),
    (Principal("ann' OR '1'='1"), {"everyone"}),
    (Principal("x", groups=("*", "lab'--", "")), {"everyone"}),
)


class CatalogueAccessTests(CatalogueBase):
    """Deny by default, in every method that takes a principal."""

    def test_a_caller_is_served_only_what_an_access_list_opens(self) -> None:
        catalogue = self._library()
        ids = sorted(catalogue.point_ids())
        for principal, expected in _SEES:
            who = f"{principal.name!r} of {principal.groups}"
            listed = {info.id for info in catalogue.documents(principal)}
            assert listed == expected, f"documents() shows {who} {listed}, not {expected}"
            readable = {key for key in _LISTS if catalogue.text(key, principal) is not None}
            assert readable == expected, f"text() gives {who} {readable}, not {expected}"
            whole = {key for key in _LISTS if catalogue.document(key, principal) is not None}
            assert whole == expected, f"document() gives {who} {whole}, not {expected}"
            served = {chunk.document_id for chunk, _ in catalogue.chunks(ids, principal).values()}
            assert served == expected, f"chunks() serves {who} {served}, not {expected}"

    def test_find_is_for_the_owner_and_does_not_ask(self) -> None:
        info = self._library().find("private")
        assert info is not None and info.access.readers == (), f"find gave {info}"

    def test_a_narrower_access_list_counts_at_once(self) -> None:
        catalogue = self._library()
        ids = sorted(catalogue.point_ids())
        versions = catalogue.stage([staged("everyone", readers=("user:ann",))])
        assert catalogue.text("everyone", STRANGER) is not None, "a staged access list already counts"
        catalogue.publish(versions)
        ids = sorted({*ids, *catalogue.point_ids()})
        assert catalogue.text("everyone", STRANGER) is None, "the former access list still opens the text"
        assert catalogue.chunks(ids, STRANGER) == {}, "the former access list still opens the chunks"
        assert catalogue.documents(STRANGER) == [], "the former access list still lists the document"
        assert catalogue.text("everyone", ANN) is not None, "the new access list does not open the text"

    def test_a_field_is_known_to_those_who_may_read_a_document_that_has_it(self) -> None:
        secret, nested = {"merger": "planned"}, {"court": "ca9", "meta": {"judge": "Lee"}, "empty": ""}
        catalogue = self.catalogue(staged("a", metadata=nested), staged("b", metadata=secret, readers=("user:ann",)))
        catalogue.stage([staged("c", metadata={"later": 1})])
        for name, principal, expected in (
            ("court", STRANGER, True),
            ("meta.judge", STRANGER, True),
            ("merger", OWNER, True),
            ("merger", ANN, True),
            ("merger", STRANGER, False),
            ("later", OWNER, False),
            ("judge", OWNER, False),
            ("cour", OWNER, False),
            ("c%", OWNER, False),
            ("no such", OWNER, False),
        ):
            found = catalogue.has_field(name, principal)
            assert found is expected, f"has_field({name!r}) tells {principal.name!r} {found}, not {expected}"

    def test_only_chunks_that_are_asked_for_come_back(self) -> None:
        catalogue = self._library()
        wanted = self.chunk_ids(catalogue, "lab")[:1]
        assert set(catalogue.chunks(wanted, OWNER)) == set(wanted), "chunks() serves other ids than those asked for"
        assert catalogue.chunks([0, -1, 2**40], OWNER) == {}, "ids that do not exist gave chunks"

    def test_many_ids_can_be_asked_for_at_once(self) -> None:
        catalogue = self.catalogue(staged("a", tuple(f"Paragraph {number}." for number in range(40))))
        served = catalogue.chunks(range(1, 5_001), OWNER)
        assert len(served) == 40, f"of 40 chunks {len(served)} are served when 5,000 ids are asked for"

    # --- listing

    def test_documents_are_listed_by_id_and_in_pages(self) -> None:
        catalogue = self.catalogue(*(staged(key) for key in ("c", "a", "e", "b", "d")))
        assert self._listed(catalogue) == ["a", "b", "c", "d", "e"], f"the order is {self._listed(catalogue)}"
        pages = [[info.id for info in catalogue.documents(OWNER, limit=2, offset=start)] for start in (0, 2, 4, 6)]
        assert pages == [["a", "b"], ["c", "d"], ["e"], []], f"the pages are {pages}"
        assert catalogue.documents(OWNER, limit=0) == [], "a limit of 0 lists documents"
        assert [info.id for info in catalogue.documents(OWNER, offset=3)] == ["d", "e"], "offset without limit"

    def test_listing_matches_id_title_and_source(self) -> None:
        catalogue = self.catalogue(
            staged("contract-1", title="Supply of goods"),
            staged("contract-2", title="100% cotton_wool [draft]"),
            staged("brief", title="A contract dispute"),
        )
        for pattern, expected in (
            ("contract-*", ["contract-1", "contract-2"]),
            ("contract-?", ["contract-1", "contract-2"]),
            ("*contract*", ["brief", "contract-1", "contract-2"]),
            ("Supply*", ["contract-1"]),
            ("folder/brief.md", ["brief"]),
            ("contract", []),
            ("*100% cotton_wool*", ["contract-2"]),
            ("*t%t*", []),
            ("*t_w*", []),
            ("*'; DROP TABLE*", []),
        ):
            found = self._listed(catalogue, pattern)
            assert found == expected, f"{pattern!r} lists {found}, not {expected}"

    def test_listing_shows_nothing_of_what_the_caller_may_not_read(self) -> None:
        catalogue = self._library()
        found = [info.id for info in catalogue.documents(STRANGER, matching="*", limit=10)]
        assert found == ["everyone"], f"a pattern shows a stranger {found}"
        page = [info.id for info in catalogue.documents(ANN, limit=2, offset=1)]
        assert page == ["hers", "shared"], f"documents of others count in the pages of a caller: {page}"

    def _library(self) -> Catalogue:
        return self.catalogue(*(staged(key, readers=readers) for key, readers in _LISTS.items()))

    def _listed(self, catalogue: Catalogue, pattern: str = "") -> list[str]:
        return [info.id for info in catalogue.documents(OWNER, matching=pattern)]
