"""Sentences: what ends one in law, medicine and engineering, and what does not."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.textual.sentences import Span, sentences

WHOLE = [
    "ProCD, Inc. v. Zeidenberg, 86 F.3d 1447 (7th Cir. 1996), reversed the judgment.",
    "The appeal in No. 95-1654 was argued before Mr. Justice J. P. Stevens.",
    "See 17 U.S.C. § 107; cf. Campbell v. Acuff-Rose Music, Inc., 510 U.S. 569, 114 S. Ct. 1164 (1994).",
    "The mean was 0.76 (95% CI 0.69 to 0.84; p < 0.05) in adults, e.g. those over 65.",
    "Smith et al. found no effect (Fig. 2) in approx. 40 patients.",
    'He asked "Why?" and left.',
    "Section 2.1. The Licensee shall pay all fees.",
    "The pipeline calls os.path.join and then, i.e. at the end, re.compile.",
    "The rule of Strickland v. Washington, 466 U.S. 668, 80 L. Ed. 2d 674 (1984), applies . . . to this case.",
]

SPLIT = [
    ("The court agreed. The judgment was reversed.", 2),
    ("Acme Corp. sued. The defendant answered. Judgment was entered in the U.S. It was appealed.", 4),
    ("Twelve patients withdrew. 34 completed the trial. p was 0.03.", 2),
    ("The answer is no. The question stands.", 2),
    ("The dose was 0.5 mg. Twelve withdrew!  Did any return? None did.", 4),
    ("Results were good.[12] The next trial failed.", 2),
    ('"It is so ordered." The clerk wrote it down.', 2),
    ("See Id. The court agreed.", 2),
    ("これは文です。次の文です。", 2),
    ("هل هذا صحيح؟ نعم.", 2),
    (
        "First line of a wrapped paragraph that goes on for\nquite a while. The second sentence starts\nhere.",
        2,
    ),
    ("A TITLE\n\nThe text below it.", 2),
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_stop_inside_a_citation_number_or_abbreviation_ends_no_sentence(text: str) -> None:
    assert [span.of(text) for span in sentences(text)] == [text]


@pytest.mark.parametrize(("text", "count"), SPLIT)
def test_a_stop_at_the_end_of_a_sentence_ends_it(text: str, count: int) -> None:
    assert len(sentences(text)) == count, [span.of(text) for span in sentences(text)]


def test_headings_items_rows_and_code_are_units_of_their_own() -> None:
    text = (
        "# Setting up\n\nRun this. It takes a minute.\n\n```python\nprint('Hi. There.')\n\nx = 1\n```\n\n"
        "- first item. With two sentences.\n- second item\n\n| a | b |\n|---|---|\n| 1. One | 2 |\n"
    )
    found = [(span.kind, span.of(text)) for span in sentences(text)]
    assert found == [
        ("heading", "# Setting up"),
        ("prose", "Run this."),
        ("prose", "It takes a minute."),
        ("code", "```python\nprint('Hi. There.')\n\nx = 1\n```"),
        ("item", "- first item."),
        ("item", "With two sentences."),
        ("item", "- second item"),
        ("row", "| a | b |"),
        ("row", "|---|---|"),
        ("row", "| 1. One | 2 |"),
    ]


def test_a_clause_keeps_its_number() -> None:
    text = "1. Definitions. “Goods” means all things.\n(a) A sale is a transfer. It has a price.\n(b) A lease is none."
    found = [span.of(text) for span in sentences(text)]
    assert found[0] == "1. Definitions."
    assert found[2:] == ["(a) A sale is a transfer.", "It has a price.", "(b) A lease is none."]


def test_empty_and_blank_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n\t\r\n ") == []


@given(st.text(alphabet=st.sampled_from(list("aB1 .!?\n\r\t\"'()[]#-`~|>:é。\u2028é\u0301=*")), max_size=300))
def test_every_character_lies_in_exactly_one_sentence(text: str) -> None:
    spans = sentences(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))
    assert all(span.of(text) == span.of(text).strip() != "" for span in spans if span.kind != "code")
    kept = sum(len("".join(span.of(text).split())) for span in spans)
    assert kept == len("".join(text.split()))


HARD = [
    "a " * 500_000,
    "." * 1_000_000,
    ". " * 500_000,
    "x. " * 300_000,
    ".[1]" * 250_000,
    "`" * 10 + "\n" + "~~~~ x\n" * 100_000,
    "::\n\n   x\n" * 90_000,
    "A" * 1_000_000 + ":",
    "| " * 400_000,
]


@pytest.mark.parametrize("text", HARD, ids=[repr(text[:6]) for text in HARD])
def test_a_megabyte_takes_seconds_whatever_it_holds(text: str) -> None:
    since = time.process_time()
    assert sentences(text)
    assert time.process_time() - since < 8.0


def test_a_span_gives_its_characters() -> None:
    assert Span(2, 5).of("abcdefg") == "cde"
