"""Scores the engine's verifier: `python -m benchmarks.verification.score --claims FILE [--threshold 0.85]`.

It calls the verifier as `assay eval verification` does and knows nothing of its inside.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from assay.errors import AssayError
from assay.evaluation.verification import LIMITS, VerificationReport, run
from assay.evaluation.verifier import verdict_of


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
        limits = LIMITS.parse(options.limit)
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
