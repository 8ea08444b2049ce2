"""What kind of legal document is this? From its metadata, else from its words of form, with the place that shows it.

It tells opinion, statute, regulation, constitution, rule, contract, policy, brief, complaint, order and secondary
source apart. Patterns are data (kinds.toml); a document that shows too few of them stays "unknown".
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from assay.types import Finding

UNKNOWN = "unknown"
HEAD = 4000
_KEYS = ("doc_type", "document_type", "kind", "type")
LAW = frozenset({"statute", "regulation", "constitution", "rule"})


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    needed: int
    patterns: tuple[re.Pattern[str], ...]


@cache
def _table() -> tuple[Mapping[str, str], tuple[_Kind, ...]]:
    raw = resources.files("assay.domains.legal").joinpath("kinds.toml").read_text(encoding="utf-8")
    data = tomllib.loads(raw)
    names = {word: kind for kind, listed in data["names"].items() for word in listed.split()}
    kinds = tuple(
        _Kind(k["name"], k["needed"], tuple(re.compile(p, re.MULTILINE) for p in k["head"])) for k in data["kind"]
    )
    return names, kinds


def identify(metadata: Mapping[str, Any], text: str) -> Finding:
    """The kind of a document: what its metadata say, else what its head shows, else "unknown"."""
    told = from_metadata(metadata)
    if told:
        key = next(key for key in _KEYS if isinstance(metadata.get(key), str) and metadata[key].strip())
        return Finding("identity", told, f"the document's metadata says so ({key}: {metadata[key]})")
    return from_text(text)


def from_metadata(metadata: Mapping[str, Any]) -> str:
    """The kind that metadata name; their own word where it is none of ours; "" where they name none."""
    for key in _KEYS:
        value = metadata.get(key)
        if isinstance(value, str) and value.strip():
            plain = re.sub(r"[\s-]+", "_", value.strip().lower())
            return _table()[0].get(plain) or _table()[0].get(plain.split("_")[-1]) or value.strip()[:60]
    return ""


def from_text(text: str) -> Finding:
    """The kind that the first 4,000 characters show; the evidence is the first of the words of form."""
    head = text[:HEAD]
    for kind in _table()[1]:
        found = [match for pattern in kind.patterns if (match := pattern.search(head)) is not None]
        if len(found) >= kind.needed:
            first = min(found, key=lambda match: match.start())
            seen = "; ".join(repr(" ".join(match.group().split())[:40]) for match in found[:3])
            start = first.start() + len(first.group()) - len(first.group().lstrip())
            return Finding("identity", kind.name, f"it has the form of one: {seen}", start, first.end())
    return Finding("identity", UNKNOWN, "neither metadata nor the head of the text tell what it is")
