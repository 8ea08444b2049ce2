"""Authorities that disagree, shown from both sides.

Two signs: a document of the result reports that its authority declined to follow, criticised or overruled another one
of the result; and two shown sentences from different sources that share their words and differ in polarity. Neither is
decided here: both sides are named, with their rank, and the reader decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

from assay.domains.legal.currency import described, keys_of, severity
from assay.ports import Library
from assay.textual.polarity import markers
from assay.textual.similarity import jaccard
from assay.textual.tokens import tokens
from assay.types import Claim, Fact, QueryResult, Source

_SHARED = 0.5
_LEAST_WORDS = 4
_TURNS = frozenset({"not", "need not"})


def conflicts(result: QueryResult, library: Library, ranks: Mapping[str, str]) -> list[str]:
    """A warning for each pair that disagrees; `ranks`: words for the rank of each source by document id."""
    sources = {source.document_id: source for source in (*result.sources, *result.nearest)}
    return [*_reported(sources, library, ranks), *_contrary(result.claims, sources, ranks)]


def _reported(sources: Mapping[str, Source], library: Library, ranks: Mapping[str, str]) -> list[str]:
    """Treatment of one source of the result by another."""
    keys: dict[str, str] = {}
    for document in sources:
        info = library.document(document)
        for key in keys_of(info) if info is not None else ():
            keys.setdefault(key, document)
    found: dict[tuple[str, str], Fact] = {}
    for fact in library.facts("treatment", list(keys)) if len(sources) > 1 else ():
        other = keys[fact.key]
        if (
            fact.document_id in sources
            and fact.document_id != other
            and severity(fact) in ("stop", "warning", "caution")
        ):
            found.setdefault((fact.document_id, other), fact)
    return [
        f"these authorities do not agree: {_named(sources[other], ranks)} was {described(fact)}"
        for (_, other), fact in sorted(found.items())
    ]


def _contrary(claims: Sequence[Claim], sources: Mapping[str, Source], ranks: Mapping[str, str]) -> list[str]:
    """Pairs of shown sentences from different sources with the same words and opposite polarity."""
    found = []
    for one, other in combinations(claims, 2):
        left, right = _document(one), _document(other)
        if not left or not right or left == right or left not in sources or right not in sources:
            continue
        if opposed(one.text, other.text):
            found.append(
                f"these authorities do not agree: {_named(sources[left], ranks)}: “{one.text}” against "
                f"{_named(sources[right], ranks)}: “{other.text}”"
            )
    return found


def opposed(one: str, other: str) -> bool:
    """Whether two sentences share half of their words and one denies what the other says."""
    left, right = _words(one), _words(other)
    if min(len(left), len(right)) < _LEAST_WORDS or jaccard(left, right) < _SHARED:
        return False
    return _negated(one) != _negated(other)


def _negated(text: str) -> bool:
    return sum(marker.kind == "negation" for marker in markers(text)) % 2 == 1


def _words(text: str) -> set[str]:
    turned = {
        word
        for marker in markers(text)
        if marker.kind == "negation"
        for word in tokens(text[marker.start : marker.end])
    }
    return {word for word in tokens(text) if word not in turned}


def _document(claim: Claim) -> str:
    return claim.citations[0].document_id if claim.citations else ""


def _named(source: Source, ranks: Mapping[str, str]) -> str:
    rank = ranks.get(source.document_id, "")
    return f"{source.title}{f' ({rank})' if rank else ''}"
