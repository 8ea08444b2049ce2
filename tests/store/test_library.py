"""A caller's view of the catalogue: nothing is asked twice in one question, and nothing is shared between callers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import event

from assay.store.catalogue import open_catalogue
from assay.store.library import CatalogueLibrary
from assay.testing.catalogue_base import staged
from assay.types import OWNER, Fact, Principal


def test_what_was_looked_up_once_is_not_looked_up_again(tmp_path: Path) -> None:
    with closing(open_catalogue(tmp_path / "store", create=True)) as catalogue:
        catalogue.publish(catalogue.stage([staged("a"), staged("b", readers=("user:ann",))]))
        library = CatalogueLibrary(catalogue, OWNER)

        def look() -> tuple[object, ...]:
            return library.count(), library.document("a"), library.facts("note", ["x"]), library.document("none")

        first, asked = look(), []
        event.listen(catalogue.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert look() == first
        assert asked == []
        assert library.count() == 2


def test_each_caller_has_a_view_of_its_own(tmp_path: Path) -> None:
    with closing(open_catalogue(tmp_path / "store", create=True)) as catalogue:
        catalogue.publish(catalogue.stage([staged("a"), staged("b", readers=("user:ann",))]))
        ann, bea = (CatalogueLibrary(catalogue, Principal(name)) for name in ("ann", "bea"))
        assert (ann.count(), bea.count()) == (2, 1)
        assert ann.document("b") is not None and bea.document("b") is None
        assert ann.text("b") is not None and bea.text("b") is None


def test_facts_about_several_keys_are_those_of_each_whatever_was_asked_before(tmp_path: Path) -> None:
    with closing(open_catalogue(tmp_path / "store", create=True)) as catalogue:
        noted = [
            replace(
                staged(name), facts=tuple(Fact("note", key, {}, place, place + 1) for place, key in enumerate(keys))
            )
            for name, keys in (("b", "xyx"), ("a", "yz"))
        ]
        catalogue.publish(catalogue.stage(noted))
        library = CatalogueLibrary(catalogue, OWNER)
        assert [fact.document_id for fact in library.facts("note", ["y"])] == ["a", "b"]
        assert list(library.facts("note", ["z", "x", "y"])) == catalogue.facts("note", ["z", "x", "y"], OWNER)
        assert len(library.facts("note", ["x", "x"])) == 2
        assert not library.facts("other", ["x"])
