"""What every chunker promises, and what each of the three says that it preserves."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.errors import ConfigError
from assay.ingest.chunkers import STRATEGIES, HierarchicalChunker, RecursiveChunker, SemanticChunker, chunker_for
from assay.ingest.chunkers.semantic import cohesion
from assay.ports import Chunker
from assay.textual.sentences import sentences
from assay.types import Block, BlockKind, Chunk, Document

SENTENCE = "The licensee shall pay the fee within thirty days of the invoice, and no later. "
CODE = "```python\n" + "".join(f"value_{i} = compute({i})\n\n" for i in range(12)) + "```"
KINDS: list[BlockKind] = ["heading", "prose", "code", "table", "row", "cell", "list", "quote", "caption", "field"]


def document(text: str, *blocks: Block, title: str = "") -> Document:
    return Document(id="d", title=title, text=text, blocks=blocks)


def check(chunker: Chunker, doc: Document) -> list[Chunk]:
    """The promises of the port."""
    chunks = chunker.chunk(doc)
    covered = bytearray(len(doc.text))
    for number, chunk in enumerate(chunks):
        assert chunk.document_id == doc.id and chunk.ordinal == number and chunk.id == 0
        assert chunk.text == doc.text[chunk.start : chunk.end] != ""
        covered[chunk.start : chunk.end] = b"\1" * (chunk.end - chunk.start)
    assert [c.start for c in chunks] == sorted(c.start for c in chunks)
    assert all(covered[i] or doc.text[i].isspace() for i in range(len(covered)))
    return chunks


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(
    "text",
    ["", "  \n ", "x", "# Only a heading", SENTENCE * 400, "x" * 50_000, CODE * 5, "a\n\n" * 3000, "\r\n".join("abc")],
    ids=["empty", "blank", "one", "heading", "prose", "one word", "code", "tiny paragraphs", "crlf"],
)
def test_chunks_are_slices_that_cover_the_text(strategy: str, text: str) -> None:
    assert bool(check(chunker_for(strategy), document(text))) == bool(text.strip())


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("aB .;\n#|`>-1(é")), max_size=400),
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.integers(0, 420), st.integers(0, 420), st.integers(0, 7)), max_size=8
    ),
    st.sampled_from(STRATEGIES),
)
def test_no_block_however_wrong_loses_a_character(
    text: str, marks: list[tuple[BlockKind, int, int, int]], strategy: str
) -> None:
    blocks = [Block(kind, start, end, level) for kind, start, end, level in marks]
    check(chunker_for(strategy, target=200), document(text, *blocks))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_chunks_stay_below_the_limit_and_near_the_target(strategy: str) -> None:
    chunks = check(chunker_for(strategy), document(SENTENCE * 300))
    lengths = [len(chunk.text) for chunk in chunks]
    assert max(lengths) <= 1530
    assert 700 <= sum(lengths) / len(lengths) <= 1000


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_no_sentence_that_fits_is_cut(strategy: str) -> None:
    text = "\n\n".join(SENTENCE * n for n in (3, 40, 1, 7, 25))
    ends = {span.end for span in sentences(text)}
    assert all(chunk.end in ends for chunk in check(chunker_for(strategy), document(text)))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_megabyte_on_one_line_takes_seconds(strategy: str) -> None:
    since = time.process_time()
    check(chunker_for(strategy), document("word " * 200_000))
    assert time.process_time() - since < 12.0


def test_headings_make_the_breadcrumb_but_the_title_is_not_repeated() -> None:
    headings = ("# Guide", "## Install", "### From source", "## Use")
    text = "\n\n".join(f"{heading}\n\n{SENTENCE * 8}" for heading in headings)
    for strategy in ("semantic", "hierarchical"):
        crumbs = [chunk.breadcrumb for chunk in check(chunker_for(strategy), document(text, title="Guide"))]
        assert crumbs == [(), ("Install",), ("Install", "From source"), ("Use",)]


def test_heading_blocks_of_the_reader_come_before_what_the_text_looks_like() -> None:
    text = f"Fees\n\n# not a heading\n\n{SENTENCE * 2}"
    chunks = check(SemanticChunker(), document(text, Block("heading", 0, 4, level=1)))
    assert [chunk.breadcrumb for chunk in chunks] == [("Fees",)]


def test_an_unknown_strategy_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="hierarchical, recursive, semantic"):
        chunker_for("clever")


def test_a_heading_in_capitals_holds_for_clauses_only_where_it_stands_right_above_them() -> None:
    clauses = "\n".join(f"{n}. Duty. {SENTENCE * 9}" for n in (1, 2))
    text = f"RECITALS\n\n{SENTENCE * 9}\n\n{clauses}\n\nARTICLE II\n\nFEES\n\n{clauses}"
    crumbs = [chunk.breadcrumb for chunk in check(SemanticChunker(), document(text))]
    assert crumbs == [("RECITALS",), (), (), ("ARTICLE II", "FEES"), ("ARTICLE II", "FEES")]


# --- recursive


def test_overlap_repeats_whole_words_of_the_chunk_before() -> None:
    chunks = check(RecursiveChunker(400, overlap=80), document(SENTENCE * 30))
    for before, after in itertools.pairwise(chunks):
        shared = before.end - after.start
        assert 0 < shared <= 80
        assert after.start == 0 or after.text == SENTENCE * 30 or (SENTENCE * 30)[after.start - 1].isspace()


def test_an_overlap_larger_than_half_a_chunk_is_refused() -> None:
    with pytest.raises(ConfigError):
        RecursiveChunker(400, overlap=300)


def test_the_version_names_the_parameters() -> None:
    assert RecursiveChunker(400).version != RecursiveChunker(500).version != RecursiveChunker(500, 50).version


# --- semantic


def test_a_section_that_fits_is_one_chunk() -> None:
    text = "\n\n".join(f"## Part {n}\n\n{SENTENCE * 5}\n\n{SENTENCE * 4}" for n in range(6))
    chunks = check(SemanticChunker(), document(text))
    assert [chunk.text.split("\n")[0] for chunk in chunks] == [f"## Part {n}" for n in range(6)]


def test_a_legal_clause_that_fits_stays_with_its_sub_clauses() -> None:
    clause = "{n}. Fees. The Licensee shall pay\n(a) the annual fee named in Schedule A, in advance and in full;\n"
    clause += "(b) the cost of any audit, where it shows a shortfall of more than five per cent; and\n"
    clause += "(c) interest on late payments at the rate named in Schedule B, from the day on which they were due.\n"
    text = "\n".join(clause.format(n=n) for n in range(1, 13))
    chunks = check(SemanticChunker(), document(text))
    assert len(chunks) > 2
    assert all(chunk.text.split(". ")[0].isdigit() for chunk in chunks)


def test_labelled_parts_of_an_abstract_are_not_mixed_where_they_are_long() -> None:
    labels = ("BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS")
    text = "\n".join(f"{label}: {SENTENCE * 8}" for label in labels)
    chunks = check(SemanticChunker(), document(text))
    assert [chunk.breadcrumb for chunk in chunks] == [(label,) for label in labels]


def test_a_cut_falls_where_the_topic_shifts() -> None:
    one = "The turbine blade of the engine was cooled by air from the compressor stage {n}. "
    two = "Patients with asthma inhaled the steroid twice daily for week {n} of the trial. "
    text = "".join(one.format(n=n) for n in range(9)) + "".join(two.format(n=n) for n in range(14))
    starts = {chunk.start for chunk in check(SemanticChunker(), document(text))}
    assert text.index("Patients") in starts
    plain = {chunk.start for chunk in check(RecursiveChunker(850), document(text))}
    assert text.index("Patients") not in plain


def test_cohesion_counts_shared_words() -> None:
    one, two = frozenset({"turbin", "blade"}), frozenset({"blade", "patien", "asthma"})
    assert cohesion([one], [two]) == 0.5
    assert cohesion([one], [frozenset()]) == 0.0


# --- hierarchical


def test_a_code_block_is_never_cut_and_keeps_its_lead_in() -> None:
    text = f"# Use\n\n{SENTENCE * 9}Call it like this:\n\n{CODE}\n\n{SENTENCE * 9}"
    chunks = check(HierarchicalChunker(), document(text))
    holding = [chunk for chunk in chunks if "```python" in chunk.text]
    assert len(holding) == 1
    assert CODE in holding[0].text and "Call it like this:" in holding[0].text


def test_a_chunk_tells_what_most_of_it_is() -> None:
    text = f"Call it:\n\n{CODE}"
    assert [chunk.kind for chunk in check(HierarchicalChunker(), document(text))] == ["code"]
    assert [chunk.kind for chunk in check(HierarchicalChunker(), document("- one\n- two\n"))] == ["list"]


def test_a_code_block_beyond_the_limit_is_a_chunk_of_its_own_with_the_sentence_before_it() -> None:
    code = "```\n" + "x = 1\n\n" * 900 + "```"
    text = f"{SENTENCE * 3}\n\n{code}\n\n{SENTENCE * 3}"
    chunks = check(HierarchicalChunker(), document(text))
    assert [chunk.text for chunk in chunks if "x = 1" in chunk.text] == [f"{SENTENCE}\n\n{code}"]


def test_code_blocks_of_the_reader_are_atomic_too() -> None:
    code = "".join(f"line {n} of the listing\n\n" for n in range(60)).rstrip()
    text = f"{SENTENCE * 12}\n\n{code}\n\n{SENTENCE * 12}"
    start = text.index("line 0")
    chunks = check(HierarchicalChunker(), document(text, Block("code", start, start + len(code), language="text")))
    assert sum(code in chunk.text for chunk in chunks) == 1


def test_table_rows_are_not_cut() -> None:
    rows = [f"| item {n} | {'a long description of it. And more. ' * 3}| {n} |" for n in range(40)]
    text = f"The table shows the items:\n\n{chr(10).join(rows)}\n"
    chunks = check(HierarchicalChunker(), document(text))
    assert len(chunks) > 3
    assert all(
        line.startswith(("|", "The")) and line.endswith(("|", ":"))
        for c in chunks
        for line in c.text.split("\n")
        if line
    )
    assert "The table shows the items:" in chunks[0].text and rows[0] in chunks[0].text
    assert max(len(chunk.text) for chunk in chunks) < 1100


def test_a_heading_is_never_parted_from_what_follows() -> None:
    text = "\n\n".join(f"## Part {n}\n\n{SENTENCE * 14}" for n in range(5))
    for strategy in ("semantic", "hierarchical"):
        for chunk in check(chunker_for(strategy), document(text)):
            assert not chunk.text.rstrip().split("\n")[-1].startswith("#")


def test_tiny_sections_share_a_chunk_and_their_common_headings() -> None:
    text = "# Glossary\n\n" + "\n\n".join(f"## Term {n}\n\nA short note on it." for n in range(8))
    chunks = check(HierarchicalChunker(), document(text))
    assert len(chunks) == 1
    assert chunks[0].breadcrumb == ("Glossary",)


# --- real corpora


@pytest.mark.parametrize("corpus", ["legal/caselaw", "legal/contracts", "technical", "medical"])
def test_real_documents_are_covered_by_every_strategy(shared_data: Path, corpus: str) -> None:
    import gzip
    import itertools
    import json

    with gzip.open(shared_data / corpus / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in itertools.islice(lines, 12)]
    for strategy in STRATEGIES:
        for text in texts:
            check(chunker_for(strategy), document(text[:60_000]))
