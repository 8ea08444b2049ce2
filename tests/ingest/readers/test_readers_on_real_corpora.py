"""The readers on real articles and documentation: origins hold, texts stay, code blocks are found whole."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assay.textual.offsets import check_origin
from tests.ingest.readers.reader_kit import document, documents

FORMATS = ("rst", "html", "markdown", "python", "c", "openapi-json")
A_FORMAT = 6


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a packed corpus."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


@pytest.fixture(scope="module")
def technical(shared_data: Path) -> list[dict[str, Any]]:
    """A few records of each format of the documentation corpus."""
    chosen: dict[str, list[dict[str, Any]]] = {name: [] for name in FORMATS}
    for record in records(shared_data / "technical" / "corpus.jsonl.gz"):
        kept = chosen[record["metadata"]["format"]]
        if len(kept) < A_FORMAT and len(record["text"]) < 100_000:
            kept.append(record)
    return list(itertools.chain.from_iterable(chosen.values()))


def test_real_articles_keep_their_origins(shared_data: Path) -> None:
    for path in sorted((shared_data / "medical" / "jats").glob("*.gz"))[:5]:
        data = path.read_bytes()
        (found,) = documents(str(path), data)
        assert check_origin(found.text, found.origin, gzip.decompress(data).decode("utf-8")) == []
        assert found.metadata["pmcid"] in path.name and found.metadata["pmid"].isdigit()
        assert any(block.kind == "heading" and block.level == 1 for block in found.blocks)


def test_records_of_every_format_keep_their_text_or_their_origins(technical: list[dict[str, Any]]) -> None:
    packed = gzip.compress("\n".join(json.dumps(record) for record in technical).encode())
    found = documents("corpus.jsonl.gz", packed)
    assert [one.id for one in found] == [record["id"] for record in technical]
    for one, record in zip(found, technical, strict=True):
        assert one.title == record["title"]
        assert check_origin(one.text, one.origin, record["text"]) == []
        if one.format != "html":
            assert one.text == record["text"]


def test_code_blocks_of_real_pages_are_found_whole(shared_data: Path) -> None:
    pages = {
        record["id"]: record
        for record in itertools.islice(records(shared_data / "technical" / "corpus.jsonl.gz"), 120)
        if record["metadata"]["format"] == "rst"
    }
    starts = {id: {b.start: b for b in _read(page).blocks if b.kind == "code"} for id, page in pages.items()}
    known = found = 0
    with gzip.open(shared_data / "technical" / "code_blocks.tsv.gz", "rt", encoding="utf-8") as stream:
        for line in itertools.islice(stream, 1, None):
            id, start, end, *_ = line.rstrip("\n").split("\t")
            if id in pages:
                block = starts[id].get(int(start))
                whole = pages[id]["text"][int(start) : int(end)].rstrip()
                known += 1
                found += block is not None and pages[id]["text"][block.start : block.end].rstrip() == whole
    assert known > 100
    assert found >= 0.99 * known


def _read(record: dict[str, Any]) -> Any:
    return document("page.jsonl", json.dumps(record))
