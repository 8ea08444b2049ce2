"""Fits the design model of the medical pack on documents with known designs, and says how well it does on others.

    python -m tools.fit_designs --data ../shared/data [--write]

Reads `medical/corpus.jsonl.gz` and the study_type labels of `medical/doc_labels.jsonl`. Prints macro F1 over five
stratified folds; with --write also fits on everything and writes `domains/medical/evidence/design_weights.json`.
Multinomial logistic regression, L2, classes weighted by their rarity; the most telling features are chosen inside each
fold. Needs scikit-learn, which the product does not: install it for this alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from assay.domains.medical.evidence.cues import scan
from assay.domains.medical.evidence.model import CLASSES, features_of

Features = Mapping[str, float]
WEIGHTS = Path(__file__).resolve().parents[1] / "src/assay/domains/medical/evidence/design_weights.json"
LEAST_DOCUMENTS = 6
KEPT, C = 400, 0.12


def main() -> None:
    """Measure, and write where asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    told = parser.parse_args()
    features, designs = _labelled(told.data / "medical")
    print(f"{len(designs)} documents, macro F1 over five folds {_crossed(features, designs):.3f}")
    if told.write:
        keep = _telling(features, designs)
        names, model = _fitted(features, designs, keep)
        if tuple(model.classes_) != CLASSES:
            raise SystemExit(f"the labels are {tuple(model.classes_)}, the pack knows {CLASSES}")
        _write(names, model)
        print(f"wrote {len(names)} features to {WEIGHTS.name}")


def _labelled(folder: Path) -> tuple[list[Features], list[str]]:
    lines = (folder / "doc_labels.jsonl").read_text(encoding="utf-8").splitlines()
    designs = {row["id"]: row["design"] for row in map(json.loads, lines) if row["task"] == "study_type"}
    features: dict[str, Features] = {}
    with gzip.open(folder / "corpus.jsonl.gz", "rt", encoding="utf-8") as corpus:
        for row in map(json.loads, corpus):
            if row["id"] in designs:
                title = row["title"]
                features[row["id"]] = features_of(scan(title), scan(row["text"]), asks="?" in title)
    known = [key for key in designs if key in features]
    return [features[key] for key in known], [designs[key] for key in known]


def _crossed(features: Sequence[Features], designs: Sequence[str]) -> float:
    selection, metrics = import_module("sklearn.model_selection"), import_module("sklearn.metrics")
    found = np.empty(len(designs), object)
    folds = selection.StratifiedKFold(5, shuffle=True, random_state=0)
    for train, test in folds.split(features, designs):
        some, labels = [features[i] for i in train], [designs[i] for i in train]
        keep = _telling(some, labels)
        names, model = _fitted(some, labels, keep)
        found[test] = model.predict(_matrix([features[i] for i in test], names))
    return float(metrics.f1_score(designs, found.astype(str), average="macro"))


def _telling(features: Sequence[Features], designs: Sequence[str]) -> set[str]:
    """The group features, and the phrases with the greatest weights in a first fit."""
    counts = Counter(name for some in features for name in some)
    names, model = _fitted(features, designs, {name for name, count in counts.items() if count >= LEAST_DOCUMENTS})
    groups = {name for name in names if (name[0] in "TBA" and name[1] == ":") or "=" not in name}
    order = np.argsort(-np.abs(model.coef_).max(axis=0))
    phrases = [names[i] for i in order if names[i] not in groups]
    return groups | set(phrases[:KEPT])


def _fitted(features: Sequence[Features], designs: Sequence[str], keep: set[str]) -> tuple[list[str], Any]:
    names = sorted(keep)
    model = import_module("sklearn.linear_model").LogisticRegression(C=C, class_weight="balanced", max_iter=1500)
    return names, model.fit(_matrix(features, names), designs)


def _matrix(features: Sequence[Features], names: Sequence[str]) -> Any:
    return np.array([[some.get(name, 0.0) for name in names] for some in features], np.float64)


def _write(names: Sequence[str], model: Any) -> None:
    bias = json.dumps([round(float(value), 3) for value in model.intercept_])
    rows = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps([round(float(w), 2) for w in model.coef_[:, i]])}"
        for i, name in enumerate(names)
    )
    WEIGHTS.write_text(f'{{"bias": {bias},\n "features": {{\n{rows}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
