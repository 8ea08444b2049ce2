"""A small library of three documents behind the deterministic embedder: fast, and the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay import ProductionRAGSystem, RAGConfig

DOCUMENTS: list[dict[str, Any]] = [
    {
        "id": "lease",
        "title": "Lease of the Harbour Warehouse",
        "text": "# Payment\n\nThe tenant shall pay rent of 4,200 euros on the first day of each month.\n\n"
        "# Termination\n\nEither party may terminate the lease with ninety days of written notice.\n"
        "The landlord may not enter the warehouse without the consent of the tenant.\n",
        "metadata": {"doc_type": "contract", "year": 2021, "jurisdiction": "us/ca"},
        "access": ["group:tenants"],
    },
    {
        "id": "trial",
        "title": "A trial of verapine in migraine",
        "text": "Verapine reduced migraine days by 2.1 a month compared with placebo (95% CI 1.4 to 2.8).\n\n"
        "The trial randomised 312 adults. Nausea occurred in 14 adults who took verapine.\n",
        "metadata": {"doc_type": "trial", "year": 2019},
        "access": ["public"],
    },
    {
        "id": "memo",
        "title": "Memorandum on the merger of Corvane and Deltrix",
        "text": "Corvane will acquire Deltrix for 88 million euros in March.\n\n"
        "The merger is secret until the filing.\n",
        "metadata": {"doc_type": "memo", "year": 2024},
    },
]


def config(folder: Path, **sections: Any) -> RAGConfig:
    """A configuration of its own: the deterministic embedder, the index in this process."""
    store = {"path": str(folder / "store"), "mode": "embedded", **sections.pop("store", {})}
    models = {"embedder": "hashing", **sections.pop("models", {})}
    return RAGConfig.load(environ={}, folder=folder, store=store, models=models, **sections)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[ProductionRAGSystem]:
    """An open system over the three documents."""
    with ProductionRAGSystem(config(tmp_path)) as system:
        report = system.ingest(DOCUMENTS)
        assert (report.added, report.failed) == (3, 0)
        yield system
