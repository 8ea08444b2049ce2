"""Fixtures for all tests: where the shared evaluation data lies, and small temporary homes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real labelled corpora beside the project, or a skip with the reason."""
    place = Path(os.environ.get("ASSAY_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not (place / "README.md").is_file():
        pytest.skip(f"the shared evaluation data is not at {place}; set ASSAY_SHARED_DATA to run this test")
    return place


# The machine is shared, so no example has a deadline; the same examples every time, so that a failure can be repeated.
settings.register_profile("assay", deadline=None, derandomize=True)
settings.load_profile("assay")
