"""What the hierarchical chunker adds: lead-ins with long code, operations apart, definitions as breadcrumbs."""

from __future__ import annotations

import json

import pytest

from assay.ingest.chunkers import HierarchicalChunker
from assay.types import Chunk, Document
from tests.ingest.chunkers.test_chunkers import SENTENCE, check
from tests.ingest.readers.reader_kit import document

LONG = "\n".join(f"    total += weigh(item_{n}, scale={n})" for n in range(90))


def holding(chunks: list[Chunk], words: str) -> Chunk:
    """The one chunk with these words."""
    (found,) = [chunk for chunk in chunks if words in chunk.text]
    return found


def description(operations: int, words: str = "Returns them. ") -> str:
    verbs = {
        f"/things/{n}": {
            "get": {"summary": f"Read thing {n}", "description": words, "responses": {"200": {"description": "ok"}}}
        }
        for n in range(operations)
    }
    return json.dumps({"openapi": "3.0.0", "info": {"title": "Things", "version": "1"}, "paths": verbs}, indent=1)


@pytest.mark.parametrize("target", [200, 450, 650, 1200])
def test_long_code_takes_its_heading_and_its_lead_in_along(target: int) -> None:
    before = f"# Guide\n\n{SENTENCE * 12}\n\n## Weighing\n\nSum it up as follows:"
    text = f"{before}\n\n```python\n{LONG}\n```\n\n{SENTENCE * 9}"
    found = holding(check(HierarchicalChunker(target), document("guide.md", text)), "item_0,")
    assert found.text.startswith("## Weighing\n\nSum it up as follows:\n\n```python")
    assert found.text.endswith("```") and "item_89" in found.text


def test_a_long_paragraph_is_not_drawn_into_the_chunk_of_long_code() -> None:
    lead = "and so on, " * 60 + "as follows:"
    text = f"{lead}\n\n```python\n{LONG}\n```\n"
    found = holding(check(HierarchicalChunker(650), document("guide.md", text)), "item_0,")
    assert found.text.startswith("```python")


def test_every_operation_of_an_api_description_begins_a_chunk() -> None:
    chunks = check(HierarchicalChunker(650), document("api.json", description(6)))
    heads = [chunk.text.split("\n")[0] for chunk in chunks if chunk.text.startswith("GET ")]
    assert heads == [f"GET /things/{n}" for n in range(6)]
    assert all(chunk.text.count("GET /things/") <= 1 for chunk in chunks)


def test_an_operation_that_needs_several_chunks_keeps_its_name_in_the_breadcrumb() -> None:
    chunks = check(HierarchicalChunker(300), document("api.json", description(2, SENTENCE * 12)))
    of_first = [chunk for chunk in chunks if chunk.breadcrumb[-1:] == ("GET /things/0",)]
    assert len(of_first) > 2


def test_an_api_description_kept_as_it_is_has_one_operation_a_chunk_with_its_path() -> None:
    record = {"id": "api", "text": description(5), "metadata": {"format": "openapi-json"}}
    chunks = check(HierarchicalChunker(650), document("apis.jsonl", json.dumps(record)))
    for number in range(5):
        found = holding(chunks, f"Read thing {number}")
        assert f'"/things/{number}": {{' in found.text
        assert found.breadcrumb == (f"GET /things/{number}",)
        assert found.text.count('"summary"') == 1


def test_definitions_of_source_code_stay_whole_and_name_their_chunk() -> None:
    methods = "\n\n".join(
        f'    def step_{n}(self, item):\n        """Take step {n}."""\n' + f"        self.add({n}, item)\n" * 20
        for n in range(4)
    )
    chunks = check(HierarchicalChunker(300), document("walk.py", f"import os\n\n\nclass Walker:\n{methods}\n"))
    found = holding(chunks, "def step_2")
    assert found.breadcrumb == ("Walker", "step_2")
    assert '"""Take step 2."""' in found.text and found.text.count("self.add(2, item)") == 20


def test_the_path_of_an_included_file_is_no_breadcrumb() -> None:
    found = check(HierarchicalChunker(650), document("page.md", "See it:\n\n{* ../docs_src/first.py hl[1] *}\n"))
    assert [chunk.breadcrumb for chunk in found] == [()]


def test_chunks_of_parts_are_numbered_through() -> None:
    doc = document("api.json", description(9, SENTENCE * 9))
    assert [chunk.ordinal for chunk in HierarchicalChunker(300).chunk(doc)] == list(
        range(len(HierarchicalChunker(300).chunk(doc)))
    )


def test_the_version_names_the_size_and_the_way_of_cutting() -> None:
    assert HierarchicalChunker(500).version == "hierarchical-3/500"


def test_a_document_without_structure_is_still_covered() -> None:
    check(HierarchicalChunker(650), Document(id="d", title="", text="{" * 5000, format="openapi-json"))
