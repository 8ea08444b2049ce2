"""Natural paraphrases with labels by people: SciFact, HealthVer, Evidence Inference. Reported apart.

SciFact: a claim with the rationale sentences of an abstract as quotations (SUPPORT or CONTRADICT). HealthVer: a claim
with an evidence statement (Supports, Refutes, Neutral). Evidence Inference: a sentence made from intervention,
comparator, outcome and a direction, with the annotators' evidence span; the direction is theirs, or another one.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.verification.corpora import Source, documents
from benchmarks.verification.draw import ordered, pick
from benchmarks.verification.record import Made, within
from benchmarks.verification.sentences import pieces, squash

HEALTHVER_EACH = 150
EVIDENCE_INFERENCE = 450
_NO, _YES = "not_supported", "supported"


def paraphrases(data: Path) -> list[Made]:
    """All paraphrase claims, deterministic."""
    folder = data / "medical"
    corpus = {record["id"]: record for record in documents(folder)}
    queries = list(_lines(folder / "queries.jsonl"))
    found = [*_scifact(queries, corpus), *_healthver(folder), *_evidence_inference(folder, queries, corpus)]
    unique = {(made.claim, made.quotes, made.passages[0].document_id): made for made in found}
    return [made for made in unique.values() if _sound(made)]


def _sound(made: Made) -> bool:
    return bool(made.quotes) and all(within(quote, made.passages[n - 1].text) for n, quote in made.quotes)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _source(record: dict[str, Any]) -> Source:
    return Source(record["id"], record["title"], record["text"], "medical", "abstract")


def _made(name: str, expected: str, claim: str, quotes: list[str], source: Source, question: str, rule: str) -> Made:
    numbered = tuple((1, quote) for quote in dict.fromkeys(quotes))
    return Made(name, "paraphrase", expected, "medical", claim, numbered, (source,), question, rule, "nothing")


def _scifact(queries: list[dict[str, Any]], corpus: dict[str, dict[str, Any]]) -> Iterator[Made]:
    for query in queries:
        for evidence in (query.get("evidence") or []) if query["task"] == "scifact" else []:
            record = corpus[evidence["doc"]]
            spans = list(pieces(record["text"]))
            # Rationales are sentence numbers of the original split; where ours counts otherwise, they have no place.
            if len(spans) != record["metadata"].get("n_sentences"):
                continue
            quotes = [squash(record["text"][slice(*spans[n])]) for n in evidence["sentences"]]
            supports = evidence["label"] == "SUPPORT"
            name = "scifact_support" if supports else "scifact_contradict"
            question = f"Is it true that {query['text'].rstrip('.')}?"
            yield _made(
                name, _YES if supports else _NO, query["text"], quotes, _source(record), question, evidence["label"]
            )


def _healthver(folder: Path) -> Iterator[Made]:
    pairs: dict[str, list[tuple[dict[str, Any], int, str]]] = {"Supports": [], "Refutes": [], "Neutral": []}
    for record in _lines(folder / "conflict.jsonl"):
        for number, evidence in enumerate(record["evidence"], 1):
            if len(evidence["text"]) >= 40:
                pairs[evidence["label"]].append((record, number, evidence["text"]))
    for label, group in pairs.items():
        for record, number, text in ordered(group, lambda item: f"{item[0]['id']}:{item[1]}", "healthver")[
            :HEALTHVER_EACH
        ]:
            text = squash(text)
            source = Source(f"conflict:{record['id']}:{number}", record["question"], text, "medical", "statement")
            expected = _YES if label == "Supports" else _NO
            yield _made(
                f"healthver_{label.lower()}",
                expected,
                _stop(record["claim"]),
                [text],
                source,
                record["question"],
                label,
            )


def _stop(text: str) -> str:
    text = squash(text)
    return text if text.endswith((".", "!", "?")) else text + "."


_DIRECTIONS = {
    "increased": "Compared with {c}, {i} increased {o}.",
    "decreased": "Compared with {c}, {i} decreased {o}.",
    "no_difference": "There was no significant difference in {o} between {i} and {c}.",
}


def _evidence_inference(
    folder: Path, queries: list[dict[str, Any]], corpus: dict[str, dict[str, Any]]
) -> Iterator[Made]:
    documents_of = _first_documents(folder / "qrels.tsv")
    usable = [q for q in queries if q["task"] == "evinf" and q["evidence_in_abstract"] and q["label"] in _DIRECTIONS]
    for query in ordered(usable, lambda q: str(q["id"]), "evinf")[:EVIDENCE_INFERENCE]:
        record = corpus[documents_of[query["id"]]]
        quotes = [squash(_plain(answer)) for answer in query["answers"] if within(_plain(answer), record["text"])]
        wrong = [direction for direction in _DIRECTIONS if direction != query["label"]]
        right = pick((True, False), query["id"], "direction")
        direction = query["label"] if right else pick(wrong, query["id"], "wrong direction")
        pico = {key[0]: _plain(value).strip(" .") for key, value in query["pico"].items()}
        claim = squash(_DIRECTIONS[direction].format(**pico))
        name = "evidence_inference_right" if right else "evidence_inference_wrong"
        rule = f"{query['label']}, claimed {direction}"
        yield _made(name, _YES if right else _NO, claim, quotes[:1], _source(record), query["text"], rule)


def _plain(text: str) -> str:
    for _ in range(4):
        text = html.unescape(text)
    return text


def _first_documents(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8") as lines:
        rows = [line.split("\t") for line in lines][1:]
    return {row[0]: row[1] for row in reversed(rows)}
