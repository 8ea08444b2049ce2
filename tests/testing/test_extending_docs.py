"""The page on extending tells the truth: its program runs, its contracts hold, its entry points are found."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from assay import plugins, testing
from assay.testing import Contract

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extending.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The page's program as the module my_plugins, installed with the page's entry points."""
    (tmp_path / "my_plugins.py").write_text("\n".join(blocks("python")), encoding="utf-8")
    project = tomllib.loads("".join(blocks("toml")))["project"]
    about = tmp_path / f"my_plugins-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    sections = [
        "\n".join((f"[{group}]", *(f"{name} = {value}" for name, value in points.items())))
        for group, points in project["entry-points"].items()
    ]
    (about / "entry_points.txt").write_text("\n\n".join(sections) + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("my_plugins")
    sys.modules.pop("my_plugins", None)


def test_the_program_of_the_page_runs_and_its_plugins_are_found(installed: ModuleType) -> None:
    assert [type(reader) for reader in plugins.extra_readers()] == [installed.GlossaryReader]
    assert isinstance(plugins.extra("embedders", "trigrams"), installed.TrigramEmbedder)
    assert isinstance(plugins.extra("writers", "lead"), installed.LeadWriter)
    assert isinstance(plugins.domain_pack("standards"), installed.StandardsPack)
    assert plugins.domain_names() == ["general", "legal", "medical", "standards", "technical"]


def test_the_page_names_every_contract_and_its_factory_methods() -> None:
    page = PAGE.read_text("utf-8")
    contracts = [getattr(testing, name) for name in testing.__all__ if name.endswith("Contract") and name != "Contract"]
    assert len(contracts) == 9
    for contract in contracts:
        assert f"`{contract.__name__}`" in page
        for factory in [name for name, _ in inspect.getmembers(contract, callable) if name.startswith("make_")]:
            assert f"`{factory}" in page


def test_everything_that_testing_exports_is_there_and_sorted() -> None:
    assert testing.__all__ == sorted(testing.__all__, key=lambda name: (name[0].islower(), name))
    assert all(hasattr(testing, name) for name in testing.__all__)
    exported = [value for name in testing.__all__ if inspect.isclass(value := getattr(testing, name))]
    assert all(value.__doc__ for value in exported)
    assert issubclass(testing.ReaderContract, Contract)
