"""`assay eval versions`: scoring the version index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assay.errors import InputError
from assay.evaluation.versions import LIMITS, run
from tests.domains.technical.kit import CHANGES, REFERENCE


def _lines(path: Path, records: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    meta = {"library": "pump", "version": "3.2.1"}
    return _lines(
        tmp_path / "corpus.jsonl",
        [
            {"id": "pump", "title": "pump", "text": REFERENCE, "metadata": {**meta, "format": "rst"}},
            {"id": "log", "title": "Changelog", "text": CHANGES, "metadata": {**meta, "format": "markdown"}},
        ],
    )


def _fact(change: str, symbol: str, version: str | None, **more: Any) -> dict[str, Any]:
    return {"id": f"{change}:{symbol}", "library": "pump", "symbol": symbol, "change": change, "version": version,
            "as_of": "3.2", **more}  # fmt: skip


def test_right_and_wrong_facts_are_told_apart(corpus: Path, tmp_path: Path) -> None:
    facts = _lines(
        tmp_path / "facts.jsonl",
        [
            _fact("deprecated", "pump.halt", "2.4", replacement=["pump.stop"]),
            _fact("removed", "pump.prime", "3.1.0", evidence=[{"doc": "log", "span": [0, len(CHANGES)]}]),
            _fact("added", "pump.stop", "1.0"),
            _fact("removed", "pump.stop", "3.0"),
            _fact("none", "pump.Valve.open", None),
            _fact("sideways", "pump.stop", None),
        ],
    )
    report = run(corpus, facts)
    assert report.by_change["deprecated"].status.count == 1
    assert report.by_change["deprecated"].replacement.rate == 1.0
    assert report.by_change["removed"].status.count == 1
    assert report.by_change["added"].status.count == 1
    assert report.by_change["added"].dated.count == 0
    assert (report.false_alarms.count, report.false_alarms.n) == (0, 1)
    assert [outcome.symbol for outcome in report.wrong()] == ["pump.stop"]
    assert len(report.unscored) == 1
    assert json.loads(json.dumps(report.summary()))["facts"] == 5


def test_a_broken_limit_gives_exit_code_2(corpus: Path, tmp_path: Path) -> None:
    facts = _lines(tmp_path / "facts.jsonl", [_fact("removed", "pump.stop", "3.0")])
    assert run(corpus, facts, limits=LIMITS.parse(["removed=0.9"])).exit_code == 2
    assert run(corpus, facts, limits=LIMITS.parse(["removed=0"])).exit_code == 0
    with pytest.raises(InputError, match="no limit"):
        LIMITS.parse(["speed=1"])


def test_no_facts_is_an_error(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no fact"):
        run(corpus, _lines(tmp_path / "facts.jsonl", [_fact("none", "x.y", None)]), library="other")
