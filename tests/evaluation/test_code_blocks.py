"""`eval code-blocks`: what is counted as cut, told and parsed, and what breaks a limit."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from assay.cli import evaluating_code
from assay.errors import InputError
from assay.evaluation.code_blocks import LIMITS, CodeBlockReport, run

PAGE = """Pears
=====

Weigh them like this:

.. code-block:: python

   import scales
   scales.weigh(pear, unit='g')

Or in a shell::

    $ scales weigh pear
    180 g

.. code-block:: sql

   SELECT name FROM pears WHERE grams > 100;

.. code-block:: pears-lang

   weigh pear
"""


def files(folder: Path, rows: list[tuple[str, int, int, str, str]], *pages: dict[str, Any]) -> tuple[Path, Path]:
    """A corpus of `pages` and a blocks file."""
    corpus, blocks = folder / "corpus.jsonl.gz", folder / "blocks.tsv"
    corpus.write_bytes(gzip.compress("\n".join(json.dumps(page) for page in pages).encode()))
    lines = ["doc-id\tstart\tend\tkind\tlanguage\tinclude"]
    lines += ["\t".join(map(str, row)) + "\t" for row in rows]
    blocks.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return corpus, blocks


def row(kind: str, first: str, last: str, language: str, document: str = "pears") -> tuple[str, int, int, str, str]:
    start = PAGE.index(first)
    return document, start, PAGE.index(last, start) + len(last), kind, language


ROWS = [
    row("code-block", ".. code-block:: python", "unit='g')", "python"),
    row("literal", "    $ scales", "180 g", ""),
    row("code-block", ".. code-block:: sql", "100;", "sql"),
    row("code-block", ".. code-block:: pears-lang", "weigh pear\n", "pears-lang"),
]
RST = {"id": "pears", "title": "Pears", "text": PAGE, "metadata": {"format": "rst"}}


@pytest.fixture
def report(tmp_path: Path) -> CodeBlockReport:
    return run(*files(tmp_path, ROWS, RST))


def test_whole_blocks_are_not_cut_and_keep_what_leads_to_them(report: CodeBlockReport) -> None:
    assert (report.documents, report.blocks) == (1, 4)
    assert (report.cut.count, report.cut.n) == (0, 4)
    assert (report.lead.count, report.lead.n) == (4, 4)
    assert report.cut.high > 0.3  # four blocks prove little


def test_labels_are_hidden_and_then_compared(report: CodeBlockReport) -> None:
    assert (report.exact.count, report.exact.n) == (2, 2)
    assert report.by_language["sql"]["exact"].rate == 1.0
    assert report.unmapped == {"pears-lang": 1}
    assert report.unlabelled_languages == {"console": 1}
    assert report.confusion == ()


def test_what_parses_is_counted_by_language(report: CodeBlockReport) -> None:
    assert report.parses_by_language["python"].count == 1


def test_a_block_beyond_every_chunk_is_cut_and_named(tmp_path: Path) -> None:
    rows = [("pears", 0, len(PAGE), "all", "")]
    long = {**RST, "text": PAGE + "Pears are weighed. " * 400}
    found = run(*files(tmp_path, rows, long), target=200)
    assert (found.cut.count, found.cut.n) == (1, 1)
    assert found.cut_blocks == (f"pears 0:{len(PAGE)}",)


def test_what_cannot_be_placed_is_counted_with_its_reason(tmp_path: Path) -> None:
    html = {"id": "web", "title": "", "text": "<p>a</p><pre>x = 1</pre>", "metadata": {"format": "html"}}
    rows = [*ROWS, ("web", 8, 24, "pre", ""), ("pears", 5, 99_999, "x", ""), ("gone", 0, 4, "x", "")]
    found = run(*files(tmp_path, rows, RST, html))
    assert sum(found.unplaced.values()) == 3 and len(found.unplaced) == 3
    assert found.blocks == 7 and found.cut.n == 4


def test_a_wrong_label_shows_in_the_confusion(tmp_path: Path) -> None:
    rows = [row("code-block", ".. code-block:: python", "unit='g')", "ruby")]
    found = run(*files(tmp_path, rows, RST))
    assert found.exact.count == 0 and found.confusion == (("ruby", "python", 1),)


def test_related_languages_count_as_one_family(tmp_path: Path) -> None:
    rows = [row("literal", "    $ scales", "180 g", "bash")]
    found = run(*files(tmp_path, rows, RST))
    assert (found.exact.count, found.family.count) == (0, 1)


def test_a_broken_limit_is_named_and_gives_exit_code_2(tmp_path: Path) -> None:
    paths = files(tmp_path, ROWS, RST)
    assert run(*paths, limits={"cut": 0.0, "exact": 0.87}).exit_code == 0
    broken = run(*paths, limits={"lead": 1.0, "unplaced": 0.0}, target=100)
    assert broken.exit_code == (2 if broken.breaches else 0)
    worse = run(*files(tmp_path, [row("x", "Pears\n=====", "=====", "ruby")], RST), limits={"exact": 0.5})
    assert worse.exit_code == 2 and "exact is 0" in worse.breaches[0]


@pytest.mark.parametrize("limit", ["nonsense=1", "cut", "cut=2", "cut=-1"])
def test_a_limit_that_makes_no_sense_is_refused(limit: str) -> None:
    with pytest.raises(InputError):
        LIMITS.parse([limit])


def test_every_limit_is_a_figure_of_the_report(report: CodeBlockReport) -> None:
    assert all(name in report for name in LIMITS.meanings)


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no block"):
        run(*files(tmp_path, [("other", 0, 4, "x", "")], RST))
    bare = tmp_path / "bare.tsv"
    bare.write_text("a\tb\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column"):
        run(tmp_path / "corpus.jsonl.gz", bare)


def test_the_command_prints_json_and_breaks_on_a_limit(tmp_path: Path) -> None:
    app = typer.Typer()
    evaluating_code.register(app)
    app.command("other")(lambda: None)
    corpus, blocks = files(tmp_path, ROWS, RST)
    paths = ["--corpus", str(corpus), "--blocks", str(blocks), "--target", "650"]
    found = CliRunner().invoke(app, ["code-blocks", *paths, "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["cut"]["count"] == 0
    plain = CliRunner().invoke(app, ["code-blocks", *paths, "--limit", "unplaced=0", "--limit", "exact=1"])
    assert plain.exit_code == 0 and "0 of 4" in plain.stdout, plain.output


def test_on_the_shared_documents_nothing_is_cut_and_languages_are_told(shared_data: Path) -> None:
    folder = shared_data / "technical"
    found = run(folder / "corpus.jsonl.gz", folder / "code_blocks.tsv.gz", documents=60)
    assert found.cut.count == 0 and found.cut.n > 300
    assert found.family.rate >= 0.87
