"""The labelled sets that docs/quality.md tells of: where they lie, how they are asked, what is aimed at.

Aims are those set for the development data: `target` for the engine with the neutral pack, `pack_target` with the pack
of the set's domain. A library is filled with the pack of its domain switched on, and asked with it or without.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assay.evaluation.dataset import json_lines
from assay.evaluation.library import MeasuredLibrary

WITHOUT_PACK = "without the pack"


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
    pack_target: float | None = None
    whole: int = 0
    """Documents of the whole library: the aims are for that, and are not set beside a smaller one."""
    masked: bool = False
    """Whether what the questions name in `mask` (their own words as a heading) is blanked in the documents."""
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

    def measured(
        self,
        data: Path,
        stores: Path,
        settings: Mapping[str, Mapping[str, Any]] | None = None,
        *,
        pack: bool = True,
    ) -> MeasuredLibrary:
        """The library, kept below `stores` and made there first where it is not; asked with the domain's pack or the
        neutral one."""
        corpus, kept = data / self.folder / "corpus.jsonl.gz", stores / self.library
        if self.masked and not kept.is_dir():
            corpus = _blanked(corpus, self.queries(data), stores / f"{self.library}.jsonl")
        domain = self.domain if pack or not kept.is_dir() else "general"
        return MeasuredLibrary(corpus, kept, self.corpus_filters, domain, None, settings or {})


def _blanked(corpus: Path, queries: Path, target: Path) -> Path:
    """The corpus with every span that a question names in `mask` turned to spaces; offsets stay."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for query in json_lines(queries):
        if query.get("mask"):
            document, start, end = query["mask"]
            spans.setdefault(document, []).append((start, end))
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8") as file:
        for record in json_lines(corpus):
            text = record["text"]
            for start, end in spans.get(record["id"], ()):
                blank = "".join(c if c == "\n" else " " for c in text[start:end])
                text = text[:start] + blank + text[end:]
            file.write(json.dumps({**record, "text": text}, ensure_ascii=False) + "\n")
    return target


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
        _any(task="medevidence"), family_field="review_pmid", target=0.70, pack_target=0.71,
        whole=14405,
    ),
    QualitySet(
        "pubmedqa", "PubMedQA, question to its abstract", "medical", "medical", "medical",
        _any(task="pubmedqa"), answers=False, most=200, whole=14405,
    ),
    QualitySet(
        "ucc", "UCC questions to sections", "legal", "legal/statutes_ucc", "ucc",
        metric="hit@1", target=0.88, pack_target=0.90, whole=613,
    ),
    QualitySet(
        "caselaw", "First Circuit opinions, the opinion cited", "legal", "legal/caselaw", "caselaw",
        _any(kind="cite"), exclude_field="exclude", target=0.48, pack_target=0.50, whole=1005, answers=False,
    ),
    QualitySet(
        "contracts", "Contracts mini, the question names the document", "legal", "legal/contracts", "contracts",
        _any(mini=True), macro="subset", metric="char_p@1", target=0.29, pack_target=0.32, most=529, whole=582,
    ),
    QualitySet(
        "conala", "CoNaLa tasks to Python documentation", "technical", "technical", "python",
        _any(source="conala", library="python", flags=None), _PYTHON, family_field="split_key", metric="passage_hit@10",
        target=0.36, pack_target=0.50, fit=False, most=906, whole=530,
    ),
    QualitySet(
        "faq", "Python FAQ headings (not masked)", "technical", "technical", "python",
        _any(source="faq", library="python"), _PYTHON, metric="passage_hit@5", whole=530,
    ),
    QualitySet(
        "faq-masked", "Python FAQ, the heading blanked", "technical", "technical", "faq-masked",
        _any(source="faq", library="python"), _PYTHON, metric="passage_hit@5", target=0.75, pack_target=0.78, whole=530,
        masked=True, answers=False,
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
