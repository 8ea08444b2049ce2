"""A store follows its embedder: refused while it does not fit, embedded anew by the command that the refusal names."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay import ProductionRAGSystem
from assay.admin import Admin
from assay.errors import ManifestMismatch
from assay.models.hashing import HashingEmbedder
from tests.system.conftest import DOCUMENTS, config

QUESTION = "How much rent shall the tenant pay?"


def test_another_embedder_is_refused_until_the_store_is_embedded_anew(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
        before = system.process_query(QUESTION).answer
    other = config(tmp_path, models={"embedder": "hashing", "embedder_dimensions": 128})
    with ProductionRAGSystem(other) as system:
        refused = system.process_query(QUESTION)
        assert (refused.status, refused["error"]) == ("error", "manifest_mismatch")
        assert "assay migrate --rebuild" in refused.message
        with pytest.raises(ManifestMismatch):
            system.ingest(DOCUMENTS)
    with Admin(other) as admin:
        steps = admin.migrate(rebuild=True)["steps"]
        assert any("embedded" in step for step in steps) and any("generation 2" in step for step in steps)
        assert admin.examine().healthy
    with ProductionRAGSystem(other) as system:
        assert system.process_query(QUESTION).answer == before
        assert system.ingest(DOCUMENTS).failed == 0


def test_rebuilding_with_the_same_embedder_embeds_nothing(tmp_path: Path) -> None:
    with ProductionRAGSystem(config(tmp_path)) as system:
        system.ingest(DOCUMENTS)
        before = system.process_query(QUESTION).answer
    embedder = HashingEmbedder()
    with Admin(config(tmp_path)) as admin:
        assert admin.migrate(rebuild=True)["steps"] == ["built index generation 2"]
        assert admin.rollback() == 1
    with ProductionRAGSystem(config(tmp_path), embedder=embedder) as system:
        assert system.process_query(QUESTION).answer == before
