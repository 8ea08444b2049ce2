"""What the contract of a catalogue says on the index: ids, points, outbox, and the manifest of what it was built with.

The index is derived. So whatever happens, the outbox carried to an empty index, and `points()` written to an empty
index, must both give exactly `point_ids()`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assay.ports import Catalogue
from assay.testing.catalogue_base import CatalogueBase, staged, vector_of
from assay.textual.fields import filter_fields
from assay.textual.tokens import tokens
from assay.types import OWNER

_HALF = 2e-3


class CatalogueSyncTests(CatalogueBase):
    """Points, ids, outbox, manifest."""

    # --- ids and points

    def test_ids_are_never_used_twice(self) -> None:
        catalogue = self.catalogue(staged("a"), staged("b"))
        used = set(catalogue.point_ids())
        for step in ("replace", "remove", "discard", "reopen"):
            if step == "remove":
                catalogue.remove(["a", "b"])
            elif step == "discard":
                catalogue.stage([staged("c")])
                used |= catalogue.point_ids()
                catalogue.discard_staged()
            elif step == "reopen":
                catalogue.remove(["a"])
                catalogue = self.reopened(catalogue)
            before = catalogue.point_ids()
            catalogue.publish(catalogue.stage([staged("a", ("Wording after", step))]))
            fresh = catalogue.point_ids() - before
            assert fresh, f"after {step}: a new version brought no new points"
            assert fresh.isdisjoint(used), f"after {step}: the ids {fresh & used} are used a second time"
            used |= fresh

    def test_every_chunk_has_a_point_and_every_version_a_head(self) -> None:
        catalogue = self.catalogue(staged("a", ("One.", "Two.", "Three.")))
        catalogue.stage([staged("b", ("Four.",))])
        for key, chunks in (("a", 3), ("b", 1)):
            kinds = sorted(point.kind for point in self.points_of(catalogue, key).values())
            assert kinds == ["chunk"] * chunks + ["document"], f"the points of {key} are of the kinds {kinds}"

    def test_points_and_point_ids_agree(self) -> None:
        catalogue = self.catalogue(staged("a"), staged("b"))
        self._consistent(catalogue, "after publishing")
        catalogue.stage([staged("a", ("Other.",)), staged("c")])
        self._consistent(catalogue, "with staged versions")
        catalogue.discard_staged()
        self._consistent(catalogue, "after discarding")
        catalogue.remove(["a"])
        self._consistent(catalogue, "after removing")
        catalogue.remove(["b"])
        assert catalogue.point_ids() == set(), "points are left of nothing"

    def test_points_carry_what_the_index_needs(self) -> None:
        metadata = {"court": "ca9", "year": 1996, "nested": {"judge": "Lee"}, "topics": ["contract", "licence"]}
        paragraphs = ("The buyer may cancel.", "See 17 U.S.C. § 107 and read_csv.")
        given = staged("a", paragraphs, readers=("public", "user:ann"), metadata=metadata)
        catalogue = self.catalogue(given)
        served = catalogue.chunks(sorted(catalogue.point_ids()), OWNER)
        for point in catalogue.points():
            text = served[point.id][0].text if point.kind == "chunk" else given.document.text
            assert point.document_id == "a", f"point {point.id} names the document {point.document_id!r}"
            assert set(point.access) == {"public", "user:ann"}, f"point {point.id} has the access list {point.access}"
            assert set(tokens(text)) <= set(point.tokens), f"point {point.id} lacks tokens of its text"
            assert point.vector.dtype == np.float32, f"point {point.id} has a vector of {point.vector.dtype}"
            assert np.allclose(point.vector, vector_of(text), atol=_HALF), f"point {point.id} has another vector"
            for name, value in filter_fields(metadata).items():
                held = point.fields.get(name)
                held = list(held) if isinstance(held, (list, tuple)) else held
                assert held == value, f"point {point.id} has {name}={held!r}, not {value!r}"

    def test_points_can_be_asked_for_by_id(self) -> None:
        catalogue = self.catalogue(staged("a"), staged("b"))
        some = sorted(catalogue.point_ids())[1:4]
        found = [point.id for point in catalogue.points([*some, 2**40, 0])]
        assert sorted(found) == some, f"asked for {some}, got {found}"
        assert list(catalogue.points([])) == [], "asking for no ids gave points"

    # --- outbox

    def test_replaying_the_outbox_gives_the_points(self) -> None:
        catalogue = self.catalogue(staged("a"), staged("b"))
        steps: list[tuple[str, Callable[[], object]]] = [
            ("publishing", lambda: None),
            ("staging", lambda: catalogue.stage([staged("a", ("Other.",)), staged("c")])),
            ("discarding", lambda: catalogue.discard_staged()),
            ("replacing", lambda: catalogue.publish(catalogue.stage([staged("a", ("Third.", "Wording."))]))),
            ("removing", lambda: catalogue.remove(["b"])),
            ("adding again", lambda: catalogue.publish(catalogue.stage([staged("b", ("Back.",))]))),
        ]
        for name, step in steps:
            step()
            missing, extra = (
                catalogue.point_ids() - self.replayed(catalogue),
                self.replayed(catalogue) - catalogue.point_ids(),
            )
            assert not missing, f"after {name} an index that followed the outbox lacks {missing}"
            assert not extra, f"after {name} an index that followed the outbox still holds {extra}"

    def test_the_outbox_tells_of_upserts_with_staging_and_of_deletes_with_removing(self) -> None:
        catalogue = self.catalogue()
        catalogue.stage([staged("a")])
        upserts = {key for entry in catalogue.outbox() for key in entry.upserts}
        assert upserts == catalogue.point_ids(), f"staging put {upserts} into the outbox, not {catalogue.point_ids()}"
        catalogue.publish(catalogue.stage([staged("a", ("Other.",))]))
        ids = set(self.points_of(catalogue, "a"))
        catalogue.remove(["a"])
        deletes = {key for entry in catalogue.outbox() for key in entry.deletes}
        assert ids <= deletes, f"removing left {ids - deletes} out of the outbox"

    def test_entries_come_oldest_first_and_as_many_as_asked_for(self) -> None:
        catalogue = self.catalogue()
        for key in ("a", "b", "c"):
            catalogue.publish(catalogue.stage([staged(key)]))
        entries = catalogue.outbox()
        sequences = [entry.sequence for entry in entries]
        assert sequences == sorted(set(sequences)), f"the sequences are {sequences}"
        assert catalogue.outbox(limit=2) == entries[:2], "a limit of 2 does not give the two oldest entries"

    def test_trimming_forgets_up_to_a_sequence_and_no_more(self) -> None:
        catalogue = self.catalogue()
        for key in ("a", "b", "c"):
            catalogue.publish(catalogue.stage([staged(key)]))
        entries = catalogue.outbox()
        catalogue.trim_outbox(entries[1].sequence)
        assert catalogue.outbox() == entries[2:], "trimming through the second entry left something else than the rest"
        catalogue.trim_outbox(entries[-1].sequence)
        assert catalogue.outbox() == [], "trimming through the last entry left entries"
        again = self.reopened(catalogue)
        assert again.outbox() == [], "trimmed entries came back"
        again.publish(again.stage([staged("d")]))
        later = [entry.sequence for entry in again.outbox()]
        assert min(later) > entries[-1].sequence, f"the sequence {min(later)} was used before trimming"

    def test_trimming_does_not_touch_documents(self) -> None:
        catalogue = self.catalogue(staged("a"))
        ids = catalogue.point_ids()
        catalogue.trim_outbox(max(entry.sequence for entry in catalogue.outbox()))
        assert catalogue.point_ids() == ids and catalogue.find("a") is not None, "trimming removed more than entries"

    # --- manifest

    def test_the_manifest_comes_back_as_it_was_set(self) -> None:
        catalogue = self.catalogue()
        values = {"embedder": "minilm;int8", "dimensions": 384, "bm25": {"k1": 1.2, "b": 0.75}, "clean": True}
        catalogue.set_manifest(**values)
        catalogue.set_manifest(generation=2, dimensions=512)
        expected = {**values, "dimensions": 512, "generation": 2}
        found = {key: catalogue.manifest().get(key) for key in expected}
        assert found == expected, f"the manifest holds {found}"
        before = dict(catalogue.manifest())
        after = dict(self.reopened(catalogue).manifest())
        assert after == before, f"closing and opening made {after} of {before}"

    def test_setting_nothing_keeps_the_manifest(self) -> None:
        catalogue = self.catalogue()
        catalogue.set_manifest(a=1)
        catalogue.set_manifest()
        assert catalogue.manifest().get("a") == 1, "setting nothing lost a value"

    def _consistent(self, catalogue: Catalogue, when: str) -> None:
        listed = [point.id for point in catalogue.points()]
        assert len(listed) == len(set(listed)), f"{when} points() yields an id twice"
        assert set(listed) == catalogue.point_ids(), (
            f"{when} points() yields {listed}, point_ids() {catalogue.point_ids()}"
        )
