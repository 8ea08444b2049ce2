"""What the pack adds to the ranking score, which sums signals scaled from 0 to 1.

By hand and few (see docs/technical.md for what each is worth): how the passage fits the kind of question (see
`fitting_pages`), in how many documents the symbol that it describes is referred to, the description of a symbol that
the question names, the evidence for its version notes, the words of the terminology list, and the version asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from assay.domains.technical.fitting_pages import WANTS, fits
from assay.domains.technical.references import DESCRIBED, REFERRED
from assay.domains.technical.symbols import last, normal, tails
from assay.domains.technical.versions import KIND, Cited, at_most, keys_for, note_of, parse_version, same_product
from assay.domains.technical.versions.standing import relevant
from assay.ports import Library
from assay.textual.tokens import tokens
from assay.types import DocumentInfo, Fact, Passage

VERSION_KINDS = frozenset({"status", "added", "changed"})
_DECIDING, _ABOUT, _OTHER = 3.0, 2.0, 0.6
_HEAD, _BODY = 1.0, 0.5
_COUNTED = 100
_MOST_SUGGESTED = 8
_TERM = 0.1
_OTHER_VERSION = -1.0
_DIRECTIVE = re.compile(
    r"^[ \t]*\.\. (?:\w+:)?[a-z-]+::[ \t]+(?:(?:class|async|abstract|static)\s+)?([\w.]+)", re.MULTILINE
)
_WANTED = {"status": ("removed", "deprecated"), "added": ("added",), "changed": ("changed", "added")}


def priors(
    reading: Mapping[str, Any], passages: Sequence[Passage], library: Library, terms: Sequence[str], target: str
) -> list[Mapping[str, float]]:
    """One mapping name -> addend a passage, without zeros."""
    symbols = [str(name) for name in reading.get("symbols", ())]
    kind = str(reading.get("kind", "question"))
    evidence = _evidence(symbols, kind, reading, library) if kind in VERSION_KINDS else {}
    homes = _homes(symbols, library) if symbols and kind in ("lookup", "definition", "question", "how") else {}
    referred = WANTS[kind].referred if kind in WANTS else 0.0
    counts = _counts(passages, library) if referred else [0] * len(passages)
    fitting = fits(reading, passages)
    asked_terms = _asked_terms(str(reading.get("text", "")), terms)
    matching = _matching(passages, str(reading.get("product", "")), target)
    found: list[Mapping[str, float]] = []
    for number, passage in enumerate(passages):
        parts = {
            **fitting[number],
            "references": referred * math.log1p(counts[number]),
            "symbol": _at(homes, passage, (_HEAD, _BODY)),
            "version_note": _noted(evidence, passage),
            "terms": _term_prior(asked_terms, passage),
            "version": matching[number],
        }
        found.append({name: value for name, value in parts.items() if value})
    return found


# --- references ----------------------------------------------------------------------------------------------


def _counts(passages: Sequence[Passage], library: Library) -> list[int]:
    """For each passage, in how many documents its symbol is referred to; the first ones alone, as they come ranked."""
    names = [passage_names(passage) for passage in passages[:_COUNTED]]
    wanted = tuple(dict.fromkeys(name for some in names for name in some))
    held = library.tally(REFERRED, wanted) if wanted else {}
    counted = [max((held.get(name, 0) for name in some), default=0) for some in names]
    return counted + [0] * (len(passages) - len(counted))


def passage_names(passage: Passage) -> tuple[str, ...]:
    """Full names that the symbol of a passage may have, from its headings, its first directive and its page's title."""
    crumbs = [normal(crumb) for crumb in passage.chunk.breadcrumb[-2:]]
    directives = [normal(name) for name in _DIRECTIVE.findall(passage.chunk.text[:250])[:2]]
    page = normal(re.split(r"\s+[-–—]{1,3}\s+", passage.document.title, maxsplit=1)[0])
    found: list[str] = []
    for name in (*directives, *reversed(crumbs)):
        if not name:
            continue
        found.append(name)
        owner = next((crumb for crumb in crumbs if crumb and crumb != name), "")
        found.extend(f"{before}.{name}" for before in (page, owner, f"{page}.{owner}") if before.strip("."))
    return tuple(dict.fromkeys(found))[:8] or ((page,) if page and not passage.chunk.breadcrumb else ())


# --- named symbols -------------------------------------------------------------------------------------------


def _homes(symbols: Sequence[str], library: Library) -> dict[str, list[tuple[int, int, float]]]:
    """Where the named symbols are described: by document, (start, end, how well the name fits)."""
    keys = tuple(dict.fromkeys(key for symbol in symbols for key in (symbol, last(symbol))))
    found: dict[str, list[tuple[int, int, float]]] = {}
    for fact in library.facts(DESCRIBED, keys):
        full = str(fact.value.get("symbol", fact.key))
        fit = max((_fit(symbol, full) for symbol in symbols), default=0.0)
        if fit and fact.value.get("page") not in ("changelog", "timeline"):
            found.setdefault(fact.document_id, []).append((fact.start, fact.end, fit))
    return found


def suggested(reading: Mapping[str, Any], library: Library) -> tuple[str, ...]:
    """The documents with version notes on the symbols that the question names, where it asks for versions; else those
    that describe them. The best first, at most eight."""
    symbols = [str(name) for name in reading.get("symbols", ())]
    if not symbols:
        return ()
    kind = str(reading.get("kind", "question"))
    places = _evidence(symbols, kind, reading, library) if kind in VERSION_KINDS else {}
    places = places or _homes(symbols, library)
    best = {document: max(worth for _, _, worth in some) for document, some in places.items()}
    return tuple(sorted(best, key=lambda document: (-best[document], document))[:_MOST_SUGGESTED])


def _fit(symbol: str, full: str) -> float:
    if symbol == full:
        return 1.0
    if symbol in tails(full):
        return 0.8 if "." in symbol else 0.5
    return 0.0


def _at(homes: Mapping[str, list[tuple[int, int, float]]], passage: Passage, worth: tuple[float, float]) -> float:
    best = 0.0
    for start, end, fit in homes.get(passage.document.id, ()):
        if passage.chunk.start < end and start < passage.chunk.end:
            head = passage.chunk.start <= start < passage.chunk.end
            best = max(best, fit * (worth[0] if head else worth[1]))
    return best


# --- evidence of versions ------------------------------------------------------------------------------------


def cited_notes(symbol: str, library: Library) -> list[Cited]:
    """The notes that may be about `symbol`, with their documents."""
    facts = library.facts(KIND, keys_for(symbol))
    found = [Cited(fact.document_id, note) for fact in facts if (note := note_of(fact)) is not None]
    return list(dict.fromkeys(found))


def _evidence(
    symbols: Sequence[str], kind: str, reading: Mapping[str, Any], library: Library
) -> dict[str, list[tuple[int, int, float]]]:
    """Where the notes that answer stand: by document, (start, end, worth)."""
    found: dict[str, list[tuple[int, int, float]]] = {}
    asked = str(reading.get("version", ""))
    for symbol in symbols[:3]:
        about = relevant(symbol, cited_notes(symbol, library), str(reading.get("product", "")))
        for cited in about:
            worth = _worth(cited, kind, asked)
            found.setdefault(cited.document_id, []).append((cited.note.start, cited.note.end, worth))
    return found


def _worth(cited: Cited, kind: str, asked: str) -> float:
    note = cited.note
    if note.change not in _WANTED[kind]:
        return _OTHER
    if kind == "changed":
        return _DECIDING if asked and note.version == asked else _ABOUT
    near = {"directive": 1.0, "openapi": 1.0, "docstring": 1.0, "source": 0.9, "timeline": 0.9, "changelog": 0.9}
    whole = note.scope == "symbol"
    return (_DECIDING if whole else _ABOUT) * near.get(note.source, 0.8)


def _noted(evidence: Mapping[str, list[tuple[int, int, float]]], passage: Passage) -> float:
    """The worth of the best note in the passage, by how much of the note the passage holds."""
    best = 0.0
    for start, end, worth in evidence.get(passage.document.id, ()):
        shared = min(end, passage.chunk.end) - max(start, passage.chunk.start)
        if shared > 0:
            best = max(best, worth * (0.4 + 0.6 * shared / max(1, end - start)))
    return best


# --- terms and versions --------------------------------------------------------------------------------------


def _asked_terms(text: str, terms: Sequence[str]) -> frozenset[str]:
    boosted = {token for term in terms for token in tokens(term)}
    return frozenset(tokens(text)) & boosted


def _term_prior(asked: frozenset[str], passage: Passage) -> float:
    """A term of the field that the question uses counts where the passage's headings or text hold its stem too."""
    if not asked:
        return 0.0
    held = "\n".join((*passage.chunk.breadcrumb, passage.chunk.text)).lower()
    return _TERM * sum(stem in held for stem in asked) / len(asked)


def _matching(passages: Sequence[Passage], product: str, target: str) -> list[float]:
    """Where some candidates document the target version, those of the same product in another version stand back."""
    when = parse_version(target)
    if when is None:
        return [0.0] * len(passages)
    fits = [_documents(passage.document, product, target) for passage in passages]
    return [_OTHER_VERSION if fit is False else 0.0 for fit in fits] if True in fits else [0.0] * len(passages)


def _documents(document: DocumentInfo, product: str, target: str) -> bool | None:
    """Whether a document is of the target version; None where that cannot be said."""
    own, when = parse_version(document.metadata.get("version")), parse_version(target)
    if own is None or when is None or same_product(product_of(document.metadata), product) is False:
        return None
    return at_most(own, when) is True and at_most(when, own) is True


def product_of(metadata: Mapping[str, Any]) -> str:
    """The product that a document's metadata names; "" where it names none."""
    for key in ("product", "library", "package", "project", "api"):
        value = metadata.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def described_in(symbol: str, facts: Sequence[Fact], product: str) -> str | None:
    """The newest documentation version whose reference describes `symbol`; None where none does, "" without version."""
    found: str | None = None
    for fact in facts:
        if fact.value.get("symbol") != symbol or fact.value.get("page") in ("changelog", "timeline"):
            continue
        version = str(fact.value.get("version", ""))
        newer = parse_version(version)
        before = parse_version(found or "")
        if found is None or (newer and (before is None or at_most(before, newer))):
            found = version
    del product
    return found
