"""What share of the processor's measured peak the local embedder reaches.

    python -m benchmarks.peak [--rounds 3]      needs a C compiler (cc)

Both sides count processor seconds of one thread, alternated, so other programs hardly matter. Arithmetic of a text of S
word pieces: 2 * S * (4 * 384^2 + 2 * 384 * 1536) operations a layer and 4 * S^2 * 384 for attention; six layers.
Tokenising counts as time of the embedder and not as arithmetic.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.models.minilm import facts
from benchmarks.common import alternated, argument_parser, keep, load, timed
from benchmarks.documents import collection

if TYPE_CHECKING:
    from assay.models.minilm.embedder import LocalEmbedder

_HERE = Path(__file__).resolve().parent
_LAYERS = 6
_INNER = 4 * facts.HIDDEN


def main() -> None:
    """Measure and keep the result."""
    parser = argument_parser(__doc__)
    parser.add_argument("--chunks", type=int, default=120)
    told = parser.parse_args()
    before = load()
    compiler = shutil.which("cc")
    if compiler is None:
        raise SystemExit("there is no C compiler (cc) on this machine; the peak cannot be measured")
    with tempfile.TemporaryDirectory(prefix="assay-peak-") as folder:
        program = Path(folder) / "peak"
        command = [compiler, "-O3", "-march=native", "-o", str(program), str(_HERE / "peak.c")]
        subprocess.run(command, check=True)
        runs = _measured(program, told.rounds, told.chunks)
    keep("peak", before, {"rounds": told.rounds, "chunks": told.chunks}, _summary(runs), show=told.print)


def _measured(program: Path, rounds: int, chunks: int) -> dict[str, list[Any]]:
    from assay.models.minilm.embedder import LocalEmbedder

    texts = [document.text[:900] for document in islice(collection(1).documents, chunks)]
    engines = {precision: LocalEmbedder(precision=precision, threads=1) for precision in ("default", "f32")}
    for embedder in engines.values():
        embedder.embed(texts[:8])
    subjects: dict[str, Any] = {"peak": lambda number: _peak(program)}
    for precision, embedder in engines.items():
        subjects[precision] = _subject(embedder, texts)
    runs = alternated(subjects, rounds)
    runs["names"] = [embedder.fingerprint for embedder in engines.values()]
    return runs


def _subject(embedder: LocalEmbedder, texts: Sequence[str]) -> Any:
    work = sum(_operations(count) for count in embedder.count_tokens(texts)) / 1e9

    def run(number: int) -> dict[str, float]:
        with timed() as spent:
            embedder.embed(texts)
        return {"gflops": work / spent.cpu, "texts": len(texts) / spent.cpu}

    return run


def _peak(program: Path) -> dict[str, float]:
    done = subprocess.run([str(program)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _operations(tokens: int) -> float:
    """Floating-point operations of one text through the whole model."""
    dense = 2.0 * tokens * (4 * facts.HIDDEN**2 + 2 * facts.HIDDEN * _INNER)
    return _LAYERS * (dense + 4.0 * tokens * tokens * facts.HIDDEN)


def _summary(runs: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    peaks = {kind: statistics.median(run[kind] for run in runs["peak"]) for kind in ("f32", "bf16")}
    found: dict[str, Any] = {"peak_gflops_a_core": peaks, "engines": {}}
    for precision, name in zip(("default", "f32"), runs["names"], strict=True):
        arithmetic = "bf16" if "bf16" in name and peaks["bf16"] else "f32"
        gflops = statistics.median(run["gflops"] for run in runs[precision])
        found["engines"][name.rsplit(";", 1)[-1]] = {
            "gflops": gflops,
            "arithmetic": arithmetic,
            "share_of_peak": statistics.median(
                run["gflops"] / peak[arithmetic] for run, peak in zip(runs[precision], runs["peak"], strict=True)
            ),
            "texts_per_processor_second": statistics.median(run["texts"] for run in runs[precision]),
        }
    return found


if __name__ == "__main__":
    main()
