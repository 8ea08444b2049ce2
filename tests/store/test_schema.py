"""The tables as each database gets them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import create_mock_engine, make_url

from assay.store import schema


@pytest.mark.parametrize("name", ["postgresql", "sqlite"])
def test_only_live_versions_of_a_document_are_unique_in_every_database(name: str) -> None:
    told: list[str] = []
    dialect = make_url(f"{name}://").get_dialect()()
    engine = create_mock_engine(
        f"{name}://", lambda statement, *_, **__: told.append(str(statement.compile(dialect=dialect)))
    )
    schema.metadata.create_all(engine, checkfirst=False)
    made = next(statement for statement in told if "one_live_version" in statement)
    assert made.strip() == "CREATE UNIQUE INDEX one_live_version ON versions (document_id) WHERE state = 'live'"


def test_the_catalogue_loads_no_dialect_of_a_database_that_it_does_not_use() -> None:
    code = "import sys, assay.store.catalogue; sys.exit('sqlalchemy.dialects.postgresql' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
