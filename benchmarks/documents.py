"""Real documents and questions to measure with: the shared medical abstracts where they are, else the sample libraries.

`varied` makes a library of any size out of them: first each text as it is, then copies with sentences in another order
and some words replaced by words of the whole collection. Everything is drawn from fixed seeds.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.samples import NAMES, sample_library

SEED = 20261122
GROUPS = 100
REPLACED = 0.15
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_KINDS = ("medevidence", "pubmedqa", "evinf", "scifact")


@dataclass(frozen=True, slots=True)
class RealText:
    """One document."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and, where it is known, a document that answers it."""

    text: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, those first that answer a question; questions; and where they come from."""

    name: str
    documents: tuple[RealText, ...]
    questions: tuple[Asked, ...]


def shared_data() -> Path | None:
    """The folder of labelled corpora beside the project, or where ASSAY_SHARED_DATA says; None where it is not."""
    place = Path(os.environ.get("ASSAY_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    return place if (place / "medical" / "corpus.jsonl.gz").is_file() else None


def collection(questions: int) -> Collection:
    """The documents of this machine and at most so many questions about them."""
    place = shared_data()
    return _medical(place / "medical", questions) if place else _samples(questions)


def _medical(folder: Path, most: int) -> Collection:
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = {row["id"]: RealText(row["id"], row["title"], row["text"]) for row in rows if len(row["text"]) > 200}
    answers = _answers(folder / "qrels.tsv")
    with (folder / "queries.jsonl").open(encoding="utf-8") as file:
        told = [json.loads(line) for line in file]
    usable = [query for query in told if query["id"] in answers and answers[query["id"]] in texts]
    random.Random(SEED).shuffle(usable)
    by_kind = [[query for query in usable if query["task"] == kind][: -(-most // len(_KINDS))] for kind in _KINDS]
    chosen = [query for together in zip(*by_kind, strict=False) for query in together][:most]
    asked = tuple(Asked(query["text"], answers[query["id"]]) for query in chosen)
    return Collection("medical abstracts (shared data)", _ordered(texts, asked), asked)


def _answers(qrels: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in qrels.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, *_ = line.split("\t")
        found.setdefault(query, document)
    return found


def _ordered(texts: dict[str, RealText], asked: Sequence[Asked]) -> tuple[RealText, ...]:
    first = dict.fromkeys(question.answered_by for question in asked)
    rest = [key for key in texts if key not in first]
    random.Random(SEED + 1).shuffle(rest)
    return tuple(texts[key] for key in [*first, *rest])


def _samples(most: int) -> Collection:
    libraries = [sample_library(name) for name in NAMES]
    texts: dict[str, RealText] = {}
    for library in libraries:
        for document in library.documents:
            if document.path.suffix in (".md", ".txt", ".rst", ".html"):
                text = document.path.read_text(encoding="utf-8", errors="replace")
                texts[document.path.name] = RealText(document.path.name, document.path.stem, text)
    asked = tuple(Asked(question.question, "") for library in libraries for question in library.questions)
    return Collection("sample libraries", tuple(texts.values()), asked[:most])


def group_of(number: int) -> str:
    """The one group that may read document `number`."""
    return f"g{(number * 37) % GROUPS:02d}"


def varied(texts: Sequence[RealText], seed: int = SEED) -> Iterator[RealText]:
    """The texts as they are, then varied again and again without end."""
    yield from texts
    words = [word for text in texts[:5000] for word in text.text.split()]
    number = 0
    while True:
        for text in texts:
            number += 1
            yield _variation(text, number, words, random.Random(seed + number))


def _variation(text: RealText, number: int, words: Sequence[str], draw: random.Random) -> RealText:
    sentences = _SENTENCE.split(text.text)
    draw.shuffle(sentences)
    mixed = [draw.choice(words) if draw.random() < REPLACED else word for word in " ".join(sentences).split()]
    title = " ".join(draw.choice(words) if draw.random() < REPLACED else word for word in text.title.split())
    return RealText(f"{text.id}#{number}", title, " ".join(mixed))
