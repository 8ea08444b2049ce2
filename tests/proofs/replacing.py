"""The process that replaces documents again and again until its standard input is closed: `python -m
tests.proofs.replacing`. In each version of a document every sentence carries the same number. Settings come from the
environment."""

from __future__ import annotations

import select
import sys

from assay import ProductionRAGSystem

NAMES = ("alpha", "beta")
SENTENCES = 8
HEAD = "Sentences that say the number in"


def text_of(name: str, number: int) -> str:
    """A document of several chunks, all of one number."""
    sentences = (f"Sentence {place} of {name} says the number n{number}n plainly. " * 4 for place in range(SENTENCES))
    return "\n\n".join(sentences)


def main() -> None:
    """Replace until told to end."""
    with ProductionRAGSystem() as system:
        number = 0
        while True:
            number += 1
            for name in NAMES:
                system.ingest([{"id": name, "title": f"{HEAD} {name}", "text": text_of(name, number)}])
            if number == 1:
                sys.stdout.write("ready\n")
                sys.stdout.flush()
            if select.select([sys.stdin], [], [], 0)[0]:
                return


if __name__ == "__main__":
    main()
