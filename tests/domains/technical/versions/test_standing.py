"""How a symbol stands at a version, from notes of several sources."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assay.domains.technical.finishing import standing_at
from assay.domains.technical.versions import Cited, Note, at_most, parse_version, standing_of
from tests.domains.technical.kit import CHANGES, REFERENCE, document, index

LIBRARY = index(document(REFERENCE), document(CHANGES, "changes", "markdown", kind="changelog"))


def test_the_target_version_decides() -> None:
    assert standing_at("pump.halt", LIBRARY, "2.3").status == "available"
    later = standing_at("pump.halt", LIBRARY, "3.2")
    assert (later.status, later.since, later.removal, later.replacement) == ("deprecated", "2.4", "4.0", ("stop",))
    assert standing_at("pump.stop", LIBRARY, "2.3").status == "not yet available"


def test_a_planned_removal_is_never_stated_as_done() -> None:
    assert standing_at("pump.halt", LIBRARY, "9.0").status == "deprecated"


def test_a_removed_symbol_is_removed_from_that_version_on() -> None:
    assert standing_at("pump.prime", LIBRARY, "3.0").status == "deprecated"
    gone = standing_at("pump.prime", LIBRARY, "3.1")
    assert (gone.status, gone.since, gone.deprecated, gone.replacement) == ("removed", "3.1.0", "2.0", ("pump.start",))


def test_a_note_on_a_part_leaves_the_symbol_available() -> None:
    found = standing_at("pump.start", LIBRARY, "3.2")
    assert found.status == "available"
    assert [cited.note.version for cited in found.parts] == ["3.0"]


def test_what_nothing_speaks_of_is_unknown() -> None:
    assert standing_at("pump.nonsense", LIBRARY, "3.2").status == "unknown"


def test_a_name_written_in_short_fits_where_the_product_agrees() -> None:
    assert standing_at("vendor.pump.flood", LIBRARY, "3.2", "pump").status == "deprecated"
    assert standing_at("vendor.pump.flood", LIBRARY, "3.2", "otherthing").status == "unknown"


def test_a_changelog_alone_does_not_outweigh_a_later_reference() -> None:
    note = Cited("changes", Note("m.f", "deprecated", "1.0", 0, 5, "changelog"))
    assert standing_of("m.f", [note], "3.0", described="3.0").status == "available"
    assert standing_of("m.f", [note], "3.0").status == "deprecated"


def test_sources_that_differ_are_called_disputed_and_the_nearest_wins() -> None:
    notes = [
        Cited("a", Note("m.f", "deprecated", "2.0", 0, 5, "changelog")),
        Cited("b", Note("m.f", "deprecated", "1.5", 0, 5, "directive")),
    ]
    found = standing_of("m.f", notes, "3.0")
    assert (found.since, found.disputed, found.sources) == ("1.5", True, 2)


def test_a_symbol_of_a_removed_module_is_removed_with_it() -> None:
    note = Cited("a", Note("old", "removed", "2.0", 0, 5, "changelog"))
    assert standing_of("old.f", [note], "2.1").status == "removed"


def test_a_series_holds_its_patches_and_dates_are_no_numbers() -> None:
    series, patch, day = parse_version("3.13"), parse_version("3.13.2"), parse_version("2026-05-01")
    assert series and patch and day
    assert at_most(patch, series) is True
    assert at_most(series, patch) is True
    assert at_most(day, series) is None
    assert at_most(parse_version("3.9") or series, series) is True
    assert at_most(series, parse_version("3.9") or series) is False


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_name_and_version_have_a_standing(symbol: str, version: str) -> None:
    assert standing_at(symbol, LIBRARY, version).status in (
        "available", "deprecated", "removed", "not yet available", "unknown",
    )  # fmt: skip
