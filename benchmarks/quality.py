"""Measures quality, a table a command, and writes docs/quality.md from what was measured.

    python -m benchmarks.quality retrieval    --data DATA --stores DIR   # ranking, each signal left out
    python -m benchmarks.quality answers      --data DATA --stores DIR   # answers, near misses, other fields
    python -m benchmarks.quality fit          --stores DIR               # the shipped confidence model
    python -m benchmarks.quality verification --claims DIR               # each check left out; paraphrases
    python -m benchmarks.quality report [--check]                        # docs/quality.md and its plots

Each writes results/quality-NAME.json. Libraries and the records of asked questions are kept below --stores. `--sets`
names sets, `--most` bounds the questions of each; both are told in the results.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assay.confidence.model import write_model
from assay.evaluation.answering import AnswersRun
from assay.evaluation.answers import finite, near_miss, precisions, report, stated
from assay.evaluation.asking import Asked, read_asked, write_asked
from assay.evaluation.calibration import calibration, risk_coverage
from assay.evaluation.comparing import compare
from assay.evaluation.fitting import FittedConfidence, fit_confidence, fit_domains
from assay.evaluation.run import RetrievalRun
from benchmarks.common import RESULTS, keep, load, say
from benchmarks.quality_sets import WITHOUT_PACK, QualitySet, chosen

MODELS = Path(__file__).resolve().parents[1] / "src" / "assay" / "confidence" / "models"
VARIANTS: Mapping[str, Mapping[str, float]] = {
    "default": {},
    WITHOUT_PACK: {},
    "bm25 alone": {"cosine_weight": 0.0, "late_weight": 0.0},
    "without bm25": {"bm25_weight": 0.0},
    "without cosine": {"cosine_weight": 0.0},
    "without late interaction": {"late_weight": 0.0},
}
EMBEDDER = "all-MiniLM-L6-v2"


def main() -> int:
    """The command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", choices=("retrieval", "answers", "fit", "verification", "report"))
    data = os.environ.get("ASSAY_SHARED_DATA", str(Path(__file__).resolve().parents[2] / "shared" / "data"))
    parser.add_argument("--data", type=Path, default=Path(data), help="the labelled corpora")
    parser.add_argument("--stores", type=Path, default=Path.home() / ".cache" / "assay-quality")
    parser.add_argument(
        "--claims", type=Path, default=Path("claims"), help="folder that benchmarks.verification.make wrote"
    )
    parser.add_argument("--sets", default="", help="names, comma-separated (default: all)")
    parser.add_argument("--most", type=int, default=0, help="questions a set at most (default: as each set says)")
    parser.add_argument("--check", action="store_true", help="report: fail where the page is out of date")
    parser.add_argument("--print", action="store_true", help="print the result and leave the result file as it is")
    options = parser.parse_args()
    if options.what == "report":
        from benchmarks.quality_page import write

        return write(check=options.check)
    started = load()
    results = _measured(options)
    # What is kept names no folder of this machine.
    given = {"--sets": options.sets, "--most": options.most}
    sys.argv[1:] = [options.what, *(str(part) for name, value in given.items() if value for part in (name, value))]
    settings = {"sets": options.sets or "all", "most": options.most or "as each set says"}
    keep(f"quality-{options.what}", started, settings, results, show=options.print)
    return 0


def _measured(options: argparse.Namespace) -> dict[str, Any]:
    if options.what == "verification":
        from benchmarks.quality_verification import verification

        return verification(options.claims)
    sets = chosen(options.sets)
    if options.what == "retrieval":
        return _merged("retrieval", {item.name: _retrieval(item, options) for item in sets})
    if options.what == "answers":
        return _merged("answers", {item.name: _answers(item, options) for item in sets if item.answers})
    return _fit(options.stores)


def _merged(name: str, found: Mapping[str, Any]) -> dict[str, Any]:
    """With the sets of an earlier run that this one did not measure."""
    file = RESULTS / f"quality-{name}.json"
    before = json.loads(file.read_text(encoding="utf-8"))["results"] if file.is_file() else {}
    return {**before, **found}


# --- retrieval ------------------------------------------------------------------------------------------------------


def _retrieval(item: QualitySet, options: argparse.Namespace) -> dict[str, Any]:
    """Every variant over the same questions, each compared with the default question by question."""
    runs: dict[str, Any] = {}
    for name, weights in VARIANTS.items():
        say(f"{item.name}: {name}")
        settings = {"retrieval": weights} if weights else {}
        library = item.measured(options.data, options.stores, settings, pack=name != WITHOUT_PACK)
        queries, qrels = item.queries(options.data), item.qrels(options.data)
        most = options.most or item.most
        run = RetrievalRun(library, queries, qrels, item.filters, item.exclude_field, most, item.macro)
        runs[name] = run.execute()
    default = runs["default"]
    shown = [name for name in default.scores.metrics if not name.startswith(("p@5", "p@100", "char_p@16", "char_r@16"))]
    return {
        "questions": default.scores.questions,
        "missing": len(default.scores.missing),
        "documents": default.documents,
        "metric": item.metric,
        "target": item.target,
        "pack_target": item.pack_target,
        "metrics": {name: default.scores.metrics[name].to_dict() for name in shown},
        "macro": {name: value.to_dict() for name, value in default.scores.macro.items() if name.startswith("char_")},
        "variants": {
            name: _against(run.scores.per_query, default.scores.per_query, item.metric)
            for name, run in runs.items()
            if name != "default"
        },
    }


def _against(variant: Any, default: Any, metric: str) -> dict[str, Any]:
    """The variant's figure, and what the default is better by (paired)."""
    told = compare(variant, default, metrics=[metric]).metrics[metric]
    return {"figure": told.before.to_dict(), "default_better_by": told.change.to_dict()}


# --- answers --------------------------------------------------------------------------------------------------------


def _answers(item: QualitySet, options: argparse.Namespace) -> dict[str, Any]:
    say(f"{item.name}: answers")
    others = [other for other in chosen("") if other.domain != item.domain and other.name in _FOREIGN]
    run = AnswersRun(
        item.measured(options.data, options.stores),
        item.queries(options.data),
        item.qrels(options.data),
        item.filters,
        exclude_field=item.exclude_field,
        family_field=item.family_field,
        limit=options.most or item.most,
        near_miss=True,
        off_topic=tuple(dict.fromkeys(other.queries(options.data) for other in others)),
        off_topic_limit=min(200, options.most or item.most),
    )
    asked = run.execute(lambda stage, done, total: say(f"  {done} of {total}") if done % 200 == 0 else None)
    folder = options.stores / "records"
    folder.mkdir(parents=True, exist_ok=True)
    rows = [replace(row, domain=item.domain) for row in asked.rows]
    write_asked(rows, folder / f"{item.name}.jsonl")
    told = report(rows, missing=asked.missing, threshold=asked.threshold, domain=item.domain).summary()
    return {key: value for key, value in told.items() if key not in ("missing",)} | {"missing": len(asked.missing)}


_FOREIGN = ("scifact", "ucc", "conala", "contracts")


# --- confidence -----------------------------------------------------------------------------------------------------


def _fit(stores: Path) -> dict[str, Any]:
    """The shipped models from all records: one for all domains, one a domain; figures are of families left out."""
    fitting = {item.name for item in chosen("") if item.fit}
    files = sorted(file for file in (stores / "records").glob("*.jsonl") if file.stem in fitting)
    rows, note = read_asked(files), f"development sets: {', '.join(file.stem for file in files)}"
    general = fit_confidence(rows, EMBEDDER, note=note)
    domains = fit_domains(rows, EMBEDDER, note=note)
    for name, fitted in {"general": general, **domains}.items():
        write_model(fitted.model, MODELS / f"{name}.json")
    return dict(
        finite(
            {
                "general": _figures(general, rows),
                "domains": {name: _figures(fitted, rows) for name, fitted in domains.items()},
                "sets": {file.stem: _of_set(read_asked([file]), domains) for file in files},
                "made": general.model.card["made"],
                "embedder": EMBEDDER,
                "weights": {
                    name: {t.name: t.weight for t in sorted(model.terms, key=lambda t: -abs(t.weight))[:12]}
                    for name, model in (
                        ("confidence", general.model.confidence),
                        ("relevance", general.model.relevance),
                    )
                },
            }
        )
    )


def _of_set(rows: Sequence[Asked], domains: Mapping[str, FittedConfidence]) -> dict[str, Any]:
    """Near misses and precision of one set, by the confidence of its domain's model on families left out."""
    held = {(row.id, row.mode): p for row, p in domains[rows[0].domain].confidence}
    told = report([replace(row, confidence=held.get((row.id, row.mode))) for row in rows if row.mode != "off_topic"])
    return {
        "near_miss": told.near_miss.to_dict() if told.near_miss else None,
        "precision": {name: value.to_dict() for name, value in told.precision.items()},
    }


def _figures(fitted: FittedConfidence, rows: Sequence[Asked]) -> dict[str, Any]:
    """Calibration of both quantities, near misses, and the curves, of one model."""
    natural = [(p, float(row.right)) for row, p in fitted.confidence if row.mode == "answerable"]
    held = {(row.domain, row.id, row.mode): p for row, p in fitted.confidence}
    there = {row.domain for row, _ in fitted.confidence}
    own = [
        replace(row, confidence=held.get((row.domain, row.id, row.mode)))
        for row in rows
        if row.mode != "off_topic" and row.domain in there
    ]
    answerable = [row for row in own if row.mode == "answerable"]
    return {
        "confidence": calibration(*_pairs(natural)).to_dict(),
        "relevance": calibration(*_pairs([(p, float(t)) for _, t, p in fitted.relevance])).to_dict(),
        "near_miss": near_miss(answerable, [row for row in own if row.mode == "near_miss"]).to_dict(),
        "curve": [point.to_dict() for point in risk_coverage(*stated(answerable))],
        "precision": {name: value.to_dict() for name, value in precisions(answerable).items()},
        "weights_of": {
            name: "all domains" if "calibrated_on" in fitted.model.card[name] else "its own questions"
            for name in ("confidence", "relevance")
        },
    }


def _pairs(items: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [first for first, _ in items], [second for _, second in items]


if __name__ == "__main__":
    sys.exit(main())
