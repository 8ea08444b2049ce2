"""What `import assay` offers is exactly what it says, importing it is cheap, and every error is in the drawn tree."""

from __future__ import annotations

import inspect
import pickle
import subprocess
import sys

import pytest

import assay
from assay import errors


def test_every_exported_name_can_be_imported_and_the_list_is_sorted() -> None:
    assert list(assay.__all__) == sorted(assay.__all__)
    for name in assay.__all__:
        assert getattr(assay, name).__name__ == name
    assert set(assay.__all__) <= set(dir(assay))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = assay.Nothing


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import assay, sys; print([m for m in ('numpy', 'pydantic', 'sqlalchemy', 'openvino') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def every_error() -> list[type[errors.AssayError]]:
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.AssayError)]
    assert len(kinds) > 20
    return kinds


def test_every_error_stands_in_the_drawn_tree_and_has_a_code_of_its_own() -> None:
    drawn = errors.__doc__ or ""
    assert all(kind.__name__ in drawn for kind in every_error())
    assert len({kind.code for kind in every_error()}) == len(every_error())


@pytest.mark.parametrize("kind", every_error())
def test_an_error_says_what_why_and_next_and_survives_pickling(kind: type[errors.AssayError]) -> None:
    error = kind("the disk is full", why="no space left", next="free some space")
    assert str(error) == "the disk is full. no space left. free some space."
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (kind, str(error))
