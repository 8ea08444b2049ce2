"""The commands eval safety, direction and conflict, run as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from assay.cli.evaluating_medical import register

APP = typer.Typer()
register(APP)


def test_eval_safety_prints_json_and_breaks_on_a_limit(tmp_path: Path) -> None:
    place = tmp_path / "s.jsonl"
    place.write_text(json.dumps({"id": "1", "kind": "safety", "category": "emergency", "text": "a quiet day"}) + "\n")
    result = CliRunner().invoke(APP, ["safety", "--records", str(place), "--limit", "emergency=1", "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["exact"]["emergency"]["count"] == 0


def test_every_command_shows_an_example_in_its_help() -> None:
    for name in ("safety", "direction", "conflict"):
        assert "Example:" in CliRunner().invoke(APP, [name, "--help"]).stdout
