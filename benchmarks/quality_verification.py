"""What each check of verification is worth: error rates over labelled claims, with every check and with one left out.

A check that is left out is taken as passed; the claim's verdict and support are then made again by the verifier's own
rule (a failed check of score 0: unsupported; another failed check: partly). A quotation that is not found ends
verification before the other checks, so leaving that check out cannot be measured this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.evaluation.verification import VerificationReport, run
from assay.evaluation.verifier import passages_of, verdict_of
from assay.types import OWNER, Check, Claim, DraftClaim, DraftQuote, Question
from assay.verify.claim import verify_claim
from benchmarks.common import say

THRESHOLD = 0.85
_CAP = 0.98


def verification(folder: Path) -> dict[str, Any]:
    """The whole verifier, then one check at a time left out; and the paraphrases apart."""
    claims, natural = folder / "development.jsonl", folder / "paraphrases-development.jsonl"
    whole = run(claims, lambda record: verdict_of(record, THRESHOLD), threshold=THRESHOLD)
    judged: dict[str, Claim] = {}
    bare = _without(claims, judged, "")
    found = {"every check": _told(bare)}
    failing = {check.name for claim in judged.values() for check in claim.checks if not check.passed}
    names = sorted(failing - {"quotation", "about"})
    for name in names:
        say(f"without {name}")
        found[f"without {name}"] = _told(_without(claims, judged, name))
    return {
        "verbatim": {"with the gate": _told(whole), **found},
        "by_class": {name: _rates(rates) for name, rates in whole.by_class.items()},
        "by_domain": {name: _rates(rates) for name, rates in whole.by_domain.items()},
        "paraphrases": _paraphrases(natural),
        "claims": whole.scored,
        "sha256": whole.sha256,
    }


def _paraphrases(path: Path) -> dict[str, Any]:
    told = run(path, lambda record: verdict_of(record, THRESHOLD), threshold=THRESHOLD)
    return {
        "claims": told.scored,
        "false_supported": told.paraphrases.false_supported.to_dict(),
        "coverage": told.coverage.to_dict(),
        "partly": told.paraphrases.partly.to_dict(),
        "rejected": told.paraphrases.rejected.to_dict(),
        "by_class": {name: _rates(rates) for name, rates in told.by_class.items()},
    }


def _without(path: Path, judged: dict[str, Claim], name: str) -> VerificationReport:
    """Rates where the check `name` is taken as passed; claims are verified once and kept in `judged`."""

    def verdict(record: Mapping[str, Any]) -> tuple[str, float]:
        key = str(record["id"])
        if key not in judged:
            judged[key] = _claim(record)
        return again(judged[key], name)

    return run(path, verdict, threshold=THRESHOLD)


def _claim(record: Mapping[str, Any]) -> Claim:
    quotes = tuple(DraftQuote(item["passage"], item["quote"]) for item in record["quotes"])
    question = Question(record.get("question") or record["claim"], OWNER, threshold=THRESHOLD)
    texts = {item["document_id"]: item["text"] for item in record["passages"]}
    return verify_claim(question, DraftClaim(record["claim"], quotes), passages_of(record), texts.get)


def again(claim: Claim, without: str) -> tuple[str, float]:
    """Verdict and support of a claim, made from its checks but one. `about` speaks of the question, not the claim."""
    left: list[Check] = [c for c in claim.checks if c.name not in (without, "about")]
    failed = [check for check in left if not check.passed]
    if not without or not any(c.name == without and not c.passed for c in claim.checks) or not left:
        return claim.verdict, claim.support
    if any(check.score == 0.0 for check in failed):
        return "unsupported", 0.0
    covered = next((check.score for check in left if check.name == "coverage"), 1.0)
    support = 1.0 if covered == 1.0 else _CAP * covered
    return ("partly", min(support, 0.7)) if failed else ("supported", support)


def _told(report: VerificationReport) -> dict[str, Any]:
    return _rates(report.verbatim)


def _rates(rates: Any) -> dict[str, Any]:
    return {
        "claims": rates.claims,
        "false_supported": rates.false_supported.to_dict(),
        "false_not_supported": rates.false_not_supported.to_dict(),
        "rejected": rates.rejected.to_dict(),
    }
