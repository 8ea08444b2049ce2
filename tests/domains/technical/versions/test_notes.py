"""Version notes as they are read out of documentation."""

from __future__ import annotations

import json

from assay.domains.technical.places import places_of
from assay.domains.technical.versions import Note, notes_of
from tests.domains.technical.kit import CHANGES, REFERENCE, document


def _notes(text: str, format: str = "rst", kind: str = "reference", **metadata: str) -> list[Note]:
    page = document(text, format=format, **metadata)
    return notes_of(page, places_of(page), kind)


def _one(notes: list[Note], symbol: str, change: str) -> Note:
    found = [note for note in notes if note.symbol == symbol and note.change == change]
    assert len(found) == 1, found
    return found[0]


def test_a_directive_is_about_the_object_around_it() -> None:
    notes = _notes(REFERENCE)
    added = _one(notes, "pump.stop", "added")
    assert added.version == "2.4"
    assert REFERENCE[added.start : added.end] == ".. versionadded:: 2.4"


def test_a_planned_removal_stays_a_plan_and_names_its_replacement() -> None:
    note = _one(_notes(REFERENCE), "pump.halt", "deprecated")
    assert (note.version, note.removal, note.replacement) == ("2.4", "4.0", ("stop",))
    assert not [n for n in _notes(REFERENCE) if n.change == "removed"]


def test_a_note_on_a_parameter_is_not_about_the_function() -> None:
    assert _one(_notes(REFERENCE), "pump.start", "deprecated").scope == "parameter"


def test_signatures_that_share_a_description_share_its_note() -> None:
    symbols = {note.symbol for note in _notes(REFERENCE) if note.version == "3.2"}
    assert symbols == {"pump.Valve.open", "pump.Valve.close"}


def test_of_objects_that_share_a_description_only_the_named_one_is_meant() -> None:
    text = (
        ".. module:: m\n\n.. data:: A\n.. data:: B\n\n   Two.\n\n   .. deprecated:: 1.5\n      :data:`B` is obsolete.\n"
    )
    assert {note.symbol for note in _notes(text)} == {"m.B"}


def test_a_changelog_tells_removed_from_deprecated_and_what_to_use() -> None:
    notes = _notes(CHANGES, "markdown", "changelog")
    gone = _one(notes, "pump.prime", "removed")
    assert (gone.version, gone.replacement) == ("3.1.0", ("pump.start",))
    assert _one(notes, "pump.prime", "deprecated").version == "2.0"
    flood = _one(notes, "pump.flood", "deprecated")
    assert (flood.version, flood.removal) == ("3.1.0", "5.0")


def test_a_removed_argument_is_not_a_removed_class() -> None:
    notes = _notes(CHANGES, "markdown", "changelog")
    assert all(note.scope == "parameter" for note in notes if note.symbol == "pump.Valve")


def test_a_module_named_as_owner_is_not_removed_itself() -> None:
    text = (
        "What's New in 2.0\n=================\n\nRemoved\n-------\n\n"
        "* Remove :mod:`pump`'s :func:`!drip` function: use :func:`~pump.stop`.\n"
    )
    notes = _notes(text, kind="changelog")
    assert [note.symbol for note in notes] == ["pump.drip"]


def test_a_list_below_an_announcement_inherits_it() -> None:
    text = (
        "Release notes 7.0\n=================\n\nChanges\n-------\n\n* The following functions have been removed:\n\n"
        "  * ``pump.a()``\n  * ``pump.b()``: use ``pump.c()``\n"
    )
    removed = {note.symbol for note in _notes(text, kind="changelog") if note.change == "removed"}
    assert removed == {"pump.a", "pump.b"}


def test_a_timeline_is_done_up_to_the_documents_own_version() -> None:
    text = (
        "Deprecation timeline\n====================\n\n3.0\n---\n\n* ``pump.x()`` will be removed.\n\n"
        "4.0\n---\n\n* ``pump.y()`` will be removed.\n"
    )
    notes = _notes(text, kind="timeline")
    assert [(n.symbol, n.change, n.version, n.removal) for n in notes] == [
        ("pump.x", "removed", "3.0", ""),
        ("pump.y", "deprecated", "", "4.0"),
    ]


def test_rendered_pages_and_comments_are_read_in_their_set_forms() -> None:
    text = "# `tank.fill(amount)`\n\nFills it.\n\nDeprecated since version 1.4: Use `tank.pour()` instead.\n"
    note = _one(_notes(text, "markdown"), "tank.fill", "deprecated")
    assert (note.version, note.replacement) == ("1.4", ("tank.pour",))
    source = (
        "def fill():\n    '''Fill.\n\n    .. versionadded:: 0.9\n    '''\n    import warnings\n"
        "    warnings.warn('fill is deprecated since 1.2, use pour() instead', DeprecationWarning)\n"
    )
    found = _notes(source, "python", "source")
    assert {(n.change, n.version) for n in found} >= {("added", "0.9"), ("deprecated", "1.2")}


def test_an_operation_marked_deprecated_is_dated_by_its_extensions() -> None:
    api = {"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/tanks": {
        "get": {"summary": "List", "deprecated": True,
                "x-vendor": {"deprecationDate": "2025-03-01", "sunsetDate": "2026-03-01"}},
        "post": {"summary": "Add"}}}}  # fmt: skip
    notes = _notes(json.dumps(api, indent=1), "openapi-json", "api")
    assert [(n.symbol, n.version, n.removal) for n in notes] == [("GET /tanks", "2025-03-01", "2026-03-01")]
