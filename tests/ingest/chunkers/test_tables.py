"""Tables in the hierarchical chunker: whole where they fit without the padding of their columns."""

from __future__ import annotations

import pytest

from assay.ingest.chunkers import HierarchicalChunker, RecursiveChunker
from assay.ingest.chunkers.tables import read_length
from tests.ingest.chunkers.test_chunkers import SENTENCE, check
from tests.ingest.readers.reader_kit import document


def table(rows: int, width: int = 40) -> str:
    rule = f"{'=' * width}  {'=' * width}"
    body = "\n".join(f"{f'old_{n}()'.ljust(width)}  new_{n}()" for n in range(rows))
    return f"{rule}\n{'Old name'.ljust(width)}  New name\n{rule}\n{body}\n{rule}"


def page(rows: int, before: str = "The names changed as follows:") -> str:
    return f"Gone\n====\n\n{SENTENCE * 3}\n\nNames\n-----\n\n{before}\n\n{table(rows)}\n\n{SENTENCE * 6}"


@pytest.mark.parametrize("rows", [6, 14, 20])
def test_a_wide_table_of_few_words_stays_whole_with_the_sentence_before_it(rows: int) -> None:
    chunks = check(HierarchicalChunker(450), document("names.rst", page(rows)))
    (found,) = [chunk for chunk in chunks if "old_1()" in chunk.text]
    assert "The names changed as follows:" in found.text and f"new_{rows - 1}()" in found.text
    assert found.breadcrumb == ("Gone", "Names") or found.breadcrumb == ("Names",)


def test_a_table_of_many_words_is_cut_between_rows() -> None:
    chunks = check(HierarchicalChunker(450), document("names.rst", page(120)))
    holding = [chunk for chunk in chunks if "old_" in chunk.text]
    assert len(holding) > 2
    assert all(f"old_{n}()" in chunk.text for chunk in holding for n in range(120) if f" new_{n}()" in chunk.text)


def test_a_long_paragraph_before_a_table_is_not_drawn_in() -> None:
    long = "and so on, " * 36 + "as follows:"
    chunks = check(HierarchicalChunker(450), document("names.rst", page(14, long)))
    (found,) = [chunk for chunk in chunks if "old_1()" in chunk.text]
    assert "and so on" not in found.text


def test_other_chunkers_do_not_know_of_it() -> None:
    assert len([c for c in RecursiveChunker(450).chunk(document("n.rst", page(14))) if "old_" in c.text]) > 1


def test_padding_and_rules_count_as_one_character() -> None:
    assert read_length("ab      cd\n=====\n", 0, 17) == len("ab cd\n=\n")
    assert read_length("ab      cd", 3, 10) == len(" cd")
