"""Settings of an index generation: what older ones do not say, and what a new one is built with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.store.checksums import survey, write_seal
from assay.store.edge import EdgeIndex
from assay.store.edge_search import FORMER_DEFAULTS, SearchSettings
from assay.store.edge_settings import SETTINGS_FILE, IndexSettings, read_settings, write_settings
from assay.store.keeper_manifest import next_settings
from tests.store.index_kit import point, settings


def built(folder: Path, *, mapped: bool) -> set[str]:
    """An index with one built segment; the names of its built segments."""
    index = EdgeIndex.create(folder, settings().changed(indexing_kb=32, mapped=mapped))
    index.upsert([point(key) for key in range(1, 1201)])
    assert index.optimise(0)
    index.close()
    return built_segments(folder)


def built_segments(folder: Path) -> set[str]:
    return {place.parents[1].name for place in folder.glob("segments/*/*/matrix.dat")}


def test_an_index_of_before_there_was_a_choice_is_held_as_it_was_built(tmp_path: Path) -> None:
    folder = tmp_path / "gen-000001"
    before = built(folder, mapped=False)
    told = json.loads((folder / SETTINGS_FILE).read_text())
    del told["mapped"]
    (folder / SETTINGS_FILE).write_text(json.dumps(told))
    write_seal(folder, survey(folder).seal("r", 1200))
    index = EdgeIndex.open(folder)
    assert not index.settings.mapped
    index.optimise(0)
    index.close()
    assert before and built_segments(folder) == before, "no segment was built anew"


@pytest.mark.parametrize("mapped", [False, True])
def test_an_index_says_how_it_is_held(tmp_path: Path, mapped: bool) -> None:
    before = built(tmp_path / "gen-000001", mapped=mapped)
    index = EdgeIndex.open(tmp_path / "gen-000001")
    assert index.settings.mapped is mapped
    index.optimise(0)
    index.close()
    assert built_segments(tmp_path / "gen-000001") == before


def test_a_new_generation_is_mapped_whatever_the_present_one_is() -> None:
    manifest = {"dimensions": 8, "index": IndexSettings(8, mapped=False).to_dict()}
    assert next_settings(manifest, None, 2, 10).mapped
    assert not next_settings(manifest, IndexSettings(8, mapped=False), 2, 10).mapped


def test_a_former_default_of_the_search_is_no_choice_and_another_value_is(tmp_path: Path) -> None:
    for name, value, expected in (
        ("a", FORMER_DEFAULTS, SearchSettings()),
        ("b", SearchSettings(exact_below=7), SearchSettings(exact_below=7)),
    ):
        (tmp_path / name).mkdir()
        write_settings(tmp_path / name, settings().changed(search=value))
        assert read_settings(tmp_path / name).search == expected
