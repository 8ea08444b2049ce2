"""Paths become files: each once, in order, with a report for whatever is not taken."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from assay.ingest.limits import Limits
from assay.ingest.walking import FoundFile, walk
from assay.types import ItemReport


def files(root: Path, *paths: str | Path, **settings: object) -> list[str]:
    found = walk(paths or [root], **settings)  # type: ignore[arg-type]
    return [os.path.relpath(item.path, root) for item in found if isinstance(item, FoundFile)]


def reports(*paths: str | Path, **settings: object) -> dict[str, ItemReport]:
    found = walk(paths, **settings)  # type: ignore[arg-type]
    return {Path(item.source).name: item for item in found if isinstance(item, ItemReport)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    for place in ("b.md", "a.md", "sub/z.txt", "sub/deep/c.md"):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_text(place)
    return root


def test_a_folder_gives_every_file_below_it_in_a_fixed_order(folder: Path) -> None:
    assert files(folder) == ["a.md", "b.md", "sub/deep/c.md", "sub/z.txt"]


def test_a_file_named_twice_or_in_a_named_folder_comes_once(folder: Path) -> None:
    assert files(folder, folder / "b.md", folder, folder / "sub", folder / "b.md")[0] == "b.md"
    assert len(files(folder, folder / "b.md", folder, folder / "sub")) == 4


def test_hidden_files_and_folders_of_tools_are_skipped_with_a_reason(folder: Path) -> None:
    for place in (".git/config", ".hidden.md", "node_modules/x.md", "env/pyvenv.cfg", "env/lib/x.md"):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text("x")
    assert len(files(folder)) == 4
    told = reports(folder)
    assert {name: report.state for name, report in told.items()} == dict.fromkeys(
        (".git", ".hidden.md", "node_modules", "env"), "skipped"
    )
    assert told["env"].reason == "a virtual environment"


def test_a_hidden_file_that_is_named_is_taken(folder: Path) -> None:
    (folder / ".notes.md").write_text("x")
    assert files(folder, folder / ".notes.md") == [".notes.md"]


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (folder / "leak.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "door").symlink_to(tmp_path / "elsewhere")
    (folder / "sub" / "up.txt").symlink_to("../../secret.txt")
    assert len(files(folder)) == 4
    told = reports(folder)
    assert {told[name].state for name in ("leak.txt", "door", "up.txt")} == {"failed"}
    assert "out of the folder" in told["leak.txt"].reason
    assert reports(folder / "leak.txt")["leak.txt"].state == "failed"
    assert reports(str(folder / "*.txt"))["leak.txt"].state == "failed"


def test_a_link_inside_the_folder_makes_no_file_count_twice(folder: Path) -> None:
    (folder / "copy.md").symlink_to("a.md")
    assert files(folder) == ["a.md", "b.md", "sub/deep/c.md", "sub/z.txt"]
    assert "read itself" in reports(folder)["copy.md"].reason


def test_loops_of_links_end(folder: Path) -> None:
    (folder / "sub" / "again").symlink_to(folder)
    (folder / "sub" / "deep" / "more").symlink_to(folder / "sub")
    (folder / "self").symlink_to("self")
    assert len(files(folder)) == 4
    assert len(files(folder, str(folder / "**"))) == 4
    assert reports(folder)["self"].state == "failed"


def test_a_link_that_leads_nowhere_is_refused(folder: Path) -> None:
    (folder / "gone.md").symlink_to("not-there.md")
    assert "nowhere" in reports(folder)["gone.md"].reason


def test_a_folder_may_be_named_by_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "short").symlink_to(folder)
    assert files(folder, tmp_path / "short") == files(folder)


def test_special_files_are_refused_without_waiting_for_them(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    short = Path(os.path.relpath(folder / "door.sock"))
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(short))
        told = reports(folder)
    assert "a pipe" in told["pipe.txt"].reason
    assert "a socket" in told["door.sock"].reason
    assert "a device" in reports("/dev/null")["null"].reason


def test_a_file_beyond_the_limit_is_refused_unread(folder: Path) -> None:
    with (folder / "big.md").open("wb") as file:
        file.truncate(1 << 30)
    told = reports(folder)
    assert told["big.md"].state == "failed"
    assert "1,024 MB, more than the limit of 200 MB" in told["big.md"].reason
    assert "b.md" in files(folder, limits=Limits(file_bytes=2 << 30))


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    told = reports(tmp_path / "nothing.md", str(tmp_path / "*.pdf"), "", "bad\0name")
    assert all(report.state == "failed" for report in told.values())
    assert len(told) == 4


def test_patterns_match_in_order_and_a_real_name_comes_before_a_pattern(folder: Path) -> None:
    assert files(folder, str(folder / "*.md")) == ["a.md", "b.md"]
    assert files(folder, str(folder / "**" / "*.md")) == ["a.md", "b.md", "sub/deep/c.md"]
    (folder / "x[1].md").write_text("x")
    assert files(folder, str(folder / "x[1].md")) == ["x[1].md"]


def test_an_unknown_format_is_skipped_where_found_and_taken_where_named(folder: Path) -> None:
    def accepts(path: str) -> bool:
        return path.endswith(".md")

    assert files(folder, accepts=accepts) == ["a.md", "b.md", "sub/deep/c.md"]
    assert reports(folder, accepts=accepts)["z.txt"].reason == "no reader knows this format"
    assert files(folder, folder / "sub" / "z.txt", accepts=accepts) == ["sub/z.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission_is_told(folder: Path) -> None:
    (folder / "sub").chmod(0)
    try:
        assert "Permission denied" in reports(folder)["sub"].reason
    finally:
        (folder / "sub").chmod(0o755)


def test_a_name_that_is_not_utf8_is_told(folder: Path) -> None:
    place = os.fsencode(str(folder)) + b"/caf\xe9.md"
    try:
        with open(place, "w") as file:  # noqa: PTH123  bytes, not a Path
            file.write("x")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    told = [item for item in walk([folder]) if isinstance(item, ItemReport)]
    assert "not UTF-8" in told[0].reason
    told[0].source.encode("utf-8")
