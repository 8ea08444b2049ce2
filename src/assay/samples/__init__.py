"""Three sample libraries: law, medicine, engineering. In this project's own words, not reviewed by a professional.

`library.json` of each says what its documents are, what they are about, and which questions it answers. The technical
library also holds this product's documentation and the running interpreter's standard library, built on the spot.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from assay.errors import NotFound
from assay.types import EMPTY, Record, freeze

NAMES = ("legal", "medical", "technical")


@dataclass(frozen=True, slots=True)
class SampleDocument(Record):
    """A file of a sample library and the metadata that the file cannot carry itself."""

    path: Path
    metadata: Mapping[str, Any] = EMPTY


@dataclass(frozen=True, slots=True)
class SampleQuestion(Record):
    """A question that the library answers: a phrase the answer must hold, and the document it must cite."""

    question: str
    expect: str
    cites: str


@dataclass(frozen=True, slots=True)
class SampleLibrary(Record):
    """A sample library: its documents, questions it answers, and questions of its field that it cannot answer."""

    name: str
    title: str
    description: str
    documents: tuple[SampleDocument, ...]
    questions: tuple[SampleQuestion, ...]
    unanswerable: tuple[str, ...]


def sample_library(name: str) -> SampleLibrary:
    """The sample library of a field; NotFound lists the ones there are."""
    if name not in NAMES:
        raise NotFound(f"there is no sample library {name!r}", next=f"choose one of: {', '.join(NAMES)}")
    folder = Path(str(resources.files("assay.samples"))) / name
    told = json.loads((folder / "library.json").read_text(encoding="utf-8"))
    return SampleLibrary(
        name=told["name"],
        title=told["title"],
        description=told["description"],
        documents=tuple(
            SampleDocument(folder / item["path"], freeze(item.get("metadata", {}))) for item in told["documents"]
        ),
        questions=tuple(SampleQuestion(item["question"], item["expect"], item["cites"]) for item in told["questions"]),
        unanswerable=tuple(told["unanswerable"]),
    )


def product_documentation() -> list[Path]:
    """The pages of this product's own documentation, from the installed package or from the source tree."""
    here = Path(str(resources.files("assay.samples")))
    for folder in (here / "technical" / "assay-docs", here.parents[2] / "docs"):
        if (folder / "architecture.md").is_file():
            return sorted(path for path in folder.rglob("*.md"))
    return []
