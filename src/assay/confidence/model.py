"""The two fitted models of a library: `relevance` of a passage and `confidence` of an answer.

They come from the store's own `confidence.json` (fitted on its user's labelled questions) if there is one, else from
the file shipped for the domain, else from the general one. A model holds for the embedder it was fitted with: with
another one nothing is stated, rather than a number that means nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from assay.confidence.features import answer_features, passage_features
from assay.confidence.logistic import Logistic, from_mapping
from assay.errors import InputError
from assay.types import EMPTY, Passage, Record, Retrieval, Verified

FILE = "confidence.json"
FORMAT = 1
_LEAST, _MOST = 0.01, 0.99
"""No fit over some thousand questions knows more than that."""


@dataclass(frozen=True, slots=True)
class ConfidenceModel(Record):
    """Both models, the embedder family they were fitted with, and their data card."""

    relevance: Logistic
    confidence: Logistic
    embedder: str
    card: Mapping[str, Any] = EMPTY

    def with_relevance(self, question: str, retrieval: Retrieval) -> Retrieval:
        """The retrieval with each passage's calibrated relevance filled in."""
        rows = passage_features(question, retrieval.passages)
        passages = tuple(
            replace(passage, relevance=_bounded(self.relevance.probability(row)))
            for passage, row in zip(retrieval.passages, rows, strict=True)
        )
        return replace(retrieval, passages=passages)

    def confidence_of(self, question: str, passages: Sequence[Passage], verified: Verified) -> float | None:
        """The calibrated chance that the answer rests on a right place; None where nothing was claimed."""
        if not verified.claims:
            return None
        row = answer_features(question, passages, verified.claims, verified.dropped)
        return _bounded(self.confidence.probability(row))

    def told(self) -> dict[str, Any]:
        """What a model file holds."""
        return {"format": FORMAT, **self.to_dict()}


def model_for(fingerprint: str, domain: str, store: Path | None = None) -> ConfidenceModel | None:
    """The model in force; None where none was fitted for this embedder. InputError where the store's file is broken."""
    own = store / FILE if store else None
    model = read_model(own) if own and own.is_file() else shipped(domain) or shipped("general")
    return model if model and model.embedder == family(fingerprint) else None


def family(fingerprint: str) -> str:
    """The part of an embedder's fingerprint that names the model."""
    return re.split("[;:]", fingerprint, maxsplit=1)[0]


@cache
def shipped(name: str) -> ConfidenceModel | None:
    """The model file that comes with the package, or None."""
    if not re.fullmatch(r"[a-z_]+", name):
        return None
    file = resources.files("assay.confidence").joinpath("models", f"{name}.json")
    return parse_model(file.read_text(encoding="utf-8"), str(name)) if file.is_file() else None


def read_model(path: Path) -> ConfidenceModel:
    """The model in a file; InputError where it cannot be read."""
    try:
        return parse_model(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise InputError(f"{path} cannot be read", why=str(error)) from error


def parse_model(text: str, place: str) -> ConfidenceModel:
    """The model written in `text`."""
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError(f"format {told['format']!r}, this version reads {FORMAT}")
        return ConfidenceModel(
            from_mapping(told["relevance"]), from_mapping(told["confidence"]), str(told["embedder"]), told["card"]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"the confidence model {place} cannot be read",
            why=str(error),
            next="fit it again with: assay eval fit-confidence",
        ) from error


def write_model(model: ConfidenceModel, path: Path) -> None:
    """Write a model file; readers see the old one or the new one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(model.told(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    temporary.replace(path)


def _bounded(value: float) -> float:
    return min(_MOST, max(_LEAST, value))
