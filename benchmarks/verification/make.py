"""Makes the verification benchmark: `python -m benchmarks.verification.make --data DIR --out DIR`.

Deterministic. Writes the development half; the frozen half only with `--frozen`, and says so. Every run compares the
SHA-256 of both halves with `frozen.sha256` beside this file and ends with exit code 2 where they differ.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.verification.build import build
from benchmarks.verification.corpora import load
from benchmarks.verification.paraphrases import paraphrases
from benchmarks.verification.pool import Pool
from benchmarks.verification.record import canonical, sha256, to_record

HASHES = Path(__file__).with_name("frozen.sha256")
HALVES = ("development", "frozen")
NOTICE = (
    "NOTICE: the frozen half is being written. It is meant to be scored once, after every rule is settled; "
    "nothing may be changed after looking at it."
)


def make(data: Path) -> dict[str, list[dict[str, Any]]]:
    """The records by file name without ending: claims and paraphrases of both halves."""
    claims = [to_record(made) for made in build(Pool(load(data)))]
    natural = [to_record(made) for made in paraphrases(data)]
    files = {}
    for half in HALVES:
        files[half] = _unique(r for r in claims if r["half"] == half)
        files[f"paraphrases-{half}"] = _unique(r for r in natural if r["half"] == half)
    return files


def _unique(records: Any) -> list[dict[str, Any]]:
    return list({record["id"]: record for record in records}.values())


def hashes(files: dict[str, list[dict[str, Any]]]) -> str:
    """The text of `frozen.sha256`: one line a file, in the format of sha256sum."""
    return "".join(f"{sha256(canonical(records))}  {name}.jsonl\n" for name, records in sorted(files.items()))


def summary(files: dict[str, list[dict[str, Any]]]) -> str:
    """Counts by class and domain of what may be looked at: the development half; totals of the other."""
    lines = []
    for name in ("development", "paraphrases-development"):
        counts = Counter((r["class"], r["expected"], r["domain"]) for r in files[name])
        lines.append(f"{name}: {len(files[name])} claims")
        for kind, expected in dict.fromkeys((c, e) for c, e, _ in sorted(counts)):
            row = [f"{domain} {counts[kind, expected, domain]}" for domain in ("legal", "medical", "technical")]
            lines.append(f"  {kind:26} {expected:14} {', '.join(row)}")
    lines += [f"{name}: {len(files[name])} claims" for name in ("frozen", "paraphrases-frozen")]
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 where the hashes are as recorded (or were just written), 2 where not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verification.make", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with legal, medical and technical")
    parser.add_argument("--out", type=Path, required=True, help="where to write the claims (not into the repository)")
    parser.add_argument("--frozen", action="store_true", help="also write the frozen half")
    parser.add_argument("--write-hashes", action="store_true", help="record the hashes of this set as the ones to keep")
    options = parser.parse_args(arguments)
    files = make(options.data)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, records in files.items():
        if options.frozen or not name.endswith("frozen"):
            (options.out / f"{name}.jsonl").write_bytes(canonical(records))
    if options.frozen:
        print(NOTICE, file=sys.stderr)
    print(summary(files))
    return _compare(hashes(files), write=options.write_hashes)


def _compare(found: str, *, write: bool) -> int:
    if write:
        HASHES.write_text(found, encoding="utf-8")
    kept = HASHES.read_text(encoding="utf-8") if HASHES.is_file() else ""
    if kept == found:
        print(f"hashes: as recorded in {HASHES.name}")
        return 0
    print(f"hashes: NOT as recorded in {HASHES.name}\nrecorded:\n{kept}found:\n{found}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main())
