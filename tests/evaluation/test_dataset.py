"""Reading the shared format: spans or none, gzip or plain, and files that are not what they should be."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from assay.errors import InputError
from assay.evaluation.dataset import read_qrels, read_queries
from assay.evaluation.matching import matches

QUERIES = [{"id": "q1", "text": "one", "task": "a", "exclude": ["d9"]}, {"id": "q2", "text": "two", "task": "b"}]


def write(folder: Path, qrels: str) -> tuple[Path, Path]:
    queries, labels = folder / "queries.jsonl.gz", folder / "qrels.tsv"
    queries.write_bytes(gzip.compress("\n".join(map(json.dumps, QUERIES)).encode()))
    labels.write_text(qrels, encoding="utf-8")
    return queries, labels


def test_labels_with_spans_and_without_are_read_from_the_same_format(tmp_path: Path) -> None:
    queries, labels = write(tmp_path, "query-id\tdoc-id\tstart\tend\tgrade\nq1\td1\t5\t9\t2\nq1\td2\t\t\t1\n")
    (query,) = read_queries(queries, labels, exclude_field="exclude")
    assert query.grades == {"d1": 2.0, "d2": 1.0}
    assert query.spans == {"d1": ((5, 9),)}
    assert query.exclude == {"d9"}


def test_labels_without_span_columns_are_read(tmp_path: Path) -> None:
    _, labels = write(tmp_path, "query-id\tdoc-id\tgrade\nq2\td1\t1\n")
    assert read_qrels(labels) == {"q2": [("d1", None, None, 1.0)]}


def test_only_questions_that_the_filter_admits_and_that_have_a_positive_label_are_kept(tmp_path: Path) -> None:
    queries, labels = write(tmp_path, "query-id\tdoc-id\tgrade\nq1\td1\t0\nq2\td1\t1\n")
    assert [q.id for q in read_queries(queries, labels)] == ["q2"]
    assert read_queries(queries, labels, keep=lambda r: matches(r, {"task": {"any": ["a"]}})) == []


@pytest.mark.parametrize("qrels", ["a\tb\n", "query-id\tdoc-id\tgrade\nq1\td1\tmany\n"])
def test_a_file_of_labels_that_is_not_one_is_named_with_the_reason(tmp_path: Path, qrels: str) -> None:
    _, labels = write(tmp_path, qrels)
    with pytest.raises(InputError, match=r"qrels\.tsv"):
        read_qrels(labels)


def test_filters_compare_lists_bounds_and_prefixes() -> None:
    record = {"year": 2004, "sources": ["scifact", "x"], "path": "us/fed/ca9"}
    assert matches(record, {"year": {"gte": 2000, "lt": 2005}, "sources": {"any": ["scifact"]}})
    assert matches(record, {"path": {"prefix": "us/fed"}})
    assert not matches(record, {"missing": {"any": [1]}})
    assert not matches(record, {"year": {"gt": 2004}})
