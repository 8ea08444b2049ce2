"""The measure of the citation check counts what is right, names each miss, and breaks a limit when it should."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from assay.cli.evaluating_citations import register
from assay.domains.legal.citations import Flag, Validation
from assay.errors import InputError
from assay.evaluation.citations import LIMITS, run

STRINGS = Path(__file__).resolve().parent.parent / "data" / "legal" / "citations.jsonl"


def _file(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "strings.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def _accepting(text: str, day: date) -> Validation:
    return Validation(None, well_formed=Flag(True, "yes"), in_range=Flag(True, "yes"))


def test_a_hundred_valid_and_a_hundred_invalid_strings_are_told_apart() -> None:
    report = run(STRINGS, limits={"right": 0.95})
    assert (report.valid_accepted.n, report.invalid_rejected.n) == (100, 100)
    assert report.exit_code == 0 and report.right.rate >= 0.95, report.text()


def test_a_check_that_accepts_everything_is_right_on_the_valid_half_alone(tmp_path: Path) -> None:
    path = _file(
        tmp_path,
        {"id": "a", "text": "x", "valid": True, "flags": {"well_formed": True}},
        {"id": "b", "text": "y", "valid": False, "flags": {"in_range": False}},
    )
    report = run(path, check=_accepting, limits={"invalid_rejected": 0.5})
    assert (report.valid_accepted.count, report.invalid_rejected.count, report.right.count) == (1, 0, 1)
    assert [(miss.id, miss.flag) for miss in report.misses] == [("b", "in_range"), ("b", "valid")]
    assert report.exit_code == 2 and "LIMIT BROKEN" in report.text()


def test_an_unknown_flag_may_be_expected(tmp_path: Path) -> None:
    path = _file(tmp_path, {"id": "a", "text": "Cal. Civ. Code § 1542", "flags": {"in_range": None}})
    report = run(path)
    assert report.flags.count == 1 and report.valid_accepted.n == 0


def test_a_limit_on_what_was_not_measured_is_broken(tmp_path: Path) -> None:
    path = _file(tmp_path, {"id": "a", "text": "17 U.S.C. § 107", "valid": True})
    assert run(path, limits={"invalid_rejected": 0.5}).exit_code == 2


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"id": "a", "valid": True}, "no text"),
        ({"text": "x", "valid": True}, "no id"),
        ({"id": "a", "text": "x"}, "labels nothing"),
        ({"id": "a", "text": "x", "flags": {"nice": True}}, "no flag"),
        ({"id": "a", "text": "x", "valid": "maybe"}, "valid is"),
        ({"id": "a", "text": "x", "valid": True, "as_of": "soon"}, "as_of"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_with_its_place(
    tmp_path: Path, record: dict[str, Any], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        run(_file(tmp_path, record))


def test_limits_are_read_and_unknown_ones_refused() -> None:
    assert LIMITS.parse(["right=0.9"]) == {"right": 0.9}
    for text in ("speed=1", "right=fast", "right=2"):
        with pytest.raises(InputError):
            LIMITS.parse([text])


def test_the_command_prints_json_and_exits_with_2_when_a_limit_breaks(tmp_path: Path) -> None:
    app = typer.Typer()
    register(app)
    app.command("other")(lambda: None)
    path = _file(tmp_path, {"id": "a", "text": "no citation", "valid": True})
    result = CliRunner().invoke(app, ["citations", "--strings", str(path), "--limit", "right=0.9", "--json"])
    assert result.exit_code == 2
    assert json.loads(result.stdout)["breaches"]
