"""Labelled questions in one format: corpus, queries and qrels; gzip or plain; qrels with or without spans.

corpus.jsonl: `{"id", "title", "text", "metadata"}` a line. queries.jsonl: `{"id", "text", ...}` a line. qrels.tsv:
`query-id doc-id grade` or `query-id doc-id start end grade [label]`, with a header; start and end are character offsets
into `text`, empty where only the document is labelled.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from assay.errors import InputError
from assay.types import Record


@dataclass(frozen=True, slots=True)
class LabelledQuery(Record):
    """A question with its labels: grade by document, spans by document, and documents to leave out of the ranking."""

    id: str
    text: str
    grades: Mapping[str, float]
    spans: Mapping[str, tuple[tuple[int, int], ...]]
    exclude: frozenset[str] = frozenset()
    fields: Mapping[str, Any] = field(default_factory=dict)


def open_text(path: Path) -> IO[str]:
    """A text stream over a plain or gzip file."""
    if not path.is_file():
        raise InputError(f"there is no file {path}", next="check the path")
    if path.suffix == ".gz":
        return io.TextIOWrapper(gzip.open(path, "rb"), encoding="utf-8")
    return path.open(encoding="utf-8")


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file; InputError names a line that is not one."""
    with open_text(path) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    record = json.loads(line)
                except json.JSONDecodeError as error:
                    raise InputError(f"{path}, line {number} is not JSON", why=str(error)) from error
                if not isinstance(record, dict):
                    raise InputError(f"{path}, line {number} is not an object")
                yield record


def read_qrels(path: Path) -> dict[str, list[tuple[str, int | None, int | None, float]]]:
    """Labels by query id: (document, start, end, grade)."""
    found: dict[str, list[tuple[str, int | None, int | None, float]]] = {}
    with open_text(path) as stream:
        rows = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = [name.strip() for name in next(rows, [])]
        missing = {"query-id", "doc-id", "grade"} - set(header)
        if missing:
            raise InputError(f"{path} has no column {', '.join(sorted(missing))}", next="give it a header line")
        at = {name: header.index(name) for name in header}
        for number, row in enumerate(rows, 2):
            if row:
                found.setdefault(row[at["query-id"]], []).append(_label(row, at, path, number))
    return found


def _label(row: list[str], at: Mapping[str, int], path: Path, number: int) -> tuple[str, int | None, int | None, float]:
    try:
        start, end = (row[at[name]] if name in at else "" for name in ("start", "end"))
        grade = float(row[at["grade"]])
        return row[at["doc-id"]], int(start) if start else None, int(end) if end else None, grade
    except (ValueError, IndexError) as error:
        raise InputError(f"{path}, line {number} cannot be read", why=str(error)) from error


def read_queries(
    queries: Path,
    qrels: Path,
    *,
    keep: Callable[[Mapping[str, Any]], bool] = lambda record: True,
    exclude_field: str = "",
) -> list[LabelledQuery]:
    """The questions that have at least one label above 0 and that `keep` admits, in file order."""
    labels = read_qrels(qrels)
    found: list[LabelledQuery] = []
    for record in json_lines(queries):
        identity = str(record.get("id", ""))
        if identity in labels and keep(record):
            found.append(_query(record, labels[identity], exclude_field))
    return [query for query in found if any(grade > 0 for grade in query.grades.values())]


def _query(
    record: Mapping[str, Any], labels: list[tuple[str, int | None, int | None, float]], exclude_field: str
) -> LabelledQuery:
    grades: dict[str, float] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    for document, start, end, grade in labels:
        grades[document] = max(grade, grades.get(document, 0.0))
        if start is not None and end is not None and grade > 0:
            spans.setdefault(document, []).append((start, end))
    left_out = record.get(exclude_field, ()) if exclude_field else ()
    return LabelledQuery(
        str(record["id"]),
        str(record["text"]),
        grades,
        {document: tuple(items) for document, items in spans.items()},
        frozenset(map(str, left_out if isinstance(left_out, list) else [left_out] if left_out else [])),
        record,
    )
