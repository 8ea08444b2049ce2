"""Killed fifty times at random points of ingestion: nothing acknowledged is lost, no half of a document is served."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from assay import ProductionRAGSystem
from assay.store import doctor
from assay.store.keeper import Store
from assay.types import OWNER
from tests.system.conftest import config
from tests.system.crashing import DOCUMENTS, SENTENCES

KILLS = 50
ROOT = Path(__file__).resolve().parents[2]


def test_fifty_kills_at_random_points_lose_nothing_and_show_no_half_document(tmp_path: Path) -> None:
    chance = random.Random(20261122)
    acknowledged: dict[str, int] = {}
    kills = 0
    for seed in range(1, KILLS + 1):
        kill_at_random(tmp_path, seed, chance.uniform(0.0, 0.25))
        kills += 1
        acknowledged |= read_log(tmp_path / "acknowledged")
        examine(tmp_path, acknowledged)
        if kills % 10 == 0:
            examine_thoroughly(tmp_path)
    assert kills == KILLS
    assert len(acknowledged) == DOCUMENTS, "too few documents were acknowledged for the test to mean anything"


def kill_at_random(folder: Path, seed: int, delay: float) -> None:
    """Start the writer, wait until it is at work, and kill it after `delay` seconds."""
    lines = len(log_lines(folder / "acknowledged"))
    process = subprocess.Popen([sys.executable, "-m", "tests.system.crashing", str(folder), str(seed)], cwd=ROOT)
    try:
        limit = time.monotonic() + 60
        while len(log_lines(folder / "acknowledged")) <= lines:
            assert process.poll() is None, "the writer ended by itself"
            assert time.monotonic() < limit, "the writer did not start"
            time.sleep(0.005)
        time.sleep(delay)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def log_lines(path: Path) -> list[str]:
    """The complete lines of the log."""
    return path.read_text().splitlines() if path.exists() else []


def read_log(path: Path) -> dict[str, int]:
    """The newest acknowledged number of each document."""
    pairs = (line.split() for line in log_lines(path) if line != "ready")
    return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2}


def examine(folder: Path, acknowledged: dict[str, int]) -> None:
    """After a start: every acknowledged document is there, whole, not older than acknowledged; both sides agree."""
    with Store.open((folder / "store"), mode="embedded") as store:
        assert store.index.ids() == store.catalogue.point_ids()
        for name, number in acknowledged.items():
            info, text = store.catalogue.find(name), store.catalogue.text(name, OWNER)
            assert info is not None and text is not None, f"{name} was acknowledged and is lost"
            numbers = set(re.findall(r"n(\d+)n", text))
            assert len(numbers) == 1 and text.count("Sentence") == SENTENCES, f"half of {name} is there"
            assert int(numbers.pop()) >= number, f"{name} lost an acknowledged change"
            assert info.chunks > 1


def examine_thoroughly(folder: Path) -> None:
    """Doctor finds nothing, and every passage that a search serves is exactly a slice of its live document."""
    with Store.open((folder / "store"), mode="embedded") as store:
        report = doctor.examine(store)
        assert report.healthy, [symptom for symptom in report.symptoms if not symptom.ok]
    with ProductionRAGSystem(config(folder, ingest={"chunk_characters": 200})) as system:
        found = system.search("Sentence says the number plainly", k=200)
        assert found.passages
        for passage in found.passages:
            assert (
                system.document(passage.document.id)[1][passage.chunk.start : passage.chunk.end] == passage.chunk.text
            )
