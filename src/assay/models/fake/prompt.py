"""Reads the prompt as a model would: the question, the numbered passages, and their sentences. Parsing only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PASSAGE = re.compile(r"^[ \t]*<passage\b([^>\n]*)>[ \t]*\n(.*?)\n?[ \t]*</passage>", re.DOTALL | re.MULTILINE)
_NUMBER = re.compile(r"\bn=\"?(\d+)")
_QUESTION = re.compile(r"<question>\s*(.*?)\s*</question>", re.DOTALL)
_SENTENCE_END = re.compile(
    r"(?<!\bv)(?<!\bNo)(?<!\bDr)(?<!\be\.g)(?<!\bi\.e)[.!?][\"')\]”’]*\s+(?=[A-Z0-9(\"“‘\[])|\n\s*\n"
)
_LONG = 400


@dataclass(frozen=True, slots=True)
class PromptPassage:
    """One passage of the prompt, with the number it is cited by."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked, and from what it shall answer."""

    question: str
    passages: tuple[PromptPassage, ...]


def read_prompt(text: str) -> Prompt:
    """The passages (`<passage n="1" ...>` on a line of its own, to `</passage>`) and the question outside them."""
    passages: list[PromptPassage] = []
    for found in _PASSAGE.finditer(text):
        number = _NUMBER.search(found[1])
        passages.append(PromptPassage(int(number[1]) if number else len(passages) + 1, found[2]))
    rest = _PASSAGE.sub("", text)
    questions = _QUESTION.findall(rest)
    lines = [line.strip() for line in rest.splitlines() if line.strip()]
    return Prompt(questions[-1] if questions else (lines[-1] if lines else ""), tuple(passages))


def sentences(text: str) -> Iterator[str]:
    """The sentences of a passage, each exactly as it stands there; a very long one goes line by line."""
    start = 0
    for end in (*(found.end() for found in _SENTENCE_END.finditer(text)), len(text)):
        sentence = text[start:end].strip()
        start = end
        if len(sentence) > _LONG:
            yield from (line.strip() for line in sentence.splitlines() if line.strip())
        elif sentence:
            yield sentence
