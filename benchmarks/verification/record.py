"""One claim of the benchmark as a JSON record, its canonical bytes, and the checks that every record must pass.

The checks are the benchmark's own: they know what each class promises and refuse a record that does not keep it.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from benchmarks.verification.corpora import Source
from benchmarks.verification.draw import digest, half_of

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Made:
    """A claim before it becomes a record. `where`: nothing, claim, claim_and_quote, quote, attribution."""

    name: str
    kind: str
    expected: str
    domain: str
    claim: str
    quotes: tuple[tuple[int, str], ...]
    passages: tuple[Source, ...]
    question: str
    rule: str
    where: str
    before: str = ""
    after: str = ""
    spans: tuple[tuple[int, int], ...] = ()
    original: str = ""


def to_record(made: Made) -> dict[str, Any]:
    """The record; its id depends on everything that a verifier sees."""
    body = digest(made.name, made.domain, made.claim, made.quotes, *(p.text for p in made.passages))[:12]
    identity = f"{made.name}-{made.domain}-{body}"
    return {
        "id": identity,
        "half": half_of(identity),
        "class": made.name,
        "kind": made.kind,
        "domain": made.domain,
        "expected": made.expected,
        "question": made.question,
        "claim": made.claim,
        "quotes": [{"passage": number, "quote": quote} for number, quote in made.quotes],
        "passages": [
            {"document_id": p.document_id, "title": p.title, "text": p.text, "metadata": dict(p.metadata)}
            for p in made.passages
        ],
        "mutation": {
            "rule": made.rule,
            "in": made.where,
            "before": made.before,
            "after": made.after,
            "claim_spans": [list(span) for span in made.spans],
            "original": made.original,
        },
    }


def canonical(records: Sequence[Mapping[str, Any]]) -> bytes:
    """The records by id, one JSON object a line, keys sorted, UTF-8: the bytes that are hashed."""
    ordered = sorted(records, key=lambda record: str(record["id"]))
    lines = (json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")) for record in ordered)
    return "".join(line + "\n" for line in lines).encode()


def sha256(data: bytes) -> str:
    """The hexadecimal SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()


_FOLD = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "\u00ad": None, "μ": "µ"})


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """`text` without differences of print: ligatures, quotation marks, dashes, line-end hyphens, blanks, case."""
    text = re.sub(r"-\n\s*", "", text)
    text = unicodedata.normalize("NFKC", text.translate(_FOLD)).translate(_FOLD).replace("--", "-")
    return " ".join(text.split()).casefold()


def within(quote: str, text: str) -> bool:
    """True if the quotation stands in the text, print, brackets and marked omissions aside."""
    whole = folded(text)
    bare = re.sub(r"\[([A-Za-z])\]", r"\1", quote)
    parts = re.split(r"\s*\[(?:\.\.\.| \. \. \. |…)\]\s*", bare)
    place = 0
    for part in parts:
        found = whole.find(folded(part), place)
        if found < 0:
            return False
        place = found + 1
    return True


def faults(made: Made) -> list[str]:
    """What is wrong with a claim by the promises of its class; empty where nothing is."""
    found = []
    texts = [p.text for p in made.passages]
    if len({p.document_id for p in made.passages}) != len(made.passages):
        found.append("one document twice among the passages")
    if not made.quotes or any(not 1 <= number <= len(texts) for number, _ in made.quotes):
        found.append("a quotation names no passage")
        return found
    standing = [within(quote, texts[number - 1]) for number, quote in made.quotes]
    anywhere = [any(within(quote, text) for text in texts) for _, quote in made.quotes]
    if made.expected == "supported" or made.where == "claim":
        found += [] if all(standing) else ["a true quotation does not stand in its passage"]
    elif made.where == "attribution":
        found += ["the quotation stands in the passage that it is wrongly given to"] if any(standing) else []
    elif made.name != "out_of_context" and all(anywhere):
        found.append("a changed quotation stands in a passage")
    kept_words = made.expected == "supported" or made.name in ("out_of_context", "misattributed")
    if not kept_words and any(within(made.claim.rstrip("."), text) for text in texts):
        found.append("the changed claim stands in a passage")
    if any(made.claim[start:end] != made.after for start, end in made.spans):
        found.append("a span of the claim does not hold what it says")
    return found
