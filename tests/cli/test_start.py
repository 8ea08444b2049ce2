"""Starting quickly: a command brings its own module along and no other."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer

from assay.cli.app import PARTS, application


@pytest.mark.parametrize("part", PARTS)
def test_the_commands_told_of_a_module_are_those_that_it_adds(part: str) -> None:
    app = typer.Typer()
    import_module(f"assay.cli.{part}").register(app)
    commands = [command.name for command in app.registered_commands]
    assert set(PARTS[part]) == {*commands, *(group.name for group in app.registered_groups)}


def test_a_module_alone_answers_to_the_names_of_its_commands() -> None:
    for part, names in PARTS.items():
        group = typer.main.get_command(application([part]))
        assert set(names) == set(getattr(group, "commands", ()))


def loaded(code: str, *modules: str) -> set[str]:
    """Which of these modules a new process has loaded after `code`."""
    shown = f"import sys\n{code}\nprint(*sorted(set({modules!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_asking_for_one_command_loads_the_module_of_that_command_alone() -> None:
    code = "from assay.cli.app import run\nrun(['ask', '--help'])"
    assert loaded(code, *(f"assay.cli.{part}" for part in PARTS)) == {"assay.cli.asking"}


def test_showing_an_answer_loads_no_parser_of_markdown_before_there_is_code_to_show() -> None:
    assert loaded("import assay.cli.render", "rich.text", "rich.markdown", "markdown_it") == {"rich.text"}


def test_a_word_that_is_no_command_is_still_compared_with_all_of_them() -> None:
    command = [sys.executable, "-m", "assay", "doctr"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "doctor" in done.stderr
