"""Writes docs/quality.md and its plots from results/quality-*.json; `check` fails where the page is out of date."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assay.evaluation.calibration import Bin, CoveragePoint
from assay.evaluation.plots import coverage_plot, reliability_plot
from assay.evaluation.verification import wilson
from benchmarks.common import RESULTS
from benchmarks.quality_notes import DROPPED, HEAD, LIMITS
from benchmarks.quality_sets import SETS, WITHOUT_PACK, QualitySet

PAGE = Path(__file__).resolve().parents[1] / "docs" / "quality.md"
_METRICS = ("ndcg@10", "hit@1", "hit@10", "passage_hit@5", "passage_hit@10", "r@10", "r@100", "char_p@1", "char_r@64")


def write(*, check: bool) -> int:
    """Write the page and its plots, or compare; returns the exit code."""
    text = page()
    if check:
        same = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text
        print("quality: up to date" if same else "quality: docs/quality.md is out of date")
        return 0 if same else 1
    for name, drawing in _plots().items():
        (RESULTS / f"{name}.svg").write_text(drawing, encoding="utf-8")
    PAGE.write_text(text, encoding="utf-8")
    print(f"wrote {PAGE.relative_to(PAGE.parents[1])}")
    return 0


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for name, title, body in _SECTIONS:
        told = _result(name)
        if told is None:
            parts.append(f"## {title}\n\nNot measured yet: `python -m benchmarks.quality {name}`.\n")
        else:
            parts.append(f"## {title}\n\n{_about(name, told)}\n\n" + "\n".join(body(told["results"])) + "\n")
    return "\n".join([*parts, DROPPED, LIMITS])


def _result(name: str) -> dict[str, Any] | None:
    file = RESULTS / f"quality-{name}.json"
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None


def _about(name: str, told: Mapping[str, Any]) -> str:
    at = told["at"][:16].replace("T", " ")
    return f"`python -m benchmarks.quality {name}`, last part {at} UTC, version {told['version']}."


# --- sections -------------------------------------------------------------------------------------------------------


def _retrieval(results: Mapping[str, Any]) -> Iterator[str]:
    yield (
        "Default settings, no language model, the pack of the set's domain switched on. Mean with its 95 % interval; "
        "aims are for the metric in bold, and stand only beside the whole library.\n"
    )
    measured = [(item, results[item.name]) for item in SETS if item.name in results]
    rows = [
        [item.title, f"{told['documents']:,} of {item.whole:,}", str(told["questions"]), _figures(told)]
        for item, told in measured
    ]
    yield from _table(["set", "documents", "questions", "figures"], rows)
    yield (
        "**With the pack, with the neutral pack, and with BM25 as the engine's only signal** (the metric in bold; "
        "differences are paired):\n"
    )
    heads = [
        "set",
        "with the pack",
        "aim",
        "neutral pack",
        "aim",
        "pack better by",
        "BM25 with the pack",
        "better than it by",
    ]
    yield from _table(heads, [_packed(item, told) for item, told in measured])
    yield "**What each signal is worth**: the metric in bold without one signal, and what the default is better by.\n"
    known = (WITHOUT_PACK, "bm25 alone")
    names = list(dict.fromkeys(n for told in results.values() for n in told["variants"] if n not in known))
    rows = [[item.name, *(_variant(told["variants"].get(name)) for name in names)] for item, told in measured]
    yield from _table(["set", *names], rows)


def _figures(told: Mapping[str, Any]) -> str:
    return "; ".join(_metric(name, told, told["metric"]) for name in _METRICS if name in told["metrics"])


def _packed(item: QualitySet, told: Mapping[str, Any]) -> list[str]:
    """The metric aimed at with the domain's pack, without it, and by BM25 alone."""
    whole = told["documents"] >= item.whole
    main = told["macro"].get(told["metric"]) or told["metrics"][told["metric"]]
    plain, bm25 = told["variants"].get(WITHOUT_PACK), told["variants"].get("bm25 alone")
    aims = [f"{aim:g}" if aim and whole else "" for aim in (item.pack_target, item.target)]
    return [
        item.name,
        _mean(main),
        aims[0],
        _mean(plain["figure"]) if plain else "",
        aims[1],
        _signed(plain["default_better_by"]) if plain else "",
        _mean(bm25["figure"]) if bm25 else "",
        _signed(bm25["default_better_by"]) if bm25 else "",
    ]


def _answers(results: Mapping[str, Any]) -> Iterator[str]:
    yield (
        "Every labelled question at the default threshold. Right: some claim rests on a labelled document and, "
        "where spans are labelled, on characters of one. Near miss: the same question with its labelled documents "
        "hidden. Confidence is that of models that had not seen the family of the question.\n"
    )
    fitted = _result("fit")
    known = fitted["results"]["sets"] if fitted else {}
    measured = [(item.title, results[item.name], known.get(item.name)) for item in SETS if item.name in results]
    heads = ["set", "questions", "threshold", "answered", "of them right", "with the first claim", "claims"]
    yield from _table([*heads, "right at 25 %"], [_answered(*each) for each in measured])
    yield "When the answer is not there:\n"
    heads = ["set", "near misses answered", "AUROC of confidence", "right at 25 % of both", "other fields refused"]
    yield from _table([*heads, "own questions refused as off topic"], [_refused(*each) for each in measured])
    groups = [told["groups"] for _, told, _ in measured]
    yield f"All sets together: {_pooled(groups)}.\n"


def _pooled(groups: Sequence[Mapping[str, Any]]) -> str:
    """Refusals of other fields' questions, and of own questions as off topic, over all sets."""
    own = [group["answerable"] for group in groups]
    far = [group["off_topic"] for group in groups if "off_topic" in group]
    refused = wilson(
        sum(item["questions"] - item["answered"]["count"] for item in far), sum(i["questions"] for i in far)
    )
    floored = wilson(sum(item["statuses"].get("no_results", 0) for item in far), refused.n)
    lost = wilson(sum(item["statuses"].get("no_results", 0) for item in own), sum(i["questions"] for i in own))
    return (
        f"of {refused.n:,} questions of other fields {_rate(refused.to_dict())} refused, {_rate(floored.to_dict())} by "
        f"the off-topic floor alone; of {lost.n:,} own questions the floor refused {_rate(lost.to_dict())}"
    )


def _answered(title: str, told: Mapping[str, Any], stated: Mapping[str, Any] | None) -> list[str]:
    here = told["groups"]["answerable"]
    rates = [_rate(here[name]) for name in ("answered", "right", "right_first")]
    most = _mean(stated["precision"]["0.25"]) if stated else ""
    claims = f"{here['claims_per_answer']['mean']:.1f}"
    return [title, str(here["questions"]), f"{told['threshold']:g}", *rates, claims, most]


def _refused(title: str, told: Mapping[str, Any], stated: Mapping[str, Any] | None) -> list[str]:
    here, gone, off = (told["groups"].get(name) for name in ("answerable", "near_miss", "off_topic"))
    near = stated["near_miss"] if stated else None
    shown = [_mean(near["auroc"]), _mean(near["precision"]["0.25"])] if near else ["", ""]
    refused = f"{_rate(_other(off['answered']))}, n {off['questions']}" if off else ""
    own = here["statuses"].get("no_results", 0) / here["questions"]
    return [title, _rate(gone["answered"]), *shown, refused, f"{own:.3f}"]


def _fit(results: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"Two logistic models, fitted {results['made']} for `{results['embedder']}`: for all domains together, and for "
        "each domain, whose weights are those of all domains or its own, whichever did better on families of questions "
        "left out. Every figure is of such families. Weights and data cards: `src/assay/confidence/models/`.\n"
    )
    rows, near = [], []
    models = {"all together": results["general"], **results["domains"]}
    for domain, told in models.items():
        for name in ("confidence", "relevance"):
            each = told[name]
            figures = [_mean(each["ece"]), f"{each['noise']:.3f}", _mean(each["brier"]), _mean(each["auroc"])]
            rows.append(
                [domain, name, told["weights_of"][name], str(each["n"]), f"{each['share_right']:.2f}", *figures]
            )
        missed = told["near_miss"]
        shown = [_mean(missed["auroc"]), _mean(missed["precision"]["0.25"]), _mean(told["precision"]["0.25"])]
        near.append([domain, str(missed["pairs"]), *shown])
    heads = ["model", "stated", "weights of", "n", "right", "calibration error", "of a perfect one", "Brier", "AUROC"]
    yield from _table(heads, rows)
    yield "Questions beside the same with the right document hidden (a refusal counts as confidence 0):\n"
    heads = ["model", "pairs", "AUROC of confidence", "right at 25 % of both", "right at 25 % of the answerable"]
    yield from _table(heads, near)
    for name, title in _DRAWN.items():
        yield f"![{title}](../benchmarks/results/{name}.svg)\n"
    for name, weights in results["weights"].items():
        shown = [f"`{feature}` {value:+.2f}" for feature, value in list(weights.items())[:8]]
        yield f"Greatest weights for {name}, all domains (a deviation each): {', '.join(shown)}.\n"


def _verification(results: Mapping[str, Any]) -> Iterator[str]:
    yield f"{results['claims']:,} labelled claims of the development half, threshold 0.85.\n"
    rows = [
        [name, _rate(told["false_supported"]), _rate(told["false_not_supported"]), _rate(told["rejected"])]
        for name, told in results["verbatim"].items()
    ]
    yield from _table(["verbatim classes", "false supported", "false not supported", "rejected outright"], rows)
    told = results["paraphrases"]
    yield (
        f"**Paraphrases** ({told['claims']:,}, labelled by people): false supported {_rate(told['false_supported'])}; "
        f"of the true ones {_rate(told['coverage'])} called supported and {_rate(told['rejected'])} rejected; "
        f"{_rate(told['partly'])} of all are `partly`: their quotation is shown in their place.\n"
    )
    rows = [
        [n, str(r["claims"]), _rate(r["false_supported"]), _rate(r["rejected"])] for n, r in told["by_class"].items()
    ]
    yield from _table(["paraphrases of", "claims", "false supported", "true ones rejected"], rows)


_SECTIONS = (
    ("retrieval", "Retrieval", _retrieval),
    ("answers", "Answers", _answers),
    ("fit", "Confidence", _fit),
    ("verification", "Verification", _verification),
)
_DRAWN = {
    "quality-reliability": "Stated confidence and share right",
    "quality-relevance": "Stated relevance and share right",
    "quality-coverage": "Right among the most confident",
}


def _plots() -> dict[str, str]:
    told = _result("fit")
    if told is None:
        return {}
    domains = told["results"]["domains"]
    bins = {
        name: {domain: [Bin(**item) for item in each[name]["bins"]] for domain, each in domains.items()}
        for name in ("confidence", "relevance")
    }
    curves = {}
    for domain, each in domains.items():
        curves[f"{domain}, answerable"] = [CoveragePoint(**point) for point in each["curve"]]
        curves[f"{domain}, with near misses"] = [CoveragePoint(**point) for point in each["near_miss"]["curve"]]
    return {
        "quality-reliability": reliability_plot(_DRAWN["quality-reliability"], bins["confidence"]),
        "quality-relevance": reliability_plot(_DRAWN["quality-relevance"], bins["relevance"]),
        "quality-coverage": coverage_plot(_DRAWN["quality-coverage"], curves),
    }


# --- cells ----------------------------------------------------------------------------------------------------------


def _metric(name: str, told: Mapping[str, Any], main: str) -> str:
    value = told["macro"].get(name) or told["metrics"][name]
    text = f"{name} {_mean(value)}"
    return f"**{text}**" if name == main else text


def _variant(told: Mapping[str, Any] | None) -> str:
    return f"{told['figure']['mean']:.3f}; {_signed(told['default_better_by'])}" if told else ""


def _mean(value: Mapping[str, Any] | None) -> str:
    if not value or value["mean"] is None:
        return "not measured"
    return f"{value['mean']:.3f} ({value['low']:.3f} to {value['high']:.3f})"


def _signed(value: Mapping[str, Any]) -> str:
    return f"{value['mean']:+.3f} ({value['low']:+.3f} to {value['high']:+.3f})"


def _rate(value: Mapping[str, Any]) -> str:
    if not value["n"]:
        return "not measured"
    return f"{value['rate']:.3f} ({value['low']:.3f} to {value['high']:.3f})"


def _other(value: Mapping[str, Any]) -> dict[str, Any]:
    return {"n": value["n"], "rate": 1 - value["rate"], "low": 1 - value["high"], "high": 1 - value["low"]}


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""
