"""The demonstration makes room for itself, and for nothing that it did not make."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.cli.demonstration import make_room
from assay.errors import InputError


def test_libraries_of_an_older_version_are_made_anew_and_the_same_version_keeps_them(tmp_path: Path) -> None:
    make_room(tmp_path)
    (tmp_path / "legal").mkdir()
    (tmp_path / "legal" / "store").write_text("x", encoding="utf-8")
    make_room(tmp_path)
    assert (tmp_path / "legal" / "store").is_file()
    (tmp_path / "MADE_BY").write_text("assay 0.0.1\n", encoding="utf-8")
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    make_room(tmp_path)
    assert not (tmp_path / "legal").exists() and (tmp_path / "mine.txt").is_file()


def test_a_library_that_it_did_not_make_is_never_removed(tmp_path: Path) -> None:
    (tmp_path / "medical").mkdir()
    with pytest.raises(InputError, match="not made by this demonstration"):
        make_room(tmp_path)
    assert (tmp_path / "medical").is_dir()
