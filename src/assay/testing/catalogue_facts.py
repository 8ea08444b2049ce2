"""What the contract of a catalogue says on facts: they live and die with their document, and so do its readers."""

from __future__ import annotations

from dataclasses import replace

from assay.testing.catalogue_base import ANN, BOB, STRANGER, CatalogueBase, staged
from assay.types import OWNER, Fact, StagedDocument, freeze


def _with_facts(document: StagedDocument, *found: Fact) -> StagedDocument:
    return replace(document, facts=found)


def _note(key: str, start: int = 0, kind: str = "version") -> Fact:
    return Fact(kind, key, freeze({"since": "3.8", "names": ["é", 1]}), start, start + 3)


class CatalogueFactTests(CatalogueBase):
    """Facts and look-ups by metadata."""

    def test_facts_come_back_as_they_were_given_with_their_document(self) -> None:
        catalogue = self.catalogue(_with_facts(staged("a"), _note("os.path", 4), _note("os.sep", 0)))
        assert catalogue.facts("version", ["os.path"], OWNER) == [replace(_note("os.path", 4), document_id="a")]
        of_document = catalogue.facts_of("a", OWNER)
        assert [fact.key for fact in of_document] == ["os.sep", "os.path"], "facts are not in the order of the text"
        assert catalogue.facts_of("a", OWNER, "treatment") == [], "facts of another kind were given"
        assert catalogue.facts("treatment", ["os.path"], OWNER) == []
        assert catalogue.facts("version", [], OWNER) == []

    def test_facts_of_a_staged_a_replaced_or_a_removed_document_are_not_there(self) -> None:
        catalogue = self.catalogue()
        versions = catalogue.stage([_with_facts(staged("a"), _note("old"))])
        assert catalogue.facts("version", ["old"], OWNER) == [], "a staged document's facts are served"
        catalogue.publish(versions)
        catalogue.publish(catalogue.stage([_with_facts(staged("a", ("New.",)), _note("new"))]))
        assert catalogue.facts("version", ["old"], OWNER) == [], "a replaced document's facts are served"
        assert [fact.key for fact in catalogue.facts("version", ["old", "new"], OWNER)] == ["new"]
        catalogue.remove(["a"])
        assert catalogue.facts("version", ["new"], OWNER) == [], "a removed document's facts are served"

    def test_facts_are_served_to_readers_of_their_document_alone(self) -> None:
        hers = _with_facts(staged("hers", readers=("user:ann",)), _note("x"))
        lab = _with_facts(staged("lab", readers=("group:lab",)), _note("x", 3))
        catalogue = self.catalogue(hers, lab)
        for who, sees in ((OWNER, ["hers", "lab"]), (ANN, ["hers"]), (BOB, ["lab"]), (STRANGER, [])):
            found = [fact.document_id for fact in catalogue.facts("version", ["x"], who)]
            assert found == sees, f"{who.name} sees facts of {found}"
            assert bool(catalogue.facts_of("hers", who)) == ("hers" in sees), f"{who.name} and the facts of hers"
            assert catalogue.count_documents(who) == len(sees), f"{who.name} counts other documents than those seen"

    def test_facts_are_counted_by_document_for_their_readers_alone(self) -> None:
        hers = _with_facts(staged("hers", readers=("user:ann",)), _note("x"), _note("x", 4), _note("y"))
        lab = _with_facts(staged("lab", readers=("group:lab",)), _note("x"))
        catalogue = self.catalogue(hers, lab)
        for who, counts in ((OWNER, {"x": 2, "y": 1}), (ANN, {"x": 1, "y": 1}), (BOB, {"x": 1}), (STRANGER, {})):
            found = {key: count for key, count in catalogue.tally("version", ["x", "y", "z"], who).items() if count}
            assert found == counts, f"{who.name} counts {found}, there are {counts}"

    def test_documents_are_found_by_a_metadata_value_by_their_readers_alone(self) -> None:
        one = staged("one", metadata={"cites": ["410 U.S. 113", 'a "b" 50%'], "year": 1973}, readers=("user:ann",))
        two = staged("two", metadata={"cites": "410 U.S. 113", "note": "1973"})
        catalogue = self.catalogue(one, two)
        assert [info.id for info in catalogue.with_value("cites", ["410 U.S. 113"], OWNER)] == ["one", "two"]
        assert [info.id for info in catalogue.with_value("cites", ["410 U.S. 113"], STRANGER)] == ["two"]
        assert [info.id for info in catalogue.with_value("cites", ['a "b" 50%'], OWNER)] == ["one"]
        assert [info.id for info in catalogue.with_value("year", ["1973"], OWNER)] == ["one"], "another field counted"
        assert catalogue.with_value("cites", ["410 U.S."], OWNER) == [], "a part of a value counted as the value"
