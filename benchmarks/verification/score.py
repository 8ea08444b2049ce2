"""Scores the engine's verifier: `python -m benchmarks.verification.score --claims FILE [--threshold 0.85]`.

It calls `assay.verify.verify` as the system does and knows nothing of its inside. A claim whose shown text is no longer
the claim (the gate put the quotation in its place) counts as `partly`: the claim itself was not passed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.errors import AssayError
from assay.evaluation.verification import VerificationReport, parse_limits, run
from assay.types import (
    OWNER,
    Chunk,
    Claim,
    DocumentInfo,
    Draft,
    DraftClaim,
    DraftQuote,
    Passage,
    Question,
    freeze,
)
from assay.verify import verify

MEASURED_AT = "1970-01-01T00:00:00+00:00"


def passages_of(record: Mapping[str, Any]) -> list[Passage]:
    """The record's passages as the system would hand them on: one chunk a document, in order."""
    found = []
    for number, item in enumerate(record["passages"], 1):
        text = item["text"]
        chunk = Chunk(item["document_id"], 0, 0, len(text), text, id=number)
        info = DocumentInfo(
            id=item["document_id"],
            title=item.get("title", ""),
            source=item["document_id"],
            format="text",
            version=1,
            content_hash="",
            characters=len(text),
            chunks=1,
            added_at=MEASURED_AT,
            metadata=freeze(item.get("metadata", {})),
        )
        found.append(Passage(chunk, info, rank=number, score=1.0 / number))
    return found


def verdict_of(record: Mapping[str, Any], threshold: float) -> tuple[str, float] | None:
    """What the verifier says of one record; None where it gives no verdict on its only claim."""
    quotes = tuple(DraftQuote(item["passage"], item["quote"]) for item in record["quotes"])
    draft = Draft((DraftClaim(record["claim"], quotes),), writer="benchmark")
    question = Question(record.get("question") or record["claim"], OWNER, threshold=threshold)
    texts = {item["document_id"]: item["text"] for item in record["passages"]}
    outcome = verify(question, draft, passages_of(record), texts.get, threshold=threshold)
    claims: tuple[Claim, ...] = (*outcome.claims, *outcome.dropped)
    if not claims:
        return None
    claim = claims[0]
    if claim.verdict == "supported" and _plain(claim.text) != _plain(record["claim"]):
        return "partly", claim.support
    return claim.verdict, claim.support


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(". ").casefold()


def score(claims: Path, *, threshold: float, limits: Mapping[str, float], frozen: bool) -> VerificationReport:
    """The report over one claims file."""
    return run(claims, lambda record: verdict_of(record, threshold), threshold=threshold, limits=limits, frozen=frozen)


def main(arguments: list[str] | None = None) -> int:
    """The command; 0, or 2 where a limit is broken, or 1 where the claims cannot be used."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verification.score", description=__doc__)
    parser.add_argument("--claims", type=Path, required=True, help="a claims file (JSON Lines)")
    parser.add_argument("--threshold", type=float, default=0.85, help="the quality threshold (0.85)")
    parser.add_argument("--limit", action="append", default=[], help="name=value; exit code 2 where it is broken")
    parser.add_argument("--frozen", action="store_true", help="also score claims of the frozen half")
    parser.add_argument("--errors", type=Path, help="write every claim that was judged wrongly here (JSON Lines)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    try:
        limits = parse_limits(options.limit)
        report = score(options.claims, threshold=options.threshold, limits=limits, frozen=options.frozen)
    except AssayError as error:
        print(error, file=sys.stderr)
        return 1
    seconds = time.perf_counter() - started
    if report.notice:
        print(report.notice, file=sys.stderr)
    if options.errors:
        wrong = (outcome for outcome in report.outcomes if outcome.error)
        lines = (json.dumps(outcome.to_dict(), ensure_ascii=False) for outcome in wrong)
        options.errors.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    print(json.dumps(report.summary(), indent=1) if options.json else report.text())
    print(f"{1000 * seconds / max(1, report.scored):.1f} ms a claim", file=sys.stderr)
    return report.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
