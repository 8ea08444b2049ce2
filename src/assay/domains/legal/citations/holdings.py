"""Under which keys a document is cited, and which documents of a library a citation means. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from assay.domains.legal.citations.extract import extract
from assay.domains.legal.citations.model import LegalCitation

FACT = "authority"
_KEYS = ("citation", "table_citation", "neutral_citation", "parallel", "parallel_citations", "citations", "uniform")


class FactLike(Protocol):
    """What a look-up needs of a fact: its key, its value, whose it is."""

    @property
    def key(self) -> str: ...
    @property
    def value(self) -> Mapping[str, Any]: ...
    @property
    def document_id(self) -> str: ...


class FactLibrary(Protocol):
    """A library that finds facts by kind and key."""

    def facts(self, kind: str, keys: Sequence[str]) -> Sequence[FactLike]:
        """Facts of live documents."""
        ...


def authority_keys(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """The normalised keys under which a document itself is cited, from its metadata; in order, none twice."""
    found: dict[str, None] = {}
    for name in _KEYS:
        value = metadata.get(name)
        for text in value if isinstance(value, (list, tuple)) else (value,):
            if not isinstance(text, str):
                continue
            for citation in extract(text):
                if citation.form == "full" and citation.key:
                    found |= dict.fromkeys((citation.key, *citation.parallel))
    return tuple(found)


def look_up(citations: Iterable[LegalCitation], library: FactLibrary) -> dict[str, list[dict[str, Any]]]:
    """Key -> what the library holds under it (name, court, date, document_id), in one question to the library.

    Every key that was asked for is there; an empty list means that the library holds nothing under it.
    """
    keys = sorted({key for citation in citations for key in (citation.key, *citation.parallel) if key})
    found: dict[str, list[dict[str, Any]]] = {key: [] for key in keys}
    for fact in library.facts(FACT, keys) if keys else ():
        found.setdefault(fact.key, []).append({**fact.value, "document_id": fact.document_id})
    return found
