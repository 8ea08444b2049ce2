"""The process that the crash test kills: adds and replaces documents, and writes down what was acknowledged.

`python -m tests.system.crashing FOLDER SEED`: round after round it ingests a batch of documents, new and changed ones.
After each acknowledgement one line goes to FOLDER/acknowledged: document id and the number its text carries.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from assay import ProductionRAGSystem
from tests.system.conftest import config

SENTENCES = 12
DOCUMENTS = 12
BATCH = 4


def text_of(name: str, number: int) -> str:
    """A document in which every sentence carries the same number, so that half of one would show."""
    return "\n\n".join(f"Sentence {place} of {name} says the number n{number}n plainly." for place in range(SENTENCES))


def main(folder: Path, seed: int) -> None:
    """Ingest until killed."""
    chance = random.Random(seed)
    log = os.open(folder / "acknowledged", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    with ProductionRAGSystem(config(folder, ingest={"chunk_characters": 200})) as system:
        system.ingest([{"id": "first", "text": "This one makes the store."}])
        os.write(log, b"ready\n")
        number = seed * 1000
        while True:
            number += 1
            names = chance.sample([f"d{n}" for n in range(DOCUMENTS)], BATCH)
            system.ingest([{"id": name, "text": text_of(name, number), "title": name} for name in names])
            for name in names:
                os.write(log, f"{name} {number}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
