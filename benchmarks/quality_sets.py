"""The labelled sets that docs/quality.md tells of: where they lie, how they are asked, what is aimed at.

Targets are those set for the development data; each names the metric that it is for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.evaluation.library import MeasuredLibrary


@dataclass(frozen=True)
class QualitySet:
    """One set of labelled questions over one library. `most`: questions asked where nothing else is said."""

    name: str
    title: str
    domain: str
    folder: str
    library: str
    filters: Mapping[str, Any] = field(default_factory=dict)
    corpus_filters: Mapping[str, Any] = field(default_factory=dict)
    exclude_field: str = ""
    family_field: str = ""
    macro: str = ""
    metric: str = "ndcg@10"
    target: float | None = None
    whole: int = 0
    """Documents of the whole library: the target is for that, and is not set beside a smaller one."""
    answers: bool = True
    fit: bool = True
    """Whether confidence is fitted on it: not where an unlabelled place answers as well."""
    most: int = 400

    def queries(self, data: Path) -> Path:
        """The file of questions."""
        return data / self.folder / "queries.jsonl"

    def qrels(self, data: Path) -> Path:
        """The file of labels."""
        return data / self.folder / "qrels.tsv"

    def measured(self, data: Path, stores: Path, settings: Mapping[str, Mapping[str, Any]] | None = None) -> Any:
        """The library, kept below `stores` and made there first where it is not."""
        return MeasuredLibrary(
            data / self.folder / "corpus.jsonl.gz",
            stores / self.library,
            self.corpus_filters,
            "general",
            None,
            settings or {},
        )


def _any(**values: Any) -> dict[str, Any]:
    return {name: {"any": [value]} for name, value in values.items()}


_PYTHON = _any(library="python")
SETS: tuple[QualitySet, ...] = (
    QualitySet(
        "scifact", "SciFact claims to abstracts", "medical", "medical", "medical",
        _any(task="scifact"), target=0.72, most=747, whole=14405,
    ),
    QualitySet(
        "scifact-beir", "SciFact, BEIR test claims", "medical", "medical", "scifact",
        _any(task="scifact", beir_split="test"), _any(sources="scifact"), target=0.74, answers=False, whole=5183,
    ),
    QualitySet(
        "medevidence", "MedEvidence, primary studies of a review's conclusion", "medical", "medical", "medical",
        _any(task="medevidence"), family_field="review_pmid", target=0.70, whole=14405,
    ),
    QualitySet(
        "pubmedqa", "PubMedQA, question to its abstract", "medical", "medical", "medical",
        _any(task="pubmedqa"), answers=False, most=200, whole=14405,
    ),
    QualitySet(
        "ucc", "UCC questions to sections", "legal", "legal/statutes_ucc", "ucc",
        metric="hit@1", target=0.88, whole=613,
    ),
    QualitySet(
        "caselaw", "First Circuit opinions, the opinion cited", "legal", "legal/caselaw", "caselaw",
        _any(kind="cite"), exclude_field="exclude", target=0.48, whole=1005,
    ),
    QualitySet(
        "contracts", "Contracts mini, the question names the document", "legal", "legal/contracts", "contracts",
        _any(mini=True), macro="subset", metric="char_p@1", target=0.29, most=529, whole=582,
    ),
    QualitySet(
        "conala", "CoNaLa tasks to Python documentation", "technical", "technical", "python",
        _any(source="conala", library="python", flags=None), _PYTHON, family_field="split_key", metric="passage_hit@10",
        fit=False, whole=530,
    ),
    QualitySet(
        "faq", "Python FAQ headings (not masked)", "technical", "technical", "python",
        _any(source="faq", library="python"), _PYTHON, metric="passage_hit@5", whole=530,
    ),
    QualitySet(
        "index", "Python index entries, short look-ups", "technical", "technical", "python",
        _any(source="index", library="python"), _PYTHON, metric="passage_hit@5", most=150, whole=530,
    ),
)  # fmt: skip


def chosen(names: str) -> list[QualitySet]:
    """The sets named, comma-separated; all where nothing is named."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = set(wanted) - {item.name for item in SETS}
    if unknown:
        raise SystemExit(f"there is no set {', '.join(sorted(unknown))}; there are {', '.join(s.name for s in SETS)}")
    return [item for item in SETS if not wanted or item.name in wanted]
