"""Sixty questions a domain over the sample libraries, written before any answer was seen: nine in ten are right."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.cli.demonstration import fill
from assay.config import RAGConfig
from assay.errors import ModelMissing
from assay.evaluation.acceptance import accept, read_cases
from assay.models.minilm.weights import find_model
from assay.samples import sample_library
from assay.specialists import system_for

SETS = Path(__file__).parents[1] / "data" / "acceptance"
LEAST = 0.9


@pytest.mark.parametrize("domain", ["legal", "medical", "technical"])
def test_nine_in_ten_whole_answers_are_right(domain: str, tmp_path: Path) -> None:
    try:
        find_model(None)
    except ModelMissing as missing:
        pytest.skip(str(missing))
    store = {"path": str(tmp_path / "store"), "mode": "embedded"}
    config = RAGConfig.load(environ={}, folder=tmp_path, domain=domain, store=store, models={"precision": "f32"})
    with system_for(config) as system:
        fill(system, sample_library(domain))
        report = accept(system, read_cases(SETS / f"{domain}.jsonl"))
    unsound = [o for o in report.outcomes if any(cause.startswith(("unsupported", "misplaced")) for cause in o.wrong)]
    assert not unsound, report.text()
    assert report.right.rate >= LEAST, report.text()
