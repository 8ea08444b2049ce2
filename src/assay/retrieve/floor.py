"""The off-topic floor: "this library is not about that". The only place where a raw similarity is compared.

The floor of an embedder family is a shipped figure, set so that 5 % of answerable development questions would fall
under it (floors.json names the questions it was set on). A question whose words nearly all stand in one passage passes
in any case: short look-ups of identifiers have low cosines. "The right document is missing among its neighbours" cannot
be seen here; verification decides that.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from assay.textual.tokens import tokens, unique

_COVERED = 0.8
_FEW = 2


@cache
def shipped_floors() -> dict[str, float]:
    """Floor by embedder family, the part of a fingerprint before its first separator."""
    text = resources.files("assay.retrieve").joinpath("floors.json").read_text(encoding="utf-8")
    return {name: float(entry["floor"]) for name, entry in json.loads(text)["floors"].items()}


def floor_for(fingerprint: str, configured: float) -> float:
    """The floor in force: the configured one if above 0, else the shipped one of this embedder, else 0 (no floor)."""
    return configured if configured > 0 else shipped_floors().get(re.split("[;:]", fingerprint, maxsplit=1)[0], 0.0)


def on_topic(question: str, best_cosine: float, floor: float, texts: Sequence[str]) -> tuple[bool, str]:
    """Whether the library is about this, and why. `texts`: the best few passages with titles."""
    if best_cosine >= floor:
        return True, f"nearest passage {best_cosine:.2f}, floor {floor:.2f}"
    wanted = unique(tokens(question))
    if len(wanted) >= _FEW or any(not word.isalpha() for word in wanted):
        best = max((_share(wanted, text) for text in texts), default=0.0)
        if best >= _COVERED:
            return True, f"{best:.0%} of the question's words stand in one passage"
    return False, f"nearest passage {best_cosine:.2f} lies under the floor of {floor:.2f}"


def _share(wanted: Sequence[str], text: str) -> float:
    held = set(tokens(text))
    return sum(word in held for word in wanted) / len(wanted)
