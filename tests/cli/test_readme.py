"""README.md tells the truth: its answers are what the command line prints, its Python runs."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from assay.errors import ModelMissing
from assay.models.minilm.weights import find_model

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _needs_the_local_model() -> None:
    try:
        find_model(None)
    except ModelMissing as missing:
        pytest.skip(str(missing))


def test_the_answers_in_the_readme_are_what_the_command_line_prints() -> None:
    renewed = runpy.run_path(str(ROOT / "tools" / "readme.py"))["renewed"]
    assert renewed(README) == README
    assert "supported 1.00" in README and "Nearest in the library" in README


def test_the_python_in_the_readme_runs_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "handbook.md").write_text("# Handbook\n\nVisitors sign in at the desk.\n", encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(block.strip().splitlines()) <= 10
    done = subprocess.run([sys.executable, "-c", block], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "success" in done.stdout and "note-1" in done.stdout and "seven in the morning" in done.stdout
