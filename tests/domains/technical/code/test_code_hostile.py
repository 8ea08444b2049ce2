"""Text made to break an analyzer: it comes back in bounded time, with a report, whatever the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.domains.technical.code import CodeAnalyzer

ANALYZER = CodeAnalyzer()
LABELS = ("", "python", "pycon", "bash", "javascript", "java", "c", "cpp", "go", "rust", "sql", "html", "json", "yaml")
HOSTILE = {
    "open brackets": "(" * 60_000,
    "nested calls": "f(" * 20_000 + ")" * 20_000,
    "minus signs": "-" * 60_000 + "1",
    "long sum": "1" + "+1" * 30_000,
    "long chain": "x" + ".a()" * 15_000,
    "short chain": "x" + ".a()" * 150,
    "subscripts": "x" + "[0]" * 30_000,
    "indents": "".join(" " * n + "if x:\n" for n in range(300)),
    "templates": "a<b<" * 8000,
    "braces": "{" * 20_000,
    "tags": "<div>" * 12_000,
    "items": "- " * 20_000,
    "null": "\x00" * 500,
    "continued": "\\\n" * 20_000,
    "one line": "x = 1; " * 20_000,
    "quotes": "'" * 9999 + '"""' * 999,
    "fences": "```\n" * 5000,
    "prompts": ">>> \n" * 8000,
    "surrogate": "x = '\ud800'\n",
    "separators": "a\x0cb\u2028c\x85d = 1\n",
    "f-strings": "f'{" * 300,
    "colons": "def f(\n" * 2000,
    "words": "word " * 40_000,
    "blank": " \n" * 50_000,
}


@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_text_gets_a_report_in_bounded_time(name: str, label: str) -> None:
    text = HOSTILE[name]
    since = time.thread_time()
    report = ANALYZER.analyze(text, label)
    assert time.thread_time() - since < 5.0
    assert 0 <= report.start <= report.end <= len(text)


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_answers_are_searched_for_snippets_in_bounded_time(name: str) -> None:
    since = time.thread_time()
    ANALYZER.snippets(HOSTILE[name])
    assert time.thread_time() - since < 10.0


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("ab \n\t.:=()[]{}<>'\"`$>#*-+\\/;,%@!?é0")), max_size=120),
    st.sampled_from(LABELS),
)
def test_any_text_gets_the_same_report_twice_with_spans_inside_it(text: str, label: str) -> None:
    report = ANALYZER.analyze(text, label)
    assert report == ANALYZER.analyze(text, label)
    spans = [(item.start, item.end) for item in report.imports]
    spans += [(item.start, item.end) for item in report.uses]
    spans += [(item.start, item.end) for item in report.definitions]
    spans += [(item.start, item.end) for item in report.parts]
    assert all(0 <= start <= end <= len(text) for start, end in spans)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=80), st.integers(-5, 100), st.integers(-5, 100))
def test_any_block_of_any_text_gets_a_report(text: str, start: int, end: int) -> None:
    report = ANALYZER.analyze_block(text, start, end)
    assert 0 <= report.start <= report.end <= len(text)


def test_text_beyond_the_bound_is_judged_by_its_beginning_and_said_to_be() -> None:
    report = ANALYZER.analyze("import os\n" * 30_000)
    assert report.truncated and report.language == "python"
